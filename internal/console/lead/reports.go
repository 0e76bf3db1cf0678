package lead

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"caseline/internal/console/chart"
	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
)

// A tile is a measure of the whole period.
type tile struct {
	Name, Words, Value, P90 string
	Before                  string // what it was in the period before
	Change                  string // in words; empty for none
	Trend                   string // better, worse or even
}

type reportsPage struct {
	work.Frame
	Asked    asked
	Periods  []period
	Filters  []filter
	By       []choice
	ByName   string // what it is divided by
	Span     string // the period in words
	Tiles    []tile
	Charts   []chart.Chart
	Groups   groupTable
	Week     weekTable
	Scores   []scoreRow
	Ratings  int
	Content  string // the share of those who are
	Said     []said
	Measures []report.Measure
	Wrong    string
}

// Address is where the same is, with something else chosen.
func (p reportsPage) Address(name, value string) string {
	return "/reports?" + p.Asked.with(name, value)
}

// File is where a table is as CSV.
func (p reportsPage) File(table string) string {
	return "/reports/" + table + ".csv?" + p.Asked.with("", "")
}

// A said is what somebody wrote about a chat.
type said struct {
	Score        int
	Word, Remark string
	Who, Agent   string
	Number       desk.CaseNumber
	At           time.Time
}

// answer reckons what is asked.
func (l *Room) answer(ctx context.Context, q report.Question) (*report.Answer, error) {
	a := report.Begin(q)
	from, to := a.Span()
	err := l.Read.EachCase(ctx, from, to, func(c *report.CaseFact) error { a.Case(c); return nil })
	if err != nil {
		return a, fmt.Errorf("report on cases: %w", err)
	}
	if err = l.Read.EachChat(ctx, from, to, func(k *report.ChatFact, c *report.CaseFact) error { a.Chat(k, c); return nil }); err != nil {
		return a, fmt.Errorf("report on chats: %w", err)
	}
	err = l.Read.EachOffer(ctx, from, to, func(o *report.OfferFact, _ *report.ChatFact, c *report.CaseFact) error { a.Offer(o, c); return nil })
	if err != nil {
		return a, fmt.Errorf("report on offers: %w", err)
	}
	err = l.Read.EachRating(ctx, from, to, func(r *report.Rating, k *report.ChatFact, c *report.CaseFact) error { a.Rating(r, k, c); return nil })
	if err != nil {
		return a, fmt.Errorf("report on ratings: %w", err)
	}
	return a, nil
}

func (l *Room) getReports(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	f, err := l.house.Frame(r, who, "reports", "Reports")
	if err != nil {
		return err
	}
	page := reportsPage{Frame: f, Asked: askedIn(r), Periods: periods(), Measures: report.Measures()}
	n, err := l.names(r.Context(), f.Tongue)
	if err != nil {
		return err
	}
	page.Filters = n.filters(page.Asked)
	for _, d := range report.Dimensions() {
		page.By = append(page.By, choice{string(d), n.dimension(d)})
	}
	page.ByName = n.dimension(report.Dimension(page.Asked.By))
	q, err := l.question(page.Asked, f.Zone, f.Now)
	if why, ok := errors.AsType[*desk.Refusal](err); ok {
		page.Wrong = why.Message
		return l.house.Show(w, http.StatusUnprocessableEntity, "reports", page)
	}
	if err != nil {
		return err
	}
	q.Teams = report.Teams(n.teams)
	a, err := l.answer(r.Context(), q)
	if err != nil {
		return err
	}
	page.Span = page.span(q)
	page.fill(a, n)
	if page.Said, err = l.said(r.Context(), a, n); err != nil {
		return err
	}
	return l.house.Show(w, http.StatusOK, "reports", page)
}

// span is a period in words.
func (p *reportsPage) span(q report.Question) string {
	from, last := q.From.In(q.Zone), q.To.In(q.Zone).AddDate(0, 0, -1)
	if from.Equal(last) {
		return p.Date(from, "Monday, 2 January 2006")
	}
	return p.Say("%s to %s", p.Date(from, "2 January 2006"), p.Date(last, "2 January 2006"))
}

func (p *reportsPage) fill(a *report.Answer, n names) {
	for _, m := range p.Measures {
		if m.Table {
			continue
		}
		p.Tiles = append(p.Tiles, tileOf(m, a, n))
	}
	p.Charts = p.charts(a)
	p.Groups = groupsOf(a, n)
	p.Week = weekOf(a, p.Frame)
	p.Ratings = a.Now.Ratings()
	if share, ok := a.Now.SatisfiedShare(); ok {
		p.Content = percent(share)
	}
	p.Scores = scoresOf(p.Tongue, a)
}

// tileOf is a measure beside what it was before.
func tileOf(m report.Measure, a *report.Answer, n names) tile {
	now, p90 := measure(m.Key, &a.Now)
	was, _ := measure(m.Key, &a.Before)
	t := tile{Name: n.tongue.Text(m.Name), Words: n.tongue.Told(m.Words), Value: now.Text(n.tongue), P90: most(n.tongue, p90), Before: was.Text(n.tongue)}
	if math.IsNaN(now.Number) || math.IsNaN(was.Number) || was.Number == 0 {
		return t
	}
	change := (now.Number - was.Number) / was.Number * 100
	points := int(math.Round(math.Abs(now.Number - was.Number)))
	switch {
	case m.Share && points == 0 || math.Abs(change) < 0.5:
		t.Change, t.Trend = n.tongue.Say("as before"), "even"
		return t
	case m.Share && change > 0:
		t.Change = n.tongue.Count(points, "1 point more", "%d points more")
	case m.Share:
		t.Change = n.tongue.Count(points, "1 point less", "%d points less")
	case change > 0:
		t.Change = n.tongue.Say("%s more", percent(change/100))
	default:
		t.Change = n.tongue.Say("%s less", percent(-change/100))
	}
	t.Trend = "better"
	switch {
	case m.Key == "opened" || m.Key == "chats":
		t.Trend = "even" // neither good nor bad
	case change > 0 == m.Fewer:
		t.Trend = "worse"
	}
	return t
}

