package send_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/slack/wire"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/fault"
	"caseline/internal/store"
)

// missed plays a chat of which no event ever reaches us: only Slack's history
// has its words. Alice and Bob write before the join, during the chat, below a
// message from before it, and after the end.
func missed(b *bench) desk.Case {
	b.t.Helper()
	c := b.open()
	b.drain()
	room := b.room(c.ID)
	old := room.Post(b.alice, "waiting 1")
	room.Post(b.alice, "waiting 2")
	room.Post(b.bob, "Bob waits too")
	b.now = time.Now()
	b.join(c)
	b.drain()
	if e := b.ws.Ephemerals(b.alice); len(e) == 0 {
		b.t.Fatal("Alice was not asked what she shares")
	}
	b.must(b.cases.Decide(b.t.Context(), casework.Decision{Case: c.ID, Chat: c.Chat.ID, By: b.person(b.alice), Share: true}))
	root := room.Post(b.alice, "during 1")
	for n := range 4 {
		room.Reply(b.bob, root.TS, fmt.Sprint("below ", n))
	}
	room.Reply(b.alice, old.TS, "below what was written before")
	b.reply(c, "looking", "console:1")
	room.Upload(b.bob, "log.txt", []byte("it broke"), "during 2")
	b.drain()
	b.now = time.Now()
	b.end(c)
	room.Post(b.alice, "after the end")
	b.drain()
	return b.caseNow(c.ID)
}

// checkMissed looks whether the record has all of it, once, and no more.
func checkMissed(b *bench, c desk.Case) {
	b.t.Helper()
	entries, err := b.store.Log(b.t.Context(), c.ID, 0, 1000)
	b.must(err)
	got := map[string]string{}
	for _, e := range entries {
		if e.Chat == "" || e.Author.Side != desk.SideCustomer || e.Kind != desk.KindMessage && e.Kind != desk.KindFile {
			continue
		}
		if was, twice := got[e.Text]; twice {
			b.t.Errorf("%q was recorded twice (%s)", e.Text, was)
		}
		got[e.Text] = strings.Fields(e.What + " -")[0]
	}
	want := map[string]string{
		"waiting 1": "waiting", "waiting 2": "waiting",
		"during 1": "-", "below 0": "thread", "below 1": "thread", "below 2": "thread", "below 3": "thread", "below what was written before": "thread",
		"during 2": "-", "log.txt": "-",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("recorded (-want +got):\n%s", diff)
	}
	if t := c.Chat.Tally; t.State != desk.TallyWhole || t.Slack != 8 || t.Case != 8 {
		b.t.Errorf("tally: %+v, want 8 of 8", t)
	}
}

func TestB1_B9_WhatOnlySlackHasIsRecorded(t *testing.T) {
	b := newBench(t, benchOptions{})
	checkMissed(b, missed(b))
}

// Slack may give fifteen messages at a time where it was asked for more, and
// those once a minute.
func TestB9_ShortPagesAreReadToTheEnd(t *testing.T) {
	slow := clock.NewManual(time.Now())
	b := newBench(t, benchOptions{sim: slacksim.Options{Few: true, Clock: slow}})
	b.slow = slow
	c := b.open()
	b.drain()
	room := b.room(c.ID)
	b.now = b.now.Add(time.Second)
	b.join(c)
	b.drain()
	var root *slacksim.Message
	for n := range 40 {
		root = room.Post(b.alice, fmt.Sprint("word ", n))
	}
	for n := range 20 {
		room.Reply(b.bob, root.TS, fmt.Sprint("answer ", n))
	}
	b.now = b.now.Add(time.Second)
	b.end(c)
	b.drain()
	want := desk.Tally{State: desk.TallyWhole, Slack: 60, Case: 60, Fetched: 60}
	if diff := cmp.Diff(want, b.caseNow(c.ID).Chat.Tally); diff != "" {
		t.Errorf("tally (-want +got):\n%s", diff)
	}
}

// An edit that no event told of is found by the comparison, once, and an edit
// of what was fetched with its present words is none.
func TestB2_B9_AnEditThatSlackNeverToldOfIsRecorded(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := b.open()
	b.drain()
	b.now = time.Now()
	b.join(c)
	b.drain()
	room := b.room(c.ID)
	heard := room.Post(b.alice, "it hnags")
	b.record(b.caseNow(c.ID), heard)
	heard.Edit(b.alice, "it hangs")
	room.Post(b.alice, "never herad of").Edit(b.alice, "never heard of")
	b.now = time.Now().Add(2 * time.Second) // Slack tells when something was edited by the second
	b.end(c)
	b.drain()
	var got []string
	entries, err := b.store.Log(t.Context(), c.ID, 0, 1000)
	b.must(err)
	for _, e := range entries {
		if e.Kind == desk.KindTranscript {
			b.must(b.cases.TallyAgain(t.Context(), c.ID, e.Seq))
		}
	}
	b.drain() // which changes nothing
	entries, err = b.store.Log(t.Context(), c.ID, 0, 1000)
	b.must(err)
	for _, e := range entries {
		if e.Chat != "" && (e.Kind == desk.KindEdit || e.Kind == desk.KindMessage) {
			got = append(got, string(e.Kind)+" "+e.Text)
		}
	}
	if diff := cmp.Diff([]string{"message it hnags", "message never heard of", "edit it hangs"}, got); diff != "" {
		t.Errorf("words on the case (-want +got):\n%s", diff)
	}
}

