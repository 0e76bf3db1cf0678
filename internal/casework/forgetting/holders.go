package forgetting

import (
	"context"
	"strconv"
	"strings"

	"caseline/internal/casework/exporting"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
)

// casesAtOnce is how many cases are looked through in one update.
const casesAtOnce = 200

// inCases erases what cases have of somebody, one case after another.
type inCases struct{ page int }

// Name is "cases".
func (inCases) Name() string { return "cases" }

// Erase erases a page of what somebody wrote in the next case that has to do with
// them, and when nothing is left of that, has the case call them otherwise.
func (h inCases) Erase(ctx context.Context, tx store.Tx, who keeping.Names, cursor string) (next string, done bool, c keeping.Counts, err error) {
	found, last, err := tx.CasesWith(ctx, who, desk.CaseID(cursor), casesAtOnce)
	if err != nil || last == "" {
		return "", true, nil, err
	}
	if len(found) == 0 {
		return string(last), false, nil, nil
	}
	locked, err := tx.LockCase(ctx, found[0])
	if err != nil {
		return "", false, nil, err
	}
	if who.Agent != "" {
		return string(locked.ID), false, keeping.Counts{"cases": 1}, renameAgent(ctx, tx, locked, who)
	}
	words, err := tx.WordsOf(ctx, locked.ID, who.ID, h.page)
	if err != nil {
		return "", false, nil, err
	}
	c = keeping.Counts{}
	for _, w := range words {
		if err := tx.EraseBy(ctx, locked.ID, w.Seq, desk.MarkWished); err != nil {
			return "", false, nil, err
		}
		if err := tx.GiveWords(ctx, locked.ID, w.Seq, who); err != nil {
			return "", false, nil, err
		}
		if w.Kind == desk.KindFile {
			c["files"]++
		} else {
			c["words"]++
		}
	}
	if len(words) == h.page {
		return cursor, false, c, nil
	}
	c["cases"]++
	_, err = tx.RenameInCase(ctx, locked.ID, who)
	return string(locked.ID), false, c, err
}

// renameAgent has a locked case call an agent as one who is gone.
func renameAgent(ctx context.Context, tx store.Tx, c desk.Case, who keeping.Names) error {
	rename := func(others []desk.Actor) (changed bool) {
		for i := range others {
			if others[i].ID == string(who.Agent) {
				others[i].Name, changed = keeping.FormerAgent, true
			}
		}
		return changed
	}
	chats, err := tx.Chats(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, chat := range chats {
		if chat.ID == c.Chat.ID || !rename(chat.Others) {
			continue
		}
		if err := tx.SaveEarlierChat(ctx, &chat); err != nil {
			return err
		}
	}
	if rename(c.Chat.Others) {
		if err := tx.SaveCase(ctx, &c); err != nil {
			return err
		}
	}
	return tx.RenameAgentInCase(ctx, c.ID, who, keeping.FormerAgent)
}

// elsewhere erases what is known of somebody outside cases.
type elsewhere struct{}

// Name is "rest".
func (elsewhere) Name() string { return "rest" }

// auditAtOnce is how many entries of the audit are looked through in one update.
const auditAtOnce = 5000

// Erase erases the next piece of it.
func (elsewhere) Erase(ctx context.Context, tx store.Tx, who keeping.Names, cursor string) (next string, done bool, c keeping.Counts, err error) {
	if who.Agent == "" {
		next, c, err = tx.ForgetPerson(ctx, who, cursor)
		return next, next == "", c, err
	}
	if at, ok := strings.CutPrefix(cursor, inEvents); ok {
		after, _ := strconv.ParseInt(at, 10, 64)
		last, c, err := tx.ForgetAgentInEvents(ctx, who, after)
		return inEvents + strconv.FormatInt(last, 10), last == 0, c, err
	}
	after, _ := strconv.ParseInt(cursor, 10, 64)
	last, n, err := tx.RenameAgentInAudit(ctx, who, keeping.FormerAgent, after, auditAtOnce)
	next = strconv.FormatInt(last, 10)
	if last == 0 {
		next = inEvents
	}
	return next, false, keeping.Counts{"audit": n}, err
}

// inEvents begins a cursor that is among raw events: Slack told us of what we
// posted, with the name of who joined and who ended a chat.
const inEvents = "events:"

// inExports removes the exports that were made before, for they may tell of
// somebody.
type inExports struct{}

// Name is "exports".
func (inExports) Name() string { return "exports" }

// Erase removes them all. Who needs one has it made anew.
func (inExports) Erase(ctx context.Context, tx store.Tx, _ keeping.Names, _ string) (next string, done bool, c keeping.Counts, err error) {
	n, err := exporting.Withdraw(ctx, tx, "", keeping.ByWish)
	return "", true, keeping.Counts{"exports": n}, err
}
