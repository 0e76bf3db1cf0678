package dispatch_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/casework/dispatch"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// take has an agent take a chat as the console does, by an offer or by hand.
func (b *bench) take(id desk.CaseID, agent desk.AgentID, offer time.Time) error {
	_, err := b.cases.Join(b.Context(), casework.Join{
		Case: id, Agent: desk.Agent{ID: agent, Name: string(agent)}, Offer: offer, Ask: true, Origin: desk.Origin(fmt.Sprint("take:", id, agent, offer.UnixMicro())),
	})
	return err
}

func (b *bench) ends(id desk.CaseID) {
	b.Helper()
	_, _, err := b.cases.End(b.Context(), casework.End{Target: casework.Target{Case: id}, By: desk.BySystem(), Reason: desk.EndedIdle, Origin: desk.Origin("end:" + id)})
	b.must(err)
}

func (b *bench) wantRefused(what string, err error, field, text string) {
	b.Helper()
	why, ok := errors.AsType[*desk.Refusal](err)
	if !ok || why.Field != field || !strings.Contains(why.Message, text) {
		b.Errorf("%s: got %v, want a refusal that says %q", what, err, text)
	}
}

// Each offer is kept with who was asked, when, what became of it and after how long,
// by whichever way it ended, and once though several nodes sweep.
func TestB5_WhatBecameOfEachOfferIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		b.comes("jane", desk.Online, roster.Seat{})
		id := b.asks("en", desk.SeverityHigh)
		start := b.now
		after := func(d time.Duration) { b.now = b.now.Add(d) }
		want := func(what string, of desk.CaseID, want ...report.OfferFact) {
			t.Helper()
			got, err := s.OffersOf(t.Context(), of)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", what, err, diff)
			}
		}
		fact := func(of desk.CaseID, agent desk.AgentID, at, ended time.Time, how report.OfferEnd) report.OfferFact {
			return report.OfferFact{Chat: b.chat(of).ID, Case: of, Agent: agent, At: at, EndedAt: ended, End: how}
		}
		b.sweep()
		want("while it stands", id)
		after(12 * time.Second)
		for range 2 {
			b.must(b.nodes[0].Pass(t.Context(), id, "jane"))
		}
		b.comes("omar", desk.Online, roster.Seat{})
		passed := fact(id, "jane", start, b.now, report.OfferPassed)
		want("passed", id, passed)
		b.sweep()
		asked := b.now
		after(31 * time.Second)
		b.comes("lena", desk.Online, roster.Seat{})
		b.comes("omar", desk.Online, roster.Seat{})
		b.sweep()
		lapsed := fact(id, "omar", asked, b.now, report.OfferLapsed)
		want("lapsed", id, passed, lapsed)
		b.wantOffered(id, "lena")
		asked = b.now
		after(5 * time.Second)
		b.must(b.take(id, "lena", asked))
		accepted := fact(id, "lena", asked, b.now, report.OfferAccepted)
		want("accepted", id, passed, lapsed, accepted)
		b.ends(id)
		want("ended afterwards", id, passed, lapsed, accepted)

		taken, given := b.asks("en", desk.SeverityHigh), b.asks("en", desk.SeverityHigh)
		b.sweep()
		asked = b.now
		first, second := b.chat(taken).Offer.Agent, b.chat(given).Offer.Agent
		after(3 * time.Second)
		b.joins(taken, "ada")
		b.ends(given)
		want("a colleague took it", taken, fact(taken, first, asked, b.now, report.OfferWithdrawn))
		want("nobody waits any more", given, fact(given, second, asked, b.now, report.OfferWithdrawn))
	})
}

