package sqlstore

import (
	"context"
	"strconv"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/stored"
)

const (
	insertEvent = `INSERT INTO events (key, lane, received_at, state, attempts, not_before, reason, body)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key) DO NOTHING`

	updateEvent = `UPDATE events SET state = $2, attempts = $3, not_before = $4, reason = $5 WHERE id = $1`

	purgeEvents = `DELETE FROM events WHERE id IN
	(SELECT id FROM events WHERE state = 'done' AND received_at < $1 ORDER BY received_at LIMIT $2) RETURNING id`

	pendingLanes = `SELECT x.lane, x.not_before
	FROM (SELECT min(id) AS id FROM events WHERE state = 'pending' GROUP BY lane) h JOIN events x ON x.id = h.id
	ORDER BY x.not_before, x.id LIMIT $1`

	deadEvents = `SELECT count(*) FROM events WHERE state = 'dead'`
)

// arriveIdleText adds the event as done, unless it waits behind another. That is
// what most events take, and without a row to be read it costs half as much as
// arriveText.
func arriveIdleText(d dialect.Dialect) string {
	return `INSERT INTO events (key, lane, received_at, state, attempts, not_before, reason, body)
	SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), 'done', 1, 0, '', CAST($4 AS ` + d.Bytes + `)
	WHERE NOT EXISTS (SELECT 1 FROM events WHERE lane = $2 AND state = 'pending') ON CONFLICT (key) DO NOTHING` + d.ReturnID
}

// arriveText decides in one statement whether the event waits behind another.
func arriveText(d dialect.Dialect) string {
	return `INSERT INTO events (key, lane, received_at, state, attempts, not_before, reason, body)
	SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), b.state, CASE b.state WHEN 'done' THEN 1 ELSE 0 END, 0, '', CAST($4 AS ` + d.Bytes + `)
	FROM (SELECT CASE WHEN EXISTS (SELECT 1 FROM events WHERE lane = $2 AND state = 'pending')
	THEN 'pending' ELSE 'done' END AS state) b
	WHERE TRUE ON CONFLICT (key) DO NOTHING RETURNING id, state`
}

// nextEventText is built like headText.
func nextEventText(d dialect.Dialect) string {
	return `SELECT x.id, x.key, x.lane, x.received_at, x.state, x.attempts, x.not_before, x.reason, x.body FROM events x
	WHERE x.id = (SELECT min(id) FROM events WHERE lane = $1 AND state = 'pending') AND x.state = 'pending'` + d.SkipLocked
}

// AddEvent adds an event unless one with its key is there.
func (t *tx) AddEvent(ctx context.Context, e *desk.Event) (added bool, err error) {
	body := e.Body
	if body == nil {
		body = []byte{}
	}
	err = t.insertNow(ctx, commit.Op{Doing: "add event", ID: e.Key}, t.store.texts.addEvent, func(id int64) {
		e.ID, added = desk.EventID(id), true
	}, e.Key, string(e.Lane), stored.Micros(e.ReceivedAt), string(e.State), int64(e.Attempts), stored.Micros(e.NotBefore), e.Reason, body)
	if added && e.State == desk.EventPending {
		t.hints.TouchEvent(e.Lane)
	}
	return added, err
}

// Arrive adds an event that has just come in.
func (t *tx) Arrive(ctx context.Context, e *desk.Event) (added bool, err error) {
	body := e.Body
	if body == nil {
		body = []byte{}
	}
	what, args := commit.Op{Doing: "add event", ID: e.Key}, []any{e.Key, string(e.Lane), stored.Micros(e.ReceivedAt), body}
	err = t.insertNow(ctx, what, t.store.texts.arriveIdle, func(id int64) {
		e.ID, e.State, e.Attempts, added = desk.EventID(id), desk.EventDone, 1, true
	}, args...)
	if added || err != nil {
		return added, err
	}
	// It waits, or is there already.
	err = t.change(ctx, what, t.store.texts.arrive, args, func(from commit.Row) error {
		var id int64
		var state string
		err := from.Scan(&id, &state)
		e.ID, e.State, e.Attempts, added = desk.EventID(id), desk.EventState(state), 0, true
		return err
	})
	switch {
	case !added:
	case e.State == desk.EventPending:
		t.hints.TouchEvent(e.Lane)
	default:
		e.Attempts = 1
	}
	return added, err
}

// NextEvent returns the oldest pending event of a lane, locked.
func (t *tx) NextEvent(ctx context.Context, lane desk.Lane) (desk.Event, error) {
	what := commit.Op{Doing: "next event of", ID: string(lane)}
	if !t.session.Try("events " + string(lane)) {
		return desk.Event{}, missing(what)
	}
	var e desk.Event
	var id, receivedAt, attempts, notBefore int64
	var in, state string
	err := one(ctx, t, what, t.store.texts.nextEvent, []any{string(lane)}, func(from commit.Row) error {
		return from.Scan(&id, &e.Key, &in, &receivedAt, &state, &attempts, &notBefore, &e.Reason, &e.Body)
	})
	if err != nil {
		return desk.Event{}, err
	}
	e.ID, e.Lane, e.State, e.Attempts = desk.EventID(id), desk.Lane(in), desk.EventState(state), int(attempts)
	e.ReceivedAt, e.NotBefore = stored.Instant(receivedAt), stored.Instant(notBefore)
	return e, nil
}

// SaveEvent writes what became of an event.
func (t *tx) SaveEvent(ctx context.Context, e *desk.Event) error {
	return t.write(ctx, commit.Op{Doing: "save event", ID: strconv.FormatInt(int64(e.ID), 10)}, updateEvent, mustTouch,
		int64(e.ID), string(e.State), int64(e.Attempts), stored.Micros(e.NotBefore), e.Reason)
}

// PurgeEvents deletes done events received before a time.
func (t *tx) PurgeEvents(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = t.change(ctx, commit.Op{Doing: "purge", ID: "events"}, purgeEvents, []any{stored.Micros(before), int64(limit)}, func(commit.Row) error {
		n++
		return nil
	})
	return n, err
}

// PendingLanes returns the lanes with a pending event.
func (r reads) PendingLanes(ctx context.Context, limit int) ([]store.LaneDue, error) {
	return lanes(ctx, r, commit.Op{Doing: "lanes", ID: "to apply"}, pendingLanes, []any{int64(limit)})
}

// DeadEvents counts the events that were given up.
func (r reads) DeadEvents(ctx context.Context) (int, error) {
	return count(ctx, r, "dead events", deadEvents)
}

func count(ctx context.Context, r reads, what, text string) (int, error) {
	var n int64
	err := one(ctx, r, commit.Op{Doing: "count", ID: what}, text, nil, func(from commit.Row) error { return from.Scan(&n) })
	return int(n), err
}
