package outbox_test

import (
	"context"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/outbox"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// A patient sender notes how long it is given.
type patient struct {
	*sender
	given chan time.Duration
}

func (p patient) Send(ctx context.Context, _ desk.Delivery) desk.Verdict {
	until, _ := ctx.Deadline()
	p.given <- time.Until(until)
	return desk.Verdict{Kind: desk.Sent}
}

// To put a page of history on a case takes its time, and has it.
func TestAPageOfHistoryMayTakeLongerThanACall(t *testing.T) {
	s := storetest.SQLite(t)
	o := quick()
	o.TryTimeout = time.Hour
	p := patient{&sender{slack: newSlack()}, make(chan time.Duration)}
	run(t, outbox.New(s, p, (&ledger{}).settled, o))
	for kind, least := range map[desk.DeliveryKind]time.Duration{desk.DeliverNotice: 0, desk.DeliverTally: 3 * time.Hour} {
		d := desk.Delivery{Lane: "lane", Kind: kind, Place: "T1/C1", State: desk.DeliveryPending, CreatedAt: time.Now()}
		if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Enqueue(t.Context(), &d) }); err != nil {
			t.Fatal(err)
		}
		if got := <-p.given; got < least || least == 0 && got > o.TryTimeout {
			t.Errorf("a try of %s has %v", kind, got)
		}
	}
}
