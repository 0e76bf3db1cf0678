package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Tries that failed are counted in the store, too, so that several servers slow
// down guessing together, and a restart does not begin anew. The count in memory
// comes first and is of all tries: it bounds what is under way at once. A sign-in
// that succeeds reads the counts and writes none.

// slowed is *Throttled when too many tries under some keys have failed, here or on
// another server. known are those keys that have a count.
func (s *Service) slowed(ctx context.Context, keys map[string]limit) (known map[string]time.Time, err error) {
	now := s.now()
	if known, err = s.store.Tries(ctx, slices.Sorted(maps.Keys(keys))); err != nil {
		return nil, fmt.Errorf("read failed tries: %w", err)
	}
	var wait time.Duration
	for key, at := range known {
		wait = max(wait, keys[key].wait(at, now))
	}
	if wait > 0 {
		return known, &Throttled{Wait: wait}
	}
	return known, nil
}

// missed counts a try that failed. Keys are counted in one order, so that two
// servers do not wait for each other.
func (s *Service) missed(ctx context.Context, tx store.Tx, keys map[string]limit) error {
	if len(keys) == 0 {
		return nil
	}
	now := s.now()
	if err := tx.PurgeTries(ctx, now); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if err := tx.CountTry(ctx, key, now, keys[key].interval); err != nil {
			return err
		}
	}
	return nil
}

// miss is missed in an update of its own.
func (s *Service) miss(ctx context.Context, keys map[string]limit) error {
	if err := s.store.Update(ctx, func(tx store.Tx) error { return s.missed(ctx, tx, keys) }); err != nil {
		return fmt.Errorf("count a failed try: %w", err)
	}
	return nil
}

// forgive forgets the failed tries under a key that has any.
func (s *Service) forgive(ctx context.Context, known map[string]time.Time, key string) error {
	if _, has := known[key]; !has {
		return nil
	}
	if err := s.store.Update(ctx, func(tx store.Tx) error { return tx.ClearTries(ctx, key) }); err != nil {
		return fmt.Errorf("forget failed tries: %w", err)
	}
	return nil
}

// pairOf is the key of an agent and where a request comes from. It has not what was
// typed: people type their passwords where addresses go.
func (s *Service) pairOf(r *http.Request, a desk.AgentID) string {
	return "pair:" + clip(s.address(r), maxAddress) + " " + string(a)
}

// passwordKeys are what a wrong password counts under.
func (s *Service) passwordKeys(r *http.Request, a desk.AgentID) map[string]limit {
	return map[string]limit{
		"address:" + clip(s.address(r), maxAddress): addressLimit(), s.pairOf(r, a): pairLimit(), "agent:" + string(a): emailLimit(),
	}
}

// triesKey names the secret by which addresses of strangers are told apart.
const triesKey = "tries"

// stranger is under what tries count with an address that is no agent's: as those
// with an agent's do, or the difference would tell whose it is. It is a small part
// of a hash with a secret, from which nobody reads what was typed.
func (s *Service) stranger(ctx context.Context, email string) (desk.AgentID, error) {
	s.secretly.Lock()
	defer s.secretly.Unlock()
	if s.secret == "" {
		fresh, secret := rand.Text(), ""
		err := s.store.Update(ctx, func(tx store.Tx) (err error) {
			secret, err = tx.Key(ctx, triesKey, fresh)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("read the secret of tries: %w", err)
		}
		s.secret = secret
	}
	mac := hmac.New(sha256.New, []byte(s.secret))
	mac.Write([]byte(email))
	return desk.AgentID("stranger-" + hex.EncodeToString(mac.Sum(nil))[:5]), nil
}

// codeKeys are what a wrong code counts under.
func codeKeys(a desk.AgentID) map[string]limit {
	return map[string]limit{"code:" + string(a): pairLimit()}
}
