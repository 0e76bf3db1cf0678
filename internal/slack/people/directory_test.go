package people

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/pace"
	"caseline/internal/slack/api"
	"caseline/internal/slack/wire"
	"caseline/internal/store"
)

// A town is the people that a Directory knows of, and the Slack that knows
// their names.
type town struct {
	mu     sync.Mutex // guards all below
	people map[desk.PersonID]desk.Person
	watch  func(store.Hint)
	asked  []string
	at     []time.Duration
	began  time.Time
	answer func(id string, n int) (api.User, error)
	down   error // of the store
}

func newTown(ids ...desk.PersonID) *town {
	w := &town{people: map[desk.PersonID]desk.Person{}, began: time.Now()}
	w.answer = func(id string, _ int) (api.User, error) {
		return api.User{ID: id, TeamID: "T1", Name: "Name of " + id}, nil
	}
	for _, id := range ids {
		w.people[id] = desk.Person{ID: id}
	}
	return w
}

func (w *town) note(id desk.PersonID) {
	w.mu.Lock()
	w.people[id] = desk.Person{ID: id}
	watch := w.watch
	w.mu.Unlock()
	watch(store.Hint{People: true})
}

func (w *town) People(_ context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	known := map[desk.PersonID]desk.Person{}
	for _, id := range ids {
		if p, ok := w.people[id]; ok {
			known[id] = p
		}
	}
	return known, w.down
}

func (w *town) StalePeople(_ context.Context, begin string, before time.Time, limit int) ([]desk.Person, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var stale []desk.Person
	for _, p := range w.people {
		if p.FetchedAt.Before(before) && strings.HasPrefix(string(p.ID), begin) && len(stale) < limit {
			stale = append(stale, p)
		}
	}
	slices.SortFunc(stale, func(a, b desk.Person) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return stale, w.down
}

func (w *town) Watch(fn func(store.Hint)) func() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watch = fn
	return func() {}
}

func (w *town) NamePerson(_ context.Context, p desk.Person) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.FetchedAt = time.Now()
	w.people[p.ID] = p
	return w.down
}

func (w *town) UserInfo(_ context.Context, id string) (api.User, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, id)
	w.at = append(w.at, time.Since(w.began))
	return w.answer(id, len(w.asked))
}

// asks returns who was asked for until now.
func (w *town) asks() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked)
}

// run runs a Directory on w while story plays.
func run(t *testing.T, w *town, o Options, story func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- New("T1", w, w, w, o).Run(ctx) }()
	story()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestDirectoryLooksUpWhoIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown("T1/U1", "T1/U2")
		run(t, w, Options{}, func() {
			synctest.Wait()
			w.note("T1/U3")
			synctest.Wait()
			if got := w.asks(); !cmp.Equal(got, []string{"U1", "U2", "U3"}) {
				t.Errorf("asked for %v", got)
			}
			time.Sleep(23 * time.Hour)
			if got := w.asks(); len(got) != 3 {
				t.Errorf("asked again within a day: %v", got)
			}
			time.Sleep(2 * time.Hour)
			if got := w.asks(); len(got) != 6 {
				t.Errorf("not asked again after a day: %v", got)
			}
		})
		if got := w.people["T1/U3"].Name; got != "Name of U3" {
			t.Errorf("U3 is called %q", got)
		}
	})
}

