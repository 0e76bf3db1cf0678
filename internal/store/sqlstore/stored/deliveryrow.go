package stored

import (
	"encoding/json"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
)

// isOpen is the condition of the index on open deliveries, word for word.
const isOpen = `state IN ('pending', 'unknown')`

const (
	deliveryColumns = `lane, case_id, kind, seq, place, content, state, part, attempts, not_before, tried_at,
	receipt, reason, created_at, settled_at, claim, claimed_until`

	InsertDelivery = `INSERT INTO deliveries (` + deliveryColumns + `)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, '', 0)`

	InsertDeliveryOnce = `INSERT INTO deliveries (` + deliveryColumns + `)
	SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS TEXT),
	CAST($7 AS TEXT), CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST($10 AS BIGINT), CAST($11 AS BIGINT),
	CAST($12 AS TEXT), CAST($13 AS TEXT), CAST($14 AS BIGINT), CAST($15 AS BIGINT), '', 0
	WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE lane = $1 AND ` + isOpen + `
	AND kind = $3 AND content = $6 AND attempts = 0 AND claim = '')`

	ForgetDelivery = `DELETE FROM deliveries WHERE id = $1 AND state IN ('sent', 'refused')`

	SelectDelivery = `SELECT x.id, x.lane, coalesce(x.case_id, ''), x.kind, x.seq, x.place, x.content, x.state, x.part,
	x.attempts, x.not_before, x.tried_at, x.receipt, x.reason, x.created_at, x.settled_at FROM deliveries x`

	SettleDelivery = `UPDATE deliveries SET state = $3, part = $4, not_before = $5, receipt = $6, reason = $7, settled_at = $8,
	claim = '', claimed_until = 0 WHERE id = $1 AND claim = $2`
)

// InterruptClaims ends the claims of the process that had a SQLite file
// before: it is gone, so what it tried was interrupted.
const InterruptClaims = `UPDATE deliveries SET claimed_until = 0 WHERE ` + isOpen + ` AND claim <> '' AND claimed_until <> 0`

// HeadText selects the head of a lane, with whether somebody's claim on it
// lives. The lock skips the head, it does not pass on to the next: hence the
// inner SELECT. The outer test of the state is repeated after the lock is had.
func HeadText(d dialect.Dialect) string {
	return `SELECT x.id, x.lane, coalesce(x.case_id, ''), x.kind, x.seq,
	CASE WHEN x.place <> '' THEN x.place ELSE coalesce(c.place, '') END,
	x.content, x.state, x.part, x.attempts, x.not_before, x.tried_at, x.receipt, x.reason, x.created_at, x.settled_at,
	coalesce(c.workspace, ''), x.claim <> '', x.claimed_until > ` + d.Clock(2) + `
	FROM deliveries x LEFT JOIN cases c ON c.id = x.case_id
	WHERE x.id = (SELECT min(id) FROM deliveries WHERE lane = $1 AND ` + isOpen + `) AND x.` + isOpen + d.SkipLocked
}

// ClaimText claims an open delivery that nobody has.
func ClaimText(d dialect.Dialect) string {
	return `UPDATE deliveries SET claim = $2, claimed_until = ` + d.Clock(5) + ` + $3, attempts = attempts + 1, tried_at = $4
	WHERE id = $1 AND ` + isOpen + ` AND (claim = '' OR claimed_until <= ` + d.Clock(5) + `)`
}

// PostponeText has an open delivery that nobody has wait.
func PostponeText(d dialect.Dialect) string {
	return `UPDATE deliveries SET not_before = $2, reason = $3
	WHERE id = $1 AND ` + isOpen + ` AND (claim = '' OR claimed_until <= ` + d.Clock(4) + `)`
}

// OpenLanesText selects the lanes with an open delivery of which a condition is
// true, and when each is due.
func OpenLanesText(d dialect.Dialect, which string) string {
	return `SELECT x.lane, CASE WHEN x.claim <> '' AND x.claimed_until > ` + d.Clock(2) + ` THEN x.claimed_until ELSE x.not_before END AS due
	FROM (SELECT min(id) AS id FROM deliveries WHERE ` + isOpen + which + ` GROUP BY lane) h JOIN deliveries x ON x.id = h.id
	ORDER BY due, x.lane LIMIT $1`
}

// ScanDelivery reads what SelectDelivery selects, and what is selected after it.
func ScanDelivery(from commit.Row, more ...any) (desk.Delivery, error) {
	var d desk.Delivery
	var id, part, attempts, notBefore, triedAt, createdAt, settledAt int64
	var lane, caseID, kind, place, content, state string
	dest := append([]any{&id, &lane, &caseID, &kind, &d.Seq, &place, &content, &state, &part, &attempts,
		&notBefore, &triedAt, &d.Receipt, &d.Reason, &createdAt, &settledAt}, more...)
	if err := from.Scan(dest...); err != nil {
		return d, err
	}
	d.ID, d.Lane, d.Case, d.Kind = desk.DeliveryID(id), desk.Lane(lane), desk.CaseID(caseID), desk.DeliveryKind(kind)
	d.Place, d.State, d.Part, d.Attempts = desk.Place(place), desk.DeliveryState(state), int(part), int(attempts)
	d.NotBefore, d.TriedAt, d.CreatedAt, d.SettledAt = Instant(notBefore), Instant(triedAt), Instant(createdAt), Instant(settledAt)
	if content == "{}" {
		return d, nil
	}
	return d, json.Unmarshal([]byte(content), &d.Content)
}
