package feed

import (
	"caseline/internal/desk"
	"caseline/internal/store"
)

// A journal holds, for each case that changed lately, its latest change, in
// the order of the changes. Positions count changes from 1.
type journal struct {
	keep   int
	at     uint64 // position of the latest change
	agents uint64 // of the latest change of each kind; 0 for none
	people uint64
	reload uint64 // who has not read past this must reload
	looks  []look // the latest of who looks where; who missed one sees it a little later
	cases  map[desk.CaseID]*entry
	ring   entry // ring.newer is the oldest entry, ring.older the newest
}

type entry struct {
	store.CaseHint
	at           uint64
	older, newer *entry
}

// keptLooks is how many the journal holds.
const keptLooks = 64

// A look is a case of which it changed who looks at it.
type look struct {
	at uint64
	id desk.CaseID
}

func newJournal(keep int) journal {
	return journal{keep: keep, cases: make(map[desk.CaseID]*entry)}
}

// enter adds what h tells and reports whether any of it was new.
func (j *journal) enter(h store.Hint) bool {
	before := j.at
	if h.All {
		j.reload = j.next()
	}
	for _, c := range h.Cases {
		j.enterCase(c)
	}
	for _, id := range h.Looks {
		j.looks = append(j.looks[max(0, len(j.looks)+1-keptLooks):], look{j.next(), id})
	}
	if h.Agents {
		j.agents = j.next()
	}
	if h.People {
		j.people = j.next()
	}
	return j.at != before
}

func (j *journal) next() uint64 {
	j.at++
	return j.at
}

func (j *journal) enterCase(c store.CaseHint) {
	e := j.cases[c.Case]
	switch {
	case j.known(c):
		return // known: a poll found what a hint told of, or the other way round
	case e != nil:
		c.Seq, c.Revision = max(c.Seq, e.Seq), max(c.Revision, e.Revision)
		e.unlink()
	case len(j.cases) < j.keep:
		e = new(entry)
	default:
		e = j.ring.newer
		e.unlink()
		delete(j.cases, e.Case)
		j.reload = max(j.reload, e.at)
	}
	e.CaseHint, e.at = c, j.next()
	j.cases[c.Case] = e
	j.link(e)
}

// known reports whether the journal has heard of a change.
func (j *journal) known(c store.CaseHint) bool {
	e := j.cases[c.Case]
	return e != nil && e.Revision >= c.Revision && e.Seq >= c.Seq
}

// link makes e the newest entry.
func (j *journal) link(e *entry) {
	if j.ring.newer == nil {
		j.ring.newer, j.ring.older = &j.ring, &j.ring
	}
	e.older, e.newer = j.ring.older, &j.ring
	e.older.newer, e.newer.older = e, e
}

func (e *entry) unlink() {
	e.older.newer, e.newer.older = e.newer, e.older
}

// since appends what changed after a position, oldest first.
func (j *journal) since(at uint64, changes []Change) []Change {
	if at >= j.at {
		return changes
	}
	if at < j.reload {
		return append(changes, Change{Reload: true})
	}
	if len(j.cases) > 0 {
		first := &j.ring
		for first.older != &j.ring && first.older.at > at {
			first = first.older
		}
		for e := first; e != &j.ring; e = e.newer {
			changes = append(changes, Change{Case: e.Case, Seq: e.Seq, Revision: e.Revision})
		}
	}
	if j.agents > at {
		changes = append(changes, Change{Agents: true})
	}
	if j.people > at {
		changes = append(changes, Change{People: true})
	}
	for _, l := range j.looks {
		if l.at > at {
			changes = append(changes, Change{Looks: l.id})
		}
	}
	return changes
}
