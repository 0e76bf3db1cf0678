package slacksim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/world"
)

func answerWith(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func TestCommandAnswers(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	for name, c := range map[string]struct {
		typed  string
		answer http.HandlerFunc
		want   string
		fails  bool
	}{
		"nothing":         {"/support", answerWith(200, "", ""), "", false},
		"plain words":     {"/support help", answerWith(200, "text/plain", "a & b"), "a &amp; b", false},
		"a message":       {"/support help", answerWith(200, "application/json", `{"text":"hi <!here>","blocks":[]}`), "hi <!here>", false},
		"an error":        {"/support help", answerWith(500, "", "oops"), `/support failed with the error "http_service_error"`, true},
		"bad JSON":        {"/support help", answerWith(200, "application/json", "{"), `/support failed with the error "invalid_json"`, true},
		"no such command": {"/nonsense", nil, "`/nonsense` is not a valid command.", true},
	} {
		s.app.Answer(c.answer)
		got, err := s.ops.Command(t.Context(), s.bob, c.typed)
		if !strings.HasPrefix(got.Text(), c.want) || (c.want == "" && got.Text() != "") || (err != nil) != c.fails {
			t.Errorf("%s: %q, %v, want %q", name, got.Text(), err, c.want)
		}
	}
}

func TestCommandTooSlow(t *testing.T) {
	s, c := retryStage(t, slacksim.Options{})
	stop := make(chan struct{})
	defer close(stop)
	s.app.Answer(func(http.ResponseWriter, *http.Request) { <-stop })
	done := make(chan string, 1)
	go func() {
		got, err := s.ops.Command(t.Context(), s.bob, "/support help")
		if err == nil {
			t.Error("no error")
		}
		done <- got.Text()
	}()
	if err := c.Blocked(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	c.Advance(3 * time.Second)
	if got, want := <-done, `/support failed with the error "operation_timeout"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCommandForm(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	secret := s.ws.AddChannel("secret", world.Private, s.bob)
	if _, err := secret.Command(t.Context(), s.bob, "/support invite @alice in #ops & more"); err != nil {
		t.Fatal(err)
	}
	rs := s.app.Requests("/commands")
	got := rs[len(rs)-1].Form()
	want := map[string]string{
		"token": "verification-a0support", "team_id": s.ws.ID, "team_domain": "acme", "channel_id": secret.ID, "channel_name": "privategroup",
		"user_id": s.bob.ID, "user_name": "bob", "command": "/support", "api_app_id": "A0SUPPORT", "is_enterprise_install": "false",
		"text": "invite <@" + s.alice.ID + "|alice> in <#" + s.ops.ID + "|ops> &amp; more",
	}
	for k, v := range want {
		if got.Get(k) != v {
			t.Errorf("%s = %q, want %q", k, got.Get(k), v)
		}
	}
	if !strings.HasPrefix(got.Get("response_url"), s.sim.World.BaseURL()+"/commands/") || got.Get("trigger_id") == "" {
		t.Errorf("form = %v", got)
	}
}

func TestCommandInThreadIsRefused(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	m := s.ops.Post(s.alice, "root")
	got, err := s.ops.CommandInThread(t.Context(), s.bob, m.TS, "/support endchat")
	if err == nil || got.Text() != "/support is not supported in threads. Sorry!" || len(s.app.Requests("/commands")) != 0 {
		t.Errorf("got %q, %v", got.Text(), err)
	}
	if e := got.Private[0]; e.ThreadTS != m.TS {
		t.Errorf("shown in %q", e.ThreadTS)
	}
}

func post(t *testing.T, url, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, out
}

const card = `[{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"*Case*"}},
	{"type":"actions","block_id":"a","elements":[
		{"type":"button","action_id":"end","text":{"type":"plain_text","text":"End chat"},"value":"42","style":"danger"},
		{"type":"static_select","action_id":"sev","options":[{"text":{"type":"plain_text","text":"High"},"value":"high"},{"text":{"type":"plain_text","text":"Low"},"value":"low"}]},
		{"type":"users_select","action_id":"who"}]}]`

func TestPressOnACard(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	ts := s.ok(t, "chat.postMessage", "channel", s.ops.ID, "text", "Case", "blocks", card)["ts"].(string)
	m := s.ops.Message(ts)
	if err := m.Press(t.Context(), s.bob, "sev", "high"); err != nil {
		t.Fatal(err)
	}
	if err := m.Press(t.Context(), s.bob, "End chat"); err != nil {
		t.Fatal(err)
	}
	rs := s.app.Requests("/interactivity")
	sev := rs[0].Payload()["actions"].([]any)[0].(map[string]any)
	if got := sev["selected_option"].(map[string]any)["value"]; got != "high" {
		t.Errorf("picked %v", got)
	}
	p := rs[1].Payload()
	action := p["actions"].([]any)[0].(map[string]any)
	if action["action_id"] != "end" || action["value"] != "42" || action["block_id"] != "a" || action["action_ts"] == nil {
		t.Errorf("action = %v", action)
	}
	box := p["container"].(map[string]any)
	want := map[string]any{"type": "message", "message_ts": ts, "channel_id": s.ops.ID, "is_ephemeral": false}
	if diff := cmp.Diff(want, box); diff != "" {
		t.Error(diff)
	}
	state := p["state"].(map[string]any)["values"].(map[string]any)["a"].(map[string]any)["sev"].(map[string]any)
	if state["selected_option"].(map[string]any)["value"] != "high" {
		t.Errorf("state = %v", state)
	}
	if err := m.Press(t.Context(), s.bob, "sev", "nonsense"); err == nil {
		t.Error("picked what is not there")
	}
	if err := m.Press(t.Context(), s.bob, "Nonsense"); err == nil {
		t.Error("pressed what is not there")
	}
	s.app.Answer(answerWith(500, "", ""))
	if err := m.Press(t.Context(), s.bob, "End chat"); err == nil {
		t.Error("the person is not told that the app failed")
	}
}

func TestResponseURL(t *testing.T) {
	c := clock.NewManual(time.Unix(1_700_000_000, 0))
	s := newStage(t, slacksim.Options{Clock: c})
	ts := s.ok(t, "chat.postMessage", "channel", s.ops.ID, "text", "Case", "blocks", card)["ts"].(string)
	press := func() string {
		t.Helper()
		if err := s.ops.Message(ts).Press(t.Context(), s.bob, "end"); err != nil {
			t.Fatal(err)
		}
		rs := s.app.Requests("/interactivity")
		return rs[len(rs)-1].Payload()["response_url"].(string)
	}
	url := press()
	for i, body := range []string{
		`{"text":"only you"}`,
		`{"text":"all","response_type":"in_channel","replace_original":false}`,
		`{"text":"new words","replace_original":true}`,
		`{"text":"private","response_type":"ephemeral"}`,
		`{"delete_original":true}`,
	} {
		if status, out := post(t, url, body); status != 200 || out["ok"] != true {
			t.Fatalf("use %d: %d, %v", i+1, status, out)
		}
	}
	if status, out := post(t, url, `{"text":"x"}`); status != 404 || out["error"] != "used_url" {
		t.Errorf("sixth use: %d, %v", status, out)
	}
	var private []string
	for _, e := range s.ws.Ephemerals(s.bob) {
		private = append(private, e.Text)
	}
	if diff := cmp.Diff([]string{"only you", "private"}, private); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"all"}, s.ops.Texts()); diff != "" {
		t.Error(diff)
	}
	ts = s.ok(t, "chat.postMessage", "channel", s.ops.ID, "text", "Case", "blocks", card)["ts"].(string)
	url = press()
	c.Advance(31 * time.Minute)
	if status, out := post(t, url, `{"text":"x"}`); status != 404 || out["error"] != "expired_url" {
		t.Errorf("after half an hour: %d, %v", status, out)
	}
}

func TestPrivateAnswerStandsBesideTheThread(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	root := s.ops.Post(s.alice, "look here")
	ts := s.ok(t, "chat.postMessage", "channel", s.ops.ID, "thread_ts", root.TS, "text", "Case", "blocks", card)["ts"].(string)
	for _, thread := range []string{"", root.TS} {
		if err := s.ops.Message(ts).Press(t.Context(), s.bob, "end"); err != nil {
			t.Fatal(err)
		}
		rs := s.app.Requests("/interactivity")
		p := rs[len(rs)-1].Payload()
		if got := p["container"].(map[string]any)["thread_ts"]; got != root.TS {
			t.Errorf("pressed in thread %v, want %s", got, root.TS)
		}
		if status, out := post(t, p["response_url"].(string), `{"text":"only you","thread_ts":"`+thread+`"}`); status != 200 {
			t.Fatal(out)
		}
		es := s.ws.Ephemerals(s.bob)
		if got := es[len(es)-1].ThreadTS; got != thread {
			t.Errorf("asked for thread %q: it stands in %q", thread, got)
		}
	}
}

func TestEphemeralWithButton(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.ok(t, "chat.postEphemeral", "channel", s.ops.ID, "user", s.bob.ID, "text", "Share?", "blocks", card)
	if len(s.ws.Ephemerals(s.alice)) != 0 {
		t.Error("others see it")
	}
	e := s.ws.Ephemerals(s.bob)[0]
	if err := e.Press(t.Context(), "End chat"); err != nil {
		t.Fatal(err)
	}
	rs := s.app.Requests("/interactivity")
	p := rs[0].Payload()
	if p["container"].(map[string]any)["is_ephemeral"] != true {
		t.Errorf("container = %v", p["container"])
	}
	if status, out := post(t, p["response_url"].(string), `{"replace_original":true,"text":"Shared."}`); status != 200 {
		t.Fatal(out)
	}
	if es := s.ws.Ephemerals(s.bob); len(es) != 1 || es[0].Text != "Shared." || len(es[0].Blocks) != 0 {
		t.Errorf("ephemerals = %+v", es)
	}
}

func TestMessageShortcutAndHome(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	m := s.ops.Post(s.alice, "broken")
	if err := m.Shortcut(t.Context(), s.bob, s.in, "case_add"); err != nil {
		t.Fatal(err)
	}
	p := s.app.Requests("/interactivity")[0].Payload()
	if p["type"] != "message_action" || p["message_ts"] != m.TS || p["message"].(map[string]any)["text"] != "broken" || p["response_url"] == nil {
		t.Errorf("payload = %v", p)
	}
	if err := m.Shortcut(t.Context(), s.bob, s.in, "nonsense"); err == nil {
		t.Error("ran a shortcut that is not there")
	}
	s.ok(t, "views.publish", "user_id", s.bob.ID, "view", `{"type":"home","blocks":[{"type":"divider"}]}`)
	if v, ok := s.ws.Home(s.bob, s.in); !ok || len(v.Blocks) != 1 {
		t.Errorf("home = %+v", v)
	}
}

func TestSidebarCountsWhatIsNew(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.ops.Post(s.alice, "one")
	s.ops.Post(s.alice, "two @bob")
	s.ops.Post(s.alice, "root").Reply(s.alice, "in the thread")
	lines := s.sim.World.Sidebar(s.bob.ID)
	if len(lines) != 1 || lines[0].Unread != 3 || lines[0].Mentions != 1 {
		t.Fatalf("sidebar = %+v", lines)
	}
	if err := s.sim.World.MarkRead(s.bob.ID, s.ops.ID, ""); err != nil {
		t.Fatal(err)
	}
	if lines = s.sim.World.Sidebar(s.bob.ID); lines[0].Unread != 0 {
		t.Errorf("after reading: %+v", lines)
	}
}

func TestWaitIsWokenByChange(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	done := make(chan error, 1)
	go func() {
		done <- s.sim.Wait(t.Context(), func() bool { return len(s.ops.Texts()) == 1 })
	}()
	s.ops.Post(s.alice, "now")
	if err := <-done; err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.sim.Wait(ctx, func() bool { return false }); err == nil {
		t.Error("waited for ever")
	}
}

func TestForwardedAndEmote(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	secret := s.ws.AddChannel("case-1", world.Private, s.bob, s.in.Bot)
	secret2 := s.ops.Post(s.bob, "the *original*").Forward(s.bob, secret, "look")
	row, _ := secret2.Now()
	if row.Text != "look" || len(row.Attachments) != 1 || row.Attachments[0]["text"] != "the *original*" || row.Attachments[0]["is_share"] != true {
		t.Errorf("forwarded = %+v", row)
	}
	if _, err := secret.Send(t.Context(), s.bob, person.Draft{Text: "/me shrugs"}); err != nil {
		t.Fatal(err)
	}
	m, err := secret.Send(t.Context(), s.bob, person.Draft{Text: "also here", ThreadTS: row.TS, Broadcast: true})
	if err != nil {
		t.Fatal(err)
	}
	s.quiet(t)
	var got []any
	for _, e := range s.app.Events("message") {
		if e["channel"] == secret.ID && e["client_msg_id"] != nil {
			got = append(got, e["subtype"])
		}
	}
	if diff := cmp.Diff([]any{nil, "me_message", "thread_broadcast"}, got); diff != "" {
		t.Error(diff)
	}
	if row, _ := m.Now(); !row.InChannel() {
		t.Error("the broadcast reply is not in the channel")
	}
}

func TestEditWithoutChangeIsNone(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	m := s.ops.Post(s.alice, "same")
	m.Edit(s.alice, "same")
	if row, _ := m.Now(); row.Edited != nil {
		t.Error("marked as edited")
	}
}

func TestAvatar(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	u, err := s.api.GetUserInfoContext(t.Context(), s.alice.ID)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "GET", u.Profile.Image72, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	img, err := png.Decode(resp.Body)
	if err != nil || img.Bounds().Dx() != 72 {
		t.Errorf("%s: %v", u.Profile.Image72, err)
	}
}
