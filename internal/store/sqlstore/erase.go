package sqlstore

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"caseline/internal/desk"
	desknames "caseline/internal/desk/keeping"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/keeping"
	"caseline/internal/store/sqlstore/search"
	"caseline/internal/store/sqlstore/stored"
)

// EraseEntry blanks an entry of a case, its edits but for one, its file and
// what its deliveries say.
func (t *tx) EraseEntry(ctx context.Context, id desk.CaseID, seq, keep int64) error {
	what := commit.Op{Doing: "erase entry " + strconv.FormatInt(seq, 10) + " of", ID: string(id)}
	for _, s := range []struct {
		text string
		args []any
	}{
		{keeping.EraseEntry, []any{string(id), seq, keep}},
		{t.store.texts.eraseDeliveries, []any{string(id), seq, keep}},
		{keeping.DiscardFile, []any{string(id), seq}},
		{keeping.EraseFile, []any{string(id), seq}},
	} {
		if err := t.write(ctx, what, s.text, nil, s.args...); err != nil {
			return err
		}
	}
	t.hints.erased = true
	return t.unfind(ctx, id, seq)
}

// unfind has an erased entry found no more by what it said.
func (t *tx) unfind(ctx context.Context, id desk.CaseID, seq int64) error {
	old, err := t.Entry(ctx, id, seq)
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.indexAgain(ctx, old); err != nil {
		return err
	}
	return t.write(ctx, commit.Op{Doing: "forget the words of", ID: string(id)}, search.AskScour, nil)
}

// EraseEvents blanks the bytes of the events that tell of a message.
func (t *tx) EraseEvents(ctx context.Context, of desk.EventTrace) error {
	t.hints.erased = true
	return t.write(ctx, commit.Op{Doing: "erase events of", ID: string(of.Lane)}, t.store.texts.eraseEvents, nil,
		string(of.Lane), stored.Micros(of.Since), []byte(of.Ts), int64(of.Event), []byte{})
}

// Discard notes that bytes are to be removed.
func (t *tx) Discard(ctx context.Context, hash string) error {
	return t.write(ctx, commit.Op{Doing: "discard", ID: hash}, keeping.Discard, nil, hash)
}

// KeepDiscarded notes that bytes need not be removed any more.
func (t *tx) KeepDiscarded(ctx context.Context, hash string) error {
	return t.write(ctx, commit.Op{Doing: "keep", ID: hash}, keeping.KeepDiscarded, nil, hash)
}

// Discards returns hashes whose bytes are to be removed.
func (r reads) Discards(ctx context.Context, limit int) ([]desk.Discard, error) {
	var all []desk.Discard
	err := r.query(ctx, commit.Op{Doing: "list", ID: "discards"}, keeping.SelectDiscards, []any{int64(limit)}, func(from commit.Row) error {
		var d desk.Discard
		err := from.Scan(&d.Hash, &d.Needed)
		all = append(all, d)
		return err
	})
	return all, err
}

// EraseBy is EraseEntry for another cause than a deletion.
func (t *tx) EraseBy(ctx context.Context, id desk.CaseID, seq int64, mark string) error {
	return errors.Join(t.EraseEntry(ctx, id, seq, 0), t.Mark(ctx, id, seq, mark))
}

// EraseFileOf blanks the file of an entry and discards its bytes.
func (t *tx) EraseFileOf(ctx context.Context, id desk.CaseID, seq int64) (gone bool, err error) {
	if gone, err = t.HasFile(ctx, id, seq); err != nil || !gone {
		return false, err
	}
	return true, t.EraseBy(ctx, id, seq, desk.MarkExpired)
}

// EraseCase blanks what a locked case says besides its log.
func (t *tx) EraseCase(ctx context.Context, id desk.CaseID, before time.Time) error {
	return errors.Join(t.BlankCase(ctx, id, before), t.rewritten(ctx, id, true))
}

// RenameInCase has a locked case call somebody by another id.
func (t *tx) RenameInCase(ctx context.Context, id desk.CaseID, who desknames.Names) (own bool, err error) {
	t.store.authors.Forget() // who wrote to it is another now
	own, err = t.Rename(ctx, id, who)
	return own, errors.Join(err, t.rewritten(ctx, id, own))
}

// RenameAgentInCase has a case call an agent by another name.
func (t *tx) RenameAgentInCase(ctx context.Context, id desk.CaseID, who desknames.Names, name string) error {
	return errors.Join(t.RenameAgent(ctx, id, who, name), t.rewritten(ctx, id, false))
}

// ForgetPerson takes somebody out of all that is not of a case.
func (t *tx) ForgetPerson(ctx context.Context, who desknames.Names, from string) (next string, c desknames.Counts, err error) {
	t.hints.erased, t.hints.People = true, true // whoever remembers them must not
	t.store.noted.Forget()
	t.store.authors.Forget()
	return t.partTx.ForgetPerson(ctx, who, from)
}

// rewritten tells of a case whose row was written past SaveCase. Nobody finds it
// any more by what it was about, if that is gone.
func (t *tx) rewritten(ctx context.Context, id desk.CaseID, gone bool) error {
	t.store.recent.Forget()
	if old := t.locked(string(id)); old != nil {
		c, err := old.Desk()
		if err != nil {
			return err
		}
		t.cases = slices.DeleteFunc(t.cases, func(r stored.Case) bool { return r.Fixed.ID == string(id) })
		t.hints.TouchCase(id, c.LastSeq, c.Revision+1)
	}
	t.hints.erased = true
	if !gone {
		return nil
	}
	return t.put(ctx, search.Doc{Case: string(id), Words: keeping.ErasedSubject})
}

// AddCatalogue adds a version of the catalogue.
func (t *tx) AddCatalogue(ctx context.Context, c *desknames.Catalogue) error {
	t.hints.Agents = true // every node is to read it
	return t.partTx.AddCatalogue(ctx, c)
}

// ForgetAgent takes an agent out of all that was only theirs.
func (t *tx) ForgetAgent(ctx context.Context, who desknames.Names, as string) error {
	t.hints.erased = true
	return t.partTx.ForgetAgent(ctx, who, as)
}

// RenameAgentInAudit has the next entries of the audit call an agent otherwise.
func (t *tx) RenameAgentInAudit(ctx context.Context, who desknames.Names, name string, after int64, limit int) (last int64, n int, err error) {
	t.hints.erased = true
	return t.partTx.RenameAgentInAudit(ctx, who, name, after, limit)
}

// ForgetAgentInEvents blanks raw events that have a name of an agent.
func (t *tx) ForgetAgentInEvents(ctx context.Context, who desknames.Names, after int64) (last int64, c desknames.Counts, err error) {
	t.hints.erased = true
	return t.partTx.ForgetAgentInEvents(ctx, who, after)
}

// SaveErasure adds a record of an erasure, or moves it on. At the end it names
// nobody any more.
func (t *tx) SaveErasure(ctx context.Context, e *desknames.Erasure) error {
	t.hints.erased = true
	return t.partTx.SaveErasure(ctx, e)
}
