package agents

import (
	"context"
	"strconv"
	"strings"
	"time"

	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	selectTries = `SELECT id, clear_at FROM tries WHERE id IN (`
	countTry    = `INSERT INTO tries (id, clear_at) VALUES ($1, CAST($2 AS BIGINT) + $3)
	ON CONFLICT (id) DO UPDATE SET clear_at = CASE WHEN tries.clear_at > $2 THEN tries.clear_at ELSE $2 END + $3`
	clearTries = `DELETE FROM tries WHERE id = $1`
	purgeTries = `DELETE FROM tries WHERE clear_at <= $1`
)

// Tries returns when each of some keys will be as if nothing had been tried.
func (r Reads) Tries(ctx context.Context, keys []string) (map[string]time.Time, error) {
	all, marks, args := map[string]time.Time{}, make([]string, len(keys)), make([]any, len(keys))
	for i, key := range keys {
		marks[i], args[i] = "$"+strconv.Itoa(i+1), key
	}
	if len(keys) == 0 {
		return all, nil
	}
	err := r.Agency.Query(ctx, commit.Op{Doing: "tries"}, selectTries+strings.Join(marks, ", ")+")", args, func(from commit.Row) error {
		var key string
		var at int64
		err := from.Scan(&key, &at)
		all[key] = stored.Instant(at)
		return err
	})
	return all, err
}

// CountTry counts a try that failed.
func (t Tx) CountTry(ctx context.Context, key string, now time.Time, interval time.Duration) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "count a try"}, countTry, key, stored.Micros(now), interval.Microseconds())
}

// ClearTries forgets what was tried under a key.
func (t Tx) ClearTries(ctx context.Context, key string) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "clear tries"}, clearTries, key)
}

// PurgeTries deletes what is as if nothing had been tried.
func (t Tx) PurgeTries(ctx context.Context, now time.Time) error {
	return t.AgencyTo.Write(ctx, commit.Op{Doing: "purge tries"}, purgeTries, stored.Micros(now))
}
