package roster

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	// CountWaiting leaves the time to selectBack of who came back to the queue: they
	// wait since then, which stands in the chat's JSON.
	CountWaiting = `SELECT count(*), coalesce(min(CASE WHEN chat_joined_at > 0 THEN NULL ELSE chat_requested_at END), 0) FROM cases WHERE chat_state = 'requested'`
	selectBack   = `SELECT chat_requested_at, chat_more FROM cases WHERE chat_state = 'requested' AND chat_joined_at > 0`
)

// CountWaiting counts who waits, and returns since when the one does that has waited
// longest.
func (r Reads) CountWaiting(ctx context.Context) (n int, since time.Time, err error) {
	what := commit.Op{Doing: "count", ID: "who waits"}
	err = r.Roster.Query(ctx, what, CountWaiting, nil, func(row commit.Row) error {
		var count, first int64
		err := row.Scan(&count, &first)
		n, since = int(count), stored.Instant(first)
		return err
	})
	if err != nil || n == 0 {
		return n, since, err
	}
	err = r.Roster.Query(ctx, what, selectBack, nil, func(row commit.Row) error {
		var requested int64
		var text string
		if err := row.Scan(&requested, &text); err != nil {
			return err
		}
		chat := desk.ChatSession{State: desk.ChatRequested, RequestedAt: stored.Instant(requested)}
		var err error
		if chat.TurnedAt, err = stored.TurnedAt(text); err != nil {
			return err
		}
		if at := chat.Since(); since.IsZero() || at.Before(since) {
			since = at
		}
		return nil
	})
	return n, since, err
}
