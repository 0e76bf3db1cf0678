package keeping

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/sought"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// Run tests that the stores that open returns keep this part of the contract.
// Each is empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range map[string]func(*testing.T, store.Store){
		"policies and holds are kept":          policies,
		"what is due was resolved and is free": due,
		"a case is erased whole":               caseErased,
		"somebody is taken out of a case":      renamed,
		"somebody is taken out of the rest":    forgotten,
		"an agent is renamed":                  agentRenamed,
		"what is an agent's own is taken out":  agentForgotten,
		"what is kept about a case goes":       caseForgotten,
		"what is held of somebody is found":    heldOf,
		"records of erasures are kept":         records,
		"exports are kept and claimed":         exports,
		"catalogues are kept by number":        catalogues,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

const account = desk.AccountID("123456789012")

var operator = desk.Actor{Side: desk.SideAgent, ID: "olivia", Name: "Olivia"}

func update(t *testing.T, s store.Store, fn func(ctx context.Context, tx store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx store.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any, err error) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s: %v, (-want +got):\n%s", what, err, diff)
	}
}

func policies(t *testing.T, s store.Store) {
	ctx := t.Context()
	got, err := s.Policy(ctx, account)
	same(t, "the policy of an account that never said one", got, keeping.Policy{Account: account}, err)
	p := keeping.Policy{Account: account, Cases: 30, Files: 7, MaxFile: 1 << 40, Only: []string{".pdf", "image/*"}, Never: []string{".exe"}, Hold: "A court wants it."}
	for range 2 {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SavePolicy(ctx, &p) })
		got, err := s.Policy(ctx, account)
		same(t, "policy", got, p, err)
		all, err := s.Policies(ctx)
		same(t, "policies", all, []keeping.Policy{p}, err)
		p.Hold, p.Only = "", nil
	}
	c := storetest.AddCase(t, s, 1)
	if _, err := s.Hold(ctx, c.ID); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("no hold: %v", err)
	}
	h := keeping.Hold{Case: c.ID, Reason: "A court wants it.", By: operator, At: storetest.Start()}
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveHold(ctx, &h) })
	hold, err := s.Hold(ctx, c.ID)
	same(t, "hold", hold, h, err)
	holds, err := s.HoldsOf(ctx, account, 9)
	same(t, "holds", holds, []keeping.Hold{h}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.DropHold(ctx, c.ID) })
	holds, err = s.HoldsOf(ctx, account, 9)
	same(t, "holds after", len(holds), 0, err)
}

// resolved stores a case that was resolved days after the start.
func resolved(t *testing.T, s store.Store, n, days int) desk.Case {
	t.Helper()
	c := storetest.AddCase(t, s, n)
	update(t, s, func(ctx context.Context, tx store.Tx) (err error) {
		if c, err = tx.LockCase(ctx, c.ID); err != nil {
			return err
		}
		c.Status, c.ResolvedAt = desk.StatusResolved, storetest.Start().AddDate(0, 0, days)
		return tx.SaveCase(ctx, &c)
	})
	return c
}

