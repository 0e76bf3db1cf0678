package working

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk/personal"
	"caseline/internal/store"
)

// Run tests that the stores that open returns keep this part of the contract.
// Each is empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range map[string]func(*testing.T, store.Store){
		"preferences are kept for each agent":                   preferences,
		"the latest of what somebody types is kept":             jottings,
		"canned replies are found by whose they are":            cannedReplies,
		"mentions are kept until the case was opened":           mentions,
		"how far an agent has read a chat only grows":           readMarks,
		"a snooze ends by time or when the customer writes":     snoozes,
		"views are found by whose they are":                     views,
		"who looks at a case expires, and is told where wanted": looks,
		"earlier cases of a person and of an account are found": earlier,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func update(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func same[V any](t *testing.T, what string, got V, err error, want V) {
	t.Helper()
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%s: %v, (-want +got):\n%s", what, err, diff)
	}
}

func preferences(t *testing.T, s store.Store) {
	ctx := t.Context()
	got, err := s.Preference(ctx, "a1", "undo")
	same(t, "before anything was chosen", got, err, "")
	for _, p := range []personal.Preference{
		{Agent: "a1", Key: "undo", Value: "3"},
		{Agent: "a1", Key: "sound", Value: "ünï"},
		{Agent: "a2", Key: "undo", Value: "10"},
		{Agent: "a1", Key: "undo", Value: "0"},
	} {
		update(t, s, func(tx store.Tx) error { return tx.SavePreference(ctx, &p) })
		got, err := s.Preference(ctx, p.Agent, p.Key)
		same(t, "preference", got, err, p.Value)
	}
	all, err := s.Preferences(ctx, "a1")
	same(t, "all", all, err, []personal.Preference{{Agent: "a1", Key: "sound", Value: "ünï"}, {Agent: "a1", Key: "undo", Value: "0"}})
	got, err = s.Preference(ctx, "a2", "undo")
	same(t, "the other agent's", got, err, "10")
}
