package upkeep

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// discardIdle is how long bytes must have lain there before they are removed:
// somebody may send the same ones again, and they are kept before the record
// names them.
const discardIdle = 10 * time.Minute

// sweepDiscards removes the bytes of files that were erased from the record,
// unless another file has the same.
func (u *Upkeep) sweepDiscards(ctx context.Context) error {
	if u.opt.Files == nil {
		return nil
	}
	all, err := u.read.Discards(ctx, page)
	if err != nil {
		return fmt.Errorf("read what is discarded: %w", err)
	}
	var failed []error
	for _, d := range all {
		done := d.Needed
		if !done {
			done, err = u.opt.Files.RemoveIdle(d.Hash, discardIdle)
			failed = append(failed, err)
		}
		if done && err == nil {
			failed = append(failed, u.cases.KeepDiscarded(ctx, d.Hash))
		}
	}
	return errors.Join(failed...)
}

// sweepIndex has the index of words forget for good what was erased.
func (u *Upkeep) sweepIndex(ctx context.Context) error {
	for more := u.opt.Index != nil; more; {
		var err error
		if more, err = u.opt.Index.Scour(ctx); err != nil {
			return fmt.Errorf("forget erased words: %w", err)
		}
	}
	return nil
}
