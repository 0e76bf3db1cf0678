package socket_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/slack/socket"
	"caseline/internal/slack/wire"
)

func TestTwoConnectionsAndWhoseTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m missed
		f, c := start(t, &intake{}, m.option)
		if n := len(f.current()); n != 2 || f.opened() != 2 || f.token != "Bearer xapp-1-secret" {
			t.Errorf("got %d connections by %d questions with %q", n, f.opened(), f.token)
		}
		if got := c.Status(); got != (socket.Status{Connected: 2}) {
			t.Errorf("got %+v", got)
		}
		// What was written before the first hello may have gone nowhere.
		if m.count() != 1 {
			t.Errorf("told %d times that something may be missing, want once", m.count())
		}
		pass(24 * time.Hour)
		if n := f.opened(); n != 2 || m.count() != 1 {
			t.Errorf("a quiet day: %d connections opened, told of %d gaps", n, m.count())
		}
		for _, e := range f.all() {
			if e.pings < 10_000 {
				t.Errorf("pinged %d times in a day", e.pings)
			}
		}
	})
}

// A connection on which nothing comes back is dropped, and another opened.
func TestASilentConnectionIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m missed
		f, c := start(t, &intake{}, m.option)
		e := f.all()[0]
		e.mu.Lock()
		e.mute = true
		e.mu.Unlock()
		pass(11 * time.Second)
		if e.closed() || len(f.all()) != 2 {
			t.Fatal("dropped within the time that Slack has")
		}
		pass(6 * time.Second)
		if !e.closed() || len(f.current()) != 2 || len(f.all()) != 3 {
			t.Errorf("closed %v, %d connections of %d", e.closed(), len(f.current()), len(f.all()))
		}
		if m.count() != 2 || c.Status().Connected != 2 {
			t.Errorf("told of %d gaps, %+v", m.count(), c.Status())
		}
	})
}

// Slack's own pings keep a connection alive, and are answered.
func TestSlacksPingsCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _ := start(t, &intake{}, one)
		e := f.all()[0]
		e.mu.Lock()
		e.mute = true
		e.mu.Unlock()
		for i := range 20 {
			e.writes.Lock()
			_ = e.ws.WriteControl(9, []byte(fmt.Sprint(i)), time.Now().Add(time.Second))
			e.writes.Unlock()
			pass(10 * time.Second)
		}
		if len(f.all()) != 1 || len(e.pongs) != 20 || e.pongs[19] != "19" {
			t.Errorf("%d connections, pongs %v", len(f.all()), e.pongs)
		}
	})
}

// The new connection has said hello before the old one goes, and what the old one
// has brought is acked there.
func TestRefreshOverlaps(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested", "a_reason_of_later"} {
		t.Run(reason, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var m missed
				in := &intake{}
				f, c := start(t, in, one, m.option)
				old := f.all()[0]
				slow := make(chan struct{})
				f.greeting(func(e *end) { // not at once
					<-slow
					e.hello(2)
				})
				release := in.holds("Ev1")
				old.goodbye(reason)
				pass(2 * time.Second)
				if len(f.all()) != 2 || old.closed() || c.Status().Connected != 1 {
					t.Fatalf("%d connections, old closed %v, %+v", len(f.all()), old.closed(), c.Status())
				}
				old.event("Ev1", "C1", 0)
				old.event("Ev2", "C2", 0)
				close(slow)
				synctest.Wait()
				if _, ok := old.acked("Ev2"); !ok || old.closed() {
					t.Errorf("acked %v on the old one, closed %v", ok, old.closed())
				}
				release()
				pass(11 * time.Second)
				if _, ok := old.acked("Ev1"); !ok || old.closed() {
					t.Errorf("acked %v on the old one, closed %v while Slack may still use it", ok, old.closed())
				}
				pass(3 * time.Second)
				if !old.closed() || !strings.Contains(old.gone.Error(), "1000") || len(f.current()) != 1 {
					t.Errorf("closed %v by %v, %d left", old.closed(), old.gone, len(f.current()))
				}
				if len(in.kept()) != 2 || m.count() != 1 {
					t.Errorf("kept %v; told of %d gaps, want only that of the start", in.kept(), m.count())
				}
			})
		})
	}
}

