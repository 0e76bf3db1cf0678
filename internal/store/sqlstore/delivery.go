package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
)

// isOpen is the condition of the index on open deliveries, word for word.
const isOpen = `state IN ('pending', 'unknown')`

const (
	deliveryColumns = `lane, case_id, kind, seq, place, content, state, part, attempts, not_before, tried_at,
	receipt, reason, created_at, settled_at, claim, claimed_until`

	insertDelivery = `INSERT INTO deliveries (` + deliveryColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '', 0)`

	insertDeliveryOnce = `INSERT INTO deliveries (` + deliveryColumns + `)
	SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS TEXT),
	CAST($7 AS TEXT), CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST($10 AS BIGINT), CAST($11 AS BIGINT),
	CAST($12 AS TEXT), CAST($13 AS TEXT), CAST($14 AS BIGINT), CAST($15 AS BIGINT), '', 0
	WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE lane = $1 AND ` + isOpen + `
	AND kind = $3 AND content = $6 AND attempts = 0 AND claim = '')`

	selectDelivery = `SELECT x.id, x.lane, coalesce(x.case_id, ''), x.kind, x.seq, x.place, x.content, x.state, x.part,
	x.attempts, x.not_before, x.tried_at, x.receipt, x.reason, x.created_at, x.settled_at FROM deliveries x`

	settleDelivery = `UPDATE deliveries SET state = $3, part = $4, not_before = $5, receipt = $6, reason = $7, settled_at = $8,
	claim = '', claimed_until = 0 WHERE id = $1 AND claim = $2`
)

// interruptClaims ends the claims of the process that had a SQLite file
// before: it is gone, so what it tried was interrupted.
const interruptClaims = `UPDATE deliveries SET claimed_until = 0 WHERE ` + isOpen + ` AND claim <> '' AND claimed_until <> 0`

// headText selects the head of a lane, with whether somebody's claim on it
// lives. The lock skips the head, it does not pass on to the next: hence the
// inner SELECT. The outer test of the state is repeated after the lock is had.
func headText(d dialect) string {
	return `SELECT x.id, x.lane, coalesce(x.case_id, ''), x.kind, x.seq,
	CASE WHEN x.place <> '' THEN x.place ELSE coalesce(c.place, '') END,
	x.content, x.state, x.part, x.attempts, x.not_before, x.tried_at, x.receipt, x.reason, x.created_at, x.settled_at,
	x.claim <> '', x.claimed_until > ` + d.clock(2) + `
	FROM deliveries x LEFT JOIN cases c ON c.id = x.case_id
	WHERE x.id = (SELECT min(id) FROM deliveries WHERE lane = $1 AND ` + isOpen + `) AND x.` + isOpen + d.skipLocked
}

func claimText(d dialect) string {
	return `UPDATE deliveries SET claim = $2, claimed_until = ` + d.clock(5) + ` + $3, attempts = attempts + 1, tried_at = $4
	WHERE id = $1 AND ` + isOpen + ` AND (claim = '' OR claimed_until <= ` + d.clock(5) + `)`
}

func postponeText(d dialect) string {
	return `UPDATE deliveries SET not_before = $2, reason = $3
	WHERE id = $1 AND ` + isOpen + ` AND (claim = '' OR claimed_until <= ` + d.clock(4) + `)`
}

func openLanesText(d dialect, which string) string {
	return `SELECT x.lane, CASE WHEN x.claim <> '' AND x.claimed_until > ` + d.clock(2) + ` THEN x.claimed_until ELSE x.not_before END AS due
	FROM (SELECT min(id) AS id FROM deliveries WHERE ` + isOpen + which + ` GROUP BY lane) h JOIN deliveries x ON x.id = h.id
	ORDER BY due, x.lane LIMIT $1`
}

// Enqueue adds a delivery at the end of its lane.
func (t *tx) Enqueue(ctx context.Context, d *desk.Delivery) error {
	return t.enqueue(ctx, d, t.store.texts.enqueue)
}

// EnqueueOnce adds a delivery unless one that will do the same is waiting.
func (t *tx) EnqueueOnce(ctx context.Context, d *desk.Delivery) error {
	return t.enqueue(ctx, d, t.store.texts.enqueueOnce)
}

func (t *tx) enqueue(ctx context.Context, d *desk.Delivery, text string) error {
	content, err := json.Marshal(d.Content)
	if err != nil {
		return t.note(fmt.Errorf("enqueue in %s: %w", d.Lane, err))
	}
	var caseID any // null for none, so that the reference holds
	if d.Case != "" {
		caseID = string(d.Case)
	}
	t.hints.TouchDelivery(d.Lane)
	return t.insert(ctx, commit.Op{Doing: "enqueue in", ID: string(d.Lane)}, text, func(id int64) { d.ID = desk.DeliveryID(id) },
		string(d.Lane), caseID, string(d.Kind), d.Seq, string(d.Place), string(content), string(d.State), int64(d.Part),
		int64(d.Attempts), micros(d.NotBefore), micros(d.TriedAt), d.Receipt, d.Reason, micros(d.CreatedAt), micros(d.SettledAt))
}

func scanDelivery(from commit.Row, more ...any) (desk.Delivery, error) {
	var d desk.Delivery
	var id, part, attempts, notBefore, triedAt, createdAt, settledAt int64
	var lane, caseID, kind, place, content, state string
	dest := append([]any{&id, &lane, &caseID, &kind, &d.Seq, &place, &content, &state, &part, &attempts,
		&notBefore, &triedAt, &d.Receipt, &d.Reason, &createdAt, &settledAt}, more...)
	if err := from.Scan(dest...); err != nil {
		return d, err
	}
	d.ID, d.Lane, d.Case, d.Kind = desk.DeliveryID(id), desk.Lane(lane), desk.CaseID(caseID), desk.DeliveryKind(kind)
	d.Place, d.State, d.Part, d.Attempts = desk.Place(place), desk.DeliveryState(state), int(part), int(attempts)
	d.NotBefore, d.TriedAt, d.CreatedAt, d.SettledAt = instant(notBefore), instant(triedAt), instant(createdAt), instant(settledAt)
	if content == "{}" {
		return d, nil
	}
	return d, json.Unmarshal([]byte(content), &d.Content)
}

// Head returns the oldest open delivery of a lane, locked.
func (t *tx) Head(ctx context.Context, lane desk.Lane) (d desk.Delivery, interrupted bool, err error) {
	what := commit.Op{Doing: "head of", ID: string(lane)}
	if !t.session.Try("deliveries " + string(lane)) {
		return desk.Delivery{}, false, missing(what)
	}
	var claimed, live bool
	err = one(ctx, t, what, t.store.texts.head, t.store.clocked(string(lane)), func(from commit.Row) (err error) {
		d, err = scanDelivery(from, &claimed, &live)
		return err
	})
	if err == nil && claimed && live {
		err = missing(what)
	}
	if err != nil {
		return desk.Delivery{}, false, err
	}
	return d, claimed, nil
}

// Claim gives the delivery to the holder of token for ttl.
func (t *tx) Claim(ctx context.Context, id desk.DeliveryID, token string, ttl time.Duration, now time.Time) error {
	return t.write(ctx, delivery("claim", id), t.store.texts.claim, mustTouch,
		t.store.clocked(int64(id), token, ttl.Microseconds(), micros(now))...)
}

func delivery(doing string, id desk.DeliveryID) commit.Op {
	return commit.Op{Doing: doing + " delivery", ID: strconv.FormatInt(int64(id), 10)}
}

// Settle writes what an attempt came to and ends the claim.
func (t *tx) Settle(ctx context.Context, d *desk.Delivery, token string) error {
	if token == "" {
		return t.note(delivery("settle", d.ID).Wrap(desk.ErrConflict)) // nobody's claim is not a claim
	}
	return t.write(ctx, delivery("settle", d.ID), settleDelivery, mustTouch,
		int64(d.ID), token, string(d.State), int64(d.Part), micros(d.NotBefore), d.Receipt, d.Reason, micros(d.SettledAt))
}

// Postpone moves an unclaimed delivery's NotBefore.
func (t *tx) Postpone(ctx context.Context, id desk.DeliveryID, until time.Time, reason string) error {
	return t.write(ctx, delivery("postpone", id), t.store.texts.postpone, mustTouch,
		t.store.clocked(int64(id), micros(until), reason)...)
}

// Delivery returns a delivery.
func (r reads) Delivery(ctx context.Context, id desk.DeliveryID) (d desk.Delivery, err error) {
	err = one(ctx, r, commit.Op{Doing: "delivery", ID: strconv.FormatInt(int64(id), 10)}, selectDelivery+" WHERE x.id = $1", []any{int64(id)}, func(from commit.Row) (err error) {
		d, err = scanDelivery(from)
		return err
	})
	return d, err
}

// DeliveriesOf returns the deliveries that carry an entry of a case.
func (r reads) DeliveriesOf(ctx context.Context, id desk.CaseID, after int64) ([]desk.Delivery, error) {
	return deliveriesOf(ctx, r, id, after)
}

// DeliveriesOf returns the deliveries that carry an entry of a case.
func (t *tx) DeliveriesOf(ctx context.Context, id desk.CaseID, after int64) ([]desk.Delivery, error) {
	return deliveriesOf(ctx, t, id, after)
}

func deliveriesOf(ctx context.Context, q asker, id desk.CaseID, after int64) ([]desk.Delivery, error) {
	var all []desk.Delivery
	err := q.query(ctx, commit.Op{Doing: "deliveries of", ID: string(id)},
		selectDelivery+" WHERE x.case_id = $1 AND x.seq > 0 AND x.seq > $2 ORDER BY x.seq, x.id", []any{string(id), after}, func(from commit.Row) error {
			d, err := scanDelivery(from)
			all = append(all, d)
			return err
		})
	return all, err
}

// OpenLanes returns the lanes that have an open delivery.
func (r reads) OpenLanes(ctx context.Context, limit int) ([]store.LaneDue, error) {
	return lanes(ctx, r, commit.Op{Doing: "lanes", ID: "to deliver"}, r.store.texts.openLanes, r.store.clocked(int64(limit)))
}

// MailLanes is OpenLanes for the lanes of mail.
func (r reads) MailLanes(ctx context.Context, limit int) ([]store.LaneDue, error) {
	return lanes(ctx, r, commit.Op{Doing: "lanes", ID: "of mail"}, r.store.texts.mailLanes, r.store.clocked(int64(limit)))
}

func lanes(ctx context.Context, q asker, what commit.Op, text string, args []any) ([]store.LaneDue, error) {
	var due []store.LaneDue
	err := q.query(ctx, what, text, args, func(from commit.Row) error {
		var lane string
		var at int64
		err := from.Scan(&lane, &at)
		due = append(due, store.LaneDue{Lane: desk.Lane(lane), Due: instant(at)})
		return err
	})
	return due, err
}

const countOpenWords = `SELECT count(*) FROM deliveries WHERE state IN ('pending', 'unknown') AND kind IN ('reply', 'upload', 'share')`

// OpenWords counts the agents' words and files that are not in Slack yet.
func (r reads) OpenWords(ctx context.Context) (int, error) {
	return count(ctx, r, "open words", countOpenWords)
}
