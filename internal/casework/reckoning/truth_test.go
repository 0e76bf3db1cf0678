package reckoning_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"caseline/internal/casework"
	"caseline/internal/casework/reckoning"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// A history is a random course of events on some cases, each step at its own
// time.
type history struct {
	*testing.T
	store   store.Store
	cases   *casework.Service
	keepers []*reckoning.Keeper // of two nodes
	rand    *rand.Rand
	now     time.Time
	steps   int
	open    []desk.CaseID
}

func agents() []desk.Agent {
	all := make([]desk.Agent, 3)
	for i := range all {
		name := fmt.Sprintf("Agent %d", i%2) // two have the same name
		all[i] = desk.Agent{ID: desk.AgentID(fmt.Sprintf("agent-%d", i)), Email: fmt.Sprint(i, "@example.com"), Name: name, Role: desk.RoleLead, Presence: desk.Online}
	}
	return all
}

func begin(t *testing.T, s store.Store, seed uint64) *history {
	h := &history{T: t, store: s, rand: rand.New(rand.NewPCG(seed, 17)), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return h.now }
	h.cases = casework.New(s, casework.Options{Now: now, Random: h.rand.Uint64})
	for range 2 {
		h.keepers = append(h.keepers, reckoning.New(s, reckoning.Options{Now: now}))
	}
	h.must(s.Update(t.Context(), func(tx store.Tx) error {
		for _, a := range agents() {
			if err := tx.SaveAgent(t.Context(), &a); err != nil {
				return err
			}
		}
		return nil
	}))
	return h
}

// must fails the test on an error that is no refusal.
func (h *history) must(err error) {
	h.Helper()
	if r := (*desk.Refusal)(nil); err != nil && !errors.As(err, &r) {
		h.Fatal(err)
	}
}

func (h *history) origin() desk.Origin {
	h.steps++
	return desk.Origin(fmt.Sprintf("console:step-%d", h.steps))
}

// openCase opens a case and makes the place of its chat.
func (h *history) openCase() {
	c, err := h.cases.Open(h.Context(), casework.Open{
		Account: "111122223333", Workspace: "T1", Asked: "T1/C1", Requester: "T1/alice", Subject: "Stuck", Description: "Since ten.",
		Severity: desk.Severities()[h.rand.IntN(5)], Chat: h.rand.IntN(4) > 0, Origin: h.origin(),
	})
	h.must(err)
	h.open = append(h.open, c.ID)
}

// place is where a case's chats are, made when it is first needed.
func (h *history) place(id desk.CaseID) desk.Place {
	at := desk.Place("T1/" + string(id))
	h.must(h.store.Update(h.Context(), func(tx store.Tx) error {
		c, err := tx.LockCase(h.Context(), id)
		if err != nil || c.Place != "" {
			return err
		}
		c.Settle(at, "case", "")
		return tx.SaveCase(h.Context(), &c)
	}))
	return at
}

