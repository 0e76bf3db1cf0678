package storetest

import (
	"fmt"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

func queueInOrder(t *testing.T, s store.Store) {
	ctx := t.Context()
	severities := []desk.Severity{desk.SeverityNormal, desk.SeverityCritical, desk.SeverityLow, desk.SeverityNormal, desk.SeverityHigh}
	var made []desk.CaseID
	for n, severity := range severities {
		made = append(made, AddCase(t, s, n).ID)
		changeCase(t, s, made[n], func(c *desk.Case) { c.Severity = severity })
		request(t, s, made[n], desk.ChatID(fmt.Sprint("chat", n)), minute(10-n))
	}
	same(t, "waiting", ids(must(s.Waiting(ctx, 4))(t)), []desk.CaseID{made[1], made[4], made[3], made[0]})

	join(t, s, made[1], minute(20))
	join(t, s, made[2], minute(21))
	same(t, "waiting after two joins", ids(must(s.Waiting(ctx, 9))(t)), []desk.CaseID{made[4], made[3], made[0]})
	for _, id := range []desk.CaseID{made[2], made[1]} {
		tell(t, s, id, func(c *desk.Case) (desk.Correspondence, error) {
			return c.Return(desk.Origin("gone:"+c.Chat.ID), minute(30)), nil
		})
	}
	waiting := must(s.Waiting(ctx, 9))(t)
	same(t, "hints of who waits", must(s.WaitingHints(ctx, 4))(t), hintsOf(waiting[:4]))
	same(t, "waiting after both came back", ids(waiting), []desk.CaseID{made[1], made[2], made[4], made[3], made[0]})
	for i := range waiting[1:] {
		if !waiting[i].Before(&waiting[i+1]) || waiting[i+1].Before(&waiting[i]) {
			t.Errorf("the store and desk do not agree on the order of %s and %s", waiting[i].ID, waiting[i+1].ID)
		}
	}
}

// hintsOf is how far cases have come.
func hintsOf(cases []desk.Case) []store.CaseHint {
	var hints []store.CaseHint
	for _, c := range cases {
		hints = append(hints, store.CaseHint{Case: c.ID, Seq: c.LastSeq, Revision: c.Revision})
	}
	return hints
}

func chatsOfAgents(t *testing.T, s store.Store) {
	ctx := t.Context()
	omar := desk.Actor{Side: desk.SideAgent, ID: "omar", Name: `"id":"june"`} // a name is no id
	var made []desk.CaseID
	for n := range 3 {
		made = append(made, AddCase(t, s, n).ID)
		request(t, s, made[n], desk.ChatID(fmt.Sprint("chat", n)), minute(n))
		join(t, s, made[n], minute(10+n))
	}
	tell(t, s, made[0], func(c *desk.Case) (desk.Correspondence, error) {
		e, _, err := c.JoinAlso(omar, "second", minute(20))
		return e, err
	})
	same(t, "of jane", ids(must(s.ChatsOf(ctx, "jane", 9))(t)), []desk.CaseID{made[0], made[2], made[1]})
	same(t, "hints of jane's", must(s.ChatHintsOf(ctx, "jane", 2))(t), hintsOf(must(s.ChatsOf(ctx, "jane", 2))(t)))
	same(t, "hints of omar's", must(s.ChatHintsOf(ctx, "omar", 9))(t), hintsOf(must(s.ChatsOf(ctx, "omar", 9))(t)))
	same(t, "of omar, who joined besides", ids(must(s.ChatsOf(ctx, "omar", 9))(t)), []desk.CaseID{made[0]})
	same(t, "of somebody else", ids(must(s.ChatsOf(ctx, "june", 9))(t)), []desk.CaseID(nil))
	end(t, s, made[2], minute(22))
	same(t, "of jane after one end", ids(must(s.ChatsOf(ctx, "jane", 9))(t)), []desk.CaseID{made[0], made[1]})

}

func runningLookedFor(t *testing.T, s store.Store) {
	ctx := t.Context()
	var made []desk.CaseID
	for n := range 5 {
		made = append(made, AddCase(t, s, n).ID)
		request(t, s, made[n], desk.ChatID(fmt.Sprint("chat", n)), minute(n))
		join(t, s, made[n], minute(10+n))
	}
	end(t, s, made[4], minute(20))
	changeCase(t, s, made[0], func(c *desk.Case) { c.Hear(c.Chat.ID, minute(30)) })
	changeCase(t, s, made[2], func(c *desk.Case) { c.Chat.Away = true })
	changeCase(t, s, made[3], func(c *desk.Case) { c.Chat.Agent = "omar" })
	all := made[:4]
	both := []desk.AgentID{"jane", "omar"}
	for _, tt := range []struct {
		name string
		look desk.Lookout
		want []desk.CaseID
	}{
		{"agent away", desk.Lookout{Present: both}, made[2:3]},
		{"and agent not there", desk.Lookout{Present: both[:1]}, made[2:4]},
		{"nobody there", desk.Lookout{}, all},
		{"joined and quiet", desk.Lookout{Present: both, Quiet: minute(11)}, made[1:3]},
		{"joined, and a word since", desk.Lookout{Present: both, Quiet: minute(29)}, made[1:4]},
		{"the word is old, too", desk.Lookout{Present: both, Quiet: minute(30)}, all},
	} {
		same(t, tt.name, ids(must(s.Running(ctx, tt.look, "", 9))(t)), tt.want)
	}
	same(t, "a page", ids(must(s.Running(ctx, desk.Lookout{}, "", 1))(t)), all[:1])
	same(t, "the rest", ids(must(s.Running(ctx, desk.Lookout{}, made[0], 9))(t)), all[1:])
}

func waitsKnown(t *testing.T, s store.Store) {
	ctx := t.Context()
	same(t, "before the first", must(s.RecentWaits(ctx, 9))(t), []time.Duration(nil))
	one, two := AddCase(t, s, 1).ID, AddCase(t, s, 2).ID
	request(t, s, one, "chat1", minute(0))
	join(t, s, one, minute(4))
	end(t, s, one, minute(5))
	request(t, s, two, "chat2", minute(5))
	join(t, s, two, minute(7))
	request(t, s, one, "chat3", minute(8)) // waits still; the first is an earlier chat now
	same(t, "two", must(s.RecentWaits(ctx, 9))(t), []time.Duration{2 * time.Minute, 4 * time.Minute})
	same(t, "the last", must(s.RecentWaits(ctx, 1))(t), []time.Duration{2 * time.Minute})
}
