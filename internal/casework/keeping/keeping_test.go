package keeping_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"caseline/internal/casework/keeping"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

var (
	jane = desk.Agent{ID: "jane", Name: "Jane", Role: desk.RoleAgent}

	lena = desk.Agent{ID: "lena", Name: "Lena", Role: desk.RoleLead}
)

type clock struct{ at time.Time }

func open(t *testing.T) (context.Context, store.Store, *keeping.Service, *clock) {
	s, c := storetest.SQLite(t), &clock{storetest.Start()}
	return t.Context(), s, keeping.New(s, func() time.Time { return c.at }), c
}

func wants(t *testing.T, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) || kind == nil && err != nil {
		t.Errorf("%s: got %v, want %v", what, err, kind)
	}
}

// Of two devices the one that writes last is right, and what was typed after the
// words that were sent stays.
func TestJottingsOfTwoDevices(t *testing.T) {
	ctx, s, k, c := open(t)
	jot := func(text string, revision int64) int64 {
		t.Helper()
		r, err := k.Jot(ctx, personal.Jotting{Agent: "jane", Case: "c", Kind: personal.JotReply, Text: text, Revision: revision})
		if err != nil || r <= revision {
			t.Fatalf("got %d, %v", r, err)
		}
		return r
	}
	is := func(want string) {
		t.Helper()
		if got, err := s.Jotting(ctx, "jane", "c"); err != nil || got.Text != want {
			t.Errorf("got %q, %v, want %q", got.Text, err, want)
		}
	}
	first := jot("one", 0)
	c.at = c.at.Add(-time.Hour) // the clock of this node is behind
	jot("one and a half", 0)    // by a device that has not heard of the first
	is("one and a half")
	second := jot("two", first)
	is("two")
	wants(t, "sent", k.Sent(ctx, "jane", "c", first), nil)
	is("two")
	wants(t, "sent", k.Sent(ctx, "jane", "c", second), nil)
	is("")
	jot("three", second)
	jot("", second+1)
	is("")
}

func TestWhoMayChangeCannedReplies(t *testing.T) {
	ctx, s, k, _ := open(t)
	own := personal.Canned{Name: "hello", Agent: "jane", Text: "Hi"}
	all := personal.Canned{Name: "hello", Text: "Hello"}
	wants(t, "one's own", k.SaveReply(ctx, jane, own), nil)
	wants(t, "the same again", k.SaveReply(ctx, jane, own), desk.ErrConflict)
	wants(t, "an agent's for all", k.SaveReply(ctx, jane, all), desk.ErrForbidden)
	wants(t, "a lead's for all", k.SaveReply(ctx, lena, all), nil)
	wants(t, "a lead's for another", k.SaveReply(ctx, jane, personal.Canned{Name: "x", Agent: "omar", Text: "x"}), desk.ErrForbidden)
	wants(t, "a bad name", k.SaveReply(ctx, jane, personal.Canned{Name: "a b", Agent: "jane", Text: "x"}), desk.ErrInvalid)
	kept, err := s.CannedReplies(ctx, "jane")
	if err != nil || len(kept) != 2 {
		t.Fatalf("got %v, %v", kept, err)
	}
	for _, c := range kept {
		if c.Agent == "" {
			wants(t, "an agent drops one for all", k.DropReply(ctx, jane, c.ID), desk.ErrForbidden)
			c.Agent = "jane"
			wants(t, "an agent takes one for all", k.SaveReply(ctx, jane, c), desk.ErrForbidden)
			wants(t, "a lead drops one for all", k.DropReply(ctx, lena, c.ID), nil)
			wants(t, "again", k.DropReply(ctx, lena, c.ID), desk.ErrNotFound)
			continue
		}
		wants(t, "another's", k.DropReply(ctx, lena, c.ID), desk.ErrNotFound)
		c.Text = "Hi there"
		wants(t, "a change", k.SaveReply(ctx, jane, c), nil)
	}
	said, err := s.Audit(ctx, desk.AuditFilter{}, 0, 9)
	if err != nil || len(said) != 2 || said[0].What != keeping.DidDropReply || said[1].What != keeping.DidSaveReply {
		t.Errorf("audit: got %+v, %v; want what leads did", said, err)
	}
}

