package stored

import (
	"context"
	"strings"

	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/pack"
)

const (
	// maxRecent bounds what is kept of cases in memory, in bytes: ten thousand
	// open chats or so.
	maxRecent = 4 << 20
	// recentCost is what keeping a row takes beside its bytes, about.
	recentCost = 150
)

// A Recent keeps the cases that the only writer of a database wrote or read
// last, so that the next message of a running chat need not read its case
// again: that read is a sixth of the update. What it has is good as of the
// writer's open transaction; the writer forgets it when something is rolled
// back, or when somebody else changed the file. A nil Recent knows nothing.
type Recent struct {
	rows    map[string]*pack.Row // by id; behind pointers, because writing to a map replaces the key
	places  map[string]string    // id by place
	words   pack.Words           // of rows
	bytes   int                  // of rows
	version int64                // of the file, which others' commits change
}

func NewRecent() *Recent {
	return &Recent{rows: make(map[string]*pack.Row), places: make(map[string]string)}
}

// Look forgets everything if somebody else changed the file, which only an
// operator's own tool can do.
func (m *Recent) Look(ctx context.Context, s commit.Session) error {
	var version int64
	err := s.Query(ctx, commit.Op{Doing: "look at the file's version"}, "PRAGMA data_version", nil, func(r commit.Row) error {
		return r.Scan(&version)
	})
	if version != m.version {
		m.Forget()
		m.version = version
	}
	return err
}

func (m *Recent) Forget() {
	if m == nil {
		return
	}
	clear(m.rows)
	clear(m.places)
	m.words.Forget()
	m.bytes = 0
}

// Get returns a case by its id or, if that is empty, by its place. A case that
// has moved is not found where it was. The id it gets is the key and not a part
// of the row, because ids are kept for long by those who hear of changes.
func (m *Recent) Get(id, place string) *Case {
	if m == nil {
		return nil
	}
	byPlace := id == ""
	if byPlace {
		id = m.places[place]
	}
	p, known := m.rows[id]
	if !known {
		return nil
	}
	r := new(Case)
	r.Fixed.ID = id
	fields := r.fields(pack.Common)
	if err := m.words.Scan(*p, fields[1:]...); err != nil {
		return nil // unreachable: Pack wrote it
	}
	if byPlace && r.Rare.Place != place {
		delete(m.places, place)
		return nil
	}
	return r
}

// Keep keeps a case. Keys are copies: they must not hold on to a longer text
// that they were cut out of.
func (m *Recent) Keep(r Case) {
	if m == nil {
		return
	}
	fields := r.fields(pack.Common)
	p := m.words.Pack(fields[1:]) // the id is the key
	if m.bytes+len(p)+recentCost > maxRecent {
		m.Forget()
	}
	id, place := r.Fixed.ID, r.Rare.Place
	arrived := place != "" && m.places[place] != id
	old, known := m.rows[id]
	if !known || arrived {
		id = strings.Clone(id)
	}
	if known {
		m.bytes -= len(*old) + recentCost
		*old = p
	} else {
		m.rows[id] = &p
	}
	m.bytes += len(p) + recentCost
	if arrived {
		m.places[strings.Clone(place)] = id
	}
}
