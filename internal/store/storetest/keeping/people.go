package keeping

import (
	"context"
	"errors"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

var names = keeping.Names{ID: "T1:U1", User: "U1", Name: "Alice Martin", As: "erased/1", AsUser: "erased1"}

func renamed(t *testing.T, s store.Store) {
	ctx := t.Context()
	mine, other, third := storetest.AddCase(t, s, 1), storetest.AddCase(t, s, 2), storetest.AddCase(t, s, 3)
	storetest.Chat(t, s, mine.ID)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		c, err := tx.LockCase(ctx, third.ID)
		if err != nil {
			return err
		}
		c.Members = []desk.PersonID{"T1:U11"}
		return tx.SaveCase(ctx, &c)
	})
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return tx.SavePerson(ctx, &desk.Person{ID: names.ID, Name: names.Name})
	})
	say := desk.Correspondence{Case: other.ID, Seq: 2, Kind: desk.KindMessage, Author: desk.ByCustomer("T1:U9"), Text: "ask <@U1>, not <@U11>", Origin: "slack:T1:C1:1:reaction:U1:x:2"}
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.AppendLog(ctx, &say) })
	found, last, err := s.CasesWith(ctx, names, "", 9)
	same(t, "cases with her", found, []desk.CaseID{mine.ID, other.ID, third.ID}, err)
	same(t, "the last that was looked at", last, third.ID, nil)
	if wrote, err := s.Wrote(ctx, names.ID); err != nil || wrote.Words != 3 || wrote.Cases != 3 {
		t.Errorf("she wrote %+v, %v", wrote, err)
	}
	for _, id := range found {
		update(t, s, func(ctx context.Context, tx store.Tx) error {
			if _, err := tx.LockCase(ctx, id); err != nil {
				return err
			}
			words, err := tx.WordsOf(ctx, id, names.ID, 9)
			if err != nil {
				return err
			}
			for _, w := range words {
				if err := errors.Join(tx.EraseBy(ctx, id, w.Seq, desk.MarkWished), tx.GiveWords(ctx, id, w.Seq, names)); err != nil {
					return err
				}
			}
			_, err = tx.RenameInCase(ctx, id, names)
			return err
		})
	}
	c, err := s.Case(ctx, mine.ID)
	same(t, "requesters", []desk.PersonID{c.Requester, c.Chat.Requester}, []desk.PersonID{names.As, names.As}, err)
	same(t, "her case", c.Subject+c.Description, "(erased)", nil)
	e, err := s.Entry(ctx, other.ID, 2)
	same(t, "a mention", e.Text, "ask <@erased1>, not <@U11>", err)
	same(t, "an origin", string(e.Origin), "slack:T1:C1:1:reaction:erased1:x:2", nil)
	e, err = s.Entry(ctx, mine.ID, 1)
	same(t, "her words", []string{e.Text, e.Author.ID, e.What}, []string{"", "erased/1", desk.MarkErased + " " + desk.MarkWished}, err)
	found, _, err = s.CasesWith(ctx, names, "", 9)
	same(t, "cases with her after", len(found), 0, err)
}