// When Slack closes the old connection before the new one is there, that is a gap.
func TestAGapIsToldOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m missed
		f, c := start(t, &intake{}, one, m.option)
		since := time.Now()
		f.net.cut(true)
		f.all()[0].ws.Close()
		pass(10 * time.Minute)
		s := c.Status()
		if s.Connected != 0 || !s.Since.Equal(since) || s.Reason != "" || m.count() != 1 {
			t.Errorf("got %+v, told of %d gaps", s, m.count())
		}
		f.net.cut(false)
		pass(time.Minute) // the longest pause of what never left us
		if c.Status() != (socket.Status{Connected: 1}) || m.count() != 2 {
			t.Errorf("back: got %+v, told of %d gaps", c.Status(), m.count())
		}
	})
}

// A connection that broke is replaced at once, whatever is still being done for
// what came over it.
func TestABrokenConnectionIsReplacedWhileWorkGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		worked := 0
		in := &intake{answer: func(string) socket.Answer {
			return socket.Answer{Then: func(context.Context) { time.Sleep(7 * time.Second); worked++ }}
		}}
		var m missed
		f, c := start(t, in, one, m.option)
		pass(time.Minute)
		f.all()[0].command("E1", "help")
		synctest.Wait()
		f.all()[0].ws.Close()
		pass(time.Second)
		if len(f.all()) != 2 || c.Status().Connected != 1 || m.count() != 2 {
			t.Errorf("%d connections so far, %+v, told of %d gaps", len(f.all()), c.Status(), m.count())
		}
		if pass(7 * time.Second); worked != 1 {
			t.Errorf("what was to follow the ack was done %d times", worked)
		}
	})
}

func TestGhosts(t *testing.T) {
	// fits says how Slack counts for a connection that says hello.
	fits := func(f *fake) int { return len(f.current()) }
	t.Run("Slack knows fewer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			var m missed
			f, _ := start(t, &intake{}, m.option)
			ghost := f.all()[1]
			f.greeting(func(e *end) {
				n := fits(f)
				if !ghost.closed() {
					n-- // this one Slack has lost
				}
				if n > 2 {
					n = 2 // nor does it count those that are going
				}
				e.hello(n)
			})
			f.all()[0].ws.Close() // a new one, whose hello tells: it and the ghost make two
			pass(30 * time.Second)
			if len(f.all()) != 3 || ghost.closed() {
				t.Fatalf("%d connections, ghost closed %v", len(f.all()), ghost.closed())
			}
			pass(2 * time.Minute)
			if !ghost.closed() || len(f.current()) != 2 {
				t.Errorf("ghost closed %v, %d connections", ghost.closed(), len(f.current()))
			}
			if m.count() != 3 { // the start, the break, the doubt
				t.Errorf("told of %d gaps", m.count())
			}
			opened := f.opened()
			pass(12 * time.Hour)
			if f.opened() != opened {
				t.Errorf("%d more were opened when all was well", f.opened()-opened)
			}
		})
	})
	for name, goes := range map[string]func(e *end){
		"told to go": func(e *end) { e.goodbye("refresh_requested") },
		"closed":     func(e *end) { e.ws.Close() },
	} {
		t.Run("Slack knows one fewer, which is "+name+" a moment later", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var m missed
				f, _ := start(t, &intake{}, m.option)
				old := f.all()
				f.greeting(func(e *end) {
					f.refusing(func(w http.ResponseWriter) bool { w.WriteHeader(http.StatusBadGateway); return true }) // so that Slack counts no more
					e.hello(1)
					time.Sleep(100 * time.Millisecond)
					goes(old[1])
				})
				goes(old[0])
				pass(2 * time.Second)
				if len(f.all()) != 3 {
					t.Fatalf("%d connections, so this shows nothing", len(f.all()))
				}
				told := m.count()
				pass(2 * time.Minute)
				if m.count() != told {
					t.Errorf("told of %d gaps more, for there was a doubt", m.count()-told)
				}
			})
		})
	}
	t.Run("Slack has not noticed that old ones are gone", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			f := newFake(t)
			f.greeting(func(e *end) {
				n := fits(f)
				if time.Since(begin) < 40*time.Second {
					n += 2
				}
				e.hello(n)
			})
			run(t, f.client(&intake{}))
			pass(12 * time.Hour)
			if len(f.current()) != 2 || f.opened() > 3 {
				t.Errorf("%d connections, %d opened", len(f.current()), f.opened())
			}
		})
	})
	t.Run("another program uses the token", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.greeting(func(e *end) { e.hello(fits(f) + 2) })
			run(t, f.client(&intake{}))
			pass(12 * time.Hour)
			if len(f.current()) != 2 || f.opened() > 4 {
				t.Errorf("%d connections, %d opened in half a day", len(f.current()), f.opened())
			}
		})
	})
	t.Run("Slack's counts never fit", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.greeting(func(e *end) { e.hello(1) })
			run(t, f.client(&intake{}))
			pass(12 * time.Hour)
			if n := f.opened(); len(f.current()) != 2 || n > 4+12*4 {
				t.Errorf("%d connections, %d opened in half a day", len(f.current()), n)
			}
		})
	})
	t.Run("Slack does not count", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.greeting(func(e *end) { e.send(`{"type":"hello"}`) })
			run(t, f.client(&intake{}))
			pass(12 * time.Hour)
			if f.opened() != 2 {
				t.Errorf("%d opened", f.opened())
			}
		})
	})
}

