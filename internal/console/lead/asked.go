package lead

import (
	"net/http"
	"net/url"
	"time"

	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/desk/roster"
)

// asked is what somebody asks of the reports, as it stands in the address.
type asked struct {
	Period, From, To, By, Account, Service, Severity, Language, Agent, Team string
}

func askedIn(r *http.Request) asked {
	q := r.URL.Query()
	a := asked{
		q.Get("period"), q.Get("from"), q.Get("to"), q.Get("by"), q.Get("account"), q.Get("service"), q.Get("severity"), q.Get("language"), q.Get("agent"), q.Get("team"),
	}
	if a.Period == "" {
		a.Period = "30"
	}
	if a.By == "" {
		a.By = string(report.ByAgent)
	}
	return a
}

// with is the question in an address, with one thing changed.
func (a asked) with(name, value string) string {
	values := url.Values{}
	for n, v := range map[string]string{
		"period": a.Period, "from": a.From, "to": a.To, "by": a.By, "account": a.Account, "service": a.Service, "severity": a.Severity, "language": a.Language, "agent": a.Agent, "team": a.Team,
	} {
		if n == name {
			v = value
		}
		if v != "" {
			values.Set(n, v)
		}
	}
	return values.Encode()
}

// Filtered reports whether something is left out.
func (a asked) Filtered() bool {
	return a.Account+a.Service+a.Severity+a.Language+a.Agent+a.Team != ""
}

// custom is the period whose days somebody chooses.
const custom = "custom"

// A period is what can be chosen, by its name in the address.
type period struct {
	Key, Name string
	Days      int
}

func periods() []period {
	return []period{
		{"1", tongue.Mark("Today"), 1}, {"7", tongue.Mark("Last 7 days"), 7}, {"30", tongue.Mark("Last 30 days"), 30}, {"90", tongue.Mark("Last 90 days"), 90}, {"365", tongue.Mark("Last 365 days"), 365}, {custom, tongue.Mark("From … to …"), 0},
	}
}

// maxDays is how long a period may be.
const maxDays = 5 * 366

// question reads what is asked, for a reader in a time zone. Days end with today.
func (l *Room) question(a asked, zone *time.Location, now time.Time) (report.Question, error) {
	local := now.In(zone)
	midnight := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, zone)
	}
	q := report.Question{
		To: midnight(local.Year(), local.Month(), local.Day()+1), Zone: zone, By: report.Dimension(a.By), Target: l.target, Now: now,
		Filter: report.Filter{
			Account: desk.AccountID(a.Account), Service: a.Service, Severity: desk.Severity(a.Severity), Language: a.Language, Agent: desk.AgentID(a.Agent), Team: roster.TeamID(a.Team),
		},
	}
	days := 0
	for _, p := range periods() {
		if p.Key == a.Period {
			days = p.Days
		}
	}
	if days > 0 {
		q.From = midnight(local.Year(), local.Month(), local.Day()+1-days)
		return q, nil
	}
	from, err := time.ParseInLocation(time.DateOnly, a.From, zone)
	to, err2 := time.ParseInLocation(time.DateOnly, a.To, zone)
	if err != nil || err2 != nil {
		return q, &desk.Refusal{Kind: desk.ErrInvalid, Field: "from", Message: "Choose two days: the first and the last of the period."}
	}
	q.From, q.To = from, midnight(to.Year(), to.Month(), to.Day()+1)
	switch {
	case !q.From.Before(q.To):
		return q, &desk.Refusal{Kind: desk.ErrInvalid, Field: "from", Message: "The first day is after the last. Choose them the other way round."}
	case q.Days() > maxDays:
		return q, &desk.Refusal{Kind: desk.ErrInvalid, Field: "from", Message: "A report can be about five years at the most. Choose a shorter period."}
	}
	return q, nil
}
