package upkeep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"caseline/internal/desk"
)

// A reader reads which chats run and which agents there are.
type reader interface {
	Running(ctx context.Context, l desk.Lookout, after desk.CaseID, limit int) ([]desk.Case, error)
	Agents(ctx context.Context) ([]desk.Agent, error)
	Discards(ctx context.Context, limit int) ([]desk.Discard, error)
}

// useCases are what falls due.
type useCases interface {
	MindIdle(ctx context.Context, id desk.CaseID) error
	MindAgent(ctx context.Context, id desk.CaseID, since time.Time) error
	TellTurns(ctx context.Context) error
	KeepDiscarded(ctx context.Context, hash string) error
}

// A remover removes the bytes of files, but for those that were put there
// less than a time ago.
type remover interface {
	RemoveIdle(hash string, idle time.Duration) (removed bool, err error)
}

// A scourer has some more of an index forget for good what was erased.
type scourer interface {
	Scour(ctx context.Context) (more bool, err error)
}

// Options are what an Upkeep can be given; with the zero Options nothing but
// the queue is kept up.
type Options struct {
	Log      *slog.Logger     // default: none
	Now      func() time.Time // default: the system clock
	Patience desk.Patience    // as casework has it
	Every    time.Duration    // how long from one sweep to the next; default 5 s
	Files    remover          // the bytes of files; nil: they are left
	Index    scourer          // of words; nil: it forgets by itself

	// Purge forgets what has had its time; it is called at the start and once
	// an hour. Default: nothing is forgotten.
	Purge func(context.Context) error
}

// An Upkeep sweeps the desk. Make one with New, Run it once.
type Upkeep struct {
	read  reader
	cases useCases
	opt   Options

	purged time.Time // when Purge last succeeded; Run's own

	// Since when sweeps have followed one another, and when the latest was
	// through. Only Sweep touches them.
	since, swept time.Time
}

// New returns an Upkeep.
func New(read reader, cases useCases, o Options) *Upkeep {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Every <= 0 {
		o.Every = 5 * time.Second
	}
	if o.Purge == nil {
		o.Purge = func(context.Context) error { return nil }
	}
	return &Upkeep{read: read, cases: cases, opt: o}
}

// Run sweeps until ctx ends. What fails is logged and tried again by the next
// sweep.
func (u *Upkeep) Run(ctx context.Context) error {
	tick := time.NewTicker(u.opt.Every)
	defer tick.Stop()
	for {
		if err := errors.Join(u.Sweep(ctx), u.purge(ctx)); err != nil && ctx.Err() == nil {
			u.opt.Log.Error("upkeep failed", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// purgeEvery is how long from one purge to the next.
const purgeEvery = time.Hour

func (u *Upkeep) purge(ctx context.Context) error {
	now := u.opt.Now()
	if now.Sub(u.purged) < purgeEvery {
		return nil
	}
	err := u.opt.Purge(ctx)
	if err == nil {
		u.purged = now
	}
	return err
}

// Sweep looks at the whole desk once. One chat that fails does not keep the
// others from being looked at. It is not to be called twice at the same time.
func (u *Upkeep) Sweep(ctx context.Context) error {
	return errors.Join(u.cases.TellTurns(ctx), u.sweepRunning(ctx), u.sweepDiscards(ctx), u.sweepIndex(ctx))
}

const (
	// page is how many running chats are read at once of those in which something
	// may be due.
	page = 100
	// restShare is what part of the time between two sweeps the rest after a
	// page takes.
	restShare = 100
)

func (u *Upkeep) sweepRunning(ctx context.Context) error {
	agents, err := u.read.Agents(ctx)
	if err != nil {
		return fmt.Errorf("read the agents: %w", err)
	}
	u.resume()
	seen := make(map[desk.AgentID]time.Time, len(agents))
	for _, a := range agents {
		seen[a.ID] = a.SeenAt
	}
	lookout := u.opt.Patience.Lookout(agents, u.since, u.now())
	var failed []error
	for after := desk.CaseID(""); ; {
		cases, err := u.read.Running(ctx, lookout, after, page)
		if err != nil {
			return errors.Join(append(failed, fmt.Errorf("read the running chats: %w", err))...)
		}
		for _, c := range cases {
			failed = append(failed, u.mind(ctx, c, seen[c.Chat.Agent]))
		}
		if len(cases) < page {
			u.swept = u.now()
			return errors.Join(failed...)
		}
		after = cases[len(cases)-1].ID
		if err := u.rest(ctx); err != nil {
			return errors.Join(append(failed, err)...)
		}
	}
}

// rest pauses between two pages, so that thousands of chats are not read in one
// go that others feel.
func (u *Upkeep) rest(ctx context.Context) error {
	t := time.NewTimer(u.opt.Every / restShare)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// resume begins to count anew since when the server has served, if it has just
// begun to, or stood still for so long that agents may have come back unseen:
// because the machine slept, or the database did not answer.
func (u *Upkeep) resume() {
	now := u.now()
	if u.swept.IsZero() || now.Sub(u.swept) >= desk.AwayAfter {
		u.since = now
	}
}

// now is the time by the wall's clock, which goes on while a machine sleeps.
func (u *Upkeep) now() time.Time { return u.opt.Now().Round(0) }

// mind has done what is due in a running chat, whose agent's console was last
// seen at a time.
func (u *Upkeep) mind(ctx context.Context, c desk.Case, seen time.Time) error {
	now, p, sight := u.now(), u.opt.Patience, desk.Sight{Seen: seen, Since: u.since}
	var idle, agent error
	if c.Chat.Prompts(p, now) || c.Chat.Expires(p, now) {
		idle = u.cases.MindIdle(ctx, c.ID)
	}
	if c.Chat.Misses(p, sight, now) || c.SeeAgent(sight, now) {
		agent = u.cases.MindAgent(ctx, c.ID, u.since)
	}
	return errors.Join(idle, agent)
}