// run runs a client until the test ends.
func run(t *testing.T, c *socket.Client) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
}

// When Socket Mode is switched off nobody storms Slack, and somebody is told.
func TestLinkDisabled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m missed
		in := &intake{}
		f, c := start(t, in, m.option)
		release := in.holds("Ev1")
		f.all()[0].event("Ev1", "C1", 0)
		synctest.Wait()
		since := time.Now()
		for _, e := range f.all() {
			e.goodbye(wire.ReasonDisabled)
		}
		release()
		pass(2 * time.Second)
		if _, ok := f.all()[0].acked("Ev1"); !ok {
			t.Error("what was taken is not acked")
		}
		s := c.Status()
		if s.Connected != 0 || s.Reason != "link_disabled" || s.Since.Before(since) || !s.Next.Equal(since.Add(time.Minute)) {
			t.Errorf("got %+v", s)
		}
		pass(50 * time.Second)
		if len(f.current()) != 0 || f.opened() != 2 {
			t.Errorf("%d connections, %d opened", len(f.current()), f.opened())
		}
		// It still is when it is tried again: by a hello that is followed by the same.
		f.greeting(func(e *end) { e.goodbye(wire.ReasonDisabled) })
		pass(8 * time.Minute)
		if n := f.opened(); n != 2+3 {
			t.Errorf("tried %d times in nine minutes, want 3: once soon, and then less and less often", n-2)
		}
		pass(time.Hour)
		if n := f.opened(); n != 2+3+6 {
			t.Errorf("tried %d times in the hour after that, want 6", n-2-3)
		}
		if s := c.Status(); s.Reason != "link_disabled" || m.count() != 1 {
			t.Errorf("got %+v, told of %d gaps", s, m.count())
		}
		f.greeting(nil)
		pass(11 * time.Minute)
		if c.Status() != (socket.Status{Connected: 2}) || m.count() != 2 {
			t.Errorf("on again: got %+v, told of %d gaps", c.Status(), m.count())
		}
	})
}

// What is said of why there is no connection is what the last try came to: what
// an earlier one came to may not be so any more.
func TestTheReasonIsThatOfTheLastTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, c := start(t, &intake{})
		for _, e := range f.all() {
			e.goodbye(wire.ReasonDisabled)
		}
		pass(10 * time.Second)
		if s := c.Status(); s.Reason != wire.ReasonDisabled {
			t.Errorf("switched off: got %+v", s)
		}
		f.net.cut(true)
		pass(2 * time.Minute)
		if s := c.Status(); s.Connected != 0 || s.Reason != "" {
			t.Errorf("Slack out of reach since: got %+v", s)
		}
		f.refusing(answers(`{"ok":false,"error":"forbidden_team"}`))
		f.net.cut(false)
		pass(2 * time.Minute)
		if s := c.Status(); s.Reason != "forbidden_team" {
			t.Errorf("refused since: got %+v", s)
		}
		f.refusing(nil)
		f.greeting(func(e *end) { e.goodbye(wire.ReasonDisabled) })
		pass(10 * time.Minute)
		if s := c.Status(); s.Reason != wire.ReasonDisabled {
			t.Errorf("still switched off: got %+v", s)
		}
	})
}

func TestTooManyWebsockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, c := start(t, &intake{}, func(o *socket.Options) { o.Connections = 3 })
		f.all()[2].goodbye(wire.ReasonTooMany)
		pass(10 * time.Minute)
		if len(f.current()) != 2 || f.opened() != 3 || c.Status().Connected != 2 {
			t.Errorf("%d connections, %d opened, %+v", len(f.current()), f.opened(), c.Status())
		}
		pass(6 * time.Minute)
		if len(f.current()) != 3 || f.opened() != 4 {
			t.Errorf("later: %d connections, %d opened", len(f.current()), f.opened())
		}
	})
	t.Run("even one", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.greeting(func(e *end) {
				e.hello(1)
				e.goodbye(wire.ReasonTooMany)
			})
			c := f.client(&intake{})
			run(t, c)
			pass(time.Hour)
			if s, n := c.Status(), f.opened(); n > 70 || n < 10 || s.Reason != "too_many_websockets" {
				t.Errorf("%d opened in an hour, %+v", n, s)
			}
		})
	})
}

// Slack is asked for no more than it may be, whatever goes wrong.
func TestOpeningIsPaced(t *testing.T) {
	for _, tt := range []struct {
		name        string
		refuse      func(http.ResponseWriter) bool
		greet       func(*end)
		least, most int // in an hour
		reason      string
	}{
		{"the token is refused", answers(`{"ok":false,"error":"invalid_auth"}`), nil, 6, 12, "invalid_auth"},
		{"Slack is ill", func(w http.ResponseWriter) bool { http.Error(w, "ill", http.StatusBadGateway); return true }, nil, 50, 6 + 61, ""},
		{"an answer without an address", answers(`{"ok":true}`), nil, 50, 6 + 61, ""},
		{"an address that is elsewhere", answers(`{"ok":true,"url":"ws://example.com/link"}`), nil, 50, 6 + 61, ""},
		{"the address is refused", answers(`{"ok":true,"url":"ws://127.0.0.1/link/?ticket=none"}`), nil, 50, 6 + 61, ""},
		{"no hello", nil, func(*end) {}, 50, 6 + 61, ""},
		{"closed after hello", nil, func(e *end) { e.hello(1); e.ws.Close() }, 50, 6 + 61, ""},
		{"refreshed after hello", nil, func(e *end) { e.hello(1); e.goodbye("refresh_requested"); e.ws.Close() }, 50, 6 + 61, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.refusing(tt.refuse)
				f.greeting(tt.greet)
				c := f.client(&intake{})
				run(t, c)
				pass(time.Hour)
				if n := f.opened(); n < tt.least || n > tt.most {
					t.Errorf("asked %d times in an hour, want %d to %d", n, tt.least, tt.most)
				}
				if s := c.Status(); s.Reason != tt.reason {
					t.Errorf("got %+v, want the reason %q", s, tt.reason)
				}
				f.mu.Lock()
				opens := slices.Clone(f.opens)
				f.mu.Unlock()
				for i := 6; i+5 < len(opens); i++ {
					if opens[i+5].Sub(opens[i]) < 3*time.Minute {
						t.Errorf("six times within %v, long after the start", opens[i+5].Sub(opens[i]))
						break
					}
				}
				f.refusing(nil)
				f.greeting(nil)
				pass(11 * time.Minute)
				if c.Status() != (socket.Status{Connected: 2}) {
					t.Errorf("healed: got %+v", c.Status())
				}
			})
		})
	}
}