// step has something happen to one of the cases.
func (h *history) step() {
	h.now = h.now.Add(time.Duration(1+h.rand.IntN(900)) * time.Second)
	if len(h.open) == 0 || h.rand.IntN(25) == 0 {
		h.openCase()
		return
	}
	id := h.open[h.rand.IntN(len(h.open))]
	ctx, who, target := h.Context(), agents()[h.rand.IntN(3)], casework.Target{Case: id}
	var err error
	switch n := h.rand.IntN(100); {
	case n < 25:
		_, err = h.cases.Join(ctx, casework.Join{Case: id, Agent: who, Also: h.rand.IntN(3) == 0, Origin: h.origin()})
	case n < 45:
		err = h.cases.Reply(ctx, casework.Reply{Case: id, Agent: who, Text: "We look.", Origin: h.origin()})
	case n < 60:
		m := desk.Message{Place: h.place(id), Author: "T1/alice", Text: "Still stuck.", At: h.now, Origin: "slack:" + h.origin()}
		err = h.store.Update(ctx, func(tx store.Tx) error { return h.cases.Record(ctx, tx, m) })
	case n < 68:
		hand := casework.HandOver{Case: id, By: who, Origin: h.origin()}
		if h.rand.IntN(3) > 0 {
			hand.To = agents()[h.rand.IntN(3)].ID
		}
		_, err = h.cases.HandOver(ctx, hand)
	case n < 72:
		_, err = h.cases.Leave(ctx, casework.Leave{Case: id, Agent: who, Origin: h.origin()})
	case n < 79:
		_, _, err = h.cases.End(ctx, casework.End{Target: target, By: desk.ByAgent(who), Reason: desk.EndedByAgent, Origin: h.origin()})
	case n < 84:
		_, _, err = h.cases.Request(ctx, casework.Request{Target: target, By: "T1/alice", Origin: h.origin()})
	case n < 88:
		_, err = h.cases.Answer(ctx, casework.Answer{Case: id, Answer: desk.Answer{By: desk.ByAgent(who), Text: "Outside.", Origin: h.origin()}})
	case n < 92:
		_, _, err = h.cases.Resolve(ctx, casework.Resolve{Target: target, By: desk.ByAgent(who), Origin: h.origin()})
	case n < 96:
		_, _, err = h.cases.Reopen(ctx, casework.Reopen{Target: target, By: desk.ByCustomer("T1/alice"), Origin: h.origin()})
	case n < 98:
		_, err = h.cases.SetSeverity(ctx, casework.SetSeverity{Case: id, By: who, Severity: desk.Severities()[h.rand.IntN(5)], Origin: h.origin()})
	default:
		err = h.returned(id)
	}
	h.must(err)
}

// returned takes a chat from an agent who is gone.
func (h *history) returned(id desk.CaseID) error {
	return h.store.Update(h.Context(), func(tx store.Tx) error {
		c, err := tx.LockCase(h.Context(), id)
		if err != nil || c.Chat.State != desk.ChatInProgress {
			return err
		}
		entry := c.Return(h.origin(), h.now)
		if err := tx.AppendLog(h.Context(), &entry); err != nil {
			return err
		}
		return tx.SaveCase(h.Context(), &c)
	})
}

// truth reckons facts the slow way: from the whole log, question by question.
func (h *history) truth(id desk.CaseID) report.Facts {
	c, err := h.store.Case(h.Context(), id)
	h.must(err)
	log, err := h.store.Log(h.Context(), id, 0, 100_000)
	h.must(err)
	chats, err := h.store.Chats(h.Context(), id)
	h.must(err)
	f := report.Facts{Seq: c.LastSeq, Revision: c.Revision, Case: report.CaseFact{
		Case: id, Number: c.Number, Account: c.Account, Severity: c.Severity, OpenedAt: c.CreatedAt, ResolvedAt: c.ResolvedAt,
	}}
	says := func(e desk.Correspondence, side desk.Side) bool {
		return (e.Kind == desk.KindMessage || e.Kind == desk.KindFile) && e.Author.Side == side
	}
	for _, e := range log {
		if says(e, desk.SideAgent) {
			f.Case.Agent = desk.AgentID(e.Author.ID)
			f.Case.AnsweredBy = cmp.Or(f.Case.AnsweredBy, f.Case.Agent)
			if f.Case.AnsweredAt.IsZero() {
				f.Case.AnsweredAt = e.At
			}
		}
		if e.Kind == desk.KindStatus && e.What == string(desk.StatusResolved) && f.Case.SettledAt.IsZero() {
			f.Case.SettledAt = e.At
		}
		if e.Kind == desk.KindStatus && e.What == string(desk.StatusReopened) {
			f.Case.Reopened++
		}
	}
	for _, chat := range chats {
		f.Chats = append(f.Chats, truthOf(chat, log, says))
	}
	return f
}

