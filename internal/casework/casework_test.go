package casework_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// A bench is a service on a real store with a clock that the test moves.
type bench struct {
	*casework.Service
	t     *testing.T
	store store.Store
	now   time.Time
	drawn uint64
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func newBench(t *testing.T, s store.Store) *bench {
	b := &bench{t: t, store: s, now: noon, drawn: 41}
	b.Service = casework.New(s, casework.Options{
		Now:    func() time.Time { return b.now },
		Random: func() uint64 { b.drawn++; return b.drawn },
	})
	return b
}

func (b *bench) later(d time.Duration) { b.now = b.now.Add(d) }

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) open(origin desk.Origin) desk.Case {
	b.t.Helper()
	c, err := b.Open(b.t.Context(), casework.Open{
		Account: "111122223333", Workspace: "T1", Asked: "T1/C1", Requester: "T1/alice",
		Subject: "Build is stuck", Description: "Since ten.", Severity: desk.SeverityHigh,
		Chat: true, Members: []desk.PersonID{"T1/bob"}, Origin: origin,
	})
	b.must(err)
	return c
}

// settle plays the outbox for the first open delivery of a lane.
func (b *bench) settle(lane desk.Lane, v desk.Verdict) desk.Delivery {
	b.t.Helper()
	var d desk.Delivery
	b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error {
		var err error
		if d, _, err = tx.Head(b.t.Context(), lane); err != nil {
			return err
		}
		if err := tx.Claim(b.t.Context(), d.ID, "me", time.Minute, b.now); err != nil {
			return err
		}
		d.TriedAt = b.now
		if err := b.Settled(b.t.Context(), tx, d, v); err != nil {
			return err
		}
		d = d.Settle(v, b.now)
		return tx.Settle(b.t.Context(), &d, "me")
	}))
	return d
}

var jane = desk.Agent{ID: "agent-jane", Email: "jane@example.com", Name: "Jane", Role: desk.RoleAgent, Presence: desk.Online, CreatedAt: noon}

// chatting opens a case, makes its place and joins Jane. Alice wrote nothing
// while she waited, so there is nothing to ask her.
func (b *bench) chatting() desk.Case {
	b.t.Helper()
	c := b.open("slack:view:V1")
	b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "T1/CHAT"})
	b.later(time.Minute)
	c, err := b.Join(b.t.Context(), casework.Join{Case: c.ID, Agent: jane, Origin: "console:join"})
	b.must(err)
	if d := b.settle(desk.HintLane("T1/CHAT"), desk.Verdict{Kind: desk.Sent}); d.Kind != desk.DeliverOffer {
		b.t.Fatalf("got %s, want that Alice is asked what she shares", d.Kind)
	}
	return c
}

func (b *bench) record(m desk.Message) {
	b.t.Helper()
	b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error { return b.Record(b.t.Context(), tx, m) }))
}

func (b *bench) said(n int, at time.Time) desk.Message {
	return desk.Message{
		Place: "T1/CHAT", Author: "T1/alice", Text: fmt.Sprintf("message %d", n), At: at,
		Origin: desk.Origin(fmt.Sprintf("slack:T1:CHAT:%d", n)),
	}
}

// story is the case's log in short.
func (b *bench) story(id desk.CaseID) []string {
	b.t.Helper()
	entries, err := b.store.Log(b.t.Context(), id, 0, 1000)
	b.must(err)
	var lines []string
	for i, e := range entries {
		if e.Seq != int64(i+1) {
			b.t.Errorf("entry %d has seq %d", i+1, e.Seq)
		}
		lines = append(lines, fmt.Sprintf("%s %s%s", e.Kind, e.What, e.Text))
	}
	return lines
}

func (b *bench) wantStory(id desk.CaseID, want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.story(id)); diff != "" {
		b.t.Errorf("log (-want +got):\n%s", diff)
	}
}

func each(t *testing.T, story func(b *bench)) {
	storetest.Each(t, func(t *testing.T, s store.Store) { story(newBench(t, s)) })
}

func TestOpenTwiceIsOneCase(t *testing.T) {
	each(t, func(b *bench) {
		first, second := b.open("slack:view:V1"), b.open("slack:view:V1")
		if first.ID != second.ID {
			b.t.Errorf("got %s and %s, want one case", first.ID, second.ID)
		}
		b.wantStory(first.ID, "message Since ten.", "chat requested")
		var kinds []desk.DeliveryKind
		for range 6 {
			kinds = append(kinds, b.settle(desk.CaseLane(first.ID), desk.Verdict{Kind: desk.Sent, Receipt: "T1/CHAT"}).Kind)
		}
		want := []desk.DeliveryKind{
			desk.DeliverPlace, desk.DeliverCard, desk.DeliverInvite, desk.DeliverPin, desk.DeliverLink, desk.DeliverTopic,
		}
		if diff := cmp.Diff(want, kinds); diff != "" {
			b.t.Errorf("deliveries (-want +got):\n%s", diff)
		}
	})
}

