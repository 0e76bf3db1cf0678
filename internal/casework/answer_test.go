package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// notices are the deliveries of a case that tell of something, in short.
func (b *bench) notices(c desk.Case) (told []string) {
	b.t.Helper()
	ds, err := b.store.DeliveriesOf(b.t.Context(), c.ID, 0)
	b.must(err)
	for _, d := range ds {
		if d.Kind == desk.DeliverNotice {
			told = append(told, strings.TrimSpace(fmt.Sprintf("%d %s %s", d.Seq, d.Lane, d.Place)))
		}
	}
	slices.Sort(told)
	return told
}

func TestAnAnswerIsToldInThePlaceAndWhereTheCaseWasOpened(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s)
		c := b.chatting()
		before := b.notices(c)
		answer := casework.Answer{Case: c.ID, Answer: desk.Answer{
			By: desk.ByCustomer("T1/bob"), Text: "it is back", Via: "ops", Origin: "slack:T1:view:V2",
			Files: []desk.NewFile{{SlackID: "F1", Name: "a/b.log", Origin: "slack:T1:view:V2:F1"}},
		}}
		for range 2 { // the second time changes nothing
			_, err := b.Answer(t.Context(), answer)
			b.must(err)
		}
		c, err := s.Case(t.Context(), c.ID)
		b.must(err)
		seq := c.LastSeq - 1 // of the words; the file is behind them
		want := append(before, fmt.Sprintf("%d case:%s", seq, c.ID), fmt.Sprintf("%d case:%s T1/C1", seq, c.ID))
		slices.Sort(want)
		if diff := cmp.Diff(want, b.notices(c)); diff != "" {
			t.Errorf("notices (-want +got):\n%s", diff)
		}
		story := b.story(c.ID)
		if diff := cmp.Diff([]string{"message outsideit is back", "file outsidea/b.log"}, story[len(story)-2:]); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
		files, err := s.Files(t.Context(), c.ID)
		b.must(err)
		if len(files) != 1 || files[0].State != desk.FileFetching || files[0].Name != "b.log" {
			t.Errorf("got files %+v", files)
		}
		if m, f, err := countChat(b, c); err != nil || m != 0 || f != 0 {
			t.Errorf("the chat counts %d messages and %d files of it, %v", m, f, err)
		}
	})
}

func countChat(b *bench, c desk.Case) (messages, files int, err error) {
	err = b.store.Update(b.t.Context(), func(tx store.Tx) error {
		messages, files, err = tx.CountChat(b.t.Context(), c.ID, c.Chat.ID)
		return err
	})
	return messages, files, err
}

func TestTheFirstNewsBeginsTheThread(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	c, err := b.Open(t.Context(), casework.Open{
		Account: "111122223333", Workspace: "T1", Asked: "T1/C1", Requester: "T1/alice",
		Subject: "Build is stuck", Description: "Since ten.", Severity: desk.SeverityHigh, Origin: "slack:view:V1",
	})
	b.must(err)
	_, err = b.Answer(t.Context(), casework.Answer{Case: c.ID, Answer: desk.Answer{By: desk.ByAgent(jane), Text: "we know", Origin: "console:1"}})
	b.must(err)
	for _, sent := range []struct {
		kind desk.DeliveryKind
		ts   string
	}{{desk.DeliverLink, "1.000001"}, {desk.DeliverNotice, "2.000002"}} {
		if d := b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: sent.ts}); d.Kind != sent.kind {
			t.Errorf("got %s, want the %s", d.Kind, sent.kind)
		}
		got, err := b.store.Case(t.Context(), c.ID)
		b.must(err)
		if got.Thread != "1.000001" {
			t.Errorf("after the %s: got thread %q", sent.kind, got.Thread)
		}
	}
}

func TestNothingIsAddedToAResolvedCase(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	c := b.open("slack:view:V1")
	_, _, err := b.Resolve(t.Context(), casework.Resolve{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Origin: "console:r"})
	b.must(err)
	before := b.story(c.ID)
	_, err = b.Answer(t.Context(), casework.Answer{Case: c.ID, Answer: desk.Answer{By: desk.ByAgent(jane), Text: "late", Origin: "console:1"}})
	if !errors.Is(err, desk.ErrConflict) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, b.story(c.ID)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}
