package keeping

import "caseline/internal/store/sqlstore/dialect"

// The statements of erasing entries and files.
const (
	// erased is an entry and its edits, but for the one that stays.
	erased = `case_id = $1 AND seq >= $2 AND (seq = $2 OR refers = $2 AND kind = 'edit') AND seq <> $3`

	EraseEntry = `UPDATE correspondence SET text = '', what = CASE WHEN ' ' || what || ' ' LIKE '% erased %' THEN what ELSE trim(what || ' erased') END
	WHERE ` + erased

	DiscardFile = `INSERT INTO discards (hash) SELECT DISTINCT hash FROM files WHERE case_id = $1 AND seq = $2 AND hash <> ''
	ON CONFLICT (hash) DO NOTHING`

	EraseFile = `UPDATE files SET name = '', type = '', size = 0, hash = '', state = 'erased', reason = '' WHERE case_id = $1 AND seq = $2`

	Discard = `INSERT INTO discards (hash) VALUES ($1) ON CONFLICT (hash) DO NOTHING`

	KeepDiscarded = `DELETE FROM discards WHERE hash = $1`

	SelectDiscards = `SELECT d.hash, EXISTS (SELECT 1 FROM files f WHERE f.hash = d.hash AND f.hash <> '')
	OR EXISTS (SELECT 1 FROM emoji e WHERE e.hash = d.hash)
	OR EXISTS (SELECT 1 FROM exports x WHERE x.hash = d.hash AND x.state = 'ready') FROM discards d ORDER BY d.hash LIMIT $1`
)

// EraseDeliveriesText blanks what deliveries say of an entry; what they are to
// do stays.
func EraseDeliveriesText(d dialect.Dialect) string {
	return `UPDATE deliveries SET content = ` + d.Wordless + `
	WHERE case_id = $1 AND seq > 0 AND content <> '{}' AND seq IN (SELECT seq FROM correspondence WHERE ` + erased + `)`
}

// EraseEventsText finds by the message's timestamp. It may blank an event about
// something else that names it, such as a reply; nobody needs that any more.
func EraseEventsText(d dialect.Dialect) string {
	told := ` AND lane = $1 AND received_at >= $2 AND ` + d.Contains
	return `UPDATE events SET body = $5 WHERE id IN (SELECT id FROM events WHERE state = 'done'` + told + `
	UNION ALL SELECT id FROM events WHERE state = 'dead'` + told + `) OR id = $4`
}
