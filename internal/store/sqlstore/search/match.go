package search

import (
	"strings"

	"caseline/internal/desk"
	"caseline/internal/terms"
)

// matchLite is a query in FTS5's language. Words hold nothing that means
// anything there, and stand in quotation marks besides; an account's name has
// its marks doubled.
func matchLite(q terms.Query, accounts []desk.AccountID, inside bool) string {
	columns := "words"
	if inside {
		columns = "{words inside}"
	}
	text := columns + " : (" + joined(q.All, " AND ", liteItem)
	if len(q.None) > 0 {
		text = columns + " : ((" + joined(q.All, " AND ", liteItem) + ") NOT (" + joined(q.None, " OR ", liteItem) + ")"
	}
	text += ")"
	if accounts == nil {
		return text
	}
	return "account : (" + joined(accounts, " OR ", func(id desk.AccountID) string {
		return `"` + accountMark + strings.ReplaceAll(string(id), `"`, `""`) + `"`
	}) + ") AND " + text
}

func liteItem(i terms.Item) string {
	text := `"` + strings.Join(i.Words, " ") + `"`
	if i.Prefix {
		text += " *"
	}
	return text
}

// matchPostgres is a query in the language of PostgreSQL's tsquery, likewise.
func matchPostgres(q terms.Query, accounts []desk.AccountID) string {
	text := joined(q.All, " & ", postgresItem)
	if len(q.None) > 0 {
		text += " & !(" + joined(q.None, " | ", postgresItem) + ")"
	}
	if accounts == nil {
		return text
	}
	return text + " & (" + joined(accounts, " | ", func(id desk.AccountID) string {
		return `'` + accountMark + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(string(id)) + `'`
	}) + ")"
}

func postgresItem(i terms.Item) string {
	text := "('" + strings.Join(i.Words, "' <-> '") + "'"
	if i.Prefix {
		text += ":*"
	}
	return text + ")"
}

func joined[T any](items []T, between string, write func(T) string) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = write(item)
	}
	return strings.Join(texts, between)
}
