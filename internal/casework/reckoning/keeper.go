package reckoning

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store"
)

// A database is what a Keeper needs of a store.
type database interface {
	Update(ctx context.Context, fn func(store.Tx) error) error
	Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	Chats(ctx context.Context, id desk.CaseID) ([]desk.ChatSession, error)
	store.ReportReader
}

// Options are what a Keeper can be given; the zero value works.
type Options struct {
	Log   *slog.Logger     // default: none
	Now   func() time.Time // default: the system clock
	Every time.Duration    // how long from one look to the next; default 20 s
}

// A Keeper keeps facts up. Make one with New, Run it once.
type Keeper struct {
	store database
	opt   Options
	since time.Time // what changed before that is in the facts; zero at the start
}

// New returns a Keeper.
func New(s database, o Options) *Keeper {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Every <= 0 {
		o.Every = 20 * time.Second
	}
	return &Keeper{store: s, opt: o}
}

const (
	// batch is how many cases are looked for at once.
	batch = 200
	// together is how many cases' facts are saved in one update.
	together = 50
	// page is how many entries of a log are read at once.
	page = 1000
	// late is by how much a change may become visible after its time: another
	// node's clock may be behind, a transaction may take long.
	late = 10 * time.Minute
	// anew is how long from one look at all cases to the next, for what was later
	// than that.
	anew = time.Hour
)

// Run follows what changes until ctx ends. What fails is logged and tried again.
func (k *Keeper) Run(ctx context.Context) error {
	tick := time.NewTicker(k.opt.Every)
	defer tick.Stop()
	var whole time.Time
	for {
		if now := k.opt.Now(); whole.IsZero() || now.Sub(whole) >= anew {
			whole, k.since = now, time.Time{}
		}
		if err := k.Catch(ctx); err != nil && ctx.Err() == nil {
			k.opt.Log.Error("reports do not follow", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// Catch has the facts go as far as the cases do. It is not to be called twice at
// the same time.
func (k *Keeper) Catch(ctx context.Context) error {
	begun := k.opt.Now()
	var failed []error
	for from := k.since; ; {
		changes, err := k.store.Unreckoned(ctx, from, batch)
		if err != nil {
			return fmt.Errorf("look for cases without facts: %w", err)
		}
		wrong, more := k.reckon(ctx, changes)
		failed = append(failed, more...)
		if len(changes) > 0 {
			from = changes[len(changes)-1].ChangedAt
		}
		switch {
		case len(changes) == wrong && wrong > 0: // none of them will get better by asking again
			return errors.Join(failed...)
		case len(changes) < batch && len(failed) == 0:
			k.since = begun.Add(-late)
			return nil
		case len(changes) < batch:
			return errors.Join(failed...)
		}
	}
}

// reckon has the facts of cases go as far as those do. They are saved together:
// each commit of its own would be one more for a message.
func (k *Keeper) reckon(ctx context.Context, changes []store.CaseChange) (wrong int, failed []error) {
	all := make([]report.Facts, 0, len(changes))
	for _, change := range changes {
		f, err := k.next(ctx, change.Case)
		switch {
		case err == nil:
			all = append(all, f)
		case !errors.Is(err, desk.ErrNotFound): // it was deleted meanwhile
			failed = append(failed, fmt.Errorf("reckon the facts of case %s: %w", change.Case, err))
		}
	}
	wrong = len(failed)
	slices.SortFunc(all, func(a, b report.Facts) int { return cmp.Compare(a.Case.Case, b.Case.Case) }) // as other nodes do
	for some := range slices.Chunk(all, together) {
		err := k.store.Update(ctx, func(tx store.Tx) error {
			for i := range some {
				if err := tx.SaveFacts(ctx, &some[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			wrong += len(some)
			failed = append(failed, fmt.Errorf("save facts: %w", err))
		}
	}
	return wrong, failed
}

// next are the facts of a case as it is now. Chats that nothing was added to are
// left out.
func (k *Keeper) next(ctx context.Context, id desk.CaseID) (report.Facts, error) {
	f, err := k.store.FactsOf(ctx, id)
	if err != nil {
		return f, err
	}
	c, err := k.store.Case(ctx, id)
	if err != nil {
		return f, err
	}
	touched := map[desk.ChatID]bool{}
	for {
		told, err := k.store.Told(ctx, id, f.Seq, c.LastSeq, page)
		if err != nil {
			return f, err
		}
		for _, e := range told {
			touched[e.Chat] = true
		}
		before := f.Case
		f.Add(&c, told)
		if f.Case.Severity != before.Severity { // each chat tells it too
			for _, chat := range f.Chats {
				touched[chat.Chat] = true
			}
		}
		if len(told) < page {
			break
		}
	}
	delete(touched, "")
	return f, k.hold(ctx, &f, c, touched)
}

// hold notes who has the chats that were touched, and leaves out the others.
func (k *Keeper) hold(ctx context.Context, f *report.Facts, c desk.Case, touched map[desk.ChatID]bool) error {
	chats := []desk.ChatSession{c.Chat}
	if len(touched) > 1 || len(touched) == 1 && !touched[c.Chat.ID] {
		all, err := k.store.Chats(ctx, c.ID)
		if err != nil {
			return err
		}
		chats = append(all, c.Chat)
	}
	for _, chat := range chats {
		f.Held(chat)
	}
	kept := f.Chats[:0]
	for _, chat := range f.Chats {
		if touched[chat.Chat] {
			kept = append(kept, chat)
		}
	}
	f.Chats = kept
	return nil
}
