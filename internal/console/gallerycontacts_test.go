//go:build gallery

package console_test

import (
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/casework/mailing"
	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// TestGalleryContacts is TestGallery for who hears of a case by mail.
func TestGalleryContacts(t *testing.T) {
	if !browsertest.Shoots() {
		t.Fatal("CASELINE_SHOTS names no folder for the pictures")
	}
	h := newHouse(t, func(o *console.Options) { o.Mail = true })
	s := fill(h)
	c := s.running
	err := mailing.New(h.store, h.clock.now).Add(t.Context(), mailing.Change{Case: c.ID, By: s.jane, Typed: "bob@example.com a.very.long.address.of.somebody@department.example.com dan@example.com eve@example.com", Origin: h.origin()})
	if err != nil {
		t.Fatal(err)
	}
	for _, sub := range []desk.Subscription{
		{Address: "a.very.long.address.of.somebody@department.example.com", State: desk.DeliveryRefused, Reason: "550 5.1.1 … Recipient address rejected: User unknown in virtual mailbox table"},
		{Address: "dan@example.com", Left: h.now(), State: desk.DeliverySent},
		{Address: "eve@example.com", State: desk.DeliveryPending, Reason: "451 4.7.1 Greylisted, try again later"},
	} {
		h.update(func(tx store.Tx) error { return tx.SaveSubscription(t.Context(), c.ID, &sub) })
	}
	tab := browsertest.Open(t).Tab("contacts")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(c.Number))
	tab.Script(`document.querySelector('.contacts-add').open=true; document.getElementById('contacts').scrollIntoView()`)
	tab.Shot("contacts", browsertest.Light, browsertest.Dark)
}
