package storetest

import (
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

func deliveryChecks() []check {
	return []check{
		{"a delivery reads as it was written", deliveryRoundTrip},
		{"a lane has one head at a time", headsInOrder},
		{"a head speaks at the case's place", headPlace},
		{"the same is enqueued once", enqueuedOnce},
		{"what is settled is forgotten", forgotten},
		{"open lanes come soonest first", openLanes},
		{"a postponed delivery waits", postponed},
		{"deliveries of entries", deliveriesOfEntries},
		{"pace buckets are kept", bucketsKept},
	}
}

// NewDelivery returns a notice to be put in a lane.
func NewDelivery(lane desk.Lane, id desk.CaseID) desk.Delivery {
	return desk.Delivery{
		Lane: lane, Case: id, Kind: desk.DeliverNotice, State: desk.DeliveryPending,
		NotBefore: minute(1), CreatedAt: minute(1),
	}
}

// Enqueue puts deliveries in their lanes and returns them with their IDs.
func Enqueue(t testing.TB, s store.Store, deliveries ...desk.Delivery) []desk.Delivery {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for i := range deliveries {
			if err := tx.Enqueue(t.Context(), &deliveries[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return deliveries
}

func deliveryRoundTrip(t *testing.T, s store.Store) {
	ctx := t.Context()
	id := AddCase(t, s, 1).ID
	full := desk.Delivery{
		Lane: desk.CaseLane(id), Case: id, Kind: desk.DeliverReply, Seq: 1, Place: "T1/C9",
		Content: desk.Content{User: "T1:U1", Users: []desk.PersonID{"T1:U2"}, Text: "hello", What: "joined", File: "f1"},
		State:   desk.DeliveryUnknown, Part: 2, Attempts: 3, NotBefore: minute(2), TriedAt: minute(1),
		Receipt: "1.2 3.4", Reason: "ratelimited", CreatedAt: minute(0), SettledAt: minute(9),
	}
	bare := desk.Delivery{Lane: "place:T1/C1", Kind: desk.DeliverLink, State: desk.DeliveryPending}
	for i, d := range Enqueue(t, s, full, bare) {
		if d.ID == 0 {
			t.Fatalf("delivery %d has no ID", i)
		}
		same(t, "delivery", must(s.Delivery(ctx, d.ID))(t), d)
	}
	_, err := s.Delivery(ctx, 1<<40)
	wantKind(t, "no such delivery", err, desk.ErrNotFound)
}

// Head returns the head of a lane, or the error.
func Head(t testing.TB, s store.Store, lane desk.Lane) (d desk.Delivery, interrupted bool, err error) {
	t.Helper()
	failed := s.Update(t.Context(), func(tx store.Tx) error {
		d, interrupted, err = tx.Head(t.Context(), lane)
		return nil
	})
	if failed != nil {
		t.Fatalf("update: %v", failed)
	}
	return d, interrupted, err
}

// Try claims a delivery.
func Try(t testing.TB, s store.Store, id desk.DeliveryID, token string, ttl time.Duration) error {
	t.Helper()
	return s.Update(t.Context(), func(tx store.Tx) error {
		return tx.Claim(t.Context(), id, token, ttl, minute(30))
	})
}

// Settle settles a delivery with the token of its claim.
func Settle(t testing.TB, s store.Store, d desk.Delivery, token string) error {
	t.Helper()
	return s.Update(t.Context(), func(tx store.Tx) error { return tx.Settle(t.Context(), &d, token) })
}

func headsInOrder(t *testing.T, s store.Store) {
	all := Enqueue(t, s, NewDelivery("case:1", ""), NewDelivery("case:2", ""), NewDelivery("case:1", ""))
	if all[2].ID <= all[0].ID {
		t.Errorf("IDs in a lane: got %d then %d, want growing ones", all[0].ID, all[2].ID)
	}
	got, interrupted, err := Head(t, s, "case:1")
	if err != nil || interrupted {
		t.Fatalf("head: got interrupted %v, error %v", interrupted, err)
	}
	same(t, "head", got, all[0])

	if err := Try(t, s, all[0].ID, "me", time.Hour); err != nil {
		t.Fatal(err)
	}
	_, _, err = Head(t, s, "case:1")
	wantKind(t, "head while it is claimed", err, desk.ErrNotFound)
	workOff(t, s, all[0].ID, all[2].ID)
}

// workOff settles the claimed head of case:1 in two parts; next is behind it.
func workOff(t *testing.T, s store.Store, id, next desk.DeliveryID) {
	t.Helper()
	ctx := t.Context()
	claimed := must(s.Delivery(ctx, id))(t)
	if claimed.Attempts != 1 || !claimed.TriedAt.Equal(minute(30)) {
		t.Errorf("claimed: got %d attempts at %v, want 1 at %v", claimed.Attempts, claimed.TriedAt, minute(30))
	}

	part := claimed.Settle(desk.Verdict{Kind: desk.Sent, Receipt: "1.1", More: true}, minute(31))
	if err := Settle(t, s, part, "me"); err != nil {
		t.Fatal(err)
	}
	got, _, err := Head(t, s, "case:1")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "head after the first part", got, part)

	if err := Try(t, s, part.ID, "me", time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := Settle(t, s, part.Settle(desk.Verdict{Kind: desk.Sent, Receipt: "1.2"}, minute(32)), "me"); err != nil {
		t.Fatal(err)
	}
	got, _, err = Head(t, s, "case:1")
	if err != nil || got.ID != next {
		t.Errorf("head after the first is sent: got %d, %v, want %d", got.ID, err, next)
	}
	done := must(s.Delivery(ctx, part.ID))(t)
	if done.Receipt != "1.1 1.2" || done.State != desk.DeliverySent || !done.SettledAt.Equal(minute(32)) {
		t.Errorf("settled: got %+v", done)
	}
}

func headPlace(t *testing.T, s store.Store) {
	c := AddCase(t, s, 1)
	elsewhere := NewDelivery("case:2", c.ID)
	elsewhere.Place = "T1/C9"
	Enqueue(t, s, NewDelivery("case:1", c.ID), elsewhere)
	for lane, want := range map[desk.Lane]desk.Place{"case:1": c.Place, "case:2": "T1/C9"} {
		if d, _, err := Head(t, s, lane); err != nil || d.Place != want {
			t.Errorf("%s: got %q, %v, want %q", lane, d.Place, err, want)
		}
	}
}

func enqueuedOnce(t *testing.T, s store.Store) {
	once := func(d desk.Delivery) desk.DeliveryID {
		t.Helper()
		update(t, s, func(tx store.Tx) error { return tx.EnqueueOnce(t.Context(), &d) })
		return d.ID
	}
	card := NewDelivery("card:1", "")
	card.Kind = desk.DeliverCard
	first := once(card)
	if first == 0 || once(card) != 0 {
		t.Error("a second card was enqueued while the first waits")
	}
	left := card
	left.Content.What = desk.CardLeft
	if once(left) == 0 || once(left) != 0 {
		t.Error("what does something else was not enqueued once")
	}
	other := card
	other.Lane = "card:2"
	if once(other) == 0 {
		t.Error("a card of another lane was not enqueued")
	}
	if err := Try(t, s, first, "me", time.Hour); err != nil {
		t.Fatal(err)
	}
	if once(card) == 0 {
		t.Error("no card was enqueued behind one that is being tried")
	}
	if once(card) != 0 {
		t.Error("a third card was enqueued")
	}
}

func forgotten(t *testing.T, s store.Store) {
	var all []desk.Delivery
	for _, state := range []desk.DeliveryState{desk.DeliverySent, desk.DeliveryRefused, desk.DeliveryUnknown, desk.DeliveryPending} {
		d := NewDelivery("compare:1", "")
		d.State = state
		all = append(all, d)
	}
	all = Enqueue(t, s, all...)
	for _, d := range all {
		for range 2 { // the second time there may be none
			update(t, s, func(tx store.Tx) error { return tx.Forget(t.Context(), d.ID) })
		}
		left, err := s.Delivery(t.Context(), d.ID)
		switch d.State {
		case desk.DeliverySent, desk.DeliveryRefused:
			wantKind(t, "one that is "+string(d.State), err, desk.ErrNotFound)
		default:
			same(t, "one that is "+string(d.State), left, d)
		}
	}
}

func openLanes(t *testing.T, s store.Store) {
	ctx := t.Context()
	late, soon, sent := NewDelivery("late", ""), NewDelivery("soon", ""), NewDelivery("sent", "")
	late.NotBefore, soon.NotBefore, sent.State = minute(9), minute(2), desk.DeliverySent
	second := NewDelivery("soon", "")
	second.NotBefore = minute(1) // waits for its head all the same
	claimed := NewDelivery("claimed", "")
	all := Enqueue(t, s, late, soon, second, sent, claimed)
	same(t, "lanes", must(s.OpenLanes(ctx, 9))(t), []store.LaneDue{{Lane: "claimed", Due: minute(1)}, {Lane: "soon", Due: minute(2)}, {Lane: "late", Due: minute(9)}})
	same(t, "the soonest", must(s.OpenLanes(ctx, 1))(t), []store.LaneDue{{Lane: "claimed", Due: minute(1)}})

	before := time.Now()
	if err := Try(t, s, all[4].ID, "me", time.Hour); err != nil {
		t.Fatal(err)
	}
	lanes := must(s.OpenLanes(ctx, 9))(t)
	if len(lanes) != 3 || lanes[2].Lane != "claimed" {
		t.Fatalf("lanes with a claim: got %v, want the claimed one last", lanes)
	}
	if due := lanes[2].Due; due.Before(before.Add(50*time.Minute)) || due.After(before.Add(70*time.Minute)) {
		t.Errorf("the claimed lane: got due %v, want about an hour after %v", due, before)
	}
}

func postponed(t *testing.T, s store.Store) {
	ctx := t.Context()
	d := Enqueue(t, s, NewDelivery("case:1", ""))[0]
	postpone := func() error {
		return s.Update(ctx, func(tx store.Tx) error { return tx.Postpone(ctx, d.ID, minute(40), "busy") })
	}
	if err := postpone(); err != nil {
		t.Fatal(err)
	}
	got, _, err := Head(t, s, "case:1")
	if err != nil || !got.NotBefore.Equal(minute(40)) || got.Reason != "busy" {
		t.Errorf("postponed: got %v, %q, %v, want %v, busy", got.NotBefore, got.Reason, err, minute(40))
	}
	if err := Try(t, s, d.ID, "me", time.Hour); err != nil {
		t.Fatal(err)
	}
	wantKind(t, "postpone what is claimed", postpone(), desk.ErrConflict)
}

func deliveriesOfEntries(t *testing.T, s store.Store) {
	c := AddCase(t, s, 1)
	reply := func(seq int64) desk.Delivery {
		d := NewDelivery(desk.CaseLane(c.ID), c.ID)
		d.Kind, d.Seq = desk.DeliverReply, seq
		return d
	}
	all := Enqueue(t, s, reply(3), reply(0), reply(2), reply(5))
	same(t, "all", must(s.DeliveriesOf(t.Context(), c.ID, 0))(t), []desk.Delivery{all[2], all[0], all[3]})
	same(t, "after", must(s.DeliveriesOf(t.Context(), c.ID, 2))(t), []desk.Delivery{all[0], all[3]})
}

func bucketsKept(t *testing.T, s store.Store) {
	ctx := t.Context()
	keys := []string{"post T1", "a", "post T1/C1"}
	update(t, s, func(tx store.Tx) error {
		got, err := tx.Buckets(ctx, keys)
		if err != nil {
			return err
		}
		same(t, "never used", got, []int64{0, 0, 0})
		return tx.SaveBuckets(ctx, keys[:2], []int64{7, 8})
	})
	update(t, s, func(tx store.Tx) error {
		if err := tx.SaveBuckets(ctx, keys[1:], []int64{9, 1 << 50}); err != nil {
			return err
		}
		got, err := tx.Buckets(ctx, keys)
		same(t, "used", got, []int64{7, 9, 1 << 50})
		return err
	})
}
