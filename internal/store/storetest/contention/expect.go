package contention

import (
	"errors"
	"testing"
	"time"

	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// errNo is what an update fails with that is to fail.
var errNo = errors.New("no")

func minute(n int) time.Time { return storetest.Start().Add(time.Duration(n) * time.Minute) }

func update(t testing.TB, s store.Store, fn func(tx store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

// must returns what a read found.
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wantKind checks the kind of an error.
func wantKind(t testing.TB, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: got error %v, want %v", what, err, kind)
	}
}
