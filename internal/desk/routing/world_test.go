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
	kinds   map[routing.Kind]int
	back    map[int]int // chats that came back, by how often they had

	comesBack func(c *desk.Case) bool // whether who takes a chat does not stay with it
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
	of    desk.Case
	stays bool // until the chat is over; or else it comes back to the queue
}

var (
	start    = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) // a Monday
	codes    = []string{"vpn", "billing", "mail"}
	sorts    = []string{"outage", "question"}
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
	w := &world{T: t, seed: seed, rand: rand.New(rand.NewPCG(seed, 1)), rules: rules(), now: start, kinds: map[routing.Kind]int{}, back: map[int]int{}}
	w.comesBack = func(*desk.Case) bool { return w.chance(0.15) }
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
	return roster.Skills{Services: w.some(codes), Categories: w.some(sorts), Languages: w.some(tongues)}
}

func (w *world) asks(s desk.Severity) *desk.Case {
	w.opened++
	c := desk.Case{
		ID: desk.CaseID(fmt.Sprintf("case%05d", w.opened)), Severity: s, Service: codes[w.rand.IntN(3)], Language: tongues[w.rand.IntN(3)], Status: desk.StatusOpened,
	}
	if w.chance(0.7) {
		c.Category = sorts[w.rand.IntN(2)]
	}
	if _, _, err := c.Request(desk.ChatID(c.ID), "T1/U1", "o", w.now); err != nil {
		w.Fatal(err)
	}
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
		one.Asked = w.asked(a.ID)
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
	w.waiting = w.waiting[:min(len(w.waiting), 30)]
	w.now = w.now.Add(time.Duration(1+w.rand.IntN(20)) * time.Second)
	w.leave()
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
	c := w.waiting[i]
	w.taken = append(w.taken, c)
	w.waiting = slices.Delete(w.waiting, i, i+1)
	if _, _, err := c.Join(desk.Actor{Side: desk.SideAgent, ID: string(a.ID), Name: a.Name}, "j", w.now); err != nil {
		w.fail("%s takes %s: %v", a.ID, c.ID, err)
	}
	w.running = append(w.running, &running{agent: a.ID, until: w.now.Add(time.Duration(30+w.rand.IntN(600)) * time.Second), of: c, stays: !w.comesBack(&c)})
	a.Last = w.now
}

// leave has those chats end that are over, or come back to the queue because their
// agent is gone or gives them back.
func (w *world) leave() {
	for _, r := range w.running {
		if r.stays || w.now.Before(r.until) {
			continue
		}
		c := r.of
		if w.chance(0.5) {
			c.Return("r", w.now)
		} else if _, _, err := c.HandOver(desk.Actor{}, desk.Actor{}, "h", w.now); err != nil {
			w.fail("%s gives back %s: %v", r.agent, c.ID, err)
		}
		w.back[c.Chat.Returns]++
		w.waiting = slices.Insert(w.waiting, 0, c)
	}
	w.running = slices.DeleteFunc(w.running, func(r *running) bool { return !w.now.Before(r.until) })
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
	var got []desk.CaseID
	for _, d := range plan {
		got = append(got, d.Case)
	}
	if want := w.inOrder(); !slices.Equal(got, want) {
		w.fail("served in the order\n%v, want\n%v", got, want)
	}
	for _, d := range plan {
		c := w.waitingCase(d.Case)
		if lapsed := w.lapsed(c); d.Lapsed != lapsed || d.Seen != c.Chat.Offer {
			w.fail("%s, which has the offer %+v: %+v", c.ID, c.Chat.Offer, d)
		}
	}
	for _, d := range plan {
		if d.Lapsed {
			w.lapses++
			w.waitingCase(d.Case).Pass(d.Seen.Agent, w.now)
		}
	}
	for _, d := range plan {
		w.decided(w.waitingCase(d.Case), d)
	}
	w.looksAtHours()
}

// lapsed reports whether the offer of a chat stands no longer.
func (w *world) lapsed(c *desk.Case) bool {
	o := c.Chat.Offer
	return o.Agent != "" && (!w.now.Before(o.Until) || w.worker(string(o.Agent)).Presence != desk.Online)
}

func (w *world) worker(id string) *worker {
	return w.agents[slices.IndexFunc(w.agents, func(a *worker) bool { return string(a.ID) == id })]
}

// decided tests one decision, when those before it are done, and does it.
func (w *world) decided(c *desk.Case, d routing.Decision) {
	w.Helper()
	if o := c.Chat.Offer; o.Agent != "" {
		if (d.To != desk.Actor{}) || d.Why != (routing.Reason{Kind: routing.Offered, Name: o.Name, Until: o.Until}) {
			w.fail("%s has the offer %+v, and is decided: %+v", c.ID, o, d)
		}
		return
	}
	right, why := w.rightFor(c)
	if d.Why.Kind != why {
		w.fail("%s is %s, want %s, for %+v", c.ID, d.Why.Kind, why, right)
	}
	w.kinds[why]++
	if (d.To != desk.Actor{}) != (why == routing.Offered) {
		w.fail("%s is %s, and is offered to %q", c.ID, why, d.To.ID)
	}
	if why != routing.Offered {
		return
	}
	a := w.worker(d.To.ID)
	if want := w.whom(c, right); a != want {
		w.fail("%s is offered to %s, want %s", c.ID, a.ID, want.ID)
	}
	w.offers++
	if !a.Attentive {
		w.away++
	}
	if until := w.now.Add(w.rules.OfferFor); !d.Until.Equal(until) || d.Why.Name != a.Name || !c.MakeOffer(d.To, d.Until, w.now) {
		w.fail("%s cannot be offered until %s: %+v, %+v", c.ID, until, d, c.Chat)
	}
	a.Last = w.now
	if got := w.load(a.ID); got > a.Seat.Holds() {
		w.fail("%s has %d of %d", a.ID, got, a.Seat.Holds())
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

func (w *world) fail(format string, args ...any) {
	w.Helper()
	w.Fatalf("seed %d, at %s: "+format, append([]any{w.seed, w.now.Format("15:04:05")}, args...)...)
}
