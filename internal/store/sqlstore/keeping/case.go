package keeping

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	selectSpoken = stored.SelectEntry + ` WHERE case_id = $1 AND seq > $2 AND kind IN ('message', 'file', 'note') ORDER BY seq LIMIT $3`
	selectWords  = stored.SelectEntry + ` WHERE case_id = $1 AND author = $2 AND side = 'customer' AND kind IN ('message', 'file', 'note')
	ORDER BY seq LIMIT $3`

	// blankRest is what else the log says: addresses, names of channels, reactions.
	blankRest = `UPDATE correspondence SET text = '', via = '', what = CASE kind WHEN 'reaction' THEN 'removed' ELSE what END
	WHERE case_id = $1 AND (text <> '' OR via <> '')`

	blankCase = `UPDATE cases SET subject = $2, description = '', cc = '', revision = revision + 1 WHERE id = $1`

	blankDeliveries = `UPDATE deliveries SET content = '{}' WHERE case_id = $1 AND seq > 0 AND state IN ('sent', 'refused') AND content <> '{}'`

	// blankAudit takes addresses out of what was done to a case.
	blankAudit = `UPDATE audit SET detail = '' WHERE case_id = $1 AND case_id <> '' AND what = 'contact-changed' AND detail <> ''`

	dropSubscriptions = `DELETE FROM subscriptions WHERE case_id = $1`

	// blankEvents finds the events of the channels in which a case was, for places
	// begin with their channel.
	blankEvents = `UPDATE events SET body = $3 WHERE state IN ('done', 'dead') AND received_at < $2 AND EXISTS (
	SELECT 1 FROM (SELECT place AS p FROM cases WHERE id = $1 UNION ALL SELECT asked FROM cases WHERE id = $1
	UNION ALL SELECT place FROM earlier_places WHERE case_id = $1) o
	WHERE o.p <> '' AND substr('place:' || o.p, 1, length(events.lane)) = events.lane)`
)

// ErasedSubject is what a case is called whose content was erased.
const ErasedSubject = "(erased)"

// Spoken returns what people wrote in a case.
func (r Reads) Spoken(ctx context.Context, id desk.CaseID, after int64, limit int) ([]desk.Correspondence, error) {
	return all(ctx, r.Keeping, commit.Op{Doing: "words of", ID: string(id)}, selectSpoken, []any{string(id), after, int64(limit)}, stored.ScanEntry)
}

// WordsOf returns what somebody wrote in a case.
func (r Reads) WordsOf(ctx context.Context, id desk.CaseID, who desk.PersonID, limit int) ([]desk.Correspondence, error) {
	return all(ctx, r.Keeping, commit.Op{Doing: "words in", ID: string(id)}, selectWords, []any{string(id), string(who), int64(limit)}, stored.ScanEntry)
}

// BlankCase blanks what a case says besides the words in its log.
func (t Tx) BlankCase(ctx context.Context, id desk.CaseID, before time.Time) error {
	what := commit.Op{Doing: "erase", ID: string(id)}
	for _, s := range []struct {
		text string
		args []any
	}{
		{blankRest, nil}, {blankCase, []any{ErasedSubject}}, {blankDeliveries, nil}, {dropSubscriptions, nil}, {blankAudit, nil},
		{blankEvents, []any{micros(before), []byte{}}},
	} {
		if err := t.KeepingTo.Write(ctx, what, s.text, append([]any{string(id)}, s.args...)...); err != nil {
			return err
		}
	}
	return nil
}

// renames are the statements that have a case call somebody by another id. Each
// has the case, the old and the new id, and some of them more.
var renames = []string{
	`UPDATE cases SET requester = $3 WHERE id = $1 AND requester = $2`,
	`UPDATE cases SET chat_requester = $3 WHERE id = $1 AND chat_requester = $2`,
	`UPDATE cases SET chat_ended_by = $3, chat_ended_name = '' WHERE id = $1 AND chat_ended_by = $2`,
	`UPDATE cases SET members = replace(members, '"' || $2 || '"', '"' || $3 || '"'), chat_more = replace(chat_more, '"' || $2 || '"', '"' || $3 || '"'), revision = revision + 1 WHERE id = $1`,
	`UPDATE earlier_chats SET requester = CASE requester WHEN $2 THEN $3 ELSE requester END,
	ended_name = CASE ended_by WHEN $2 THEN '' ELSE ended_name END, ended_by = CASE ended_by WHEN $2 THEN $3 ELSE ended_by END,
	more = replace(more, '"' || $2 || '"', '"' || $3 || '"') WHERE case_id = $1`,
	`UPDATE correspondence SET author = $3, author_name = '' WHERE case_id = $1 AND author = $2`,
	`INSERT INTO authors (person, case_id) SELECT $3, case_id FROM authors WHERE case_id = $1 AND person = $2 ON CONFLICT DO NOTHING`,
	`DELETE FROM authors WHERE case_id = $1 AND person = $2 AND person <> $3`,
}

