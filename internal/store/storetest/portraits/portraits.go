package portraits

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
)

// Run tests that a store keeps one picture of each agent, found by the agent and
// by its token, until another takes its place or it is dropped.
func Run(t *testing.T, s store.Store) {
	ctx := t.Context()
	first := personal.Portrait{Agent: "a1", Token: "t1", PNG: []byte{0, 1, 0xff}}
	second := personal.Portrait{Agent: "a1", Token: "t2", PNG: []byte{2}}
	other := personal.Portrait{Agent: "a2", Token: "t3", PNG: []byte{3}}
	update := func(fn func(store.Tx) error) {
		t.Helper()
		if err := s.Update(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []personal.Portrait{first, other, second, second} {
		update(func(tx store.Tx) error { return tx.SavePortrait(ctx, &p) })
		for _, read := range []func() (personal.Portrait, error){
			func() (personal.Portrait, error) { return s.Portrait(ctx, p.Agent) },
			func() (personal.Portrait, error) { return s.PortraitAt(ctx, p.Token) },
		} {
			got, err := read()
			if diff := cmp.Diff(p, got); err != nil || diff != "" {
				t.Errorf("%v, (-want +got):\n%s", err, diff)
			}
		}
		if token, err := s.PortraitToken(ctx, p.Agent); err != nil || token != p.Token {
			t.Errorf("token of %s: got %q, %v", p.Agent, token, err)
		}
	}
	if _, err := s.PortraitAt(ctx, first.Token); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a picture that was replaced: got %v", err)
	}
	for range 2 {
		update(func(tx store.Tx) error { return tx.DropPortrait(ctx, "a1") })
	}
	if _, err := s.Portrait(ctx, "a1"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a picture that was dropped: got %v", err)
	}
	if _, err := s.PortraitToken(ctx, "a1"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("its token: got %v", err)
	}
	if got, err := s.Portrait(ctx, "a2"); err != nil || got.Token != "t3" {
		t.Errorf("the other: got %+v, %v", got, err)
	}
}
