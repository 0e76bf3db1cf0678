package keeping

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"caseline/internal/desk/keeping"
	"caseline/internal/store/sqlstore/commit"
)

const (
	lastOfAudit = `SELECT coalesce(max(id), 0) FROM (SELECT id FROM audit WHERE id > $1 ORDER BY id LIMIT $2) AS next`
	countActor  = `SELECT count(*) FROM audit WHERE id > $1 AND id <= $2 AND actor = $3`
	auditActor  = `UPDATE audit SET actor = $4, actor_name = '' WHERE id > $1 AND id <= $2 AND actor = $3`
	auditSays   = `SELECT id, detail FROM audit WHERE id > $1 AND id <= $2 AND detail <> '' ORDER BY id`
	auditSaid   = `UPDATE audit SET detail = $2 WHERE id = $1`
)

// codes are what entries say that nobody's name is in. Somebody may be called like
// a word that is a code.
var codes = []string{"role", "severity", "status", "state", "of", "way", "number", "record", "export", "version", "chat", "entry", "notify", "permissions"}

func (t Tx) forgetAudit(ctx context.Context, who keeping.Names, after int64) (last int64, c keeping.Counts, err error) {
	what := commit.Op{Doing: "take out of the audit", ID: string(who.ID)}
	if last, err = first(ctx, t.Keeping, what, lastOfAudit, after, int64(rowsAtOnce)); err != nil || last == 0 {
		return 0, nil, err
	}
	n, err := first(ctx, t.Keeping, what, countActor, after, last, string(who.ID))
	if err != nil {
		return 0, nil, err
	}
	if err := t.KeepingTo.Write(ctx, what, auditActor, after, last, string(who.ID), string(who.As)); err != nil {
		return 0, nil, err
	}
	swaps := [][2]string{{string(who.ID), string(who.As)}, {who.Name, keeping.ErasedName}}
	err = t.sayOtherwise(ctx, what, after, last, func(detail map[string]string) bool { return swapIn(detail, swaps) })
	return last, keeping.Counts{"audit": int(n)}, err
}

// RenameAgentInAudit has the next entries of the audit call an agent by another
// name than they are and were called, and not by their address.
func (t Tx) RenameAgentInAudit(ctx context.Context, who keeping.Names, name string, after int64, limit int) (last int64, n int, err error) {
	what := commit.Op{Doing: "rename in the audit", ID: string(who.Agent)}
	if last, err = first(ctx, t.Keeping, what, lastOfAudit, after, int64(limit)); err != nil || last == 0 {
		return 0, 0, err
	}
	many, err := first(ctx, t.Keeping, what, countActor, after, last, string(who.Agent))
	if err != nil {
		return 0, 0, err
	}
	const rename = `UPDATE audit SET actor_name = $4 WHERE id > $1 AND id <= $2 AND actor = $3`
	if err := t.KeepingTo.Write(ctx, what, rename, after, last, string(who.Agent), name); err != nil {
		return 0, 0, err
	}
	if err := t.sayOtherwise(ctx, what, after, last, func(detail map[string]string) bool { return renameIn(detail, who, name) }); err != nil {
		return 0, 0, fmt.Errorf("rename agent %s: %w", who.Agent, err)
	}
	return last, int(many), nil
}

// sayOtherwise changes what entries of the audit say. It reads what they say
// and writes it anew: people choose their names, and one of a letter or of a sign
// must not take others' words apart, or the entry.
func (t Tx) sayOtherwise(ctx context.Context, what commit.Op, after, last int64, change func(detail map[string]string) (changed bool)) error {
	type said struct {
		id     int64
		detail string
	}
	var changed []said
	err := t.Keeping.Query(ctx, what, auditSays, []any{after, last}, func(from commit.Row) error {
		var s said
		if err := from.Scan(&s.id, &s.detail); err != nil {
			return err
		}
		detail := map[string]string{}
		if err := json.Unmarshal([]byte(s.detail), &detail); err != nil {
			return fmt.Errorf("audit entry %d: %w", s.id, err)
		}
		if !change(detail) {
			return nil
		}
		text, _ := json.Marshal(detail) // strings always marshal
		changed = append(changed, said{s.id, string(text)})
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range changed {
		if err := t.KeepingTo.Write(ctx, what, auditSaid, s.id, s.detail); err != nil {
			return err
		}
	}
	return nil
}

// renameIn has an entry call an agent otherwise. Of a renaming of theirs it says
// neither name: they had both.
func renameIn(detail map[string]string, who keeping.Names, name string) (changed bool) {
	_, renamed := detail["to"]
	renamed = renamed && who.Email != "" && detail["agent"] == who.Email
	swaps := [][2]string{{who.Email, name}}
	for _, called := range who.Called() {
		swaps = append(swaps, [2]string{called, name})
	}
	changed = swapIn(detail, swaps)
	if renamed {
		detail["from"], detail["to"] = name, name
	}
	return changed || renamed
}

// swapIn swaps words in what an entry says, but not in codes.
func swapIn(detail map[string]string, swaps [][2]string) (changed bool) {
	for key, value := range detail {
		if slices.Contains(codes, key) {
			continue
		}
		for _, s := range swaps {
			value = swapWords(value, s[0], s[1])
		}
		changed = changed || value != detail[key]
		detail[key] = value
	}
	return changed
}

// swapWords replaces words where they are no part of others.
func swapWords(text, from, to string) string {
	var b strings.Builder
	for {
		at := wordsIn(text, from)
		if at < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:at] + to)
		text = text[at+len(from):]
	}
}

// wordsIn is where words stand in a text that are no part of others; below 0 for
// nowhere. What has no letter and no digit is no word.
func wordsIn(text, words string) int {
	for from := 0; strings.ContainsFunc(words, inWord); {
		i := strings.Index(text[from:], words)
		if i < 0 {
			return -1
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		behind, _ := utf8.DecodeRuneInString(text[i+len(words):])
		if !inWord(before) && !inWord(behind) {
			return i
		}
		_, size := utf8.DecodeRuneInString(words)
		from = i + size
	}
	return -1
}

func inWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
