package scenario

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/app/agent"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
	"caseline/internal/store/storetest"
)

// slackHost is of this machine, for connections of Socket Mode without TLS go
// nowhere else.
const slackHost = "localhost"

// ourHost is where the server is. It is of this machine, too: people come back
// there from Slack's page of consent, without TLS.
const ourHost = "127.0.0.1"

// TestB8_OutagesOfMinutes lets people and agents talk in a channel and in a
// thread while Slack and the server cannot reach each other for minutes, with
// all the waits of both as they are: Slack tries an event at once, after a
// minute and after five, and the server asks less and less often. The whole
// program and the simulated Slack live in virtual time, which passes when all
// of them wait. A socket to PostgreSQL would keep it from passing, so these
// stories are told on SQLite.
func TestB8_OutagesOfMinutes(t *testing.T) {
	t.Parallel()
	n, longest := uint64(2), 75
	if testing.Short() {
		n, longest = 1, 4
	}
	for _, o := range []struct {
		name    string
		minutes int
		begin   func(s *siege, l *line) (end func())
	}{
		{"the line is cut for two minutes", 2, cutLine},
		{"the line is cut for twenty minutes", 20, cutLine},
		{"Slack answers with errors and forgets for four minutes", 4, silence(fault.Status503)},
		{"Slack answers nothing and forgets for twenty-five minutes", 25, silence(fault.Hang)},
		{"the line is cut for longer than until people are asked", 40, cutLine},
		{"Slack answers with errors and forgets for longer than until a chat ends", 75, silence(fault.Status503)},
	} {
		if o.minutes > longest {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			for seed := range n {
				t.Run(fmt.Sprintf("seed=%d", seed+1), func(t *testing.T) {
					t.Parallel()
					url := storetest.SQLiteURL(t)
					// Slack's last try of an event comes after six minutes, and the
					// server reads up a minute after a late one.
					synctest.Test(t, func(t *testing.T) {
						s, l := newBubble(t, seed+1, url)
						s.talkThrough(o.minutes, 8*time.Minute, func() (end func()) { return o.begin(s, l) })
					})
				})
			}
		})
	}
}

// cutLine lets nothing pass between Slack and the server. What Slack still tries
// to tell when the line is mended arrives late.
func cutLine(s *siege, l *line) (end func()) {
	l.setCut(true)
	return func() { l.setCut(false) }
}

// silence is an outage of Slack itself, which afterwards knows of no event that
// it would have to tell of.
func silence(how fault.How) func(s *siege, l *line) (end func()) {
	return func(s *siege, _ *line) func() {
		restore, err := s.darken(s.ctx, how)
		s.must(err)
		return restore
	}
}

// newBubble is a house in virtual time, and the line between Slack and the
// server. change, of house, slacksim.Options or config.Config, is how it is not as
// usual.
func newBubble(t *testing.T, seed uint64, url string, change ...any) (*siege, *line) {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), 9*24*time.Hour, errors.New("the story took too long"))
	t.Cleanup(cancel)
	lan := newNetwork()
	between, office := &line{network: lan}, &line{network: lan}
	h := &house{T: t, ctx: ctx, url: "http://" + ourHost, reaches: between.transport()}
	h.listens = func() net.Listener { return lan.listen(ourHost) }
	h.dials = between.dialSocket
	changed(h, change)
	s := &siege{house: h, plot: plot{seed: seed}}
	slack := slacksim.Options{
		Logger:  slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
		BaseURL: "http://" + slackHost, RetryDelays: h.retries, Client: &http.Client{Transport: between.transport()},
		Fail: func(err error) { t.Helper(); t.Fatal(err) },
	}
	changed(&slack, change)
	var err error
	s.slack, err = slacksim.New(slack)
	s.must(err)
	s.populate()
	web := &http.Server{Handler: s.slack.Handler(), ReadHeaderTimeout: patience}
	slackLn := lan.listen(slackHost)
	s.runs("slack's server", func(context.Context) error { return web.Serve(slackLn) }, func() { web.Close() })
	s.runs("slack", s.slack.Run, nil)
	s.cfg = s.config(url, slackHost)
	usual := config.Default()
	s.cfg.Slack.Timeout, s.cfg.Slack.Pace, s.cfg.Chat.CompareAfter = usual.Slack.Timeout, usual.Slack.Pace, usual.Chat.CompareAfter
	s.cfg.Chat.AgentGone = 0 // Jane has no page open here
	s.database = url
	changed(&s.cfg, change)
	s.startApp()
	s.Cleanup(s.stopApp)
	s.connected()
	way := office.transport()
	s.Cleanup(way.CloseIdleConnections)
	s.way = way
	s.jane, err = agent.SignInBy(ctx, way, s.url, janeEmail, password)
	s.must(err)
	return s, between
}

// changed makes the changes that are of a T.
func changed[T any](to *T, change []any) {
	for _, c := range change {
		if f, ok := c.(func(*T)); ok {
			f(to)
		}
	}
}

