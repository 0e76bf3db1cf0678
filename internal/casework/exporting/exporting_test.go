package exporting_test

import (
	"errors"
	"testing"
	"time"

	"caseline/internal/casework/exporting"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// B6: an export is made by one, also when whoever began it is gone, and its file
// goes after a week.
func TestB6_ExportsSurviveWhoMakesThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		ctx, now := t.Context(), storetest.Start()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		svc := exporting.New(s, func() time.Time { return now })
		by := desk.By{Actor: desk.Actor{Side: desk.SideAgent, ID: "olivia", Name: "Olivia"}, Via: desk.ViaConsole}
		must(s.Update(ctx, func(tx store.Tx) error { return tx.SaveAccount(ctx, &served.Account{ID: "1", Name: "Acme"}) }))
		asked, err := svc.Ask(ctx, by, "1")
		must(err)
		if again, err := svc.Ask(ctx, by, "1"); err != nil || again.ID != asked.ID {
			t.Errorf("asked twice: %+v, %v", again, err)
		}
		if _, err := svc.Ask(ctx, by, "2"); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("of no account: %v", err)
		}
		first, ok, err := svc.Claim(ctx, "one")
		if must(err); !ok {
			t.Fatal("nobody may make it")
		}
		if _, ok, err := svc.Claim(ctx, "two"); ok || err != nil {
			t.Errorf("a second one makes it, %v", err)
		}
		now = now.Add(3 * time.Minute) // the first is gone
		second, ok, err := svc.Claim(ctx, "two")
		if must(err); !ok {
			t.Fatal("nobody makes it when the first is gone")
		}
		if err := svc.Renew(ctx, asked.ID, "one"); !errors.Is(err, desk.ErrConflict) {
			t.Errorf("a claim that was lost is renewed: %v", err)
		}
		first.State, first.Hash = keeping.Ready, "late"
		must(svc.Finish(ctx, first, "one"))
		second.State, second.Hash, second.Size = keeping.Ready, "good", 7
		must(svc.Finish(ctx, second, "two"))
		got, err := svc.Take(ctx, by, asked.ID)
		if err != nil || got.Hash != "good" {
			t.Errorf("taken: %+v, %v", got, err)
		}
		now = now.Add(keeping.KeptFor - time.Second)
		must(svc.Expire(ctx))
		if _, err := svc.Take(ctx, by, asked.ID); err != nil {
			t.Errorf("within the week: %v", err)
		}
		now = now.Add(time.Second)
		must(svc.Expire(ctx))
		if _, err := svc.Take(ctx, by, asked.ID); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("after a week: %v", err)
		}
		discards, err := s.Discards(ctx, 9)
		if err != nil || len(discards) != 2 || discards[0] != (desk.Discard{Hash: "good"}) || discards[1] != (desk.Discard{Hash: "late"}) {
			t.Errorf("discards: %+v, %v", discards, err)
		}
		audit, err := s.Audit(ctx, desk.AuditFilter{Account: "1"}, 0, 9)
		if err != nil || len(audit) != 3 {
			t.Errorf("audit: %+v, %v", audit, err)
		}
	})
}
