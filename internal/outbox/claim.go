package outbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/pace"
	"caseline/internal/store"
)

// A turn is what one update made of the head of a lane: it is claimed, or it
// is not and the lane waits.
type turn struct {
	claimed  bool
	delivery desk.Delivery // as it goes to the Sender
	token    string
	buckets  []pace.Bucket // its budget
	probe    *circuit      // of which what becomes of it decides whether others try; nil for none

	again time.Time // not claimed: when to come back; zero for not before a hint

	waits desk.CaseID // whose words pace keeps for longer than somebody would notice
}

// A claim is who wants the head of a lane. It outlives the runs of the
// update's function.
type claim struct {
	lane  desk.Lane
	token string
	now   time.Time
	place place    // in the line for a bucket, should it have to wait
	probe *circuit // that is open and let it through; nil for none
}

func (o *Outbox) newClaim(lane desk.Lane) *claim {
	return &claim{lane: lane, token: rand.Text(), now: o.opt.Now()}
}

// claim takes the head of a lane if it may be tried now.
func (o *Outbox) claim(ctx context.Context, lane desk.Lane) (turn, error) {
	t, _, err := o.claimAfter(ctx, lane, func(store.Tx) error { return nil })
	return t, err
}

// claimAfter runs fn and takes the head of a lane, by the same commit, if it may
// be tried now. When it failed only because that cannot be claimed, unclaimed
// is true.
func (o *Outbox) claimAfter(ctx context.Context, lane desk.Lane, fn func(store.Tx) error) (t turn, unclaimed bool, err error) {
	c := o.newClaim(lane)
	err = o.store.Update(ctx, func(tx store.Tx) error {
		t, unclaimed = turn{}, false
		err := fn(tx)
		if err == nil {
			t, err = o.take(ctx, tx, c)
			unclaimed = err != nil
		}
		return err
	})
	if err != nil {
		t = turn{}
	}
	o.untried(c, t)
	return t, unclaimed, err
}

// untried gives back c's leave to probe when the turn that it was for did not
// come about.
func (o *Outbox) untried(c *claim, t turn) {
	if c.probe != nil && !t.claimed {
		c.probe.back()
	}
}

// take claims the head of a lane if it is due and pace lets it go.
func (o *Outbox) take(ctx context.Context, tx store.Tx, c *claim) (turn, error) {
	d, interrupted, err := tx.Head(ctx, c.lane)
	if errors.Is(err, desk.ErrNotFound) {
		return turn{}, nil
	}
	if err != nil {
		return turn{}, err
	}
	due := d.NotBefore
	if interrupted {
		// Whoever claimed it is gone, and its words may have arrived.
		d.State, due = desk.DeliveryUnknown, d.TriedAt.Add(o.opt.LookAfter)
	}
	if due.After(c.now) {
		return turn{again: due}, nil
	}
	if c.probe == nil {
		var again time.Time
		if c.probe, again = o.doors.pass(o.opt.Who(d), c.lane, c.now); !again.IsZero() {
			return turn{again: again}, nil
		}
	}
	buckets, wait, err := o.reserve(ctx, tx, d, c.now)
	if err != nil {
		return turn{}, err
	}
	if wait == 0 {
		return o.own(ctx, tx, c, d, buckets)
	}
	at := o.pacing.stand(&c.place, buckets, interrupted || d.Reason == desk.Paced, c.now)
	if interrupted {
		// It keeps its broken claim, which says that it must be looked for,
		// and so cannot keep a place in the line: it waits at the front.
		return turn{again: at}, nil
	}
	if err := tx.Postpone(ctx, d.ID, at, desk.Paced); err != nil {
		return turn{}, fmt.Errorf("postpone delivery %d: %w", d.ID, err)
	}
	t := turn{again: at}
	if d.Seq > 0 && d.Lane == desk.CaseLane(d.Case) && at.Sub(c.now) > noticed {
		t.waits = d.Case
	}
	return t, nil
}

// noticed is how long words wait for pace before somebody is told of it.
const noticed = time.Second

// own claims d.
func (o *Outbox) own(ctx context.Context, tx store.Tx, c *claim, d desk.Delivery, buckets []pace.Bucket) (turn, error) {
	began := c.now
	if d.State == desk.DeliveryUnknown {
		began = d.TriedAt // a look belongs to the try it looks for
	}
	if err := tx.Claim(ctx, d.ID, c.token, o.timeout(d)+o.opt.Grace, began); err != nil {
		return turn{}, fmt.Errorf("claim delivery %d: %w", d.ID, err)
	}
	d.Attempts++
	d.TriedAt = began
	return turn{claimed: true, delivery: d, token: c.token, buckets: buckets, probe: c.probe}, nil
}
