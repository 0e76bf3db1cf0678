package sqlstore

import (
	"context"
	"encoding/json"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/stored"
)

const (
	// Neither database takes an index for what is left out: there are few
	// changes between two entries that stand for themselves.
	selectBefore = stored.SelectEntry + `
	WHERE case_id = $1 AND seq < $2 AND NOT ` + thatChange + ` ORDER BY seq DESC LIMIT $3`

	// The kinds are those of two partial indexes, which serve nothing less.
	thatChange   = "kind IN ('edit', 'deletion', 'reaction')"
	thatTellChat = "kind IN ('chat', 'transcript')"
)

// windowTexts are the statements that read what belongs to a window of a log.
type windowTexts struct{ entries, changes, changesOfOne, chats, files, deliveries string }

func newWindowTexts(d dialect.Dialect) windowTexts {
	changing := stored.SelectEntry + d.By("correspondence_changes") + " WHERE case_id = $1 AND " + thatChange
	return windowTexts{
		entries:      stored.SelectEntry + " WHERE case_id = $1 AND seq " + d.Numbered + " ORDER BY seq",
		changes:      changing + " AND refers " + d.Numbered + " ORDER BY seq",
		changesOfOne: changing + " AND kind <> 'reaction' AND refers = $2 ORDER BY seq",
		chats:        stored.SelectEntry + d.By("correspondence_chats") + " WHERE case_id = $1 AND " + thatTellChat + " ORDER BY seq",
		files:        stored.SelectFile + " WHERE case_id = $1 AND seq " + d.Numbered + " ORDER BY seq, id",
		deliveries:   stored.SelectDelivery + " WHERE x.case_id = $1 AND x.seq > 0 AND x.seq " + d.Numbered + " ORDER BY x.seq, x.id",
	}
}

func collect[T any](ctx context.Context, q asker, what commit.Op, text string, args []any, scan func(commit.Row) (T, error)) ([]T, error) {
	var all []T
	err := q.query(ctx, what, text, args, func(from commit.Row) error {
		one, err := scan(from)
		all = append(all, one)
		return err
	})
	return all, err
}

// at reads what belongs to entries of a case.
func at[T any](ctx context.Context, q asker, doing, text string, id desk.CaseID, seqs []int64, scan func(commit.Row) (T, error)) ([]T, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	numbers, err := json.Marshal(seqs)
	if err != nil {
		return nil, err // unreachable: numbers can be written
	}
	return collect(ctx, q, commit.Op{Doing: doing, ID: string(id)}, text, []any{string(id), string(numbers)}, scan)
}

// LogBefore returns the newest entries below a Seq that stand for themselves.
func (r reads) LogBefore(ctx context.Context, id desk.CaseID, before int64, limit int) ([]desk.Correspondence, error) {
	entries, err := collect(ctx, r, commit.Op{Doing: "earlier log of", ID: string(id)}, selectBefore, []any{string(id), before, int64(limit)}, stored.ScanEntry)
	slices.Reverse(entries)
	return entries, err
}

// Entries returns some entries of a case.
func (r reads) Entries(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Correspondence, error) {
	return at(ctx, r, "entries of", r.store.texts.window.entries, id, seqs, stored.ScanEntry)
}

// ChangesOf returns what changes entries of a case.
func (r reads) ChangesOf(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Correspondence, error) {
	return at(ctx, r, "changes in", r.store.texts.window.changes, id, seqs, stored.ScanEntry)
}

// ChatLog returns the entries that tell of the chats of a case.
func (r reads) ChatLog(ctx context.Context, id desk.CaseID) ([]desk.Correspondence, error) {
	return collect(ctx, r, commit.Op{Doing: "chats in the log of", ID: string(id)}, r.store.texts.window.chats, []any{string(id)}, stored.ScanEntry)
}

// FilesOf returns the files of entries of a case.
func (r reads) FilesOf(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.File, error) {
	return at(ctx, r, "files in", r.store.texts.window.files, id, seqs, stored.ScanFile)
}

// Carrying returns the deliveries that carry entries of a case.
func (r reads) Carrying(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Delivery, error) {
	return at(ctx, r, "deliveries in", r.store.texts.window.deliveries, id, seqs, func(from commit.Row) (desk.Delivery, error) {
		return stored.ScanDelivery(from)
	})
}
