package slacksim_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/slacksim"
)

// failing lets the app answer everything with an error.
func (s *stage) failing() {
	s.app.Answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
}

// TestDelayedEvents counts the tries of an event that is never taken: at once
// twice, after a minute, after five, and with Delayed Events once an hour for a day.
func TestDelayedEvents(t *testing.T) {
	s, c := retryStage(t, slacksim.Options{Late: 2 * time.Hour})
	s.in = s.ws.Install(slacksim.App{
		ID: s.in.ID, BotName: "Support Chat", BotToken: "xoxb-1", SigningSecret: secret, EventsURL: s.app.URL + "/events", DelayedEvents: true,
	})
	s.failing()
	n := len(s.sim.Attempts())
	s.ops.Post(s.alice, "hello")
	waits := []time.Duration{time.Minute, 5 * time.Minute}
	for range 24 {
		waits = append(waits, time.Hour)
	}
	for i, d := range waits {
		s.wait(t, "a try", func() bool { return len(s.tries(n)) == i+2 })
		if err := c.Blocked(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		c.Advance(d - time.Second)
		if err := c.Blocked(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if got := len(s.tries(n)); got != i+2 {
			t.Fatalf("try %d came early", got)
		}
		c.Advance(time.Second)
	}
	s.quiet(t)
	got := s.tries(n)
	if len(got) != 28 || got[27].RetryNum != 27 || got[27].Reason != "http_error" {
		t.Errorf("%d tries, the last %+v", len(got), got[len(got)-1])
	}
}

// TestADayPassesInOneStep lets the clock go through all that falls due, also past an
// app that does not answer.
func TestADayPassesInOneStep(t *testing.T) {
	s, c := retryStage(t, slacksim.Options{})
	s.sim.SetDelayedEvents(s.in, true)
	s.failing()
	n := len(s.sim.Attempts())
	s.ops.Post(s.alice, "hello")
	began := c.Now()
	if err := s.sim.Advance(t.Context(), 25*time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := len(s.tries(n)); got != 28 || c.Now().Sub(began) != 25*time.Hour {
		t.Errorf("%d tries in %s", got, c.Now().Sub(began))
	}
	hang := make(chan struct{})
	defer close(hang)
	s.app.Answer(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Slack-Retry-Num") == "" {
			<-hang
		}
	})
	s.ops.Post(s.alice, "hello again")
	if err := s.sim.Advance(t.Context(), 4*time.Second); err != nil {
		t.Fatal(err)
	}
	if got := s.tries(n + 28); len(got) == 0 || got[0].Failure != "http_timeout" {
		t.Errorf("tries = %+v", got)
	}
	real := newStage(t, slacksim.Options{})
	if err := real.sim.Advance(t.Context(), time.Hour); !errors.Is(err, slacksim.ErrNotManual) {
		t.Errorf("the wall's clock was moved: %v", err)
	}
}

// TestOldEventsAreGivenUp holds events back for longer than two hours.
func TestOldEventsAreGivenUp(t *testing.T) {
	s, c := retryStage(t, slacksim.Options{Late: 2 * time.Hour})
	for _, tt := range []struct {
		name    string
		age     time.Duration
		delayed bool
		want    int
	}{{"in time", 2 * time.Hour, false, 1}, {"late", 2*time.Hour + time.Second, false, 0}, {"late, Delayed Events", 3 * time.Hour, true, 1}} {
		s.sim.SetDelayedEvents(s.in, tt.delayed)
		before := len(s.app.Requests("/events"))
		s.sim.Dispatch.Hold()
		s.ops.Post(s.alice, "hello")
		c.Advance(tt.age)
		s.sim.Dispatch.Release()
		s.quiet(t)
		if got := len(s.app.Requests("/events")) - before; got != tt.want {
			t.Errorf("%s: %d events came, want %d", tt.name, got, tt.want)
		}
	}
}

// TestEventsAreSwitchedOff fails more than a thousand events within an hour: of
// 1,000 nothing follows.
func TestEventsAreSwitchedOff(t *testing.T) {
	s := newStage(t, slacksim.Options{AutoDisable: true, RetryDelays: []time.Duration{}})
	s.quiet(t)
	s.failing()
	post := func(n int) {
		for range n {
			s.ops.Post(s.alice, "hello")
		}
		s.quiet(t)
	}
	off := func() bool {
		app, _ := s.sim.World.Apps.App(s.in.ID)
		return app.EventsOff
	}
	setUp := len(s.sim.Attempts()) // what the app took before
	post(1000 - setUp)
	if off() {
		t.Fatal("switched off after a thousand events")
	}
	post(1)
	if !off() {
		t.Fatalf("not switched off after %d events, %d of them taken", len(s.sim.Attempts()), setUp)
	}
	before := len(s.app.Requests("/events"))
	post(1)
	if got := len(s.app.Requests("/events")) - before; got != 0 {
		t.Errorf("%d events came while they are off", got)
	}
	s.sim.SetEvents(s.in, true)
	post(1)
	if got := len(s.app.Requests("/events")) - before; got != 1 {
		t.Errorf("%d events came after they were switched on", got)
	}
}

// TestOneInTwentyIsEnough has an app take every twentieth of many events.
func TestOneInTwentyIsEnough(t *testing.T) {
	s := newStage(t, slacksim.Options{AutoDisable: true, RetryDelays: []time.Duration{}})
	s.quiet(t)
	var n atomic.Int64
	s.app.Answer(func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1)%20 != 0 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	for range 1100 {
		s.ops.Post(s.alice, "hello")
	}
	s.quiet(t)
	if app, _ := s.sim.World.Apps.App(s.in.ID); app.EventsOff {
		t.Error("switched off though one in twenty was taken")
	}
}

// TestTooManyEventsInAnHour has a limit of five instead of 30,000.
func TestTooManyEventsInAnHour(t *testing.T) {
	s, c := retryStage(t, slacksim.Options{Hourly: 5})
	c.Advance(2 * time.Hour) // what setting up told the app counts no more
	told := func() (messages, limited int, last map[string]any) {
		for _, r := range s.app.Requests("/events") {
			e := r.Envelope()
			switch {
			case e["type"] == "app_rate_limited":
				limited++
				last = e
			case r.Event()["text"] == "hello":
				messages++
			}
		}
		return messages, limited, last
	}
	post := func(n int) {
		for range n {
			s.ops.Post(s.alice, "hello")
		}
		s.quiet(t)
	}
	wants := func(what string, messages, limited int) {
		t.Helper()
		if m, l, _ := told(); m != messages || l != limited {
			t.Errorf("%s: %d messages and %d notices, want %d and %d", what, m, l, messages, limited)
		}
	}
	_, before, _ := told() // setting up is more than five events too
	post(5)
	wants("five", 5, before)
	start := c.Now().Truncate(time.Minute).Unix()
	post(3)
	wants("eight", 5, before+1)
	_, _, notice := told()
	if notice["minute_rate_limited"] != float64(start) || notice["team_id"] != s.ws.ID || notice["api_app_id"] != s.in.ID || notice["event"] != nil || notice["token"] == "" {
		t.Errorf("notice = %v", notice)
	}
	c.Advance(time.Minute)
	post(2)
	wants("a minute later", 5, before+2)
	c.Advance(time.Hour)
	post(1)
	wants("an hour later", 6, before+2)
}

// TestTwoRedirectsAreFollowed and not a third.
func TestTwoRedirectsAreFollowed(t *testing.T) {
	s := newStage(t, slacksim.Options{RetryDelays: []time.Duration{}})
	s.quiet(t)
	for _, tt := range []struct{ first, failure string }{{"/two", ""}, {"/three", "too_many_redirects"}} {
		next := map[string]string{"/three": "/two", "/two": "/one", "/one": "/end"}
		s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
			if to := next[r.URL.Path]; to != "" {
				http.Redirect(w, r, to, http.StatusMovedPermanently)
			}
		})
		s.ws.Install(slacksim.App{ID: s.in.ID, BotName: "Support Chat", BotToken: "xoxb-1", EventsURL: s.app.URL + tt.first})
		s.ops.Post(s.alice, "hello")
		s.quiet(t)
		as := s.sim.Attempts()
		if got := as[len(as)-1].Failure; got != tt.failure {
			t.Errorf("%s: %q, want %q", tt.first, got, tt.failure)
		}
	}
	if got := len(s.app.Requests("/end")); got != 1 {
		t.Errorf("%d requests at the end", got)
	}
}
