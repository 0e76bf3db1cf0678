package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/search"
)

// InsertCase adds a case and its chat.
func (t *tx) InsertCase(ctx context.Context, c *desk.Case) error {
	r := toCaseRow(c)
	f, s, h := &r.fixed, &r.rare, &r.hot
	args := []any{f.id, f.number, f.account, f.workspace, f.requester, f.asked, f.description, f.createdAt,
		s.subject, s.severity, s.status, s.place, s.card, s.chatName, s.members, s.resolvedAt,
		s.placeKind, s.askedThread, h.changedAt, h.lastSeq, h.lastAt, h.revision, h.lastWordAt}
	args = append(append(args, r.chat.args()...), int64(c.Severity.Rank()))
	args = append(args, f.issueType, f.service, f.category, f.language, s.cc, f.related)
	if err := t.write(ctx, commit.Op{Doing: "insert case", ID: f.id}, insertCase, nil, args...); err != nil {
		return err
	}
	t.have(r)
	t.hints.TouchCase(c.ID, c.LastSeq, c.Revision)
	if err := t.write(ctx, commit.Op{Doing: "number case", ID: f.id}, search.AddCase, nil, f.id, f.account, f.createdAt); err != nil {
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
	return t.lock(ctx, what, &t.store.texts.lockCase, string(id), t.store.recent.get(string(id), ""))
}

// LockCaseAt locks the case whose chats are, or once were, at place.
func (t *tx) LockCaseAt(ctx context.Context, place desk.Place) (desk.Case, error) {
	if _, err := t.session.Hold("place " + string(place)); err != nil {
		return desk.Case{}, t.note(err)
	}
	what := commit.Op{Doing: "lock the case at", ID: string(place)}
	c, err := t.lock(ctx, what, &t.store.texts.lockCaseAt, string(place), t.store.recent.get("", string(place)))
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

func newLockTexts(d dialect, by string) lockTexts {
	return lockTexts{wait: selectCase + by + d.lock, skip: selectCase + by + d.skipLocked, there: "SELECT 1 FROM cases x" + by}
}

// lock locks and reads the case that texts find by key, unless it is known.
func (t *tx) lock(ctx context.Context, what commit.Op, texts *lockTexts, key string, known *caseRow) (desk.Case, error) {
	if err := t.stop(ctx); err != nil {
		return desk.Case{}, err
	}
	if known != nil {
		t.have(*known)
		return known.desk()
	}
	var r caseRow
	skips := t.session.NoWait()
	text := texts.wait
	if skips {
		text = texts.skip
	}
	err := one(ctx, t, what, text, []any{key}, r.scan)
	if skips && errors.Is(err, desk.ErrNotFound) {
		err = t.notThereOrBusy(ctx, what, texts.there, key)
	}
	if err != nil {
		return desk.Case{}, err
	}
	t.have(r)
	return r.desk()
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

// have notes that the update has the case, and how it is in the database.
func (t *tx) have(r caseRow) {
	if old := t.locked(r.fixed.id); old != nil {
		*old = r
	} else {
		t.cases = append(t.cases, r)
	}
	t.store.recent.keep(r)
}

func (t *tx) locked(id string) *caseRow {
	for i := range t.cases {
		if t.cases[i].fixed.id == id {
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
	r := toCaseRow(c)
	if err := t.save(ctx, old, &r, int64(c.Severity.Rank())); err != nil {
		return err
	}
	if old.rare.subject != r.rare.subject {
		if err := t.indexCase(ctx, &r); err != nil {
			return err
		}
	}
	t.have(r)
	t.hints.TouchCase(c.ID, c.LastSeq, c.Revision)
	return nil
}

func (t *tx) save(ctx context.Context, old, r *caseRow, rank int64) error {
	what := commit.Op{Doing: "save case", ID: r.fixed.id}
	s, h := &r.rare, &r.hot
	if old.rare == r.rare && old.chat == r.chat {
		if old.hot == r.hot {
			return nil
		}
		return t.write(ctx, what, updateCaseHot, nil, r.fixed.id, h.changedAt, h.lastSeq, h.lastAt, h.revision, h.lastWordAt)
	}
	if old.chat.id != "" && old.chat.id != r.chat.id {
		args := append(append([]any{r.fixed.id}, old.chat.args()...), old.hot.lastWordAt)
		if err := t.write(ctx, commit.Op{Doing: "keep chat", ID: old.chat.id}, insertEarlierChat, nil, args...); err != nil {
			return err
		}
	}
	if old.rare.place != "" && old.rare.place != s.place {
		if err := t.write(ctx, commit.Op{Doing: "keep the place of", ID: r.fixed.id}, insertEarlierPlace, nil, old.rare.place, r.fixed.id); err != nil {
			return err
		}
	}
	args := []any{r.fixed.id, h.changedAt, h.lastSeq, h.lastAt, h.revision, h.lastWordAt,
		s.subject, s.severity, s.status, s.place, s.card, s.chatName, s.members, s.resolvedAt, s.placeKind, s.askedThread}
	args = append(append(args, r.chat.args()...), rank, s.cc)
	return t.write(ctx, what, updateCase, nil, args...)
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
	return r.oneCase(ctx, commit.Op{Doing: "case", ID: string(id)}, selectCase+byID, string(id))
}

// CaseByNumber returns a case by the number people quote.
func (r reads) CaseByNumber(ctx context.Context, number desk.CaseNumber) (desk.Case, error) {
	return r.oneCase(ctx, commit.Op{Doing: "case number", ID: string(number)}, selectCase+byNumber, string(number))
}

func (r reads) oneCase(ctx context.Context, what commit.Op, text, key string) (desk.Case, error) {
	var c caseRow
	if err := one(ctx, r, what, text, []any{key}, c.scan); err != nil {
		return desk.Case{}, err
	}
	return c.desk()
}

// RecentCases returns cases by their newest change.
func (r reads) RecentCases(ctx context.Context, before time.Time, limit int) ([]desk.Case, error) {
	if before.IsZero() {
		return r.manyCases(ctx, "recent", selectCase+" ORDER BY x.changed_at DESC, x.id LIMIT $1", int64(limit))
	}
	return r.manyCases(ctx, "recent", selectCase+" WHERE x.changed_at < $1 ORDER BY x.changed_at DESC, x.id LIMIT $2", micros(before), int64(limit))
}

func (r reads) manyCases(ctx context.Context, which, text string, args ...any) ([]desk.Case, error) {
	var cases []desk.Case
	err := r.query(ctx, commit.Op{Doing: "cases", ID: which}, text, args, func(from commit.Row) error {
		var c caseRow
		if err := c.scan(from); err != nil {
			return err
		}
		one, err := c.desk()
		cases = append(cases, one)
		return err
	})
	return cases, err
}

const selectChanged = `SELECT id, last_seq, revision, changed_at FROM cases WHERE changed_at >= $1 ORDER BY changed_at, id LIMIT $2`

// ChangedCases returns how far the cases have come that changed.
func (r reads) ChangedCases(ctx context.Context, since time.Time, limit int) ([]store.CaseChange, error) {
	var changes []store.CaseChange
	err := r.query(ctx, commit.Op{Doing: "cases", ID: "changed"}, selectChanged, []any{micros(since), int64(limit)}, func(from commit.Row) error {
		var id string
		var seq, revision, at int64
		err := from.Scan(&id, &seq, &revision, &at)
		changes = append(changes, store.CaseChange{CaseHint: store.CaseHint{Case: desk.CaseID(id), Seq: seq, Revision: revision}, ChangedAt: instant(at)})
		return err
	})
	return changes, err
}
