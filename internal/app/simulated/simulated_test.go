package simulated

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

const yamlManifest = `
_metadata: {major_version: 2}
display_information: {name: Support Chat, description: Talk to support}
features:
  app_home: {home_tab_enabled: true}
  bot_user: {display_name: Support, always_online: true}
  slash_commands:
    - {command: /support, url: "https://support.example.com/c", description: Cases, usage_hint: create, should_escape: true}
  shortcuts:
    - {name: Create, type: global, callback_id: create, description: Open the form}
    - {name: From here, type: message, callback_id: from_message, description: Use this}
oauth_config:
  redirect_urls: ["https://support.example.com/back"]
  scopes:
    bot:
      - chat:write
      - commands
    bot_optional:
      - commands
settings:
  event_subscriptions: {request_url: "https://support.example.com/e", bot_events: [message.channels, link_shared]}
  interactivity: {is_enabled: true, request_url: "https://support.example.com/i", message_menu_options_url: "https://support.example.com/o"}
  org_deploy_enabled: true
  token_rotation_enabled: true
`

func TestManifests(t *testing.T) {
	want := slacksim.App{
		Name: "Support Chat", BotName: "Support", EventsURL: "https://support.example.com/e", InteractivityURL: "https://support.example.com/i",
		OptionsURL: "https://support.example.com/o", Scopes: []string{"chat:write", "commands"}, Events: []string{"message.channels", "link_shared"},
		RedirectURLs: []string{"https://support.example.com/back"}, Optional: []string{"commands"}, OrgReady: true, Rotation: true,
		Commands:  []world.Command{{Command: "/support", URL: "https://support.example.com/c", Description: "Cases", UsageHint: "create", ShouldEscape: true}},
		Shortcuts: []world.Shortcut{{Name: "Create", CallbackID: "create", Description: "Open the form"}, {Name: "From here", CallbackID: "from_message", Description: "Use this", OnMessage: true}},
	}
	bare := slacksim.App{Name: "Bare", BotName: "Bare", SocketMode: true, NoHome: true, Scopes: []string{}, Events: []string{}}
	for _, tt := range []struct {
		name, text string
		want       slacksim.App
		problem    string
	}{
		{"a.yaml", yamlManifest, want, ""},
		{"b.json", `{"display_information":{"name":"Bare"},"settings":{"socket_mode_enabled":true}}`, bare, ""},
		{"c.yaml", "settings: {socket_mode_enabled: true}", slacksim.App{}, "display_information.name is missing"},
		{"d.yaml", "display_information: [", slacksim.App{}, "d.yaml"},
	} {
		path := filepath.Join(t.TempDir(), tt.name)
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readManifest(path)
		if tt.problem != "" {
			if err == nil || !strings.Contains(err.Error(), tt.problem) {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.problem)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	if got := unknown(want); !cmp.Equal(got, []string{"link_shared"}) {
		t.Errorf("never sent: %v", got)
	}
}

func TestOnlyLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:0": true, "localhost:0": true, "[::1]:0": true, "0.0.0.0:80": false, ":80": false, "192.0.2.1:80": false, "slack.example:80": false, "nothing": false,
	} {
		if err := loopback(address); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// A printed is what a command prints, for another goroutine to read.
type printed struct {
	mu   sync.Mutex
	text bytes.Buffer
	done chan struct{} // closed when all is printed
}

func (p *printed) Write(raw []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := p.text.Write(raw)
	if bytes.Contains(raw, []byte("Ctrl-C")) {
		close(p.done)
	}
	return n, err
}

// after is what stands behind a label.
func (p *printed) after(t *testing.T, label string) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	m := regexp.MustCompile(`(?m)^  ` + label + ` +(\S+)`).FindStringSubmatch(p.text.String())
	if m == nil {
		t.Fatalf("no %s in %s", label, p.text.String())
	}
	return m[1]
}

// start runs it until stop is called.
func start(t *testing.T, o Options) (*printed, func()) {
	t.Helper()
	p := &printed{done: make(chan struct{})}
	o.Out, o.Listen = p, "127.0.0.1:0"
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, o) }()
	select {
	case <-p.done:
	case err := <-ended:
		cancel()
		t.Fatal(err)
	}
	return p, func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// TestItRunsAlone connects slack-go with what was printed, posts by the admin
// API and by hand, and finds all of it again after a restart.
func TestItRunsAlone(t *testing.T) {
	dir := t.TempDir()
	p, stop := start(t, Options{Dir: dir})
	base := strings.TrimSuffix(p.after(t, "Web API"), "/api/")
	api := slack.New(p.after(t, "Bot token"), slack.OptionAppLevelToken(p.after(t, "App-level token")), slack.OptionAPIURL(base+"/api/"))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := socketmode.New(api)
	var wg sync.WaitGroup
	clientCtx, stopClient := context.WithCancel(ctx)
	wg.Go(func() { _ = c.RunContext(clientCtx) }) // ends with its context
	await := func(kind socketmode.EventType) socketmode.Event {
		t.Helper()
		for {
			select {
			case e := <-c.Events:
				if e.Request != nil && e.Request.EnvelopeID != "" {
					if err := c.Ack(*e.Request); err != nil {
						t.Error(err)
					}
				}
				if e.Type == kind {
					return e
				}
			case <-ctx.Done():
				t.Fatalf("no %s came", kind)
			}
		}
	}
	await(socketmode.EventTypeHello)
	if token, of := p.after(t, "App-level token"), p.after(t, "App"); !strings.HasPrefix(token, "xapp-1-"+of+"-") {
		t.Errorf("the token %s does not say that it is of app %s", token, of)
	}
	if status, out := fetch(t, http.MethodPost, base+"/_sim/post", `{"person":"alice","channel":"general","text":"from the admin API"}`); status != 200 {
		t.Fatalf("post: %d %s", status, out)
	}
	for {
		e := await(socketmode.EventTypeEventsAPI)
		if strings.Contains(string(e.Request.Payload), "from the admin API") {
			break
		}
	}
	if status, page := fetch(t, http.MethodGet, base+"/", ""); status != 200 || !strings.Contains(page, "from the admin API") && !strings.Contains(page, "Alice") {
		t.Errorf("pages: %d %s", status, page)
	}
	stopClient()
	wg.Wait()
	stop()

	again, stop := start(t, Options{Dir: dir, Manual: true})
	defer stop()
	for _, label := range []string{"App", "Bot token", "App-level token", "Signing secret", "Client id", "Client secret"} {
		if a, b := p.after(t, label), again.after(t, label); a != b {
			t.Errorf("%s was %s and is %s", label, a, b)
		}
	}
	base = strings.TrimSuffix(again.after(t, "Web API"), "/api/")
	if _, state := fetch(t, http.MethodGet, base+"/_sim/state", ""); !strings.Contains(state, "from the admin API") {
		t.Errorf("state = %s", state)
	}
	_, raw := fetch(t, http.MethodPost, base+"/_sim/clock", `{"advance":"1h"}`)
	var out struct{ OK, Manual bool }
	if err := json.Unmarshal([]byte(raw), &out); err != nil || !out.OK || !out.Manual {
		t.Errorf("clock: %s", raw)
	}
	journal, err := os.ReadFile(filepath.Join(dir, "journal.jsonl"))
	if err != nil || !bytes.Contains(journal, []byte("apps.connections.open")) || !bytes.Contains(journal, []byte(`"socket":"S1"`)) {
		t.Errorf("journal: %v %s", err, journal)
	}
}

func fetch(t *testing.T, method, address, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}
