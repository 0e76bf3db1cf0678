package admin_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/admin"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
)

const view = `{"type":"modal","title":{"type":"plain_text","text":"New case"},"submit":{"type":"plain_text","text":"Create"},"blocks":[
	{"type":"input","block_id":"subject","label":{"type":"plain_text","text":"Subject"},"element":{"type":"plain_text_input","action_id":"v"}}]}`

const buttons = `[{"type":"actions","elements":[{"type":"button","action_id":"join","text":{"type":"plain_text","text":"Join"}}]}]`

// A stage is a simulated Slack with an app, and its admin API.
type stage struct {
	sim *slacksim.Server
	app *simtest.App
	ws  *slacksim.Workspace
	ops *slacksim.Channel
	in  *slacksim.Installed
	url string
}

func newStage(t *testing.T, manual *clock.Manual) *stage {
	t.Helper()
	var o slacksim.Options
	if manual != nil {
		o.Clock = manual
	}
	s := &stage{sim: simtest.Start(t, o), app: simtest.NewApp(t)}
	s.ws = s.sim.Workspace("acme")
	alice, bob := s.ws.AddUser("alice", "Alice Martin", slacksim.Admin), s.ws.AddUser("bob", "Bob Stone")
	s.ops = s.ws.AddChannel("ops", world.Public, alice, bob)
	s.in = s.ws.Install(slacksim.App{
		BotName: "Helper", BotToken: "xoxb-1", SigningSecret: "s", EventsURL: s.app.URL + "/events", CommandsURL: s.app.URL + "/commands",
		InteractivityURL: s.app.URL + "/interactivity", Commands: []world.Command{{Command: "/case"}},
		Shortcuts: []world.Shortcut{{Name: "Create", CallbackID: "create"}},
	})
	s.ops.Invite(alice, s.in.Bot)
	srv := httptest.NewServer(admin.New(s.sim).Handler())
	t.Cleanup(srv.Close)
	s.url = srv.URL
	if err := s.sim.Quiesce(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stage) ask(t *testing.T, method, path, body string, alter ...func(*http.Request)) (int, map[string]any) {
	t.Helper()
	status, raw := send(t, method, s.url+path, body, alter...)
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s %s: %v: %s", method, path, err, raw)
	}
	return status, out
}

func send(t *testing.T, method, address, body string, alter ...func(*http.Request)) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range alter {
		f(req)
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
	return resp.StatusCode, raw
}

// post asks for something that must work.
func (s *stage) post(t *testing.T, path, body string) map[string]any {
	t.Helper()
	status, out := s.ask(t, http.MethodPost, path, body)
	if status != http.StatusOK || out["ok"] != true {
		t.Fatalf("%s %s: %d %v", path, body, status, out)
	}
	return out
}

// call calls the Web API as the app.
func (s *stage) call(t *testing.T, method, body string) (int, string) {
	t.Helper()
	status, raw := send(t, http.MethodPost, s.sim.World.BaseURL()+"/api/"+method, body, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer xoxb-1")
		r.Header.Set("Content-Type", "application/json")
	})
	return status, string(raw)
}

