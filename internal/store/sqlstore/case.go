package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/search"
	"caseline/internal/store/sqlstore/stored"
)

// InsertCase adds a case and its chat.
func (t *tx) InsertCase(ctx context.Context, c *desk.Case) error {
	r := stored.OfCase(c)
	if err := t.write(ctx, commit.Op{Doing: "insert case", ID: r.Fixed.ID}, stored.InsertCase, nil, r.Inserted(int64(c.Severity.Rank()))...); err != nil {
		return err
	}
	t.have(r)
	t.hints.TouchCase(c.ID, c.LastSeq, c.Revision)
	if err := t.write(ctx, commit.Op{Doing: "number case", ID: r.Fixed.ID}, search.AddCase, nil, r.Fixed.ID, r.Fixed.Account, r.Fixed.CreatedAt); err != nil {
		return err
	}
	return t.indexCase(ctx, &r)
}

// LockCase returns a case that no other update can lock until this one ends.
func (t *tx) LockCase(ctx context.Context, id desk.CaseID) (desk.Case, error) {
	if _, err := t.session.Hold(caseKey(string(id))); err != nil {
		return desk.Case{}, t.note(err)
	}
	what := commit.Op{Doing: "lock case", ID: string(id)}
	return t.lock(ctx, what, &t.store.texts.lockCase, string(id), t.store.recent.Get(string(id), ""))
}

// LockCaseAt locks the case whose chats are, or once were, at place.
func (t *tx) LockCaseAt(ctx context.Context, place desk.Place) (desk.Case, error) {
	if _, err := t.session.Hold("place " + string(place)); err != nil {
		return desk.Case{}, t.note(err)
	}
	what := commit.Op{Doing: "lock the case at", ID: string(place)}
	c, err := t.lock(ctx, what, &t.store.texts.lockCaseAt, string(place), t.store.recent.Get("", string(place)))
	if errors.Is(err, desk.ErrNotFound) {
		id, err := movedFrom(ctx, t, place)
		if err != nil {
			return desk.Case{}, err
		}
		return t.LockCase(ctx, id)
	}
	if err != nil {
		return c, err
	}
	// Others may know it by its id.
	again, err := t.session.Hold(caseKey(string(c.ID)))
	switch {
	case err != nil:
		return desk.Case{}, t.note(err)
	case again:
		return t.LockCase(ctx, c.ID)
	}
	return c, nil
}

// caseKey is how updates of one transaction hold a case against each other.
func caseKey(id string) string { return "case " + id }

// A lockTexts are the statements that lock one row: one waits for it, the
// other skips it while another has it, and there tells whether it exists.
type lockTexts struct{ wait, skip, there string }

func newLockTexts(d dialect.Dialect, by string) lockTexts {
	return lockTexts{wait: stored.SelectCase + by + d.Lock, skip: stored.SelectCase + by + d.SkipLocked, there: "SELECT 1 FROM cases x" + by}
}

// lock locks and reads the case that texts find by key, unless it is known.
func (t *tx) lock(ctx context.Context, what commit.Op, texts *lockTexts, key string, known *stored.Case) (desk.Case, error) {
	if err := t.stop(ctx); err != nil {
		return desk.Case{}, err
	}
	if known != nil {
		t.hold(*known)
		return known.Desk()
	}
	var r stored.Case
	skips := t.session.NoWait()
	text := texts.wait
	if skips {
		text = texts.skip
	}
	err := one(ctx, t, what, text, []any{key}, r.Scan)
	if skips && errors.Is(err, desk.ErrNotFound) {
		err = t.notThereOrBusy(ctx, what, texts.there, key)
	}
	if err != nil {
		return desk.Case{}, err
	}
	t.have(r)
	return r.Desk()
}

// notThereOrBusy tells the two apart after a lock that skips found nothing.
func (t *tx) notThereOrBusy(ctx context.Context, what commit.Op, text, key string) error {
	there, err := t.exists(ctx, what, text, key)
	switch {
	case err != nil:
		return err
	case there:
		return t.note(what.Wrap(commit.ErrBusy))
	}
	return missing(what)
}

// have notes that the update has the case, and how it is in the database, for
// the next ones too.
func (t *tx) have(r stored.Case) {
	t.hold(r)
	t.store.recent.Keep(r)
}

// hold is have for what the next ones know already.
func (t *tx) hold(r stored.Case) {
	if old := t.locked(r.Fixed.ID); old != nil {
		*old = r
	} else {
		t.cases = append(t.cases, r)
	}
}

func (t *tx) locked(id string) *stored.Case {
	for i := range t.cases {
		if t.cases[i].Fixed.ID == id {
			return &t.cases[i]
		}
	}
	return nil
}

