package report

import (
	"time"

	"caseline/internal/desk"
)

// An OfferEnd is what became of an offer.
type OfferEnd string

// The ends of offers.
const (
	OfferAccepted  OfferEnd = "accepted"
	OfferPassed    OfferEnd = "passed"    // the agent said that they do not take it
	OfferLapsed    OfferEnd = "lapsed"    // the agent did not answer, or had gone
	OfferWithdrawn OfferEnd = "withdrawn" // somebody else took the chat, or it ended
)

// An OfferFact is what reports need to know of an offer that has ended. One that
// stands is told by its chat.
type OfferFact struct {
	Chat    desk.ChatID
	Case    desk.CaseID
	Agent   desk.AgentID
	At      time.Time
	EndedAt time.Time
	End     OfferEnd
}

// After is how long the offer stood.
func (o OfferFact) After() time.Duration { return max(0, o.EndedAt.Sub(o.At)) }

// EndOffer is the fact that the offer which stood with a chat has ended; ok is
// false when none stood.
func EndOffer(stood desk.ChatSession, how OfferEnd, at time.Time) (fact OfferFact, ok bool) {
	o := stood.Offer
	return OfferFact{Chat: stood.ID, Case: stood.Case, Agent: o.Agent, At: o.At, EndedAt: at, End: how}, o.Agent != ""
}

// JoinedBy is what becomes of the offer that stands with a chat when an agent
// joins.
func JoinedBy(stood desk.ChatSession, agent desk.AgentID) OfferEnd {
	if stood.Offer.Agent == agent {
		return OfferAccepted
	}
	return OfferWithdrawn
}

// Offer counts an offer of a chat.
func (a *Answer) Offer(o *OfferFact, c *CaseFact) {
	a.count(c, o.Agent, o.At, func(t *Totals) {
		t.Offers++
		switch o.End {
		case OfferAccepted:
			t.Accepted++
			t.Accepting.add(o.After())
		case OfferPassed:
			t.Passed++
		case OfferLapsed:
			t.Lapsed++
		case OfferWithdrawn:
		}
	})
}
