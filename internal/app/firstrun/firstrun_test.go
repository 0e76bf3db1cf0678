package firstrun_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/app/doctor"
	"caseline/internal/app/firstrun"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/slack/manifest"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
	"caseline/internal/store/sqlstore"
)

const (
	botToken = "xoxb-the-bots-secret"
	appToken = "xapp-1-A0SUPPORT-1-the-apps-secret"
	signing  = "the-signing-secret-of-the-app"
	password = "correct horse battery"
)

// A line is what is typed, after something happened.
type line struct {
	typed string
	first func()
}

// A hand types the lines, one a read, as a pipe or a terminal would.
type hand struct{ lines []line }

func (h *hand) Read(p []byte) (int, error) {
	if len(h.lines) == 0 {
		return 0, io.EOF
	}
	l := h.lines[0]
	h.lines = h.lines[1:]
	if l.first != nil {
		l.first()
	}
	return copy(p, l.typed+"\n"), nil
}

func typing(all ...string) []line {
	var lines []line
	for _, typed := range all {
		lines = append(lines, line{typed: typed})
	}
	return lines
}

// A house is a workspace in which an app is installed that nothing is known of
// yet.
type house struct {
	*testing.T
	sim   *slacksim.Server
	ws    *slacksim.Workspace
	alice *slacksim.User
	app   slacksim.App
	bot   *slacksim.Installed
	ops   *slacksim.Channel
	path  string
	data  string
	env   []string
	late  time.Duration // how late the server's clock is
	hid   int           // how often what was typed was kept from being seen
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, sim: simtest.Start(t, slacksim.Options{}), data: filepath.Join(t.TempDir(), "data"), path: filepath.Join(t.TempDir(), "caseline.yaml")}
	h.ws = h.sim.Workspace("acme")
	h.alice = h.ws.AddUser("alice", "Alice Martin", slacksim.Admin)
	h.ops = h.ws.AddChannel("ops", world.Public, h.alice)
	h.app = slacksim.App{ID: "A0SUPPORT", BotName: "Support", BotToken: botToken, AppToken: appToken, SigningSecret: signing}
	for _, s := range manifest.Scopes() {
		h.app.Scopes = append(h.app.Scopes, s.Name)
	}
	h.bot = h.ws.Install(h.app)
	h.env = []string{"CASELINE_SLACK_API_URL=" + h.sim.World.BaseURL() + "/api/"}
	return h
}

// run runs setup once with what is typed, and returns what it said. All that is
// typed must have been asked for.
func (h *house) run(lines ...line) (said string, err error) {
	h.Helper()
	typist := &hand{lines: lines}
	var out bytes.Buffer
	err = firstrun.Run(h.Context(), firstrun.Options{
		Path: h.path, Environ: h.env, In: typist, Out: &out,
		Doctor: doctor.Options{Now: func() time.Time { return time.Now().Add(-h.late) }},
		Hide:   func() func() { h.hid++; return func() {} },
	})
	if len(typist.lines) > 0 {
		h.Errorf("%d lines were not asked for, from %q on", len(typist.lines), typist.lines[0].typed)
	}
	for _, secret := range []string{botToken, appToken, signing, password} {
		if strings.Contains(out.String(), secret) {
			h.Errorf("%q is printed", secret)
		}
	}
	return out.String(), err
}

func (h *house) done(said string, err error) {
	h.Helper()
	if err != nil || !strings.Contains(said, "caseline serve --config "+h.path) {
		h.Fatalf("got %v and\n%s", err, said)
	}
}

// says checks that all that is wanted was said, in this order.
func (h *house) says(said string, wanted ...string) {
	h.Helper()
	rest := said
	for _, want := range wanted {
		_, after, found := strings.Cut(rest, want)
		if !found {
			h.Errorf("%q is not said, or not there:\n%s", want, said)
			return
		}
		rest = after
	}
}

// healthy checks that what was set up is as it should be, but for the server,
// which does not run.
func (h *house) healthy() *config.Config {
	h.Helper()
	for _, f := range doctor.Examine(h.Context(), h.path, h.env, doctor.Options{}, nil) {
		if f.State != doctor.OK && f.About != "address" && f.About != "connections" && f.About != "disk" {
			h.Errorf("afterwards: %s", f.Line())
		}
	}
	cfg, err := config.Load(h.path, h.env)
	if err != nil {
		h.Fatal(err)
	}
	if info, err := os.Stat(h.path); err != nil || info.Mode().Perm() != 0o600 {
		h.Errorf("the file has the mode %v, %v", info.Mode(), err)
	}
	found, err := sqlstore.Inspect(h.Context(), cfg.StoreURL())
	if err != nil || found.Operators != 1 || len(found.Channels) != 1 || found.Channels[0].ID != h.ops.ID || found.Channels[0].Workspace != h.ws.ID {
		h.Errorf("the database has %+v, %v", found, err)
	}
	return cfg
}

