package tenants_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/install"
	"caseline/internal/store"
)

// A slow is a way to Slack that answers when it is let to whose some tokens are.
// A token begins with xoxb- and its workspace.
type slow struct {
	tokens []string // about which it waits
	asked  chan struct{}
	let    chan struct{}
	last   atomic.Value // the token of the last call
}

func newSlow(tokens ...string) *slow {
	return &slow{tokens: tokens, asked: make(chan struct{}), let: make(chan struct{})}
}

// ask says that Slack is asked, and wait waits until it may answer; false is that
// nobody waits for it any more.
func (w *slow) ask(r *http.Request) bool {
	select {
	case w.asked <- struct{}{}:
		return true
	case <-r.Context().Done():
		return false
	}
}

func (w *slow) wait(r *http.Request) bool {
	select {
	case <-w.let:
		return true
	case <-r.Context().Done():
		return false
	}
}

func (w *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	w.last.Store(token)
	if strings.HasSuffix(r.URL.Path, "/auth.test") && slices.Contains(w.tokens, token) {
		if !w.ask(r) || !w.wait(r) {
			return nil, context.Cause(r.Context())
		}
	}
	team := strings.Split(token, "-")[1]
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(
		fmt.Sprintf(`{"ok":true,"team_id":%q,"team":"acme","url":"https://acme.slack.com/","user_id":"U0","bot_id":"B0","app_id":"A0"}`, team)))}, nil
}

// TestAnAppRemovedWhileSlackIsAskedIsNotServed, and its chats end: the keeper that
// has removed it does not say so again.
func TestAnAppRemovedWhileSlackIsAskedIsNotServed(t *testing.T) {
	way := newSlow("xoxb-T1-old")
	s := newStreetBy(t, way, time.Hour)
	s.apps["T1"] = install.App{Workspace: "T1", Token: "xoxb-T1-old", Version: 1}
	sought := make(chan error, 1)
	go func() { sought <- s.set.Seek(t.Context(), "T1", "") }()
	<-way.asked
	s.mu.Lock()
	delete(s.apps, "T1")
	s.mu.Unlock()
	s.set.Remove("T1", "app_uninstalled")
	way.let <- struct{}{}
	s.must(<-sought)
	if got := s.commandsAt("T1"); got != nowhere {
		t.Errorf("it was removed, and a command is answered by %q", got)
	}
	defer s.runs()()
	s.until("its chats have ended", func() bool {
		w, err := s.store.Workspace(t.Context(), "T1")
		s.must(err)
		return w.State == served.WorkspaceDisconnected && w.Reason == "app_uninstalled"
	})
}

// TestAnOlderTokenGoesOverNoNewer: what Slack answers about a token may come after
// the next token.
func TestAnOlderTokenGoesOverNoNewer(t *testing.T) {
	way := newSlow("xoxb-T1-old", "xoxb-T1-new")
	s := newStreetBy(t, way, time.Hour)
	defer s.runs()()
	s.set.Put(install.App{Workspace: "T1", Token: "xoxb-T1-first", Version: 1})
	s.until("it is served", func() bool { return s.commandsAt("T1") != nowhere })
	s.set.Put(install.App{Workspace: "T1", Token: "xoxb-T1-old", Version: 2})
	<-way.asked
	s.set.Put(install.App{Workspace: "T1", Token: "xoxb-T1-new", Version: 3})
	way.let <- struct{}{}
	<-way.asked // about the new one
	if _, _, err := s.set.Public(t.Context(), "T1"); err != nil {
		t.Error(err)
	}
	if got := way.last.Load(); got != "xoxb-T1-new" {
		t.Errorf("after Slack's answer about the older token the tenant calls with %q", got)
	}
	way.let <- struct{}{}
}

// TestWhatIsInstalledAgainIsNotSeenOff: another node may have taken the app in
// again before this one has ended what it had.
func TestWhatIsInstalledAgainIsNotSeenOff(t *testing.T) {
	s := newStreetBy(t, newSlow(), time.Hour)
	s.must(s.store.Update(t.Context(), func(tx store.Tx) error {
		return tx.SaveInstallation(t.Context(), &served.Installation{ID: "T1", Workspace: "T1", Name: "acme", Token: "sealed"})
	}))
	defer s.runs()()
	s.set.Put(install.App{Workspace: "T1", Token: "xoxb-T1", Version: 1})
	s.until("it is served", func() bool { return s.commandsAt("T1") != nowhere })
	s.set.Remove("T1", "app_uninstalled")
	for _, w := range []string{"T2", "T3"} { // when the second is served, T1 has had its turn
		s.set.Put(install.App{Workspace: desk.WorkspaceID(w), Token: "xoxb-" + w})
		s.until(w+" is served", func() bool { return s.commandsAt(w) != nowhere })
	}
	w, err := s.store.Workspace(t.Context(), "T1")
	if err != nil || w.State != served.WorkspaceConnected {
		t.Errorf("got %+v, %v, though the app is installed again", w, err)
	}
}
