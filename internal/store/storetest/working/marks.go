package working

import (
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
)

func readMarks(t *testing.T, s store.Store) {
	ctx := t.Context()
	running := func(c *desk.Case) { c.Chat.State = desk.ChatInProgress }
	one, two := insert(t, s, 1, running), insert(t, s, 2, running)
	mark := func(a desk.AgentID, c desk.Case, seq int64) {
		t.Helper()
		update(t, s, func(tx store.Tx) error {
			return tx.SaveReadMark(ctx, &personal.ReadMark{Agent: a, Case: c.ID, Seq: seq})
		})
	}
	is := func(what string, a desk.AgentID, want ...personal.ReadMark) {
		t.Helper()
		got, err := s.ReadMarks(ctx, a)
		same(t, what, got, err, want)
	}
	is("before anything was read", "a1")
	mark("a1", one, 3)
	mark("a1", two, 5)
	mark("a1", two, 4)
	mark("a2", two, 1)
	is("of a1", "a1", personal.ReadMark{Agent: "a1", Case: one.ID, Seq: 3}, personal.ReadMark{Agent: "a1", Case: two.ID, Seq: 5})
	is("of a2", "a2", personal.ReadMark{Agent: "a2", Case: two.ID, Seq: 1})
	update(t, s, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, two.ID)
		if err != nil {
			return err
		}
		c.Chat.State = desk.ChatEnded
		return tx.SaveCase(ctx, &c)
	})
	mark("a1", one, 4)
	is("after a chat has ended", "a1", personal.ReadMark{Agent: "a1", Case: one.ID, Seq: 4})
	is("of a2, who has read nothing since", "a2", personal.ReadMark{Agent: "a2", Case: two.ID, Seq: 1})
}
