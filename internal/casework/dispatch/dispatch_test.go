package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/casework/dispatch"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/routing"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// A bench is a desk on a real store with a clock that the test moves, and two
// nodes that sweep it.
type bench struct {
	*testing.T
	store store.Store
	cases *casework.Service
	nodes []*dispatch.Service
	now   time.Time
	count int
}

var monday = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func newBench(t *testing.T, s store.Store, rules routing.Rules) *bench {
	b := &bench{T: t, store: s, now: monday}
	now := func() time.Time { return b.now }
	b.cases = casework.New(s, casework.Options{Now: now, Routing: rules})
	b.nodes = []*dispatch.Service{dispatch.New(s, rules, now), dispatch.New(s, rules, now)}
	return b
}

func rules() routing.Rules { return routing.Rules{OfferFor: 30 * time.Second} }

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) update(fn func(store.Tx) error) {
	b.Helper()
	b.must(b.store.Update(b.Context(), fn))
}

// comes has an agent be there, with a seat.
func (b *bench) comes(id desk.AgentID, p desk.Presence, seat roster.Seat) {
	b.Helper()
	seat.Agent = id
	b.update(func(tx store.Tx) error {
		a := desk.Agent{ID: id, Email: string(id) + "@example.com", Name: string(id), Role: desk.RoleAgent, Presence: p, SeenAt: b.now}
		return errors.Join(tx.SaveAgent(b.Context(), &a), tx.SaveSeat(b.Context(), &seat))
	})
}

func (b *bench) asks(language string, s desk.Severity) desk.CaseID {
	b.Helper()
	b.count++
	c, err := b.cases.Open(b.Context(), casework.Open{
		Account: "111122223333", Workspace: "T1", Asked: "T1/C1", Requester: "T1/alice", Subject: "Build is stuck",
		Description: "Since ten.", Severity: s, Language: language, Chat: true, Origin: desk.Origin(fmt.Sprint("test:", b.count)),
	})
	b.must(err)
	return c.ID
}

// sweep has all nodes sweep at once.
func (b *bench) sweep() (next time.Time) {
	b.Helper()
	errs := make([]error, len(b.nodes))
	var all sync.WaitGroup
	for i, node := range b.nodes {
		all.Go(func() {
			at, err := node.Sweep(b.Context())
			if errs[i] = err; i == 0 {
				next = at
			}
		})
	}
	all.Wait()
	b.must(errors.Join(errs...))
	return next
}

func (b *bench) chat(id desk.CaseID) desk.ChatSession {
	b.Helper()
	c, err := b.store.Case(b.Context(), id)
	b.must(err)
	return c.Chat
}

func (b *bench) wantOffered(id desk.CaseID, to desk.AgentID) {
	b.Helper()
	if got := b.chat(id).Offer; got.Agent != to || to != "" && !got.Until.After(b.now) {
		b.Errorf("%s is offered to %+v, want %q", id, got, to)
	}
}

func (b *bench) wantWhy(id desk.CaseID, want routing.Kind) {
	b.Helper()
	board, err := b.cases.Board(b.Context())
	b.must(err)
	if got := board.Why(id); got.Kind != want {
		b.Errorf("%s waits because of %+v, want %s", id, got, want)
	}
}

func (b *bench) joins(id desk.CaseID, agent desk.AgentID) {
	b.Helper()
	b.count++
	_, err := b.cases.Join(b.Context(), casework.Join{Case: id, Agent: desk.Agent{ID: agent, Name: string(agent)}, Origin: desk.Origin(fmt.Sprint("test:", b.count))})
	b.must(err)
}

func TestB5_AChatIsOfferedToOneAfterTheOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		b.comes("jane", desk.Online, roster.Seat{})
		b.comes("omar", desk.Online, roster.Seat{})
		b.comes("lena", desk.Away, roster.Seat{})
		if next := b.sweep(); !next.IsZero() {
			t.Errorf("nobody waits, and something is due at %s", next)
		}
		id := b.asks("en", desk.SeverityHigh)
		if next := b.sweep(); !next.Equal(b.now.Add(30 * time.Second)) {
			t.Errorf("the offer ends at %s", next)
		}
		b.wantOffered(id, "jane")
		before := b.chat(id)
		b.sweep()
		if diff := cmp.Diff(before, b.chat(id)); diff != "" {
			t.Errorf("a sweep without a cause changed (-before +after):\n%s", diff)
		}
		b.must(b.cases.Pass(t.Context(), id, "omar")) // it is not his to pass
		b.wantOffered(id, "jane")
		for range 2 {
			b.must(b.cases.Pass(t.Context(), id, "jane"))
		}
		b.sweep()
		b.wantOffered(id, "omar")
		b.now = b.now.Add(30 * time.Second)
		b.sweep()
		b.wantOffered(id, "") // he let it lapse, and so both have been asked
		b.wantWhy(id, routing.AllPassed)
		b.comes("lena", desk.Online, roster.Seat{})
		b.sweep()
		b.wantOffered(id, "lena")
		b.joins(id, "omar") // by hand all the same
		if got := b.chat(id); got.Offer != (desk.Offer{}) || got.Passed != nil || got.Agent != "omar" {
			t.Errorf("got %+v", got)
		}
	})
}

