package channels_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"caseline/internal/slack/api"
	"caseline/internal/slack/channels"
)

// A slack has pages of channels.
type slack struct {
	pages [][]api.Channel
	asked int
	err   error
}

func (s *slack) PublicChannels(_ context.Context, cursor string) ([]api.Channel, string, error) {
	s.asked++
	at := 0
	fmt.Sscan(cursor, &at)
	next := ""
	if at+1 < len(s.pages) {
		next = fmt.Sprint(at + 1)
	}
	return s.pages[at], next, s.err
}

func TestPublicChannelsAreListedByNameAndBelievedForAMinute(t *testing.T) {
	s := &slack{pages: [][]api.Channel{{{ID: "C1", Name: "ops"}, {ID: "C2", Name: "old", Archived: true}}, {{ID: "C3", Name: "general", IsMember: true}}}}
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	l := channels.New("T1", s, func() time.Time { return now })
	look := func(asked int) {
		t.Helper()
		all, more, err := l.Public(t.Context(), "T1")
		if got := fmt.Sprint(all); err != nil || more || len(all) != 2 || all[0].Name != "general" || all[1].Name != "ops" || s.asked != asked {
			t.Errorf("got %s, more %v, %v after asking %d times; want general and ops after %d", got, more, err, s.asked, asked)
		}
	}
	look(2)
	now = now.Add(59 * time.Second)
	look(2)
	now = now.Add(time.Second)
	look(4)
	if _, _, err := l.Public(t.Context(), "T2"); err == nil {
		t.Error("another workspace has the channels of this one")
	}
}

func TestOfTooManyChannelsTheFirstAreListed(t *testing.T) {
	s := &slack{}
	for i := range 30 {
		s.pages = append(s.pages, []api.Channel{{ID: fmt.Sprint("C", i), Name: fmt.Sprint("n", i)}})
	}
	l := channels.New("T1", s, time.Now)
	all, more, err := l.Public(t.Context(), "T1")
	if err != nil || !more || len(all) != 10 || s.asked != 10 {
		t.Errorf("got %d channels, more %v, %v after asking %d times", len(all), more, err, s.asked)
	}
}

func TestAFailureIsNotBelieved(t *testing.T) {
	s := &slack{pages: [][]api.Channel{{{ID: "C1", Name: "ops"}}}, err: errors.New("down")}
	l := channels.New("T1", s, time.Now)
	if _, _, err := l.Public(t.Context(), "T1"); !errors.Is(err, s.err) {
		t.Errorf("got %v", err)
	}
	s.err = nil
	if all, _, err := l.Public(t.Context(), "T1"); err != nil || len(all) != 1 {
		t.Errorf("afterwards: got %v, %v", all, err)
	}
}