func TestWhoMayChangeViews(t *testing.T) {
	ctx, s, k, _ := open(t)
	wants(t, "without a search", k.SaveView(ctx, jane, personal.View{Agent: "jane", Name: "x"}), desk.ErrInvalid)
	wants(t, "without a name", k.SaveView(ctx, jane, personal.View{Agent: "jane", Name: " ", Query: "q=x"}), desk.ErrInvalid)
	wants(t, "an agent's for all", k.SaveView(ctx, jane, personal.View{Name: "x", Query: "q=x"}), desk.ErrForbidden)
	wants(t, "a lead's for all", k.SaveView(ctx, lena, personal.View{Name: "x", Query: "q=x"}), nil)
	for _, q := range []string{"q=y", "q=z"} { // the second replaces the first
		wants(t, "one's own", k.SaveView(ctx, jane, personal.View{Agent: "jane", Name: "x", Query: q}), nil)
	}
	all, err := s.Views(ctx, "jane")
	if err != nil || len(all) != 2 {
		t.Fatalf("got %v, %v", all, err)
	}
	for _, v := range all {
		if v.Agent == "" {
			wants(t, "an agent drops one for all", k.DropView(ctx, jane, v.ID), desk.ErrForbidden)
		} else if v.Query != "q=z" {
			t.Errorf("got %q, want the later search", v.Query)
		}
		if v.Agent != "" {
			wants(t, "another's", k.DropView(ctx, lena, v.ID), desk.ErrNotFound)
			wants(t, "one's own", k.DropView(ctx, jane, v.ID), nil)
		}
	}
}

func TestSnoozesEnd(t *testing.T) {
	ctx, s, k, c := open(t)
	one, entry := storetest.NewCase(t, 1)
	wants(t, "insert", s.Update(ctx, func(tx store.Tx) error {
		if err := tx.InsertCase(ctx, &one); err != nil {
			return err
		}
		return tx.AppendLog(ctx, &entry)
	}), nil)
	wants(t, "the past", k.Snooze(ctx, jane, one.ID, c.at), desk.ErrInvalid)
	wants(t, "too long", k.Snooze(ctx, jane, one.ID, c.at.Add(400*24*time.Hour)), desk.ErrInvalid)
	wants(t, "no case", k.Snooze(ctx, jane, "none", c.at.Add(time.Hour)), desk.ErrNotFound)
	wants(t, "an hour", k.Snooze(ctx, jane, one.ID, c.at.Add(time.Hour)), nil)
	count := func(at time.Time, want int) {
		t.Helper()
		if got, err := s.Snoozes(ctx, "jane", at); err != nil || len(got) != want {
			t.Errorf("got %v, %v, want %d", got, err, want)
		}
	}
	count(c.at, 1)
	count(c.at.Add(time.Hour), 0)
	wants(t, "wake", k.Wake(ctx, jane, one.ID), nil)
	count(c.at, 0)
}

// Others are told when somebody comes, types, ceases and goes; nobody is told
// where there is nobody else, or when nothing changed.
func TestOnlyChangesOfLooksAreTold(t *testing.T) {
	ctx, s, k, c := open(t)
	told := 0
	defer s.Watch(func(h store.Hint) { told += len(h.Looks) })()
	look := func(g keeping.Glance, wantThere, wantTold int) {
		t.Helper()
		g.Case, g.Page = "c", string(g.Agent)
		is, err := k.Look(ctx, g)
		if err != nil || len(is) != wantThere {
			t.Errorf("got %+v, %v, want %d", is, err, wantThere)
		}
		if told != wantTold {
			t.Errorf("%+v: told %d times, want %d", g, told, wantTold)
		}
		there, err := s.Looks(ctx, "c", c.at)
		if err != nil || len(there) != wantThere {
			t.Errorf("kept: got %+v, %v, want %d", there, err, wantThere)
		}
	}
	look(keeping.Glance{Agent: "jane"}, 1, 0)
	look(keeping.Glance{Agent: "jane", Typing: true}, 1, 0)
	look(keeping.Glance{Agent: "omar"}, 2, 1)
	look(keeping.Glance{Agent: "omar"}, 2, 1)
	look(keeping.Glance{Agent: "omar", Typing: true}, 2, 2)
	look(keeping.Glance{Agent: "omar", Typing: true}, 2, 2)
	look(keeping.Glance{Agent: "omar"}, 2, 3)
	look(keeping.Glance{Agent: "omar", Gone: true}, 1, 4)
	c.at = c.at.Add(keeping.LookLife)
	look(keeping.Glance{Agent: "omar"}, 1, 4) // Jane's has expired
}
