package view

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/sought"
	"caseline/internal/slack/ident"
	"caseline/internal/terms"
)

// What the buttons of a search's results are called. Each carries the search.
const (
	ActionSearchNext     = "search_next"
	ActionSearchPrevious = "search_previous"
	ActionSearchEdit     = "search_edit"
	ActionSearchShare    = "search_share"
)

// PerPage is how many cases a page of results has.
const PerPage = 5

// A Search is what somebody looks for, as it travels in buttons. Dates are as
// Slack writes them, 2006-01-02, and in UTC.
type Search struct {
	Text      string        `json:"t,omitempty"`
	Account   string        `json:"a,omitempty"` // empty for all of the channel
	From      string        `json:"f,omitempty"`
	To        string        `json:"u,omitempty"` // that day included
	Status    string        `json:"s,omitempty"` // of desk, AnyOpen, or empty for all
	Severity  desk.Severity `json:"v,omitempty"`
	Requester string        `json:"r,omitempty"` // Slack's id of a user

	// Pages are where the pages so far begin; the last is the one that is shown.
	// The first page begins nowhere and is not among them.
	Pages []string `json:"p,omitempty"`
}

// AnyOpen is the Status of a search for cases that still want an answer.
const AnyOpen = "open"

const (
	maxValue = 2000 // of a button, in bytes to be safe
	maxPages = 40   // one can go back through
)

// value is how a search travels. A search for very odd words gives up the way
// back through its pages rather than the words.
func (s Search) value() string {
	if n := len(s.Pages); n > maxPages {
		s.Pages = s.Pages[n-maxPages:]
	}
	for {
		text, err := json.Marshal(s)
		switch {
		case err != nil:
			return "" // unreachable: it is made of strings
		case len(text) <= maxValue:
			return string(text)
		case len(s.Pages) > 1:
			s.Pages = s.Pages[len(s.Pages)-1:]
		case len(s.Text) > 0:
			s.Text = string([]rune(s.Text)[:len([]rune(s.Text))*3/4])
		default:
			return ""
		}
	}
}

// ReadSearch reads a button's value back. ok is false when it is none of ours.
func ReadSearch(value string) (s Search, ok bool) {
	ok = json.Unmarshal([]byte(value), &s) == nil
	return s, ok
}

// Onward is the search with the page after the one that is shown.
func (s Search) Onward(next string) Search {
	s.Pages = append(slices.Clip(s.Pages), next)
	return s
}

// Back is the search with the page before the one that is shown.
func (s Search) Back() Search {
	s.Pages = s.Pages[:max(0, len(s.Pages)-1)]
	return s
}

// First is the search with its first page.
func (s Search) First() Search {
	s.Pages = nil
	return s
}

const day = "2006-01-02"

// Query is the search among the cases of accounts, which are those that may be
// seen where it is made. A desk.Refusal names the field that is wrong.
func (s Search) Query(w desk.WorkspaceID, accounts []desk.AccountID) (sought.Query, error) {
	q := sought.Query{Text: s.Text, Accounts: accounts, Limit: PerPage}
	if s.Account != "" {
		q.Accounts = []desk.AccountID{}
		if slices.Contains(accounts, desk.AccountID(s.Account)) {
			q.Accounts = append(q.Accounts, desk.AccountID(s.Account))
		}
	}
	var err error
	if q.From, err = dateOf(s.From, FieldFrom); err != nil {
		return q, err
	}
	if q.To, err = dateOf(s.To, FieldTo); err != nil {
		return q, err
	}
	if !q.To.IsZero() {
		q.To = q.To.AddDate(0, 0, 1)
		if q.To.Before(q.From) || q.To.Equal(q.From) {
			return q, &desk.Refusal{Kind: desk.ErrInvalid, Field: FieldTo, Message: "The last day lies before the first. Choose a later one."}
		}
	}
	switch s.Status {
	case "":
	case AnyOpen:
		q.Statuses = desk.OpenStatuses()
	default:
		q.Statuses = []desk.Status{desk.Status(s.Status)}
	}
	if s.Severity != "" {
		q.Severities = []desk.Severity{s.Severity}
	}
	if s.Requester != "" {
		q.Requester = ident.Person(w, s.Requester)
	}
	if n := len(s.Pages); n > 0 {
		q.After = s.Pages[n-1]
	}
	return q, nil
}

func dateOf(s, field string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(day, s)
	if err != nil {
		return t, &desk.Refusal{Kind: desk.ErrInvalid, Field: field, Message: "Choose a day from the calendar."}
	}
	return t, nil
}

// Titles says how accounts are called.
type Titles func(desk.AccountID) string