func forgotten(t *testing.T, s store.Store) {
	ctx := t.Context()
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(
			tx.SavePerson(ctx, &desk.Person{ID: names.ID, Name: names.Name, Avatar: "https://example.com/a.png"}), tx.SavePerson(ctx, &desk.Person{ID: "T1:U11", Name: "Uwe"}),
			tx.SaveHome(ctx, &store.Home{Person: names.ID, OpenedAt: storetest.Start()}),
			tx.Audit(ctx, &desk.AuditEntry{At: storetest.Start(), By: desk.ByCustomer(names.ID), What: desk.DidOpen, Detail: map[string]string{"for": "Alice Martin"}}))
	})
	events := storetest.AddEvents(t, s,
		desk.Event{Key: "1", Lane: "l", Body: []byte(`{"user":"U1"}`), State: desk.EventDone, ReceivedAt: storetest.Start()},
		desk.Event{Key: "2", Lane: "l", Body: []byte(`{"user":"U11"}`), State: desk.EventDone, ReceivedAt: storetest.Start()})
	_ = events
	sum := keeping.Counts{}
	for from, steps := "", 0; ; steps++ {
		var next string
		update(t, s, func(ctx context.Context, tx store.Tx) error {
			n, c, err := tx.ForgetPerson(ctx, names, from)
			if err == nil {
				sum, next = sum.Plus(c), n
			}
			return err
		})
		if from = next; from == "" {
			break
		}
		if steps > 20 {
			t.Fatal("it does not end")
		}
	}
	same(t, "counts", sum, keeping.Counts{"events": 1, "audit": 1}, nil)
	people, err := s.People(ctx, []desk.PersonID{names.ID, names.As, "T1:U11"})
	same(t, "known people", []string{people[names.ID].Name, people[names.As].Name, people["T1:U11"].Name}, []string{"", keeping.ErasedName, "Uwe"}, err)
	stale, err := s.StalePeople(ctx, "T1", time.Now(), 9)
	for _, p := range stale {
		if p.ID == names.As || p.ID == names.ID {
			t.Errorf("%s would be looked up in Slack, %v", p.ID, err)
		}
	}
	audit, err := s.Audit(ctx, desk.AuditFilter{}, 0, 9)
	if err != nil || len(audit) != 1 || audit[0].By.ID != string(names.As) || audit[0].Detail["for"] != keeping.ErasedName {
		t.Errorf("audit: %+v, %v", audit, err)
	}
	// Who writes again is somebody new, to be looked up.
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.NotePerson(ctx, names.ID) })
	people, err = s.People(ctx, []desk.PersonID{names.ID})
	same(t, "noted again", people[names.ID], desk.Person{ID: names.ID}, err)
}

func agentRenamed(t *testing.T, s store.Store) {
	ctx := t.Context()
	c := storetest.AddCase(t, s, 1)
	storetest.Chat(t, s, c.ID)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.Audit(ctx, &desk.AuditEntry{At: storetest.Start(), By: storetest.Jane(), What: desk.DidJoin}),
			tx.Audit(ctx, &desk.AuditEntry{At: storetest.Start(), By: operator, What: desk.DidAddAgent, Detail: map[string]string{"email": "jane@example.com"}}))
	})
	jane := keeping.Names{Agent: "jane", Name: "Jane", Email: "jane@example.com"}
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		if _, err := tx.LockCase(ctx, c.ID); err != nil {
			return err
		}
		if err := tx.RenameAgentInCase(ctx, c.ID, jane, keeping.FormerAgent); err != nil {
			return err
		}
		last, n, err := tx.RenameAgentInAudit(ctx, jane, keeping.FormerAgent, 0, 9)
		same(t, "audit entries", n, 1, err)
		last, _, err = tx.RenameAgentInAudit(ctx, jane, keeping.FormerAgent, last, 9)
		same(t, "the end", last, int64(0), err)
		return err
	})
	got, err := s.Case(ctx, c.ID)
	same(t, "name in the chat", got.Chat.AgentName, keeping.FormerAgent, err)
	log, err := s.Log(ctx, c.ID, 0, 9)
	for _, e := range log {
		if e.Author.ID == "jane" && e.Author.Name != keeping.FormerAgent {
			t.Errorf("entry %d is by %q, %v", e.Seq, e.Author.Name, err)
		}
	}
	audit, err := s.Audit(ctx, desk.AuditFilter{}, 0, 9)
	if err != nil || audit[1].By.Name != keeping.FormerAgent || audit[0].Detail["email"] != keeping.FormerAgent {
		t.Errorf("audit: %+v, %v", audit, err)
	}
}

