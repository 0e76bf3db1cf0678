package casework_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"caseline/internal/casework"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// tries has the outbox try the reading of a chat's history, and end it with v
// after a while.
func (b *bench) tries(id desk.CaseID, v desk.Verdict, takes time.Duration) {
	b.t.Helper()
	b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error {
		d, _, err := tx.Head(b.t.Context(), desk.HistoryLane(id))
		if err != nil {
			return err
		}
		d.TriedAt = b.now
		if err := tx.Claim(b.t.Context(), d.ID, "me", time.Hour, b.now); err != nil {
			return err
		}
		b.later(takes)
		if err := b.Settled(b.t.Context(), tx, d, v); err != nil {
			return err
		}
		d = d.Settle(v, b.now)
		return tx.Settle(b.t.Context(), &d, "me")
	}))
}

// A chat is idle when Slack's history says so, and it was read since.
func TestB5_WhatIsReadDecidesWhoIsIdle(t *testing.T) {
	sent, more := desk.Verdict{Kind: desk.Sent}, desk.Verdict{Kind: desk.Sent, More: true}
	retry := desk.Verdict{Kind: desk.Retry}
	for _, tt := range []struct {
		name string
		read func(b *bench, id desk.CaseID)
		asks bool
	}{
		{"nothing was read", func(*bench, desk.CaseID) {}, false},
		{"Slack did not answer", func(b *bench, id desk.CaseID) { b.tries(id, retry, time.Second) }, false},
		{"it was read", func(b *bench, id desk.CaseID) { b.tries(id, sent, time.Second) }, true},
		{"it was read at last", func(b *bench, id desk.CaseID) {
			b.tries(id, retry, time.Second)
			b.later(2 * time.Hour)
			b.tries(id, sent, time.Second)
		}, true},
		{"a page is still to be read", func(b *bench, id desk.CaseID) { b.tries(id, more, time.Second) }, false},
		{"all pages were read", func(b *bench, id desk.CaseID) {
			b.tries(id, more, time.Second)
			b.tries(id, sent, time.Second)
		}, true},
		{"Slack was silent between two pages", func(b *bench, id desk.CaseID) {
			b.tries(id, more, time.Second)
			b.later(20 * time.Minute)
			b.tries(id, sent, time.Second)
		}, false},
		{"Slack does not let us read it", func(b *bench, id desk.CaseID) { b.tries(id, desk.Verdict{Kind: desk.Refused}, time.Second) }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) {
				b := idleBench(t, s)
				c := b.chatting()
				b.later(29 * time.Minute)
				b.must(b.MindIdle(t.Context(), c.ID))
				b.later(time.Minute)
				b.must(b.MindIdle(t.Context(), c.ID))
				tt.read(b, c.ID)
				var want []string
				if tt.asks {
					want = append(want, "chat prompted")
				}
				if diff := cmp.Diff(want, b.story(c.ID)[3:], cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("log (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A reading that began before a chat was idle does not decide.
func TestB5_AnEarlierReadingDoesNotDecideWhoIsIdle(t *testing.T) {
	s := storetest.SQLite(t)
	b := idleBench(t, s)
	c := b.chatting()
	b.later(29*time.Minute + 59*time.Second)
	b.must(s.Update(t.Context(), func(tx store.Tx) error { return tx.SaveAgent(t.Context(), &jane) }))
	b.must(b.CatchUp(t.Context(), time.Time{}))
	b.tries(c.ID, desk.Verdict{Kind: desk.Sent}, 2*time.Second)
	if got := b.story(c.ID)[3:]; len(got) > 0 {
		t.Errorf("got %q", got)
	}
}

// Words whose first form may still come as an event are not recorded yet, but
// who wrote them is there.
func TestB5_WhoEditedTheirWordsIsNotIdle(t *testing.T) {
	b := idleBench(t, storetest.SQLite(t))
	c := b.chatting()
	b.later(40 * time.Minute)
	b.must(b.MindIdle(t.Context(), c.ID))
	at := b.now.Add(-15 * time.Minute)
	_, err := b.Backfill(t.Context(), recording.Excerpt{Case: c.ID, Chat: c.Chat.ID, Spoke: at, Edits: []recording.Revision{
		{Place: "T1/CHAT", Of: "slack:T1:CHAT:1", By: "T1/alice", Text: "edited", At: at.Add(time.Minute), Origin: "slack:T1:CHAT:1:edit"},
	}})
	b.must(err)
	b.tries(c.ID, desk.Verdict{Kind: desk.Sent}, time.Second)
	if got := b.story(c.ID)[3:]; len(got) > 0 {
		t.Errorf("got %q", got)
	}
}

func idleBench(t *testing.T, s store.Store) *bench {
	b := &bench{t: t, store: s, now: noon}
	b.Service = casework.New(s, casework.Options{
		Now: func() time.Time { return b.now }, Patience: desk.Patience{IdlePrompt: 30 * time.Minute, IdleEnd: time.Hour},
	})
	return b
}
