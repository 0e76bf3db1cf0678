package stored

import (
	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

const (
	InsertFile = `INSERT INTO files (id, case_id, seq, slack_id, name, type, size, hash, state, reason)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	UpdateFile = `UPDATE files SET seq = $2, slack_id = $3, name = $4, type = $5, size = $6, hash = $7, state = $8, reason = $9
	WHERE id = $1`
	SelectFile = `SELECT id, case_id, seq, slack_id, name, type, size, hash, state, reason FROM files`
)

// ScanFile reads what SelectFile selects.
func ScanFile(from commit.Row) (desk.File, error) {
	var f desk.File
	var id, caseID, state string
	err := from.Scan(&id, &caseID, &f.Seq, &f.SlackID, &f.Name, &f.Type, &f.Size, &f.Hash, &state, &f.Reason)
	f.ID, f.Case, f.State = desk.FileID(id), desk.CaseID(caseID), desk.FileState(state)
	return f, err
}