const (
	renameMentions = `UPDATE correspondence SET text = replace(text, '<@' || $2 || '>', '<@' || $3 || '>') WHERE case_id = $1 AND text LIKE '%<@' || $2 || '>%'`
	renameOrigins  = `UPDATE correspondence SET origin = replace(origin, ':' || $2 || ':', ':' || $3 || ':') WHERE case_id = $1 AND origin LIKE '%:' || $2 || ':%'`

	isOwn     = `SELECT count(*) FROM cases WHERE id = $1 AND requester = $2`
	giveWords = `UPDATE correspondence SET author = $4, author_name = '' WHERE case_id = $1 AND (seq = $2 OR refers = $2 AND author = $3)`
)

// GiveWords says of an entry, and of what was changed of it by the same person,
// that somebody else wrote it.
func (t Tx) GiveWords(ctx context.Context, id desk.CaseID, seq int64, who keeping.Names) error {
	return t.KeepingTo.Write(ctx, commit.Op{Doing: "give words of", ID: string(id)}, giveWords, string(id), seq, string(who.ID), string(who.As))
}

// Rename has a case call somebody by another id. own says that the case was
// theirs, and its subject and description are blank now.
func (t Tx) Rename(ctx context.Context, id desk.CaseID, who keeping.Names) (own bool, err error) {
	what := commit.Op{Doing: "rename in", ID: string(id)}
	n, err := first(ctx, t.Keeping, what, isOwn, string(id), string(who.ID))
	if err != nil {
		return false, err
	}
	if n > 0 {
		if err := t.KeepingTo.Write(ctx, what, blankCase, string(id), ErasedSubject); err != nil {
			return false, err
		}
	}
	for _, text := range renames {
		if err := t.KeepingTo.Write(ctx, what, text, string(id), string(who.ID), string(who.As)); err != nil {
			return false, err
		}
	}
	for _, text := range []string{renameMentions, renameOrigins} {
		if err := t.KeepingTo.Write(ctx, what, text, string(id), who.User, who.AsUser); err != nil {
			return false, err
		}
	}
	return n > 0, nil
}

// renamesOfAgent are the statements that have a case call an agent by another name.
var renamesOfAgent = []string{
	`UPDATE cases SET chat_agent_name = $3 WHERE id = $1 AND chat_agent = $2`,
	`UPDATE cases SET chat_ended_name = $3 WHERE id = $1 AND chat_ended_by = $2`,
	`UPDATE earlier_chats SET agent_name = CASE agent WHEN $2 THEN $3 ELSE agent_name END,
	ended_name = CASE ended_by WHEN $2 THEN $3 ELSE ended_name END WHERE case_id = $1`,
	`UPDATE correspondence SET author_name = $3 WHERE case_id = $1 AND author = $2 AND side = 'agent'`,
}

// renameInTelling is for what the log tells of chats: to whom one was handed, and
// who has it when another leaves. Other entries have codes there.
const renameInTelling = `UPDATE correspondence SET text = $3 WHERE case_id = $1 AND kind = 'chat' AND what IN ('handed', 'left') AND text = $2`

// RenameAgent has a case call an agent by another name than they are and were called.
func (t Tx) RenameAgent(ctx context.Context, id desk.CaseID, who keeping.Names, name string) error {
	what := commit.Op{Doing: "rename agent in", ID: string(id)}
	for _, called := range who.Called() {
		if err := t.KeepingTo.Write(ctx, what, renameInTelling, string(id), called, name); err != nil {
			return err
		}
	}
	for _, text := range renamesOfAgent {
		if err := t.KeepingTo.Write(ctx, what, text, string(id), string(who.Agent), name); err != nil {
			return err
		}
	}
	return nil
}
