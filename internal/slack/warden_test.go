package slack

import (
	"context"
	"errors"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
)

// answers are what Slack says to one question after the other.
type answers []error

func (a *answers) AuthTest(context.Context) (api.Identity, error) {
	err := (*a)[0]
	*a = (*a)[1:]
	return api.Identity{}, err
}

// Whoever asks Slack now and then notices that it did not answer, even when
// nobody had anything to send.
func TestB8_TheWardenTellsThatSlackSpeaksAgain(t *testing.T) {
	silence := &api.Error{Method: "auth.test", Kind: api.Unknown, Err: errors.New("slack did not answer in time")}
	unreached := &api.Error{Method: "auth.test", Kind: api.Lost, Err: errors.New("no route")}
	limited := &api.Error{Method: "auth.test", Kind: api.Limited}
	for name, tt := range map[string]struct {
		answers answers
		want    int
	}{
		"always there":           {answers{nil, nil, nil}, 0},
		"silent once":            {answers{nil, silence, nil, nil}, 1},
		"silent for long":        {answers{silence, unreached, silence, nil}, 1},
		"silent again":           {answers{unreached, nil, silence, nil}, 2},
		"silent still":           {answers{nil, silence, silence}, 0},
		"too busy is no silence": {answers{limited, nil}, 0},
		"too busy is an answer":  {answers{silence, limited, nil}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			spoke := 0
			w := NewWarden(&tt.answers, nil, ident.NewInstalled(), "T1", WardenOptions{Spoke: func() { spoke++ }})
			for range len(tt.answers) {
				if err := w.ask(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if spoke != tt.want {
				t.Errorf("told %d times, want %d", spoke, tt.want)
			}
		})
	}
}

// offline counts how often it is told that we are shut out.
type offline int

// Disconnect counts.
func (o *offline) Disconnect(context.Context, desk.WorkspaceID, string) error { *o++; return nil }

// Reconnect does nothing.
func (o *offline) Reconnect(context.Context, desk.WorkspaceID) error { return nil }

// Where somebody renews tokens, one whose time is over shuts nobody out.
func TestAnExpiredTokenIsRenewed(t *testing.T) {
	expired := &api.Error{Method: "auth.test", Kind: api.Refused, Code: "token_expired"}
	revoked := &api.Error{Method: "auth.test", Kind: api.Refused, Code: "token_revoked"}
	renewals := 0
	for name, tt := range map[string]struct {
		answer      error
		expired     func()
		out, renews int
	}{
		"expired, and renewed":          {expired, func() { renewals++ }, 0, 1},
		"expired, and nobody renews it": {expired, nil, 1, 0},
		"revoked":                       {revoked, func() { renewals++ }, 1, 0},
	} {
		renewals = 0
		var out offline
		w := NewWarden(&answers{tt.answer}, &out, ident.NewInstalled(), "T1", WardenOptions{Expired: tt.expired})
		if err := w.ask(t.Context()); err != nil || int(out) != tt.out || renewals != tt.renews {
			t.Errorf("%s: %v; shut out %d times, want %d; renewed %d times, want %d", name, err, out, tt.out, renewals, tt.renews)
		}
	}
}
