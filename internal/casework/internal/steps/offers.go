package steps

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store"
)

// OfferEnded keeps what became of the offer that stood with a chat, if one did.
func OfferEnded(ctx context.Context, tx store.Tx, stood desk.ChatSession, how report.OfferEnd, at time.Time) error {
	fact, ok := report.EndOffer(stood, how, at)
	if !ok {
		return nil
	}
	return tx.SaveOffer(ctx, &fact)
}