func TestSocketModeFromNothingWithEveryMistake(t *testing.T) {
	h := newHouse(t)
	lines := typing(
		"3", "1", "nowhere", "", "support", "/helpdesk", h.data,
		"", "xapp-1", "xoxb-wrong", botToken,
		"xoxb-1", "xapp-1-A0SUPPORT-1-wrong", appToken,
		"Acme & Co", "Acme",
		"#ops", "C0NOWHERE", "n", h.ops.ID,
	)
	lines = append(lines, line{"", func() { h.ops.Invite(h.alice, h.bot.Bot) }})
	lines = append(lines, typing("jane@example.com", "Jane", "short", "jane@example.com", "Jane", password)...)
	said, err := h.run(lines...)
	h.done(said, err)
	h.says(said,
		"It is written to "+h.path,
		"1  Socket Mode", "public_url must be the address", "not \"nowhere\".\n", "slack.command must be the slash command",
		"command: /helpdesk", "socket_mode_enabled: true", "https://api.slack.com/apps", "connections:write, and copy it",
		"slack.bot_token is missing", "slack.bot_token is an app-level token", "wrong    Slack does not know slack.bot_token (invalid_auth)",
		"ok       slack.bot_token is a bot's token of workspace", "ok       All scopes are granted",
		"slack.app_token is a token of the bot", "wrong    Slack does not know slack.app_token (invalid_auth)", "ok       Slack opens connections",
		"account.name may have 30 letters", "This is no channel's id", "C0NOWHERE does not exist",
		"The app is not in public channel "+h.ops.ID, "ok       Channel "+h.ops.ID+" (#ops) is public, and the app is in it.",
		"ok       The account Acme is there.", "The password is too short", "ok       jane@example.com may sign in as operator.",
		"What to run next", "caseline doctor",
	)
	cfg := h.healthy()
	if cfg.PublicURL != "http://127.0.0.1:8080" || cfg.Slack.Command != "/helpdesk" || cfg.DataDir != h.data || cfg.Account.Name != "Acme" || cfg.Channels[0].Name != "ops" || cfg.Slack.UsesHTTP() {
		t.Errorf("got %s", cfg.Redacted())
	}
	if h.hid != 9 { // four bot tokens, three of the app, two passwords
		t.Errorf("what was typed was hidden %d times", h.hid)
	}
	said, err = h.run() // again: there is nothing left to ask
	h.done(said, err)
	h.says(said, "Going on with "+h.path, "The account Acme is there.", "There is an operator already.")
	if found, err := filepath.Glob(filepath.Join(filepath.Dir(h.path), "*")); err != nil || len(found) != 1 {
		t.Errorf("there is more than the file: %v, %v", found, err)
	}
}

func TestHTTPMode(t *testing.T) {
	h := newHouse(t)
	h.ops.Invite(h.alice, h.bot.Bot)
	said, err := h.run(typing(
		"2", "", "http://support.example.com", "https://support.example.com", "", h.data, botToken, "short", signing,
		"Acme", "https://acme.slack.com/archives/"+h.ops.ID, "jane@example.com", "Jane", password,
	)...)
	h.done(said, err)
	h.says(said, "Slack sends to https addresses only", "Slack sends to https addresses only", "request_url: https://support.example.com/slack/events",
		"Signing Secret", "must have at least 16 characters", "ok       The signing secret is kept", "have Slack verify the address")
	cfg := h.healthy()
	if cfg.Slack.UsesSockets() || len(cfg.Slack.SigningSecrets) != 1 || cfg.Slack.SigningSecrets[0].Reveal() != signing {
		t.Errorf("got %s", cfg.Redacted())
	}
}

// TestARunIsGoneOnWith: the input ends again and again, and each further run asks
// for the rest.
func TestARunIsGoneOnWith(t *testing.T) {
	h := newHouse(t)
	h.ops.Invite(h.alice, h.bot.Bot)
	rest := typing("1", "", "", h.data, botToken, appToken, "Acme", h.ops.ID, "jane@example.com", "Jane", password)
	for _, n := range []int{0, 2, 1, 1, 1, 1, 1, 1} {
		said, err := h.run(rest[:n]...)
		if !errors.Is(err, firstrun.ErrEnded) {
			t.Fatalf("after %v: got %v and\n%s", rest[:n], err, said)
		}
		rest = rest[n:]
	}
	if text, err := os.ReadFile(h.path); err != nil || !bytes.Contains(text, []byte(appToken)) {
		t.Fatalf("what is done is not kept: %v", err)
	}
	said, err := h.run(rest...)
	h.done(said, err)
	if strings.Contains(said, "api.slack.com") {
		t.Error("the manifest is printed again")
	}
	h.healthy()
}

