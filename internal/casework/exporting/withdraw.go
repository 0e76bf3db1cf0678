package exporting

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
)

// withdrawn is more than there are within the week for which they are kept.
const withdrawn = 1000

// Reason is why the file of an export is not there: because of an erasure by a
// cause, or for none because it could not be made.
func Reason(c keeping.Cause) string {
	switch c {
	case keeping.ByTime:
		return "Content that it may hold was erased after it was made, because its time was over. Have it made anew."
	case keeping.ByWish, keeping.OfAgents:
		return "Somebody was erased after it was made. Have it made anew."
	}
	return "The export could not be made. The log of the server says why."
}

// Withdraw removes the exports of an account, or of all for none, because what is
// erased in the same update by a cause may be in them. Whoever makes one meanwhile
// begins anew. n is how many were removed.
func Withdraw(ctx context.Context, tx store.Tx, account desk.AccountID, cause keeping.Cause) (n int, err error) {
	all, err := tx.Exports(ctx, withdrawn)
	if err != nil {
		return 0, err
	}
	for _, e := range all {
		if account != "" && e.Account != account {
			continue
		}
		switch {
		case e.State == keeping.Ready:
			n++
			if err := tx.Discard(ctx, e.Hash); err != nil {
				return n, err
			}
			e.State, e.Reason = keeping.Gone, Reason(cause)
		case e.State == keeping.Asked && e.Claim != "":
			e.Claim, e.Until = "", time.Time{}
		default:
			continue
		}
		if err := tx.SaveExport(ctx, &e); err != nil {
			return n, err
		}
	}
	return n, nil
}
