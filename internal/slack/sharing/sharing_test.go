package sharing

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"caseline/internal/casework/drafts"
	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/store/storetest"
)

// A wall is a channel that refuses while it is told to.
type wall struct {
	mu     sync.Mutex
	posted int
	fails  error // guarded by mu, as is posted
	landed bool  // what fails is there all the same
	then   func()
}

func (w *wall) PostMessage(context.Context, api.Post) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fails == nil || w.landed {
		w.posted++
	}
	if w.then != nil {
		w.then()
	}
	return "1.1", w.fails
}

func sharer(t *testing.T, w *wall) Sharer {
	return Sharer{Claims: drafts.New(storetest.SQLite(t), nil), Slack: w, Log: slog.New(slog.DiscardHandler)}
}

func TestManyPressesShareOnce(t *testing.T) {
	w := &wall{}
	s := sharer(t, w)
	var wg sync.WaitGroup
	said := make([]error, 5)
	for i := range said {
		wg.Go(func() { said[i] = s.Share(t.Context(), "k", api.Post{Channel: "C1"}) })
	}
	wg.Wait()
	shared := 0
	for _, err := range said {
		switch {
		case err == nil:
			shared++
		case !errors.Is(err, ErrAlready):
			t.Errorf("got %v", err)
		}
	}
	if shared != 1 || w.posted != 1 {
		t.Errorf("%d presses shared, %d times posted, want one", shared, w.posted)
	}
	if err := s.Share(t.Context(), "another", api.Post{Channel: "C1"}); err != nil || w.posted != 2 {
		t.Errorf("another thing: got %v, posted %d times", err, w.posted)
	}
}

func TestWhatWasNotSharedCanBeSharedAgain(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		landed bool
		says   string
		again  bool // it can be
	}{
		{"closed to us", &api.Error{Kind: api.Refused, Code: "not_in_channel"}, false, "Invite it here", true},
		{"another error of Slack's", &api.Error{Kind: api.Refused, Code: "msg_too_long"}, false, "", true},
		{"never left", &api.Error{Kind: api.Lost}, false, "", true},
		{"no answer", &api.Error{Kind: api.Unknown}, false, "look in the channel", false},
		{"no answer, though it landed", &api.Error{Kind: api.Unknown}, true, "look in the channel", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := &wall{fails: tt.err, landed: tt.landed}
			s := sharer(t, w)
			err := s.Share(t.Context(), "k", api.Post{Channel: "C1"})
			r, refused := errors.AsType[*desk.Refusal](err)
			if err == nil || refused != (tt.says != "") || refused && !strings.Contains(r.Message, tt.says) {
				t.Errorf("got %v, want %q", err, tt.says)
			}
			w.fails = nil
			if err := s.Share(t.Context(), "k", api.Post{Channel: "C1"}); (err == nil) != tt.again || err != nil && !errors.Is(err, ErrAlready) {
				t.Errorf("again: got %v", err)
			}
			if w.posted > 1 {
				t.Errorf("posted %d times", w.posted)
			}
		})
	}
}

// Slack cannot be reached, and the time for an answer ends with the try.
func TestWhatNeverLeftCanBeSharedAgainWhenTimeRanOut(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := &wall{fails: &api.Error{Kind: api.Lost}, then: cancel}
	s := sharer(t, w)
	if err := s.Share(ctx, "k", api.Post{Channel: "C1"}); err == nil || errors.Is(err, ErrAlready) {
		t.Errorf("got %v", err)
	}
	w.fails = nil
	if err := s.Share(t.Context(), "k", api.Post{Channel: "C1"}); err != nil || w.posted != 1 {
		t.Errorf("again: got %v, posted %d times", err, w.posted)
	}
}

func TestADraftThatWasChangedIsAnother(t *testing.T) {
	if Draft("T1", "V1", []byte("a")) == Draft("T1", "V1", []byte("b")) || Draft("T1", "V1", []byte("a")) == Draft("T1", "V2", []byte("a")) {
		t.Error("two drafts have one key")
	}
}