func TestB5_OffersKeepToSkillsCapacityAndWhoIsKnown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		b.comes("jane", desk.Online, roster.Seat{Capacity: 1})
		b.comes("omar", desk.Online, roster.Seat{Capacity: 2, Skills: roster.Skills{Languages: []string{"de"}}})
		english, german, third := b.asks("en", desk.SeverityLow), b.asks("de", desk.SeverityHigh), b.asks("en", desk.SeverityCritical)
		b.sweep()
		b.wantOffered(third, "jane") // the most severe first
		b.wantOffered(german, "omar")
		b.wantOffered(english, "")
		b.wantWhy(english, routing.Asked) // jane, about the third
		b.joins(third, "jane")
		b.joins(english, "jane") // by hand, at capacity
		french := b.asks("fr", desk.SeverityHigh)
		b.comes("jane", desk.Online, roster.Seat{Capacity: 3, Skills: roster.Skills{Languages: []string{"en"}}})
		b.sweep()
		b.wantWhy(french, routing.NoLanguage)

		again := func(end desk.CaseID) {
			t.Helper()
			_, _, err := b.cases.End(t.Context(), casework.End{Target: casework.Target{Case: end}, By: storetest.Jane(), Reason: desk.EndedByAgent, Origin: desk.Origin("end:" + end)})
			b.must(err)
			_, _, err = b.cases.Request(t.Context(), casework.Request{Target: casework.Target{Case: end}, By: "T1/alice", Origin: desk.Origin("again:" + end)})
			b.must(err)
		}
		b.comes("lena", desk.Online, roster.Seat{}) // has nothing to do, but nobody knows her
		b.must(b.cases.Pass(t.Context(), french, "lena"))
		again(english)
		b.now = b.now.Add(time.Second)
		b.sweep()
		b.wantOffered(english, "jane")
	})
}

// Two nodes sweep, agents take and pass, all at once: one offer for each chat, and
// no agent has more offered than they take.
func TestManyAtOnceOfferNobodyMoreThanTheyTake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		agents := []desk.AgentID{"jane", "omar", "lena"}
		for i, id := range agents {
			b.comes(id, desk.Online, roster.Seat{Capacity: i + 1})
		}
		var ids []desk.CaseID
		for range 12 {
			ids = append(ids, b.asks("en", desk.SeverityHigh))
		}
		offers := 0
		for round := range 6 {
			var all sync.WaitGroup
			for i, node := range append(b.nodes, b.nodes...) {
				all.Go(func() {
					if _, err := node.Sweep(t.Context()); err != nil {
						t.Errorf("node %d: %v", i, err)
					}
				})
			}
			for i, id := range agents {
				all.Go(func() {
					if err := b.cases.Pass(t.Context(), ids[(round*3+i)%len(ids)], id); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			loads, err := s.Loads(t.Context())
			b.must(err)
			offered := 0
			for _, l := range loads {
				for i, id := range agents {
					if l.Agent == id && (l.Chats+l.Offers > i+1 || l.Offers > 1) {
						t.Errorf("round %d: %+v of %d", round, l, i+1)
					}
				}
				offered += l.Offers
			}
			offers += offered
			b.now = b.now.Add(31 * time.Second)
			for i, id := range agents {
				b.comes(id, desk.Online, roster.Seat{Capacity: i + 1})
			}
		}
		if offers < 6 {
			t.Errorf("only %d offers stood", offers)
		}
	})
}

// What was decided about one who has gone meanwhile, or has their hands full, is
// not done.
func TestADecisionThatHasBeenOvertakenIsNotDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		b.comes("jane", desk.Online, roster.Seat{Capacity: 1})
		late := &overtaken{Store: s}
		node := dispatch.New(late, rules(), func() time.Time { return b.now })
		for what, then := range map[string]func(id desk.CaseID){
			"away":  func(desk.CaseID) { b.comes("jane", desk.Away, roster.Seat{}) },
			"taken": func(id desk.CaseID) { b.joins(id, "omar") },
			"full":  func(desk.CaseID) { b.joins(b.asks("en", desk.SeverityLow), "jane") },
		} {
			b.comes("jane", desk.Online, roster.Seat{Capacity: 1})
			id := b.asks("en", desk.SeverityHigh)
			late.then = func() { then(id) }
			_, err := node.Sweep(t.Context())
			b.must(err)
			if got := b.chat(id).Offer; got != (desk.Offer{}) {
				t.Errorf("%s: got %+v", what, got)
			}
			for _, end := range []desk.CaseID{id} {
				_, _, err := b.cases.End(t.Context(), casework.End{Target: casework.Target{Case: end}, By: desk.BySystem(), Reason: desk.EndedIdle, Origin: desk.Origin("end:" + end)})
				b.must(err)
			}
		}
	})
}

// An overtaken store has something happen between what is read and what is done.
type overtaken struct {
	store.Store
	then func()
}

