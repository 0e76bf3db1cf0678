package sqlstore

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/stored"
)

const (
	// A chat that waits and was joined before has come back: it goes first.
	whereWaiting = ` WHERE x.chat_state = 'requested'
	ORDER BY CASE WHEN x.chat_joined_at > 0 THEN 0 ELSE 1 END, x.severity_rank DESC, x.chat_requested_at, x.id LIMIT $1`

	whereLongest = ` WHERE x.chat_state = 'requested' ORDER BY x.chat_requested_at, x.id LIMIT $1`

	// Who joined besides stands in the chat's JSON, $2 is how; the index cases_shared has
	// the chats that have any.
	whereChatsOf = ` WHERE x.id IN (SELECT id FROM cases WHERE chat_state = 'in-progress' AND chat_agent = $1
		UNION ALL SELECT id FROM cases WHERE chat_state = 'in-progress' AND chat_more LIKE '%"others":[%' AND chat_more LIKE $2)
	ORDER BY x.changed_at DESC, x.id LIMIT $3`

	selectWaits = `SELECT waited FROM (
		SELECT joined_at, waited FROM (
			SELECT chat_joined_at AS joined_at, chat_joined_at - chat_requested_at AS waited
			FROM cases WHERE chat_joined_at > 0 ORDER BY chat_joined_at DESC LIMIT $1) AS latest
		UNION ALL
		SELECT joined_at, waited FROM (
			SELECT joined_at, joined_at - requested_at AS waited
			FROM earlier_chats WHERE joined_at > 0 ORDER BY joined_at DESC LIMIT $1) AS earlier
	) AS waits ORDER BY joined_at DESC LIMIT $1`
)

// Waiting returns the cases whose chat is requested.
func (r reads) Waiting(ctx context.Context, limit int) ([]desk.Case, error) {
	return r.manyCases(ctx, "waiting", stored.SelectCase+whereWaiting, int64(limit))
}

// LongestWaiting returns the cases whose chat is requested, by since when.
func (r reads) LongestWaiting(ctx context.Context, limit int) ([]desk.Case, error) {
	return r.manyCases(ctx, "longest waiting", stored.SelectCase+whereLongest, int64(limit))
}

// runningText has the database look at each running chat, which takes it some
// microseconds: thousands run, and few are to be read.
func runningText(d dialect.Dialect) string {
	return stored.SelectCase + ` WHERE x.chat_state = 'in-progress' AND x.id > $2
	AND (x.chat_last_word_at <= $3 AND x.chat_joined_at <= $3 OR NOT (x.chat_agent ` + d.IsIn + `) OR x.chat_more LIKE '%"away":true%') ORDER BY x.id LIMIT $4`
}

// Running returns the cases whose chat is in progress and that the lookout finds.
func (r reads) Running(ctx context.Context, l desk.Lookout, after desk.CaseID, limit int) ([]desk.Case, error) {
	quiet := int64(-1) // before any time that is stored
	if !l.Quiet.IsZero() {
		quiet = stored.Micros(l.Quiet)
	}
	return r.manyCases(ctx, "running", r.store.texts.running, stored.JSONList(l.Present), string(after), quiet, int64(limit))
}

// ChatsOf returns the cases whose running chat the agent has joined.
func (r reads) ChatsOf(ctx context.Context, agent desk.AgentID, limit int) ([]desk.Case, error) {
	return r.manyCases(ctx, "chats of "+string(agent), stored.SelectCase+whereChatsOf, string(agent), besides(agent), int64(limit))
}

// besides is how an agent stands in the JSON of a chat whose agent is another.
func besides(agent desk.AgentID) string { return `%{"id":"` + string(agent) + `",%` }

// ChatHintsOf returns how far the cases have come that ChatsOf returns.
func (r reads) ChatHintsOf(ctx context.Context, agent desk.AgentID, limit int) ([]store.CaseHint, error) {
	return r.caseHints(ctx, "chats of "+string(agent), whereChatsOf, string(agent), besides(agent), int64(limit))
}

// WaitingHints returns how far the cases have come that Waiting returns.
func (r reads) WaitingHints(ctx context.Context, limit int) ([]store.CaseHint, error) {
	return r.caseHints(ctx, "waiting", whereWaiting, int64(limit))
}

// RecentHints returns how far the cases have come that changed last.
func (r reads) RecentHints(ctx context.Context, limit int) ([]store.CaseHint, error) {
	return r.caseHints(ctx, "recent", byRecent, int64(limit))
}

func (r reads) caseHints(ctx context.Context, which, where string, args ...any) ([]store.CaseHint, error) {
	var hints []store.CaseHint
	err := r.query(ctx, commit.Op{Doing: "how far cases have come", ID: which}, "SELECT x.id, x.last_seq, x.revision FROM cases x"+where, args, func(from commit.Row) error {
		var id string
		var h store.CaseHint
		err := from.Scan(&id, &h.Seq, &h.Revision)
		h.Case = desk.CaseID(id)
		hints = append(hints, h)
		return err
	})
	return hints, err
}

// RecentWaits returns how long the last chats had waited that were joined.
func (r reads) RecentWaits(ctx context.Context, limit int) ([]time.Duration, error) {
	var waits []time.Duration
	err := r.query(ctx, commit.Op{Doing: "recent waits", ID: ""}, selectWaits, []any{int64(limit)}, func(from commit.Row) error {
		var waited int64
		err := from.Scan(&waited)
		waits = append(waits, time.Duration(waited)*time.Microsecond)
		return err
	})
	return waits, err
}
