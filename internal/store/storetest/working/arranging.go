package working

import (
	"errors"
	"slices"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// insert adds a case.
func insert(t *testing.T, s store.Store, n int, change func(*desk.Case)) desk.Case {
	t.Helper()
	c, entry := storetest.NewCase(t, n)
	if change != nil {
		change(&c)
	}
	update(t, s, func(tx store.Tx) error {
		if err := tx.InsertCase(t.Context(), &c); err != nil {
			return err
		}
		return tx.AppendLog(t.Context(), &entry)
	})
	return c
}

func snoozes(t *testing.T, s store.Store) {
	ctx, now := t.Context(), storetest.Start()
	one, two := insert(t, s, 1, nil), insert(t, s, 2, nil)
	snooze := func(c desk.Case, hours int) personal.Snooze {
		z := personal.Snooze{Agent: "a1", Case: c.ID, Until: now.Add(time.Duration(hours) * time.Hour), Seq: c.LastSeq}
		update(t, s, func(tx store.Tx) error { return tx.SaveSnooze(ctx, &z) })
		return z
	}
	is := func(what string, at time.Time, want ...personal.Snooze) {
		t.Helper()
		got, err := s.Snoozes(ctx, "a1", at)
		same(t, what, got, err, want)
	}
	snooze(one, 1)
	long, short := snooze(one, 3), snooze(two, 2)
	is("both", now, short, long)
	is("when the time of one has come", short.Until, long)
	update(t, s, func(tx store.Tx) error { return tx.PurgeSnoozes(ctx, "a1", short.Until) })
	is("what was not purged", now, long)
	snooze(two, 2)
	write := func(c desk.Case, kind desk.EntryKind, what string, side desk.Side) {
		update(t, s, func(tx store.Tx) error {
			c, err := tx.LockCase(ctx, c.ID)
			if err != nil {
				return err
			}
			c.LastSeq++
			if err := tx.AppendLog(ctx, &desk.Correspondence{
				Case: c.ID, Seq: c.LastSeq, Kind: kind, What: what, Author: desk.Actor{Side: side, ID: "x"}, At: now, RecordedAt: now,
				Origin: desk.Origin(string(c.ID) + what + " written by " + string(side)), Text: "words",
			}); err != nil {
				return err
			}
			return tx.SaveCase(ctx, &c)
		})
	}
	write(one, desk.KindMessage, "", desk.SideAgent)
	is("after an agent wrote", now, short, long)
	write(one, desk.KindMessage, "", desk.SideCustomer)
	is("after the customer wrote", now, short)
	write(two, desk.KindChat, string(desk.EventPrompted), desk.SideSystem)
	is("after the customer was prompted", now, short)
	write(two, desk.KindChat, string(desk.EventHanded), desk.SideAgent)
	is("after the chat was handed over", now)
	short = snooze(two, 2)
	short.Seq += 2
	update(t, s, func(tx store.Tx) error { return tx.SaveSnooze(ctx, &short) })
	is("put away again", now, short)
	write(two, desk.KindNote, "", desk.SideAgent)
	is("after a note", now, short)
	write(two, desk.KindNote, desk.MarkWhisper, desk.SideAgent)
	is("after a whisper", now)
	short = snooze(two, 2)
	short.Seq += 4
	update(t, s, func(tx store.Tx) error { return tx.SaveSnooze(ctx, &short) })
	is("put away once more", now, short)
	update(t, s, func(tx store.Tx) error { return tx.DropSnooze(ctx, "a1", two.ID) })
	is("after it was taken back", now)
}

func views(t *testing.T, s store.Store) {
	ctx := t.Context()
	all := personal.View{ID: "1", Name: "Ürgent", Query: "severity=urgent"}
	own := personal.View{ID: "2", Agent: "a1", Name: "Mine", Query: "agent=a1"}
	other := personal.View{ID: "3", Agent: "a2", Name: "Mine", Query: "agent=a2"}
	for _, v := range []personal.View{all, own, other, own} {
		update(t, s, func(tx store.Tx) error { return tx.SaveView(ctx, &v) })
	}
	got, err := s.Views(ctx, "a1")
	slices.SortFunc(got, func(a, b personal.View) int { return len(a.Name) - len(b.Name) }) // databases sort letters differently
	same(t, "for a1", got, err, []personal.View{own, all})
	err = s.Update(ctx, func(tx store.Tx) error {
		return tx.SaveView(ctx, &personal.View{ID: "4", Agent: "a1", Name: "Mine", Query: "q=x"})
	})
	if !errors.Is(err, desk.ErrConflict) {
		t.Errorf("a name that is taken: got %v", err)
	}
	one, err := s.View(ctx, "2")
	same(t, "one", one, err, own)
	update(t, s, func(tx store.Tx) error { return tx.DropView(ctx, "2") })
	if _, err := s.View(ctx, "2"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("one that was dropped: got %v", err)
	}
}

func looks(t *testing.T, s store.Store) {
	ctx, now := t.Context(), storetest.Start()
	look := func(a desk.AgentID, page string, expires, typing time.Duration) personal.Look {
		l := personal.Look{Case: "c1", Agent: a, Page: page, ExpiresAt: now.Add(expires)}
		if typing > 0 {
			l.TypingUntil = now.Add(typing)
		}
		update(t, s, func(tx store.Tx) error { return tx.SaveLook(ctx, &l) })
		return l
	}
	look("a1", "p1", time.Minute, time.Second)
	one, two := look("a1", "p1", 2*time.Minute, 0), look("a2", "p2", time.Minute, 10*time.Second)
	got, err := s.Looks(ctx, "c1", now)
	same(t, "both", got, err, []personal.Look{one, two})
	got, err = s.Looks(ctx, "c1", two.ExpiresAt)
	same(t, "when one has expired", got, err, []personal.Look{one})
	update(t, s, func(tx store.Tx) error { return tx.PurgeLooks(ctx, two.ExpiresAt) })
	got, err = s.Looks(ctx, "c1", now)
	same(t, "what was not purged", got, err, []personal.Look{one})

	heard := make(chan store.Hint, 9)
	defer s.Watch(func(h store.Hint) { heard <- h })()
	update(t, s, func(tx store.Tx) error { tx.TellLooks("c1"); return nil })
	for h := range heard {
		if slices.Contains(h.Looks, "c1") || h.All {
			return
		}
	}
}

func earlier(t *testing.T, s store.Store) {
	ctx := t.Context()
	var made []desk.Case
	for n := range 4 {
		made = append(made, insert(t, s, n+1, func(c *desk.Case) {
			c.Account, c.Requester = "acme", "T1:UA"
			c.CreatedAt = storetest.Start().Add(time.Duration(n) * time.Minute)
			if n == 2 {
				c.Requester = "T1:UB"
			}
		}))
	}
	brief := func(n int) store.Earlier {
		c := made[n]
		return store.Earlier{Number: c.Number, Subject: c.Subject, Status: c.Status, CreatedAt: c.CreatedAt}
	}
	got, err := s.EarlierOf(ctx, "T1:UA", made[3].ID, 9)
	same(t, "of the person", got, err, []store.Earlier{brief(1), brief(0)})
	got, err = s.EarlierIn(ctx, "acme", made[3].ID, 2)
	same(t, "of the account", got, err, []store.Earlier{brief(2), brief(1)})
}
