package routing_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/routing"
)

// A world is a floor and its customers in virtual time, all by one seed.
type world struct {
	*testing.T
	seed  uint64
	rand  *rand.Rand
	rules routing.Rules
	now   time.Time

	agents  []*worker
	teams   []roster.Team
	waiting []desk.Case
	running []*running
	opened  int
	away    int         // offers to agents who looked away
	crossed int         // hours of teams that began or ended meanwhile
	open    string      // which teams are there
	taken   []desk.Case // in the order in which agents took them, as they were then
	offers  int
	lapses  int
}

// A worker is an agent as they behave.
type worker struct {
	routing.Agent
	takes, passes float64 // how likely in each step, of an offer
	comes, goes   float64
	looks         float64 // how likely in each step, of looking up or away
	byHand        float64
}

type running struct {
	agent desk.AgentID
	until time.Time
}

var (
	start    = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) // a Monday
	codes    = []string{"vpn", "billing", "mail"}
	tongues  = []string{"en", "de", "fr"}
	zones    = []string{"UTC", "Europe/Paris", "America/New_York", "Asia/Tokyo"}
	targets  = map[desk.Severity]time.Duration{"low": 2 * time.Hour, "normal": time.Hour, "high": 30 * time.Minute, "urgent": 10 * time.Minute, "critical": 3 * time.Minute}
	allKinds = []routing.Kind{routing.Offered, routing.ByHand, routing.Closed, routing.NoLanguage, routing.NoSkill, routing.NobodyHere, routing.Full, routing.Asked, routing.AllPassed}
)

func rules() routing.Rules {
	return routing.Rules{
		OfferFor: 30 * time.Second, AskAgain: 2 * time.Minute,
		Target: func(s desk.Severity) time.Duration { return targets[s] },
		Hours: func(_, language string) (matters.Hours, bool) {
			if language != "fr" {
				return matters.Hours{}, true
			}
			return office(9, 17), false
		},
	}
}

func office(from, to int) matters.Hours {
	days := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	return matters.Hours{Zone: time.UTC, Open: []matters.Span{{Days: days, From: from * 60, To: to * 60}}}
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{T: t, seed: seed, rand: rand.New(rand.NewPCG(seed, 1)), rules: rules(), now: start}
	for i := range 1 + w.rand.IntN(6) {
		a := worker{
			takes: w.rand.Float64(), passes: w.rand.Float64() / 4, comes: w.rand.Float64() / 10, goes: w.rand.Float64() / 50, byHand: w.rand.Float64() / 100,
			looks: w.rand.Float64() / 10,
		}
		a.ID, a.Presence = desk.AgentID(fmt.Sprint("agent", i)), roster.Offline
		a.Name = string(a.ID)
		a.Seat = roster.Seat{Agent: a.ID, Capacity: w.rand.IntN(5), Skills: w.skills()}
		w.agents = append(w.agents, &a)
	}
	for i := range w.rand.IntN(4) {
		team := roster.Team{ID: roster.TeamID(fmt.Sprint("team", i)), Skills: w.skills()}
		if w.chance(0.4) {
			team.Hours = office(8+w.rand.IntN(3), 11+w.rand.IntN(8))
			zone, err := time.LoadLocation(zones[w.rand.IntN(len(zones))])
			if err != nil {
				t.Fatal(err)
			}
			team.Hours.Zone = zone
			hour := []int{team.Hours.Open[0].From, team.Hours.Open[0].To}[w.rand.IntN(2)] / 60
			w.now = time.Date(2026, 3, 2+w.rand.IntN(5), hour, -1-w.rand.IntN(9), 0, 0, zone).UTC() // they begin or end in some minutes
		}
		for _, a := range w.agents {
			if w.chance(0.6) {
				team.Members = append(team.Members, a.ID)
			}
		}
		w.teams = append(w.teams, team)
	}
	return w
}

func (w *world) chance(p float64) bool { return w.rand.Float64() < p }

func (w *world) some(codes []string) (some []string) {
	if w.chance(0.5) {
		return nil
	}
	for _, c := range codes {
		if w.chance(0.6) {
			some = append(some, c)
		}
	}
	return some
}

func (w *world) skills() roster.Skills {
	return roster.Skills{Services: w.some(codes), Languages: w.some(tongues)}
}

