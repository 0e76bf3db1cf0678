package mail

import (
	"context"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

// An Asker runs queries.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// A Changer runs the statements of an update.
type Changer interface {
	Asker
	Write(ctx context.Context, what commit.Op, text string, args ...any) error
}

// Reads are the queries.
type Reads struct{ Mail Asker }

// A Tx is an update's part.
type Tx struct{ MailTo Changer }

const (
	selectOf = `SELECT address, left_at, state, reason, at FROM subscriptions WHERE case_id = $1 ORDER BY address`

	save = `INSERT INTO subscriptions (case_id, address, left_at, state, reason, at) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (case_id, address) DO UPDATE SET left_at = excluded.left_at, state = excluded.state, reason = excluded.reason, at = excluded.at`

	forget = `DELETE FROM subscriptions WHERE case_id = $1 AND address = $2`

	// What was tried is due later each time; what was not may be meant to wait.
	backlog = `SELECT count(*), COALESCE(min(created_at), 0) FROM deliveries
	WHERE state IN ('pending', 'unknown') AND kind = 'mail' AND created_at < $1 AND (attempts > 0 OR not_before < $1)`

	selectRefused = `SELECT seq FROM deliveries WHERE case_id = $1 AND seq > 0 AND lane = $2
	GROUP BY seq HAVING min(CASE state WHEN 'refused' THEN 1 ELSE 0 END) = 1 ORDER BY seq DESC LIMIT $3`

	// The first to ask makes it; nobody ever changes it.
	makeKey   = `INSERT INTO keys (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`
	selectKey = `SELECT value FROM keys WHERE name = $1`
)

// Subscriptions returns how addresses stand to the mail about a case.
func (r Reads) Subscriptions(ctx context.Context, id desk.CaseID) ([]desk.Subscription, error) {
	return subscriptions(ctx, r.Mail, id)
}

// Subscriptions is the reader's, inside the update.
func (t Tx) Subscriptions(ctx context.Context, id desk.CaseID) ([]desk.Subscription, error) {
	return subscriptions(ctx, t.MailTo, id)
}

func subscriptions(ctx context.Context, from Asker, id desk.CaseID) (all []desk.Subscription, err error) {
	err = from.Query(ctx, commit.Op{Doing: "subscriptions of", ID: string(id)}, selectOf, []any{string(id)}, func(row commit.Row) error {
		var s desk.Subscription
		var left, at int64
		err := row.Scan(&s.Address, &left, (*string)(&s.State), &s.Reason, &at)
		s.Left, s.At = instant(left), instant(at)
		all = append(all, s)
		return err
	})
	return all, err
}

// MailBacklog counts the mail that was due before a time.
func (r Reads) MailBacklog(ctx context.Context, before time.Time) (waiting int, oldest time.Time, err error) {
	err = r.Mail.Query(ctx, commit.Op{Doing: "count", ID: "mail that waits"}, backlog, []any{micros(before)}, func(row commit.Row) error {
		var n, since int64
		err := row.Scan(&n, &since)
		waiting, oldest = int(n), instant(since)
		return err
	})
	return waiting, oldest, err
}

// RefusedMail returns the entries that were never mailed in a lane.
func (t Tx) RefusedMail(ctx context.Context, id desk.CaseID, lane desk.Lane, limit int) (seqs []int64, err error) {
	what := commit.Op{Doing: "refused mail of", ID: string(id)}
	err = t.MailTo.Query(ctx, what, selectRefused, []any{string(id), string(lane), int64(limit)}, func(row commit.Row) error {
		var seq int64
		err := row.Scan(&seq)
		seqs = append(seqs, seq)
		return err
	})
	slices.Reverse(seqs)
	return seqs, err
}

// SaveSubscription adds or replaces what is known of an address.
func (t Tx) SaveSubscription(ctx context.Context, id desk.CaseID, s *desk.Subscription) error {
	return t.MailTo.Write(ctx, commit.Op{Doing: "save a subscription of", ID: string(id)}, save,
		string(id), s.Address, micros(s.Left), string(s.State), s.Reason, micros(s.At))
}

// ForgetSubscription takes back what is known of an address.
func (t Tx) ForgetSubscription(ctx context.Context, id desk.CaseID, address string) error {
	return t.MailTo.Write(ctx, commit.Op{Doing: "forget a subscription of", ID: string(id)}, forget, string(id), address)
}

// Key returns the secret of a name, made of fresh if there is none.
func (t Tx) Key(ctx context.Context, name, fresh string) (key string, err error) {
	what := commit.Op{Doing: "key", ID: name}
	if err := t.MailTo.Write(ctx, what, makeKey, name, fresh); err != nil {
		return "", err
	}
	err = t.MailTo.Query(ctx, what, selectKey, []any{name}, func(row commit.Row) error { return row.Scan(&key) })
	return key, err
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
