package working

import (
	"errors"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

func jottings(t *testing.T, s store.Store) {
	ctx := t.Context()
	jot := func(kind, text string, revision int64) personal.Jotting {
		j := personal.Jotting{Agent: "a1", Case: "c1", Kind: kind, Text: text, Revision: revision}
		update(t, s, func(tx store.Tx) error { return tx.SaveJotting(ctx, &j) })
		return j
	}
	is := func(what string, want personal.Jotting) {
		t.Helper()
		got, err := s.Jotting(ctx, "a1", "c1")
		same(t, what, got, err, want)
	}
	none := personal.Jotting{Agent: "a1", Case: "c1"}
	is("nothing", none)
	jot(personal.JotReply, "half a", 5)
	is("a later one", jot(personal.JotNote, "half a thöught", 7))
	jot(personal.JotReply, "an old one", 6)
	is("after an earlier one", personal.Jotting{Agent: "a1", Case: "c1", Kind: personal.JotNote, Text: "half a thöught", Revision: 7})
	got, err := s.Jotting(ctx, "a2", "c1")
	same(t, "somebody else's", got, err, personal.Jotting{Agent: "a2", Case: "c1"})
	drop := func(last int64) {
		update(t, s, func(tx store.Tx) error { return tx.DropJotting(ctx, "a1", "c1", last) })
	}
	drop(6)
	is("what was typed after the one that was sent", personal.Jotting{Agent: "a1", Case: "c1", Kind: personal.JotNote, Text: "half a thöught", Revision: 7})
	drop(7)
	is("what was sent", none)
}

func cannedReplies(t *testing.T, s store.Store) {
	ctx := t.Context()
	at := storetest.Start()
	all := personal.Canned{ID: "1", Name: "hello", Text: "Hello {{customer}}", ChangedAt: at}
	own := personal.Canned{ID: "2", Name: "hello", Agent: "a1", Text: "Hi", ChangedAt: at}
	other := personal.Canned{ID: "3", Name: "bye", Agent: "a2", Text: "Bye", ChangedAt: at}
	team := personal.Canned{ID: "4", Name: "a team's", Team: "t1", Text: "Wé", ChangedAt: at}
	for _, c := range []personal.Canned{all, own, other, team} {
		update(t, s, func(tx store.Tx) error { return tx.SaveCanned(ctx, &c) })
	}
	got, err := s.CannedReplies(ctx, "a1")
	same(t, "for a1", got, err, []personal.Canned{team, all, own})
	err = s.Update(ctx, func(tx store.Tx) error {
		return tx.SaveCanned(ctx, &personal.Canned{ID: "5", Name: "hello", ChangedAt: at})
	})
	if !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a name that is taken: got %v", err)
	}
	all.Name, all.Text = "hi all", "Hello"
	update(t, s, func(tx store.Tx) error { return tx.SaveCanned(ctx, &all) })
	one, err := s.Canned(ctx, "1")
	same(t, "one", one, err, all)
	update(t, s, func(tx store.Tx) error { return tx.DropCanned(ctx, "1") })
	if _, err := s.Canned(ctx, "1"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("one that was dropped: got %v", err)
	}
}

func mentions(t *testing.T, s store.Store) {
	ctx := t.Context()
	for _, m := range []personal.Mention{{Agent: "a1", Case: "c1", Seq: 3}, {Agent: "a1", Case: "c1", Seq: 3}, {Agent: "a1", Case: "c2", Seq: 1}, {Agent: "a2", Case: "c1", Seq: 3}} {
		update(t, s, func(tx store.Tx) error { return tx.SaveMention(ctx, &m) })
	}
	got, err := s.Mentions(ctx, "a1", 9)
	same(t, "of a1", got, err, []personal.Mention{{Agent: "a1", Case: "c1", Seq: 3}, {Agent: "a1", Case: "c2", Seq: 1}})
	update(t, s, func(tx store.Tx) error { return tx.DropMentions(ctx, "a1", "c1") })
	got, err = s.Mentions(ctx, "a1", 9)
	same(t, "of a1, after c1 was opened", got, err, []personal.Mention{{Agent: "a1", Case: "c2", Seq: 1}})
	got, err = s.Mentions(ctx, "a2", 9)
	same(t, "of a2", got, err, []personal.Mention{{Agent: "a2", Case: "c1", Seq: 3}})
}
