package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

const (
	pollLanes  = 1000 // lanes one look at the database takes in
	laneTurn   = 32   // events a lane may have applied before others get their turn
	purgeBite  = 200  // events deleted in one update: about two milliseconds
	purgePause = 20 * time.Millisecond
)

// Run applies what waits and deletes what is old, until ctx is done. It
// returns nil when it was stopped and everything it began has ended.
func (b *Inbox) Run(ctx context.Context) error {
	stop := b.store.Watch(b.hint)
	defer stop()
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() { b.poll(ctx) })
	parts.Go(func() { b.purge(ctx) })
	b.runner.Run(ctx, b.turn)
	return nil
}

// hint hears what a commit touched.
func (b *Inbox) hint(h store.Hint) {
	for _, lane := range h.Events {
		b.runner.Wake(lane, time.Time{})
	}
	if h.All {
		select {
		case b.hurry <- struct{}{}:
		default:
		}
	}
}

// poll finds the lanes that no hint told of.
func (b *Inbox) poll(ctx context.Context) {
	tick := time.NewTicker(b.opt.Poll)
	defer tick.Stop()
	for {
		due, err := b.store.PendingLanes(ctx, pollLanes)
		if err != nil && ctx.Err() == nil {
			b.opt.Log.Error("pending events not read", slog.Any("err", err))
		}
		for _, l := range due {
			b.runner.Wake(l.Lane, l.Due)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-b.hurry:
		}
	}
}

// turn applies the events of a lane, oldest first, until none is due or
// others should get their turn.
func (b *Inbox) turn(ctx context.Context, lane desk.Lane) (again time.Time) {
	for range laneTurn {
		s, err := b.step(ctx, lane)
		if err != nil {
			if ctx.Err() == nil {
				b.opt.Log.Error("lane not worked", slog.String("lane", string(lane)), slog.Any("err", err))
			}
			return time.Time{} // the next poll comes back to it
		}
		if !s.applied {
			return s.again
		}
	}
	return b.opt.Now()
}

// A step is what became of the oldest event of a lane.
type step struct {
	event   desk.Event // that was tried, if any
	applied bool       // or refused or dead: the next may be worked
	again   time.Time  // otherwise: when to come back; zero for not before a hint
}

// step applies the oldest pending event of a lane, if it is due.
func (b *Inbox) step(ctx context.Context, lane desk.Lane) (s step, err error) {
	now := b.opt.Now()
	err = b.store.Update(ctx, func(tx store.Tx) error {
		s = step{}
		e, err := tx.NextEvent(ctx, lane)
		if errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if e.NotBefore.After(now) {
			s.again = e.NotBefore
			return nil
		}
		s.event, s.applied = e, true
		if err := b.guarded(ctx, tx, e); err != nil {
			return err
		}
		e.State, e.Reason = desk.EventDone, ""
		e.Attempts++
		return tx.SaveEvent(ctx, &e)
	})
	switch {
	case err == nil:
		if s.applied {
			b.counted.applied.Add(1)
		}
		return s, nil
	case s.event.ID == 0 || ctx.Err() != nil:
		return step{}, err // not the event's fault
	}
	return b.put(ctx, s.event, err)
}

// put writes down that a try failed.
func (b *Inbox) put(ctx context.Context, tried desk.Event, failed error) (s step, err error) {
	judged := b.judge(tried, failed)
	err = b.store.Update(ctx, func(tx store.Tx) error {
		s = step{}
		e, err := tx.NextEvent(ctx, judged.Lane)
		if errors.Is(err, desk.ErrNotFound) || err == nil && (e.ID != tried.ID || e.Attempts != tried.Attempts) {
			return nil // another node has seen to it since
		}
		if err != nil {
			return err
		}
		s.event = judged
		s.applied = judged.State != desk.EventPending
		if !s.applied {
			s.again = judged.NotBefore
		}
		return tx.SaveEvent(ctx, &judged)
	})
	if err != nil {
		return step{}, fmt.Errorf("put off event %d: %w", tried.ID, err)
	}
	if s.event.ID != 0 {
		b.tell(judged, failed)
	}
	return s, nil
}

// purge deletes old events, a bite at a time so that nobody waits for it.
func (b *Inbox) purge(ctx context.Context) {
	timer := time.NewTimer(b.opt.Purge)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		n, err := b.bite(ctx)
		if err != nil && ctx.Err() == nil {
			b.opt.Log.Error("old events not deleted", slog.Any("err", err))
		}
		if n == purgeBite {
			timer.Reset(purgePause)
		} else {
			timer.Reset(b.opt.Purge)
		}
	}
}

func (b *Inbox) bite(ctx context.Context) (n int, err error) {
	before := b.opt.Now().Add(-b.opt.Retention)
	err = b.store.Update(ctx, func(tx store.Tx) error {
		n, err = tx.PurgeEvents(ctx, before, purgeBite)
		return err
	})
	return n, err
}
