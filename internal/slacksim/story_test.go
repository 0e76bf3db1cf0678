package slacksim_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
)

const secret = "8f742231b10e8888abcd99yyyzzz85a5"

// A stage is a workspace with people, a channel and an app.
type stage struct {
	sim        *slacksim.Server
	app        *simtest.App
	ws         *slacksim.Workspace
	alice, bob *slacksim.User
	ops        *slacksim.Channel
	in         *slacksim.Installed
	api        *slack.Client
}

func newStage(t *testing.T, o slacksim.Options) *stage {
	t.Helper()
	s := &stage{sim: simtest.Start(t, o), app: simtest.NewApp(t)}
	s.ws = s.sim.Workspace("acme")
	s.alice = s.ws.AddUser("alice", "Alice Martin", slacksim.Admin)
	s.bob = s.ws.AddUser("bob", "Bob Stone")
	s.ops = s.ws.AddChannel("ops", world.Public, s.alice, s.bob)
	s.in = s.ws.Install(slacksim.App{
		ID: "A0SUPPORT", BotName: "Support Chat", BotToken: "xoxb-1", SigningSecret: secret,
		EventsURL: s.app.URL + "/events", CommandsURL: s.app.URL + "/commands",
		InteractivityURL: s.app.URL + "/interactivity", OptionsURL: s.app.URL + "/options",
		Commands:  []world.Command{{Command: "/support", Description: "Support", ShouldEscape: true}},
		Shortcuts: []world.Shortcut{{Name: "Create", CallbackID: "case_create"}, {Name: "Add", CallbackID: "case_add", OnMessage: true}},
	})
	s.api = slack.New("xoxb-1", slack.OptionAPIURL(s.sim.World.BaseURL()+"/api/"))
	s.ops.Invite(s.alice, s.in.Bot)
	return s
}

func (s *stage) quiet(t *testing.T) {
	t.Helper()
	if err := s.sim.Quiesce(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestCommandOpensFormAndFormIsSubmitted goes the way of every support case.
func TestCommandOpensFormAndFormIsSubmitted(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/commands":
			view := slack.ModalViewRequest{
				Type: slack.VTModal, CallbackID: "create",
				Title:  slack.NewTextBlockObject("plain_text", "New case", false, false),
				Submit: slack.NewTextBlockObject("plain_text", "Create", false, false),
				Blocks: slack.Blocks{BlockSet: []slack.Block{
					slack.NewInputBlock("subject", slack.NewTextBlockObject("plain_text", "Subject", false, false), nil,
						slack.NewPlainTextInputBlockElement(nil, "subject")),
				}},
			}
			if _, err := s.api.OpenViewContext(r.Context(), r.Form.Get("trigger_id"), view); err != nil {
				t.Error(err)
			}
		case "/interactivity":
			var p slack.InteractionCallback
			if err := json.Unmarshal([]byte(r.Form.Get("payload")), &p); err != nil {
				t.Error(err)
			}
			if got := p.View.State.Values["subject"]["subject"].Value; got == "bad" {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"response_action":"errors","errors":{"subject":"Not that."}}`))
			}
		}
	})
	answer, err := s.ops.Command(t.Context(), s.bob, "/support create")
	if err != nil {
		t.Fatal(err)
	}
	form := answer.Form
	if form == nil || form.Title() != "New case" {
		t.Fatalf("form = %v", form)
	}
	problems, err := form.Submit(t.Context())
	if want := (map[string]string{"subject": "Please complete this required field."}); err != nil || !cmp.Equal(problems, want) {
		t.Errorf("empty form: %v, %v", problems, err)
	}
	for _, step := range []struct {
		text string
		want map[string]string
	}{{"bad", map[string]string{"subject": "Not that."}}, {"Build stuck", nil}} {
		if err := form.Set(t.Context(), "Subject", step.text); err != nil {
			t.Fatal(err)
		}
		problems, err := form.Submit(t.Context())
		if err != nil || !cmp.Equal(problems, step.want) {
			t.Errorf("submit %q = %v, %v, want %v", step.text, problems, err, step.want)
		}
	}
	if s.ws.View(s.bob) != nil {
		t.Error("the form is still open")
	}
}

// TestMessagesReachTheApp posts, edits, deletes and uploads, and looks at what
// the app is told.
func TestMessagesReachTheApp(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.quiet(t)
	m := s.ops.Post(s.alice, "hello")
	s.ops.Edit(s.alice, m.TS, "hello there")
	s.ops.Delete(s.alice, m.TS)
	s.ops.Upload(s.bob, "a.txt", []byte("content"), "look")
	if _, _, err := s.api.PostMessage(s.ops.ID, slack.MsgOptionText("hi", false), slack.MsgOptionUsername("Jane")); err != nil {
		t.Fatal(err)
	}
	s.quiet(t)
	var got []string
	for _, e := range s.app.Events("message")[1:] { // the first is the bot's own joining
		sub, _ := e["subtype"].(string)
		got = append(got, sub)
	}
	want := []string{"", "message_changed", "message_deleted", "file_share", "bot_message"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