func TestChatIsRecordedOnceAndOnlyInItsWindow(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		joined := b.now
		b.later(time.Minute)
		b.record(b.said(1, joined.Add(-time.Second))) // before the join, arriving late
		b.record(b.said(2, joined.Add(time.Second)))
		b.record(b.said(2, joined.Add(time.Second))) // Slack says it twice
		b.must(b.Reply(b.t.Context(), casework.Reply{Case: c.ID, Agent: jane, Text: "looking", Origin: "console:1"}))
		b.must(b.Reply(b.t.Context(), casework.Reply{Case: c.ID, Agent: jane, Text: "looking", Origin: "console:1"}))
		_, changed, err := b.End(b.t.Context(), casework.End{
			Target: casework.Target{Place: "T1/CHAT"}, By: desk.ByCustomer("T1/alice"), Reason: desk.EndedByCustomer, Origin: "slack:end",
		})
		if !changed || err != nil {
			b.t.Fatalf("end: got %v, %v", changed, err)
		}
		ended := b.now
		b.later(time.Minute)
		b.record(b.said(3, ended.Add(time.Second)))  // after the end
		b.record(b.said(4, ended.Add(-time.Second))) // before the end, arriving late
		b.wantStory(c.ID, "message Since ten.", "chat requested", "chat joined", "message message 2", "message looking",
			"chat endedcustomer", "transcript customer", "message message 4")
		got, err := b.store.Case(b.t.Context(), c.ID)
		b.must(err)
		if got.Chat.Messages != 3 {
			b.t.Errorf("messages counted, with the one that came late: got %d, want 3", got.Chat.Messages)
		}
	})
}

func TestWhoWritesAfterTheEndGetsOneHint(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		_, _, err := b.End(b.t.Context(), casework.End{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Reason: desk.EndedByAgent, Origin: "end"})
		b.must(err)
		b.later(time.Minute)
		b.record(b.said(1, b.now))
		b.record(b.said(2, b.now))
		for n := 3; n < 5; n++ {
			m := b.said(n, b.now)
			m.Author = "T1/bob"
			b.record(m)
		}
		for _, who := range []desk.PersonID{"T1/alice", "T1/bob"} {
			d := b.settle(desk.HintLane("T1/CHAT"), desk.Verdict{Kind: desk.Sent})
			if d.Kind != desk.DeliverEphemeral || d.Content.User != who {
				b.t.Errorf("got %+v, want a private hint for %s", d, who)
			}
		}
		lanes, err := b.store.OpenLanes(b.t.Context(), 100)
		b.must(err)
		for _, l := range lanes {
			if l.Lane == desk.HintLane("T1/CHAT") {
				b.t.Error("another hint is waiting")
			}
		}
	})
}

func TestEditsAndDeletionsAreEntriesOfTheirOwn(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		at := b.now.Add(time.Second)
		b.record(b.said(1, at))
		edit := recording.Revision{
			Place: "T1/CHAT", Of: "slack:T1:CHAT:1", By: "T1/alice", Text: "better", At: at.Add(time.Second), Origin: "slack:T1:CHAT:1:edit",
		}
		gone := edit
		gone.Origin, gone.Text = "slack:T1:CHAT:1:deleted", ""
		stranger := edit
		stranger.Of, stranger.Origin = "slack:T1:CHAT:99", "slack:T1:CHAT:99:edit"
		for range 2 {
			b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error {
				return errors.Join(b.Edit(b.t.Context(), tx, edit), b.Edit(b.t.Context(), tx, stranger), b.Delete(b.t.Context(), tx, gone))
			}))
		}
		b.wantStory(c.ID, "message Since ten.", "chat requested", "chat joined", "message message 1", "edit better", "deletion ")
	})
}

func TestResolveEndsTheChatFirst(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		r := casework.Resolve{Target: casework.Target{Case: c.ID}, By: desk.ByCustomer("T1/alice"), Origin: "slack:resolve"}
		c, changed, err := b.Resolve(b.t.Context(), r)
		b.must(err)
		if !changed || c.Status != desk.StatusResolved || c.Chat.Reason != desk.EndedResolved {
			b.t.Errorf("got changed=%v %s %s", changed, c.Status, c.Chat.Reason)
		}
		if _, changed, err = b.Resolve(b.t.Context(), r); changed || err != nil {
			b.t.Errorf("resolving again: got %v, %v", changed, err)
		}
		b.wantStory(c.ID, "message Since ten.", "chat requested", "chat joined", "chat endedresolved", "transcript resolved", "status resolved")
	})
}

func TestNoPlaceEndsTheRequestAndSaysSo(t *testing.T) {
	each(t, func(b *bench) {
		c := b.open("slack:view:V1")
		b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: "restricted_action"})
		d := b.settle(desk.PlaceLane("T1/C1"), desk.Verdict{Kind: desk.Sent})
		if d.Content.What != string(desk.EndedNoPlace) || d.Content.Text != "restricted_action" {
			b.t.Errorf("got %+v", d.Content)
		}
		c, err := b.store.Case(b.t.Context(), c.ID)
		b.must(err)
		if c.Chat.State != desk.ChatEnded || !c.Open() {
			b.t.Errorf("got chat %s, open=%v; want the chat ended and the case open", c.Chat.State, c.Open())
		}
	})
}