// TestAPersonIsDriven goes through what a person does, and looks at what the
// app is sent.
func TestAPersonIsDriven(t *testing.T) {
	s := newStage(t, nil)
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/commands" && r.Form.Get("text") == "new":
			if _, out := s.call(t, "views.open", `{"trigger_id":"`+r.Form.Get("trigger_id")+`","view":`+view+`}`); !strings.Contains(out, `"ok":true`) {
				t.Error(out)
			}
		case r.URL.Path == "/commands":
			_, _ = io.WriteString(w, "You said "+r.Form.Get("text"))
		case strings.Contains(r.Form.Get("payload"), `"value":"bad"`):
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"response_action":"errors","errors":{"subject":"Not that."}}`)
		}
	})
	m := s.post(t, "/_sim/post", `{"person":"alice","channel":"#ops","text":"hello"}`)
	ts := m["ts"].(string)
	s.post(t, "/_sim/edit", `{"person":"alice","channel":"ops","ts":"`+ts+`","text":"hello there"}`)
	s.post(t, "/_sim/react", `{"person":"bob","channel":"ops","ts":"`+ts+`","emoji":":wave:"}`)
	s.post(t, "/_sim/post", `{"person":"bob","channel":"@helper","text":"in private"}`)
	s.post(t, "/_sim/wait", `{}`)
	private := func(e map[string]any) bool { return e["text"] == "in private" && e["channel_type"] == "im" }
	if got := s.app.Events("message"); len(got) != 4 || !slices.ContainsFunc(got, private) { // the first is the bot's joining
		t.Errorf("messages = %v", got)
	}
	said := s.post(t, "/_sim/command", `{"person":"bob","channel":"ops","text":"/case status"}`)
	if got := said["private"].([]any)[0].(map[string]any)["text"]; got != "You said status" {
		t.Errorf("command = %v", said)
	}
	opened := s.post(t, "/_sim/command", `{"person":"bob","channel":"ops","text":"/case new"}`)
	if form, _ := opened["form"].(map[string]any); form["title"] != "New case" {
		t.Fatalf("form = %v", opened)
	}
	s.post(t, "/_sim/fill", `{"person":"bob","what":"Subject","picks":["bad"]}`)
	if out := s.post(t, "/_sim/submit", `{"person":"bob"}`); !equal(out["errors"], map[string]any{"subject": "Not that."}) || out["form"] == nil {
		t.Errorf("refused submission = %v", out)
	}
	s.post(t, "/_sim/fill", `{"person":"bob","what":"Subject","picks":["Broken"]}`)
	if out := s.post(t, "/_sim/submit", `{"person":"bob"}`); out["errors"] != nil || out["form"] != nil {
		t.Errorf("submit = %v", out)
	}
	_, posted := s.call(t, "chat.postMessage", `{"channel":"`+s.ops.ID+`","text":"Join?","blocks":`+buttons+`}`)
	var message struct{ TS string }
	if err := json.Unmarshal([]byte(posted), &message); err != nil {
		t.Fatal(err)
	}
	s.post(t, "/_sim/press", `{"person":"alice","channel":"ops","ts":"`+message.TS+`","what":"Join"}`)
	s.post(t, "/_sim/shortcut", `{"person":"alice","callback_id":"create"}`)
	var kinds []any
	for _, r := range s.app.Requests("/interactivity") {
		kinds = append(kinds, r.Payload()["type"])
	}
	if !equal(kinds, []any{"view_submission", "view_submission", "block_actions", "shortcut"}) {
		t.Errorf("interactions = %v", kinds)
	}
	s.post(t, "/_sim/delete", `{"person":"alice","channel":"ops","ts":"`+ts+`"}`)
	_, state := s.ask(t, http.MethodGet, "/_sim/state", "")
	if raw, _ := json.Marshal(state); strings.Contains(string(raw), "hello there") || !strings.Contains(string(raw), "Join?") {
		t.Errorf("state = %s", raw)
	}
}

func equal(a, b any) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && string(x) == string(y)
}

// TestMistakesAreTold says what is wrong with a request.
func TestMistakesAreTold(t *testing.T) {
	s := newStage(t, nil)
	for _, tt := range []struct {
		path, body string
		status     int
		want       string
	}{
		{"/_sim/post", `{"person":"nobody","channel":"ops"}`, 404, `no person "nobody"`},
		{"/_sim/post", `{"person":"bob","channel":"nowhere"}`, 404, `no channel "nowhere"`},
		{"/_sim/post", `{"person":"bob","channel":"@nobody"}`, 404, `no person "nobody"`},
		{"/_sim/post", `{"workspace":"other","person":"bob"}`, 404, `no workspace "other"`},
		{"/_sim/post", `{"person":"bob","text":"x"}`, 400, "channel is missing"},
		{"/_sim/post", `{"person":"bob","channel":"ops","text":""}`, 422, "no_text"},
		{"/_sim/post", `{"persn":"bob"}`, 400, "persn"},
		{"/_sim/post", `{`, 400, "cannot be read"},
		{"/_sim/press", `{"person":"bob","what":"x"}`, 422, "no form"},
		{"/_sim/press", `{"person":"bob","ephemeral":"1","what":"x"}`, 404, "no message"},
		{"/_sim/submit", `{"person":"bob"}`, 422, "no form"},
		{"/_sim/home", `{"person":"bob","app":"A1"}`, 404, `no app "A1"`},
		{"/_sim/shortcut", `{"person":"bob","callback_id":"x"}`, 422, "no such shortcut"},
		{"/_sim/command", `{"person":"bob","channel":"ops","text":"/nope"}`, 422, "not a valid command"},
		{"/_sim/faults", `{"kind":"500"}`, 400, "method is missing"},
		{"/_sim/faults", `{"method":"x","kind":"odd"}`, 400, "odd"},
		{"/_sim/faults", `{"method":"x","kind":"error"}`, 400, "error is missing"},
		{"/_sim/outages", `{"name":"odd","on":true}`, 404, "odd"},
		{"/_sim/sockets", `{"do":"ghost","connection":"S9"}`, 404, "S9"},
		{"/_sim/sockets", `{"do":"odd"}`, 400, "odd"},
		{"/_sim/sockets", `{"do":"warn","app":"A1"}`, 404, "A1"},
		{"/_sim/clock", `{"advance":"1h"}`, 409, "manual"},
		{"/_sim/nothing", `{}`, 404, "no address"},
	} {
		status, out := s.ask(t, http.MethodPost, tt.path, tt.body)
		reason, _ := out["error"].(string)
		if status != tt.status || out["ok"] != false || !strings.Contains(reason, tt.want) {
			t.Errorf("%s %s: %d %v, want %d and %q", tt.path, tt.body, status, out, tt.status, tt.want)
		}
	}
}

// TestFaultsByMethodChannelAndCall lets calls fail in each way that can be asked for.
func TestFaultsByMethodChannelAndCall(t *testing.T) {
	s := newStage(t, nil)
	post := `{"channel":"` + s.ops.ID + `","text":"x"}`
	for _, tt := range []struct {
		kind, more string
		status     int
		want       string
	}{
		{"429", `,"retry_after":7`, 429, "ratelimited"}, {"500", "", 500, "Server Error"}, {"503", "", 503, "Unavailable"},
		{"invalid_json", "", 200, `{"ok":tr`}, {"html", "", 200, "<!DOCTYPE"}, {"error", `,"error":"fatal_error"`, 200, "fatal_error"},
	} {
		s.post(t, "/_sim/faults", `{"method":"chat.*","channel":"#ops","nth":2,"kind":"`+tt.kind+`"`+tt.more+`}`)
		for i, want := range []struct {
			status int
			text   string
		}{{200, `"ok":true`}, {tt.status, tt.want}, {200, `"ok":true`}} {
			if status, out := s.call(t, "chat.postMessage", post); status != want.status || !strings.Contains(out, want.text) {
				t.Errorf("%s, call %d: %d %s", tt.kind, i+1, status, out)
			}
		}
		if status, out := s.ask(t, http.MethodDelete, "/_sim/faults", ""); status != 200 {
			t.Errorf("delete: %v", out)
		}
	}
	s.post(t, "/_sim/faults", `{"method":"chat.*","channel":"C0ELSEWHERE","kind":"500","times":-1}`)
	if status, out := s.call(t, "chat.postMessage", post); status != 200 {
		t.Errorf("a fault of another channel: %d %s", status, out)
	}
	for kind, want := range map[string]int{"lost": 0, "landed": 1} {
		before := len(s.ops.Texts())
		s.post(t, "/_sim/faults", `{"method":"chat.postMessage","kind":"`+kind+`","times":-1}`)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.sim.World.BaseURL()+"/api/chat.postMessage", strings.NewReader(post))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer xoxb-1")
		req.Header.Set("Content-Type", "application/json")
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			t.Errorf("%s: the call was answered", kind)
		}
		if got := len(s.ops.Texts()) - before; got != want {
			t.Errorf("%s: %d messages, want %d", kind, got, want)
		}
		s.ask(t, http.MethodDelete, "/_sim/faults", "")
	}
	id := s.post(t, "/_sim/faults", `{"method":"*","kind":"slow","delay":"1ms","times":-1}`)["id"].(string)
	if status, _ := s.ask(t, http.MethodDelete, "/_sim/faults?id=F99", ""); status != 404 {
		t.Errorf("a fault that is not there: %d", status)
	}
	if status, _ := s.ask(t, http.MethodDelete, "/_sim/faults?id="+id, ""); status != 200 {
		t.Errorf("delete %s: %d", id, status)
	}
}

// TestChaosAndJournal sends everything twice, and reads of it in the journal.
func TestChaosAndJournal(t *testing.T) {
	s := newStage(t, nil)
	s.post(t, "/_sim/chaos", `{"duplicate_new":1,"types":["message"]}`)
	since := time.Now().UTC().Format(time.RFC3339Nano)
	s.post(t, "/_sim/post", `{"person":"alice","channel":"ops","text":"hello"}`)
	s.post(t, "/_sim/wait", `{}`)
	s.call(t, "auth.test", `{}`)
	_, raw := send(t, http.MethodGet, s.url+"/_sim/journal?since="+since, "")
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	ids := map[string]bool{}
	for _, l := range lines[:2] {
		var line struct {
			What string
			Of   struct{ Kind, Type, Event_id string }
		}
		if err := json.Unmarshal([]byte(l), &line); err != nil || line.What != "attempt" || line.Of.Type != "message" {
			t.Errorf("%v: %s", err, l)
		}
		ids[line.Of.Event_id] = true
	}
	if len(lines) != 3 || len(ids) != 2 || !strings.Contains(lines[2], "auth.test") || strings.Contains(string(raw), "xoxb-1") {
		t.Errorf("journal = %s", raw)
	}
	if status, _ := s.ask(t, http.MethodGet, "/_sim/journal?since=yesterday", ""); status != 400 {
		t.Errorf("since yesterday: %d", status)
	}
}

// TestTheClockIsMoved sends an event again after a minute that took no time.
func TestTheClockIsMoved(t *testing.T) {
	c := clock.NewManual(time.Unix(1_700_000_000, 0))
	s := newStage(t, c)
	s.app.Answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	before := len(s.app.Requests("/events"))
	s.post(t, "/_sim/post", `{"person":"alice","channel":"ops","text":"hello"}`)
	s.app.Wait(t, func() bool { return len(s.app.Requests("/events")) == before+2 }) // at once, twice
	if err := c.Blocked(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if status, _ := s.ask(t, http.MethodPost, "/_sim/wait", `{"timeout":"1ms"}`); status != 409 {
		t.Errorf("nothing is under way: %d", status)
	}
	out := s.post(t, "/_sim/clock", `{"advance":"1m"}`)
	if out["now"] != "2023-11-14T22:14:20Z" || out["manual"] != true {
		t.Errorf("clock = %v", out)
	}
	s.app.Wait(t, func() bool { return len(s.app.Requests("/events")) == before+3 })
	if status, _ := s.ask(t, http.MethodPost, "/_sim/clock", `{"advance":"-1m"}`); status != 400 {
		t.Errorf("back in time: %d", status)
	}
}

// TestSocketsAndSwitches has those of an app's switches that need no client.
func TestSocketsAndSwitches(t *testing.T) {
	s := newStage(t, nil)
	app := func() world.App { a, _ := s.sim.World.Apps.App(s.in.ID); return a }
	s.post(t, "/_sim/sockets", `{"do":"enable"}`)
	if !app().SocketMode {
		t.Error("Socket Mode is off")
	}
	for _, do := range []string{"warn", "refresh", "delay", "redeliver"} {
		s.post(t, "/_sim/sockets", `{"do":"`+do+`","delay":"1ms"}`)
	}
	if out := s.post(t, "/_sim/sockets", `{"do":"disable"}`); app().SocketMode {
		t.Errorf("Socket Mode is on: %v", out)
	}
	if _, out := s.ask(t, http.MethodGet, "/_sim/sockets", ""); len(out["connections"].([]any)) != 0 {
		t.Errorf("sockets = %v", out)
	}
	s.post(t, "/_sim/events", `{"on":false}`)
	s.post(t, "/_sim/events", `{"delayed":true}`)
	if !app().EventsOff || !app().DelayedEvents {
		t.Errorf("app = %+v", app())
	}
	if status, _ := s.ask(t, http.MethodPost, "/_sim/verify", `{}`); status != 422 {
		t.Errorf("an empty answer to the challenge: %d", status)
	}
	s.app.Answer(func(w http.ResponseWriter, _ *http.Request) {
		rs := s.app.Requests("/events")
		_, _ = io.WriteString(w, rs[len(rs)-1].Envelope()["challenge"].(string))
	})
	s.post(t, "/_sim/verify", `{}`)
	s.post(t, "/_sim/outages", `{"name":"down","on":true}`)
	if status, _ := s.call(t, "auth.test", `{}`); status != 503 {
		t.Errorf("down: %d", status)
	}
	s.post(t, "/_sim/outages", `{"name":"down","on":false}`)
}

// TestOnlyThisMachineIsServed keeps other sites' pages and other names out.
func TestOnlyThisMachineIsServed(t *testing.T) {
	s := newStage(t, nil)
	host := func(h string) func(*http.Request) { return func(r *http.Request) { r.Host = h } }
	header := func(k, v string) func(*http.Request) { return func(r *http.Request) { r.Header.Set(k, v) } }
	for _, tt := range []struct {
		name, method string
		alter        func(*http.Request)
		want         int
	}{
		{"another name", http.MethodGet, host("slack.example"), 403},
		{"another name with a port", http.MethodGet, host("slack.example:80"), 403},
		{"a name that begins like ours", http.MethodGet, host("localhost.example"), 403},
		{"localhost", http.MethodGet, host("localhost:8079"), 200},
		{"IPv6", http.MethodGet, host("[::1]:8079"), 200},
		{"another site reads", http.MethodGet, header("Sec-Fetch-Site", "cross-site"), 403},
		{"another site writes", http.MethodPost, header("Sec-Fetch-Site", "cross-site"), 403},
		{"another port writes", http.MethodPost, header("Sec-Fetch-Site", "same-site"), 403},
		{"another origin writes", http.MethodPost, header("Origin", "http://127.0.0.1:1"), 403},
		{"our own page", http.MethodGet, header("Sec-Fetch-Site", "same-origin"), 200},
	} {
		path := "/_sim/state"
		if tt.method == http.MethodPost {
			path = "/_sim/wait"
		}
		if status, raw := send(t, tt.method, s.url+path, `{}`, tt.alter); status != tt.want {
			t.Errorf("%s: %d %s", tt.name, status, raw)
		}
	}
	// From another machine, whatever it calls us.
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/_sim/state", nil) // from 192.0.2.1
	w := httptest.NewRecorder()
	admin.New(s.sim).Handler().ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("another machine: %d", w.Code)
	}
}

// TestAddressesAreListed asks every address of the list for nothing: none may be unknown.
func TestAddressesAreListed(t *testing.T) {
	s := newStage(t, nil)
	_, out := s.ask(t, http.MethodGet, "/_sim/", "")
	list, _ := out["addresses"].([]any)
	if len(list) < 20 {
		t.Errorf("%d addresses", len(list))
	}
	for _, a := range list {
		method, path, _ := strings.Cut(a.(map[string]any)["address"].(string), " ")
		if _, raw := send(t, method, s.url+path, `{}`); strings.Contains(string(raw), "no address") {
			t.Errorf("%s %s: %s", method, path, raw)
		}
	}
}
