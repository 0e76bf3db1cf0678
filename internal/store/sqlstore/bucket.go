package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/stored"
)

const (
	saveBucket = `INSERT INTO buckets (key, instant) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET instant = excluded.instant`
	makeBucket = `INSERT INTO buckets (key, instant) VALUES ($1, 0) ON CONFLICT (key) DO NOTHING`
)

func bucketsText(d dialect.Dialect) string {
	return "SELECT x.key, x.instant FROM buckets x WHERE x.key " + d.IsIn + " ORDER BY x.key"
}

// Buckets returns the stored instants of the buckets, locked.
func (t *tx) Buckets(ctx context.Context, keys []string) ([]int64, error) {
	sorted := slices.Sorted(slices.Values(keys))
	for _, key := range sorted {
		if _, err := t.session.Hold("bucket " + key); err != nil {
			return nil, t.note(err)
		}
	}
	instants, missing, err := t.buckets(ctx, keys)
	if err != nil || len(missing) == 0 || t.store.dialect.Lock == "" {
		return instants, err
	}
	// A row that is not there cannot be locked.
	slices.Sort(missing)
	for _, key := range missing {
		if err := t.write(ctx, commit.Op{Doing: "make bucket", ID: key}, makeBucket, nil, key); err != nil {
			return nil, err
		}
	}
	instants, missing, err = t.buckets(ctx, keys)
	if err == nil && len(missing) > 0 {
		err = t.note(commit.Op{Doing: "lock buckets", ID: stored.List(keys)}.Wrap(commit.ErrBusy))
	}
	return instants, err
}

// buckets reads and locks those buckets that are there.
func (t *tx) buckets(ctx context.Context, keys []string) (instants []int64, missing []string, err error) {
	text := t.store.texts.buckets
	if t.session.NoWait() {
		text = t.store.texts.bucketsSkip
	}
	found := make(map[string]int64, len(keys))
	err = t.query(ctx, commit.Op{Doing: "buckets", ID: stored.List(keys)}, text, []any{stored.JSONList(keys)}, func(from commit.Row) error {
		var key string
		var us int64
		err := from.Scan(&key, &us)
		found[key] = us
		return err
	})
	instants = make([]int64, len(keys))
	for i, key := range keys {
		us, ok := found[key]
		if !ok {
			missing = append(missing, key)
		}
		instants[i] = us
	}
	return instants, missing, err
}

// SaveBuckets writes the instants of the buckets.
func (t *tx) SaveBuckets(ctx context.Context, keys []string, instants []int64) error {
	if len(keys) != len(instants) {
		return t.note(fmt.Errorf("save buckets: %d keys, %d instants", len(keys), len(instants)))
	}
	for i, key := range keys {
		if err := t.write(ctx, commit.Op{Doing: "save bucket", ID: key}, saveBucket, nil, key, instants[i]); err != nil {
			return err
		}
	}
	return nil
}
