package crowd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"caseline/internal/auth"
	"caseline/internal/desk"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
)

// A Member is an agent who is signed in.
type Member struct {
	cookies string // of their sign-in and their device, as a browser sends them
}

// seeders is how many agents are made at once, so that they share commits.
const seeders = 16

// Seed makes n agents in the database at url and signs each in, as a server on that
// database would by their passwords, which are hashed for next to nothing. All of them
// were there a moment ago, as after a restart of the server: else each page opened would
// be news to those that are.
func Seed(ctx context.Context, url string, n int) (all []Member, err error) {
	s, err := sqlstore.Open(ctx, sqlstore.Options{URL: url})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	svc := auth.New(s, auth.Options{Cost: auth.Cost{Memory: 64, Passes: 1, Threads: 1}})
	all = make([]Member, n)
	errs := make([]error, seeders)
	now := time.Now().UTC().Truncate(time.Microsecond)
	var wg sync.WaitGroup
	for k := range seeders {
		wg.Go(func() {
			for i := k; i < n && errs[k] == nil; i += seeders {
				all[i], errs[k] = enter(ctx, s, svc, i, now)
			}
		})
	}
	wg.Wait()
	return all, errors.Join(errs...)
}

const password = "a-password-of-a-thousand"

// enter makes an agent and signs them in, from an address of their own.
func enter(ctx context.Context, s store.Store, svc *auth.Service, i int, now time.Time) (m Member, err error) {
	email := fmt.Sprintf("agent%d@bench.example", i)
	a, _, err := svc.EnsureAgent(ctx, desk.ByItself(), email, fmt.Sprintf("Agent %d", i), password, desk.RoleAgent)
	if err != nil {
		return m, err
	}
	err = s.Update(ctx, func(tx store.Tx) error {
		at := roster.Device{Agent: a.ID, ID: device(i), SeenAt: now, LookedAt: now}
		a.SeenAt = now
		return errors.Join(tx.SaveAgent(ctx, &a), tx.SeeDevice(ctx, &at), tx.LookAtDevice(ctx, &at))
	})
	if err != nil {
		return m, fmt.Errorf("have %s be there: %w", email, err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://bench.example/login", nil)
	if err != nil {
		return m, err
	}
	r.RemoteAddr = fmt.Sprintf("10.0.%d.%d:9", i/256, i%256)
	kept := pocket{}
	signIn := svc.Load(func(w http.ResponseWriter, r *http.Request) error {
		_, err := svc.SignIn(w, r, email, password)
		return err
	})
	if err := signIn(kept, r); err != nil {
		return m, fmt.Errorf("sign in %s: %w", email, err)
	}
	for _, line := range kept.Header()["Set-Cookie"] {
		if c, err := http.ParseSetCookie(line); err == nil && c.Name == auth.CookieName {
			m.cookies = c.Name + "=" + c.Value + "; caseline_device=" + device(i)
		}
	}
	if m.cookies == "" {
		return m, fmt.Errorf("sign in %s: no cookie", email)
	}
	return m, nil
}

// device names the browser of an agent, as the console names browsers.
func device(i int) string {
	name := []byte(strings.Repeat("A", 26))
	for at := range 4 {
		name[at] = byte('A' + i%26)
		i /= 26
	}
	return string(name)
}

// A pocket keeps the header of an answer.
type pocket http.Header

func (p pocket) Header() http.Header         { return http.Header(p) }
func (p pocket) Write(b []byte) (int, error) { return len(b), nil }
func (p pocket) WriteHeader(int)             {}
