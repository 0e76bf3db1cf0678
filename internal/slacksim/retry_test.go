package slacksim_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/dispatch"
)

// A retryStage has a clock that stands still.
func retryStage(t *testing.T, o slacksim.Options) (*stage, *clock.Manual) {
	t.Helper()
	c := clock.NewManual(time.Unix(1_700_000_000, 0))
	o.Clock = c
	s := newStage(t, o)
	s.quiet(t)
	return s, c
}

func TestRetries(t *testing.T) {
	s, c := retryStage(t, slacksim.Options{})
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
	})
	before := len(s.app.Requests("/events"))
	attempts := len(s.sim.Attempts())
	m := s.ops.Post(s.alice, "hello")
	count := func(n int) func() bool { return func() bool { return len(s.app.Requests("/events")) == before+n } }
	s.app.Wait(t, count(2)) // at once, twice
	for i, d := range []time.Duration{time.Minute, 5 * time.Minute} {
		if err := s.sim.Wait(t.Context(), func() bool { return len(s.sim.Attempts()) == attempts+2+i }); err != nil {
			t.Fatal(err)
		}
		if err := c.Blocked(t.Context(), 1); err != nil { // only the next attempt waits
			t.Fatal(err)
		}
		c.Advance(d)
		s.app.Wait(t, count(3+i))
	}
	s.quiet(t)
	rs := s.app.Requests("/events")[before:]
	var nums, reasons []string
	ids := map[any]bool{}
	for _, r := range rs {
		nums = append(nums, r.Header.Get("X-Slack-Retry-Num"))
		reasons = append(reasons, r.Header.Get("X-Slack-Retry-Reason"))
		ids[r.Envelope()["event_id"]] = true
		if r.Event()["ts"] != m.TS {
			t.Errorf("event = %v", r.Event())
		}
	}
	if diff := cmp.Diff([]string{"", "1", "2", "3"}, nums); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", "http_error", "http_error", "http_error"}, reasons); diff != "" {
		t.Error(diff)
	}
	if len(ids) != 1 {
		t.Errorf("ids = %v", ids)
	}
}

func TestNoRetryWhenAsked(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.quiet(t)
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Slack-No-Retry", "1")
		w.WriteHeader(http.StatusInternalServerError)
	})
	before := len(s.app.Requests("/events"))
	s.ops.Post(s.alice, "hello")
	s.quiet(t)
	if got := len(s.app.Requests("/events")) - before; got != 1 {
		t.Errorf("%d attempts", got)
	}
}

func TestSlowAppIsAskedAgain(t *testing.T) {
	s, c := retryStage(t, slacksim.Options{})
	release := make(chan struct{})
	defer close(release)
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Slack-Retry-Num") == "" {
			<-release
		}
	})
	before := len(s.app.Requests("/events"))
	s.ops.Post(s.alice, "hello")
	s.app.Wait(t, func() bool { return len(s.app.Requests("/events")) == before+1 })
	if err := c.Blocked(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	c.Advance(3 * time.Second)
	s.quiet(t)
	rs := s.app.Requests("/events")[before:]
	if len(rs) != 2 || rs[1].Header.Get("X-Slack-Retry-Reason") != "http_timeout" {
		t.Errorf("%d attempts, the last %v", len(rs), rs[len(rs)-1].Header)
	}
}

func TestRedirectsAndDeadApps(t *testing.T) {
	s := newStage(t, slacksim.Options{RetryDelays: []time.Duration{0}})
	s.quiet(t)
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/events" {
			http.Redirect(w, r, "/moved", http.StatusFound)
		}
	})
	s.ops.Post(s.alice, "hello")
	s.quiet(t)
	if got := len(s.app.Requests("/moved")); got != 1 {
		t.Errorf("%d requests at the new address", got)
	}
	s.ws.Install(slacksim.App{ID: s.in.ID, BotName: "Support Chat", BotToken: "xoxb-1", EventsURL: "http://127.0.0.1:1/events"})
	s.ops.Post(s.alice, "nobody home")
	s.quiet(t)
	as := s.sim.Attempts()
	if got := as[len(as)-1]; got.Failure != "connection_failed" || got.RetryNum != 1 || got.Reason != "connection_failed" {
		t.Errorf("last attempt = %+v", got)
	}
}

func TestURLVerification(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.quiet(t)
	app, _ := s.sim.World.Apps.App(s.in.ID)
	if err := s.sim.Dispatch.VerifyURL(t.Context(), app); err == nil {
		t.Error("an empty answer was taken")
	}
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		rs := s.app.Requests("/events")
		challenge := rs[len(rs)-1].Envelope()["challenge"].(string)
		_, _ = w.Write([]byte(challenge))
	})
	if err := s.sim.Dispatch.VerifyURL(t.Context(), app); err != nil {
		t.Error(err)
	}
}

func TestChaos(t *testing.T) {
	run := func(c dispatch.Chaos) (texts []string, ids int) {
		s := newStage(t, slacksim.Options{RetryDelays: []time.Duration{0, time.Millisecond, time.Millisecond}})
		s.quiet(t)
		before := len(s.app.Requests("/events"))
		s.sim.Dispatch.SetChaos(c)
		s.sim.Dispatch.Hold() // so that all are there to be overtaken
		for i := range 40 {
			s.ops.Post(s.alice, "m"+strings.Repeat("i", i))
		}
		s.sim.Dispatch.Release()
		s.quiet(t)
		seen := map[any]bool{}
		for _, r := range s.app.Requests("/events")[before:] {
			texts = append(texts, r.Event()["text"].(string))
			seen[r.Envelope()["event_id"]] = true
		}
		return texts, len(seen)
	}
	for name, c := range map[string]struct {
		chaos     dispatch.Chaos
		more, new bool
	}{
		"none":             {chaos: dispatch.Chaos{}},
		"duplicates":       {chaos: dispatch.Chaos{Seed: 1, Duplicate: 0.3}, more: true},
		"duplicates, new":  {chaos: dispatch.Chaos{Seed: 1, DuplicateNew: 0.3}, more: true, new: true},
		"lost connections": {chaos: dispatch.Chaos{Seed: 1, Lost: 0.3}},
		"landed":           {chaos: dispatch.Chaos{Seed: 1, Landed: 0.3}, more: true},
		"reordered":        {chaos: dispatch.Chaos{Seed: 1, Reorder: 0.5, Window: 20 * time.Millisecond}},
	} {
		got, ids := run(c.chaos)
		distinct := len(slices.Compact(slices.Sorted(slices.Values(got))))
		if distinct != 40 || (len(got) > 40) != c.more || (ids > 40) != c.new {
			t.Errorf("%s: %d messages, %d distinct, %d ids", name, len(got), distinct, ids)
		}
		inOrder := slices.IsSorted(got)
		if want := name != "reordered" && name != "lost connections" && name != "landed"; want != inOrder && name != "lost connections" && name != "landed" {
			t.Errorf("%s: in order %t", name, inOrder)
		}
	}
}

func TestHoldAndRelease(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.quiet(t)
	before := len(s.app.Requests("/events"))
	s.sim.Dispatch.Hold()
	s.ops.Post(s.alice, "hello")
	if got := s.sim.World.Undelivered(); got == 0 || len(s.app.Requests("/events")) != before {
		t.Errorf("undelivered = %d", got)
	}
	s.sim.Dispatch.Release()
	s.quiet(t)
	if len(s.app.Requests("/events")) == before {
		t.Error("nothing came after Release")
	}
}
