package lead

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/roster"
)

// wallPage is what happens now.
type wallPage struct {
	work.Frame
	Screen bool // for a large screen on a wall: nothing around it
	Agents []seat
	Late   []due // whose target has passed, those that have waited least first
	LateN  int   // all of them, of each severity up to lateCounted
	Soon   []due // whose target passes within soon, the nearest first
	SoonN  int   // all of them
	Soon15 int   // of those, within half of it

	LateMore bool // there are more than LateN
	Today    figures
	Running  int
}

// figures are what came of today so far.
type figures struct {
	Opened, Resolved, Chats, Lost value
	First, Wait, InTime, Score    value
	at                            time.Time
}

// A seat is an agent, with what they have in hand.
type seat struct {
	ID       desk.AgentID
	Name     string
	Presence string // online, away or offline
	Says     string
	Holds    int // chats at the same time
	Full     bool
	Chats    []running
}

// A running is a chat in an agent's hands.
type running struct {
	*desk.Case
	Since time.Time
	Quiet time.Time // of the customer's newest word, when no other is known of the join
	Away  bool
	With  string // further agents
}

// A due is a case without an answer.
type due struct {
	*desk.Case
	ISO     string // when its target passes or has passed, for machines
	Full    string // and for people
	Left    string // how long that is from now
	Over    bool   // it has passed
	Account string
}

const (
	// soon is how far ahead the wall looks.
	soon = 30 * time.Minute
	// listed is how many cases a list has.
	listed = 12
	// unansweredRead is how many cases without an answer are looked at, the newest, of
	// each time that a target decides by.
	unansweredRead = 2000
	// lateCounted is up to how many of a severity are counted that are too late.
	lateCounted = 10_000
	// runningRead is how many running chats are.
	runningRead = 1000
	// figuresLast is how long the figures of today are shown before they are
	// reckoned anew.
	figuresLast = 5 * time.Second
)

func (l *Room) getWall(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	f, err := l.house.Frame(r, who, "wall", "Wallboard")
	if err != nil {
		return err
	}
	page := wallPage{Frame: f, Screen: r.URL.Query().Has("screen")}
	if err := l.seats(r.Context(), &page); err != nil {
		return err
	}
	if err := l.dues(r.Context(), &page); err != nil {
		return err
	}
	if page.Today, err = l.figures(r.Context(), f); err != nil {
		return err
	}
	return l.house.List(w, r, "wall", f, page)
}

// List is the address from which the page is made anew.
func (p wallPage) List() string {
	if p.Screen {
		return "/wall?screen"
	}
	return "/wall"
}

// seats are the agents who are there or have chats, the fullest first.
func (l *Room) seats(ctx context.Context, page *wallPage) error {
	agents, err := l.Read.Agents(ctx)
	if err != nil {
		return err
	}
	held, err := l.Read.Seats(ctx)
	if err != nil {
		return err
	}
	cases, err := l.Read.Running(ctx, desk.Lookout{}, "", runningRead)
	if err != nil {
		return err
	}
	page.Running = len(cases)
	chats := map[desk.AgentID][]running{}
	for i := range cases {
		c := &cases[i]
		chats[c.Chat.Agent] = append(chats[c.Chat.Agent], running{
			Case: c, Since: c.Chat.Since(), Quiet: c.Chat.LastWordAt, Away: c.Chat.Away, With: among(work.Others(c.Chat, c.Chat.Agent)),
		})
	}
	for _, a := range agents {
		there := roster.There(a, page.Now)
		if len(chats[a.ID]) == 0 && (there == roster.Offline || !rights.May(a, rights.Answer)) {
			continue
		}
		s := seat{ID: a.ID, Name: a.Name, Presence: string(there), Says: presence(page.Frame, there), Holds: roster.Seat{}.Holds(), Chats: chats[a.ID]}
		if i := slices.IndexFunc(held, func(h roster.Seat) bool { return h.Agent == a.ID }); i >= 0 {
			s.Holds = held[i].Holds()
		}
		s.Full = len(s.Chats) >= s.Holds
		slices.SortFunc(s.Chats, func(x, y running) int { return cmp.Or(x.Since.Compare(y.Since), cmp.Compare(x.ID, y.ID)) })
		page.Agents = append(page.Agents, s)
	}
	slices.SortFunc(page.Agents, func(x, y seat) int {
		return cmp.Or(cmp.Compare(len(y.Chats), len(x.Chats)), cmp.Compare(y.Presence, x.Presence), cmp.Compare(x.Name, y.Name))
	})
	return nil
}

func presence(f work.Frame, p desk.Presence) string {
	switch p {
	case desk.Online:
		return f.Say("Online")
	case desk.Away:
		return f.Say("Away")
	}
	return f.Say("Offline")
}

func among(names []string) string {
	if len(names) == 0 {
		return ""
	}
	text := names[0]
	for _, n := range names[1:] {
		text += ", " + n
	}
	return text
}

