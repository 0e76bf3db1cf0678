package slacksim_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/world"
)

// TestWhatIsRefusedOnlyWhereItIsSwitchedOn edits late and deletes a post under
// another name.
func TestWhatIsRefusedOnlyWhereItIsSwitchedOn(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	s := newStage(t, slacksim.Options{Clock: c, EditWindow: time.Hour, NoDeleteCustomised: true})
	plain := s.ok(t, "chat.postMessage", "channel", s.ops.ID, "text", "x")["ts"].(string)
	named := s.ok(t, "chat.postMessage", "channel", s.ops.ID, "text", "x", "username", "Jane")["ts"].(string)
	s.ok(t, "chat.update", "channel", s.ops.ID, "ts", plain, "text", "y")
	c.Advance(time.Hour + time.Second)
	s.refused(t, "edit_window_closed", "chat.update", "channel", s.ops.ID, "ts", plain, "text", "z")
	s.refused(t, "cant_delete_message", "chat.delete", "channel", s.ops.ID, "ts", named)
	s.ok(t, "chat.delete", "channel", s.ops.ID, "ts", plain)
}

// TestAppsBehindTLS has one whose certificate nobody knows, and one whose Slack does.
func TestAppsBehindTLS(t *testing.T) {
	s := newStage(t, slacksim.Options{RetryDelays: []time.Duration{}})
	secure := httptest.NewTLSServer(s.app)
	t.Cleanup(secure.Close)
	app := slacksim.App{ID: s.in.ID, BotName: "Support Chat", BotToken: "xoxb-1", SigningSecret: secret, EventsURL: secure.URL + "/events"}
	s.ws.Install(app)
	s.ops.Post(s.bob, "hello")
	s.quiet(t)
	tries := s.sim.Attempts()
	if last := tries[len(tries)-1]; last.Failure != "ssl_error" {
		t.Errorf("got %+v, want ssl_error", last)
	}
	known := newStage(t, slacksim.Options{Client: secure.Client()})
	known.ws.Install(app)
	before := len(s.app.Events("message"))
	known.ops.Post(known.bob, "hello")
	known.quiet(t)
	if len(s.app.Events("message")) == before {
		t.Error("nothing arrived over TLS")
	}
}

// TestWhatFilesClaim has Slack say of a file what it says of those on other
// hosts and of other organisations.
func TestWhatFilesClaim(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	m := s.ops.Upload(s.bob, "a.txt", []byte("content"), "look")
	row, _ := m.Now()
	id := row.Files[0].ID
	for field, claim := range map[string]any{"mode": "external", "is_external": true} {
		if err := s.sim.World.ChangeFile(id, func(f *world.File) { f.Claims = map[string]any{field: claim} }); err != nil {
			t.Fatal(err)
		}
		said := s.ok(t, "conversations.history", "channel", s.ops.ID)["messages"].([]any)[0].(map[string]any)["files"].([]any)[0].(map[string]any)
		if said[field] != claim {
			t.Errorf("%s is %v, want %v", field, said[field], claim)
		}
	}
}

// TestAnUploadIsShownAfterTheAnswerOrNever uploads two files, one of which Slack
// forgets to show.
func TestAnUploadIsShownAfterTheAnswerOrNever(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	upload := func(name string) {
		t.Helper()
		if _, err := s.api.UploadFileContext(t.Context(), slack.UploadFileParameters{Channel: s.ops.ID, Filename: name, Content: "content", FileSize: 7}); err != nil {
			t.Fatal(err)
		}
		s.quiet(t)
	}
	s.sim.Fail("share", slacksim.Lost)
	upload("lost.txt")
	upload("shown.txt")
	var names []string
	for _, m := range s.sim.World.All(s.ops.ID) {
		for _, f := range m.Files {
			names = append(names, f.Name)
		}
	}
	if diff := cmp.Diff([]string{"shown.txt"}, names); diff != "" {
		t.Error(diff)
	}
}
