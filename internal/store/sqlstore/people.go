package sqlstore

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/homes"
	"caseline/internal/store/sqlstore/stored"
)

// NotePerson adds somebody not yet known. Whoever writes is noted with every
// message, so the store remembers who is there.
func (t *tx) NotePerson(ctx context.Context, id desk.PersonID) error {
	if t.store.noted.Has(id) {
		return t.stop(ctx)
	}
	h := t.hints
	return t.write(ctx, commit.Op{Doing: "note person", ID: string(id)}, stored.NotePerson, func(rows int64) error {
		h.People = h.People || rows > 0
		h.noted = append(h.noted, id)
		return nil
	}, string(id))
}

// CallPerson names somebody from outside who has no name yet.
func (t *tx) CallPerson(ctx context.Context, id desk.PersonID, name string) error {
	h := t.hints
	return t.write(ctx, commit.Op{Doing: "call person", ID: string(id)}, stored.CallPerson, func(rows int64) error {
		h.People = h.People || rows > 0
		return nil
	}, string(id), name)
}

// noteAuthor notes that somebody in Slack wrote to a case, once for each.
func (t *tx) noteAuthor(ctx context.Context, e *desk.Correspondence) error {
	if e.Author.Side != desk.SideCustomer {
		return nil
	}
	key := t.store.pairs.Of(e.Author.ID, string(e.Case))
	if t.store.authors.Has(key) {
		return nil
	}
	h := t.hints
	return t.write(ctx, commit.Op{Doing: "note author", ID: e.Author.ID}, homes.NoteAuthor, func(int64) error {
		h.authors = append(h.authors, key)
		return nil
	}, e.Author.ID, string(e.Case))
}

// SavePerson adds or replaces what is known of somebody.
func (t *tx) SavePerson(ctx context.Context, p *desk.Person) error {
	t.hints.People = true
	return t.write(ctx, commit.Op{Doing: "save person", ID: string(p.ID)}, stored.SavePerson, nil,
		string(p.ID), p.Name, p.Avatar, p.External, p.Bot, stored.Micros(p.FetchedAt))
}

// People returns those of ids that are known.
func (r reads) People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error) {
	known := make(map[desk.PersonID]desk.Person, len(ids))
	if len(ids) == 0 {
		return known, nil
	}
	err := r.query(ctx, commit.Op{Doing: "people", ID: ""}, r.store.texts.people, []any{stored.JSONList(ids)}, func(from commit.Row) error {
		p, err := stored.ScanPerson(from)
		known[p.ID] = p
		return err
	})
	return known, err
}

// StalePeople returns people fetched before a time whose ids begin like that.
func (r reads) StalePeople(ctx context.Context, begin string, before time.Time, limit int) ([]desk.Person, error) {
	var stale []desk.Person
	err := r.query(ctx, commit.Op{Doing: "people", ID: "to look up"}, stored.SelectPeople+" WHERE fetched_at < $1 AND substr(id, 1, $3) = $4 ORDER BY fetched_at, id LIMIT $2",
		[]any{stored.Micros(before), int64(limit), int64(len(begin)), begin}, func(from commit.Row) error {
			p, err := stored.ScanPerson(from)
			stale = append(stale, p)
			return err
		})
	return stale, err
}
