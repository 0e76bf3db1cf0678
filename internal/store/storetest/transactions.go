package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/store"
)

var errNo = errors.New("no")

func transactionChecks() []check {
	return []check{
		{"an update that fails leaves nothing", failureLeavesNothing},
		{"an update that fails before it writes harms no other", failsAnew},
		{"an update sees its own writes", readYourWrites},
		{"what is taken is a conflict", conflicts},
		{"an update cannot succeed past a failure", failuresStick},
		{"a case must be locked to be saved", saveNeedsLock},
		{"a panic reaches the caller and nobody else", panics},
		{"ending the goroutine ends only that update", exits},
		{"an update that was given up did not happen", givenUp},
		{"a closed store refuses", closedRefuses},
	}
}

func failureLeavesNothing(t *testing.T, s store.Store) {
	ctx := t.Context()
	c, entry := NewCase(t, 1)
	err := s.Update(ctx, func(tx store.Tx) error {
		if err := tx.InsertCase(ctx, &c); err != nil {
			return err
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		return errNo
	})
	if !errors.Is(err, errNo) {
		t.Errorf("got %v, want %v", err, errNo)
	}
	_, err = s.Case(ctx, c.ID)
	wantKind(t, "the case", err, desk.ErrNotFound)
	AddCase(t, s, 1) // nothing is in its way
}

// failsAnew runs updates at once that fail late the first time, which has them
// run again where others run beside them. Then half of them fail at once, as one
// does whose context has ended: that must not harm those that succeed now.
func failsAnew(t *testing.T, s store.Store) {
	ctx := t.Context()
	const crowd = 40
	var runs [crowd]int
	errs := Crowd(ctx, s, crowd, func(i int, tx store.Tx) error {
		if runs[i]++; runs[i] > 1 && i%2 == 0 {
			return errNo
		}
		c, _ := NewCase(t, i+1)
		if err := tx.InsertCase(ctx, &c); err != nil {
			return err
		}
		if _, err := tx.LockCase(ctx, c.ID); err != nil || runs[i] > 1 {
			return err
		}
		return errNo
	})
	for i, err := range errs {
		kept := runs[i] > 1 && i%2 == 1 // a store that can undo one alone runs it once
		if kept != (err == nil) || err != nil && err.Error() != errNo.Error() {
			t.Errorf("update %d, run %d times: got %v", i, runs[i], err)
		}
		c, _ := NewCase(t, i+1)
		if _, err := s.Case(ctx, c.ID); (err == nil) != kept {
			t.Errorf("case %d: got %v", i, err)
		}
	}
}

func readYourWrites(t *testing.T, s store.Store) {
	ctx := t.Context()
	c, entry := NewCase(t, 1)
	update(t, s, func(tx store.Tx) error {
		if err := tx.InsertCase(ctx, &c); err != nil {
			return err
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		got, err := tx.LockCase(ctx, c.ID)
		if err != nil {
			return err
		}
		same(t, "case", got, c)
		if seen, err := tx.Seen(ctx, entry.Origin); !seen || err != nil {
			t.Errorf("seen: got %v, %v, want true", seen, err)
		}
		got.Place = "T1/C5"
		if err := tx.SaveCase(ctx, &got); err != nil {
			return err
		}
		d := NewDelivery("case:1", c.ID)
		if err := tx.Enqueue(ctx, &d); err != nil {
			return err
		}
		head, _, err := tx.Head(ctx, "case:1")
		if err != nil || head.Place != "T1/C5" {
			t.Errorf("head: got %+v, %v, want it at T1/C5", head, err)
		}
		if d.ID == 0 || head.ID != d.ID {
			t.Errorf("head: got %d, want %d", head.ID, d.ID)
		}
		_, err = tx.LockCaseAt(ctx, "T1/C5")
		return err
	})
}

// Crowd runs n updates at once and returns their errors.
func Crowd(ctx context.Context, s store.Store, n int, fn func(i int, tx store.Tx) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			errs[i] = s.Update(ctx, func(tx store.Tx) error { return fn(i, tx) })
		})
	}
	wg.Wait()
	return errs
}

