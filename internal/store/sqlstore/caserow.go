package sqlstore

import (
	"encoding/json"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

// A caseRow is a case as it is stored, comparable with ==.
type caseRow struct {
	fixed caseFixed
	rare  caseRare
	chat  chatRow
	hot   caseHot
}

// A caseFixed is what never changes.
type caseFixed struct {
	id, number, account, workspace, requester, asked, description string
	issueType, service, category, language, related               string
	createdAt                                                     int64
}

// A caseRare is what changes now and then.
type caseRare struct {
	subject, severity, status, place, card, chatName, members, placeKind, askedThread, cc string
	resolvedAt                                                                            int64
}

// A caseHot is what changes with every entry.
type caseHot struct{ changedAt, lastSeq, lastAt, revision, lastWordAt int64 }

// A chatRow is a chat as it is stored.
type chatRow struct {
	id, state, requester, agent, agentName string
	requestedAt, joinedAt, endedAt         int64
	reason, endedSide, endedBy, endedName  string
	messages, files                        int64
	hinted                                 bool
	more                                   string // chatMore
}

func toCaseRow(c *desk.Case) caseRow {
	return caseRow{
		fixed: caseFixed{
			id: string(c.ID), number: string(c.Number), account: string(c.Account), workspace: string(c.Workspace),
			requester: string(c.Requester), asked: string(c.Asked), description: c.Description, createdAt: micros(c.CreatedAt),
			issueType: c.IssueType, service: c.Service, category: c.Category, language: c.Language, related: string(c.Related),
		},
		rare: caseRare{
			subject: c.Subject, severity: string(c.Severity), status: string(c.Status), place: string(c.Place),
			card: c.Card, chatName: c.ChatName, members: list(c.Members), resolvedAt: micros(c.ResolvedAt),
			placeKind: string(c.PlaceKind), askedThread: c.Thread, cc: list(c.CC),
		},
		chat: toChatRow(c.Chat),
		hot:  caseHot{changedAt: micros(c.ChangedAt), lastSeq: c.LastSeq, lastAt: micros(c.LastAt), revision: c.Revision, lastWordAt: micros(c.Chat.LastWordAt)},
	}
}

func (r *caseRow) desk() (desk.Case, error) {
	members, err := unlist[desk.PersonID](r.rare.members)
	if err != nil {
		return desk.Case{}, fmt.Errorf("case %s: members: %w", r.fixed.id, err)
	}
	cc, err := unlist[string](r.rare.cc)
	if err != nil {
		return desk.Case{}, fmt.Errorf("case %s: addresses: %w", r.fixed.id, err)
	}
	chat, err := r.chat.desk(desk.CaseID(r.fixed.id))
	if err != nil {
		return desk.Case{}, err
	}
	chat.LastWordAt = instant(r.hot.lastWordAt)
	return desk.Case{
		ID: desk.CaseID(r.fixed.id), Number: desk.CaseNumber(r.fixed.number), Account: desk.AccountID(r.fixed.account),
		Workspace: desk.WorkspaceID(r.fixed.workspace), Requester: desk.PersonID(r.fixed.requester),
		Subject: r.rare.subject, Description: r.fixed.description,
		IssueType: r.fixed.issueType, Service: r.fixed.service, Category: r.fixed.category, Language: r.fixed.language,
		CC: cc, Related: desk.CaseID(r.fixed.related),
		Severity: desk.Severity(r.rare.severity), Status: desk.Status(r.rare.status),
		Asked: desk.Place(r.fixed.asked), Place: desk.Place(r.rare.place), Card: r.rare.card, ChatName: r.rare.chatName,
		PlaceKind: desk.PlaceKind(r.rare.placeKind), Thread: r.rare.askedThread, Members: members, Chat: chat,
		CreatedAt: instant(r.fixed.createdAt), ChangedAt: instant(r.hot.changedAt), ResolvedAt: instant(r.rare.resolvedAt),
		LastSeq: r.hot.lastSeq, LastAt: instant(r.hot.lastAt), Revision: r.hot.revision,
	}, nil
}

// list is how a list is stored; unlist reads it.
func list[T ~string](items []T) string {
	if len(items) == 0 {
		return ""
	}
	text, _ := json.Marshal(items) // strings always marshal
	return string(text)
}

func unlist[T ~string](text string) (items []T, err error) {
	if text == "" {
		return nil, nil
	}
	err = json.Unmarshal([]byte(text), &items)
	return items, err
}

const (
	selectCase = `SELECT x.id, x.number, x.account, x.workspace, x.requester, x.asked, x.description, x.created_at,
	x.subject, x.severity, x.status, x.place, x.card, x.chat_name, x.members, x.resolved_at,
	x.place_kind, x.asked_thread, x.changed_at, x.last_seq, x.last_at, x.revision, x.chat_last_word_at,
	x.chat, x.chat_state, x.chat_requester, x.chat_agent, x.chat_agent_name,
	x.chat_requested_at, x.chat_joined_at, x.chat_ended_at,
	x.chat_reason, x.chat_ended_side, x.chat_ended_by, x.chat_ended_name,
	x.chat_messages, x.chat_files, x.chat_hinted, x.chat_more,
	x.issue_type, x.service, x.category, x.language, x.cc, x.related
	FROM cases x`
	byID     = " WHERE x.id = $1"
	byPlace  = " WHERE x.place = $1 AND x.place <> ''"
	byNumber = " WHERE x.number = $1"

	insertCase = `INSERT INTO cases (id, number, account, workspace, requester, asked, description, created_at,
	subject, severity, status, place, card, chat_name, members, resolved_at,
	place_kind, asked_thread, changed_at, last_seq, last_at, revision, chat_last_word_at,
	chat, chat_state, chat_requester, chat_agent, chat_agent_name,
	chat_requested_at, chat_joined_at, chat_ended_at,
	chat_reason, chat_ended_side, chat_ended_by, chat_ended_name,
	chat_messages, chat_files, chat_hinted, chat_more, severity_rank,
	issue_type, service, category, language, cc, related)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
	$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40,
	$41, $42, $43, $44, $45, $46)`

	// An entry changes no more than this; it leaves most indexes alone.
	updateCaseHot = `UPDATE cases SET changed_at = $2, last_seq = $3, last_at = $4, revision = $5, chat_last_word_at = $6
	WHERE id = $1`

	updateCase = `UPDATE cases SET changed_at = $2, last_seq = $3, last_at = $4, revision = $5, chat_last_word_at = $6,
	subject = $7, severity = $8, status = $9, place = $10, card = $11, chat_name = $12, members = $13, resolved_at = $14,
	place_kind = $15, asked_thread = $16,
	chat = $17, chat_state = $18, chat_requester = $19, chat_agent = $20, chat_agent_name = $21,
	chat_requested_at = $22, chat_joined_at = $23, chat_ended_at = $24,
	chat_reason = $25, chat_ended_side = $26, chat_ended_by = $27, chat_ended_name = $28,
	chat_messages = $29, chat_files = $30, chat_hinted = $31, chat_more = $32, severity_rank = $33, cc = $34
	WHERE id = $1`
)

func (r *caseRow) scan(from commit.Row) error {
	fields := r.fields()
	return from.Scan(fields[:]...)
}

// fields point to all there is, in the order of selectCase.
func (r *caseRow) fields() [45]any {
	f, s, c, h := &r.fixed, &r.rare, &r.chat, &r.hot
	return [...]any{
		&f.id, &f.number, &f.account, &f.workspace, &f.requester, &f.asked, &f.description, &f.createdAt,
		&s.subject, &s.severity, &s.status, &s.place, &s.card, &s.chatName, &s.members, &s.resolvedAt,
		&s.placeKind, &s.askedThread, &h.changedAt, &h.lastSeq, &h.lastAt, &h.revision, &h.lastWordAt,
		&c.id, &c.state, &c.requester, &c.agent, &c.agentName, &c.requestedAt, &c.joinedAt, &c.endedAt,
		&c.reason, &c.endedSide, &c.endedBy, &c.endedName, &c.messages, &c.files, &c.hinted, &c.more,
		&f.issueType, &f.service, &f.category, &f.language, &s.cc, &f.related,
	}
}