// dues are the cases whose target passes soon or has passed today.
func (l *Room) dues(ctx context.Context, page *wallPage) error {
	facts, err := l.pressing(ctx, page.Now)
	if err != nil {
		return err
	}
	at := func(c report.CaseFact) time.Time { return c.OpenedAt.Add(l.target(c.Severity)) }
	slices.SortFunc(facts, func(x, y report.CaseFact) int { return cmp.Or(at(x).Compare(at(y)), cmp.Compare(x.Case, y.Case)) })
	var late, ahead []report.CaseFact
	for _, c := range facts {
		switch left := at(c).Sub(page.Now); {
		case left <= 0:
			late = append(late, c)
		case left <= soon:
			ahead = append(ahead, c)
			if left <= soon/2 {
				page.Soon15++
			}
		}
	}
	slices.Reverse(late) // what has just become late can be helped best
	page.SoonN = len(ahead)
	for _, s := range desk.Severities() {
		n, err := l.Read.CountUnanswered(ctx, s, page.Now.Add(time.Microsecond-l.target(s)), lateCounted)
		if err != nil {
			return err
		}
		page.LateN, page.LateMore = page.LateN+n, page.LateMore || n == lateCounted
	}
	if page.Late, err = l.due(ctx, page.Frame, late[:min(len(late), listed)], at); err != nil {
		return err
	}
	page.Soon, err = l.due(ctx, page.Frame, ahead[:min(len(ahead), listed)], at)
	return err
}

// pressing are the cases without an answer whose target passes soon, and the newest of
// those whose target has passed. What a target decides is looked for around the time
// at which it decides, so many cases that wait for something else hide none.
func (l *Room) pressing(ctx context.Context, now time.Time) (all []report.CaseFact, err error) {
	for _, s := range desk.Severities() {
		due := now.Add(-l.target(s))
		for _, span := range [][2]time.Time{{due, due.Add(soon + time.Microsecond)}, {{}, due}} {
			facts, err := l.Read.Unanswered(ctx, span[0], span[1], unansweredRead)
			if err != nil {
				return nil, err
			}
			for _, f := range facts {
				if f.Severity == s {
					all = append(all, f)
				}
			}
		}
	}
	return all, nil
}

// LateCount is how many are too late, with a sign when there are more than are counted.
func (p wallPage) LateCount() string {
	if p.LateMore {
		return strconv.Itoa(p.LateN) + "+"
	}
	return strconv.Itoa(p.LateN)
}

func (l *Room) due(ctx context.Context, f work.Frame, facts []report.CaseFact, at func(report.CaseFact) time.Time) ([]due, error) {
	ids := make([]desk.CaseID, len(facts))
	for i, fact := range facts {
		ids[i] = fact.Case
	}
	cases, err := l.Read.Cases(ctx, ids)
	if err != nil {
		return nil, err
	}
	accounts, err := l.Read.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	var all []due
	for _, fact := range facts {
		i := slices.IndexFunc(cases, func(c desk.Case) bool { return c.ID == fact.Case })
		if i < 0 || !cases[i].Open() {
			continue
		}
		when := at(fact)
		d := due{Case: &cases[i], ISO: f.ISO(when), Full: f.Full(when), Account: string(fact.Account), Over: !when.After(f.Now), Left: f.Say("in %s", spell(f.Tongue, minutes(when.Sub(f.Now))))}
		if d.Over {
			d.Left = f.Say("%s ago", spell(f.Tongue, minutes(f.Now.Sub(when))))
		}
		for _, a := range accounts {
			if a.ID == fact.Account {
				d.Account = a.Title()
			}
		}
		all = append(all, d)
	}
	return all, nil
}

// minutes is a duration to the minute, and one at least.
func minutes(d time.Duration) time.Duration { return max(time.Minute, d.Truncate(time.Minute)) }

// figures are those of today, in the reader's time zone. Walls are made anew
// often, so they are kept for a moment.
func (l *Room) figures(ctx context.Context, f work.Frame) (figures, error) {
	zone := f.Zone.String()
	l.mu.Lock()
	kept := l.today[zone]
	l.mu.Unlock()
	if age := f.Now.Sub(kept.at); age >= 0 && age < figuresLast && !kept.at.IsZero() {
		return kept, nil
	}
	q, err := l.question(asked{Period: "1"}, f.Zone, f.Now)
	if err != nil {
		return kept, err
	}
	a, err := l.answer(ctx, q)
	if err != nil {
		return kept, err
	}
	kept = figures{
		Opened: counted(a.Now.Opened), Resolved: counted(a.Now.Resolved), Chats: counted(a.Now.Chats), Lost: counted(a.Now.Cancelled),
		First: timed(a.Now.First.Median()), Wait: timed(a.Now.Wait.Median()), InTime: shared(a.Now.InTime()), Score: scored(a.Now.Score()), at: f.Now,
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.today) > 64 { // zones are few; whoever sends others gets nothing kept
		clear(l.today)
	}
	l.today[zone] = kept
	return kept, nil
}
