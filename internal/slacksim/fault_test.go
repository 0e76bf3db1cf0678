package slacksim_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/fault"
)

func (s *stage) try(t *testing.T, text string) error {
	t.Helper()
	_, _, err := s.api.PostMessageContext(t.Context(), s.ops.ID, slack.MsgOptionText(text, false))
	return err
}

// TestLostAndLanded fails every call both ways and looks what Slack then has.
func TestLostAndLanded(t *testing.T) {
	for _, how := range []fault.How{fault.Drop, fault.Status500, fault.Status503, fault.Garbage, fault.HTML} {
		s := newStage(t, slacksim.Options{})
		s.sim.Fail("chat.postMessage", slacksim.Lost, slacksim.As(how))
		if err := s.try(t, "lost"); err == nil {
			t.Errorf("%s: a lost call gave no error", how)
		}
		s.sim.Fail("chat.*", slacksim.Landed, slacksim.As(how))
		if err := s.try(t, "landed"); err == nil {
			t.Errorf("%s: a landed call gave no error", how)
		}
		if err := s.try(t, "fine"); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"landed", "fine"}, s.ops.Texts()); diff != "" {
			t.Errorf("%s: %s", how, diff)
		}
		type outcome struct{ Applied, OK bool }
		var got []outcome
		for _, c := range s.sim.Calls("chat.postMessage") {
			got = append(got, outcome{c.Applied, c.OK})
		}
		if diff := cmp.Diff([]outcome{{false, false}, {true, false}, {true, true}}, got); diff != "" {
			t.Errorf("%s: %s", how, diff)
		}
	}
}

func TestHangingCall(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.sim.Fail("chat.postMessage", slacksim.Landed, slacksim.As(fault.Hang))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, _, err := s.api.PostMessageContext(ctx, s.ops.ID, slack.MsgOptionText("x", false))
		done <- err
	}()
	if err := s.sim.Wait(t.Context(), func() bool { return len(s.ops.Texts()) == 1 }); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-done:
		t.Errorf("answered: %v", err)
	default:
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func TestSlowCall(t *testing.T) {
	c := clock.NewManual(time.Unix(1_700_000_000, 0))
	s := newStage(t, slacksim.Options{Clock: c})
	s.quiet(t)
	s.sim.Slow("chat.postMessage", 5*time.Second)
	done := make(chan error, 1)
	go func() { done <- s.try(t, "x") }()
	if err := c.Blocked(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if len(s.ops.Texts()) != 0 {
		t.Error("it was quick")
	}
	c.Advance(5 * time.Second)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestWhichCallsFail(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	other := s.ws.AddChannel("other", "public", s.alice, s.in.Bot)
	s.sim.Fail("chat.postMessage", slacksim.Lost, slacksim.In(s.ops), slacksim.After(1), slacksim.Times(2))
	if _, _, err := s.api.PostMessageContext(t.Context(), other.ID, slack.MsgOptionText("x", false)); err != nil {
		t.Error(err)
	}
	var failed []int
	for i := range 5 {
		if s.try(t, fmt.Sprint(i)) != nil {
			failed = append(failed, i)
		}
	}
	if diff := cmp.Diff([]int{1, 2}, failed); diff != "" {
		t.Error(diff)
	}
	remove := s.sim.Refuse("chat.postMessage", "fatal_error", slacksim.Always)
	if err := s.try(t, "x"); err == nil || err.Error() != "fatal_error" {
		t.Errorf("err = %v", err)
	}
	remove()
	if err := s.try(t, "x"); err != nil {
		t.Error(err)
	}
	s.sim.RateLimit("chat.postMessage", 7)
	if e, ok := errors.AsType[*slack.RateLimitedError](s.try(t, "x")); !ok || e.RetryAfter != 7*time.Second {
		t.Errorf("err = %v", e)
	}
}

func TestChanceIsRepeatable(t *testing.T) {
	run := func(seed uint64) (failed []int) {
		s := newStage(t, slacksim.Options{})
		s.sim.Fail("chat.postMessage", slacksim.Lost, slacksim.Chance(0.3, seed))
		for i := range 30 {
			if s.try(t, fmt.Sprint(i)) != nil {
				failed = append(failed, i)
			}
		}
		return failed
	}
	first := run(7)
	if len(first) == 0 || len(first) > 20 || !slices.Equal(first, run(7)) || slices.Equal(first, run(8)) {
		t.Errorf("failed: %v, %v, %v", first, run(7), run(8))
	}
}

func TestFilesAndResponsesFailToo(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	m := s.ops.Upload(s.alice, "a.txt", []byte("content"), "")
	row, _ := m.Now()
	for _, method := range []string{"download", "upload", "response_url"} {
		s.sim.Fail(method, slacksim.Lost, slacksim.As(fault.Status503))
	}
	for _, r := range []struct{ verb, url string }{
		{"GET", row.Files[0].URL}, {"POST", s.sim.World.BaseURL() + "/upload/v1/x"}, {"POST", s.sim.World.BaseURL() + "/actions/T/x"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), r.verb, r.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 503 {
			t.Errorf("%s: %d", r.url, resp.StatusCode)
		}
	}
}

func TestOnePostASecondAndChannel(t *testing.T) {
	c := clock.NewManual(time.Unix(1_700_000_000, 0))
	s := newStage(t, slacksim.Options{Clock: c, PostsPerChannel: 2})
	for i, want := range []bool{true, true, false, false} {
		if err := s.try(t, "x"); (err == nil) != want {
			t.Errorf("post %d: %v", i+1, err)
		}
	}
	if e, ok := errors.AsType[*slack.RateLimitedError](s.try(t, "x")); !ok || e.RetryAfter != time.Second {
		t.Errorf("err = %v", e)
	}
	c.Advance(time.Second)
	if err := s.try(t, "x"); err != nil {
		t.Error(err)
	}
	if err := s.try(t, "x"); err == nil {
		t.Error("the burst came back at once")
	}
}

func TestTiers(t *testing.T) {
	c := clock.NewManual(time.Unix(1_700_000_000, 0))
	s := newStage(t, slacksim.Options{Clock: c, Tiers: true, Few: true})
	for i := range 20 {
		s.ok(t, "conversations.list", "limit", fmt.Sprint(i+1))
	}
	if out := s.call(t, "conversations.list"); out["error"] != "ratelimited" {
		t.Errorf("the 21st: %v", out)
	}
	c.Advance(time.Minute)
	s.ok(t, "conversations.list")
	for i := range 20 {
		s.ops.Post(s.alice, fmt.Sprint(i))
	}
	out := s.ok(t, "conversations.history", "channel", s.ops.ID, "limit", "200")
	if got := len(out["messages"].([]any)); got != 15 {
		t.Errorf("%d messages in the mode of few", got)
	}
	if out := s.call(t, "conversations.history", "channel", s.ops.ID); out["error"] != "ratelimited" {
		t.Errorf("the second history in a minute: %v", out)
	}
}
