package manifest_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"caseline/internal/slack/manifest"
)

var update = flag.Bool("update", false, "write what the manifest is now to the golden files")

func TestManifestsAreTheGoldenOnes(t *testing.T) {
	for name, o := range map[string]manifest.Options{
		"socket": {Command: "/support", Socket: true},
		"http":   {Name: "Help Desk", Command: "/helpdesk", PublicURL: "https://support.example.com/"},
	} {
		m, err := manifest.New(o)
		if err != nil {
			t.Fatal(err)
		}
		for kind, print := range map[string]func() ([]byte, error){"yaml": m.YAML, "json": m.JSON} {
			got, err := print()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name+"."+kind)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-golden +now; -update writes it):\n%s", path, diff)
			}
			var back manifest.Manifest
			read := map[string]func([]byte) error{
				"yaml": func(b []byte) error { return yaml.UnmarshalWithOptions(b, &back, yaml.Strict()) },
				"json": func(b []byte) error { return json.Unmarshal(b, &back) },
			}[kind]
			if err := read(got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(m, back); diff != "" {
				t.Errorf("%s reads as something else: %s", path, diff)
			}
		}
	}
}

func TestSocketModeHasNoAddress(t *testing.T) {
	m, err := manifest.New(manifest.Options{Command: "/support", Socket: true, PublicURL: "http://127.0.0.1:8080"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := m.YAML()
	if err != nil || strings.Contains(string(text), "://") || !m.Settings.SocketMode {
		t.Errorf("got %v and\n%s", err, text)
	}
}

func TestSlacksLimits(t *testing.T) {
	good := func() manifest.Manifest {
		m, err := manifest.New(manifest.Options{Command: "/support", PublicURL: "https://support.example.com"})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	const address = "https://support.example.com/slack/oauth/callback"
	long := func(n int) string { return strings.Repeat("ä", n) }
	many := func(n int) []string {
		var all []string
		for i := range n {
			all = append(all, strings.Repeat("x", i+1))
		}
		return all
	}
	for _, tt := range []struct {
		name     string
		fits     func(*manifest.Manifest) // the most that is allowed
		breaks   func(*manifest.Manifest)
		sentence string
	}{
		{"name", func(m *manifest.Manifest) { m.Display.Name = long(35) }, func(m *manifest.Manifest) { m.Display.Name = long(36) }, "display_information.name must have 1 to 35 characters, and has 36."},
		{"description", func(m *manifest.Manifest) { m.Display.Description = long(140) }, func(m *manifest.Manifest) { m.Display.Description = long(141) }, "0 to 140"},
		{"long description", func(m *manifest.Manifest) { m.Display.LongDescription = long(4000) }, func(m *manifest.Manifest) { m.Display.LongDescription = long(174) }, "175 to 4000"},
		{"colour", func(m *manifest.Manifest) { m.Display.BackgroundColor = "#abc" }, func(m *manifest.Manifest) { m.Display.BackgroundColor = "red" }, "background_color"},
		{"bot name", func(m *manifest.Manifest) { m.Features.Bot.Name = long(80) }, func(m *manifest.Manifest) { m.Features.Bot.Name = "" }, "display_name"},
		{"commands", func(m *manifest.Manifest) {
			m.Features.Commands = slices.Repeat(m.Features.Commands, 50)
		}, func(m *manifest.Manifest) { m.Features.Commands = slices.Repeat(m.Features.Commands, 51) }, "There may be 50 slash commands at most, and there are 51."},
		{"command", func(m *manifest.Manifest) { m.Features.Commands[0].Command = "/" + long(31) }, func(m *manifest.Manifest) { m.Features.Commands[0].Command = "/" + long(32) }, "A slash command must have 2 to 32"},
		{"command without slash", nil, func(m *manifest.Manifest) { m.Features.Commands[0].Command = "support" }, "begins with a slash"},
		{"command description", func(m *manifest.Manifest) { m.Features.Commands[0].Description = long(2000) }, func(m *manifest.Manifest) { m.Features.Commands[0].Description = long(2001) }, "1 to 2000"},
		{"usage hint", func(m *manifest.Manifest) { m.Features.Commands[0].UsageHint = long(1000) }, func(m *manifest.Manifest) { m.Features.Commands[0].UsageHint = long(1001) }, "0 to 1000"},
		{"shortcuts", nil, func(m *manifest.Manifest) { m.Features.Shortcuts = slices.Repeat(m.Features.Shortcuts, 4) }, "There may be 10 shortcuts"},
		{"shortcut type", nil, func(m *manifest.Manifest) { m.Features.Shortcuts[0].Type = "local" }, "global or message"},
		{"shortcut name", func(m *manifest.Manifest) { m.Features.Shortcuts[0].Name = long(24) }, func(m *manifest.Manifest) { m.Features.Shortcuts[0].Name = long(25) }, "1 to 24"},
		{"callback id", func(m *manifest.Manifest) { m.Features.Shortcuts[0].CallbackID = long(255) }, func(m *manifest.Manifest) { m.Features.Shortcuts[0].CallbackID = long(256) }, "1 to 255"},
		{"shortcut description", func(m *manifest.Manifest) { m.Features.Shortcuts[0].Description = long(150) }, func(m *manifest.Manifest) { m.Features.Shortcuts[0].Description = long(151) }, "1 to 150"},
		{"events", func(m *manifest.Manifest) { m.Settings.Events.Bot = many(100) }, func(m *manifest.Manifest) { m.Settings.Events.Bot = many(101) }, "There may be 100 bot events"},
		{"an event twice", nil, func(m *manifest.Manifest) { m.Settings.Events.Bot = append(m.Settings.Events.Bot, "message.im") }, "subscribed to twice"},
		{"scopes", func(m *manifest.Manifest) {
			m.OAuth.Scopes = manifest.Asked{Bot: many(255)}
		}, func(m *manifest.Manifest) { m.OAuth.Scopes = manifest.Asked{Bot: many(256)} }, "There may be 255 bot scopes"},
		{"a scope twice", nil, func(m *manifest.Manifest) { m.OAuth.Scopes.Bot = append(m.OAuth.Scopes.Bot, "commands") }, "asked for twice"},
		{"an optional scope alone", nil, func(m *manifest.Manifest) { m.OAuth.Scopes.Optional = []string{"bookmarks:read"} }, "optional, and not asked for"},
		{"redirects", func(m *manifest.Manifest) { m.OAuth.RedirectURLs = slices.Repeat([]string{address}, 1000) }, func(m *manifest.Manifest) { m.OAuth.RedirectURLs = slices.Repeat([]string{address}, 1001) }, "1000 redirect"},
		{"redirect", func(m *manifest.Manifest) { m.OAuth.RedirectURLs = []string{address} }, func(m *manifest.Manifest) {
			m.OAuth.RedirectURLs = []string{"http://support.example.com/slack/oauth/callback"}
		}, "redirect_urls must be an https address"},
		{"organisation", func(m *manifest.Manifest) { m.OAuth.RedirectURLs, m.Settings.OrgDeploy = []string{address}, true }, func(m *manifest.Manifest) { m.Settings.OrgDeploy = true }, "by OAuth only"},
		{"rotation", func(m *manifest.Manifest) { m.OAuth.RedirectURLs, m.Settings.TokenRotation = []string{address}, true }, func(m *manifest.Manifest) { m.Settings.TokenRotation = true }, "given by OAuth"},
		{"events' address", func(m *manifest.Manifest) { m.Settings.Events.URL = "https://a/" + strings.Repeat("x", 3490) }, func(m *manifest.Manifest) { m.Settings.Events.URL = "https://a/" + strings.Repeat("x", 3491) }, "1 to 3500"},
		{"http", nil, func(m *manifest.Manifest) { m.Settings.Interactivity.URL = "http://support.example.com" }, "settings.interactivity.request_url must be an https address"},
		{"no options' address", nil, func(m *manifest.Manifest) { m.Settings.Interactivity.OptionsURL = "" }, "message_menu_options_url"},
		{"an address in Socket Mode", nil, func(m *manifest.Manifest) { m.Settings.SocketMode = true }, "Socket Mode has no use for"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if m := good(); tt.fits != nil {
				if tt.fits(&m); m.Check() != nil {
					t.Errorf("what fits is refused: %v", m.Check())
				}
			}
			m := good()
			tt.breaks(&m)
			if err := m.Check(); err == nil || !strings.Contains(err.Error(), tt.sentence) {
				t.Errorf("got %v; want %q", err, tt.sentence)
			}
		})
	}
}

func TestWhatWasGrantedAgainstWhatIsAskedFor(t *testing.T) {
	var all []string
	for _, s := range manifest.Scopes() {
		all = append(all, s.Name)
	}
	if g := manifest.Granted(all); len(g.Missing)+len(g.Declined)+len(g.Unneeded) != 0 {
		t.Errorf("all are granted: %+v", g)
	}
	without := slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "groups:write" || s == "emoji:read" })
	g := manifest.Granted(append(without, "admin"))
	if len(g.Missing) != 1 || g.Missing[0].Name != "groups:write" || len(g.Declined) != 1 || g.Declined[0].Name != "emoji:read" || !slices.Equal(g.Unneeded, []string{"admin"}) {
		t.Errorf("got %+v", g)
	}
}