// charts are how the period went.
func (p *reportsPage) charts(a *report.Answer) []chart.Chart {
	labels := make([]string, len(a.Parts))
	for i, part := range a.Parts {
		labels[i] = stepName(p.Tongue, a.Question, part.Begin)
	}
	series := func(class, name string, of func(*report.Totals) value) chart.Series {
		s := chart.Series{Class: class, Name: name}
		for i := range a.Parts {
			s.Values = append(s.Values, of(&a.Parts[i].Totals).Number)
		}
		return s
	}
	count := func(v float64) string { return fmt.Sprintf("%.0f", v) }
	long := func(v float64) string { return spell(p.Tongue, time.Duration(v*float64(time.Second))) }
	spread := func(of func(*report.Totals) *report.Spread) []chart.Series {
		return []chart.Series{
			series("one", p.Say("Median"), func(t *report.Totals) value { return timed(of(t).Median()) }),
			series("two", p.Say("Nine in ten"), func(t *report.Totals) value { return timed(of(t).P90()) }),
		}
	}
	all := []chart.Plan{
		{ID: "volume", Title: p.Say("Cases"), Spell: count, Whole: true, Says: p.Say("Opened: %d. Resolved: %d.", a.Now.Opened, a.Now.Resolved), Series: []chart.Series{
			series("one", p.Say("Opened"), func(t *report.Totals) value { return counted(t.Opened) }),
			series("two", p.Say("Resolved"), func(t *report.Totals) value { return counted(t.Resolved) }),
		}},
		{ID: "chats", Title: p.Say("Chats"), Spell: count, Whole: true, Says: p.Say("Asked for: %d. Joined by an agent: %d.", a.Now.Chats, a.Now.Joined), Series: []chart.Series{
			series("one", p.Say("Joined"), func(t *report.Totals) value { return counted(t.Joined) }),
			series("bad", p.Say("Gave up"), func(t *report.Totals) value { return counted(t.Cancelled) }),
		}},
		{ID: "first", Title: p.Say("First response"), Spell: long, Ends: ends(), Line: true, Says: p.Count(a.Now.First.N(), "1 case was answered.", "%d cases were answered."), Series: spread(func(t *report.Totals) *report.Spread { return &t.First })},
		{ID: "wait", Title: p.Say("Wait for an agent"), Spell: long, Ends: ends(), Line: true, Says: p.Count(a.Now.Wait.N(), "1 chat was joined.", "%d chats were joined."), Series: spread(func(t *report.Totals) *report.Spread { return &t.Wait })},
		{ID: "handling", Title: p.Say("Handling time"), Spell: long, Ends: ends(), Line: true, Says: p.Count(a.Now.Ended, "1 chat ended.", "%d chats ended."), Series: spread(func(t *report.Totals) *report.Spread { return &t.Handling })},
		{ID: "resolution", Title: p.Say("Time to resolution"), Spell: long, Ends: ends(), Line: true, Says: p.Count(a.Now.Resolved, "1 case was resolved.", "%d cases were resolved."), Series: spread(func(t *report.Totals) *report.Spread { return &t.Resolution })},
		{ID: "reopened", Title: p.Say("Reopened"), Spell: func(v float64) string { return percent(v / 100) }, Line: true, Most: 100, Says: p.Say("Of those resolved for the first time, %d of %d.", a.Now.Reopened, a.Now.Settled), Series: []chart.Series{
			series("bad", p.Say("Opened again"), func(t *report.Totals) value { return shared(t.ReopenRate()) }),
		}},
		{ID: "score", Title: p.Say("Satisfaction"), Spell: func(v float64) string { return p.Decimal(v, 1) }, Line: true, Most: report.BestScore, Says: p.Count(a.Now.Ratings(), "1 rating was given.", "%d ratings were given."), Series: []chart.Series{
			series("good", p.Say("Mean score"), func(t *report.Totals) value { return scored(t.Score()) }),
		}},
	}
	out := make([]chart.Chart, len(all))
	for i, plan := range all {
		plan.Labels, plan.When, plan.File = labels, p.Say("When"), p.File("time")
		out[i] = chart.Lay(plan)
	}
	return out
}

// stepName is how a step is called along the time.
func stepName(t tongue.Tongue, q report.Question, at time.Time) string {
	at = at.In(q.Zone)
	switch q.Step() {
	case report.Hourly:
		return t.Date(at, "2 Jan 15:04")
	case report.Monthly:
		return t.Date(at, "Jan 2006")
	case report.Daily, report.Weekly:
	}
	return t.Date(at, "2 Jan")
}

// said are the comments of an answer, with names.
func (l *Room) said(ctx context.Context, a *report.Answer, n names) ([]said, error) {
	var ids []desk.PersonID
	for _, s := range a.Said {
		ids = append(ids, s.Person)
	}
	people, err := l.Read.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]said, len(a.Said))
	for i, s := range a.Said {
		who := people[s.Person].Name
		if who == "" {
			who = n.tongue.Say("Somebody in Slack")
		}
		out[i] = said{Score: s.Score, Word: n.tongue.Text(report.ScoreWord(s.Score)), Remark: s.Remark, Who: who, Agent: n.agent(s.Agent), Number: s.Number, At: s.ChangedAt}
	}
	return out, nil
}
