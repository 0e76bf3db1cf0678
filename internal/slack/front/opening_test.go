package front

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/front/fronttest"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// showing is a Slack that keeps what it is told to show, one view to a trigger.
type showing struct {
	fronttest.Silent
	mu     sync.Mutex
	views  map[string][]view.View // by id, oldest first
	opened []string               // triggers
	told   []string
	hashes []string // of the views that were to be replaced

	opens   error             // what opening comes to
	updates func(n int) error // what the nth update comes to; nil for none failing
	n       int
}

func (s *showing) OpenView(_ context.Context, trigger string, v any) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened = append(s.opened, trigger)
	if s.opens != nil {
		return "", s.opens
	}
	id := "V-" + trigger
	s.put(id, v)
	return id, nil
}

func (s *showing) put(id string, v any) {
	if s.views == nil {
		s.views = map[string][]view.View{}
	}
	s.views[id] = append(s.views[id], v.(view.View))
}

func (s *showing) UpdateView(_ context.Context, id, hash string, v any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hashes = append(s.hashes, hash)
	if s.n++; s.updates != nil {
		if err := s.updates(s.n); err != nil {
			return err
		}
	}
	s.put(id, v)
	return nil
}

func (s *showing) UpdateNamed(ctx context.Context, name string, v any) error {
	return s.UpdateView(ctx, "named "+name, "", v)
}

func (s *showing) PostEphemeral(_ context.Context, _ string, p api.Post) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, p.Text)
	return nil
}

func (s *showing) PostMessage(_ context.Context, p api.Post) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, p.Channel+": "+p.Text)
	return "1.1", nil
}

// of returns what a view showed, oldest first.
func (s *showing) of(id string) []view.View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]view.View(nil), s.views[id]...)
}

// last is the sentence of the window that was shown last.
func (s *showing) last() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, all := range s.views {
		return all[len(all)-1].Blocks[0].Text.Text
	}
	return ""
}

// held is a store with a case that answers when it is let go.
type held struct {
	fronttest.Nothing
	asked  chan struct{} // told of each question
	answer chan struct{}
	may    []served.Permission
	status desk.Status // of the case
}

func hold() *held {
	return &held{status: desk.StatusOpened, asked: make(chan struct{}, 100), answer: make(chan struct{}), may: served.FullPermissions()}
}

