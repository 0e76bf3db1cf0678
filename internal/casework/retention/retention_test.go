package retention_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"caseline/internal/casework/retention"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

const account = desk.AccountID("123456789012")

var olivia = desk.By{Actor: desk.Actor{Side: desk.SideAgent, ID: "olivia", Name: "Olivia"}, Via: desk.ViaConsole}

// errKilled is what a killed process makes of an update that did not begin.
var errKilled = errors.New("killed")

// A mortal store dies after some updates.
type mortal struct {
	store.Store
	left int
}

func (m *mortal) Update(ctx context.Context, fn func(store.Tx) error) error {
	if m.left--; m.left < 0 {
		return errKilled
	}
	return m.Store.Update(ctx, fn)
}

type town struct {
	*testing.T
	store store.Store
	now   time.Time
}

func newTown(t *testing.T, s store.Store) *town {
	h := &town{t, s, storetest.Start().AddDate(0, 0, 60)}
	h.update(func(tx store.Tx) error {
		return tx.SaveAccount(t.Context(), &served.Account{ID: account, Name: "Acme"})
	})
	return h
}

func (h *town) update(fn func(store.Tx) error) {
	h.Helper()
	h.must(h.store.Update(h.Context(), fn))
}

func (h *town) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *town) service(s store.Store) *retention.Service {
	return retention.New(s, retention.Options{Now: func() time.Time { return h.now }, Page: 10, Rest: time.Nanosecond})
}

// resolved adds a case with words and files that was resolved at the start.
func (h *town) resolved(n, words int) desk.CaseID {
	h.Helper()
	ctx := h.Context()
	c := storetest.AddCase(h, h.store, n)
	h.update(func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, c.ID)
		if err != nil {
			return err
		}
		for i := range words {
			c.LastSeq++
			e := desk.Correspondence{Case: c.ID, Seq: c.LastSeq, Kind: desk.KindMessage, Author: desk.ByCustomer("T1:U1"), Text: "swordfish", Origin: desk.Origin(fmt.Sprint("w", n, i))}
			if i%5 == 4 {
				e.Kind, e.File = desk.KindFile, desk.FileID(fmt.Sprint("f", n, i))
				f := desk.File{ID: e.File, Case: c.ID, Seq: e.Seq, Name: "a.txt", Hash: fmt.Sprint("hash", n, i), State: desk.FileReady}
				if err := tx.InsertFile(ctx, &f); err != nil {
					return err
				}
			}
			if err := tx.AppendLog(ctx, &e); err != nil {
				return err
			}
		}
		c.Status, c.ResolvedAt = desk.StatusResolved, storetest.Start()
		return tx.SaveCase(ctx, &c)
	})
	return c.ID
}

// left counts the entries and files of a case that say something.
func (h *town) left(id desk.CaseID) (words, files int) {
	h.Helper()
	log, err := h.store.Log(h.Context(), id, 0, 999)
	h.must(err)
	for _, e := range log {
		if e.Text != "" {
			words++
		}
	}
	all, err := h.store.Files(h.Context(), id)
	h.must(err)
	for _, f := range all {
		if f.Hash != "" {
			files++
		}
	}
	return words, files
}

func (h *town) counts() keeping.Counts {
	h.Helper()
	all, err := h.store.Erasures(h.Context(), time.Time{}, 9)
	h.must(err)
	sum := keeping.Counts{}
	for _, e := range all {
		sum = sum.Plus(e.Counts)
	}
	return sum
}

