package report

import (
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
)

// A Question is what somebody wants to know.
type Question struct {
	From, To time.Time // days begin there, in Zone
	Zone     *time.Location
	By       Dimension
	Filter   Filter
	// Target is how soon a case of a severity is to be answered.
	Target func(desk.Severity) time.Duration
	// Teams are whose work facts are; nil: nobody's. See [Teams].
	Teams func(c *CaseFact, agent desk.AgentID) []roster.TeamID
	Now   time.Time
}

// A Filter leaves out what is not wanted. An empty field leaves out nothing.
type Filter struct {
	Account  desk.AccountID
	Service  string
	Severity desk.Severity
	Language string
	Agent    desk.AgentID
	Team     roster.TeamID
}

// A Dimension is what an answer is divided by.
type Dimension string

// The dimensions.
const (
	ByAccount  Dimension = "account"
	ByService  Dimension = "service"
	ByCategory Dimension = "category"
	BySeverity Dimension = "severity"
	ByLanguage Dimension = "language"
	ByAgent    Dimension = "agent"
	ByTeam     Dimension = "team"
)

// Dimensions are all dimensions.
func Dimensions() []Dimension {
	return []Dimension{ByAccount, ByService, ByCategory, BySeverity, ByLanguage, ByAgent, ByTeam}
}

// Before is the question about the time before, of as many days.
func (q Question) Before() Question {
	b := q
	b.To = q.From
	b.From = q.From.AddDate(0, 0, -q.Days())
	return b
}

// asFar is the question about the time before as far as this one has come: half a
// day is compared with half of one.
func (q Question) asFar() Question {
	b := q.Before()
	if q.Now.After(q.From) && q.Now.Before(q.To) {
		b.To = q.Now.In(q.Zone).AddDate(0, 0, -q.Days())
	}
	return b
}

// Days is how many days the question is about.
func (q Question) Days() int {
	from, to := q.From.In(q.Zone), q.To.In(q.Zone)
	utc := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return max(1, int(utc(to).Sub(utc(from))/(24*time.Hour)))
}

// A Step is how long each part of a chart is.
type Step string

// The steps. Weeks begin on Monday.
const (
	Hourly  Step = "hour"
	Daily   Step = "day"
	Weekly  Step = "week"
	Monthly Step = "month"
)

// Step is the step that shows the time well.
func (q Question) Step() Step {
	switch days := q.Days(); {
	case days <= 2:
		return Hourly
	case days <= 45:
		return Daily
	case days <= 400:
		return Weekly
	}
	return Monthly
}

// Begin is when the step begins that a time is in.
func (q Question) Begin(t time.Time) time.Time {
	t = t.In(q.Zone)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, q.Zone)
	switch q.Step() {
	case Hourly:
		return t.Truncate(time.Minute).Add(-time.Duration(t.Minute()) * time.Minute)
	case Weekly:
		return day.AddDate(0, 0, -(int(t.Weekday())+6)%7)
	case Monthly:
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, q.Zone)
	case Daily:
	}
	return day
}

// Steps are when the steps begin, in order. The first may begin before From: then
// it tells of its part after From.
func (q Question) Steps() []time.Time {
	var all []time.Time
	for t := q.Begin(q.From); t.Before(q.To); {
		all = append(all, t)
		next := t
		switch q.Step() {
		case Hourly:
			next = t.Add(time.Hour)
		case Daily:
			next = q.Begin(t.AddDate(0, 0, 1))
		case Weekly:
			next = q.Begin(t.AddDate(0, 0, 7))
		case Monthly:
			next = t.AddDate(0, 1, 0)
		}
		t = next
	}
	return all
}

// wants reports whether facts are asked for, but for their team.
func (f Filter) wants(c *CaseFact, agent desk.AgentID) bool {
	return (f.Account == "" || f.Account == c.Account) && (f.Service == "" || f.Service == c.Service) &&
		(f.Severity == "" || f.Severity == c.Severity) && (f.Language == "" || f.Language == c.Language) &&
		(f.Agent == "" || f.Agent == agent)
}

// key is what facts are counted under, but for their team.
func (d Dimension) key(c *CaseFact, agent desk.AgentID) string {
	switch d {
	case ByAccount:
		return string(c.Account)
	case ByService:
		return c.Service
	case ByCategory:
		return c.Category
	case BySeverity:
		return string(c.Severity)
	case ByLanguage:
		return c.Language
	case ByAgent:
		return string(agent)
	case ByTeam:
	}
	return ""
}