func TestWhatSomebodyElseWroteIsNotOverwritten(t *testing.T) {
	h := newHouse(t)
	h.ops.Invite(h.alice, h.bot.Bot)
	theirs := "# mine\nlisten: 127.0.0.1:9000\nslack: {command: /mine, timeout: 3s}\nlimits:\n  raw_events: 30h\ndata_dir: " + h.data + "\n"
	if err := os.WriteFile(h.path, []byte(theirs), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := h.run(typing("")...)
	if refused, ok := errors.AsType[*desk.Refusal](err); !ok || !strings.Contains(refused.Message, "Nothing was changed") {
		t.Fatalf("got %v", err)
	}
	if text, err := os.ReadFile(h.path); err != nil || string(text) != theirs {
		t.Fatalf("it was changed: %v, %s", err, text)
	}
	said, err := h.run(typing("y", "1", "", botToken, appToken, "Acme", h.ops.ID, "jane@example.com", "Jane", password)...)
	h.done(said, err)
	h.says(said, "A copy stays beside it", "is as it was in "+h.path+".before-setup-1")
	if text, err := os.ReadFile(h.path + ".before-setup-1"); err != nil || string(text) != theirs {
		t.Errorf("the copy is %q, %v", text, err)
	}
	cfg := h.healthy()
	if cfg.Listen != "127.0.0.1:9000" || cfg.Slack.Command != "/mine" || cfg.Slack.Timeout.String() != "3s" || cfg.Limits.RawEvents.String() != "30h0m0s" {
		t.Errorf("got %s", cfg.Redacted())
	}
}

func TestAMissingScopeIsMendedAndLookedAtAgain(t *testing.T) {
	h := newHouse(t)
	h.ops.Invite(h.alice, h.bot.Bot)
	all := h.app.Scopes
	h.app.Scopes = slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "groups:write" })
	h.ws.Install(h.app)
	lines := append(typing("1", "", "", h.data, botToken, ""), line{"", func() {
		h.app.Scopes = all
		h.ws.Install(h.app)
	}})
	said, err := h.run(append(lines, typing(appToken, "Acme", h.ops.ID, "jane@example.com", "Jane", password)...)...)
	h.done(said, err)
	h.says(said, "lacks the scope groups:write", "Press Enter to look again", "lacks the scope groups:write", "All scopes are granted")
	h.healthy()
}

func TestWhatCannotBeMendedNowIsLeftForLater(t *testing.T) {
	h := newHouse(t)
	h.ops.Invite(h.alice, h.bot.Bot)
	h.sim.Fail("auth.test", slacksim.Lost, slacksim.Always)
	said, err := h.run(typing("1", "", "", h.data, botToken, "s", appToken, "Acme", "s", "jane@example.com", "Jane", password)...)
	h.done(said, err)
	h.says(said, "wrong    Slack cannot be reached", "or type s to leave it for later", "warning  The account could not be made yet", "the server makes it when it starts")
	h.sim.Faults.Clear()
	said, err = h.run(typing(h.ops.ID)...)
	h.done(said, err)
	h.healthy()
}

