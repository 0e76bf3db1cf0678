package home

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/pace"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/store"
)

const (
	acme  = desk.AccountID("111122223333")
	alice = desk.PersonID("T1/U1")
)

// A room is a store with alice's cases, and a Slack in which she is in #ops.
type room struct {
	store.Store // nothing else is asked

	mu     sync.Mutex
	cases  map[desk.CaseID]desk.Case
	order  []desk.CaseID
	homes  map[desk.PersonID]store.Home
	watch  func(store.Hint)
	shown  []view.View
	at     []time.Time
	posted []string
	fails  func(n int) error // what the nth showing comes to
	tries  int
	with   atomic.Int64 // questions which homes a case is on
}

func newRoom() *room {
	return &room{cases: map[desk.CaseID]desk.Case{}, homes: map[desk.PersonID]store.Home{}}
}

// writes is an update of the room: all that a home writes.
type writes struct {
	store.Tx
	r *room
}

func (w writes) SaveHome(_ context.Context, h *store.Home) error {
	w.r.homes[h.Person] = *h
	return nil
}

func (r *room) Update(_ context.Context, fn func(store.Tx) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fn(writes{r: r})
}

func (r *room) Watch(fn func(store.Hint)) func() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watch = fn
	return func() {}
}

func (r *room) OpenHomes(_ context.Context, since time.Time) (all []store.Home, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range r.homes {
		if !h.OpenedAt.Before(since) {
			all = append(all, h)
		}
	}
	return all, nil
}

func (r *room) HomesWith(ctx context.Context, _ desk.CaseID, since time.Time) ([]store.Home, error) {
	r.with.Add(1)
	return r.OpenHomes(ctx, since)
}

func (r *room) CasesOf(context.Context, desk.PersonID, int) ([]desk.CaseID, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]desk.CaseID(nil), r.order...), nil
}

func (r *room) Case(_ context.Context, id desk.CaseID) (desk.Case, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cases[id], nil
}

func (r *room) ChangedCases(context.Context, time.Time, int) ([]store.CaseChange, error) {
	return nil, nil
}

func (r *room) People(context.Context, []desk.PersonID) (map[desk.PersonID]desk.Person, error) {
	return map[desk.PersonID]desk.Person{alice: {ID: alice, Name: "Alice <!here>"}}, nil
}

func (r *room) AccountsIn(context.Context, desk.WorkspaceID) ([]served.Account, error) {
	return []served.Account{{ID: acme}}, nil
}

func (r *room) ChannelsOf(context.Context, desk.AccountID) ([]served.ChannelConfig, error) {
	return []served.ChannelConfig{{Account: acme, Workspace: "T1", Channel: "C1", Permissions: served.FullPermissions()}}, nil
}

func (r *room) PublishView(_ context.Context, _ string, v any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tries++; r.fails != nil {
		if err := r.fails(r.tries); err != nil {
			return err
		}
	}
	r.shown, r.at = append(r.shown, v.(view.View)), append(r.at, time.Now())
	return nil
}

func (r *room) PostMessage(_ context.Context, p api.Post) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.posted = append(r.posted, p.Text)
	return "1.1", nil
}

// memberships says that everybody is in #ops.
type memberships struct{}

func (memberships) ChannelsOf(context.Context, string, string) ([]api.Channel, string, error) {
	return []api.Channel{{ID: "C1", Name: "ops"}}, "", nil
}

func (r *room) home() *Home {
	return New(r, r, NewReach(r, memberships{}, nil), ident.NewInstalled(served.Workspace{ID: "T1"}), Options{Pace: new(pace.Table)})
}

// changes has a case changed, as the store tells of it.
func (r *room) changes(n int, subject string) {
	r.mu.Lock()
	id := desk.CaseID(fmt.Sprint("case-", n))
	if _, known := r.cases[id]; !known {
		r.order = append(r.order, id)
	}
	r.cases[id] = desk.Case{
		ID: id, Number: desk.CaseNumber(fmt.Sprintf("%010d", n)), Account: acme, Workspace: "T1", Asked: "T1/C1", Requester: alice, Subject: subject, Status: desk.StatusOpened,
		Severity: desk.SeverityNormal,
	}
	watch := r.watch
	r.mu.Unlock()
	if watch != nil {
		watch(store.Hint{Cases: []store.CaseHint{{Case: id}}})
	}
}

// runs runs a home for the length of a test.
func runs(t *testing.T, h *Home) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestManyChangesAreShownAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom()
		h := r.home()
		defer runs(t, h)()
		synctest.Wait() // what a start shows has been shown
		if err := h.Open(t.Context(), "T1", "U1", 0); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if len(r.shown) != 1 {
			t.Fatalf("shown %d times at once", len(r.shown))
		}
		for i := range 50 {
			r.changes(1, fmt.Sprint("Subject ", i))
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(r.shown); n < 2 || n > 4 {
			t.Errorf("5 s of changes were shown %d times", n)
		}
		for i := range r.at[1:] {
			if gap := r.at[i+1].Sub(r.at[i]); gap < rest {
				t.Errorf("shown again after %v", gap)
			}
		}
		if text := fmt.Sprint(r.shown[len(r.shown)-1].Blocks[5].Text.Text); !strings.Contains(text, "Subject 49") {
			t.Errorf("the last shows %q", text)
		}
		n := len(r.shown)
		r.changes(1, "Subject 49")
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(r.shown) != n {
			t.Error("what looks the same was shown again")
		}
	})
}

func TestHomesThatWereOpenAreShownAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom()
		r.homes[alice] = store.Home{Person: alice, Page: 1, OpenedAt: time.Now().Add(-time.Hour)}
		r.homes["T1/U2"] = store.Home{Person: "T1/U2", OpenedAt: time.Now().Add(-lately - time.Minute)}
		for range 20 {
			stop := runs(t, r.home())
			synctest.Wait()
			stop()
		}
		if len(r.shown) != 20 {
			t.Errorf("shown %d times, want once at each start, to those who opened theirs lately", len(r.shown))
		}
	})
}

func TestHomesThatSlackDoesNotTake(t *testing.T) {
	for name, tt := range map[string]struct {
		err   error
		after time.Duration // until it is shown; 0 for never
	}{
		"lost":       {&api.Error{Method: "views.publish", Kind: api.Lost}, time.Second},
		"unknown":    {&api.Error{Method: "views.publish", Kind: api.Unknown}, time.Second},
		"limited":    {&api.Error{Method: "views.publish", Kind: api.Limited, After: 30 * time.Second}, 30 * time.Second},
		"no home":    {&api.Error{Method: "views.publish", Kind: api.Refused, Code: "not_enabled"}, 0},
		"shut out":   {&api.Error{Method: "views.publish", Kind: api.Refused, Code: "token_revoked"}, time.Second},
		"no channel": {errors.New("the store is busy"), time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoom()
				r.fails = func(n int) error { return map[bool]error{true: tt.err}[n == 1] }
				h := r.home()
				defer runs(t, h)()
				began := time.Now()
				if err := h.Open(t.Context(), "T1", "U1", 0); err != nil {
					t.Fatal(err)
				}
				time.Sleep(5 * time.Minute)
				synctest.Wait()
				if tt.after == 0 {
					if r.tries != 1 {
						t.Errorf("tried %d times", r.tries)
					}
					return
				}
				if len(r.shown) != 1 || r.at[0].Sub(began) != tt.after {
					t.Errorf("shown %d times: %v", len(r.shown), r.at)
				}
			})
		})
	}
}

func TestWhoWritesIsAnsweredOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom()
		h := r.home()
		defer runs(t, h)()
		for range 5 {
			h.Wrote("T1", "U1", "D1")
			time.Sleep(time.Minute)
		}
		if len(r.posted) != 1 {
			t.Errorf("answered %q", r.posted)
		}
		time.Sleep(politely)
		h.Wrote("T1", "U1", "D1")
		synctest.Wait()
		if len(r.posted) != 2 {
			t.Errorf("answered %d times", len(r.posted))
		}
	})
}

func TestAHomeKeepsSlacksLimits(t *testing.T) {
	f := face{name: strings.Repeat("n", 1000), why: "", hidden: 3}
	for i := range 100 {
		c := desk.Case{ID: desk.CaseID(fmt.Sprint("case-", i)), Number: desk.CaseNumber(fmt.Sprintf("%010d", i)), Subject: strings.Repeat("<&>*", 50)}
		if i < 15 {
			c.Chat.State = desk.ChatInProgress
		}
		f.matters = append(f.matters, matter{c: c, replies: true, canResolve: true, asked: "C1"})
	}
	for f.page = range 12 {
		v := f.draw()
		if len(v.Blocks) > 100 {
			t.Errorf("page %d has %d blocks", f.page, len(v.Blocks))
		}
		ids := map[string]bool{}
		for _, b := range v.Blocks {
			if b.ID != "" && ids[b.ID] {
				t.Errorf("block %s is there twice", b.ID)
			}
			ids[b.ID] = true
			if b.Text != nil && len([]rune(b.Text.Text)) > 3000 {
				t.Errorf("a text of %d characters", len([]rune(b.Text.Text)))
			}
			if b.Text != nil && b.Text.Type == "mrkdwn" && strings.Contains(b.Text.Text, "<&>") {
				t.Errorf("what somebody typed is not escaped: %q", b.Text.Text)
			}
		}
	}
}

// TestHomesOfOtherWorkspacesAskNothing: where nobody of ours has opened a home, it
// does not matter which homes a case is on.
func TestHomesOfOtherWorkspacesAskNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom()
		r.homes["T2/U1"] = store.Home{Person: "T2/U1", OpenedAt: time.Now()}
		h := r.home()
		h.opt.Workspace = "T1"
		defer runs(t, h)()
		synctest.Wait()
		for range 5 {
			r.changes(1, "Another subject")
			time.Sleep(time.Minute)
		}
		if n := r.with.Load(); n > 0 || len(r.shown) > 0 {
			t.Errorf("asked %d times which homes a case is on, and showed %d", n, len(r.shown))
		}
	})
}
