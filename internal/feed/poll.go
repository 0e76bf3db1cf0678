package feed

import (
	"context"
	"log/slog"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

const (
	// page is how many changed cases one read takes in.
	page = 200
	// pageRest is the pause between two of them, so that thousands of changes are
	// not read in one go that others feel.
	pageRest = 2 * time.Millisecond
)

// poll finds what no hint told of.
func (f *Feed) poll(ctx context.Context) {
	tick := time.NewTicker(f.opt.Poll)
	defer tick.Stop()
	p := past{until: f.opt.Now()}
	for {
		if err := f.look(ctx, &p); err != nil && ctx.Err() == nil {
			f.opt.Log.Error("changed cases not read", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-f.hurry:
		}
	}
}

// past is what has been polled: everything until a time, and what of that the
// next look will find again.
type past struct {
	until time.Time
	seen  map[desk.CaseID]store.CaseHint
}

// look notes the changes since the last look.
func (f *Feed) look(ctx context.Context, p *past) error {
	now := f.opt.Now()
	since, limit := p.until.Add(-f.opt.Overlap), page
	seen := make(map[desk.CaseID]store.CaseHint)
	for {
		changed, err := f.store.ChangedCases(ctx, since, limit)
		if err != nil {
			return err // the next look begins where this one did
		}
		if f.notes.add(store.Hint{Cases: f.news(changed, p.seen)}) {
			signal(f.inform)
		}
		for _, c := range changed {
			seen[c.Case] = c.CaseHint
		}
		if len(changed) < limit {
			break
		}
		if last := changed[len(changed)-1].ChangedAt; last.After(since) {
			since = last
		} else {
			limit *= 2 // more than a page changed at the same instant
		}
		if err := rest(ctx); err != nil {
			return err
		}
	}
	*p = past{until: now, seen: seen}
	return nil
}

func rest(ctx context.Context) error {
	t := time.NewTimer(pageRest)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// news returns what of changed nobody has told of.
func (f *Feed) news(changed []store.CaseChange, seen map[desk.CaseID]store.CaseHint) []store.CaseHint {
	f.mu.RLock()
	defer f.mu.RUnlock()
	var news []store.CaseHint
	for _, c := range changed {
		s, ok := seen[c.Case]
		if ok && s.Revision >= c.Revision && s.Seq >= c.Seq || f.journal.known(c.CaseHint) {
			continue
		}
		news = append(news, c.CaseHint)
	}
	return news
}
