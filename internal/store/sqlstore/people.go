package sqlstore

import (
	"context"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

// NotePerson adds somebody not yet known. Whoever writes is noted with every
// message, so the store remembers who is there; nobody is ever deleted.
func (t *tx) NotePerson(ctx context.Context, id desk.PersonID) error {
	if t.store.noted.has(id) {
		return t.stop(ctx)
	}
	h := t.hints
	return t.write(ctx, commit.Op{Doing: "note person", ID: string(id)}, stored.NotePerson, func(rows int64) error {
		h.People = h.People || rows > 0
		h.noted = append(h.noted, id)
		return nil
	}, string(id))
}

// maxNoted bounds the people remembered, some fifty bytes each.
const maxNoted = 10_000

// A noted remembers people who are in the database, after the commit.
type noted struct {
	mu  sync.RWMutex // guards all while it is looked at
	all map[desk.PersonID]struct{}
}

func (n *noted) has(id desk.PersonID) bool {
	n.mu.RLock()
	defer n.mu.RUnlock()
	_, ok := n.all[id]
	return ok
}

func (n *noted) add(ids []desk.PersonID) {
	if len(ids) == 0 {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.all == nil || len(n.all) >= maxNoted {
		n.all = make(map[desk.PersonID]struct{})
	}
	for _, id := range ids {
		n.all[id] = struct{}{}
	}
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
