package desk

import (
	"fmt"
	"strings"
)

// Identifiers are distinct types so that the compiler catches a swapped
// argument. All are made in Go, never by a database.
type (
	// CaseID is our key of a case: case-<account>-<year>-<16 hex>.
	CaseID string
	// CaseNumber is the 10-digit number people quote.
	CaseNumber string
	// ChatID is the key of one chat session.
	ChatID string
	// AccountID is the 12-digit id of a supported organisation.
	AccountID string
	// AgentID is the key of an agent.
	AgentID string
	// WorkspaceID is Slack's id of a workspace (T… or E…), opaque.
	WorkspaceID string
	// ChannelID is Slack's id of a channel (C…, G… or D…), opaque.
	ChannelID string
	// PersonID is a person in Slack: workspace and user id, opaque outside slack.
	PersonID string
	// FileID is our key of one file of a case.
	FileID string
	// EventID is the database's number of a stored event, in order of arrival.
	EventID int64
	// DeliveryID is the database's number of a delivery, in order of its lane.
	DeliveryID int64
)

// Origin says where an entry came from. It is unique among all entries, so
// that the same thing arriving twice is recorded once: slack:W:C:ts,
// console:token.
type Origin string

// NewCaseID returns the id of a case of account opened in year; random is
// the caller's randomness.
func NewCaseID(account AccountID, year int, random uint64) CaseID {
	return CaseID(fmt.Sprintf("case-%s-%04d-%016x", account, year, random))
}

// NewCaseNumber returns a 10-digit number that does not begin with zero.
func NewCaseNumber(random uint64) CaseNumber {
	return CaseNumber(fmt.Sprintf("%010d", 1_000_000_000+random%9_000_000_000))
}

// ParseCaseNumber reads what a person typed as a case number: spaces, a
// leading # and a leading case- are forgiven.
func ParseCaseNumber(s string) (CaseNumber, bool) {
	s = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(s), "#"), "case-")
	if len(s) != 10 {
		return "", false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return "", false
		}
	}
	return CaseNumber(s), true
}
