package casework_test

import (
	"fmt"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"
)

// Catching up with many chats asks for each of them once, and does not wait for
// the disk once for each.
func TestCatchingUpWithManyChatsSharesCommits(t *testing.T) {
	s := storetest.Open(t, storetest.SQLiteURL(t))
	b := newBench(t, s)
	b.must(s.Update(t.Context(), func(tx store.Tx) error { return tx.SaveAgent(t.Context(), &jane) }))
	const chats = 300
	at := noon
	b.must(s.Update(t.Context(), func(tx store.Tx) error {
		for i := range chats {
			if err := runningChat(t, tx, i, at); err != nil {
				return err
			}
		}
		return nil
	}))
	for range 2 { // what is asked for already is not asked for again
		before := statsOf(t, s)
		b.must(b.CatchUp(t.Context(), time.Time{}))
		after := statsOf(t, s)
		if n := after.Updates - before.Updates; n != chats {
			t.Errorf("got %d updates, want %d", n, chats)
		}
		if n := after.Commits - before.Commits; n > chats*9/10 {
			t.Errorf("got %d commits for %d chats", n, chats)
		}
		lanes, err := s.OpenLanes(t.Context(), 2*chats)
		b.must(err)
		if len(lanes) != chats {
			t.Errorf("got %d lanes with something to fetch, want %d", len(lanes), chats)
		}
	}
}

func statsOf(t *testing.T, s store.Store) sqlstore.Stats {
	t.Helper()
	counted, ok := s.(interface{ Stats() sqlstore.Stats })
	if !ok {
		t.Fatalf("%T counts nothing", s)
	}
	return counted.Stats()
}

// runningChat adds a case with a chat of Jane's.
func runningChat(t *testing.T, tx store.Tx, i int, at time.Time) error {
	t.Helper()
	c, first, err := desk.OpenCase(desk.NewCase{
		ID: desk.NewCaseID("111122223333", 2026, uint64(i)), Number: desk.NewCaseNumber(uint64(i)), Account: "111122223333", Workspace: "T1",
		Requester: "T1/alice", Subject: "S", Description: "D", Severity: desk.SeverityHigh, Asked: "T1/C1", Origin: desk.Origin(fmt.Sprint("case ", i)),
	}, at)
	if err != nil {
		return err
	}
	if _, _, err := c.Request(desk.ChatID(fmt.Sprint("chat ", i)), c.Requester, first.Origin+":chat", at); err != nil {
		return err
	}
	if _, _, err := c.Join(desk.ByAgent(jane), first.Origin+":join", at); err != nil {
		return err
	}
	c.Settle(desk.Place(fmt.Sprint("T1/CHAT", i)), "chat", "")
	return tx.InsertCase(t.Context(), &c)
}
