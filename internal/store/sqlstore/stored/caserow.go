package stored

import (
	"encoding/json"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

// A Case is a case as it is stored, comparable with ==.
type Case struct {
	Fixed caseFixed
	Rare  caseRare
	Chat  Chat
	Hot   caseHot
}

// A caseFixed is what never changes.
type caseFixed struct {
	ID, number, Account, workspace, requester, asked, Description string
	issueType, service, category, language, related               string
	CreatedAt                                                     int64
}

// A caseRare is what changes now and then.
type caseRare struct {
	Subject, severity, status, Place, card, chatName, members, placeKind, askedThread, cc string
	resolvedAt                                                                            int64
}

// A caseHot is what changes with every entry.
type caseHot struct{ changedAt, lastSeq, lastAt, revision, LastWordAt int64 }

// A Chat is a chat as it is stored.
type Chat struct {
	ID, state, requester, agent, agentName string
	requestedAt, joinedAt, endedAt         int64
	reason, endedSide, endedBy, endedName  string
	Messages, Files                        int64
	hinted                                 bool
	More                                   string // chatMore
}

// OfCase returns a case as it is stored.
func OfCase(c *desk.Case) Case {
	return Case{
		Fixed: caseFixed{
			ID: string(c.ID), number: string(c.Number), Account: string(c.Account), workspace: string(c.Workspace),
			requester: string(c.Requester), asked: string(c.Asked), Description: c.Description, CreatedAt: Micros(c.CreatedAt),
			issueType: c.IssueType, service: c.Service, category: c.Category, language: c.Language, related: string(c.Related),
		},
		Rare: caseRare{
			Subject: c.Subject, severity: string(c.Severity), status: string(c.Status), Place: string(c.Place),
			card: c.Card, chatName: c.ChatName, members: List(c.Members), resolvedAt: Micros(c.ResolvedAt),
			placeKind: string(c.PlaceKind), askedThread: c.Thread, cc: List(c.CC),
		},
		Chat: OfChat(c.Chat),
		Hot:  caseHot{changedAt: Micros(c.ChangedAt), lastSeq: c.LastSeq, lastAt: Micros(c.LastAt), revision: c.Revision, LastWordAt: Micros(c.Chat.LastWordAt)},
	}
}

// Desk returns the case.
func (r *Case) Desk() (desk.Case, error) {
	members, err := Unlist[desk.PersonID](r.Rare.members)
	if err != nil {
		return desk.Case{}, fmt.Errorf("case %s: members: %w", r.Fixed.ID, err)
	}
	cc, err := Unlist[string](r.Rare.cc)
	if err != nil {
		return desk.Case{}, fmt.Errorf("case %s: addresses: %w", r.Fixed.ID, err)
	}
	chat, err := r.Chat.Desk(desk.CaseID(r.Fixed.ID))
	if err != nil {
		return desk.Case{}, err
	}
	chat.LastWordAt = Instant(r.Hot.LastWordAt)
	return desk.Case{
		ID: desk.CaseID(r.Fixed.ID), Number: desk.CaseNumber(r.Fixed.number), Account: desk.AccountID(r.Fixed.Account),
		Workspace: desk.WorkspaceID(r.Fixed.workspace), Requester: desk.PersonID(r.Fixed.requester),
		Subject: r.Rare.Subject, Description: r.Fixed.Description,
		IssueType: r.Fixed.issueType, Service: r.Fixed.service, Category: r.Fixed.category, Language: r.Fixed.language,
		CC: cc, Related: desk.CaseID(r.Fixed.related),
		Severity: desk.Severity(r.Rare.severity), Status: desk.Status(r.Rare.status),
		Asked: desk.Place(r.Fixed.asked), Place: desk.Place(r.Rare.Place), Card: r.Rare.card, ChatName: r.Rare.chatName,
		PlaceKind: desk.PlaceKind(r.Rare.placeKind), Thread: r.Rare.askedThread, Members: members, Chat: chat,
		CreatedAt: Instant(r.Fixed.CreatedAt), ChangedAt: Instant(r.Hot.changedAt), ResolvedAt: Instant(r.Rare.resolvedAt),
		LastSeq: r.Hot.lastSeq, LastAt: Instant(r.Hot.lastAt), Revision: r.Hot.revision,
	}, nil
}

// List is how a list is stored.
func List[T ~string](items []T) string {
	if len(items) == 0 {
		return ""
	}
	text, _ := json.Marshal(items) // strings always marshal
	return string(text)
}

// JSONList is List where an empty list must be JSON as well.
func JSONList[T ~string](items []T) string {
	if len(items) == 0 {
		return "[]"
	}
	return List(items)
}

// Unlist reads a List.
func Unlist[T ~string](text string) (items []T, err error) {
	if text == "" {
		return nil, nil
	}
	err = json.Unmarshal([]byte(text), &items)
	return items, err
}

const (
	SelectCase = `SELECT x.id, x.number, x.account, x.workspace, x.requester, x.asked, x.description, x.created_at,
	x.subject, x.severity, x.status, x.place, x.card, x.chat_name, x.members, x.resolved_at,
	x.place_kind, x.asked_thread, x.changed_at, x.last_seq, x.last_at, x.revision, x.chat_last_word_at,
	x.chat, x.chat_state, x.chat_requester, x.chat_agent, x.chat_agent_name,
	x.chat_requested_at, x.chat_joined_at, x.chat_ended_at,
	x.chat_reason, x.chat_ended_side, x.chat_ended_by, x.chat_ended_name,
	x.chat_messages, x.chat_files, x.chat_hinted, x.chat_more,
	x.issue_type, x.service, x.category, x.language, x.cc, x.related
	FROM cases x`
	ByID     = " WHERE x.id = $1"
	ByPlace  = " WHERE x.place = $1 AND x.place <> ''"
	ByNumber = " WHERE x.number = $1"

	InsertCase = `INSERT INTO cases (id, number, account, workspace, requester, asked, description, created_at,
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
	UpdateCaseHot = `UPDATE cases SET changed_at = $2, last_seq = $3, last_at = $4, revision = $5, chat_last_word_at = $6
	WHERE id = $1`

	UpdateCase = `UPDATE cases SET changed_at = $2, last_seq = $3, last_at = $4, revision = $5, chat_last_word_at = $6,
	subject = $7, severity = $8, status = $9, place = $10, card = $11, chat_name = $12, members = $13, resolved_at = $14,
	place_kind = $15, asked_thread = $16,
	chat = $17, chat_state = $18, chat_requester = $19, chat_agent = $20, chat_agent_name = $21,
	chat_requested_at = $22, chat_joined_at = $23, chat_ended_at = $24,
	chat_reason = $25, chat_ended_side = $26, chat_ended_by = $27, chat_ended_name = $28,
	chat_messages = $29, chat_files = $30, chat_hinted = $31, chat_more = $32, severity_rank = $33, cc = $34
	WHERE id = $1`
)

// Inserted are the arguments of InsertCase.
func (r *Case) Inserted(rank int64) []any {
	f, s, h := &r.Fixed, &r.Rare, &r.Hot
	args := []any{f.ID, f.number, f.Account, f.workspace, f.requester, f.asked, f.Description, f.CreatedAt,
		s.Subject, s.severity, s.status, s.Place, s.card, s.chatName, s.members, s.resolvedAt,
		s.placeKind, s.askedThread, h.changedAt, h.lastSeq, h.lastAt, h.revision, h.LastWordAt}
	args = append(append(args, r.Chat.Args()...), rank)
	return append(args, f.issueType, f.service, f.category, f.language, s.cc, f.related)
}

// SavedHot are the arguments of UpdateCaseHot.
func (r *Case) SavedHot() []any {
	h := &r.Hot
	return []any{r.Fixed.ID, h.changedAt, h.lastSeq, h.lastAt, h.revision, h.LastWordAt}
}

// Saved are the arguments of UpdateCase.
func (r *Case) Saved(rank int64) []any {
	s := &r.Rare
	args := append(r.SavedHot(),
		s.Subject, s.severity, s.status, s.Place, s.card, s.chatName, s.members, s.resolvedAt, s.placeKind, s.askedThread)
	return append(append(args, r.Chat.Args()...), rank, s.cc)
}

// Scan reads what SelectCase selects.
func (r *Case) Scan(from commit.Row) error {
	fields := r.fields(func(p *string) any { return p })
	return from.Scan(fields[:]...)
}

// fields point to all there is, in the order of SelectCase; what many cases have in
// common, in the way that the caller chooses.
func (r *Case) fields(common func(*string) any) [45]any {
	f, s, c, h := &r.Fixed, &r.Rare, &r.Chat, &r.Hot
	return [...]any{
		&f.ID, &f.number, common(&f.Account), common(&f.workspace), common(&f.requester), common(&f.asked), &f.Description, &f.CreatedAt,
		&s.Subject, common(&s.severity), common(&s.status), &s.Place, &s.card, &s.chatName, common(&s.members), &s.resolvedAt,
		common(&s.placeKind), &s.askedThread, &h.changedAt, &h.lastSeq, &h.lastAt, &h.revision, &h.LastWordAt,
		&c.ID, common(&c.state), common(&c.requester), common(&c.agent), common(&c.agentName), &c.requestedAt, &c.joinedAt, &c.endedAt,
		common(&c.reason), common(&c.endedSide), common(&c.endedBy), common(&c.endedName), &c.Messages, &c.Files, &c.hinted, &c.More,
		common(&f.issueType), common(&f.service), common(&f.category), common(&f.language), &s.cc, &f.related,
	}
}
