package sqlstore

import (
	"context"
	"errors"

	"caseline/internal/desk"
	"caseline/internal/desk/sought"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/search"
	"caseline/internal/store/sqlstore/stored"
)

// An index keeps what cases are found by.
type index struct {
	search.Index
	numbers search.Numbers // which the only writer remembers
	merging search.Merging // by the only writer
}

// writeAll puts into the index what a whole commit adds to it.
func (x *index) writeAll(ctx context.Context, s commit.Session, updates []commit.Update) error {
	var docs []search.Doc
	for _, u := range updates {
		if u, ok := u.(*update); ok { // they all are
			docs = append(docs, u.hints.docs...)
		}
	}
	if len(docs) == 0 {
		return nil
	}
	if err := x.numbers.PutLite(ctx, s, docs); err != nil {
		return err
	}
	return x.merging.Added(ctx, s, len(docs))
}

// put has a document found as it is now, from the commit on.
func (t *tx) put(ctx context.Context, d search.Doc) error {
	if !t.store.index.Postgres {
		t.hints.docs = append(t.hints.docs, d)
		return nil
	}
	return search.PutPostgres(d, func(text string, args ...any) error {
		return t.write(ctx, commit.Op{Doing: "index the words of", ID: d.Case}, text, nil, args...)
	})
}

func (t *tx) indexCase(ctx context.Context, r *stored.Case) error {
	return t.put(ctx, search.Doc{Case: r.Fixed.ID, Words: r.Rare.Subject + "\n" + r.Fixed.Description})
}

// indexEntry has an entry found that was added to the log, or found no more
// what it changed.
func (t *tx) indexEntry(ctx context.Context, e *desk.Correspondence) error {
	if e.Kind == desk.KindEdit || e.Kind == desk.KindDeletion {
		old, err := t.Entry(ctx, e.Case, e.Refers)
		if errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return t.indexAgain(ctx, old)
	}
	d, ok := docOf(e)
	if !ok {
		return nil
	}
	d.New = true
	return t.put(ctx, d)
}

// docOf is what an entry is found by, if it is. The first entry is the case's
// description, which is found with its subject.
func docOf(e *desk.Correspondence) (d search.Doc, ok bool) {
	switch e.Kind {
	case desk.KindMessage, desk.KindFile, desk.KindNote:
		if e.Seq == 1 && e.Kind == desk.KindMessage || e.Text == "" {
			return d, false
		}
		return search.Doc{Case: string(e.Case), Seq: e.Seq, Words: e.Text, Inside: e.Kind == desk.KindNote}, true
	default:
		return d, false
	}
}

// indexAgain has an entry found that was changed.
func (t *tx) indexAgain(ctx context.Context, old desk.Correspondence) error {
	changes, err := t.Changes(ctx, old.Case, old.Seq)
	if err != nil {
		return err
	}
	policy, err := deletions(ctx, t, old.Case)
	if err != nil {
		return err
	}
	return t.indexChanged(ctx, old, changes, policy)
}

func (t *tx) indexChanged(ctx context.Context, old desk.Correspondence, changes []desk.Correspondence, policy desk.DeletionPolicy) error {
	words, seq, inside := search.Searched(policy, old, changes)
	if old.Seq > 1 {
		changes = append(changes, old)
	}
	for _, c := range changes {
		d := search.Doc{Case: string(old.Case), Seq: c.Seq, Gone: true}
		if c.Seq == seq && words != "" {
			d.Words, d.Inside, d.Gone = words, inside, false
		}
		if err := t.put(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

const selectDeletions = `SELECT a.deletions FROM cases x JOIN accounts a ON a.id = x.account WHERE x.id = $1`

// deletions is what a case's account has become of what is deleted.
func deletions(ctx context.Context, q asker, id desk.CaseID) (policy desk.DeletionPolicy, err error) {
	err = q.query(ctx, commit.Op{Doing: "policy of case", ID: string(id)}, selectDeletions, []any{string(id)}, func(r commit.Row) error {
		return r.Scan((*string)(&policy))
	})
	return policy, err
}

// Search finds cases.
func (r reads) Search(ctx context.Context, q sought.Query) (sought.Found, error) {
	q = q.Bounded()
	if number, ok := q.ByNumber(); ok {
		c, err := r.CaseByNumber(ctx, number)
		switch {
		case err == nil && q.Admits(&c):
			return sought.Found{Hits: []sought.Hit{{Case: c, Words: c.Description}}}, nil
		case err != nil && !errors.Is(err, desk.ErrNotFound):
			return sought.Found{}, err
		case q.Number != "":
			return sought.Found{}, nil
		}
	}
	var page search.Page
	var found sought.Found
	err := r.store.db.Read(ctx, func(s commit.Session) (err error) {
		if page, err = r.store.index.Find(ctx, s, q); err != nil {
			return err
		}
		return s.Query(ctx, commit.Op{Doing: "read the index's backlog"}, selectBacklog, nil, func(commit.Row) error {
			found.Growing = true
			return nil
		})
	})
	if err != nil {
		return sought.Found{}, err
	}
	found.Next, found.Short = page.Next, page.Short
	found.Hits, err = r.hits(ctx, q, page.Hits)
	return found, err
}

// hits reads the cases of hits. What agents alone may see is held against the
// account's policy as it is now.
func (r reads) hits(ctx context.Context, q sought.Query, found []search.Hit) ([]sought.Hit, error) {
	if len(found) == 0 {
		return nil, nil
	}
	ids := make([]desk.CaseID, len(found))
	for i, h := range found {
		ids[i] = desk.CaseID(h.Case)
	}
	cases, err := r.Cases(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]desk.Case, len(cases))
	for _, c := range cases {
		byID[string(c.ID)] = c
	}
	hits := make([]sought.Hit, 0, len(found))
	for _, h := range found {
		hit := sought.Hit{Case: byID[h.Case], Seq: h.Seq, Words: h.Words}
		if q.Notes && h.Seq > 0 {
			if hit.Words, err = r.readable(ctx, hit); err != nil {
				return nil, err
			}
		}
		hits = append(hits, hit)
	}
	return hits, nil
}

// readable is what agents may read of a hit.
func (r reads) readable(ctx context.Context, h sought.Hit) (string, error) {
	e, err := r.Entry(ctx, h.Case.ID, h.Seq)
	if err != nil {
		return "", err
	}
	changes, err := r.Changes(ctx, h.Case.ID, h.Seq)
	if err != nil || len(changes) == 0 {
		return e.Text, err
	}
	policy, err := deletions(ctx, r, h.Case.ID)
	words, _, _ := search.Searched(policy, e, changes)
	return words, err
}