// Results is a page of what was found, for the one who looked.
func Results(s Search, found sought.Found, titles Titles, names Names) Message {
	m := listed(s, found, titles, names)
	var buttons []*Element
	if len(s.Pages) > 0 {
		buttons = append(buttons, button(ActionSearchPrevious, "Previous 5 results", s.value()))
	}
	if found.Next != "" {
		buttons = append(buttons, button(ActionSearchNext, "Next 5 results", s.Onward(found.Next).value()))
	}
	buttons = append(buttons, button(ActionSearchEdit, "Edit search", s.value()))
	if len(found.Hits) > 0 {
		buttons = append(buttons, button(ActionSearchShare, "Share to channel", s.value()))
	}
	if note := remark(found); note != "" {
		m.Blocks = append(m.Blocks, context(plain(note, maxSection)))
	}
	m.Blocks = append(m.Blocks, actions("search", buttons...))
	return m
}

// Shared is a page of what was found, for everybody in a channel, by a person.
func Shared(by string, s Search, found sought.Found, titles Titles, names Names) Message {
	m := listed(s, found, titles, names)
	lead := names.of(by) + " shared what a search has found."
	m.Text = lead + "\n" + m.Text
	m.Blocks = append([]Block{context(mrk(lead))}, m.Blocks...)
	return m
}

// remark says what a reader should know of a page.
func remark(found sought.Found) string {
	var notes []string
	if found.Short {
		notes = append(notes, "The search has looked through the newest cases so far. “Next 5 results” goes on from there.")
	}
	if found.Growing {
		notes = append(notes, "Words of older cases are still being read in. They can be found a little later.")
	}
	return strings.Join(notes, " ")
}

func listed(s Search, found sought.Found, titles Titles, names Names) Message {
	head := "*Cases* " + s.describe(titles, names)
	m := Message{Text: head, Blocks: []Block{section(mrk(head))}}
	if len(found.Hits) == 0 {
		nothing := "Nothing was found. Try fewer words, or the beginning of one, or leave out a filter."
		if len(s.Pages) > 0 {
			nothing = "There are no more results."
		}
		if found.Short {
			nothing = "Nothing was found among the newest cases."
		}
		m.Text += "\n" + nothing
		m.Blocks = append(m.Blocks, section(plain(nothing, maxSection)))
		return m
	}
	typed := terms.Parse(s.Text)
	for _, h := range found.Hits {
		b := section(mrk(hitLines(h, typed, titles, names)))
		b.Beside = button(ActionDetails, "See details", Press{Case: h.Case.ID, Chat: h.Case.Chat.ID}.value())
		m.Blocks = append(m.Blocks, b)
		m.Text += "\n• Case " + string(h.Case.Number) + ": " + escaped(h.Case.Subject, desk.MaxSubject)
	}
	return m
}

// describe says in a line what is looked for.
func (s Search) describe(titles Titles, names Names) string {
	var parts []string
	if s.Text != "" {
		parts = append(parts, "with “"+escaped(s.Text, 300)+"”")
	}
	if s.Account != "" {
		parts = append(parts, "of "+escaped(titles(desk.AccountID(s.Account)), 80))
	}
	switch s.Status {
	case "":
	case AnyOpen:
		parts = append(parts, "that are open")
	default:
		parts = append(parts, "with the status “"+escaped(statusWord(desk.Status(s.Status)), 80)+"”")
	}
	if s.Severity != "" {
		parts = append(parts, "with the severity “"+escaped(severityWord(s.Severity), 80)+"”")
	}
	if s.Requester != "" {
		parts = append(parts, "opened by "+names.of(s.Requester))
	}
	if s.From != "" {
		parts = append(parts, "opened from "+escaped(s.From, 20)+" on")
	}
	if s.To != "" {
		parts = append(parts, "opened until "+escaped(s.To, 20))
	}
	if len(parts) == 0 {
		return "from the newest on"
	}
	return strings.Join(parts, ", ")
}

// maxExcerpt is how much of what was found a result shows, in characters.
const maxExcerpt = 200

func hitLines(h sought.Hit, typed terms.Query, titles Titles, names Names) string {
	c := h.Case
	text := "*Case " + string(c.Number) + "* · " + escaped(c.Subject, desk.MaxSubject) + "\n" +
		statusWord(c.Status) + " · " + severityWord(c.Severity) + " · " + escaped(titles(c.Account), 80) + " · " + moment(c.CreatedAt)
	if h.Words == "" {
		return text
	}
	text += "\n"
	for _, p := range typed.Excerpt(words(c, h.Words, names), maxExcerpt) {
		if p.Found {
			text += bold(p.Text)
		} else {
			text += escaped(p.Text, 2*maxExcerpt)
		}
	}
	return text
}

// bold marks a word that was found. Slack knows no marks within words, as in
// scripts without spaces, and none around marks.
func bold(s string) string {
	if strings.ContainsAny(s, "*_~`\n") || len(terms.Words(s)) == 1 && len([]rune(s)) == 1 {
		return escaped(s, maxExcerpt)
	}
	return "*" + escaped(s, maxExcerpt) + "*"
}
