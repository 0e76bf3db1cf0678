package firstrun

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"caseline/internal/app/doctor"
	"caseline/internal/desk"
	"caseline/internal/slack/manifest"
)

// Options are what a first run needs.
type Options struct {
	Path    string   // of the configuration file
	Environ []string // as os.Environ has it
	In      io.Reader
	Out     io.Writer
	Hide    func() (show func()) // keeps what is typed from being seen; default: it is seen
	Doctor  doctor.Options
}

// A run is one first run, or the rest of one.
type run struct {
	talk
	*settings
	opt Options
}

// Run sets an installation up, or goes on with it. ErrEnded says that the input
// ended early.
func Run(ctx context.Context, o Options) error {
	if o.Hide == nil {
		o.Hide = func() func() { return func() {} }
	}
	s, err := read(o.Path, o.Environ)
	if err != nil {
		return err
	}
	r := &run{talk: talk{in: bufio.NewReader(o.In), out: o.Out, hide: o.Hide}, settings: s, opt: o}
	r.say("This sets Caseline up for a Slack workspace. What is in brackets is taken when you press Enter.")
	for _, step := range []func(context.Context) error{r.file, r.way, r.kept, r.app, r.tokens, r.served, r.operator} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return r.end()
}

// file says which file is written, and asks before one is changed that somebody
// else wrote.
func (r *run) file(ctx context.Context) error {
	switch {
	case r.ours && r.tree == nil:
		r.say("It is written to %s, which only you can read.", r.path)
		return nil
	case r.ours:
		r.say("Going on with %s.", r.path)
		return nil
	}
	goOn, err := r.yes(ctx, r.path+" is there already. Fill in what it lacks? A copy stays beside it, for its comments are lost", false)
	if err != nil {
		return err
	}
	if !goOn {
		return &desk.Refusal{Kind: desk.ErrInvalid, Message: "Nothing was changed. Name another file by --config."}
	}
	return nil
}

// way asks how Slack and agents reach the server.
func (r *run) way(ctx context.Context) error {
	cfg, err := r.config()
	if err != nil {
		return err
	}
	if r.mode == "" && cfg.Slack.UsesSockets() {
		r.mode = "socket"
	} else if r.mode == "" && cfg.Slack.UsesHTTP() {
		r.mode = "http"
	}
	if r.mode == "" {
		if err := r.choose(ctx); err != nil {
			return err
		}
	}
	question, otherwise := "The https address of this server, such as https://support.example.com", ""
	if r.mode == "socket" {
		question, otherwise = "The address at which agents open the console", cfg.PublicURL
	}
	err = r.setting(ctx, "public_url", question, otherwise, func(value string) string {
		if r.mode == "http" && !strings.HasPrefix(value, "https://") {
			return "Slack sends to https addresses only: put a proxy with a certificate in front of the server, and give its address."
		}
		return ""
	})
	if err != nil {
		return err
	}
	if err := r.setting(ctx, "slack.command", "The slash command", cfg.Slack.Command, nil); err != nil {
		return err
	}
	return r.setting(ctx, "data_dir", "The folder for the database and files", cfg.DataDir, nil)
}

// choose asks how Slack reaches the server.
func (r *run) choose(ctx context.Context) error {
	r.step("How Slack reaches this server")
	r.say("  1  Socket Mode: the server opens connections to Slack, and needs no public address")
	r.say("  2  HTTP: Slack sends to an https address of this server")
	for r.mode == "" {
		answer, err := r.ask(ctx, "Which", "1")
		if err != nil {
			return err
		}
		r.mode = map[string]string{"1": "socket", "socket": "socket", "2": "http", "http": "http"}[strings.ToLower(answer)]
	}
	return nil
}

// setting asks for a setting that is not there, until it is right. wrong, if it is
// not nil, says what else is wrong with what was typed.
func (r *run) setting(ctx context.Context, path, question, otherwise string, wrong func(string) string) error {
	for !r.has(path) {
		value, err := r.ask(ctx, question, otherwise)
		if err != nil {
			return err
		}
		against := ""
		if wrong != nil {
			against = wrong(value)
		}
		if against == "" {
			if against, err = r.try(path, value); err != nil {
				return err
			}
		}
		if against != "" {
			r.say("%s", against)
		}
	}
	return nil
}

// app prints the manifest and what to do with it, unless the app is there.
func (r *run) app(context.Context) error {
	cfg, err := r.config()
	if err != nil || cfg.Slack.BotToken.IsSet() {
		return err
	}
	m, err := manifest.New(manifest.Options{Command: cfg.Slack.Command, Socket: r.mode == "socket", PublicURL: cfg.PublicURL})
	if err != nil {
		return err
	}
	text, err := m.YAML()
	if err != nil {
		return err
	}
	r.step("The Slack app")
	r.say("This is its manifest; caseline manifest prints it again:\n\n%s", text)
	for i, line := range clicks(r.mode) {
		r.say("%2d. %s", i+1, line)
	}
	return nil
}

// clicks are what to do in Slack's pages.
func clicks(mode string) []string {
	all := []string{
		"Open https://api.slack.com/apps, press Create New App and choose From a manifest.",
		"Choose your workspace. Then paste the manifest in place of what is there, on the tab YAML, and press Create.",
		"On the page Install App, press Install and allow what the app asks for.",
		"On the page OAuth & Permissions, copy the Bot User OAuth Token.",
	}
	if mode == "http" {
		return append(all,
			"On the page Basic Information, show and copy the Signing Secret.",
			"The addresses show as not verified until the server runs. That is for later.")
	}
	return append(all, "On the page Basic Information, under App-Level Tokens, generate a token with the scope connections:write, and copy it.")
}

// end says what to run next.
func (r *run) end() error {
	cfg, err := r.config()
	if err != nil {
		return err
	}
	r.step("Done")
	if r.copied != "" {
		r.say("%s is as it was in %s.", r.path, r.copied)
	}
	r.say("What to run next:\n\n    caseline serve --config %s\n    caseline doctor --config %[1]s    # while it runs\n", r.path)
	if r.mode == "http" {
		r.say("When the server runs, have Slack verify the address on the app's page Event Subscriptions.")
	}
	r.say("Agents sign in at %s. There operators set up further accounts and channels.", cfg.PublicURL)
	return nil
}

// doctor is one that tells what it finds here.
func (r *run) doctor() (*doctor.Doctor, error) {
	cfg, err := r.config()
	if err != nil {
		return nil, err
	}
	return doctor.New(cfg, r.opt.Doctor, func(f doctor.Finding) { r.say("%s", f.Line()) }), nil
}

// again asks whether to look once more at what is wrong.
func (r *run) again(ctx context.Context) (bool, error) {
	answer, err := r.ask(ctx, "Press Enter to look again when that is mended, or type s to leave it for later", "")
	return !strings.EqualFold(answer, "s"), err
}

var errOverridden = errors.New("set by the environment")

// notOverridden refuses to go on with a setting that is wrong and that the file
// cannot mend.
func (r *run) notOverridden(path string) error {
	if variable, is := r.overridden(path); is {
		return fmt.Errorf("%s is %w: mend or unset %s, and run caseline setup again", path, errOverridden, variable)
	}
	return nil
}