// talkThrough is a whole story: before, during and after an outage, after which
// all is on the case in time.
func (s *siege) talkThrough(minutes int, inTime time.Duration, begin func() (end func())) {
	s.Helper()
	s.openChats()
	s.slack.Dispatch.SetChaos(s.chaos(0))
	rng := rand.New(rand.NewPCG(s.seed, 20))
	s.chatter(rng, 15, 8*time.Second, true, false)
	time.Sleep(10 * time.Second) // what is on its way arrives
	end := begin()
	// A file that has not reached Slack for ten minutes is given up, which the
	// agent sees and may have tried again; here none is sent for so long.
	n := min(3*minutes, 75)
	s.chatter(rng, n, time.Duration(minutes)*time.Minute/time.Duration(n), minutes < 8, true)
	end()
	s.chatter(rng, 15, 8*time.Second, true, false)
	s.within(inTime, "all that was written is on the case while the chat runs", func() bool { return len(s.unrecorded()) == 0 })
	for _, e := range s.exchanges {
		s.must(e.hand.End(s.ctx, e.number))
		time.Sleep(time.Second) // here the clock stands still while people act
		e.whispers("after", 2)
	}
	s.within(10*time.Minute, "everything is told and compared", s.settled)
	s.compareAll()
}

// openChats begins a chat in a channel and one in a thread.
func (s *siege) openChats() {
	s.Helper()
	for i, kind := range []desk.PlaceKind{desk.PlaceChannel, desk.PlaceThread} {
		s.kind = kind
		c := s.asks(s.alice, subjectOf(i), s.bob).joins()
		s.exchanges = append(s.exchanges, &exchange{chat: *c, n: i, hand: s.jane, people: []*slacksim.User{s.alice, s.bob}})
	}
}

// TestB8_OutagesOfMinutesBySocketMode is TestB8_OutagesOfMinutes for what can
// befall connections: they are asked for anew less and less often, up to ten
// minutes after Slack said that Socket Mode is off. None of these stories starts
// the server anew.
func TestB8_OutagesOfMinutesBySocketMode(t *testing.T) {
	t.Parallel()
	for _, o := range []struct {
		name    string
		minutes int
		inTime  time.Duration
		begin   func(s *siege, l *line) (end func())
	}{
		{"the line is cut for twenty minutes", 20, 8 * time.Minute, cutLine},
		{"Socket Mode is switched off for fifteen minutes", 15, 12 * time.Minute, switchOff},
		{"every connection becomes a ghost, and so do those after it, for eight minutes", 8, 8 * time.Minute, haunt},
		{"connections are warned, replaced or cut each minute for thirty minutes", 30, 8 * time.Minute, breakEachMinute},
	} {
		if testing.Short() && o.minutes > 8 {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			url := storetest.SQLiteURL(t)
			synctest.Test(t, func(t *testing.T) {
				s, l := newBubble(t, 1, url, func(h *house) { h.sockets = true })
				s.talkThrough(o.minutes, o.inTime, func() (end func()) { return o.begin(s, l) })
			})
		})
	}
}

func switchOff(s *siege, _ *line) (end func()) {
	s.slack.SetSocketMode(s.bot, false)
	return func() { s.slack.SetSocketMode(s.bot, true) }
}

// eachMinute does something at once and every minute until it ends.
func (s *siege) eachMinute(do func(minute int)) (end func()) {
	ctx, cancel := context.WithCancel(s.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for minute := 0; ctx.Err() == nil; minute++ {
			do(minute)
			_ = pause(ctx, time.Minute) // its end is seen above
		}
	}()
	return func() { cancel(); <-done }
}

func haunt(s *siege, _ *line) (end func()) {
	return s.eachMinute(func(int) {
		for _, id := range s.staying() {
			_ = s.slack.Sockets.Ghost(id) // it may have gone just now
		}
	})
}

func breakEachMinute(s *siege, _ *line) (end func()) {
	return s.eachMinute(func(minute int) {
		switch staying := s.staying(); {
		case minute%3 == 0:
			s.slack.Sockets.Warn(s.bot.ID)
		case minute%3 == 1:
			s.slack.Sockets.Refresh(s.bot.ID)
		case len(staying) > 0:
			_ = s.slack.Sockets.Drop(staying[0]) // likewise
		}
	})
}

