package sqlstore

import (
	"context"
	"errors"
	"strconv"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/search"
	"caseline/internal/store/sqlstore/stored"
)

const (
	// erased is an entry and its edits, but for the one that stays.
	erased = `case_id = $1 AND seq >= $2 AND (seq = $2 OR refers = $2 AND kind = 'edit') AND seq <> $3`

	eraseEntry = `UPDATE correspondence SET text = '', what = CASE WHEN ' ' || what || ' ' LIKE '% erased %' THEN what ELSE trim(what || ' erased') END
	WHERE ` + erased

	discardFile = `INSERT INTO discards (hash) SELECT DISTINCT hash FROM files WHERE case_id = $1 AND seq = $2 AND hash <> ''
	ON CONFLICT (hash) DO NOTHING`

	eraseFile = `UPDATE files SET name = '', type = '', size = 0, hash = '', state = 'erased', reason = '' WHERE case_id = $1 AND seq = $2`

	discard = `INSERT INTO discards (hash) VALUES ($1) ON CONFLICT (hash) DO NOTHING`

	keepDiscarded = `DELETE FROM discards WHERE hash = $1`

	selectDiscards = `SELECT d.hash, EXISTS (SELECT 1 FROM files f WHERE f.hash = d.hash AND f.hash <> '')
	OR EXISTS (SELECT 1 FROM emoji e WHERE e.hash = d.hash) FROM discards d ORDER BY d.hash LIMIT $1`
)

// eraseDeliveriesText blanks what deliveries say of an entry; what they are to
// do stays.
func eraseDeliveriesText(d dialect.Dialect) string {
	return `UPDATE deliveries SET content = ` + d.Wordless + `
	WHERE case_id = $1 AND seq > 0 AND content <> '{}' AND seq IN (SELECT seq FROM correspondence WHERE ` + erased + `)`
}

// eraseEventsText finds by the message's timestamp. It may blank an event about
// something else that names it, such as a reply; nobody needs that any more.
func eraseEventsText(d dialect.Dialect) string {
	told := ` AND lane = $1 AND received_at >= $2 AND ` + d.Contains
	return `UPDATE events SET body = $5 WHERE id IN (SELECT id FROM events WHERE state = 'done'` + told + `
	UNION ALL SELECT id FROM events WHERE state = 'dead'` + told + `) OR id = $4`
}

// EraseEntry blanks an entry of a case, its edits but for one, its file and
// what its deliveries say.
func (t *tx) EraseEntry(ctx context.Context, id desk.CaseID, seq, keep int64) error {
	what := commit.Op{Doing: "erase entry " + strconv.FormatInt(seq, 10) + " of", ID: string(id)}
	for _, s := range []struct {
		text string
		args []any
	}{
		{eraseEntry, []any{string(id), seq, keep}},
		{t.store.texts.eraseDeliveries, []any{string(id), seq, keep}},
		{discardFile, []any{string(id), seq}},
		{eraseFile, []any{string(id), seq}},
	} {
		if err := t.write(ctx, what, s.text, nil, s.args...); err != nil {
			return err
		}
	}
	t.hints.erased = true
	return t.forget(ctx, id, seq)
}

// forget has an erased entry found no more by what it said.
func (t *tx) forget(ctx context.Context, id desk.CaseID, seq int64) error {
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
	return t.write(ctx, commit.Op{Doing: "discard", ID: hash}, discard, nil, hash)
}

// KeepDiscarded notes that bytes need not be removed any more.
func (t *tx) KeepDiscarded(ctx context.Context, hash string) error {
	return t.write(ctx, commit.Op{Doing: "keep", ID: hash}, keepDiscarded, nil, hash)
}

// Discards returns hashes whose bytes are to be removed.
func (r reads) Discards(ctx context.Context, limit int) ([]desk.Discard, error) {
	var all []desk.Discard
	err := r.query(ctx, commit.Op{Doing: "list", ID: "discards"}, selectDiscards, []any{int64(limit)}, func(from commit.Row) error {
		var d desk.Discard
		err := from.Scan(&d.Hash, &d.Needed)
		all = append(all, d)
		return err
	})
	return all, err
}
