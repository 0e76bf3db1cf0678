package dispatch

import (
	"context"
	"slices"
	"sync"
	"time"

	"caseline/internal/slacksim/entity"
)

// A parcel is an event on its way to its app.
type parcel struct {
	event   entity.Event
	id      string // the event_id it goes under
	attempt int
	reason  string // why it is sent again
	plan    plan
	due     time.Time
	notice  map[string]any // sent instead of the event, which then is in no queue
}

// A lane is what is to be sent about one channel to one app, in order.
type lane struct {
	queue []parcel
	busy  bool
}

// A sent is what came of a parcel.
type sent struct {
	parcel
	lane    string
	failure string
	noRetry bool
	dropped bool // not sent, and never will be
}

// A desk is Run's own state: nobody else touches it.
type desk struct {
	d     *Dispatcher
	lanes map[string]*lane
	later []parcel       // to be sent, or sent again, when they are due
	left  map[string]int // by event: how many parcels of it are not done
	done  chan sent
	wg    sync.WaitGroup

	tried   map[string]volume // by app
	offered map[string]volume // by app and workspace
	notices int               // to be sent
	sending int               // requests that are under way
	asked   []chan struct{}   // by Settle, for a look
	limited map[string]int64  // likewise: the last minute of which the app was told that it was too much
}

// Run sends events until ctx ends. What is under way then is broken off and
// stays in the world's queue.
func (d *Dispatcher) Run(ctx context.Context) error {
	k := &desk{
		d: d, lanes: map[string]*lane{}, left: map[string]int{}, done: make(chan sent),
		tried: map[string]volume{}, offered: map[string]volume{}, limited: map[string]int64{},
	}
	defer k.join()
	sub := d.world.Subscribe()
	defer sub.Close()
	for {
		sub.Take()
		k.intake()
		nextShare, sharing := d.world.ShareDue()
		k.intake() // what sharing has just posted
		k.start(ctx)
		timer, stop := k.timer(nextShare, sharing)
		k.rest()
		k.tell()
		select {
		case <-ctx.Done():
			stop()
			return nil
		case s := <-k.done:
			k.finish(s)
		case <-sub.C():
		case <-d.changed:
		case looked := <-d.look:
			k.asked = append(k.asked, looked)
		case <-timer:
		}
		stop()
	}
}

// tell tells those who asked for a look that it was had.
func (k *desk) tell() {
	for _, looked := range k.asked {
		close(looked)
	}
	k.asked = nil
}

// join waits for the requests that are still under way.
func (k *desk) join() {
	go func() {
		k.wg.Wait()
		close(k.done)
	}()
	for range k.done {
		// What they came to does not matter any more: the events are still queued.
	}
	k.note(-k.notices) // nobody will send them now
	k.d.world.ReturnEvents()
	k.d.client.CloseIdleConnections()
}

// timer wakes Run when the next parcel or file message is due.
func (k *desk) timer(nextShare int64, sharing bool) (<-chan time.Time, func()) {
	var next time.Time
	if sharing {
		next = time.UnixMicro(nextShare)
	}
	for _, p := range k.later {
		if k.d.isHeld() {
			break // they wait for Release, however late they are
		}
		if next.IsZero() || p.due.Before(next) {
			next = p.due
		}
	}
	if next.IsZero() {
		return nil, func() {}
	}
	return k.d.clock.After(next.Sub(k.d.clock.Now()))
}

// intake takes new events in, and parcels whose time has come.
func (k *desk) intake() {
	if k.d.isHeld() {
		return
	}
	for _, e := range k.d.world.TakeEvents() {
		k.accept(e)
	}
	k.d.round()
	now := k.d.clock.Now()
	var due []parcel
	k.later = slices.DeleteFunc(k.later, func(p parcel) bool {
		if p.due.After(now) {
			return false
		}
		due = append(due, p)
		return true
	})
	slices.SortStableFunc(due, func(a, b parcel) int { return a.due.Compare(b.due) })
	for _, p := range due {
		// Whoever is late has waited enough: ahead of what came after.
		l := k.lane(p.event)
		l.queue = slices.Insert(l.queue, 0, p)
	}
}

// accept makes the parcels of a new event.
func (k *desk) accept(e entity.Event) {
	p := parcel{event: e, id: e.ID, plan: k.d.plan(e)}
	over, notice := k.excess(e)
	if notice != nil {
		k.note(1)
		l := k.lane(notice.event)
		l.queue = append(l.queue, *notice)
	}
	if p.plan.forgotten || over {
		k.delivered(e.ID)
		return
	}
	all := []parcel{p}
	if p.plan.duplicate {
		all = append(all, parcel{event: e, id: e.ID})
	}
	if p.plan.duplicateNew {
		all = append(all, parcel{event: e, id: k.d.world.NewID("Ev")})
	}
	k.left[e.ID] = len(all)
	for _, p := range all {
		if p.plan.overtaken > 0 {
			p.due = k.d.clock.Now().Add(p.plan.overtaken)
			k.later = append(k.later, p)
			continue
		}
		l := k.lane(e)
		l.queue = append(l.queue, p)
	}
}

func laneKey(e entity.Event) string { return e.App + "/" + e.Channel }

func (k *desk) lane(e entity.Event) *lane {
	l := k.lanes[laneKey(e)]
	if l == nil {
		l = &lane{}
		k.lanes[laneKey(e)] = l
	}
	return l
}

// start sends the first parcel of every lane that is free.
func (k *desk) start(ctx context.Context) {
	for key, l := range k.lanes {
		if l.busy {
			continue
		}
		if len(l.queue) == 0 {
			delete(k.lanes, key)
			continue
		}
		p := l.queue[0]
		l.queue = l.queue[1:]
		l.busy = true
		k.sending++
		k.wg.Go(func() { k.done <- k.d.send(ctx, key, p) })
	}
}

// finish settles a parcel: done, or to be sent again.
func (k *desk) finish(s sent) {
	k.sending--
	if l := k.lanes[s.lane]; l != nil {
		l.busy = false
	}
	k.judge(s)
	if wait, ok := k.again(s); ok {
		p := s.parcel
		p.plan = plan{}
		p.due = k.d.clock.Now().Add(wait)
		p.attempt++
		p.reason = s.failure
		k.later = append(k.later, p)
		return
	}
	if s.failure != "" {
		k.d.log.Warn("event given up", "event", s.event.ID, "err", s.failure)
	}
	if s.notice != nil {
		k.note(-1)
		return
	}
	k.left[s.event.ID]--
	if k.left[s.event.ID] > 0 {
		return
	}
	delete(k.left, s.event.ID)
	k.delivered(s.event.ID)
}

// note counts notices that are under way.
func (k *desk) note(n int) {
	k.notices += n
	k.d.wait(n)
}

// delivered notes that nothing more is to be sent of an event.
func (k *desk) delivered(event string) {
	if err := k.d.world.Delivered(event); err != nil {
		k.d.log.Error("delivery not noted", "event", event, "err", err)
	}
}
