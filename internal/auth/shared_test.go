package auth_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"caseline/internal/auth"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// twoNodes are two servers with one database: two connections to PostgreSQL, and
// for SQLite, which has one server, that server before and after a restart.
func twoNodes(t *testing.T, do func(t *testing.T, at [2]*site, s store.Store, c *clock)) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		c := &clock{at: time.Now()}
		s := storetest.Open(t, url)
		other := s
		if strings.HasPrefix(url, "postgres") {
			other = storetest.Open(t, url)
		}
		opt := auth.Options{Now: c.now, Cost: cheap(), Address: func(*http.Request) string { return "10.0.0.1" }}
		a, b := auth.New(s, opt), auth.New(other, opt)
		addJane(t, a)
		do(t, [2]*site{newSite(t, a), newSite(t, b)}, s, c)
	})
}

// Who guesses at several servers in turn has no more tries than at one, and cannot
// tell by that whose address it is.
func TestSeveralServersSlowDownGuessingTogether(t *testing.T) {
	for _, email := range []string{"jane@example.com", "nobody@example.com"} {
		t.Run(email, func(t *testing.T) {
			twoNodes(t, func(t *testing.T, at [2]*site, s store.Store, c *clock) {
				for i := range 5 {
					if got := at[i%2].in(email, "wrong password"); got != http.StatusForbidden {
						t.Fatalf("try %d: got %d", i+1, got)
					}
				}
				for i := range at {
					if got := at[i].in(email, "wrong password"); got != http.StatusTooManyRequests {
						t.Errorf("the sixth try, at server %d: got %d", i+1, got)
					}
				}
				if email != "jane@example.com" {
					return
				}
				c.add(time.Minute + time.Second)
				if got := at[1].in(email, password); got != http.StatusOK {
					t.Fatalf("after a minute: got %d", got)
				}
				if got := at[0].in(email, "wrong password"); got != http.StatusForbidden {
					t.Errorf("a success at another server did not clear the tries: got %d", got)
				}
			})
		})
	}
}

// What is counted is deleted when it counts no more, and has nothing that was
// typed.
func TestFailedTriesAreForgotten(t *testing.T) {
	twoNodes(t, func(t *testing.T, at [2]*site, s store.Store, c *clock) {
		at[0].in("my secret password", "wrong password")
		at[0].in("jane@example.com", "wrong password")
		address := "address:10.0.0.1"
		before, err := s.Tries(t.Context(), []string{address, "pair:10.0.0.1 my secret password", "agent:my secret password", "agent:jane@example.com"})
		if len(before) != 1 || before[address].IsZero() || err != nil {
			t.Errorf("got %v, %v", before, err)
		}
		c.add(time.Hour)
		at[1].in("jane@example.com", password)
		at[1].in("nobody@example.com", "wrong password")
		after, err := s.Tries(t.Context(), []string{address})
		if len(after) != 1 || after[address].Before(c.now()) || err != nil {
			t.Errorf("after an hour: %v, %v", after, err)
		}
	})
}