func TestDirectoryMeetsTrouble(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want []time.Duration // when U1 and then U2 are asked for
	}{
		{"nobody knows", &api.Error{Kind: api.Refused, Code: "user_not_found"}, []time.Duration{0, 0}},
		{"limited", &api.Error{Kind: api.Limited, After: 7 * time.Second}, []time.Duration{0, 7 * time.Second, 7 * time.Second}},
		{"no answer", &api.Error{Kind: api.Unknown}, []time.Duration{0, 10 * time.Second, 10 * time.Second}},
		{"our token", &api.Error{Kind: api.Refused, Code: "invalid_auth"}, []time.Duration{0, 10 * time.Second, 10 * time.Second}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newTown("T1/U1", "T1/U2")
				fine := w.answer
				w.answer = func(id string, n int) (api.User, error) {
					if n == 1 {
						return api.User{}, tt.err
					}
					return fine(id, n)
				}
				run(t, w, Options{}, func() {
					time.Sleep(5 * time.Second)
					w.note("T1/U2") // a hint must not cut a wait short
					time.Sleep(time.Hour)
				})
				if diff := cmp.Diff(tt.want, w.at[:len(tt.want)]); diff != "" {
					t.Errorf("asked at (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestDirectoryGoesRoundWhomSlackAlwaysFailsToDescribe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown("T1/U1", "T1/U2")
		fine := w.answer
		w.answer = func(id string, n int) (api.User, error) {
			if id == "U1" {
				return api.User{}, &api.Error{Kind: api.Unknown}
			}
			return fine(id, n)
		}
		run(t, w, Options{}, func() {
			time.Sleep(5 * time.Minute)
			w.note("T1/U3")
			time.Sleep(10 * time.Hour)
		})
		for _, id := range []desk.PersonID{"T1/U2", "T1/U3"} {
			if w.people[id].Name == "" {
				t.Errorf("%s was never looked up, because U1 cannot be", id)
			}
		}
		if n := len(w.asks()); n < 10 || n > 30 {
			t.Errorf("asked %d times in ten hours, want U1 asked for ever more rarely", n)
		}
	})
}

func TestDirectoryKeepsToItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown("T1/U1", "T1/U2", "T1/U3", "nobody of Slack")
		run(t, w, Options{Pace: pace.Limit{Every: 3 * time.Second, Burst: 1}}, func() { time.Sleep(time.Minute) })
		if diff := cmp.Diff([]time.Duration{0, 3 * time.Second, 6 * time.Second}, w.at); diff != "" {
			t.Errorf("asked at (-want +got):\n%s", diff)
		}
	})
}

func TestDirectoryWaitsForItsStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown("T1/U1")
		w.down = errors.New("down")
		run(t, w, Options{}, func() {
			time.Sleep(5 * time.Second)
			w.mu.Lock()
			w.down = nil
			w.mu.Unlock()
			time.Sleep(time.Minute)
		})
		if w.people["T1/U1"].Name == "" {
			t.Error("never looked up")
		}
	})
}

func TestDirectoryStartsAndStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown("T1/U1")
		for range 50 {
			run(t, w, Options{}, func() {})
		}
	})
}

func TestDirectoryHearsOfChanges(t *testing.T) {
	user := func(name string, change ...func(*wire.User)) wire.User {
		u := wire.User{ID: "U1", TeamID: "T1", RealName: "Alice Martin"}
		u.Profile.DisplayName = name
		for _, f := range change {
			f(&u)
		}
		return u
	}
	tests := []struct {
		name string
		u    wire.User
		want desk.Person
	}{
		{"another name", user("Al"), desk.Person{Name: "Al"}},
		{"no display name", user(""), desk.Person{Name: "Alice Martin"}},
		{"no name at all", wire.User{ID: "U1"}, desk.Person{Name: "Alice"}},
		{"a picture", user("Alice", func(u *wire.User) { u.Profile.Image = "https://x/y.png" }), desk.Person{Name: "Alice", Avatar: "https://x/y.png"}},
		{"a guest", user("Alice", func(u *wire.User) { u.IsRestricted = true }), desk.Person{Name: "Alice", External: true}},
		{"of another organisation", user("Alice", func(u *wire.User) { u.TeamID = "T2" }), desk.Person{Name: "Alice", External: true}},
		{"another time zone only", user("Alice", func(u *wire.User) { u.TZ = "Europe/Berlin" }), desk.Person{Name: "Alice"}},
		{"somebody else", wire.User{ID: "U9", RealName: "Mallory"}, desk.Person{Name: "Alice"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown()
			fetched := time.Now().Add(-time.Hour)
			w.people["T1/U1"] = desk.Person{ID: "T1/U1", Name: "Alice", FetchedAt: fetched}
			if err := New("T1", w, w, w, Options{}).Changed(t.Context(), "T1", tt.u); err != nil {
				t.Fatal(err)
			}
			got := w.people["T1/U1"]
			got.ID, got.FetchedAt = "", time.Time{}
			if diff := cmp.Diff(tt.want, got); diff != "" || len(w.people) != 1 {
				t.Errorf("%d people, person (-want +got):\n%s", len(w.people), diff)
			}
		})
	}
	w := newTown("T1/U1")
	w.down = errors.New("down")
	if err := New("T1", w, w, w, Options{}).Changed(t.Context(), "T1", user("Al")); err == nil {
		t.Error("the store's trouble was not told")
	}
}
