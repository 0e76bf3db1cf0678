package sqlstore

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	insertEarlierChat = `INSERT INTO earlier_chats (case_id, id, state, requester, agent, agent_name,
	requested_at, joined_at, ended_at, reason, ended_side, ended_by, ended_name, messages, files, hinted, more, last_word_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`

	updateEarlierChat = `UPDATE earlier_chats SET messages = $3, files = $4, more = $5 WHERE case_id = $1 AND id = $2`

	// The latest chat is in the case's own row.
	selectChats = `SELECT id, state, requester, agent, agent_name, requested_at, joined_at, ended_at,
	reason, ended_side, ended_by, ended_name, messages, files, hinted, more, last_word_at, 0 AS latest
	FROM earlier_chats WHERE case_id = $1
	UNION ALL
	SELECT chat, chat_state, chat_requester, chat_agent, chat_agent_name, chat_requested_at, chat_joined_at, chat_ended_at,
	chat_reason, chat_ended_side, chat_ended_by, chat_ended_name, chat_messages, chat_files, chat_hinted, chat_more, chat_last_word_at, 1
	FROM cases WHERE id = $1 AND chat <> ''
	ORDER BY latest, requested_at, id`
)

// SaveEarlierChat writes what still changes of a chat that is not the latest.
func (t *tx) SaveEarlierChat(ctx context.Context, s *desk.ChatSession) error {
	r := stored.OfChat(*s)
	return t.write(ctx, commit.Op{Doing: "save earlier chat", ID: r.ID}, updateEarlierChat, mustTouch,
		string(s.Case), r.ID, r.Messages, r.Files, r.More)
}

// Chats returns all chats of a case, oldest first.
func (t *tx) Chats(ctx context.Context, id desk.CaseID) ([]desk.ChatSession, error) {
	return chats(ctx, t, id)
}

// Chats returns all chats of a case, oldest first.
func (r reads) Chats(ctx context.Context, id desk.CaseID) ([]desk.ChatSession, error) {
	return chats(ctx, r, id)
}

func chats(ctx context.Context, q asker, id desk.CaseID) ([]desk.ChatSession, error) {
	var all []desk.ChatSession
	err := q.query(ctx, commit.Op{Doing: "chats of", ID: string(id)}, selectChats, []any{string(id)}, func(from commit.Row) error {
		var c stored.Chat
		var latest, lastWordAt int64
		err := c.Scan(from, &lastWordAt, &latest)
		if err != nil {
			return err
		}
		one, err := c.Desk(id)
		one.LastWordAt = stored.Instant(lastWordAt)
		all = append(all, one)
		return err
	})
	return all, err
}
