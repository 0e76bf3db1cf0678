package sought

import (
	"slices"
	"time"

	"caseline/internal/desk"
)

const (
	// MaxQuery is how long what is looked for may be, in characters.
	MaxQuery = 200
	// MaxHits is how many hits a search returns at most.
	MaxHits = 50
)

// A Query is what somebody looks for among the cases. Whatever is set must be
// true of a case for it to be found; the zero Query finds all.
type Query struct {
	Number desk.CaseNumber
	Text   string // as it was typed: words, "phrases", -without, begin*; or a case's number

	Accounts   []desk.AccountID // nil for all; empty, and not nil, for none
	From, To   time.Time        // opened at From or later, and before To
	Statuses   []desk.Status
	Severities []desk.Severity
	Requester  desk.PersonID
	Agent      desk.AgentID // has the case's latest chat

	Notes bool   // for agents: look also in what they alone see, their notes and the words that were deleted in Slack
	After string // Found.Next of the page before
	Limit int    // hits to a page; 0 for 25
}

// Bounded returns the query with the limits that every search keeps.
func (q Query) Bounded() Query {
	if q.Limit <= 0 {
		q.Limit = 25
	}
	q.Limit = min(q.Limit, MaxHits)
	if runes := []rune(q.Text); len(runes) > MaxQuery {
		q.Text = string(runes[:MaxQuery])
	}
	return q
}

// ByNumber returns the number of the one case that is looked for, if so.
func (q Query) ByNumber() (desk.CaseNumber, bool) {
	if q.Number != "" {
		return q.Number, true
	}
	return desk.ParseCaseNumber(q.Text)
}

// Admits reports whether a case is one of those that the query is about,
// whatever its words.
func (q Query) Admits(c *desk.Case) bool {
	switch {
	case q.Accounts != nil && !slices.Contains(q.Accounts, c.Account),
		!q.From.IsZero() && c.CreatedAt.Before(q.From),
		!q.To.IsZero() && !c.CreatedAt.Before(q.To),
		len(q.Statuses) > 0 && !slices.Contains(q.Statuses, c.Status),
		len(q.Severities) > 0 && !slices.Contains(q.Severities, c.Severity),
		q.Requester != "" && q.Requester != c.Requester,
		q.Agent != "" && q.Agent != c.Chat.Agent:
		return false
	}
	return true
}

// A Hit is a case that was found, and where.
type Hit struct {
	Case  desk.Case
	Seq   int64  // of the entry that answers best; 0 for the case itself
	Words string // what it says, as Markdown; of the case itself, its description
}

// Found is a page of hits, newest cases first; among cases of about the same
// age those that answer better come first.
type Found struct {
	Hits []Hit
	Next string // for Query.After; empty at the end

	// Short says that the search stopped before the page was full, because few
	// of very many cases answer it: from Next on it goes on.
	Short bool
	// Growing says that what was written before this release came is still being
	// read in, so that some of it cannot be found yet.
	Growing bool
}
