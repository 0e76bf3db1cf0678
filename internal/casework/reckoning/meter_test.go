package reckoning_test

import (
	"context"
	"errors"

	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store"
)

var errBroken = errors.New("broken")

// metered counts the entries that are read.
type metered struct {
	store.Store
	entries int
	broken  desk.CaseID // whose log cannot be read
}

func (m *metered) Told(ctx context.Context, id desk.CaseID, after, last int64, limit int) ([]report.Told, error) {
	if id == m.broken {
		return nil, errBroken
	}
	told, err := m.Store.Told(ctx, id, after, last, limit)
	m.entries += len(told)
	return told, err
}
