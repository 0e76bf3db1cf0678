package slack

import (
	"context"
	"errors"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
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

// Where somebody keeps our installation it is for them to say what a token that is
// taken no more means: another may have replaced it.
func TestAnExpiredTokenIsRenewed(t *testing.T) {
	expired := &api.Error{Method: "auth.test", Kind: api.Refused, Code: "token_expired"}
	revoked := &api.Error{Method: "auth.test", Kind: api.Refused, Code: "token_revoked"}
	asked := 0
	gone := func(context.Context, string) error { asked++; return nil }
	for name, tt := range map[string]struct {
		answer    error
		gone      func(context.Context, string) error
		out, asks int
	}{
		"expired, and somebody keeps it": {expired, gone, 0, 1},
		"revoked, and somebody keeps it": {revoked, gone, 0, 1},
		"expired, and nobody keeps it":   {expired, nil, 1, 0},
		"revoked, and nobody keeps it":   {revoked, nil, 1, 0},
		"let in":                         {nil, gone, 0, 0},
	} {
		asked = 0
		var out offline
		installed := ident.NewInstalled(served.Workspace{ID: "T1"})
		w := NewWarden(&answers{tt.answer}, &out, installed, "T1", WardenOptions{Gone: tt.gone})
		err := w.ask(t.Context())
		self, _ := installed.Find("T1")
		if err != nil || int(out) != tt.out || asked != tt.asks || (self.State == served.WorkspaceDisconnected) != (tt.out > 0) {
			t.Errorf("%s: %v; shut out %d times, want %d; asked %d times, want %d; %s", name, err, out, tt.out, asked, tt.asks, self.State)
		}
	}
}
