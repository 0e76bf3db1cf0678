package seek

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/sought"
)

// A Seek is what is entered above the list of cases. Days are written
// 2006-01-02, in the reader's zone.
type Seek struct {
	Text, Account, Status, Severity, From, To, Agent, Requester string
	After                                                       string // where this page begins
	Zone                                                        *time.Location
}

// AnyOpen is the Status of all that still wants an answer.
const AnyOpen = "open"

// Read reads an address's query.
func Read(v url.Values, zone *time.Location) Seek {
	return Seek{
		Text: v.Get("q"), Account: v.Get("account"), Status: v.Get("status"), Severity: v.Get("severity"),
		From: v.Get("from"), To: v.Get("to"), Agent: v.Get("agent"), Requester: v.Get("requester"), After: v.Get("after"), Zone: zone,
	}
}

// Any reports whether anything is looked for.
func (s Seek) Any() bool { return s.Text != "" || s.Filtered() }

// Filtered reports whether more than words decides.
func (s Seek) Filtered() bool {
	return cmp.Or(s.Account, s.Status, s.Severity, s.From, s.To, s.Agent, s.Requester) != ""
}

// Address is the page of the search that begins after a hit; empty for its
// first page.
func (s Seek) Address(after string) string {
	v := url.Values{}
	for name, value := range map[string]string{
		"q": s.Text, "account": s.Account, "status": s.Status, "severity": s.Severity,
		"from": s.From, "to": s.To, "agent": s.Agent, "requester": s.Requester, "after": after,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return "/cases"
	}
	return "/cases?" + v.Encode()
}

// WordsOnly is the address of the search without its filters.
func (s Seek) WordsOnly() string { return Seek{Text: s.Text}.Address("") }

// Query is the search. A desk.Refusal says what is wrong with it.
func (s Seek) Query(limit int) (sought.Query, error) {
	q := sought.Query{
		Text: s.Text, Agent: desk.AgentID(s.Agent), Requester: desk.PersonID(s.Requester), Notes: true, After: s.After, Limit: limit,
	}
	if s.Account != "" {
		q.Accounts = []desk.AccountID{desk.AccountID(s.Account)}
	}
	switch s.Status {
	case "":
	case AnyOpen:
		q.Statuses = desk.OpenStatuses()
	default:
		q.Statuses = []desk.Status{desk.Status(s.Status)}
	}
	if s.Severity != "" {
		q.Severities = []desk.Severity{desk.Severity(s.Severity)}
	}
	var err error
	if q.From, err = s.day(s.From); err != nil {
		return q, err
	}
	if q.To, err = s.day(s.To); err != nil || q.To.IsZero() {
		return q, err
	}
	q.To = q.To.AddDate(0, 0, 1)
	if !q.From.Before(q.To) {
		return q, &desk.Refusal{Kind: desk.ErrInvalid, Field: "to", Message: "The last day lies before the first. Choose a later one."}
	}
	return q, nil
}

func (s Seek) day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation("2006-01-02", text, s.Zone)
	if err != nil {
		return t, &desk.Refusal{Kind: desk.ErrInvalid, Field: "from", Message: "A day is written like 2026-03-31."}
	}
	return t, nil
}

// A Choice is one thing that a menu offers.
type Choice struct{ Value, Name string }

// Offer makes a menu, by name, of others and of what is chosen, if it is not
// among them.
func Offer(chosen Choice, others []Choice) []Choice {
	if chosen.Value != "" && !slices.ContainsFunc(others, func(c Choice) bool { return c.Value == chosen.Value }) {
		others = append(others, chosen)
	}
	slices.SortFunc(others, func(a, b Choice) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value)) })
	return slices.Compact(others)
}

// Statuses are the choices of a status by the name that each has.
func Statuses(name func(desk.Status) string) []Choice {
	all := []Choice{{AnyOpen, "All open cases"}}
	for _, s := range desk.Statuses() {
		all = append(all, Choice{string(s), name(s)})
	}
	return all
}

// Severities are the choices of a severity by the name that each has.
func Severities(name func(desk.Severity) string) []Choice {
	var all []Choice
	for _, s := range desk.Severities() {
		all = append(all, Choice{string(s), name(s)})
	}
	return all
}