// Somebody cancels while Slack still makes up its mind about the channel: the
// next request must ask for a channel anew, not wait for one that never comes.
func TestNoPlaceAfterTheRequestWasCancelled(t *testing.T) {
	each(t, func(b *bench) {
		c := b.open("slack:view:V1")
		_, _, err := b.End(b.t.Context(), casework.End{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Reason: desk.EndedByAgent, Origin: "console:end"})
		b.must(err)
		for range 7 { // the place and what followed it, to the notice of the cancelling
			b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: "restricted_action"})
		}
		lanes, err := b.store.OpenLanes(b.t.Context(), 10)
		b.must(err)
		if len(lanes) > 0 {
			b.t.Errorf("got %v, want nobody told of a chat that nobody wants", lanes)
		}
		_, changed, err := b.Request(b.t.Context(), casework.Request{Target: casework.Target{Case: c.ID}, By: "T1/alice", Origin: "slack:again"})
		b.must(err)
		if !changed {
			b.t.Fatal("asking again changed nothing")
		}
		if d := b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "T1/CHAT"}); d.Kind != desk.DeliverPlace {
			b.t.Errorf("got %s first, want the place", d.Kind)
		}
	})
}

func TestTheFirstCardIsRefreshedWhenItWasLate(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "1.1"})
		d := b.settle(desk.CardLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: "edit_window_closed"})
		if d.Kind != desk.DeliverCard {
			b.t.Fatalf("got %s, want an update of the card", d.Kind)
		}
		var kinds []desk.DeliveryKind
		for range 7 {
			kinds = append(kinds, b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "2.2"}).Kind)
		}
		want := []desk.DeliveryKind{
			desk.DeliverInvite, desk.DeliverPin, desk.DeliverLink, desk.DeliverTopic, desk.DeliverNotice, desk.DeliverCard, desk.DeliverPin,
		}
		if diff := cmp.Diff(want, kinds); diff != "" {
			b.t.Errorf("a card that cannot be changed is posted anew and pinned (-want +got):\n%s", diff)
		}
	})
}

// A workspace may forbid edits for good: then each new state gets a card of
// its own, and no more than that.
func TestCardsThatCannotBeChangedDoNotGoOnForEver(t *testing.T) {
	each(t, func(b *bench) {
		c := b.chatting()
		waiting := c
		waiting.Chat.State, waiting.Chat.Agent, waiting.Status = desk.ChatRequested, "", desk.StatusUnassigned
		b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "1.1", Shown: waiting.CardState()})
		b.settle(desk.CardLane(c.ID), desk.Verdict{Kind: desk.Refused, Reason: "edit_window_closed"})
		for range 7 {
			b.settle(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "2.2", Shown: c.CardState()})
		}
		lanes, err := b.store.OpenLanes(b.t.Context(), 100)
		b.must(err)
		if len(lanes) != 0 {
			b.t.Errorf("got %v still waiting, want nothing: the second card shows the case as it is", lanes)
		}
	})
}

// Omar decided to cancel a request; Jane joined before he pressed.
func TestADecisionAboutAChatThatHasChangedIsRefused(t *testing.T) {
	each(t, func(b *bench) {
		c := b.open("slack:view:V1")
		before := casework.SeenIn(&c)
		_, err := b.Join(b.t.Context(), casework.Join{Case: c.ID, Agent: jane, Origin: "join"})
		b.must(err)
		omar := desk.ByAgent(desk.Agent{ID: "agent-omar", Name: "Omar"})
		target := casework.Target{Case: c.ID}
		_, _, err = b.End(b.t.Context(), casework.End{Target: target, Seen: before, By: omar, Reason: desk.EndedByAgent, Origin: "end"})
		if !errors.Is(err, desk.ErrConflict) {
			b.t.Errorf("end: got %v, want a conflict", err)
		}
		_, _, err = b.Resolve(b.t.Context(), casework.Resolve{Target: target, Seen: before, By: omar, Origin: "resolve"})
		if !errors.Is(err, desk.ErrConflict) {
			b.t.Errorf("resolve: got %v, want a conflict", err)
		}
		// Omar had the chat when he decided, and it is Jane's now.
		his := casework.Seen{Chat: c.Chat.ID, State: desk.ChatInProgress, Agent: "agent-omar"}
		_, _, err = b.End(b.t.Context(), casework.End{Target: target, Seen: his, By: omar, Reason: desk.EndedByAgent, Origin: "end"})
		if !errors.Is(err, desk.ErrConflict) {
			b.t.Errorf("end what was handed over: got %v, want a conflict", err)
		}
		got, err := b.store.Case(b.t.Context(), c.ID)
		b.must(err)
		if got.Chat.State != desk.ChatInProgress || !got.Open() {
			b.t.Errorf("got chat %s, open=%v; want Jane's chat untouched", got.Chat.State, got.Open())
		}
	})
}
