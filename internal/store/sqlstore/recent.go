package sqlstore

import (
	"context"

	"caseline/internal/store/sqlstore/commit"
)

// maxRecent bounds the cases kept in memory, a kilobyte or so each.
const maxRecent = 1024

// A recent keeps the cases that the only writer of a database wrote or read
// last, so that the next message of a running chat need not read its case
// again: that read is a sixth of the update. What it has is good as of the
// writer's open transaction; the writer forgets it when something is rolled
// back, or when somebody else changed the file. A nil recent knows nothing.
type recent struct {
	rows    map[string]*caseRow // by id
	places  map[string]string   // id by place
	version int64               // of the file, which others' commits change
}

func newRecent() *recent {
	return &recent{rows: make(map[string]*caseRow), places: make(map[string]string)}
}

// look forgets everything if somebody else changed the file, which only an
// operator's own tool can do.
func (m *recent) look(ctx context.Context, s commit.Session) error {
	var version int64
	err := s.Query(ctx, commit.Op{Doing: "look at the file's version"}, "PRAGMA data_version", nil, func(r commit.Row) error {
		return r.Scan(&version)
	})
	if version != m.version {
		m.forget()
		m.version = version
	}
	return err
}

func (m *recent) forget() {
	if m == nil {
		return
	}
	clear(m.rows)
	clear(m.places)
}

// get returns a case by its id or, if that is empty, by its place.
func (m *recent) get(id, place string) *caseRow {
	if m == nil {
		return nil
	}
	if id == "" {
		id = m.places[place]
	}
	return m.rows[id]
}

func (m *recent) keep(r caseRow) {
	if m == nil {
		return
	}
	if len(m.rows) >= maxRecent {
		m.forget()
	}
	if old := m.rows[r.fixed.id]; old != nil {
		delete(m.places, old.rare.place)
		*old = r
	} else {
		m.rows[r.fixed.id] = &r
	}
	if r.rare.place != "" {
		m.places[r.rare.place] = r.fixed.id
	}
}
