package slacksim_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
)

const formView = `{"type":"modal","callback_id":"f","notify_on_close":true,"title":{"type":"plain_text","text":"%s"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
	{"type":"input","block_id":"subject","label":{"type":"plain_text","text":"Subject"},"element":{"type":"plain_text_input","action_id":"v","max_length":10}},
	{"type":"input","block_id":"sev","label":{"type":"plain_text","text":"Severity"},"dispatch_action":true,"element":{"type":"static_select","action_id":"v",
		"options":[{"text":{"type":"plain_text","text":"High"},"value":"high"},{"text":{"type":"plain_text","text":"Low"},"value":"low"}],
		"initial_option":{"text":{"type":"plain_text","text":"Low"},"value":"low"}}},
	{"type":"input","block_id":"who","optional":true,"label":{"type":"plain_text","text":"Members"},"element":{"type":"multi_users_select","action_id":"v"}},
	{"type":"input","block_id":"ext","optional":true,"label":{"type":"plain_text","text":"Service"},"element":{"type":"external_select","action_id":"v","min_query_length":0}}]}`

// openForm has bob open the form by a command.
func (s *stage) openForm(t *testing.T) (*slacksim.Form, string) {
	t.Helper()
	var trigger string
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/commands" {
			trigger = r.Form.Get("trigger_id")
			s.ok(t, "views.open", "trigger_id", trigger, "view", fmt.Sprintf(formView, "One"))
		}
	})
	a, err := s.ops.Command(t.Context(), s.bob, "/support create")
	if err != nil || a.Form == nil {
		t.Fatalf("%v, %v", a, err)
	}
	return a.Form, trigger
}

func TestFormIsFilledIn(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	form, trigger := s.openForm(t)
	if out := s.call(t, "views.open", "trigger_id", trigger, "view", fmt.Sprintf(formView, "x")); out["error"] != "exchanged_trigger_id" {
		t.Errorf("second use of a trigger: %v", out)
	}
	if diff := cmp.Diff([]string{"Subject", "Severity", "Members", "Service"}, form.Labels()); diff != "" {
		t.Error(diff)
	}
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/options" {
			fmt.Fprint(w, `{"options":[{"text":{"type":"plain_text","text":"Database"},"value":"db"}]}`)
		}
	})
	offers, err := form.Suggest(t.Context(), "Service", "dat")
	if err != nil || len(offers) != 1 || offers[0].Options[0]["value"] != "db" {
		t.Fatalf("offers = %v, %v", offers, err)
	}
	for label, v := range map[string]string{"Subject": "much too long", "Severity": "High", "Members": "alice", "Service": "db"} {
		if err := form.Set(t.Context(), label, v); err != nil {
			t.Fatalf("%s: %v", label, err)
		}
	}
	rs := s.app.Requests("/interactivity")
	if len(rs) != 1 || rs[0].Payload()["type"] != "block_actions" {
		t.Errorf("dispatch_action sent %d requests", len(rs))
	}
	if wrong, err := form.Submit(t.Context()); err != nil || wrong["subject"] == "" {
		t.Errorf("too long: %v, %v", wrong, err)
	}
	if err := form.Set(t.Context(), "Subject", "short"); err != nil {
		t.Fatal(err)
	}
	if wrong, err := form.Submit(t.Context()); err != nil || wrong != nil {
		t.Fatalf("submit: %v, %v", wrong, err)
	}
	rs = s.app.Requests("/interactivity")
	view := rs[len(rs)-1].Payload()["view"].(map[string]any)
	got := view["state"].(map[string]any)["values"]
	option := func(text, value string) map[string]any {
		return map[string]any{"text": map[string]any{"type": "plain_text", "text": text}, "value": value}
	}
	want := map[string]any{
		"subject": map[string]any{"v": map[string]any{"type": "plain_text_input", "value": "short"}},
		"sev":     map[string]any{"v": map[string]any{"type": "static_select", "selected_option": option("High", "high")}},
		"who":     map[string]any{"v": map[string]any{"type": "multi_users_select", "selected_users": []any{s.alice.ID}}},
		"ext":     map[string]any{"v": map[string]any{"type": "external_select", "selected_option": option("Database", "db")}},
	}
	if diff := cmp.Diff(any(want), got); diff != "" {
		t.Error(diff)
	}
}

func TestTriggerExpires(t *testing.T) {
	c := clock.NewManual(time.Unix(1_700_000_000, 0))
	s := newStage(t, slacksim.Options{Clock: c})
	if err := s.ws.Shortcut(t.Context(), s.bob, s.in, "case_create"); err != nil {
		t.Fatal(err)
	}
	trigger := s.app.Requests("/interactivity")[0].Payload()["trigger_id"].(string)
	c.Advance(3*time.Second + time.Millisecond)
	if out := s.call(t, "views.open", "trigger_id", trigger, "view", fmt.Sprintf(formView, "x")); out["error"] != "expired_trigger_id" {
		t.Errorf("late: %v", out)
	}
}

func TestViewsStackUpdateAndClose(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	form, _ := s.openForm(t)
	fill := func() {
		t.Helper()
		if err := s.ws.View(s.bob).Set(t.Context(), "Subject", "x"); err != nil {
			t.Fatal(err)
		}
	}
	push := func(title string) http.HandlerFunc {
		return answerWith(200, "application/json", `{"response_action":"push","view":`+fmt.Sprintf(formView, title)+`}`)
	}
	for _, title := range []string{"Two", "Three"} {
		s.app.Answer(push(title))
		fill()
		if _, err := s.ws.View(s.bob).Submit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := s.ws.View(s.bob).Title(); got != title {
			t.Fatalf("on top is %q", got)
		}
	}
	s.app.Answer(push("Four"))
	fill()
	if _, err := s.ws.View(s.bob).Submit(t.Context()); err == nil {
		t.Error("a fourth view was pushed")
	}
	top := s.ws.View(s.bob)
	v, _ := top.Now()
	if out := s.call(t, "views.update", "view_id", top.ID, "hash", "old", "view", fmt.Sprintf(formView, "x")); out["error"] != "hash_conflict" {
		t.Errorf("update with an old hash: %v", out)
	}
	s.ok(t, "views.update", "view_id", top.ID, "hash", v.Hash, "view", fmt.Sprintf(formView, "Changed"))
	if got, err := top.Value("Subject"); err != nil || got["value"] != "x" || top.Title() != "Changed" {
		t.Errorf("after the update: %q, %v, %v", top.Title(), got, err)
	}
	s.app.Answer(nil)
	if err := top.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.ws.View(s.bob).Title(); got != "Two" {
		t.Errorf("below was %q", got)
	}
	if err := s.ws.View(s.bob).CloseAll(t.Context()); err != nil || s.ws.View(s.bob) != nil {
		t.Errorf("close all: %v", err)
	}
	var closed []any
	for _, r := range s.app.Requests("/interactivity") {
		if p := r.Payload(); p["type"] == "view_closed" {
			closed = append(closed, p["is_cleared"])
		}
	}
	if diff := cmp.Diff([]any{false, true, true}, closed); diff != "" {
		t.Error(diff)
	}
	if _, ok := form.Now(); ok {
		t.Error("the first form is still there")
	}
}
