package app

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/socket"
	"caseline/internal/slack/wire"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"
)

// A line is the way to a Slack of many workspaces, or is cut. A token is xoxb- and
// its workspace.
type line struct{ cut bool }

func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.cut {
		return nil, errors.New("no route to host")
	}
	_, team, _ := strings.Cut(r.Header.Get("Authorization"), "xoxb-")
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(
		fmt.Sprintf(`{"ok":true,"team_id":%q,"team":"x","url":"https://x.slack.com/","user_id":"U0","bot_id":"B0","app_id":"A0"}`, team)))}, nil
}

// TestTheBotTokensWorkspaceIsKnownWithoutSlack, whatever else is or was installed:
// a server has to start in an outage.
func TestTheBotTokensWorkspaceIsKnownWithoutSlack(t *testing.T) {
	ctx, way := t.Context(), &line{}
	s, err := sqlstore.Open(ctx, sqlstore.Options{URL: storetest.SQLiteURL(t), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	greets := func(token string) (served.Workspace, bool, error) {
		client, err := api.New(token, api.Options{BaseURL: "https://slack.test/api/", Transport: way})
		if err != nil {
			t.Fatal(err)
		}
		return greet(ctx, client, token, s, ident.NewInstalled(), slog.New(slog.DiscardHandler))
	}
	if w, answered, err := greets("xoxb-T1"); err != nil || !answered || w.ID != "T1" {
		t.Fatalf("got %+v, %v, %v", w, answered, err)
	}
	if err := s.Update(ctx, func(tx store.Tx) error {
		return errors.Join(
			tx.SaveWorkspace(ctx, &served.Workspace{ID: "T2", BotID: "B2"}), // an organisation has taken it back
			tx.SaveInstallation(ctx, &served.Installation{ID: "T1", Workspace: "T1", Token: "sealed"}),
		)
	}); err != nil {
		t.Fatal(err)
	}
	way.cut = true
	if w, answered, err := greets("xoxb-T1"); err != nil || answered || w.ID != desk.WorkspaceID("T1") || w.BotID != "B0" {
		t.Errorf("got %+v, %v, %v, want T1 as it was", w, answered, err)
	}
	if w, _, err := greets("xoxb-T3"); err != nil || w.ID != "T2" {
		t.Errorf("with a token that was never used: got %+v, %v, want the only one without an installation", w, err)
	}
}

func TestSocketModeSwitchedOffIsNotMissedWhereSlackSendsRequests(t *testing.T) {
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	off := socket.Status{Since: since, Reason: wire.ReasonDisabled}
	lost := socket.Status{Since: since, Next: since.Add(time.Minute)}
	for _, tt := range []struct {
		about  string
		status socket.Status
		byHTTP bool
		want   work.Socket
	}{
		{"all is well", socket.Status{Connected: 2}, false, work.Socket{}},
		{"switched off", off, false, work.Socket{Since: since, Off: true, Reason: wire.ReasonDisabled}},
		{"switched off, and requests come", off, true, work.Socket{}},
		{"no connection", lost, false, work.Socket{Since: since, Next: lost.Next}},
		{"no connection, though requests could come", lost, true, work.Socket{Since: since, Next: lost.Next}},
	} {
		if got := hearing(tt.status, tt.byHTTP); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.about, got, tt.want)
		}
	}
}
