package desk

import (
	"testing"
	"time"
)

func TestB5_AnOfferIsToOneAgentAndEndsWithTheWaiting(t *testing.T) {
	jane, omar := ByAgent(Agent{ID: "jane", Name: "Jane"}), ByAgent(Agent{ID: "omar", Name: "Omar"})
	c := newCase(t)
	later := noon.Add(time.Minute)
	if c.MakeOffer(jane, later, noon) {
		t.Error("offered a chat that nobody asked for")
	}
	request := func(id ChatID) {
		t.Helper()
		if _, _, err := c.Request(id, "T1/U1", Origin("request:"+id), noon); err != nil {
			t.Fatal(err)
		}
	}
	request("chat-1")
	if !c.MakeOffer(jane, later, noon) || c.MakeOffer(omar, later, noon) {
		t.Error("not offered to one of two")
	}
	if !c.Chat.Offered("jane", noon) || c.Chat.Offered("jane", later) || c.Chat.Offered("omar", noon) || c.Chat.Offered("", noon) {
		t.Errorf("got %+v", c.Chat.Offer)
	}
	before := c.Revision
	if c.Pass("omar", noon) || !c.Pass("jane", noon) || c.Pass("jane", noon) || c.Revision == before {
		t.Error("passed by another, not by who was asked, or twice")
	}
	if len(c.Chat.Passed) != 1 || c.Chat.Passed[0] != (Pass{"jane", noon}) || !c.MakeOffer(omar, later, noon) {
		t.Errorf("got %+v", c.Chat)
	}
	if _, _, err := c.Join(jane, "o1", noon); err != nil { // by hand: an offer forbids nothing
		t.Fatal(err)
	}
	if c.Chat.Offer != (Offer{}) || c.Chat.Passed != nil || c.MakeOffer(omar, later, noon) {
		t.Errorf("after somebody joined: got %+v", c.Chat)
	}
	if _, _, err := c.HandOver(jane, Actor{}, "o2", later); err != nil {
		t.Fatal(err)
	}
	if c.Chat.Before != "jane" || len(c.Chat.Passed) != 1 || c.Chat.Passed[0] != (Pass{"jane", later}) {
		t.Errorf("given back to the queue: got %+v", c.Chat)
	}
	c.End(BySystem(), EndedByCustomer, "o3", later)
	request("chat-2")
	if c.Chat.Before != "jane" || c.Chat.Passed != nil {
		t.Errorf("asked for again: got %+v", c.Chat)
	}
}
