package auditlog

import (
	"context"
	"strconv"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Witnessed store has everything audited that its updates append to the logs
// of cases, and that somebody did to them.
type Witnessed struct{ store.Store }

// Update runs fn in one transaction, before a witness.
func (w Witnessed) Update(ctx context.Context, fn func(store.Tx) error) error {
	return w.Store.Update(ctx, func(tx store.Tx) error { return fn(Witness(tx, "")) })
}

// A witnessedTx is an update before a witness.
type witnessedTx struct {
	store.Tx
	where desk.Place // in Slack, where it is done; empty elsewhere
	cases []caseKey  // that the update has
}

// A caseKey is what the audit says of a case.
type caseKey struct {
	id      desk.CaseID
	account desk.AccountID
	number  desk.CaseNumber
}

// Witness has an update audited in which an event or a delivery is settled; where
// it happened may be empty.
func Witness(tx store.Tx, where desk.Place) store.Tx { return &witnessedTx{Tx: tx, where: where} }

// At says where in Slack the update is done that a person asked for.
func At(tx store.Tx, where desk.Place) {
	if w, ok := tx.(*witnessedTx); ok {
		w.where = where
	}
}

func (w *witnessedTx) have(c *desk.Case) {
	w.cases = append(w.cases, caseKey{c.ID, c.Account, c.Number})
}

// InsertCase adds a case.
func (w *witnessedTx) InsertCase(ctx context.Context, c *desk.Case) error {
	w.have(c)
	return w.Tx.InsertCase(ctx, c)
}

// LockCase returns a case, locked.
func (w *witnessedTx) LockCase(ctx context.Context, id desk.CaseID) (desk.Case, error) {
	c, err := w.Tx.LockCase(ctx, id)
	w.have(&c)
	return c, err
}

// LockCaseAt returns the case at place, locked.
func (w *witnessedTx) LockCaseAt(ctx context.Context, place desk.Place) (desk.Case, error) {
	c, err := w.Tx.LockCaseAt(ctx, place)
	w.have(&c)
	return c, err
}

// AppendLog adds an entry, and audits what it tells.
func (w *witnessedTx) AppendLog(ctx context.Context, e *desk.Correspondence) error {
	if err := w.Tx.AppendLog(ctx, e); err != nil {
		return err
	}
	return w.audit(ctx, e)
}

// AppendOnce adds an entry that is not there yet, and audits what it tells.
func (w *witnessedTx) AppendOnce(ctx context.Context, e *desk.Correspondence) (added bool, err error) {
	if added, err = w.Tx.AppendOnce(ctx, e); err != nil || !added {
		return added, err
	}
	return added, w.audit(ctx, e)
}

func (w *witnessedTx) audit(ctx context.Context, e *desk.Correspondence) error {
	what, detail := Deed(*e)
	if what == "" {
		return nil
	}
	var c caseKey
	for _, have := range w.cases {
		if have.id == e.Case {
			c = have
		}
	}
	detail["number"], detail["entry"] = string(c.number), strconv.FormatInt(e.Seq, 10)
	entry := &desk.AuditEntry{At: e.RecordedAt, By: e.Author, What: what, Account: c.account, Case: e.Case, Detail: detail}
	switch e.Author.Side {
	case desk.SideCustomer:
		entry.Via, entry.Where = desk.ViaSlack, w.where
	case desk.SideAgent:
		entry.Via = desk.ViaConsole
	case desk.SideSystem:
		entry.Where = w.where
	}
	return w.Tx.Audit(ctx, entry)
}