// TestFaultsThatSetupMeetsAndTheirSentences plants one fault at a time, has it
// told, and mends it where setup asks for that.
func TestFaultsThatSetupMeetsAndTheirSentences(t *testing.T) {
	for _, tt := range []struct {
		name  string
		plant func(*house)
		mend  func(*house)
		at    string // what is asked for when the fault shows
		again string // what is typed then
		says  string
	}{
		{"a revoked token", func(h *house) { h.ws.RevokeToken(h.bot) }, func(h *house) { h.ws.Install(h.app) }, "bot token", botToken,
			"wrong    slack.bot_token is no longer valid (token_revoked), because the app was removed from the workspace or the token revoked: install the app again"},
		{"a wrong clock", func(h *house) { h.late = 90 * time.Second }, func(h *house) { h.late = 0 }, "bot token", "",
			"wrong    This server's clock is behind Slack's by 1m"},
		{"Slack asks to wait", func(h *house) { h.sim.RateLimit("auth.test", 7) }, func(h *house) { h.sim.Faults.Clear() }, "bot token", "",
			"warning  Slack asks to wait 7s before it says more: try again then."},
		{"Slack in trouble", func(h *house) { h.sim.Refuse("auth.test", "internal_error") }, func(h *house) { h.sim.Faults.Clear() }, "bot token", "",
			"warning  Slack answers that it has trouble of its own (internal_error): try again later."},
		{"an app-level token without its scope", func(h *house) { h.scopeOfApp("authorizations:read") }, func(h *house) { h.scopeOfApp("connections:write") }, "app token", appToken,
			"wrong    slack.app_token lacks the scope connections:write (missing_scope): generate an app-level token with the scope"},
		{"a workspace that allows no connection", func(h *house) { h.sim.Refuse("apps.connections.open", "forbidden_team") }, func(h *house) { h.sim.Faults.Clear() }, "app token", appToken,
			"wrong    Slack opens no connection for this workspace (forbidden_team): an admin of the workspace must allow the app."},
		{"an archived channel", func(h *house) { h.ops.Archive(h.alice) }, func(h *house) { h.ops.Unarchive(h.alice) }, "channel", "",
			"(#ops) is public and archived: unarchive it in Slack, or remove it from the setup."},
		{"a channel without the app", func(h *house) { h.ops.Kick(h.alice, h.bot.Bot) }, func(h *house) { h.ops.Invite(h.alice, h.bot.Bot) }, "channel", "",
			"wrong    The app is not in public channel"},
		{"no room for a database", func(h *house) { h.must(os.MkdirAll(filepath.Join(h.data, "caseline.db"), 0o700)) },
			func(h *house) { h.must(os.Remove(filepath.Join(h.data, "caseline.db"))) }, "folder", "", "wrong    The database in"},
		{"a file for a folder", func(h *house) { h.must(os.WriteFile(h.data, nil, 0o600)) }, func(h *house) { h.must(os.Remove(h.data)) }, "folder", "",
			"is no folder: move it away, or set data_dir to another."},
		{"a PostgreSQL that does not answer", func(h *house) {
			h.env = append(h.env, "CASELINE_DATABASE_URL=postgres://caseline:pass@127.0.0.1:1/caseline")
		}, nil, "folder", "s",
			"wrong    The database cannot be read ("},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.ops.Invite(h.alice, h.bot.Bot)
			tt.plant(h)
			var lines []line
			for _, step := range [][2]string{
				{"", "1"}, {"", ""}, {"", ""}, {"folder", h.data}, {"bot token", botToken}, {"app token", appToken}, {"account", "Acme"}, {"channel", h.ops.ID},
			} {
				lines = append(lines, line{typed: step[1]})
				if step[0] == tt.at {
					lines = append(lines, line{tt.again, func() {
						if tt.mend != nil {
							tt.mend(h)
						}
					}})
				}
			}
			if tt.mend == nil { // it is left for later, and nobody can be made an operator
				said, err := h.run(lines...)
				if h.says(said, tt.says, "warning  The account could not be made yet"); err == nil || !strings.Contains(err.Error(), "look for an operator") {
					t.Errorf("got %v", err)
				}
				return
			}
			said, err := h.run(append(lines, typing("jane@example.com", "Jane", password)...)...)
			h.done(said, err)
			h.says(said, tt.says, "The account Acme is there.")
			h.healthy()
		})
	}
}

// scopeOfApp has the app-level token be of one scope.
func (h *house) scopeOfApp(scope string) {
	h.Helper()
	row, _ := h.sim.World.Apps.App(h.app.ID)
	row.AppTokens[0].Scopes = []string{scope}
	_, err := h.sim.World.PutApp(row)
	h.must(err)
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// TestAFileThatCannotBeWrittenIsSaid: nothing is asked in vain before.
func TestAFileThatCannotBeWrittenIsSaid(t *testing.T) {
	h := newHouse(t)
	h.path = filepath.Join(t.TempDir(), "nowhere", "caseline.yaml")
	_, err := h.run(typing("1", "")...)
	if err == nil || !strings.Contains(err.Error(), "write the configuration") || !strings.Contains(err.Error(), "no such file or directory") {
		t.Errorf("got %v", err)
	}
}

func TestATokenOfTheEnvironmentIsNotMendedInTheFile(t *testing.T) {
	h := newHouse(t)
	h.env = append(h.env, "CASELINE_SLACK_BOT_TOKEN=xoxb-wrong")
	_, err := h.run(typing("1", "", "", h.data)...)
	if err == nil || !strings.Contains(err.Error(), "mend or unset CASELINE_SLACK_BOT_TOKEN") {
		t.Errorf("got %v", err)
	}
}

func TestAFileThatIsNotYAMLIsLeftAlone(t *testing.T) {
	h := newHouse(t)
	if err := os.WriteFile(h.path, []byte("slack: [my-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := h.run()
	if err == nil || !strings.Contains(err.Error(), "is not YAML") || strings.Contains(err.Error()+said, "my-secret") {
		t.Errorf("got %v and %s", err, said)
	}
}
