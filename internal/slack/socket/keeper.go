package socket

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"caseline/internal/slack/wire"
)

const (
	// linger is how long a connection that Slack wants to end is read after
	// another has taken its place. Slack warns about ten seconds before.
	linger = 12 * time.Second
	// leaveTime is how long what a connection has brought may take to be acked.
	leaveTime = 4 * time.Second
	// fewerFor is how long there are fewer connections after Slack said that there
	// are too many, and tooManyPause how long until another is tried when there
	// was only one.
	fewerFor     = 15 * time.Minute
	tooManyPause = time.Minute
)

// What connections tell the keeper.
type noteKind int

const (
	notOpened noteKind = iota
	opened
	saidHello
	saidGoodbye
	hasEnded
)

// A note is news of a connection.
type note struct {
	kind   noteKind
	conn   *conn // but for notOpened
	err    error
	reason string // saidGoodbye: Slack's
	number int    // saidHello: the connections that Slack counts
}

// A held is a connection that there is, as its keeper sees it.
type held struct {
	*conn
	greeted bool
	since   time.Time // it has said hello
	going   bool      // another is to take its place
	goes    time.Time // then; zero while that is open
	left    bool      // it has been told to leave
}

// A keeper sees to it that there are connections. Only its loop touches it.
type keeper struct {
	*Client
	notes   chan note
	parts   sync.WaitGroup // what runs; one part for each connection, from its opening to its end
	live    int            // connections that have not ended, with those being opened
	conns   []*held        // those that were opened, in that order
	opening bool           // one is being opened, or has not said hello yet
	opens   opens
	suspicion

	most   int       // connections that there may be
	fewer  time.Time // most is less than was configured until then; zero if it is not
	off    time.Time // Socket Mode is switched off, and not tried until then; zero if it is not
	denied int       // so often in a row it was found switched off
	gap    bool      // something may have been swallowed that nobody has been told of
	since  time.Time // there has been no connection since; zero while there is one
	reason string    // why, by Slack's name
}

// Run holds connections until ctx ends. It then has everything answered that
// came over them, and closes them.
func (c *Client) Run(ctx context.Context) error {
	k := &keeper{
		Client: c, notes: make(chan note), most: c.opt.Connections, gap: true, since: c.opt.Now(),
		opens: opens{most: 2*c.opt.Connections + 2},
	}
	defer k.parts.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	stop, stopping := ctx.Done(), false
	for {
		select {
		case n := <-k.notes:
			k.take(ctx, n)
		case <-timer.C:
		case <-stop:
			stop, stopping = nil, true
			defer c.note(Status{})
		}
		if !stopping {
			timer.Reset(k.look(ctx))
			continue
		}
		for _, h := range k.conns {
			k.leave(ctx, h)
		}
		if k.live == 0 {
			return nil
		}
	}
}

// look does what is due, and says in how long there may be more to do.
func (k *keeper) look(ctx context.Context) time.Duration {
	now := k.opt.Now()
	wake := now.Add(time.Hour)
	until := func(at time.Time) bool { // reports whether it is yet to come
		if at.IsZero() || !now.Before(at) {
			return false
		}
		if at.Before(wake) {
			wake = at
		}
		return true
	}
	if !k.fewer.IsZero() && !until(k.fewer) {
		k.most, k.fewer = k.opt.Connections, time.Time{}
	}
	if !k.again.IsZero() && !until(k.again) {
		k.doubt()
	}
	wanted := k.most
	if !k.off.IsZero() {
		wanted = 1 // to see whether it is on again
	}
	if k.count(ready) >= wanted {
		k.end(ctx, now, until)
	}
	if k.count(fresh) < wanted && !k.opening && !until(k.off) && !until(k.opens.next()) {
		k.connect(ctx, now)
	}
	k.report(now)
	return wake.Sub(now)
}

// end has those leave that others have taken the place of.
func (k *keeper) end(ctx context.Context, now time.Time, until func(time.Time) bool) {
	for _, h := range k.conns {
		if !h.going {
			continue
		}
		if h.goes.IsZero() {
			h.goes = now.Add(linger)
		}
		if !until(h.goes) {
			k.leave(ctx, h)
		}
	}
}

// report tells how things stand, and that something may have been swallowed.
func (k *keeper) report(now time.Time) {
	up := k.count(up)
	switch {
	case up > 0:
		k.since = time.Time{}
	case k.since.IsZero():
		k.since, k.gap = now, true
	}
	if k.gap && up > 0 {
		k.gap = false
		k.opt.Missed()
	}
	s := Status{Connected: up, Since: k.since}
	if up == 0 {
		s.Reason, s.Next = k.reason, k.opens.next()
		if k.off.After(s.Next) {
			s.Next = k.off
		}
	}
	k.note(s)
}

