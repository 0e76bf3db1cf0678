package doctor

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"caseline/internal/catalogue"
	"caseline/internal/config"
	"caseline/internal/slack/api"
	"caseline/internal/store/sqlstore/inspect"
)

// A State says how something was found.
type State string

// The states.
const (
	OK      State = "ok"
	Warning State = "warning" // works, and could be better
	Wrong   State = "wrong"   // must be mended
	Skipped State = "skipped" // could not be looked at, for want of something that is wrong
)

// A Finding is one thing that was looked at.
type Finding struct {
	About string `json:"about"` // a word, such as token
	State State  `json:"state"`
	Says  string `json:"says"` // a sentence; with the cure if there is need of one
}

// Options are what an examination can be given; the zero value works.
type Options struct {
	Slack http.RoundTripper // calls the Web API; default: over the network
	Web   http.RoundTripper // calls public_url; default: likewise
	Now   func() time.Time  // default: the system's clock
	// Free is how many bytes are free on the disk of a folder; default: asks the
	// system. known is false where that cannot be told.
	Free func(folder string) (free uint64, known bool)
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Free == nil {
		o.Free = free
	}
	if o.Web == nil {
		o.Web = http.DefaultTransport
	}
	return o
}

// A Doctor examines what a configuration describes.
type Doctor struct {
	cfg   config.Config
	opt   Options
	found []Finding
	tell  func(Finding)

	bot      *api.Client       // with the bot token; nil before Token
	away     bool              // Slack could not be reached
	identity api.Identity      // whose token it is; zero while that is not known
	in       string            // of which installation, for sentences: " in Acme (T1)"; empty for slack.bot_token
	database inspect.Condition // zero while it is not known
}

// New returns a Doctor. tell, if it is not nil, hears of each finding at once.
func New(cfg config.Config, o Options, tell func(Finding)) *Doctor {
	if tell == nil {
		tell = func(Finding) {}
	}
	return &Doctor{cfg: cfg, opt: o.withDefaults(), tell: tell}
}

func (d *Doctor) say(about string, state State, format string, args ...any) {
	f := Finding{About: about, State: state, Says: fmt.Sprintf(format, args...)}
	d.found = append(d.found, f)
	d.tell(f)
}

// Found returns all that was found so far.
func (d *Doctor) Found() []Finding { return d.found }

// Sick reports whether any of the findings must be mended.
func Sick(all []Finding) bool {
	for _, f := range all {
		if f.State == Wrong {
			return true
		}
	}
	return false
}

// Examine looks at everything, beginning with the configuration file at path.
func Examine(ctx context.Context, path string, environ []string, o Options, tell func(Finding)) []Finding {
	cfg, err := config.Load(path, environ)
	if err != nil {
		return unreadable(err, tell)
	}
	d := New(*cfg, o, tell)
	d.say("configuration", OK, "%s is right.", path)
	d.Catalogue()
	d.Disk()
	d.Database(ctx)
	one := false
	if cfg.Slack.BotToken.IsSet() && d.Token(ctx) {
		d.Scopes()
		d.Channels(ctx)
		one = true
	}
	if cfg.Slack.UsesOAuth() {
		one = d.Installations(ctx, environ) || one
	}
	if one {
		d.Clock()
		d.Pace(ctx)
	} else {
		d.say("scopes, clock, channels, pace", Skipped, "Scopes, clock, channels and pace were not looked at, because that needs a token that Slack takes.")
	}
	d.Reach(ctx)
	d.Mail(ctx)
	d.SignIns(ctx, environ)
	return d.found
}

// unreadable tells what is wrong with a configuration.
func unreadable(err error, tell func(Finding)) []Finding {
	d := New(config.Config{}, Options{}, tell)
	problems, ok := err.(config.Problems) //nolint:errorlint // Load returns it as it is
	if !ok {
		d.say("configuration", Wrong, "The configuration cannot be read: %v; make it with caseline setup, or name it by --config.", err)
	}
	for _, p := range problems {
		d.say("configuration", Wrong, "%s.", strings.TrimSuffix(p.String(), "."))
	}
	d.say("everything else", Skipped, "Nothing else was looked at, because that needs a configuration that is right.")
	return d.found
}

// Catalogue says whether the file that says what cases can be about is right.
func (d *Doctor) Catalogue() {
	if d.cfg.Catalogue.File == "" {
		return
	}
	if _, err := catalogue.Load(d.cfg.Catalogue.File); err != nil {
		d.say("catalogue", Wrong, "The catalogue cannot be used: %v.", err)
		return
	}
	d.say("catalogue", OK, "The catalogue %s is right.", d.cfg.Catalogue.File)
}

// short is an error without its last full stop, to stand in a sentence.
func short(err error) string { return strings.TrimSuffix(err.Error(), ".") }