// While a chat runs, words that were edited are left to the event that tells
// their first. That somebody wrote them is known all the same.
func TestB5_WhoWroteWhatWasEditedSinceIsHeard(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := b.open()
	b.drain()
	b.now = time.Now()
	b.join(c)
	b.drain()
	m := b.room(c.ID).Post(b.alice, "never herad of")
	m.Edit(b.alice, "never heard of")
	b.must(b.store.Update(t.Context(), func(tx store.Tx) error { return tx.SaveAgent(t.Context(), &jane) }))
	b.must(b.cases.CatchUp(t.Context(), time.Time{}))
	b.drain()
	got := b.caseNow(c.ID)
	if ts := wire.TsOf(got.Chat.LastWordAt.UnixMicro()); string(ts) != m.TS || got.LastSeq != c.LastSeq+1 {
		t.Errorf("got the last word at %s and %d entries, want it at %s and no entry after the join", ts, got.LastSeq, m.TS)
	}
}

// compares is a chat of one word that has ended, and its comparison, begun.
func (b *bench) compares() (desk.Case, desk.Delivery) {
	b.t.Helper()
	c := b.open()
	b.drain()
	b.now = time.Now()
	b.join(c)
	b.drain()
	b.room(c.ID).Post(b.alice, "hello")
	b.now = time.Now()
	b.end(c)
	d, ok := b.head(desk.HistoryLane(c.ID))
	if !ok || d.Kind != desk.DeliverTally {
		b.t.Fatalf("got %+v, want the comparison to wait", d)
	}
	return c, d
}

// A page that takes longer to record than Slack may take to give it is recorded.
func TestB9_APageIsRecordedHoweverLongThatTakes(t *testing.T) {
	b := newBench(t, benchOptions{timeout: time.Second})
	_, d := b.compares()
	d.TriedAt = b.now.Add(-2 * time.Second)
	if v := b.sender.Send(t.Context(), d); v.Kind != desk.Sent {
		t.Errorf("got %+v", v)
	}
}

// However the reading is disturbed, it ends with everything on the case once.
func TestB1_B9_EveryReadingLostAndLanded(t *testing.T) {
	for _, method := range []string{"conversations.history", "conversations.replies", "chat.postEphemeral"} {
		for name, disturb := range map[string]func(*bench){
			"lost":              func(b *bench) { b.sim.Fail(method, slacksim.Lost, slacksim.Times(3)) },
			"landed":            func(b *bench) { b.sim.Fail(method, slacksim.Landed, slacksim.Times(3)) },
			"garbage":           func(b *bench) { b.sim.Fail(method, slacksim.Landed, slacksim.As(fault.Garbage), slacksim.Times(3)) },
			"down":              func(b *bench) { b.sim.Fail(method, slacksim.Lost, slacksim.As(fault.Status503), slacksim.Times(3)) },
			"hung":              func(b *bench) { b.sim.Fail(method, slacksim.Landed, slacksim.As(fault.Hang)) },
			"slow":              func(b *bench) { b.sim.Slow(method, 50*time.Millisecond, slacksim.Always) },
			"limited":           func(b *bench) { b.sim.RateLimit(method, 1, slacksim.Times(2)) },
			"every second call": func(b *bench) { b.sim.Fail(method, slacksim.Lost, slacksim.Chance(0.5, 7)) },
		} {
			t.Run(method+"/"+name, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, benchOptions{timeout: time.Second})
				disturb(b)
				checkMissed(b, missed(b))
			})
		}
	}
}

// A stop between reading a page and noting that it was read.
func TestB9_AnInterruptedReadingIsReadAgain(t *testing.T) {
	b := newBench(t, benchOptions{})
	c, d := b.compares()
	if v := b.sender.Send(t.Context(), d); v.Kind != desk.Sent {
		t.Fatalf("got %+v", v)
	}
	d.State = desk.DeliveryUnknown // nobody wrote down what came of it
	v := b.sender.Look(t.Context(), d)
	if v.Kind != desk.Retry {
		t.Fatalf("got %+v, want that it is read again", v)
	}
	b.settle(d, v)
	b.drain()
	if got := b.caseNow(c.ID).Chat; got.Tally.State != desk.TallyWhole || got.Tally.Case != 1 || got.Messages != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestB9_AHistoryThatIsClosedToUsSaysWhy(t *testing.T) {
	for code, want := range map[string]string{
		"not_in_channel":    "The app is no longer in the chat's channel.",
		"channel_not_found": "The app is no longer in the chat's channel.",
		"missing_scope":     "The app is not allowed to read the history of the chat's channel.",
		"invalid_arguments": "Slack did not let us read it (invalid_arguments).",
	} {
		t.Run(code, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			c := b.open()
			b.drain()
			b.join(c)
			b.drain()
			b.end(c)
			b.sim.Refuse("conversations.history", code, slacksim.Always)
			b.drain()
			if got := b.caseNow(c.ID).Chat.Tally; got.State != desk.TallyFailed || got.Note != want {
				t.Errorf("got %+v, want %q", got, want)
			}
		})
	}
}
