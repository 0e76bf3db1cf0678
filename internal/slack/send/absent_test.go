package send_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
	"caseline/internal/slacksim"
	"caseline/internal/store"
)

// hears records a message as its event would have it, in the thread of root if
// that is not nil.
func (b *bench) hears(c desk.Case, m, root *slacksim.Message) *slacksim.Message {
	b.t.Helper()
	now, ok := m.Now()
	if !ok {
		b.t.Fatal("no such message")
	}
	micros, _ := wire.Ts(now.TS).Micros()
	channel := desk.ChannelID(now.Channel)
	heard := desk.Message{
		Place: b.caseNow(c.ID).Place, Author: b.person(b.alice), Text: now.Text, At: time.UnixMicro(micros).UTC(),
		Origin: ident.MessageOrigin(b.self.ID, channel, now.TS),
	}
	if root != nil {
		heard.Thread, heard.Root = true, ident.MessageOrigin(b.self.ID, channel, root.TS)
	}
	for _, f := range now.Files {
		heard.Files = append(heard.Files, desk.NewFile{SlackID: f.ID, Name: "a.txt", Type: "text/plain", Size: 3, Origin: ident.FileOrigin(heard.Origin, f.ID)})
	}
	b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error { return b.cases.Record(b.t.Context(), tx, heard) }))
	return m
}

// deletions are what is recorded as deleted, in order, with how it is known.
func (b *bench) deletions(c desk.Case) (found []string) {
	b.t.Helper()
	entries, err := b.store.Log(b.t.Context(), c.ID, 0, 1000)
	b.must(err)
	bySeq := map[int64]desk.Correspondence{}
	for _, e := range entries {
		bySeq[e.Seq] = e
		if e.Kind == desk.KindDeletion {
			found = append(found, strings.TrimSpace(e.What+" "+bySeq[e.Refers].Text))
		}
	}
	return found
}

// A deletion that no event told of is recorded by the comparison, once, in a
// channel and in its threads, on whichever page; what stands, or
// may stand where nobody looked, is not.
func TestB2_B9_ADeletionThatSlackNeverToldOfIsRecorded(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := b.open()
	b.drain()
	b.now = time.Now()
	b.join(c)
	b.drain()
	room := b.room(c.ID)
	post := func(text string) *slacksim.Message { return b.hears(c, room.Post(b.alice, text), nil) }
	reply := func(root *slacksim.Message, text string) *slacksim.Message {
		return b.hears(c, room.Reply(b.alice, root.TS, text), root)
	}
	first := post("first")
	for range 230 {
		post("one of many, for a second page")
	}
	post("stands")
	deleted := post("deleted")
	root := post("root")
	reply(root, "reply one")
	gone := reply(root, "reply two")
	reply(root, "reply three")
	tomb := post("tomb")
	reply(tomb, "below the tomb")
	unheard := room.Post(b.alice, "never heard of") // which the comparison fetches
	room.Reply(b.alice, unheard.TS, "below it, also not")
	foreign := room.Post(b.bob, "a root that was never recorded")
	b.hears(c, room.Reply(b.alice, foreign.TS, "stands below it"), foreign).Delete(b.alice) // nothing is known of where it was
	room.Reply(b.alice, foreign.TS, "keeps the thread alive")
	last := post("last")
	for _, m := range []*slacksim.Message{first, deleted, gone, tomb, last} {
		m.Delete(b.alice)
	}
	b.now = time.Now().Add(time.Minute)
	b.end(c)
	b.drain()
	want := []string{"noticed deleted", "noticed tomb", "noticed last", "noticed first", "noticed reply two"} // page by page
	if diff := cmp.Diff(want, b.deletions(c)); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	if got := b.caseNow(c.ID).Chat.Tally; got.Deleted != len(want) || !strings.Contains(got.Statement(), "5 more on this case were deleted in Slack.") {
		t.Errorf("the statement says %s", got.Statement())
	}
	entries, err := b.store.Log(t.Context(), c.ID, 0, 1000)
	b.must(err)
	for _, e := range entries {
		if e.Kind == desk.KindTranscript {
			b.must(b.cases.TallyAgain(t.Context(), c.ID, e.Seq))
		}
	}
	b.drain()
	now := b.caseNow(c.ID)
	b.must(b.store.Update(t.Context(), func(tx store.Tx) error { // the event comes all the same
		of := ident.MessageOrigin(b.self.ID, desk.ChannelID(room.ID), deleted.TS)
		return b.cases.Delete(t.Context(), tx, recording.Revision{
			Place: now.Place, Of: of, At: now.Chat.EndedAt.Add(-time.Second), Origin: ident.DeletionOrigin(of), Ts: deleted.TS,
		})
	}))
	if got := b.deletions(c); len(got) != len(want) {
		t.Errorf("recorded again: %v", got)
	}
}

// The account's policy holds for what was noticed, too.
func TestB2_WhatIsNoticedToBeDeletedIsErasedWhereThatIsWanted(t *testing.T) {
	b := newBench(t, benchOptions{})
	b.must(b.store.Update(t.Context(), func(tx store.Tx) error {
		return tx.SaveAccount(t.Context(), &served.Account{ID: "111122223333", Name: "Acme", Deletions: desk.EraseDeleted})
	}))
	c := b.open()
	b.drain()
	b.now = time.Now()
	b.join(c)
	b.drain()
	room := b.room(c.ID)
	b.hears(c, room.Post(b.alice, "stands"), nil)
	b.hears(c, room.Post(b.alice, "my password is hunter2"), nil).Delete(b.alice)
	b.now = time.Now().Add(time.Minute)
	b.end(c)
	b.drain()
	entries, err := b.store.Log(t.Context(), c.ID, 0, 1000)
	b.must(err)
	erased := 0
	for _, e := range entries {
		if strings.Contains(e.Text, "hunter2") {
			t.Errorf("entry %d still says it", e.Seq)
		}
		if e.Kind == desk.KindMessage && e.Marked(desk.MarkErased) {
			erased++
		}
	}
	if erased != 1 {
		t.Errorf("%d messages were erased, want the one", erased)
	}
}

// A catch-up finds what was deleted while nothing was heard, and does not take
// what is newer than what it was shown for deleted.
func TestB2_B8_ACatchUpFindsWhatWasDeletedMeanwhile(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := b.open()
	b.drain()
	b.now = time.Now()
	b.join(c)
	b.drain()
	b.must(b.store.Update(t.Context(), func(tx store.Tx) error { return tx.SaveAgent(t.Context(), &jane) }))
	room := b.room(c.ID)
	b.hears(c, room.Post(b.alice, "one"), nil)
	two := b.hears(c, room.Post(b.alice, "two"), nil)
	b.hears(c, room.Post(b.alice, "three"), nil)
	last := b.hears(c, room.Post(b.alice, "four"), nil)
	two.Delete(b.alice)
	last.Delete(b.alice)
	b.must(b.cases.CatchUp(t.Context(), time.Time{}))
	b.drain()
	if got := b.deletions(c); len(got) != 0 {
		t.Errorf("within seconds, when Slack may be behind: %v", got)
	}
	b.now = time.Now().Add(time.Minute)
	b.must(b.cases.CatchUp(t.Context(), time.Time{}))
	b.drain()
	if diff := cmp.Diff([]string{"noticed two"}, b.deletions(c)); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
}
