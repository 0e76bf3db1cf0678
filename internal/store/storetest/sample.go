package storetest

import (
	"fmt"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Start returns the time at which the samples begin.
func Start() time.Time { return time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC) }

// NewCase returns the n-th sample case and its first entry, numbered by desk
// and not stored. Its place is PlaceOf(n).
func NewCase(t testing.TB, n int) (desk.Case, desk.Correspondence) {
	t.Helper()
	c, entry, err := desk.OpenCase(desk.NewCase{
		ID:     desk.NewCaseID("123456789012", 2026, uint64(n)),
		Number: desk.NewCaseNumber(uint64(n)), Account: "123456789012", Workspace: "T1", Requester: "T1:U1",
		Subject: fmt.Sprintf("The build is stuck %d", n), Description: "It waits and waits.",
		Severity: desk.SeverityNormal, Asked: "T1/C1", Members: []desk.PersonID{"T1:U2", "T1:U3"},
		Origin: desk.Origin(fmt.Sprintf("form:%d", n)),
	}, Start())
	if err != nil {
		t.Fatal(err)
	}
	c.Place = PlaceOf(n)
	return c, entry
}

// PlaceOf is the place of the n-th sample case.
func PlaceOf(n int) desk.Place { return desk.Place(fmt.Sprintf("T1/C%d", 1000+n)) }

// AddCase stores the n-th sample case and returns it.
func AddCase(t testing.TB, s store.Store, n int) desk.Case {
	t.Helper()
	c, entry := NewCase(t, n)
	err := s.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.InsertCase(t.Context(), &c); err != nil {
			return err
		}
		return tx.AppendLog(t.Context(), &entry)
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Chat brings a stored case's first chat in progress, with agent "jane".
func Chat(t testing.TB, s store.Store, id desk.CaseID) {
	t.Helper()
	ctx := t.Context()
	err := s.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		asked, _, err := c.Request(desk.ChatID("chat:"+id), c.Requester, desk.Origin("request:"+id), Start())
		if err != nil {
			return err
		}
		joined, _, err := c.Join(Jane(), desk.Origin("join:"+id), Start())
		if err != nil {
			return err
		}
		for _, e := range []desk.Correspondence{asked, joined} {
			if err := tx.AppendLog(ctx, &e); err != nil {
				return err
			}
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Jane is a sample agent.
func Jane() desk.Actor { return desk.Actor{Side: desk.SideAgent, ID: "jane", Name: "Jane"} }

// AddEntry appends one message to the log of a case.
func AddEntry(t testing.TB, tx store.Tx, id desk.CaseID, n int) error {
	ctx := t.Context()
	c, err := tx.LockCase(ctx, id)
	if err != nil {
		return err
	}
	return AddEntryTo(t, tx, &c, n)
}

// AddEntryTo is AddEntry for a case that is locked.
func AddEntryTo(t testing.TB, tx store.Tx, c *desk.Case, n int) error {
	ctx := t.Context()
	m := desk.Message{Author: "T1:U1", Text: fmt.Sprint(n), At: minute(n), Origin: desk.Origin(fmt.Sprintf("say:%s:%d", c.ID, n))}
	for _, e := range c.Record(c.Chat, m, nil, minute(n)) {
		if err := tx.AppendLog(ctx, &e); err != nil {
			return err
		}
	}
	return tx.SaveCase(ctx, c)
}
