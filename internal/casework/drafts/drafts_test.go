package drafts_test

import (
	"errors"
	"testing"
	"time"

	"caseline/internal/casework/drafts"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store/storetest"
)

func TestADraftIsKeptForADay(t *testing.T) {
	ctx, now := t.Context(), storetest.Start()
	s := storetest.SQLite(t)
	d := drafts.New(s, func() time.Time { return now })
	if err := d.Keep(ctx, personal.Draft{ID: "create T1:U1", Owner: "T1:U1", Kind: "create", Body: "{}"}); err != nil {
		t.Fatal(err)
	}
	now = now.Add(personal.DraftLife - time.Second)
	if got, err := d.Find(ctx, "create T1:U1"); err != nil || got.Body != "{}" {
		t.Errorf("within the day: got %+v, %v", got, err)
	}
	if err := d.Purge(ctx); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Second)
	if _, err := d.Find(ctx, "create T1:U1"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("after the day: got %v", err)
	}
	if _, err := s.Draft(ctx, "create T1:U1", storetest.Start()); err != nil {
		t.Errorf("purging took it before its day was over: %v", err)
	}
	if err := d.Purge(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Draft(ctx, "create T1:U1", storetest.Start()); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("purging left it: %v", err)
	}
	if err := d.Drop(ctx, "create T1:U1"); err != nil {
		t.Errorf("dropping what is gone: %v", err)
	}
}