// What a connection can be counted as.
func fresh(h *held) bool { return !h.going && !h.left }
func ready(h *held) bool { return h.greeted && fresh(h) }
func up(h *held) bool    { return h.greeted && !h.left }
func known(h *held) bool { return h.greeted }

func (k *keeper) count(which func(*held) bool) int {
	n := 0
	for _, h := range k.conns {
		if which(h) {
			n++
		}
	}
	return n
}

// connect opens a connection, which is served until it ends.
func (k *keeper) connect(ctx context.Context, now time.Time) {
	k.opening = true
	k.live++
	k.opens.take(now)
	tell := func(n note) { k.notes <- n } // the loop listens until all have told that they ended
	k.parts.Go(func() {
		c, err := k.dial(ctx, tell)
		if err != nil {
			tell(note{kind: notOpened, err: err})
			return
		}
		tell(note{kind: opened, conn: c})
		tell(note{kind: hasEnded, conn: c, err: c.serve(ctx)})
		c.end() // another need not wait for that
	})
}

// leave has a connection finish, if nobody has before.
func (k *keeper) leave(ctx context.Context, h *held) {
	if h.left {
		return
	}
	h.left = true
	k.parts.Go(func() { h.conn.leave(ctx, leaveTime) })
}

// take hears news of a connection.
func (k *keeper) take(ctx context.Context, n note) {
	now := k.opt.Now()
	var h *held
	if i := slices.IndexFunc(k.conns, func(h *held) bool { return h.conn == n.conn }); i >= 0 {
		h = k.conns[i]
	}
	switch n.kind {
	case notOpened:
		k.live--
		k.opening = false
		k.failed(ctx, now, n.err)
	case opened:
		k.conns = append(k.conns, &held{conn: n.conn})
	case saidHello:
		if h.greeted {
			return
		}
		h.greeted, h.since, k.opening = true, now, false
		k.opens.work()
		k.off, k.denied, k.reason = time.Time{}, 0, ""
		k.opt.Log.Info("connected to slack by Socket Mode")
		k.counted(now, n.number)
	case saidGoodbye:
		k.goodbye(ctx, now, h, n.reason)
		k.crossed(now)
	case hasEnded:
		k.live--
		k.conns = slices.DeleteFunc(k.conns, func(o *held) bool { return o == h })
		k.ended(ctx, now, h, n.err)
		k.crossed(now)
	}
}

// failed notes that no connection was opened.
func (k *keeper) failed(ctx context.Context, now time.Time, err error) {
	if ctx.Err() != nil {
		return
	}
	k.opens.fail(now, err)
	k.reason = "" // what it was before may not be so any more
	if e, ok := errors.AsType[*OpenError](err); ok && e.Code != "" {
		k.reason = e.Code
		k.opt.Log.Error("slack refuses Socket Mode: check slack.app_token and the app's settings", slog.Any("err", err))
		return
	}
	k.opt.Log.Warn("no connection to slack", slog.Any("err", err))
}

// ended notes that a connection is no more.
func (k *keeper) ended(ctx context.Context, now time.Time, h *held, err error) {
	switch {
	case !h.greeted:
		k.opening = false
		if !h.left {
			k.failed(ctx, now, err)
		}
	case fresh(h):
		k.gap = true
		k.opt.Log.Warn("a connection to slack broke", slog.Any("err", err))
		if now.Sub(h.since) < openEvery {
			k.opens.fail(now, err)
		}
	}
}

// goodbye does what Slack wants of a connection.
func (k *keeper) goodbye(ctx context.Context, now time.Time, h *held, reason string) {
	switch reason {
	case wire.ReasonDisabled:
		if k.reason != reason {
			k.opt.Log.Error("Socket Mode is switched off in the app's settings in Slack: nothing comes from there until it is switched on again")
		}
		k.reason = reason
		if !now.Before(k.off) { // else another connection has said so just now
			k.denied++
			k.off = now.Add(doubled(firstDenied, maxDenied, k.denied))
		}
		for _, h := range k.conns {
			k.leave(ctx, h)
		}
	case wire.ReasonTooMany:
		k.leave(ctx, h)
		k.most, k.fewer = max(1, k.most-1), now.Add(fewerFor)
		if k.count(fresh) == 0 {
			k.reason = reason
			k.opens.not = now.Add(tooManyPause)
		}
		k.opt.Log.Warn("slack says that the app has too many connections: some are left out for now; other programs may use the same app-level token")
	default: // warning, refresh_requested, and what may come
		h.going = true
	}
}
