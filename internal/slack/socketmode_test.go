package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/slack/api"
	"caseline/internal/slack/front"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/socket"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// set answers what it is set to.
type set struct {
	message *view.Message
	form    *front.FormAnswer
	offer   front.Offer
	heard   []string
}

func (s *set) Command(_ context.Context, c wire.Slash) *view.Message {
	s.heard = append(s.heard, c.Command+" "+c.Text)
	return s.message
}

func (s *set) Press(_ context.Context, in wire.Interaction) { s.heard = append(s.heard, in.Type) }

func (s *set) Submit(_ context.Context, in wire.Interaction) *front.FormAnswer {
	s.heard = append(s.heard, in.Type)
	return s.form
}

func (s *set) Shortcut(_ context.Context, in wire.Interaction) { s.heard = append(s.heard, in.Type) }

func (s *set) Suggest(_ context.Context, in wire.Interaction) front.Offer {
	s.heard = append(s.heard, in.Type)
	return s.offer
}

// renewed hears what comes by the Web API, and fails as often as it is told to.
type renewed struct {
	errs  []error
	views []view.View
	names []string
	said  []api.Answer
	to    string
}

func (r *renewed) next() error {
	if len(r.errs) == 0 {
		return nil
	}
	err := r.errs[0]
	r.errs = r.errs[1:]
	return err
}

func (r *renewed) UpdateNamed(_ context.Context, _ desk.WorkspaceID, name string, v any) error {
	r.names, r.views = append(r.names, name), append(r.views, v.(view.View))
	return r.next()
}

func (r *renewed) Respond(_ context.Context, _ desk.WorkspaceID, address string, a api.Answer) error {
	r.to, r.said = address, append(r.said, a)
	return r.next()
}

func overSocket(t *testing.T, s *set, r *renewed, k *kept) *SocketIntake {
	t.Helper()
	return NewSocketIntake(NewIntake(k, s, ident.NewInstalled(self), IntakeOptions{}), r)
}

// What comes over a socket goes where it goes over HTTP.
func TestASocketIsAnotherWayIn(t *testing.T) {
	k := &kept{}
	s := &set{message: &view.Message{Text: "Hello."}, form: &front.FormAnswer{Action: "clear"}}
	in := overSocket(t, s, nil, k)
	body := envelope(`{"type":"message","channel":"C1","ts":"1610241741.000200","user":"U1","text":"hi"}`)
	if err := in.Event(t.Context(), body, 0); err != nil || len(k.events) != 1 || string(k.events[0].Body) != string(body) || k.events[0].Key != "slack:T1:Ev1" {
		t.Errorf("got %v, stored %+v", err, k.events)
	}
	k.err = errors.New("disk full")
	if err := in.Event(t.Context(), body, 0); !errors.Is(err, k.err) {
		t.Errorf("not stored: got %v", err)
	}
	if got := string(in.Command(t.Context(), wire.Slash{Command: "/support", Text: "help"}).Payload); got != `{"response_type":"ephemeral","text":"Hello."}` {
		t.Errorf("command: got %s", got)
	}
	for kind, want := range map[string]string{
		wire.TypeBlockActions: "", wire.TypeShortcut: "", wire.TypeMessageAction: "", wire.TypeViewClosed: "",
		wire.TypeViewSubmission: `{"response_action":"clear"}`, wire.TypeBlockSuggestion: `{"options":null}`,
	} {
		if got := string(in.Interaction(t.Context(), wire.Interaction{Type: kind}).Payload); got != want {
			t.Errorf("%s: got %s, want %s", kind, got, want)
		}
	}
	s.message, s.form = nil, nil
	if a := in.Command(t.Context(), wire.Slash{}); a.Payload != nil || a.Then != nil {
		t.Errorf("no answer: got %s", a.Payload)
	}
	if a := in.Interaction(t.Context(), wire.Interaction{Type: wire.TypeViewSubmission}); a.Payload != nil || a.Then != nil {
		t.Errorf("a form that closes: got %s", a.Payload)
	}
}

// A list of options that is too long for an ack loses its end.
func TestOptionsAreCutToFit(t *testing.T) {
	s := &set{}
	for i := range 100 {
		s.offer.Options = append(s.offer.Options, view.ServiceOption(matters.Service{Name: strings.Repeat("ü", 75), Code: fmt.Sprint("service-", i)}))
	}
	in := overSocket(t, s, nil, nil)
	suggestion := wire.Interaction{Type: wire.TypeBlockSuggestion}
	whole, fits := fitting(s.offer)
	if fits {
		t.Fatalf("%d bytes fit: the test shows nothing", len(whole))
	}
	var got struct{ Options []json.RawMessage }
	payload := in.Interaction(t.Context(), suggestion).Payload
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	if n := len(got.Options); n < 70 || n == 100 || len(payload) > socket.MaxPayload || !strings.HasPrefix(string(whole), strings.TrimSuffix(string(payload), "]}")) {
		t.Errorf("%d options in %d bytes, of %d", n, len(payload), len(whole))
	}
	s.offer.Options = s.offer.Options[:20]
	if err := json.Unmarshal(in.Interaction(t.Context(), suggestion).Payload, &got); err != nil || len(got.Options) != 20 {
		t.Errorf("what fits: %d options, %v", len(got.Options), err)
	}
}

