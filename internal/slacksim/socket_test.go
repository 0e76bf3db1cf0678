package slacksim_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

const appToken = "xapp-1-A0SUPPORT-1"

// newSocketStage is a stage whose app has Socket Mode on; its addresses must
// hear nothing.
func newSocketStage(t *testing.T, o slacksim.Options) *stage {
	t.Helper()
	s := newStage(t, o)
	s.quiet(t)
	s.installWithSockets(func(*slacksim.App) {})
	return s
}

func (s *stage) installWithSockets(alter func(*slacksim.App)) {
	a := slacksim.App{
		ID: "A0SUPPORT", BotName: "Support Chat", BotToken: "xoxb-1", SigningSecret: secret, SocketMode: true, AppToken: appToken,
		EventsURL: s.app.URL + "/events", CommandsURL: s.app.URL + "/commands", InteractivityURL: s.app.URL + "/interactivity",
		Commands: []world.Command{{Command: "/support", Description: "Support"}},
	}
	alter(&a)
	s.in = s.ws.Install(a)
}

// wait waits for a condition that something in the simulated Slack changes.
func (s *stage) wait(t *testing.T, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.sim.Wait(ctx, cond); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// connections waits until the app has n sockets that stay.
func (s *stage) connections(t *testing.T, n int) {
	t.Helper()
	s.wait(t, "connections", func() bool {
		staying := 0
		for _, c := range s.sim.Connections(s.in) {
			if !c.Leaving {
				staying++
			}
		}
		return staying == n
	})
}

// A goApp is an app made with slack-go's own client.
type goApp struct {
	mu     sync.Mutex // guards hellos and texts
	hellos int
	texts  []string
}

func (a *goApp) heard(text string) func() bool {
	return func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		for _, have := range a.texts {
			if have == text {
				return true
			}
		}
		return false
	}
}

