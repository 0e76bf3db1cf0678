package console_test

import (
	"testing"
	"time"

	"caseline/internal/console"
	"caseline/internal/desk"
)

// Whoever has a page open is there: upkeep brings the chats of those who are
// not back to the queue.
func TestB5_AnOpenConsoleIsSeen(t *testing.T) {
	h := newHouse(t, func(o *console.Options) { o.Beat = 10 * time.Millisecond })
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	omar := h.agent("omar@example.com", "Omar Haddad", desk.RoleAgent)
	seen := func(a desk.Agent) time.Time {
		t.Helper()
		got, err := h.store.Agent(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got.SeenAt
	}
	h.signedIn("omar@example.com") // a page is enough, without any script
	b := h.signedIn("jane@example.com")
	if seen(jane).IsZero() || seen(omar).IsZero() {
		t.Fatal("a page was opened and nobody is seen")
	}
	l := b.listen(t)
	l.next("hello")
	first := seen(jane)
	h.clock.set(first.Add(time.Hour)) // the stream goes on, and so does Jane
	h.clock.mu.Lock()
	h.clock.run = false
	h.clock.mu.Unlock()
	for !seen(jane).Equal(first.Add(time.Hour)) {
		if _, ok := l.next("beat"); !ok {
			t.Fatal("the stream ended")
		}
	}
	if got := seen(omar); got.Sub(first) > time.Minute {
		t.Errorf("Omar has nothing open and was seen at %s", got)
	}
}