func records(t *testing.T, s store.Store) {
	ctx := t.Context()
	e := keeping.Erasure{ID: "e1", Cause: keeping.ByWish, Hash: "abc", Name: "erased/1", By: operator, Begun: storetest.Start(), Counts: keeping.Counts{}, Subject: "T1:U1", Called: "Alice"}
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveErasure(ctx, &e) })
	open, err := s.OpenErasures(ctx, 9)
	same(t, "open", open, []keeping.Erasure{e}, err)
	stale := e
	e.Step, e.Holder, e.Cursor, e.Counts = 1, "words", "x", keeping.Counts{"words": 3}
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveErasure(ctx, &e) })
	stale.Step = 1
	if err := s.Update(ctx, func(tx store.Tx) error { return tx.SaveErasure(ctx, &stale) }); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a step that somebody else has made: %v", err)
	}
	e.Step, e.Ended, e.Subject, e.Called = 2, storetest.Start().Add(time.Hour), "", ""
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveErasure(ctx, &e) })
	got, err := s.Erasure(ctx, "e1")
	same(t, "record", got, e, err)
	of, err := s.ErasuresOf(ctx, "abc")
	same(t, "records of somebody", of, []keeping.Erasure{e}, err)
	open, err = s.OpenErasures(ctx, 9)
	same(t, "still open", len(open), 0, err)
	sum := keeping.Erasure{ID: "t1", Cause: keeping.ByTime, Account: account, Begun: storetest.Start().Add(time.Minute), Ended: storetest.Start().Add(time.Minute), Counts: keeping.Counts{"cases": 1}}
	for range 2 {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.CountErased(ctx, &sum) })
	}
	all, err := s.Erasures(ctx, time.Time{}, 9)
	if err != nil || len(all) != 2 || all[0].ID != "t1" || all[0].Counts["cases"] != 2 {
		t.Errorf("records: %+v, %v", all, err)
	}
	all, err = s.Erasures(ctx, all[0].Begun, 9)
	same(t, "earlier records", all, []keeping.Erasure{e}, err)
}

func exports(t *testing.T, s store.Store) {
	ctx := t.Context()
	now := storetest.Start()
	e := keeping.Export{ID: "x1", Account: account, By: operator, AskedAt: now, State: keeping.Asked}
	update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.SaveExport(ctx, &e) })
	claim := func(who string, at time.Time) error {
		return s.Update(ctx, func(tx store.Tx) error { return tx.ClaimExport(ctx, "x1", who, at, at.Add(time.Minute)) })
	}
	same(t, "claim", nil, nil, claim("one", now))
	if err := claim("two", now.Add(time.Second)); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a second claim: %v", err)
	}
	same(t, "claim after the first has ended", nil, nil, claim("two", now.Add(time.Hour)))
	e.State, e.Hash, e.Size, e.Cases, e.Until = keeping.Ready, "abc", 1<<40, 7, now.Add(keeping.KeptFor)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		return errors.Join(tx.SaveExport(ctx, &e), tx.Discard(ctx, "abc"))
	})
	got, err := s.Export(ctx, "x1")
	same(t, "export", got, e, err)
	all, err := s.Exports(ctx, 9)
	same(t, "exports", all, []keeping.Export{e}, err)
	discards, err := s.Discards(ctx, 9)
	same(t, "discards", discards, []desk.Discard{{Hash: "abc", Needed: true}}, err)
	if err := claim("two", now.Add(time.Hour)); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a claim of what is ready: %v", err)
	}
}

func catalogues(t *testing.T, s store.Store) {
	ctx := t.Context()
	if _, err := s.SavedCatalogue(ctx, 0); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("none: %v", err)
	}
	one := keeping.Catalogue{Version: 1, At: storetest.Start(), By: operator, Note: "hours", Text: "a: 1", Former: `{"x":"y"}`}
	two := one
	two.Version, two.Text = 2, "a: 2"
	hints := make(chan bool, 9)
	stop := s.Watch(func(h store.Hint) { hints <- h.Agents || h.All })
	defer stop()
	for _, c := range []*keeping.Catalogue{&one, &two} {
		update(t, s, func(ctx context.Context, tx store.Tx) error { return tx.AddCatalogue(ctx, c) })
	}
	if !<-hints {
		t.Error("no hint of a new catalogue")
	}
	if err := s.Update(ctx, func(tx store.Tx) error { return tx.AddCatalogue(ctx, &two) }); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a number that is taken: %v", err)
	}
	got, err := s.SavedCatalogue(ctx, 0)
	same(t, "the newest", got, two, err)
	got, err = s.SavedCatalogue(ctx, 1)
	same(t, "the first", got, one, err)
	one.Text, one.Former, two.Text, two.Former = "", "", "", ""
	all, err := s.SavedCatalogues(ctx, 0, 9)
	same(t, "all", all, []keeping.Catalogue{two, one}, err)
	all, err = s.SavedCatalogues(ctx, 2, 9)
	same(t, "those before", all, []keeping.Catalogue{one}, err)
}
