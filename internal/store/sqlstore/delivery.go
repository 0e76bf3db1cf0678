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
	"caseline/internal/store/sqlstore/stored"
)

// Enqueue adds a delivery at the end of its lane.
func (t *tx) Enqueue(ctx context.Context, d *desk.Delivery) error {
	return t.enqueue(ctx, d, t.store.texts.enqueue)
}

// EnqueueOnce adds a delivery unless one that will do the same is waiting.
func (t *tx) EnqueueOnce(ctx context.Context, d *desk.Delivery) error {
	return t.enqueue(ctx, d, t.store.texts.enqueueOnce)
}

// Forget removes a delivery that is settled.
func (t *tx) Forget(ctx context.Context, id desk.DeliveryID) error {
	return t.write(ctx, delivery("forget", id), stored.ForgetDelivery, nil, int64(id))
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
		int64(d.Attempts), stored.Micros(d.NotBefore), stored.Micros(d.TriedAt), d.Receipt, d.Reason, stored.Micros(d.CreatedAt), stored.Micros(d.SettledAt))
}

// Head returns the oldest open delivery of a lane, locked.
func (t *tx) Head(ctx context.Context, lane desk.Lane) (d desk.Delivery, interrupted bool, err error) {
	what := commit.Op{Doing: "head of", ID: string(lane)}
	if !t.session.Try("deliveries " + string(lane)) {
		return desk.Delivery{}, false, missing(what)
	}
	var claimed, live bool
	var workspace string
	err = one(ctx, t, what, t.store.texts.head, t.store.clocked(string(lane)), func(from commit.Row) (err error) {
		d, err = stored.ScanDelivery(from, &workspace, &claimed, &live)
		if d.Place == "" {
			d.Workspace = desk.WorkspaceID(workspace)
		}
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
		t.store.clocked(int64(id), token, ttl.Microseconds(), stored.Micros(now))...)
}

func delivery(doing string, id desk.DeliveryID) commit.Op {
	return commit.Op{Doing: doing + " delivery", ID: strconv.FormatInt(int64(id), 10)}
}

// Settle writes what an attempt came to and ends the claim.
func (t *tx) Settle(ctx context.Context, d *desk.Delivery, token string) error {
	if token == "" {
		return t.note(delivery("settle", d.ID).Wrap(desk.ErrConflict)) // nobody's claim is not a claim
	}
	return t.write(ctx, delivery("settle", d.ID), stored.SettleDelivery, mustTouch,
		int64(d.ID), token, string(d.State), int64(d.Part), stored.Micros(d.NotBefore), d.Receipt, d.Reason, stored.Micros(d.SettledAt))
}

// Postpone moves an unclaimed delivery's NotBefore.
func (t *tx) Postpone(ctx context.Context, id desk.DeliveryID, until time.Time, reason string) error {
	return t.write(ctx, delivery("postpone", id), t.store.texts.postpone, mustTouch,
		t.store.clocked(int64(id), stored.Micros(until), reason)...)
}

// Delivery returns a delivery.
func (r reads) Delivery(ctx context.Context, id desk.DeliveryID) (d desk.Delivery, err error) {
	err = one(ctx, r, commit.Op{Doing: "delivery", ID: strconv.FormatInt(int64(id), 10)}, stored.SelectDelivery+" WHERE x.id = $1", []any{int64(id)}, func(from commit.Row) (err error) {
		d, err = stored.ScanDelivery(from)
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
		stored.SelectDelivery+" WHERE x.case_id = $1 AND x.seq > 0 AND x.seq > $2 ORDER BY x.seq, x.id", []any{string(id), after}, func(from commit.Row) error {
			d, err := stored.ScanDelivery(from)
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
		due = append(due, store.LaneDue{Lane: desk.Lane(lane), Due: stored.Instant(at)})
		return err
	})
	return due, err
}

const countOpenWords = `SELECT count(*) FROM deliveries WHERE state IN ('pending', 'unknown') AND kind IN ('reply', 'upload', 'share')`

// OpenWords counts the agents' words and files that are not in Slack yet.
func (r reads) OpenWords(ctx context.Context) (int, error) {
	return count(ctx, r, "open words", countOpenWords)
}
