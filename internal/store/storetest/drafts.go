package storetest

import (
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
)

func draftChecks() []check {
	return []check{
		{"a draft is kept until it expires", draftKept},
		{"the first to add a draft has it", draftAddedOnce},
		{"a case knows what it is about", matterKept},
	}
}

func draftKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	want := personal.Draft{ID: "d1", Owner: "T1:U1", Kind: "create", Body: `{"subject":"Ünï"}`, ExpiresAt: Start().Add(time.Hour)}
	other := personal.Draft{ID: "d2", Owner: "T1:U2", Kind: "create", Body: `{}`, ExpiresAt: Start().Add(2 * time.Hour)}
	for range 2 {
		update(t, s, func(tx store.Tx) error {
			if err := tx.SaveDraft(ctx, &other); err != nil {
				return err
			}
			return tx.SaveDraft(ctx, &want)
		})
		same(t, "draft", must(s.Draft(ctx, "d1", Start()))(t), want)
		want.Body = "{}"
	}
	same(t, "drafts of", must(s.DraftsOf(ctx, "T1:U1", Start(), 9))(t), []personal.Draft{{ID: "d1", Owner: "T1:U1", Kind: "create", Body: "{}", ExpiresAt: want.ExpiresAt}})
	_, err := s.Draft(ctx, "d1", want.ExpiresAt)
	wantKind(t, "an expired draft", err, desk.ErrNotFound)
	update(t, s, func(tx store.Tx) error { return tx.PurgeDrafts(ctx, want.ExpiresAt) })
	_, err = s.Draft(ctx, "d1", Start())
	wantKind(t, "a purged draft", err, desk.ErrNotFound)
	same(t, "the other", must(s.Draft(ctx, "d2", Start()))(t), other)
	update(t, s, func(tx store.Tx) error { return tx.DeleteDraft(ctx, "d2") })
	_, err = s.Draft(ctx, "d2", Start())
	wantKind(t, "a deleted draft", err, desk.ErrNotFound)
}

func draftAddedOnce(t *testing.T, s store.Store) {
	ctx := t.Context()
	add := func(body string) (added bool) {
		t.Helper()
		d := personal.Draft{ID: "d3", Kind: "claim", Body: body, ExpiresAt: Start().Add(time.Hour)}
		update(t, s, func(tx store.Tx) (err error) {
			added, err = tx.AddDraft(ctx, &d)
			return err
		})
		return added
	}
	for i, tt := range []struct {
		body string
		want bool
	}{{"first", true}, {"second", false}, {"first", true}} {
		if got := add(tt.body); got != tt.want {
			t.Errorf("addition %d, of %q: got %v, want %v", i, tt.body, got, tt.want)
		}
	}
	update(t, s, func(tx store.Tx) error { return tx.DeleteDraft(ctx, "d3") })
	if !add("second") {
		t.Error("after it was deleted it cannot be added")
	}
}

func matterKept(t *testing.T, s store.Store) {
	want, entry := NewCase(t, 1)
	want.IssueType, want.Service, want.Category, want.Language = "technical", "api", "error", "en"
	want.CC, want.Related = []string{"jane@example.com", "omar@example.com"}, "case-0"
	update(t, s, func(tx store.Tx) error {
		if err := tx.InsertCase(t.Context(), &want); err != nil {
			return err
		}
		return tx.AppendLog(t.Context(), &entry)
	})
	same(t, "case", must(s.Case(t.Context(), want.ID))(t), want)
	same(t, "what follows", must(s.Following(t.Context(), "case-0", 9))(t), []desk.CaseNumber{want.Number})
	changed := changeCase(t, s, want.ID, func(c *desk.Case) { c.Subject = "Another" })
	want.Subject = "Another"
	same(t, "changed case", changed, want)
	same(t, "after a change", must(s.Case(t.Context(), want.ID))(t), want)
}