func (w *world) asks(s desk.Severity) *desk.Case {
	w.opened++
	c := desk.Case{
		ID: desk.CaseID(fmt.Sprintf("case%05d", w.opened)), Severity: s, Service: codes[w.rand.IntN(3)], Language: tongues[w.rand.IntN(3)], Status: desk.StatusOpened,
	}
	if _, _, err := c.Request(desk.ChatID(c.ID), "T1/U1", "o", w.now); err != nil {
		w.Fatal(err)
	}
	c.Chat.Returned = w.chance(0.05)
	if w.chance(0.2) {
		c.Chat.Before = w.agents[w.rand.IntN(len(w.agents))].ID
	}
	w.waiting = append(w.waiting, c)
	return &w.waiting[len(w.waiting)-1]
}

// floor is everybody as they stand.
func (w *world) floor() routing.Floor {
	f := routing.Floor{Teams: w.teams}
	for _, a := range w.agents {
		one := a.Agent
		one.Load = w.load(a.ID)
		one.Asked = slices.ContainsFunc(w.waiting, func(c desk.Case) bool { return c.Chat.Offer.Agent == a.ID })
		f.Agents = append(f.Agents, one)
	}
	return f
}

func (w *world) load(id desk.AgentID) (n int) {
	for _, r := range w.running {
		if r.agent == id {
			n++
		}
	}
	for _, c := range w.waiting {
		if c.Chat.Offer.Agent == id {
			n++
		}
	}
	return n
}

// step lets some seconds pass, in which people come, go, take and pass, and of many
// customers some give up.
func (w *world) step() {
	for len(w.waiting) > 25 {
		i := w.rand.IntN(len(w.waiting))
		w.waiting = slices.Delete(w.waiting, i, i+1)
	}
	w.later()
}

// later is step for customers who never give up, but for those who came last of
// very many.
func (w *world) later() {
	w.waiting = w.waiting[:min(len(w.waiting), 60)]
	w.now = w.now.Add(time.Duration(1+w.rand.IntN(20)) * time.Second)
	w.running = slices.DeleteFunc(w.running, func(r *running) bool { return !w.now.Before(r.until) })
	for _, a := range w.agents {
		switch {
		case a.Presence != desk.Online && w.chance(a.comes):
			a.Presence = desk.Online
		case a.Presence == desk.Online && w.chance(a.goes):
			a.Presence = []desk.Presence{desk.Away, roster.Offline}[w.rand.IntN(2)]
		}
		if w.chance(a.looks) {
			a.Attentive = !a.Attentive
		}
		if a.Presence == desk.Online && len(w.waiting) > 0 && w.chance(a.byHand) && w.load(a.ID) < a.Seat.Holds() {
			w.take(w.rand.IntN(len(w.waiting)), a)
		}
	}
	for i := len(w.waiting) - 1; i >= 0; i-- {
		c := &w.waiting[i]
		for _, a := range w.agents {
			switch {
			case !c.Chat.Offered(a.ID, w.now) || a.Presence != desk.Online:
			case a.Attentive && w.chance(a.takes) || w.chance(a.takes/10):
				w.take(i, a)
			case w.chance(a.passes):
				c.Pass(a.ID, w.now)
			default:
				continue
			}
			if i >= len(w.waiting) || w.waiting[i].ID != c.ID {
				break
			}
		}
	}
}

func (w *world) take(i int, a *worker) {
	w.taken = append(w.taken, w.waiting[i])
	w.running = append(w.running, &running{a.ID, w.now.Add(time.Duration(30+w.rand.IntN(600)) * time.Second)})
	a.Last = w.now
	w.waiting = slices.Delete(w.waiting, i, i+1)
}

// plan has a plan made and done, and looks at both.
func (w *world) plan() {
	w.Helper()
	before := w.floor()
	shuffled := slices.Clone(w.waiting)
	w.rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	plan := w.rules.Plan(before, w.waiting, w.now)
	if again := w.rules.Plan(w.mixed(before), shuffled, w.now); !slices.Equal(plan, again) {
		w.fail("two nodes do not agree:\n%+v\n%+v", plan, again)
	}
	w.looksAt(plan)
	for _, d := range plan {
		if d.Lapsed {
			w.lapses++
			w.waitingCase(d.Case).Pass(d.Seen.Agent, w.now)
		}
	}
	for _, d := range plan {
		if d.To == (desk.Actor{}) {
			continue
		}
		c := w.waitingCase(d.Case)
		w.offers++
		w.looksWhom(c, desk.AgentID(d.To.ID))
		if !c.MakeOffer(d.To, d.Until, w.now) {
			w.fail("%s cannot be offered: %+v", c.ID, c.Chat)
		}
		a := w.agents[slices.IndexFunc(w.agents, func(a *worker) bool { return string(a.ID) == d.To.ID })]
		a.Last = w.now
		if got := w.load(a.ID); got > a.Seat.Holds() {
			w.fail("%s has %d of %d", a.ID, got, a.Seat.Holds())
		}
		asked := 0
		for _, c := range w.waiting {
			if c.Chat.Offer.Agent == a.ID {
				asked++
			}
		}
		if asked > 1 {
			w.fail("%s is asked about %d chats at once", a.ID, asked)
		}
		if a.Presence != desk.Online || !a.Seat.Skills.Covers(c) || !w.of(c, a.ID) {
			w.fail("%s is offered to %+v", c.ID, a)
		}
	}
	w.looksAtHours()
}