// TestB8_WhatWasSaidWhileSocketModeWasOffIsFetchedByItself switches it on again
// without any event that would tell the server of the gap: it asks less and less
// often, and here is refused a few times.
func TestB8_WhatWasSaidWhileSocketModeWasOffIsFetchedByItself(t *testing.T) {
	t.Parallel()
	url := storetest.SQLiteURL(t)
	synctest.Test(t, func(t *testing.T) {
		s, _ := newBubble(t, 1, url, func(h *house) { h.sockets = true }, func(cfg *config.Config) { cfg.Chat.CompareEvery = 0 })
		s.openChats()
		time.Sleep(2 * time.Minute) // what a start reads has been read
		says := func(text string) {
			for _, e := range s.exchanges {
				e.post(s.alice, text)
			}
		}
		have := func(want ...string) func() bool {
			return func() bool {
				return !slices.ContainsFunc(s.exchanges, func(e *exchange) bool { return !slices.Equal(e.words(), want) })
			}
		}
		says("before")
		s.within(time.Second, "words are recorded as they come", have("before"))
		s.slack.SetSocketMode(s.bot, false)
		time.Sleep(time.Minute)
		says("meanwhile")
		time.Sleep(10 * time.Minute)
		if !have("before")() || len(s.staying()) > 0 {
			t.Fatal("Slack goes on telling, so this shows nothing")
		}
		s.slack.SetSocketMode(s.bot, true)
		s.within(11*time.Minute, "what was said meanwhile is on the case", have("before", "meanwhile"))
		s.connected()
		says("after")
		s.within(time.Second, "words are recorded as they come again", have("before", "meanwhile", "after"))
	})
}

// TestB8_AQuietChatEndsInItsTime has nobody write, in a channel and in a thread:
// people are asked and the chat ends, but not while Slack is silent, for then
// nobody can know that they do not write.
func TestB8_AQuietChatEndsInItsTime(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: hours in virtual time")
	}
	t.Parallel()
	url := storetest.SQLiteURL(t)
	synctest.Test(t, func(t *testing.T) {
		s, l := newBubble(t, 1, url)
		s.openChats()
		quiet := func(minutes int, want ...string) {
			t.Helper()
			time.Sleep(time.Duration(minutes) * time.Minute)
			for _, e := range s.exchanges {
				var got []string
				for _, entry := range e.log() {
					got = append(got, strings.TrimSpace(entry.What+" "+entry.Text))
				}
				if diff := cmp.Diff(append([]string{"It has been like this since ten.", "requested", "joined"}, want...), got); diff != "" {
					t.Errorf("chat %d (-want +got):\n%s", e.n, diff)
				}
			}
		}
		quiet(29)
		end := cutLine(s, l)
		quiet(60)
		end()
		quiet(10, "prompted")
		quiet(16, "prompted")
		quiet(10, "prompted", "ended idle", "idle")
		for _, e := range s.exchanges {
			if !e.says("Are you still there?") {
				t.Errorf("chat %d: nobody was asked", e.n)
			}
		}
	})
}

// chatter lets both sides say n things each in each chat.
func (s *siege) chatter(rng *rand.Rand, n int, pause time.Duration, files, dark bool) {
	s.Helper()
	for range n {
		for _, e := range s.exchanges {
			i := len(e.replies)
			u := e.people[rng.IntN(len(e.people))]
			e.said = append(e.said, e.speak(rng, u, i, dark))
			e.thinkBetter(rng, dark)
			text := fmt.Sprintf("answer %d-%03d", e.n, i)
			s.must(e.hand.Reply(s.ctx, e.number, text, text))
			e.replies = append(e.replies, text)
			if rng.IntN(10) == 0 && files {
				name := fmt.Sprintf("answer-%d-%03d.txt", e.n, i)
				s.must(e.hand.Attach(s.ctx, e.number, name, name, killFile(name)))
				e.attached = append(e.attached, name)
			}
		}
		time.Sleep(pause)
	}
}

// unrecorded are the messages that are not on their cases, but for those whose
// first words may still come.
func (s *siege) unrecorded() (missing []string) {
	for _, e := range s.exchanges {
		have := map[desk.Origin]bool{}
		for _, entry := range e.log() {
			have[entry.Origin] = true
		}
		for _, w := range e.said {
			if (!w.dark || w.edited == "" && !w.deleted) && !have[e.origin(e.record(), w)] {
				missing = append(missing, w.ts+" "+w.text)
			}
		}
	}
	return missing
}

// settled reports whether nothing is on its way any more.
func (s *siege) settled() bool {
	if !s.slack.Dispatch.Idle() { // what costs least is asked first
		return false
	}
	open, err := s.app.Store.OpenLanes(s.ctx, 1)
	s.must(err)
	pending, err := s.app.Store.PendingLanes(s.ctx, 1)
	s.must(err)
	if len(open)+len(pending) > 0 {
		return false
	}
	for _, e := range s.exchanges {
		if !e.over() {
			return false
		}
	}
	return true
}

// within waits, in virtual time, until cond holds, and no longer than d.
func (s *siege) within(d time.Duration, what string, cond func() bool) {
	s.Helper()
	for end := time.Now().Add(d); !cond(); time.Sleep(time.Second) {
		if time.Now().After(end) {
			s.Fatalf("not within %v: %s; not on the cases: %q", d, what, s.unrecorded())
		}
	}
}