// An offer that has ended brings nobody into a chat: not over the head of who has
// it, nor of who is asked now; who meant it is told so, and may still take by hand
// what waits.
func TestB5_AnOfferThatHasEndedBringsNobodyIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		b.comes("jane", desk.Online, roster.Seat{})
		b.comes("omar", desk.Online, roster.Seat{})
		id := b.asks("en", desk.SeverityHigh)
		b.sweep()
		meant, who := b.chat(id).Offer.At, b.chat(id).Offer.Agent
		b.must(b.nodes[0].Pass(t.Context(), id, who))
		b.wantRefused("unasked", b.take(id, who, meant), "", "the chat still waits")
		b.now = b.now.Add(time.Second)
		b.sweep()
		next := b.chat(id).Offer
		b.wantRefused("passed on", b.take(id, who, meant), "", "the chat is offered to "+next.Name)
		if got := b.chat(id); got.State != desk.ChatRequested || got.Offer != next {
			t.Fatalf("got %+v", got)
		}
		b.must(b.take(id, next.Agent, next.At))
		b.must(b.take(id, next.Agent, next.At)) // the same press again
		b.wantRefused("taken", b.take(id, who, meant), "", next.Name+" has already joined")
		b.ends(id)
		b.wantRefused("over", b.take(id, who, meant), "", "has ended")

		free := b.asks("en", desk.SeverityHigh)
		b.sweep()
		lapsed := b.chat(free).Offer
		b.must(b.nodes[0].Pass(t.Context(), free, lapsed.Agent))
		b.wantRefused("lapsed", b.take(free, lapsed.Agent, lapsed.At), "", "the chat still waits")
		b.must(b.take(free, lapsed.Agent, time.Time{}))
		if got := b.chat(free).Agent; got != lapsed.Agent {
			t.Errorf("by hand: got %q", got)
		}
	})
}

// Accepting an offer and taking another chat by hand in the same moment gives nobody
// more than they take on, unless they say that they want it.
func TestB5_TwoTakesAtOnceAreNotOneTooMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		b.comes("jane", desk.Online, roster.Seat{Capacity: 1})
		for round := range 5 {
			offered := b.asks("en", desk.SeverityCritical)
			b.sweep()
			b.wantOffered(offered, "jane")
			at := b.chat(offered).Offer.At
			byHand := b.asks("en", desk.SeverityLow)
			var errs [2]error
			var both sync.WaitGroup
			both.Go(func() { errs[0] = b.take(offered, "jane", at) })
			both.Go(func() { errs[1] = b.take(byHand, "jane", time.Time{}) })
			both.Wait()
			one, other, left := errs[0], errs[1], byHand
			if one != nil {
				one, other, left = other, one, offered
			}
			if one != nil {
				t.Fatalf("round %d: neither: %v, %v", round, errs[0], errs[1])
			}
			b.wantRefused(fmt.Sprint("round ", round), other, dispatch.FieldSure, "1 of 1")
			b.joins(left, "jane") // they said yes
			for _, id := range []desk.CaseID{offered, byHand} {
				if got := b.chat(id).Agent; got != "jane" {
					t.Errorf("round %d: %s is %q's", round, id, got)
				}
				b.ends(id)
			}
			b.now = b.now.Add(time.Second)
			b.comes("jane", desk.Online, roster.Seat{Capacity: 1})
		}
	})
}

// Whoever has a console open and looks away is asked after whoever is there.
func TestB5_WhoLooksAwayIsAskedLast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		b.comes("ada", desk.Online, roster.Seat{}) // first by every other rule
		b.comes("jane", desk.Online, roster.Seat{})
		for _, agent := range []desk.AgentID{"ada", "jane"} {
			b.must(b.nodes[0].See(t.Context(), roster.Device{Agent: agent, ID: "laptop"}))
		}
		b.must(b.nodes[0].Attend(t.Context(), roster.Device{Agent: "jane", ID: "laptop"}))
		b.must(b.nodes[0].Attend(t.Context(), roster.Device{Agent: "ada"})) // without a cookie nobody is known again
		first, second := b.asks("en", desk.SeverityHigh), b.asks("en", desk.SeverityLow)
		b.sweep()
		b.wantOffered(first, "jane")
		b.wantOffered(second, "ada") // rather than nobody
		b.ends(first)
		b.ends(second)

		b.now = b.now.Add(roster.LooksAwayAfter)
		for _, agent := range []desk.AgentID{"ada", "jane"} {
			b.comes(agent, desk.Online, roster.Seat{})
			b.must(b.nodes[0].See(t.Context(), roster.Device{Agent: agent, ID: "laptop"}))
		}
		b.must(b.nodes[0].Attend(t.Context(), roster.Device{Agent: "ada", ID: "laptop"}))
		third := b.asks("en", desk.SeverityHigh)
		b.sweep()
		b.wantOffered(third, "ada")
	})
}