// B2: a sweep that is killed at any step is gone on with by the next, and nothing
// is counted twice.
func TestB2_RetentionSurvivesKillingAtEveryStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		h := newTown(t, s)
		one, two := h.resolved(1, 43), h.resolved(2, 7)
		h.must(h.service(s).SetPolicy(t.Context(), olivia, keeping.Policy{Account: account, Cases: 30}))
		f, _, err := h.service(s).Forecast(t.Context(), keeping.Policy{Account: account, Cases: 30})
		if err != nil || f.Cases != 2 || f.Entries != 52 {
			t.Errorf("forecast: %+v, %v", f, err)
		}
		for died := 0; ; died++ {
			_, err := h.service(&mortal{s, 1}).Sweep(t.Context())
			if err == nil {
				break
			}
			if !errors.Is(err, errKilled) || died > 50 {
				t.Fatal(err)
			}
		}
		for _, id := range []desk.CaseID{one, two} {
			if words, files := h.left(id); words+files > 0 {
				t.Errorf("%s has %d words and %d files left", id, words, files)
			}
		}
		got := h.counts()
		if got["cases"] != 2 || got["words"] != 43 || got["files"] != 9 {
			t.Errorf("the record says %v", got)
		}
		before := got
		if _, err := h.service(s).Sweep(t.Context()); err != nil || h.counts()["words"] != before["words"] {
			t.Errorf("sweeping again counts %v, %v", h.counts(), err)
		}
	})
}

func TestB2_WhatIsHeldOrNotOldStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		h := newTown(t, s)
		held, free := h.resolved(1, 3), h.resolved(2, 3)
		svc := h.service(s)
		h.must(svc.Hold(t.Context(), olivia, held, "A court wants it."))
		sweep := func(p keeping.Policy, wantHeld, wantFree int) {
			t.Helper()
			p.Account = account
			h.must(svc.SetPolicy(t.Context(), olivia, p))
			_, err := svc.Sweep(t.Context())
			h.must(err)
			gotHeld, _ := h.left(held)
			gotFree, _ := h.left(free)
			if gotHeld != wantHeld || gotFree != wantFree {
				t.Errorf("%+v: %d and %d words are left, want %d and %d", p, gotHeld, gotFree, wantHeld, wantFree)
			}
		}
		sweep(keeping.Policy{}, 4, 4)
		sweep(keeping.Policy{Cases: 61}, 4, 4)
		sweep(keeping.Policy{Cases: 30, Hold: "All of it."}, 4, 4)
		sweep(keeping.Policy{Cases: 30}, 4, 0)
		h.must(svc.Release(t.Context(), olivia, held))
		sweep(keeping.Policy{Cases: 30}, 0, 0)
		if err := svc.Hold(t.Context(), olivia, held, " "); !errors.Is(err, desk.ErrInvalid) {
			t.Errorf("a hold without a reason: %v", err)
		}
		audit, err := s.Audit(t.Context(), desk.AuditFilter{What: retention.DidExpire}, 0, 9)
		if err != nil || len(audit) != 2 {
			t.Errorf("audit: %+v, %v", audit, err)
		}
	})
}

func TestB2_FilesGoBeforeTheirCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		h := newTown(t, s)
		id := h.resolved(1, 25)
		svc := h.service(s)
		h.must(svc.SetPolicy(t.Context(), olivia, keeping.Policy{Account: account, Cases: 90, Files: 30}))
		for range 2 {
			_, err := svc.Sweep(t.Context())
			h.must(err)
			if words, files := h.left(id); words != 21 || files != 0 {
				t.Errorf("%d words and %d files are left, want the words", words, files)
			}
		}
		if got := h.counts(); got["files"] != 5 || got["cases"] != 1 || got["words"] != 0 {
			t.Errorf("the record says %v", got)
		}
	})
}

// A busy store has something else happen before its second update.
type busy struct {
	store.Store
	updates int
	then    func()
}

func (b *busy) Update(ctx context.Context, fn func(store.Tx) error) error {
	if b.updates++; b.updates == 2 {
		b.then()
	}
	return b.Store.Update(ctx, fn)
}

// A hold stops an erasure that is under way, from the next page on.
func TestB2_AHoldStopsWhatIsUnderWay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		h := newTown(t, s)
		id := h.resolved(1, 40)
		h.must(h.service(s).SetPolicy(t.Context(), olivia, keeping.Policy{Account: account, Cases: 30}))
		hold := func() { h.must(h.service(s).Hold(t.Context(), olivia, id, "A court wants it.")) }
		if _, err := h.service(&busy{Store: s, then: hold}).Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if words, _ := h.left(id); words != 31 {
			t.Errorf("%d words are left, want all but those of the first page", words)
		}
	})
}
