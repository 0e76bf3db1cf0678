package report

import (
	"cmp"
	"slices"
	"time"

	"caseline/internal/desk"
)

// An Answer is what came of a question. Facts are given to it one after the
// other, those of the time before as well.
type Answer struct {
	Question
	Now    Totals
	Before Totals
	Parts  []Part     // by time, in order
	Week   [7][24]int // chats asked for and cases opened, by the hour of the week, from Monday on
	Said   []Said     // comments, the latest first

	before Question
	starts []time.Time
	groups map[string]*Totals
}

// A Part is what came of a step.
type Part struct {
	Begin time.Time
	Totals
}

// A Group is what came of a part by the dimension.
type Group struct {
	Key string
	Totals
}

// A Said is a rating with words.
type Said struct {
	Rating
	Number desk.CaseNumber
	Agent  desk.AgentID
}

// maxSaid is how many comments an answer has.
const maxSaid = 50

// Begin returns the answer to a question, before any fact is given to it.
func Begin(q Question) *Answer {
	a := &Answer{Question: q, before: q.asFar(), starts: q.Steps(), groups: map[string]*Totals{}}
	a.Parts = make([]Part, len(a.starts))
	for i, at := range a.starts {
		a.Parts[i].Begin = at
	}
	return a
}

// Span is of which time facts are needed.
func (a *Answer) Span() (from, to time.Time) { return a.before.From, a.Question.To }

// count has fn count in all totals that something of a time and of somebody is in.
func (a *Answer) count(c *CaseFact, agent desk.AgentID, at time.Time, fn func(*Totals)) {
	if at.IsZero() || !a.wants(c, agent) {
		return
	}
	if !at.Before(a.before.From) && at.Before(a.before.To) {
		fn(&a.Before)
	}
	if at.Before(a.From) || !at.Before(a.To) {
		return
	}
	fn(&a.Now)
	i, found := slices.BinarySearchFunc(a.starts, at, func(start, t time.Time) int { return start.Compare(t) })
	if !found {
		i--
	}
	fn(&a.Parts[max(i, 0)].Totals)
	if a.By == "" {
		return
	}
	for _, key := range a.keys(c, agent) {
		if a.groups[key] == nil {
			a.groups[key] = &Totals{}
		}
		fn(a.groups[key])
	}
}

// Case counts a case.
func (a *Answer) Case(c *CaseFact) {
	target := a.Target(c.Severity)
	a.count(c, c.AnsweredBy, c.OpenedAt, func(t *Totals) {
		t.Opened++
		answered := !c.AnsweredAt.IsZero()
		if answered {
			t.First.add(c.AnsweredAt.Sub(c.OpenedAt))
		}
		switch {
		case answered && c.AnsweredAt.Sub(c.OpenedAt) <= target:
			t.Met++
		case answered || a.Question.Now.Sub(c.OpenedAt) > target:
			t.Missed++
		}
	})
	a.count(c, c.Agent, c.ResolvedAt, func(t *Totals) {
		t.Resolved++
		t.Resolution.add(c.ResolvedAt.Sub(c.OpenedAt))
	})
	a.count(c, c.Agent, c.SettledAt, func(t *Totals) {
		t.Settled++
		if c.Reopened > 0 {
			t.Reopened++
		}
	})
	a.hour(c, c.AnsweredBy, c.OpenedAt)
}

// Chat counts a chat of a case.
func (a *Answer) Chat(k *ChatFact, c *CaseFact) {
	a.count(c, k.Agent, k.RequestedAt, func(t *Totals) {
		t.Chats++
		switch {
		case k.Answered():
			t.Joined++
			t.Wait.add(k.JoinedAt.Sub(k.RequestedAt))
		case !k.EndedAt.IsZero():
			t.Cancelled++
		}
	})
	if k.Answered() {
		a.count(c, k.Agent, k.EndedAt, func(t *Totals) {
			t.Ended++
			t.Handling.add(k.Handled)
		})
	}
	a.hour(c, k.Agent, k.RequestedAt)
}

// Rating counts what somebody said of a chat of a case.
func (a *Answer) Rating(r *Rating, k *ChatFact, c *CaseFact) {
	a.count(c, k.Agent, k.EndedAt, func(t *Totals) { t.Scores[min(max(r.Score, 0), BestScore)]++ })
	if r.Remark == "" || k.EndedAt.Before(a.From) || !k.EndedAt.Before(a.To) || !a.wants(c, k.Agent) {
		return
	}
	a.Said = append(a.Said, Said{Rating: *r, Number: c.Number, Agent: k.Agent})
	slices.SortFunc(a.Said, func(x, y Said) int {
		return cmp.Or(y.ChangedAt.Compare(x.ChangedAt), cmp.Compare(x.Person, y.Person), cmp.Compare(x.Chat, y.Chat))
	})
	a.Said = a.Said[:min(len(a.Said), maxSaid)]
}

// hour counts what came in, by the hour of the week.
func (a *Answer) hour(c *CaseFact, agent desk.AgentID, at time.Time) {
	if at.Before(a.From) || !at.Before(a.To) || !a.wants(c, agent) {
		return
	}
	local := at.In(a.Zone)
	a.Week[(int(local.Weekday())+6)%7][local.Hour()]++
}

// Groups are what came of it by the dimension, those with the most cases and
// chats first.
func (a *Answer) Groups() []Group {
	all := make([]Group, 0, len(a.groups))
	for key, t := range a.groups {
		all = append(all, Group{key, *t})
	}
	slices.SortFunc(all, func(x, y Group) int {
		return cmp.Or(cmp.Compare(y.Opened+y.Chats, x.Opened+x.Chats), cmp.Compare(y.Resolved+y.Ended, x.Resolved+x.Ended), cmp.Compare(x.Key, y.Key))
	})
	return all
}
