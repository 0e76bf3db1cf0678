package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// good is a configuration with nothing but what must be there.
const good = `
slack:
  bot_token: xoxb-1-2-abc
  signing_secrets: [8f742231b10e8888abcd99yyyzzz85a5]
account:
  id: 012345678901
  name: Acme
channels:
  - id: C0OPS
`

// fullText is a configuration that says everything.
const fullText = `
listen: 0.0.0.0:9000
public_url: https://support.example.com/
data_dir: /srv/caseline
database: {url: "postgres://caseline:secret@db:5432/caseline"}
slack:
  api_url: http://127.0.0.1:9999/api/
  bot_token: |-
    xoxb-1-2-abc
  app_token: xapp-1-A1-2-abc
  socket_connections: 3
  signing_secrets:
    - 8f742231b10e8888abcd99yyyzzz85a5
    - 9f742231b10e8888abcd99yyyzzz85a5
  command: /help-me
  timeout: 2s
  pace: "off"
account: {id: "100000000001", name: Acme, deletions: hide}
channels: [{id: G0OPS, name: ops}]
chat: {channel_prefix: support_, agent_picture: "https://example.com/agent.png", compare_after: 1m, compare_every: 2m, idle_prompt: 5m, idle_end: 0s, agent_gone: 15m}
routing: {offer_for: 45s, ask_again: 5m}
cases: {reopen_within: 30d}
mail: {host: smtp.example.com, port: 465, tls: implicit, username: caseline, password: battery staple, from: support@example.com, from_name: Acme Support, timeout: 10s, retry_after: 5m}
agents:
  - {email: Jane@example.com, name: Jane, password: correct horse}
log: {level: debug, format: json}
limits: {max_body: 512 KiB, max_file: 1 GiB, session_ttl: 90m, raw_events: 7d, workspaces_per_account: 9, channels_per_account: 50, accounts_per_channel: 10}
trust_proxy: true
secure_cookies: false
`

// load writes text to a file and loads it.
func load(t *testing.T, text string, environ ...string) (*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "caseline.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, environ)
}

// lines returns the problems as an operator reads them.
func lines(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var ps Problems
	if !errors.As(err, &ps) {
		t.Fatalf("got error %v, want Problems", err)
	}
	var all []string
	for _, p := range ps {
		all = append(all, p.String())
	}
	return all
}