func truthOf(chat desk.ChatSession, log []desk.Correspondence, says func(desk.Correspondence, desk.Side) bool) report.ChatFact {
	k := report.ChatFact{
		Chat: chat.ID, Agent: chat.Agent, Reason: chat.Reason, RequestedAt: chat.RequestedAt, JoinedAt: chat.JoinedAt, EndedAt: chat.EndedAt,
	}
	var life []desk.Correspondence
	for _, e := range log {
		switch {
		case e.Chat != chat.ID:
		case says(e, desk.SideAgent):
			if k.Ours++; k.AnsweredAt.IsZero() {
				k.AnsweredAt = e.At
			}
		case says(e, desk.SideCustomer):
			k.Theirs++
		case e.Kind == desk.KindChat:
			life = append(life, e)
		}
	}
	for i, e := range life {
		switch desk.ChatEvent(e.What) {
		case desk.EventHanded:
			k.Handed++
		case desk.EventReturned:
			k.Returned++
		case desk.EventJoined: // in an agent's hands until the next that takes it out of them
			out := slices.IndexFunc(life[i:], func(e desk.Correspondence) bool {
				what := desk.ChatEvent(e.What)
				return what == desk.EventReturned || what == desk.EventEnded || what == desk.EventHanded && e.Text == ""
			})
			if out < 0 {
				k.Since = e.At
			} else {
				k.Handled += life[i+out].At.Sub(e.At)
			}
		default:
		}
	}
	if k.Agent == "" { // it is in the queue, or ended there
		for _, e := range life {
			if e.What == string(desk.EventReturned) || e.What == string(desk.EventHanded) && e.Text == "" {
				k.Agent = desk.AgentID(e.Author.ID)
			}
		}
	}
	return k
}

// compare holds the facts against the truth.
func (h *history) compare(seed uint64) {
	for _, k := range h.keepers {
		h.must(k.Catch(h.Context()))
	}
	for _, id := range h.open {
		got, err := h.store.FactsOf(h.Context(), id)
		h.must(err)
		if diff := gocmp.Diff(h.truth(id), got, cmpopts.EquateEmpty()); diff != "" {
			h.Fatalf("seed %d, case %s (-want +got):\n%s", seed, id, diff)
		}
	}
}

func tellsTheTruth(t *testing.T, open func(t testing.TB) store.Store, seeds uint64) {
	for seed := range seeds {
		h := begin(t, open(t), seed)
		for range 400 {
			h.step()
			if n := h.rand.IntN(40); n < len(h.keepers) {
				h.must(h.keepers[n].Catch(t.Context()))
			}
		}
		h.compare(seed)
		h.keepers = append(h.keepers, reckoning.New(h.store, reckoning.Options{})) // begins anew, and changes nothing
		h.compare(seed)
	}
}

func TestFactsAreWhatALookThroughTheLogsFinds(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { tellsTheTruth(t, func(t testing.TB) store.Store { return storetest.SQLite(t) }, 6) })
	t.Run("postgres", func(t *testing.T) {
		tellsTheTruth(t, func(t testing.TB) store.Store { return storetest.Postgres(t) }, 2)
	})
}

// TestFactsAreMadeUpFor has cases from before there were facts, more than one
// look takes in, all changed at the same moment.
func TestFactsAreMadeUpFor(t *testing.T) {
	h := begin(t, storetest.SQLite(t), 3)
	for range 450 {
		h.openCase()
	}
	h.compare(3)
}

// TestCatchingUpReadsEachEntryOnce has a keeper look again after a word more in
// a long log.
func TestCatchingUpReadsEachEntryOnce(t *testing.T) {
	h := begin(t, storetest.SQLite(t), 5)
	h.openCase()
	meter := &metered{Store: h.store}
	k := reckoning.New(meter, reckoning.Options{Now: func() time.Time { return h.now }})
	say := func(n int) {
		for range n {
			h.now = h.now.Add(time.Second)
			_, err := h.cases.Answer(t.Context(), casework.Answer{Case: h.open[0], Answer: desk.Answer{By: desk.ByAgent(agents()[0]), Text: "More.", Origin: h.origin()}})
			h.must(err)
		}
	}
	say(2500)
	h.must(k.Catch(t.Context()))
	whole := meter.entries
	say(1)
	h.must(k.Catch(t.Context()))
	h.must(k.Catch(t.Context()))
	if whole < 2500 || meter.entries != whole+1 {
		t.Errorf("read %d entries, and %d when there was one more", whole, meter.entries-whole)
	}
}