func due(t *testing.T, s store.Store) {
	ctx := t.Context()
	before := storetest.Start().AddDate(0, 0, 10)
	old, older := resolved(t, s, 1, 2), resolved(t, s, 2, 1)
	resolved(t, s, 3, 10)        // not before
	storetest.AddCase(t, s, 4)   // open
	held := resolved(t, s, 5, 3) // held
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return tx.SaveHold(ctx, &keeping.Hold{Case: held.ID, Reason: "x", At: storetest.Start()})
	})
	want := []keeping.Due{{Case: older.ID, LastSeq: 1}, {Case: old.ID, LastSeq: 1}}
	got, err := s.Due(ctx, account, keeping.OfCases, before, 9)
	same(t, "due", got, want, err)
	got, err = s.Due(ctx, account, keeping.OfCases, before, 1)
	same(t, "the first that is due", got, want[:1], err)
	f, err := s.Forecast(ctx, account, keeping.OfCases, before)
	same(t, "forecast", f, keeping.Forecast{Cases: 2, Entries: 2}, err)
	got, err = s.Due(ctx, "another", keeping.OfCases, before, 9)
	same(t, "due of another account", len(got), 0, err)
	got, err = s.Due(ctx, account, keeping.OfFiles, before, 9)
	same(t, "files that are due", len(got), 0, err)
	file := desk.File{ID: "f", Case: old.ID, Seq: 1, Name: "a.txt", Hash: "abc", State: desk.FileReady}
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.InsertFile(ctx, &file) })
	got, err = s.Due(ctx, account, keeping.OfFiles, before, 9)
	same(t, "files that are due", got, want[1:], err)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		gone, err := tx.EraseFileOf(ctx, old.ID, 1)
		same(t, "gone", gone, true, err)
		gone, err = tx.EraseFileOf(ctx, old.ID, 1)
		same(t, "gone again", gone, false, err)
		return errors.Join(tx.SaveProgress(ctx, keeping.Progress{Case: older.ID, Kind: keeping.OfCases, Seq: 1}),
			tx.SaveProgress(ctx, keeping.Progress{Case: old.ID, Kind: keeping.OfFiles, Seq: 1}))
	})
	got, err = s.Due(ctx, account, keeping.OfCases, before, 9)
	same(t, "due after one is done", got, want[1:], err)
	discards, err := s.Discards(ctx, 9)
	same(t, "discards", discards, []desk.Discard{{Hash: "abc"}}, err)
	update(t, s, func(ctx context.Context, tx store.Tx) error { return storetest.AddEntry(t, tx, older.ID, 1) })
	got, err = s.Due(ctx, account, keeping.OfCases, before, 9)
	same(t, "due when something was written since", got, []keeping.Due{{Case: older.ID, LastSeq: 2, Done: 1}, want[1]}, err)
}

func caseErased(t *testing.T, s store.Store) {
	ctx := t.Context()
	c := resolved(t, s, 1, 1)
	for _, e := range []desk.Correspondence{
		{Case: c.ID, Seq: 2, Kind: desk.KindMessage, Author: desk.ByCustomer(c.Requester), Text: "swordfish", Via: "#ops", Origin: "m"},
		{Case: c.ID, Seq: 3, Kind: desk.KindEdit, Refers: 2, Text: "swordfish again", Origin: "e"},
		{Case: c.ID, Seq: 4, Kind: desk.KindReaction, Refers: 2, What: desk.ReactionAdded, Text: "tada", Origin: "r"},
		{Case: c.ID, Seq: 5, Kind: desk.KindNote, Author: storetest.Jane(), Text: "swordfish inside", Origin: "n"},
		{Case: c.ID, Seq: 6, Kind: desk.KindStatus, What: string(desk.StatusResolved), Origin: "s"},
	} {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.AppendLog(ctx, &e) })
	}
	storetest.AddEvents(t, s, desk.Event{Key: "k", Lane: desk.PlaceLane(c.Place), Body: []byte("swordfish"), State: desk.EventDone, ReceivedAt: storetest.Start()})
	found, err := s.Search(ctx, sought.Query{Text: "swordfish", Limit: 9})
	same(t, "found before", len(found.Hits), 1, err)
	for range 2 {
		update(t, s, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.LockCase(ctx, c.ID); err != nil {
				return err
			}
			words, err := tx.Spoken(ctx, c.ID, 0, 9)
			if err != nil {
				return err
			}
			for _, w := range words {
				if err := tx.EraseBy(ctx, c.ID, w.Seq, desk.MarkExpired); err != nil {
					return err
				}
			}
			return tx.EraseCase(ctx, c.ID, storetest.Start().Add(time.Hour))
		})
	}
	log, err := s.Log(ctx, c.ID, 0, 99)
	for _, e := range log {
		same(t, "words", e.Text+e.Via, "", err)
	}
	same(t, "mark of a message", log[1].What, desk.MarkErased+" "+desk.MarkExpired, nil)
	same(t, "mark of an edit", log[2].What, desk.MarkErased+" "+desk.MarkExpired, nil)
	same(t, "what the status says", log[5].What, string(desk.StatusResolved), nil)
	for _, text := range []string{"swordfish", "stuck", "waits"} {
		found, err := s.Search(ctx, sought.Query{Text: text, Limit: 9})
		same(t, "found by "+text, len(found.Hits), 0, err)
	}
	update(t, s, func(ctx context.Context, tx store.Tx) error { // which may be remembered
		got, err := tx.LockCase(ctx, c.ID)
		same(t, "the case", got.Subject+got.Description, "(erased)", err)
		return err
	})
}