func TestLoadFillsDefaults(t *testing.T) {
	got, err := load(t, good)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.PublicURL = "http://127.0.0.1:8080"
	want.Slack.BotToken = NewSecret("xoxb-1-2-abc")
	want.Slack.SigningSecrets = []Secret{NewSecret("8f742231b10e8888abcd99yyyzzz85a5")}
	want.Account = Account{ID: "012345678901", Name: "Acme", Deletions: DeletionsKeep} // with its leading zero
	want.Channels = []Channel{{ID: "C0OPS"}}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoadReadsEverything(t *testing.T) {
	got, err := load(t, fullText, "OTHER=1", "CASELINE_LISTEN=")
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Listen: "0.0.0.0:9000", PublicURL: "https://support.example.com", DataDir: "/srv/caseline",
		Database: Database{URL: NewSecret("postgres://caseline:secret@db:5432/caseline")},
		Slack: Slack{
			APIURL: "http://127.0.0.1:9999/api/", BotToken: NewSecret("xoxb-1-2-abc"), AppToken: NewSecret("xapp-1-A1-2-abc"), Command: "/help-me",
			SocketConnections: 3, Timeout: 2 * time.Second, Pace: PaceOff,
			SigningSecrets: []Secret{NewSecret("8f742231b10e8888abcd99yyyzzz85a5"), NewSecret("9f742231b10e8888abcd99yyyzzz85a5")},
		},
		Account:  Account{ID: "100000000001", Name: "Acme", Deletions: DeletionsHide},
		Channels: []Channel{{ID: "G0OPS", Name: "ops"}},
		Chat:     Chat{ChannelPrefix: "support_", AgentPicture: "https://example.com/agent.png", CompareAfter: time.Minute, CompareEvery: 2 * time.Minute, IdlePrompt: 5 * time.Minute, AgentGone: 15 * time.Minute, AskRating: true},
		Routing:  Routing{OfferFor: 45 * time.Second, AskAgain: 5 * time.Minute},
		Cases:    Cases{ReopenWithin: 30 * 24 * time.Hour},
		Mail: Mail{
			Host: "smtp.example.com", Port: 465, TLS: MailImplicit, Username: "caseline", Password: NewSecret("battery staple"),
			From: "support@example.com", FromName: "Acme Support", Timeout: 10 * time.Second, RetryAfter: 5 * time.Minute,
		},
		SignIn: Default().SignIn,
		Agents: []Agent{{Email: "Jane@example.com", Name: "Jane", Password: NewSecret("correct horse")}},
		Log:    Log{Level: "debug", Format: "json"},
		Limits: Limits{MaxBody: 512 << 10, MaxFile: 1 << 30, SessionTTL: 90 * time.Minute, RawEvents: 7 * 24 * time.Hour, WorkspacesPerAccount: 9, ChannelsPerAccount: 50, AccountsPerChannel: 10},

		TrustProxy: true, SecureCookies: Off,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Everything that is wrong comes at once, with the place and what to do, and
// without a secret.
func TestLoadReportsEverything(t *testing.T) {
	_, err := load(t, `listen: 8080
lisen: x
token: hunter2-in-the-wrong-place
data_dir:
  - a
slack:
  bot_token: xapp-hunter2
  signing_secret: hunter2hunter2hunter2
  signing_secrets: [hunter2]
  command: support
log: loud
limits: {max_body: lots, raw_events: 1h}
channels:
  - {id: D0ALICE, nmae: x}
  - C0OPS
trust_proxy: maybe
agents: jane
`, "CASELINE_SLACK_BOT_TOKN=hunter2", "CASELINE_LIMITS_SESSION_TTL=1s", "CASELINE_AGENTS=jane", "CASELINE_TEST_POSTGRES=x")
	want := []string{
		"environment: CASELINE_SLACK_BOT_TOKN: is not a setting; did you mean CASELINE_SLACK_BOT_TOKEN?",
		`account.id: must be 12 digits that you choose for the organisation you support, such as 100000000001, not ""`,
		"account.name: is missing; write the name of the organisation you support",
		"caseline.yaml:17: agents: must be a list: lines that begin with a dash",
		`caseline.yaml:14: channels[0].id: must be a channel's ID such as C0123456789, not "D0ALICE"; copy the channel ID from the end of the channel's details in Slack`,
		"caseline.yaml:14: channels[0].nmae: is not a setting; did you mean name?",
		"caseline.yaml:15: channels[1]: must have keys of its own: id, name",
		`caseline.yaml:15: channels[1].id: must be a channel's ID such as C0123456789, not ""; copy the channel ID from the end of the channel's details in Slack`,
		"caseline.yaml:5: data_dir: must be a single value",
		"caseline.yaml:12: limits.max_body: must be a size such as 512 KiB or 2 MiB, not \"lots\"",
		"caseline.yaml:12: limits.raw_events: must be between 25h and 365d, not 1h0m0s: Slack may deliver an event again for a day, and it is known again only while it is kept",
		"CASELINE_LIMITS_SESSION_TTL: limits.session_ttl: must be between 5m and 30d, not 1s",
		"caseline.yaml:2: lisen: is not a setting; did you mean listen?",
		`caseline.yaml:1: listen: must be a host and a port such as 127.0.0.1:8080, not "8080"`,
		"caseline.yaml:11: log: must have keys of its own: level, format",
		`public_url: must be the address at which people reach the server, such as https://support.example.com, without a path, not ""`,
		"caseline.yaml:7: slack.bot_token: is an app-level token; copy the Bot User OAuth Token from the app's page OAuth & Permissions",
		`caseline.yaml:10: slack.command: must be the slash command of the app's manifest, such as /support, in lowercase, not "support"`,
		"caseline.yaml:8: slack.signing_secret: is not a setting; did you mean signing_secrets?",
		"caseline.yaml:9: slack.signing_secrets[0]: must have at least 16 characters and no space; copy the Signing Secret from the app's page Basic Information",
		"caseline.yaml:3: token: is not a setting; did you mean slack.bot_token?",
		`caseline.yaml:16: trust_proxy: must be true or false, not "maybe"`,
	}
	if diff := cmp.Diff(want, lines(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Error("a problem quotes a secret")
	}
}

func TestLoadFromEnvironment(t *testing.T) {
	got, err := load(t, good,
		"CASELINE_LISTEN=127.0.0.1:1", "CASELINE_LISTEN=127.0.0.1:2", "CASELINE_SECURE_COOKIES=true", "CASELINE_PUBLIC_URL=https://s.example.com",
		"CASELINE_SLACK_SIGNING_SECRETS=aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbb", "CASELINE_CONFIG=x", "CASELINE_KEY=x", "CASELINE_KEY_FILE=x", "CASELINE_FORBID_SKIP=1")
	if err != nil {
		t.Fatal(err)
	}
	if got.Listen != "127.0.0.1:2" || got.SecureCookies != On || len(got.Slack.SigningSecrets) != 2 || got.Slack.SigningSecrets[1].Reveal() != "bbbbbbbbbbbbbbbb" {
		t.Errorf("got %s", got.Redacted())
	}
}

func TestLoadWithoutAFile(t *testing.T) {
	_, err := Load("", []string{"CASELINE_LISTEN=nowhere"})
	if got := lines(t, err); !strings.HasPrefix(got[0], "CASELINE_LISTEN: listen: must be") {
		t.Errorf("got %q", got)
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that there is no such file", err)
	}
}

func TestSecretReferences(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("token", "xoxb-from-a-file\n")
	write("empty", "\n")
	write("long", strings.Repeat("x", maxSecretFile+1))
	write("caseline.yaml", good)

	path := filepath.Join(dir, "caseline.yaml")
	c, err := Load(path, []string{"CASELINE_SLACK_BOT_TOKEN=file:token", "CASELINE_SLACK_SIGNING_SECRETS=env:A,env:B", "A=aaaaaaaaaaaaaaaa", "B=bbbbbbbbbbbbbbbb"})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{c.Slack.BotToken.Reveal(), c.Slack.SigningSecrets[0].Reveal(), c.Slack.SigningSecrets[1].Reveal()}
	if want := []string{"xoxb-from-a-file", "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"}; !cmp.Equal(want, got) {
		t.Errorf("got %q, want %q", got, want)
	}
	if c, err = Load(path, []string{"CASELINE_SLACK_BOT_TOKEN=file:" + filepath.Join(dir, "token")}); err != nil || c.Slack.BotToken.Reveal() != "xoxb-from-a-file" {
		t.Errorf("by an absolute path: got %v", err)
	}
	for ref, want := range map[string]string{"file:none": "no such file", "file:empty": "is empty", "file:long": "far too long", "env:NOT_THERE": "NOT_THERE, which is not set"} {
		_, err := Load(path, []string{"CASELINE_SLACK_BOT_TOKEN=" + ref})
		got := lines(t, err)
		if len(got) != 1 || !strings.Contains(got[0], want) || !strings.HasPrefix(got[0], "CASELINE_SLACK_BOT_TOKEN: slack.bot_token: ") {
			t.Errorf("%s: got %q, want one problem with %q", ref, got, want)
		}
	}
}

func TestNotYAML(t *testing.T) {
	for _, text := range []string{"slack: [1,", "a: \"hunter2\n", "\tlisten: hunter2", "listen: a\nlisten: b\n", "a: 1\n---\nb: 2\n"} {
		_, err := load(t, text)
		got := lines(t, err)
		if len(got) == 0 || !strings.HasPrefix(got[0], "caseline.yaml") || strings.Contains(fmt.Sprint(got), "hunter2") {
			t.Errorf("%q: got %q", text, got)
		}
	}
	for _, text := range []string{"", "# nothing\n", "- a\n", "word\n"} {
		if _, err := load(t, text); err == nil {
			t.Errorf("%q: got no error", text)
		}
	}
}

// settings calls f with every field that holds a single value, except those
// in lists.
func settings(v reflect.Value, path string, f func(path string, v reflect.Value)) {
	for i := range v.NumField() {
		field, p := v.Field(i), join(path, yamlName(v.Type().Field(i)))
		switch {
		case isScalar(field.Type()):
			f(p, field)
		case field.Kind() == reflect.Struct:
			settings(field, p, f)
		}
	}
}

func TestEveryFieldCanBeSet(t *testing.T) {
	seen := map[string]string{}
	c := Default()
	settings(reflect.ValueOf(&c).Elem(), "", func(path string, v reflect.Value) {
		name := EnvName(path)
		if other, twice := seen[name]; twice {
			t.Errorf("%s means both %s and %s", name, other, path)
		}
		seen[name] = path
		if strings.HasSuffix(path, ".") {
			t.Errorf("%s: a field without a yaml name", path)
		}
		for _, text := range []string{"true", "1h", "1 KiB", "7"} {
			if setScalar(v, text) == nil {
				return
			}
		}
		t.Errorf("%s cannot be set", path)
	})
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(fullText))
	f.Add([]byte("slack: &a {bot_token: *a}\nchannels: [[[]], {id: !!str 5}]\n? [x]\n: y\n<<: *b"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l := &loader{file: "caseline.yaml", where: map[string]string{}}
		c := Default()
		if l.readYAML(text, reflect.ValueOf(&c).Elem()) {
			_ = l.placed(c.check())
		}
	})
}