// looksWhom tests that nobody is asked who looks away while somebody is there who
// could be asked and has not passed.
func (w *world) looksWhom(c *desk.Case, to desk.AgentID) {
	w.Helper()
	asked := w.agents[slices.IndexFunc(w.agents, func(a *worker) bool { return a.ID == to })]
	if asked.Attentive {
		return
	}
	w.away++
	for _, a := range w.agents {
		busy := w.load(a.ID) >= a.Seat.Holds() || slices.ContainsFunc(w.waiting, func(c desk.Case) bool { return c.Chat.Offer.Agent == a.ID })
		passed := slices.ContainsFunc(c.Chat.Passed, func(p desk.Pass) bool { return p.Agent == a.ID })
		if a.Attentive && a.Presence == desk.Online && a.Seat.Skills.Covers(c) && w.of(c, a.ID) && !busy && !passed {
			w.fail("%s is offered to %s, who looks away, and not to %s, who is there", c.ID, to, a.ID)
		}
	}
}

// looksAtHours notes when the hours of a team begin or end.
func (w *world) looksAtHours() {
	open := ""
	for _, t := range w.teams {
		if t.Hours.Zone != nil {
			is, _ := t.Hours.Next(w.now)
			open += fmt.Sprint(is, " ")
		}
	}
	if w.open != "" && open != w.open {
		w.crossed++
	}
	w.open = open
}

func (w *world) mixed(f routing.Floor) routing.Floor {
	w.rand.Shuffle(len(f.Agents), func(i, j int) { f.Agents[i], f.Agents[j] = f.Agents[j], f.Agents[i] })
	return f
}

func (w *world) waitingCase(id desk.CaseID) *desk.Case {
	return &w.waiting[slices.IndexFunc(w.waiting, func(c desk.Case) bool { return c.ID == id })]
}

// looksAt tests that all chats have an offer or a reason, and that none was passed
// over by one behind it for an agent who could have had it.
func (w *world) looksAt(plan []routing.Decision) {
	w.Helper()
	if len(plan) != len(w.waiting) {
		w.fail("%d decisions about %d chats", len(plan), len(w.waiting))
	}
	for i, d := range plan {
		if !slices.Contains(allKinds, d.Why.Kind) {
			w.fail("%s has neither an offer nor a reason: %+v", d.Case, d)
		}
		if (d.To != desk.Actor{}) && (d.Why.Kind != routing.Offered || !d.Until.After(w.now)) {
			w.fail("%s: %+v", d.Case, d)
		}
		if d.Why.Kind != routing.Full {
			continue
		}
		c := w.waitingCase(d.Case)
		for _, behind := range plan[i+1:] {
			a := slices.IndexFunc(w.agents, func(a *worker) bool { return string(a.ID) == behind.To.ID })
			if a >= 0 && w.agents[a].Seat.Skills.Covers(c) && w.of(c, w.agents[a].ID) {
				w.fail("%s is passed over: %s, which is behind it, is offered to %s", c.ID, behind.Case, behind.To.ID)
			}
		}
	}
}

// of reports whether a chat may be an agent's by the teams, whatever their hours.
func (w *world) of(c *desk.Case, id desk.AgentID) bool {
	mine := false
	for _, t := range w.teams {
		if !t.Skills.Covers(c) {
			continue
		}
		mine = true
		hours := t.Hours
		if hours.Zone == nil {
			hours, _ = w.rules.Hours("", c.Language)
		}
		if open, _ := hours.Next(w.now); open && t.Has(id) {
			return true
		}
	}
	return !mine
}

func (w *world) fail(format string, args ...any) {
	w.Helper()
	w.Fatalf("seed %d, at %s: "+format, append([]any{w.seed, w.now.Format("15:04:05")}, args...)...)
}