func conflicts(t *testing.T, s store.Store) {
	ctx := t.Context()
	AddCase(t, s, 1)
	other, entry := NewCase(t, 2)
	number, _ := NewCase(t, 2)
	number.Number = desk.NewCaseNumber(1)
	place, _ := NewCase(t, 2)
	place.Place = PlaceOf(1)
	again, _ := NewCase(t, 1)
	for _, tt := range []struct {
		name string
		fn   func(tx store.Tx) error
		want error
	}{
		{"id", func(tx store.Tx) error { return tx.InsertCase(ctx, &again) }, desk.ErrConflict},
		{"number", func(tx store.Tx) error { return tx.InsertCase(ctx, &number) }, desk.ErrConflict},
		{"place", func(tx store.Tx) error { return tx.InsertCase(ctx, &place) }, desk.ErrConflict},
		{"origin", func(tx store.Tx) error {
			entry.Origin = "form:1"
			if err := tx.InsertCase(ctx, &other); err != nil {
				return err
			}
			return tx.AppendLog(ctx, &entry)
		}, desk.ErrConflict},
		{"an entry of no case", func(tx store.Tx) error {
			return tx.AppendLog(ctx, &desk.Correspondence{Case: "none", Seq: 1, Origin: "x"})
		}, desk.ErrNotFound},
		{"a delivery of no case", func(tx store.Tx) error {
			d := NewDelivery("lane", "none")
			return tx.Enqueue(ctx, &d)
		}, desk.ErrNotFound},
		{"a file that is not there", func(tx store.Tx) error {
			return tx.SaveFile(ctx, &desk.File{ID: "none"})
		}, desk.ErrConflict},
	} {
		wantKind(t, tt.name, s.Update(ctx, tt.fn), tt.want)
	}
}

func failuresStick(t *testing.T, s store.Store) {
	ctx := t.Context()
	AddCase(t, s, 1)
	again, _ := NewCase(t, 1)
	person := desk.Person{ID: "T1:U1", Name: "Alice"}
	err := s.Update(ctx, func(tx store.Tx) error {
		_ = tx.InsertCase(ctx, &again)
		_ = tx.SavePerson(ctx, &person)
		return nil
	})
	wantKind(t, "the update", err, desk.ErrConflict)
	same(t, "what it wrote", must(s.People(ctx, []desk.PersonID{person.ID}))(t), map[desk.PersonID]desk.Person{})
}

func saveNeedsLock(t *testing.T, s store.Store) {
	c := AddCase(t, s, 1)
	err := s.Update(t.Context(), func(tx store.Tx) error { return tx.SaveCase(t.Context(), &c) })
	if err == nil || !strings.Contains(err.Error(), "not locked") {
		t.Errorf("got %v, want it to say that the case is not locked", err)
	}
}

func panics(t *testing.T, s store.Store) {
	ctx := t.Context()
	c, _ := NewCase(t, 1)
	var wg sync.WaitGroup
	for n := 2; n < 20; n++ {
		wg.Go(func() { AddCase(t, s, n) })
	}
	func() {
		defer func() {
			if v := recover(); !strings.Contains(fmt.Sprint(v), "what cannot happen") {
				t.Errorf("recovered: got %v, want what it panicked with", v)
			}
		}()
		_ = s.Update(ctx, func(tx store.Tx) error {
			if err := tx.InsertCase(ctx, &c); err != nil {
				return err
			}
			panic("what cannot happen")
		})
	}()
	wg.Wait()
	_, err := s.Case(ctx, c.ID)
	wantKind(t, "the case", err, desk.ErrNotFound)
	if got := len(must(s.RecentCases(ctx, minute(60), 100))(t)); got != 18 {
		t.Errorf("the others: got %d cases, want 18", got)
	}
}

func exits(t *testing.T, s store.Store) {
	ctx := t.Context()
	c, _ := NewCase(t, 1)
	var wg sync.WaitGroup
	for n := 2; n < 20; n++ {
		wg.Go(func() { AddCase(t, s, n) })
	}
	returned := false
	wg.Go(func() {
		_ = s.Update(ctx, func(tx store.Tx) error {
			_ = tx.InsertCase(ctx, &c)
			runtime.Goexit()
			return nil
		})
		returned = true
	})
	wg.Wait()
	if returned {
		t.Error("Update returned, want its goroutine ended")
	}
	_, err := s.Case(ctx, c.ID)
	wantKind(t, "the case", err, desk.ErrNotFound)
	AddCase(t, s, 1)
}

func givenUp(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errNo)
	c, _ := NewCase(t, 1)
	err := s.Update(ctx, func(tx store.Tx) error { return tx.InsertCase(ctx, &c) })
	wantKind(t, "update", err, errNo)
	_, err = s.Case(t.Context(), c.ID)
	wantKind(t, "the case", err, desk.ErrNotFound)

	// And while it waits for its turn.
	ctx, cancel = context.WithCancelCause(t.Context())
	in, out := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	var once sync.Once
	for range 8 { // as many as any store runs at once
		wg.Go(func() {
			_ = s.Update(t.Context(), func(store.Tx) error {
				once.Do(func() { close(in) })
				<-out
				return nil
			})
		})
	}
	<-in
	wg.Go(func() {
		err := s.Update(ctx, func(tx store.Tx) error { return tx.InsertCase(ctx, &c) })
		wantKind(t, "update", err, errNo)
	})
	cancel(errNo)
	close(out)
	wg.Wait()
	_, err = s.Case(t.Context(), c.ID)
	wantKind(t, "the case", err, desk.ErrNotFound)
}

func closedRefuses(t *testing.T, s store.Store) {
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), func(store.Tx) error { return nil }); err == nil {
		t.Error("an update succeeded")
	}
	if _, err := s.Case(t.Context(), "x"); err == nil || errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a read: got %v, want it refused", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}
