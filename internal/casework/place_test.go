package casework_test

import (
	"slices"
	"testing"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
)

// recorded are the words of a case's chats.
func (b *bench) recorded(id desk.CaseID) (words []string) {
	b.t.Helper()
	log, err := b.store.Log(b.t.Context(), id, 0, 1000)
	b.must(err)
	for _, e := range log {
		if e.Kind == desk.KindMessage && e.Chat != "" {
			words = append(words, e.Text)
		}
	}
	return words
}

// inThread opens a case whose chat is in a thread, and joins Jane.
func (b *bench) inThread() desk.Case {
	b.t.Helper()
	c := b.open("slack:view:V1")
	b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "T1/C1/5.000001", Name: "ops", Root: "5.000001"})
	b.later(time.Minute)
	return b.joined(c)
}

func (b *bench) joined(c desk.Case) desk.Case {
	b.t.Helper()
	c, err := b.Join(b.t.Context(), casework.Join{Case: c.ID, Agent: jane, Origin: "console:join"})
	b.must(err)
	return c
}

func TestAReplyBelongsToTheThreadThatIsAPlace(t *testing.T) {
	each(t, func(b *bench) {
		c := b.inThread()
		if c.PlaceKind != desk.PlaceThread || c.Card != "5.000001" || c.ChatName != "ops" || c.Chat.Place != "T1/C1/5.000001" {
			t.Errorf("got %s, card %q, name %q, chat at %q", c.PlaceKind, c.Card, c.ChatName, c.Chat.Place)
		}
		at := b.now.Add(time.Second)
		for _, m := range []desk.Message{
			{Place: "T1/C1", In: "T1/C1/5.000001", Thread: true, Text: "in the thread"},
			{Place: "T1/C1", In: "T1/C1/6.000001", Thread: true, Text: "in another thread"},
			{Place: "T1/C1", Text: "in the channel"},
		} {
			m.Author, m.At, m.Origin = "T1/alice", at, desk.Origin("slack:T1:C1:"+m.Text)
			b.record(m)
		}
		if got := b.recorded(c.ID); !slices.Equal(got, []string{"in the thread"}) {
			t.Errorf("recorded %q", got)
		}
	})
}
