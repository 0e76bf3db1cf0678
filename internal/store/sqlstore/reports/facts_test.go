package reports_test

import (
	"context"
	"testing"

	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/reports"
)

// asks counts queries.
type asks int

func (n *asks) Query(context.Context, commit.Op, string, []any, func(commit.Row) error) error {
	*n++
	return nil
}

// Facts of a case and of its chats are those of one moment: of two questions the
// second could be answered by what another node has saved between them, and then
// chats would be ahead of their case, and what they have be added once more.
func TestFactsAreOfOneMoment(t *testing.T) {
	var n asks
	if _, err := (reports.Reads{Facts: &n}).FactsOf(t.Context(), "c"); err != nil || n != 1 {
		t.Errorf("got %v after %d questions, want one", err, n)
	}
}