// A view that is too large for an ack comes by the Web API, as soon as Slack knows
// the small one that stands there meanwhile.
func TestALargeViewComesAfterTheAck(t *testing.T) {
	large := view.Sorry("New case", "")
	large.Blocks = slices.Repeat(view.Sorry("", strings.Repeat("x", 2900)).Blocks, 10)
	in := wire.Interaction{Type: wire.TypeViewSubmission, View: &wire.View{ID: "V1", Hash: "1.abc"}}
	notYet := &api.Error{Method: "views.update", Kind: api.Refused, Code: "not_found"}
	for _, tt := range []struct {
		name  string
		errs  []error
		calls int
		last  string
	}{
		{"at once", nil, 1, "xxx"},
		{"when Slack has dealt with the ack", []error{notYet, notYet}, 3, "xxx"},
		{"when the answer was lost", []error{&api.Error{Kind: api.Unknown}}, 2, "xxx"},
		{"when Slack asks to wait", []error{&api.Error{Kind: api.Limited, After: 2 * time.Second}}, 2, "xxx"},
		{"when it was closed meanwhile", slices.Repeat([]error{notYet}, 100), 6, "xxx"},
		{"not at all", []error{&api.Error{Kind: api.Refused, Code: "view_too_large"}}, 2, "Slack did not take"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &renewed{errs: tt.errs}
				a := overSocket(t, &set{form: &front.FormAnswer{Action: "update", View: &large}}, r, nil).Interaction(t.Context(), in)
				var now struct {
					Action string    `json:"response_action"`
					View   view.View `json:"view"`
				}
				if err := json.Unmarshal(a.Payload, &now); err != nil || now.Action != "update" || now.View.Title.Text != "New case" || now.View.Submit != nil || len(r.views) != 0 {
					t.Fatalf("got %s, %v, %d calls", a.Payload, err, len(r.views))
				}
				ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
				defer cancel()
				a.Then(ctx)
				if len(r.views) != tt.calls {
					t.Fatalf("%d calls, want %d", len(r.views), tt.calls)
				}
				last := r.views[len(r.views)-1]
				if text := fmt.Sprint(last.Blocks[0].Text.Text); !strings.HasPrefix(text, tt.last) {
					t.Errorf("ends as %.60q", text)
				}
				if name := now.View.ExternalID; name == "" || last.ExternalID != name || slices.ContainsFunc(r.names, func(n string) bool { return n != name }) {
					t.Errorf("named %q, then %q and %q", name, r.names, last.ExternalID)
				}
			})
		})
	}
	small := view.Sorry("New case", "x")
	if a := overSocket(t, &set{form: &front.FormAnswer{Action: "update", View: &small}}, nil, nil).Interaction(t.Context(), in); a.Then != nil || !strings.Contains(string(a.Payload), `"response_action":"update"`) {
		t.Errorf("a small view: got %s", a.Payload)
	}
}

// A long answer to a command comes by its response_url.
func TestALongAnswerComesByItsAddress(t *testing.T) {
	r := &renewed{}
	long := view.Message{Text: "cases", Blocks: slices.Repeat(view.Sorry("", strings.Repeat("x", 2900)).Blocks, 10)}
	a := overSocket(t, &set{message: &long}, r, nil).Command(t.Context(), wire.Slash{Command: "/support", ResponseURL: "https://hooks.slack.com/commands/1"})
	if a.Payload != nil || a.Then == nil {
		t.Fatalf("got %.40s", a.Payload)
	}
	a.Then(t.Context())
	want := []api.Answer{{Type: "ephemeral", Text: "cases", Blocks: long.Blocks}}
	if diff := cmp.Diff(want, r.said); diff != "" || r.to != "https://hooks.slack.com/commands/1" {
		t.Errorf("to %s (-want +got):\n%s", r.to, diff)
	}
}

// knocks is a Slack that answers with an error.
type knocks struct{ err error }

func (k knocks) OpenConnection(context.Context) (string, error) { return "wss://x", k.err }

func TestWhyASocketIsNotOpened(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want socket.OpenError
	}{
		{&api.Error{Kind: api.Limited, Code: "ratelimited", After: time.Minute}, socket.OpenError{After: time.Minute}},
		{&api.Error{Kind: api.Refused, Code: "invalid_auth"}, socket.OpenError{Code: "invalid_auth"}},
		{&api.Error{Kind: api.Lost}, socket.OpenError{Lost: true}},
		{&api.Error{Kind: api.Unknown, Code: "internal_error"}, socket.OpenError{}},
	} {
		_, err := OpenSocket(knocks{tt.err})(t.Context())
		var got *socket.OpenError
		if !errors.As(err, &got) || !errors.Is(err, tt.err) || got.Code != tt.want.Code || got.After != tt.want.After || got.Lost != tt.want.Lost {
			t.Errorf("%v: got %+v", tt.err, got)
		}
	}
	if address, err := OpenSocket(knocks{})(t.Context()); address != "wss://x" || err != nil {
		t.Errorf("got %q, %v", address, err)
	}
}