// SaveCase writes everything of a locked case that has changed.
func (t *tx) SaveCase(ctx context.Context, c *desk.Case) error {
	old := t.locked(string(c.ID))
	if old == nil {
		return t.note(fmt.Errorf("save case %s: it is not locked", c.ID))
	}
	r := stored.OfCase(c)
	if err := t.save(ctx, old, &r, int64(c.Severity.Rank())); err != nil {
		return err
	}
	if old.Rare.Subject != r.Rare.Subject {
		if err := t.indexCase(ctx, &r); err != nil {
			return err
		}
	}
	t.have(r)
	t.hints.TouchCase(c.ID, c.LastSeq, c.Revision)
	return nil
}

func (t *tx) save(ctx context.Context, old, r *stored.Case, rank int64) error {
	what := commit.Op{Doing: "save case", ID: r.Fixed.ID}
	if old.Rare == r.Rare && old.Chat == r.Chat {
		if old.Hot == r.Hot {
			return nil
		}
		return t.write(ctx, what, stored.UpdateCaseHot, nil, r.SavedHot()...)
	}
	if old.Chat.ID != "" && old.Chat.ID != r.Chat.ID {
		args := append(append([]any{r.Fixed.ID}, old.Chat.Args()...), old.Hot.LastWordAt)
		if err := t.write(ctx, commit.Op{Doing: "keep chat", ID: old.Chat.ID}, insertEarlierChat, nil, args...); err != nil {
			return err
		}
	}
	if old.Rare.Place != "" && old.Rare.Place != r.Rare.Place {
		if err := t.write(ctx, commit.Op{Doing: "keep the place of", ID: r.Fixed.ID}, insertEarlierPlace, nil, old.Rare.Place, r.Fixed.ID); err != nil {
			return err
		}
	}
	return t.write(ctx, what, stored.UpdateCase, nil, r.Saved(rank)...)
}

// one reads the one row that a query finds, or returns desk.ErrNotFound.
func one(ctx context.Context, q asker, what commit.Op, text string, args []any, scan func(commit.Row) error) error {
	found := false
	err := q.query(ctx, what, text, args, func(r commit.Row) error {
		found = true
		return scan(r)
	})
	if err == nil && !found {
		return missing(what)
	}
	return err
}

// Case returns a case by its key.
func (r reads) Case(ctx context.Context, id desk.CaseID) (desk.Case, error) {
	return r.oneCase(ctx, commit.Op{Doing: "case", ID: string(id)}, stored.SelectCase+stored.ByID, string(id))
}

// CaseByNumber returns a case by the number people quote.
func (r reads) CaseByNumber(ctx context.Context, number desk.CaseNumber) (desk.Case, error) {
	return r.oneCase(ctx, commit.Op{Doing: "case number", ID: string(number)}, stored.SelectCase+stored.ByNumber, string(number))
}

func (r reads) oneCase(ctx context.Context, what commit.Op, text, key string) (desk.Case, error) {
	var c stored.Case
	if err := one(ctx, r, what, text, []any{key}, c.Scan); err != nil {
		return desk.Case{}, err
	}
	return c.Desk()
}

// Cases returns those of the cases that exist.
func (r reads) Cases(ctx context.Context, ids []desk.CaseID) ([]desk.Case, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return r.manyCases(ctx, "by id", r.store.texts.cases, stored.List(ids))
}

const byRecent = " ORDER BY x.changed_at DESC, x.id LIMIT $1"

// RecentCases returns cases by their newest change.
func (r reads) RecentCases(ctx context.Context, before time.Time, limit int) ([]desk.Case, error) {
	if before.IsZero() {
		return r.manyCases(ctx, "recent", stored.SelectCase+byRecent, int64(limit))
	}
	return r.manyCases(ctx, "recent", stored.SelectCase+" WHERE x.changed_at < $1 ORDER BY x.changed_at DESC, x.id LIMIT $2", stored.Micros(before), int64(limit))
}

func (r reads) manyCases(ctx context.Context, which, text string, args ...any) ([]desk.Case, error) {
	var cases []desk.Case
	err := r.query(ctx, commit.Op{Doing: "cases", ID: which}, text, args, func(from commit.Row) error {
		var c stored.Case
		if err := c.Scan(from); err != nil {
			return err
		}
		one, err := c.Desk()
		cases = append(cases, one)
		return err
	})
	return cases, err
}

const selectChanged = `SELECT id, last_seq, revision, changed_at FROM cases WHERE changed_at >= $1 ORDER BY changed_at, id LIMIT $2`

// ChangedCases returns how far the cases have come that changed.
func (r reads) ChangedCases(ctx context.Context, since time.Time, limit int) ([]store.CaseChange, error) {
	var changes []store.CaseChange
	err := r.query(ctx, commit.Op{Doing: "cases", ID: "changed"}, selectChanged, []any{stored.Micros(since), int64(limit)}, func(from commit.Row) error {
		var id string
		var seq, revision, at int64
		err := from.Scan(&id, &seq, &revision, &at)
		changes = append(changes, store.CaseChange{
			CaseHint:  store.CaseHint{Case: desk.CaseID(id), Seq: seq, Revision: revision},
			ChangedAt: stored.Instant(at),
		})
		return err
	})
	return changes, err
}