func answers(body string) func(http.ResponseWriter) bool {
	return func(w http.ResponseWriter) bool {
		fmt.Fprint(w, body)
		return true
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.refusing(func(w http.ResponseWriter) bool {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, `{"ok":false,"error":"ratelimited"}`)
			return true
		})
		c := f.client(&intake{})
		run(t, c)
		pass(89 * time.Second)
		if f.opened() != 1 || c.Status().Reason != "" {
			t.Errorf("asked %d times, %+v", f.opened(), c.Status())
		}
		f.refusing(nil)
		pass(11 * time.Second) // and a tenth of it at most
		if c.Status().Connected != 2 || f.opened() != 3 {
			t.Errorf("got %+v after %d questions", c.Status(), f.opened())
		}
	})
}

// What was taken is finished and acked, then all is closed.
func TestStopsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &intake{}
		f := newFake(t)
		c := f.client(in)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.Run(ctx) }()
		synctest.Wait()
		release := in.holds("Ev1")
		in.holds("stuck")
		a, b := f.all()[0], f.all()[1]
		a.event("Ev1", "C1", 0)
		b.event("stuck", "C2", 0)
		synctest.Wait()
		cancel()
		synctest.Wait()
		a.event("Ev2", "C1", 0) // too late: Slack sends it to whoever comes next
		pass(time.Second)
		if a.closed() || len(done) != 0 {
			t.Fatal("closed before it was done")
		}
		release()
		pass(10 * time.Millisecond)
		if _, ok := a.acked("Ev1"); !ok || !a.closed() || b.closed() {
			t.Errorf("acked %v, closed %v and %v", ok, a.closed(), b.closed())
		}
		pass(5 * time.Second)
		if len(done) != 1 || !b.closed() || <-done != nil {
			t.Error("did not stop")
		}
		if _, ok := b.acked("stuck"); ok || !slices.Equal(in.kept(), []string{"Ev1"}) {
			t.Errorf("acked what is not stored: %v; kept %v", ok, in.kept())
		}
		if c.Counts()["left to another connection"] != 1 {
			t.Errorf("counted %v", c.Counts())
		}
	})
}

// Started and stopped at any moment, nothing is left running: the bubble would
// not end.
func TestRunEndsWhenever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := random(7)
		for range 200 {
			f, late := newFake(t), time.Duration(r.IntN(2000))*time.Millisecond
			f.greeting(func(e *end) {
				time.Sleep(late)
				e.hello(1)
				e.event("Ev1", "C1", 0)
			})
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			c := f.client(&intake{})
			go func() { done <- c.Run(ctx) }()
			time.Sleep(time.Duration(r.IntN(5000)) * time.Millisecond)
			cancel()
			begin := time.Now()
			if err := <-done; err != nil || time.Since(begin) > 15*time.Second {
				t.Fatalf("got %v after %v", err, time.Since(begin))
			}
			if c.Status() != (socket.Status{}) {
				t.Errorf("got %+v", c.Status())
			}
		}
	})
}

// A connection's address is as good as a token.
func TestNothingSecretIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder // one handler writes at a time
		f := newFake(t)
		c := f.client(&intake{}, func(o *socket.Options) {
			o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		run(t, c)
		for _, answer := range []string{
			`{"ok":true,"url":"ws://127.0.0.1/link/?ticket=none"}`, `{"ok":true,"url":"ws://127.0.0.1/elsewhere?ticket=none"}`,
			`{"ok":true,"url":"https://127.0.0.1/link/?ticket=none"}`, `{"ok":true,"url":"ws://a b/?ticket=none"}`,
			`{"ok":true,"url":"wss://127.0.0.1/link/?ticket=none"}`, `{"ok":false,"error":"invalid_auth"}`,
		} {
			f.refusing(answers(answer))
			for _, e := range f.current() {
				e.ws.Close()
			}
			pass(2 * time.Minute)
		}
		f.net.cut(true)
		pass(15 * time.Minute)
		f.net.cut(false)
		text := log.String()
		if n := strings.Count(text, "no connection to slack"); n < 6 || strings.Contains(text, "ticket=") || strings.Contains(text, "secret") {
			t.Errorf("%d failures are told in:\n%s", n, text)
		}
	})
}
