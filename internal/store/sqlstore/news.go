package sqlstore

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/news"
)

// CaseThread returns the thread in which a channel hears of a case.
func (r reads) CaseThread(ctx context.Context, id desk.CaseID, channel desk.Place) (string, error) {
	return news.Thread(ctx, look{r}, id, channel)
}

// SaveCaseThread notes the thread in which a channel hears of a case.
func (t *tx) SaveCaseThread(ctx context.Context, id desk.CaseID, channel desk.Place, ts string) error {
	return news.SaveThread(ctx, access{t}, id, channel, ts)
}

// Gather adds a delivery, unless what it tells of can go with one that waits.
func (t *tx) Gather(ctx context.Context, d *desk.Delivery) error {
	// Another update of this transaction may be claiming what waits: then it
	// has read already what it will send.
	if t.session.Try("deliveries " + string(d.Lane)) {
		if merged, err := news.Merge(ctx, access{t}, d, t.store.dialect.SkipLocked); merged || err != nil {
			t.hints.TouchDelivery(d.Lane)
			return t.note(err)
		}
	}
	return t.Enqueue(ctx, d)
}
