package sqlstore

import (
	"slices"
	"strings"
	"testing"

	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/roster"
)

// What belongs to a window of a log is found by both parts of an index, so that
// the length of the log does not matter. Nor do cases whose chats have ended, to
// who looks at those that run, and how many each agent has is read without them.
func TestWindowsAreReadByIndex(t *testing.T) {
	s, err := Open(t.Context(), Options{URL: "sqlite::memory:"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := s.texts.window
	for name, tt := range map[string]struct {
		text string
		args []any
		want string
	}{
		"before":         {selectBefore, []any{"c", int64(9), int64(1)}, "PRIMARY KEY (case_id=? AND seq<?)"},
		"entries":        {w.entries, []any{"c", "[1]"}, "PRIMARY KEY (case_id=? AND seq=?)"},
		"changes":        {w.changes, []any{"c", "[1]"}, "INDEX correspondence_changes (case_id=? AND refers=?)"},
		"changes of one": {w.changesOfOne, []any{"c", int64(1)}, "INDEX correspondence_changes (case_id=? AND refers=?)"},
		"chats":          {w.chats, []any{"c"}, "INDEX correspondence_chats (case_id=?)"},
		"files":          {w.files, []any{"c", "[1]"}, "INDEX files_case (case_id=? AND seq=?)"},
		"running chats":  {s.texts.running, []any{"[]", "", int64(1), int64(1)}, "INDEX cases_chatting (id>?)"},
		"who waits":      {roster.CountWaiting, nil, "USING INDEX cases_waiting"},
		"chats in hand":  {roster.SelectChats, nil, "COVERING INDEX cases_in_hand"},
		"deliveries":     {w.deliveries, []any{"c", "[1]"}, "INDEX deliveries_entry (case_id=? AND seq=?)"},
		"an agent's":     {"SELECT x.id FROM cases x" + whereChatsOf, []any{"a", besides("a"), int64(1)}, "INDEX sqlite_autoindex_cases_1 (id=?)"},
	} {
		var plan []string
		err := s.query(t.Context(), commit.Op{Doing: "explain", ID: name}, "EXPLAIN QUERY PLAN "+tt.text, tt.args, func(from commit.Row) error {
			var id, parent, unused int64
			var step string
			err := from.Scan(&id, &parent, &unused, &step)
			plan = append(plan, step)
			return err
		})
		if err != nil || len(plan) == 0 || !strings.HasSuffix(plan[0], tt.want) || slices.ContainsFunc(plan, func(step string) bool { return strings.Contains(step, "cases_chatting") && name != "running chats" }) {
			t.Errorf("%s: got plan %q, %v, want %s", name, plan, err, tt.want)
		}
	}
}