// startGoApp runs an app for the length of a test. It answers what is no event
// by answer.
func (s *stage) startGoApp(t *testing.T, answer func(e socketmode.Event) any) *goApp {
	t.Helper()
	api := slack.New("xoxb-1", slack.OptionAppLevelToken(appToken), slack.OptionAPIURL(s.sim.World.BaseURL()+"/api/"))
	c := socketmode.New(api)
	a := new(goApp)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = c.RunContext(ctx) }) // ends with ctx
	wg.Go(func() {
		for {
			select {
			case e := <-c.Events:
				a.handle(t, c, e, answer)
			case <-ctx.Done():
				return
			}
		}
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
	s.connections(t, 1)
	return a
}

func (a *goApp) handle(t *testing.T, c *socketmode.Client, e socketmode.Event, answer func(e socketmode.Event) any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch e.Type {
	case socketmode.EventTypeHello:
		a.hellos++
	case socketmode.EventTypeEventsAPI:
		var p struct{ Event struct{ Text string } }
		if err := json.Unmarshal(e.Request.Payload, &p); err != nil {
			t.Error(err)
		}
		a.texts = append(a.texts, p.Event.Text)
		if err := c.Ack(*e.Request); err != nil {
			t.Error(err)
		}
	case socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		var err error
		if said := answer(e); said == nil {
			err = c.Ack(*e.Request)
		} else {
			err = c.Ack(*e.Request, said)
		}
		if err != nil {
			t.Error(err)
		}
	case socketmode.EventTypeErrorBadMessage, socketmode.EventTypeErrorWriteFailed:
		t.Errorf("slack-go says %s: %v", e.Type, e.Data)
	}
}

// TestSlackGoOverSockets goes the way of every support case with an independent
// client: an event, a command that is answered, a menu that is searched, a form
// that is refused and then taken.
func TestSlackGoOverSockets(t *testing.T) {
	s := newSocketStage(t, slacksim.Options{})
	before := len(s.app.Requests("/events"))
	a := s.startGoApp(t, func(e socketmode.Event) any {
		if cmd, ok := e.Data.(slack.SlashCommand); ok {
			if cmd.Text != "create" {
				return map[string]any{"text": "You said " + cmd.Text}
			}
			view := slack.ModalViewRequest{
				Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "New case", false, false),
				Submit: slack.NewTextBlockObject("plain_text", "Create", false, false),
				Blocks: slack.Blocks{BlockSet: []slack.Block{
					slack.NewInputBlock("service", slack.NewTextBlockObject("plain_text", "Service", false, false), nil,
						slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, nil, "service")),
				}},
			}
			if _, err := s.api.OpenViewContext(t.Context(), cmd.TriggerID, view); err != nil {
				t.Error(err)
			}
			return nil
		}
		callback := e.Data.(slack.InteractionCallback)
		switch {
		case callback.Type == slack.InteractionTypeBlockSuggestion:
			return slack.OptionsResponse{Options: []*slack.OptionBlockObject{
				slack.NewOptionBlockObject("s3", slack.NewTextBlockObject("plain_text", "Storage of "+callback.Value, false, false), nil),
				slack.NewOptionBlockObject("vm", slack.NewTextBlockObject("plain_text", "Machines", false, false), nil),
			}}
		case callback.View.State.Values["service"]["service"].SelectedOption.Value == "vm":
			return slack.NewErrorsViewSubmissionResponse(map[string]string{"service": "Not that."})
		}
		return nil
	})
	s.ops.Post(s.alice, "hello")
	s.quiet(t)
	if !a.heard("hello")() || a.hellos != 1 {
		t.Errorf("slack-go heard %v after %d hellos", a.texts, a.hellos)
	}
	answer, err := s.ops.Command(t.Context(), s.bob, "/support status")
	if err != nil || answer.Text() != "You said status" {
		t.Errorf("the command's answer is %q, %v", answer.Text(), err)
	}
	if answer, err = s.ops.Command(t.Context(), s.bob, "/support create"); err != nil || answer.Form == nil {
		t.Fatalf("no form: %v", err)
	}
	offers, err := answer.Form.Search(t.Context(), "Service", "everything")
	if err != nil || !strings.Contains(strings.Join(offers, "|"), "Storage of everything") {
		t.Fatalf("offers = %v, %v", offers, err)
	}
	for _, step := range []struct {
		pick string
		want map[string]string
	}{{"vm", map[string]string{"service": "Not that."}}, {"s3", nil}} {
		if err := answer.Form.Set(t.Context(), "Service", step.pick); err != nil {
			t.Fatal(err)
		}
		problems, err := answer.Form.Submit(t.Context())
		if err != nil || !cmp.Equal(problems, step.want) {
			t.Errorf("submit %q = %v, %v, want %v", step.pick, problems, err, step.want)
		}
	}
	if s.ws.View(s.bob) != nil {
		t.Error("the form is still open")
	}
	if got := len(s.app.Requests("/events")) - before + len(s.app.Requests("/commands")) + len(s.app.Requests("/interactivity")); got != 0 {
		t.Errorf("%d requests went to the app's addresses", got)
	}
}

// TestSlackGoComesBack ends slack-go's connection in each way that is not for
// good.
func TestSlackGoComesBack(t *testing.T) {
	s := newSocketStage(t, slacksim.Options{})
	a := s.startGoApp(t, nil)
	for i, end := range []struct {
		name string
		do   func(id string)
	}{
		{"refresh", func(string) { s.sim.Sockets.Refresh(s.in.ID) }},
		{"warning", func(string) { s.sim.Sockets.Warn(s.in.ID) }},
		{"cut", func(id string) {
			if err := s.sim.Sockets.Drop(id); err != nil {
				t.Error(err)
			}
		}},
	} {
		old := s.sim.Connections(s.in)[0].ID
		end.do(old)
		s.wait(t, end.name, func() bool {
			have := s.sim.Connections(s.in)
			return len(have) == 1 && have[0].ID != old
		})
		text := "after the " + end.name
		s.ops.Post(s.alice, text)
		s.quiet(t)
		if !a.heard(text)() || a.hellos != i+2 {
			t.Errorf("%s: slack-go heard %v after %d hellos", end.name, a.texts, a.hellos)
		}
	}
}
