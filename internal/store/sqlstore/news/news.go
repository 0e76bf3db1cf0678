package news

import (
	"context"
	"encoding/json"
	"strconv"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

const (
	selectThread = `SELECT ts FROM case_threads WHERE case_id = $1 AND place = $2`

	saveThread = `INSERT INTO case_threads (case_id, place, ts) VALUES ($1, $2, $3)
	ON CONFLICT (case_id, place) DO UPDATE SET ts = excluded.ts`

	selectWaiting = `SELECT x.id, x.content FROM deliveries x WHERE x.lane = $1 AND x.state IN ('pending', 'unknown')
	AND x.kind = $2 AND x.attempts = 0 AND x.claim = ''`

	saveContent = `UPDATE deliveries SET content = $2 WHERE id = $1`
)

// An Asker runs queries: those of an update or of a read.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// A Changer runs the statements of an update.
type Changer interface {
	Asker
	Write(ctx context.Context, what commit.Op, text string, args ...any) error
}

// Thread returns the thread in which a channel hears of a case; "" for none.
func Thread(ctx context.Context, from Asker, id desk.CaseID, channel desk.Place) (ts string, err error) {
	err = from.Query(ctx, commit.Op{Doing: "thread of", ID: string(id)}, selectThread, []any{string(id), string(channel)},
		func(row commit.Row) error { return row.Scan(&ts) })
	return ts, err
}

// SaveThread notes the thread in which a channel hears of a case.
func SaveThread(ctx context.Context, to Changer, id desk.CaseID, channel desk.Place, ts string) error {
	return to.Write(ctx, commit.Op{Doing: "save thread of", ID: string(id)}, saveThread, string(id), string(channel), ts)
}

// Merge gives what d tells of to a delivery of its lane and kind that has never
// been tried, if there is one that nobody holds, and d its ID. locked ends a
// query that does not find what others hold.
func Merge(ctx context.Context, in Changer, d *desk.Delivery, locked string) (merged bool, err error) {
	what := commit.Op{Doing: "gather in", ID: string(d.Lane)}
	var id int64
	var stored string
	err = in.Query(ctx, what, selectWaiting+locked, []any{string(d.Lane), string(d.Kind)}, func(row commit.Row) error {
		return row.Scan(&id, &stored)
	})
	if err != nil || id == 0 {
		return false, err
	}
	var content desk.Content
	if err := json.Unmarshal([]byte(stored), &content); err != nil {
		return false, what.Wrap(err)
	}
	content.Seqs = append(content.Seqs, d.Content.Seqs...)
	text, err := json.Marshal(content)
	if err != nil {
		return false, what.Wrap(err)
	}
	d.ID = desk.DeliveryID(id)
	return true, in.Write(ctx, commit.Op{Doing: "gather in delivery", ID: strconv.FormatInt(id, 10)}, saveContent, id, string(text))
}
