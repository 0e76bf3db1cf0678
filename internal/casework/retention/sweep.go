package retention

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/casework/exporting"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
)

// Sweep erases what has had its time, as far as one round goes. more says that
// something is left.
func (s *Service) Sweep(ctx context.Context) (more bool, err error) {
	policies, err := s.store.Policies(ctx)
	if err != nil {
		return false, fmt.Errorf("read the policies: %w", err)
	}
	left := s.opt.Round
	var failed []error
	for _, p := range policies {
		for _, k := range []keeping.Kind{keeping.OfCases, keeping.OfFiles} {
			n, err := s.sweep(ctx, p, k, left)
			failed = append(failed, err)
			if left -= n; left <= 0 {
				return true, errors.Join(failed...)
			}
		}
	}
	return false, errors.Join(failed...)
}

// sweep erases up to limit cases of an account.
func (s *Service) sweep(ctx context.Context, p keeping.Policy, k keeping.Kind, limit int) (n int, err error) {
	before, due := p.Before(k, s.now())
	if !due {
		return 0, nil
	}
	all, err := s.store.Due(ctx, p.Account, k, before, limit)
	if err != nil {
		return 0, fmt.Errorf("what is due of account %s: %w", p.Account, err)
	}
	var failed []error
	for _, d := range all {
		if err := s.erase(ctx, d.Case, k); err != nil && !errors.Is(err, errNotDue) {
			failed = append(failed, fmt.Errorf("erase %s of case %s: %w", k, d.Case, err))
		}
		if ctx.Err() != nil {
			return len(all), context.Cause(ctx)
		}
	}
	return len(all), errors.Join(failed...)
}

// erase erases a case, page by page.
func (s *Service) erase(ctx context.Context, id desk.CaseID, k keeping.Kind) error {
	for {
		done, err := s.step(ctx, id, k)
		if err != nil || done {
			return err
		}
		t := time.NewTimer(s.opt.Rest)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return context.Cause(ctx)
		}
	}
}

// step erases one page of a case, and notes how far it came.
func (s *Service) step(ctx context.Context, id desk.CaseID, k keeping.Kind) (done bool, err error) {
	now := s.now()
	err = s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		p, after, err := s.stillDue(ctx, tx, &c, k, now)
		if err != nil {
			return err
		}
		words, err := tx.Spoken(ctx, id, after, s.opt.Page)
		if err != nil {
			return err
		}
		counts, err := eraseWords(ctx, tx, k, words)
		if err != nil {
			return err
		}
		at := c.LastSeq
		if err := withdraw(ctx, tx, c.Account, k, counts); err != nil {
			return err
		}
		if done = len(words) < s.opt.Page; !done {
			at = words[len(words)-1].Seq
		}
		if done {
			rest, err := s.finish(ctx, tx, &c, k, now)
			if err != nil {
				return err
			}
			counts = counts.Plus(rest)
		}
		if err := tx.SaveProgress(ctx, keeping.Progress{Case: id, Kind: k, Seq: at}); err != nil {
			return err
		}
		return tx.CountErased(ctx, record(p, k, counts, now))
	})
	return done, err
}

// withdraw removes the exports that were made before, for they may have what is
// erased in the same update.
func withdraw(ctx context.Context, tx store.Tx, account desk.AccountID, k keeping.Kind, counts keeping.Counts) error {
	if k == keeping.OfFiles && counts["files"] == 0 {
		return nil
	}
	n, err := exporting.Withdraw(ctx, tx, account, keeping.ByTime)
	if n > 0 {
		counts["exports"] = n
	}
	return err
}

// stillDue looks in the update whether the case is still to be erased, and from
// which entry on.
func (s *Service) stillDue(ctx context.Context, tx store.Tx, c *desk.Case, k keeping.Kind, now time.Time) (p keeping.Policy, after int64, err error) {
	if p, err = tx.Policy(ctx, c.Account); err != nil {
		return p, 0, err
	}
	before, due := p.Before(k, now)
	_, err = tx.Hold(ctx, c.ID)
	switch {
	case err != nil && !errors.Is(err, desk.ErrNotFound):
		return p, 0, err
	case err == nil, !due, c.Status != desk.StatusResolved, !c.ResolvedAt.Before(before):
		return p, 0, errNotDue
	}
	all, err := tx.Progress(ctx, c.ID)
	if err != nil {
		return p, 0, err
	}
	for _, done := range all {
		if done.Kind == k {
			after = done.Seq
		}
	}
	if after >= c.LastSeq {
		return p, 0, errNotDue // another node was faster
	}
	return p, after, nil
}

// eraseWords erases entries, or only the files among them.
func eraseWords(ctx context.Context, tx store.Tx, k keeping.Kind, words []desk.Correspondence) (keeping.Counts, error) {
	counts := keeping.Counts{}
	for _, w := range words {
		if w.Kind == desk.KindFile {
			gone, err := tx.EraseFileOf(ctx, w.Case, w.Seq)
			if err != nil {
				return nil, err
			}
			if gone {
				counts["files"]++
			}
			continue
		}
		if k == keeping.OfFiles || w.Marked(desk.MarkExpired) {
			continue
		}
		if err := tx.EraseBy(ctx, w.Case, w.Seq, desk.MarkExpired); err != nil {
			return nil, err
		}
		counts["words"]++
	}
	return counts, nil
}

// finish erases what a case says besides its log.
func (s *Service) finish(ctx context.Context, tx store.Tx, c *desk.Case, k keeping.Kind, now time.Time) (counts keeping.Counts, err error) {
	counts = keeping.Counts{"cases": 1}
	did := desk.AuditEntry{At: now, By: desk.BySystem(), What: DidExpire, Account: c.Account, Case: c.ID, Detail: map[string]string{"number": string(c.Number), "of": string(k)}}
	if k == keeping.OfFiles {
		return counts, tx.Audit(ctx, &did)
	}
	for _, p := range s.opt.Parts {
		more, err := p.EraseCase(ctx, tx, c.ID)
		if err != nil {
			return nil, err
		}
		counts = counts.Plus(more)
	}
	if err := tx.Audit(ctx, &did); err != nil {
		return nil, err
	}
	return counts, tx.EraseCase(ctx, c.ID, now)
}

// record is the record of what was erased of an account on one day.
func record(p keeping.Policy, k keeping.Kind, counts keeping.Counts, now time.Time) *keeping.Erasure {
	rule := fmt.Sprintf("Content of cases %d days after they were resolved", p.Cases)
	if k == keeping.OfFiles {
		rule = fmt.Sprintf("Files of cases %d days after they were resolved", p.Files)
	}
	day := now.Truncate(24 * time.Hour)
	return &keeping.Erasure{
		ID: fmt.Sprintf("time-%s-%s-%s", p.Account, k, day.Format(time.DateOnly)), Cause: keeping.ByTime, Account: p.Account, Policy: rule,
		By: desk.BySystem(), Begun: day, Ended: now, Counts: counts,
	}
}
