package auth

import (
	"context"
	"errors"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// A sessionStore keeps sign-ins in the store, for package scs. It gets
// tokens already hashed.
type sessionStore struct {
	store Store
	now   func() time.Time
}

// FindCtx returns a sign-in's data.
func (s sessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	data, err = s.store.Session(ctx, token, s.now())
	if errors.Is(err, desk.ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx saves a sign-in.
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	return s.store.Update(ctx, func(tx store.Tx) error { return tx.SaveSession(ctx, token, data, expires) })
}

// DeleteCtx ends a sign-in.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.store.Update(ctx, func(tx store.Tx) error { return tx.DeleteSession(ctx, token) })
}

// errNoContext cannot happen: scs uses the methods with a context where a
// store has them.
var errNoContext = errors.New("session store used without a context")

// Find is not used.
func (sessionStore) Find(string) ([]byte, bool, error) { return nil, false, errNoContext }

// Commit is not used.
func (sessionStore) Commit(string, []byte, time.Time) error { return errNoContext }

// Delete is not used.
func (sessionStore) Delete(string) error { return errNoContext }
