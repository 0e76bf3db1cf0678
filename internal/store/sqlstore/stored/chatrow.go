package stored

import (
	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

// OfChat returns a chat as it is stored.
func OfChat(s desk.ChatSession) Chat {
	return Chat{
		ID: string(s.ID), state: string(s.State), requester: string(s.Requester),
		agent: string(s.Agent), agentName: s.AgentName,
		requestedAt: Micros(s.RequestedAt), joinedAt: Micros(s.JoinedAt), endedAt: Micros(s.EndedAt),
		reason: string(s.Reason), endedSide: string(s.EndedBy.Side), endedBy: s.EndedBy.ID, endedName: s.EndedBy.Name,
		Messages: int64(s.Messages), Files: int64(s.Files), hinted: len(s.Hinted) > 0, More: toChatMore(s),
	}
}

// Desk returns the chat of a case.
func (r *Chat) Desk(id desk.CaseID) (desk.ChatSession, error) {
	if *r == (Chat{}) {
		return desk.ChatSession{}, nil // no chat was ever asked for
	}
	s := desk.ChatSession{
		ID: desk.ChatID(r.ID), Case: id, State: desk.ChatState(r.state), Requester: desk.PersonID(r.requester),
		Agent: desk.AgentID(r.agent), AgentName: r.agentName,
		RequestedAt: Instant(r.requestedAt), JoinedAt: Instant(r.joinedAt), EndedAt: Instant(r.endedAt),
		Reason:   desk.EndReason(r.reason),
		EndedBy:  desk.Actor{Side: desk.Side(r.endedSide), ID: r.endedBy, Name: r.endedName},
		Messages: int(r.Messages), Files: int(r.Files),
	}
	return s, fromChatMore(r.More, &s)
}

// Args are a chat's columns in the order in which Scan reads them.
func (r *Chat) Args() []any {
	return []any{r.ID, r.state, r.requester, r.agent, r.agentName, r.requestedAt, r.joinedAt, r.endedAt,
		r.reason, r.endedSide, r.endedBy, r.endedName, r.Messages, r.Files, r.hinted, r.More}
}

// Scan reads a chat, and what is selected after it.
func (r *Chat) Scan(from commit.Row, after ...any) error {
	return from.Scan(append([]any{&r.ID, &r.state, &r.requester, &r.agent, &r.agentName, &r.requestedAt, &r.joinedAt, &r.endedAt,
		&r.reason, &r.endedSide, &r.endedBy, &r.endedName, &r.Messages, &r.Files, &r.hinted, &r.More}, after...)...)
}
