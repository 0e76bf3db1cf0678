package mail

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// Run tests that the stores that open returns keep this part of the contract.
// Each is empty and closed with its test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	t.Run("how an address stands is kept until it is forgotten", func(t *testing.T) { subscriptions(t, open(t)) })
	t.Run("the addresses of a case can change", func(t *testing.T) { addresses(t, open(t)) })
	t.Run("lanes of mail are apart", func(t *testing.T) { lanes(t, open(t)) })
	t.Run("what was refused is known, and what waits", func(t *testing.T) { refused(t, open(t)) })
	t.Run("a key is made once", func(t *testing.T) { key(t, open(t)) })
}

func update(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func subscriptions(t *testing.T, s store.Store) {
	ctx := t.Context()
	one, two := storetest.AddCase(t, s, 1), storetest.AddCase(t, s, 2)
	bob := desk.Subscription{Address: "bob@example.com", State: desk.DeliveryRefused, Reason: "550 nö", At: storetest.Start()}
	chloe := desk.Subscription{Address: "chloe@example.com"}
	want := func(id desk.CaseID, want ...desk.Subscription) {
		t.Helper()
		got, err := s.Subscriptions(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "subscriptions", got, want)
		update(t, s, func(tx store.Tx) error {
			got, err := tx.Subscriptions(ctx, id)
			same(t, "subscriptions in an update", got, want)
			return err
		})
	}
	want(one.ID)
	save := func(id desk.CaseID, sub desk.Subscription) {
		t.Helper()
		update(t, s, func(tx store.Tx) error { return tx.SaveSubscription(ctx, id, &sub) })
	}
	save(one.ID, chloe)
	save(one.ID, bob)
	save(two.ID, bob)
	bob.Left, bob.State, bob.Reason = storetest.Start().Add(time.Hour), desk.DeliverySent, ""
	save(one.ID, bob)
	want(one.ID, bob, chloe)
	for range 2 {
		update(t, s, func(tx store.Tx) error { return tx.ForgetSubscription(ctx, one.ID, bob.Address) })
		want(one.ID, chloe)
	}
	if got, err := s.Subscriptions(ctx, two.ID); err != nil || len(got) != 1 || !got[0].Left.IsZero() {
		t.Errorf("of the other case: got %+v, %v", got, err)
	}
}

func addresses(t *testing.T, s store.Store) {
	c := storetest.AddCase(t, s, 1)
	for _, cc := range [][]string{{"bob@example.com"}, {"bob@example.com", "chloe@example.com"}, nil} {
		update(t, s, func(tx store.Tx) error {
			c, err := tx.LockCase(t.Context(), c.ID)
			if err != nil {
				return err
			}
			c.CC = cc
			return tx.SaveCase(t.Context(), &c)
		})
		got, err := s.Case(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "addresses", got.CC, cc)
		update(t, s, func(tx store.Tx) error { // which may be remembered
			got, err := tx.LockCase(t.Context(), c.ID)
			same(t, "addresses in an update", got.CC, cc)
			return err
		})
	}
}

func lanes(t *testing.T, s store.Store) {
	ctx := t.Context()
	c := storetest.AddCase(t, s, 1)
	mail := desk.MailLane(c.ID, "bob@example.com")
	update(t, s, func(tx store.Tx) error {
		for _, d := range []desk.Delivery{
			{Lane: desk.CaseLane(c.ID), Kind: desk.DeliverNotice}, {Lane: mail, Kind: desk.DeliverMail, Seq: 1, Content: desk.Content{To: "bob@example.com"}},
		} {
			d.Case, d.State, d.NotBefore = c.ID, desk.DeliveryPending, storetest.Start()
			if err := tx.Enqueue(ctx, &d); err != nil {
				return err
			}
		}
		return nil
	})
	slack, err := s.OpenLanes(ctx, 9)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "lanes", slack, []store.LaneDue{{Lane: desk.CaseLane(c.ID), Due: storetest.Start()}})
	post, err := s.MailLanes(ctx, 9)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "lanes of mail", post, []store.LaneDue{{Lane: mail, Due: storetest.Start()}})
	update(t, s, func(tx store.Tx) error {
		d, _, err := tx.Head(ctx, mail)
		same(t, "to whom", d.Content.To, "bob@example.com")
		return err
	})
}

// refused are the entries of which no mail arrived, and what waits for the server.
func refused(t *testing.T, s store.Store) {
	ctx := t.Context()
	c := storetest.AddCase(t, s, 1)
	bob, chloe := desk.MailLane(c.ID, "bob@example.com"), desk.MailLane(c.ID, "chloe@example.com")
	at := storetest.Start()
	update(t, s, func(tx store.Tx) error {
		for i, d := range []desk.Delivery{
			{Lane: bob, Seq: 1, State: desk.DeliveryRefused}, {Lane: bob, Seq: 2, State: desk.DeliverySent}, {Lane: bob, Seq: 3, State: desk.DeliveryRefused},
			{Lane: bob, Seq: 4, State: desk.DeliveryRefused}, {Lane: bob, Seq: 4, State: desk.DeliverySent}, {Lane: chloe, Seq: 1, State: desk.DeliveryRefused},
			{Lane: bob, Seq: 5, State: desk.DeliveryRefused}, {Lane: bob, Seq: 5, State: desk.DeliveryPending}, {Lane: chloe, Seq: 6, State: desk.DeliveryUnknown},
			{Lane: bob, Seq: 7, State: desk.DeliveryRefused}, {Lane: desk.CaseLane(c.ID), Seq: 8, State: desk.DeliveryPending},
			{Lane: chloe, Seq: 9, State: desk.DeliveryPending, NotBefore: at.Add(50 * time.Minute)},            // it is to wait
			{Lane: chloe, Seq: 10, State: desk.DeliveryPending, NotBefore: at.Add(2 * time.Hour), Attempts: 1}, // it was tried
		} {
			d.Case, d.Kind, d.CreatedAt = c.ID, desk.DeliverMail, at.Add(time.Duration(i)*time.Minute)
			if !d.Lane.Mail() {
				d.Kind = desk.DeliverNotice
			}
			if err := tx.Enqueue(ctx, &d); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, s, func(tx store.Tx) error {
		for limit, want := range map[int][]int64{9: {1, 3, 7}, 2: {3, 7}} {
			got, err := tx.RefusedMail(ctx, c.ID, bob, limit)
			if err != nil {
				return err
			}
			same(t, "entries that were not mailed", got, want)
		}
		return nil
	})
	for before, want := range map[time.Duration]int{time.Hour: 4, 45 * time.Minute: 3, 8 * time.Minute: 1, 7 * time.Minute: 0} {
		n, oldest, err := s.MailBacklog(ctx, at.Add(before))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "mail that waits", n, want)
		since := at.Add(7 * time.Minute)
		if want == 0 {
			since = time.Time{}
		}
		same(t, "since when", oldest, since)
	}
}

func key(t *testing.T, s store.Store) {
	for _, fresh := range []string{"first", "second"} {
		update(t, s, func(tx store.Tx) error {
			got, err := tx.Key(t.Context(), "mail", fresh)
			same(t, "key", got, "first")
			return err
		})
	}
}
