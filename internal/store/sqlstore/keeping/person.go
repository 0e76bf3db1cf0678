package keeping

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"caseline/internal/desk/keeping"
	"caseline/internal/store/sqlstore/commit"
)

const (
	eventsAtOnce = 500
	rowsAtOnce   = 5000

	nextEvents = `SELECT id, state, body FROM events WHERE id > $1 ORDER BY id LIMIT $2`
	toApply    = `SELECT body FROM events WHERE state = 'pending'`
	blankEvent = `UPDATE events SET body = $2 WHERE id = $1`

	lastOfOutbox = `SELECT coalesce(max(id), 0) FROM (SELECT id FROM deliveries WHERE id > $1 ORDER BY id LIMIT $2) AS next`

	outboxSaid = `UPDATE deliveries SET content = replace(content, $3, $4) WHERE id > $1 AND id <= $2 AND content <> replace(content, $3, $4)`

	// never is a time so late that Slack is not asked before.
	never = "253402300799000000"

	putPerson = `INSERT INTO people (id, name, avatar, external, bot, fetched_at) VALUES ($1, $2, '', FALSE, FALSE, ` + never + `)
	ON CONFLICT (id) DO NOTHING`
)

// small are the tables that know somebody by id and have few rows of each.
var small = []string{
	`DELETE FROM drafts WHERE owner = $1`,
	`DELETE FROM homes WHERE person = $1`,
	`DELETE FROM group_members WHERE person = $1`,
	`DELETE FROM people WHERE id = $1`,
}

const narrowed = `UPDATE channel_configs SET narrow = replace(narrow, '"' || $1 || '"', '"' || $2 || '"') WHERE narrow LIKE '%"' || $1 || '"%'`

// ForgetPerson takes somebody out of all that is not of a case, a piece at a time.
func (t Tx) ForgetPerson(ctx context.Context, who keeping.Names, from string) (next string, c keeping.Counts, err error) {
	stage, at, _ := strings.Cut(from, ":")
	pos, _ := strconv.ParseInt(at, 10, 64)
	var last int64
	switch stage {
	case "":
		stage, next = "events", "audit"
		last, c, err = t.forgetEvents(ctx, who, pos)
	case "events":
		next = "audit"
		last, c, err = t.forgetEvents(ctx, who, pos)
	case "audit":
		next = "outbox"
		last, c, err = t.forgetAudit(ctx, who, pos)
	case "outbox":
		next = "people"
		last, err = t.forgetOutbox(ctx, who, pos)
	default:
		return "", nil, t.forgetSmall(ctx, who)
	}
	if last > 0 {
		next = stage + ":" + strconv.FormatInt(last, 10)
	}
	return next, c, err
}

// unbroken has the lines of a text in JSON stand apart: their last letter is no part
// of the word after it.
var unbroken = strings.NewReplacer(`\n`, " ", `\r`, " ", `\t`, " ")

func (t Tx) forgetEvents(ctx context.Context, who keeping.Names, after int64) (last int64, c keeping.Counts, err error) {
	return t.blankEvents(ctx, commit.Op{Doing: "events that tell of", ID: string(who.ID)}, after, tellOf(who))
}

// tellOf reports of the bytes of events whether they tell of somebody.
func tellOf(who keeping.Names) func(body []byte) bool {
	if who.Agent == "" {
		return func(body []byte) bool {
			return Mentions(body, who.User) || wordsIn(unbroken.Replace(string(body)), inJSON(who.Name)) >= 0
		}
	}
	names := append(who.Called(), who.Email)
	return func(body []byte) bool {
		text := unbroken.Replace(string(body))
		return slices.ContainsFunc(names, func(name string) bool { return wordsIn(text, inJSON(name)) >= 0 })
	}
}

// EventsPending reports whether an event that is still to be applied tells of somebody.
func (t Tx) EventsPending(ctx context.Context, who keeping.Names) (some bool, err error) {
	tells := tellOf(who)
	err = t.Keeping.Query(ctx, commit.Op{Doing: "events to apply that tell of", ID: string(who.ID) + string(who.Agent)}, toApply, nil, func(from commit.Row) error {
		var body []byte
		err := from.Scan(&body)
		some = some || tells(body)
		return err
	})
	return some, err
}

// ForgetAgentInEvents blanks events that have a name or the address of an agent.
func (t Tx) ForgetAgentInEvents(ctx context.Context, who keeping.Names, after int64) (last int64, c keeping.Counts, err error) {
	return t.blankEvents(ctx, commit.Op{Doing: "events that tell of", ID: string(who.Agent)}, after, tellOf(who))
}

// blankEvents blanks those of the next events that tell of somebody.
func (t Tx) blankEvents(ctx context.Context, what commit.Op, after int64, tells func(body []byte) bool) (last int64, c keeping.Counts, err error) {
	var tell []int64
	err = t.Keeping.Query(ctx, what, nextEvents, []any{after, int64(eventsAtOnce)}, func(from commit.Row) error {
		var state string
		var body []byte
		err := from.Scan(&last, &state, &body)
		if state != "pending" && tells(body) {
			tell = append(tell, last)
		}
		return err
	})
	if err != nil {
		return last, nil, err
	}
	for _, id := range tell {
		if err := t.KeepingTo.Write(ctx, what, blankEvent, id, []byte{}); err != nil {
			return last, nil, err
		}
	}
	return last, keeping.Counts{"events": len(tell)}, nil
}

// Mentions reports whether text has an id of Slack's that is not part of a longer
// one.
func Mentions(text []byte, id string) bool {
	inWord := func(i int) bool {
		return i >= 0 && i < len(text) && (text[i] >= '0' && text[i] <= '9' || text[i] >= 'A' && text[i] <= 'Z')
	}
	for from := 0; id != ""; {
		i := bytes.Index(text[from:], []byte(id))
		if i < 0 {
			return false
		}
		if i += from; !inWord(i-1) && !inWord(i+len(id)) {
			return true
		}
		from = i + len(id)
	}
	return false
}

// inJSON is a text as it stands inside a string of JSON.
func inJSON(text string) string {
	quoted, _ := json.Marshal(text) // a string always marshals
	return string(quoted[1 : len(quoted)-1])
}

func (t Tx) forgetOutbox(ctx context.Context, who keeping.Names, after int64) (last int64, err error) {
	what := commit.Op{Doing: "take out of the outbox", ID: string(who.ID)}
	if last, err = first(ctx, t.Keeping, what, lastOfOutbox, after, int64(rowsAtOnce)); err != nil || last == 0 {
		return 0, err
	}
	for _, s := range [][2]string{
		{`"` + inJSON(string(who.ID)) + `"`, `"` + inJSON(string(who.As)) + `"`},
		{inJSON("<@" + who.User + ">"), inJSON("<@" + who.AsUser + ">")},
	} {
		if err := t.KeepingTo.Write(ctx, what, outboxSaid, after, last, s[0], s[1]); err != nil {
			return 0, err
		}
	}
	return last, nil
}

func (t Tx) forgetSmall(ctx context.Context, who keeping.Names) error {
	what := commit.Op{Doing: "forget", ID: string(who.As)}
	for _, text := range small {
		if err := t.KeepingTo.Write(ctx, what, text, string(who.ID)); err != nil {
			return err
		}
	}
	if err := t.KeepingTo.Write(ctx, what, narrowed, string(who.ID), string(who.As)); err != nil {
		return err
	}
	return t.KeepingTo.Write(ctx, what, putPerson, string(who.As), keeping.ErasedName)
}
