package stored

import (
	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

const (
	InsertEntry = `INSERT INTO correspondence
	(case_id, seq, chat, kind, what, side, author, author_name, refers, file, via, at, recorded_at, origin, text)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`

	InsertEntryOnce = InsertEntry + ` ON CONFLICT (origin) DO NOTHING`

	SelectEntry = `SELECT case_id, seq, chat, kind, what, side, author, author_name, refers, file, via, at, recorded_at, origin, text
	FROM correspondence`
)

// ScanEntry reads what SelectEntry selects.
func ScanEntry(from commit.Row) (desk.Correspondence, error) {
	var e desk.Correspondence
	var id, chat, kind, side, file, origin string
	var at, recordedAt int64
	err := from.Scan(&id, &e.Seq, &chat, &kind, &e.What, &side, &e.Author.ID, &e.Author.Name, &e.Refers, &file, &e.Via, &at, &recordedAt, &origin, &e.Text)
	e.Case, e.Chat, e.Kind, e.Author.Side = desk.CaseID(id), desk.ChatID(chat), desk.EntryKind(kind), desk.Side(side)
	e.File, e.At, e.RecordedAt, e.Origin = desk.FileID(file), Instant(at), Instant(recordedAt), desk.Origin(origin)
	return e, err
}

// EntryArgs are the arguments of InsertEntry.
func EntryArgs(e *desk.Correspondence) []any {
	return []any{
		string(e.Case), e.Seq, string(e.Chat), string(e.Kind), e.What, string(e.Author.Side), e.Author.ID, e.Author.Name,
		e.Refers, string(e.File), e.Via, Micros(e.At), Micros(e.RecordedAt), string(e.Origin), e.Text,
	}
}