func (h *held) wait(ctx context.Context) error {
	h.asked <- struct{}{}
	select {
	case <-h.answer:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (h *held) CaseAt(ctx context.Context, p desk.Place) (desk.Case, error) {
	if err := h.wait(ctx); err != nil {
		return desk.Case{}, err
	}
	return h.Nothing.CaseAt(ctx, p)
}

func (h *held) ChannelsAt(context.Context, desk.WorkspaceID, desk.ChannelID) ([]served.ChannelConfig, error) {
	return []served.ChannelConfig{{Account: "111122223333", Workspace: "T1", Channel: "C1", Permissions: h.may}}, nil
}

func (h *held) Account(context.Context, desk.AccountID) (served.Account, error) {
	return served.Account{ID: "111122223333", Name: "Acme"}, nil
}

func (h *held) Case(context.Context, desk.CaseID) (desk.Case, error) {
	return desk.Case{ID: "case-1", Number: "1234567890", Account: "111122223333", Workspace: "T1", Asked: "T1/C1", Subject: "Stuck", Status: h.status,
		Chat: desk.ChatSession{State: desk.ChatEnded}}, nil
}

func (h *held) CaseByNumber(ctx context.Context, _ desk.CaseNumber) (desk.Case, error) {
	return h.Case(ctx, "")
}

func (h *held) LogBefore(context.Context, desk.CaseID, int64, int) ([]desk.Correspondence, error) {
	return nil, nil
}

func (h *held) Entry(context.Context, desk.CaseID, int64) (desk.Correspondence, error) {
	return desk.Correspondence{Kind: desk.KindMessage, Seq: 1, Text: "It is stuck."}, nil
}

func (h *held) ChangesOf(context.Context, desk.CaseID, []int64) ([]desk.Correspondence, error) {
	return nil, nil
}

func (h *held) FilesOf(context.Context, desk.CaseID, []int64) ([]desk.File, error) { return nil, nil }

func (h *held) Following(context.Context, desk.CaseID, int) ([]desk.CaseNumber, error) {
	return nil, nil
}

func (h *held) People(context.Context, []desk.PersonID) (map[desk.PersonID]desk.Person, error) {
	return nil, nil
}

// none keeps no drafts.
type none struct{}

func (none) Keep(context.Context, personal.Draft) error  { return nil }
func (none) Claim(context.Context, string) (bool, error) { return true, nil }
func (none) Find(context.Context, string) (personal.Draft, error) {
	return personal.Draft{}, desk.ErrNotFound
}
func (none) Of(context.Context, desk.PersonID) ([]personal.Draft, error) { return nil, nil }
func (none) Drop(context.Context, string) error                          { return nil }

// shelf has a catalogue of nothing.
type shelf struct{}

func (shelf) Catalogue() *matters.Catalogue                  { return &matters.Catalogue{} }
func (shelf) Matters(string, int) []matters.Matter           { return nil }
func (shelf) Services(string, string, int) []matters.Service { return nil }

func opensForms(h *held, slack window) *Front {
	return New(nil, h, slack, ident.NewInstalled(self()), Options{Book: shelf{}, Drafts: none{}})
}

func command(text, trigger string) wire.Slash {
	return wire.Slash{Command: "/support", Text: text, TeamID: "T1", ChannelID: "C1", UserID: "U1", TriggerID: trigger}
}

func pressed(action, value, trigger string) wire.Interaction {
	a := wire.Action{ActionID: action, ActionTs: "1.1"}
	a.Text = value
	return wire.Interaction{
		Type: wire.TypeBlockActions, TeamID: "T1", User: wire.Actor{ID: "U1"}, Channel: "C1", TriggerID: trigger, Actions: []wire.Action{a},
	}
}

// Slack opens a form within three seconds only: each that is opened by command
// or button is there before anything is read, and filled after.
func TestFormsOpenBeforeAnythingIsRead(t *testing.T) {
	type act func(f *Front) *view.Message
	byCommand := func(text string) act {
		return func(f *Front) *view.Message { return f.Command(t.Context(), command(text, "1")) }
	}
	byButton := func(action, value string) act {
		return func(f *Front) *view.Message { f.Press(t.Context(), pressed(action, value, "1")); return nil }
	}
	for name, tt := range map[string]struct {
		do    act
		title string // of the form
	}{
		"create":      {byCommand("create"), "Create a support case"},
		"reply":       {byCommand("reply 1234567890"), "Reply to the case"},
		"search":      {byCommand("search"), "Search for cases"},
		"details":     {byButton(view.ActionDetails, "case-1 "), "Case 1234567890"},
		"reply again": {byButton(view.ActionReply, "case-1 "), "Reply to the case"},
		"related":     {byButton(view.ActionRelated, "case-1 "), "Create a support case"},
		"edit search": {byButton(view.ActionSearchEdit, "{}"), "Search for cases"},
	} {
		t.Run(name, func(t *testing.T) {
			h, slack := hold(), &showing{}
			f := opensForms(h, slack)
			done := make(chan *view.Message, 1)
			go func() { done <- tt.do(f) }()
			<-h.asked // and is held
			before := slack.of("V-1")
			if len(before) != 1 || before[0].Submit != nil || before[0].Close == nil || !strings.Contains(before[0].Blocks[0].Text.Text, "One moment") {
				t.Fatalf("while the store does not answer there is %+v", before)
			}
			for _, b := range before[0].Blocks {
				if b.Type == "input" || b.Type == "actions" {
					t.Errorf("the view that waits has %+v", b)
				}
			}
			close(h.answer)
			if m := <-done; m != nil {
				t.Errorf("told %+v", m)
			}
			after := slack.of("V-1")
			if len(after) != 2 || after[1].Title.Text != tt.title {
				t.Fatalf("filled with %+v", after[1:])
			}
			if len(slack.opened) != 1 || len(slack.told) != 0 {
				t.Errorf("triggers used: %q; told %q", slack.opened, slack.told)
			}
		})
	}
}

func TestAFormThatIsRefusedSaysSoInItsPlace(t *testing.T) {
	h, slack := hold(), &showing{}
	close(h.answer)
	h.may = served.ReadOnly()
	f := opensForms(h, slack)
	if m := f.Command(t.Context(), command("create", "1")); m != nil {
		t.Errorf("told %+v besides", m)
	}
	got := slack.of("V-1")
	if len(got) != 2 || !strings.Contains(got[1].Blocks[0].Text.Text, "may not open cases") || got[1].Submit != nil {
		t.Errorf("shown %+v", got)
	}
	f.Press(t.Context(), pressed(view.ActionReply, "case-1 ", "2"))
	got = slack.of("V-2")
	if len(got) != 2 || !strings.Contains(got[1].Blocks[0].Text.Text, "may not answer cases") || len(slack.told) != 0 {
		t.Errorf("shown %+v; told %q", got, slack.told)
	}
}

// What is answered by a message, because there is something to decide before a
// form, says so in the window that opened for the form.
func TestAWindowWhoseAnswerIsAMessageSaysSo(t *testing.T) {
	h, slack := hold(), &showing{}
	close(h.answer)
	h.status = desk.StatusResolved
	f := opensForms(h, slack)
	m := f.Command(t.Context(), command("reply 1234567890", "1"))
	if m == nil || !strings.Contains(m.Text, "Reopen it first") {
		t.Errorf("told %+v", m)
	}
	f.Press(t.Context(), pressed(view.ActionReply, "case-1 ", "2"))
	if len(slack.told) != 1 {
		t.Errorf("told %q", slack.told)
	}
	for _, id := range []string{"V-1", "V-2"} {
		if got := slack.of(id); len(got) != 2 || !strings.Contains(got[1].Blocks[0].Text.Text, view.LookBelow) {
			t.Errorf("%s shows %+v", id, got)
		}
	}
}

func TestTwoPressesOpenAFormEach(t *testing.T) {
	h, slack := hold(), &showing{}
	f := opensForms(h, slack)
	var both sync.WaitGroup
	for _, trigger := range []string{"1", "2"} {
		both.Go(func() { f.Press(t.Context(), pressed(view.ActionReply, "case-1 ", trigger)) })
	}
	<-h.asked
	<-h.asked
	close(h.answer)
	both.Wait()
	for _, id := range []string{"V-1", "V-2"} {
		if got := slack.of(id); len(got) != 2 || got[1].CallbackID != view.CallbackReply {
			t.Errorf("%s: %+v", id, got)
		}
	}
}

func TestViewsThatSlackDoesNotTake(t *testing.T) {
	refused := func(method, code string) error { return &api.Error{Method: method, Kind: api.Refused, Code: code} }
	down := &api.Error{Method: "views.update", Kind: api.Unknown, Err: errors.New("HTTP status 503")}
	always := func(err error) func(int) error { return func(int) error { return err } }
	for name, tt := range map[string]struct {
		slack  *showing
		told   string // privately, beside any view
		filled bool
		at     string // the view
	}{
		"too late":                    {slack: &showing{opens: refused("views.open", "expired_trigger_id")}, told: "within three seconds"},
		"used":                        {slack: &showing{opens: refused("views.open", "exchanged_trigger_id")}, told: "within three seconds"},
		"too late, by its other name": {slack: &showing{opens: refused("views.open", "trigger_expired")}, told: "within three seconds"},
		"used, by its other name":     {slack: &showing{opens: refused("views.open", "trigger_exchanged")}, told: "within three seconds"},
		"of no press":                 {slack: &showing{opens: refused("views.open", "invalid_trigger_id")}, told: "within three seconds"},
		"closed":                      {slack: &showing{updates: always(refused("views.update", "not_found"))}, told: "closed before it was ready"},
		"down a bit":                  {slack: &showing{updates: func(n int) error { return map[bool]error{true: down}[n < 3] }}, filled: true, at: "V-1"},
		"refused":                     {slack: &showing{updates: func(n int) error { return map[bool]error{true: refused("views.update", "invalid_arguments")}[n < 2] }}, at: "V-1"},
		"landed":                      {slack: &showing{opens: down}, filled: true, at: "named"},
		"never there":                 {slack: &showing{opens: down, updates: always(refused("views.update", "not_found"))}, told: "did not open the form"},
	} {
		t.Run(name, func(t *testing.T) {
			h := hold()
			close(h.answer)
			m := opensForms(h, tt.slack).Command(t.Context(), command("create", "1"))
			told := ""
			if m != nil {
				told = m.Text
			}
			if (told == "") != (tt.told == "") || !strings.Contains(told, tt.told) {
				t.Errorf("told %q, want %q", told, tt.told)
			}
			var last view.View
			for id, all := range tt.slack.views {
				if strings.HasPrefix(id, tt.at) {
					last = all[len(all)-1]
				}
			}
			if got := last.CallbackID == view.CallbackCreate; tt.at != "" && got != tt.filled {
				t.Errorf("filled: %v, want %v: %+v", got, tt.filled, last)
			}
			if name == "too late" && len(h.asked) > 0 {
				t.Error("the store was asked for a form that cannot open")
			}
		})
	}
}

// For as long as a press may take, a Slack that is down is asked again; then
// the person is told.
func TestAnOutageOfUpdatesEnds(t *testing.T) {
	h := hold()
	close(h.answer)
	tries := make(chan int, 1000)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	slack := &showing{updates: func(n int) error {
		tries <- n
		if n == 2 {
			cancel(errors.New("slack waits no longer"))
		}
		return &api.Error{Method: "views.update", Kind: api.Unknown}
	}}
	m := opensForms(h, slack).Command(ctx, command("create", "1"))
	if m == nil || !strings.Contains(m.Text, "did not fill the form in time") || len(tries) != 2 {
		t.Errorf("told %+v after %d tries", m, len(tries))
	}
}

// A global shortcut has no channel: what cannot be said in a window is said in
// the person's messages with the app.
func TestAShortcutThatSlackGivesNoTimeIsAnsweredInMessages(t *testing.T) {
	slack := &showing{opens: &api.Error{Method: "views.open", Kind: api.Refused, Code: "expired_trigger_id"}}
	f := opensForms(hold(), slack)
	f.Shortcut(t.Context(), wire.Interaction{
		Type: wire.TypeShortcut, CallbackID: ShortcutCreate, TeamID: "T1", User: wire.Actor{ID: "U1"}, TriggerID: "1",
	})
	if len(slack.told) != 1 || !strings.HasPrefix(slack.told[0], "U1: Slack opens a form only within three seconds") {
		t.Errorf("told %q", slack.told)
	}
	f.Shortcut(t.Context(), wire.Interaction{Type: wire.TypeShortcut, CallbackID: "else", TeamID: "T1", User: wire.Actor{ID: "U1"}, TriggerID: "2"})
	if len(slack.told) != 1 || len(slack.opened) != 1 {
		t.Errorf("a shortcut of nobody's: told %q", slack.told)
	}
}

// A form is redrawn only as it was when somebody chose: of two choices the later
// one wins, and the earlier is neither tried again nor told of.
func TestAnEarlierChoiceDoesNotReplaceALaterOne(t *testing.T) {
	for code, logged := range map[string]bool{"hash_conflict": false, "invalid_arguments": true} {
		h := hold()
		close(h.answer)
		var log bytes.Buffer
		slack := &showing{updates: func(int) error { return &api.Error{Method: "views.update", Kind: api.Refused, Code: code} }}
		f := New(nil, h, slack, ident.NewInstalled(self()), Options{Book: shelf{}, Drafts: none{}, Log: slog.New(slog.NewTextHandler(&log, nil))})
		f.Press(t.Context(), wire.Interaction{
			Type: wire.TypeBlockActions, TeamID: "T1", User: wire.Actor{ID: "U1"}, Actions: []wire.Action{{ActionID: view.ActionContact}},
			View: &wire.View{ID: "V1", CallbackID: view.CallbackCreate, Hash: "1610.abc", PrivateMetadata: "not ours"},
		})
		if len(slack.hashes) != 1 || slack.hashes[0] != "1610.abc" || len(slack.told) > 0 || strings.Contains(log.String(), code) != logged {
			t.Errorf("%s: by the hashes %q, told %q, logged %s", code, slack.hashes, slack.told, &log)
		}
	}
}