func (o *overtaken) Update(ctx context.Context, fn func(store.Tx) error) error {
	if then := o.then; then != nil {
		o.then = nil
		then()
	}
	return o.Store.Update(ctx, fn)
}

// While nobody is there the card says so, and when Support is back; it says
// something else once somebody comes.
func TestB5_TheCardSaysThatNobodyIsHere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		r := rules()
		r.Hours = func(string, string) (matters.Hours, bool) {
			days := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
			return matters.Hours{Zone: berlin, Open: []matters.Span{{Days: days, From: 9 * 60, To: 17 * 60}}}, false
		}
		b := newBench(t, s, r)
		b.now = time.Date(2026, 3, 6, 20, 0, 0, 0, time.UTC) // Friday evening
		b.comes("jane", desk.Online, roster.Seat{})
		id := b.asks("en", desk.SeverityHigh)
		turn := func() desk.Turn { b.Helper(); got := b.chat(id).Turn; got.ToldAt = time.Time{}; return got }
		back := time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)
		if diff := cmp.Diff(desk.Turn{Position: 1, Nobody: true, Back: back, Zone: "Europe/Berlin"}, turn()); diff != "" {
			t.Errorf("at once (-want +got):\n%s", diff)
		}
		if next := b.sweep(); !next.Equal(back) {
			t.Errorf("something is due at %s, want %s", next, back)
		}
		b.now = back
		b.must(b.cases.TellTurns(t.Context()))
		if diff := cmp.Diff(desk.Turn{Position: 1, Nobody: true}, turn()); diff != "" {
			t.Errorf("in hours, but nobody there (-want +got):\n%s", diff)
		}
		b.comes("jane", desk.Online, roster.Seat{})
		b.must(b.cases.TellTurns(t.Context()))
		if !turn().Nobody {
			t.Error("changed twice within half a minute")
		}
		b.now = b.now.Add(desk.TellEvery)
		b.must(b.cases.TellTurns(t.Context()))
		if diff := cmp.Diff(desk.Turn{Position: 1}, turn()); diff != "" {
			t.Errorf("when she is there (-want +got):\n%s", diff)
		}
	})
}

// The card does not promise the usual wait to somebody who has waited longer.
func TestB5_TheCardSaysWhenTheWaitIsLongerThanUsual(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		b.comes("jane", desk.Online, roster.Seat{Capacity: 9})
		for range 3 {
			id := b.asks("en", desk.SeverityHigh)
			b.now = b.now.Add(time.Minute)
			b.joins(id, "jane")
		}
		id := b.asks("en", desk.SeverityHigh)
		for _, step := range []struct {
			after time.Duration
			want  bool
		}{{0, false}, {90 * time.Second, false}, {time.Minute, true}} {
			b.now = b.now.Add(step.after)
			b.comes("jane", desk.Online, roster.Seat{Capacity: 9})
			b.must(b.cases.TellTurns(t.Context()))
			if got := b.chat(id).Turn; got.Usual != time.Minute || got.Longer != step.want {
				t.Errorf("at %s: the card says %+v, want longer %v", b.now, got, step.want)
			}
		}
	})
}

// Before somebody asks for a chat they can be told that nobody would be there.
func TestB5_ItIsForeseenWhetherSomebodyIsHere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		want := func(nobody bool) {
			t.Helper()
			got, err := b.cases.Foresee(t.Context(), desk.Case{IssueType: "technical", Language: "en"})
			b.must(err)
			if got.Nobody != nobody {
				t.Errorf("foreseen that nobody is here: %v, want %v", got.Nobody, nobody)
			}
		}
		want(true)
		b.comes("jane", desk.Away, roster.Seat{})
		want(true)
		b.comes("jane", desk.Online, roster.Seat{})
		want(false)
		b.now = b.now.Add(roster.OfflineAfter)
		want(true)
	})
}

// On a team's holiday its chats are offered to nobody, though its agents are there, and
// again the day after.
func TestB5_AHolidayClosesATeam(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s, rules())
		b.comes("jane", desk.Online, roster.Seat{})
		days := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
		b.update(func(tx store.Tx) error {
			return tx.SaveTeam(t.Context(), &roster.Team{ID: "desk", Name: "Front desk", Members: []desk.AgentID{"jane"}, Hours: matters.Hours{
				Zone: time.UTC, Open: []matters.Span{{Days: days, From: 9 * 60, To: 17 * 60}}, Holidays: []matters.Holiday{{Month: monday.Month(), Day: monday.Day(), Name: "A holiday"}},
			}})
		})
		id := b.asks("en", desk.SeverityHigh)
		tomorrow := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
		if next := b.sweep(); !next.Equal(tomorrow) {
			t.Errorf("something is due at %s, want %s", next, tomorrow)
		}
		b.wantOffered(id, "")
		b.wantWhy(id, routing.Closed)
		b.now = tomorrow
		b.comes("jane", desk.Online, roster.Seat{})
		b.sweep()
		b.wantOffered(id, "jane")
	})
}
