package slack

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/front"
	"caseline/internal/slack/front/fronttest"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/manifest"
	"caseline/internal/slack/wire"
	"caseline/internal/slack/wire/wiretest"
)

// acme is our app in the workspace of the corpus.
var acme = served.Workspace{ID: "T0ACME", AppID: "A0CASE", BotID: "B0CASE", BotUID: "U0BOT"}

func findAcme(id desk.WorkspaceID) (served.Workspace, bool) { return acme, id == acme.ID }

// subscribed is what a manifest calls an event, where a message is one of four.
func subscribed(ev wire.Event) string {
	m, ok := ev.Content.(*wire.Message)
	if !ok || ev.Type != "message" {
		return ev.Type
	}
	return "message." + map[string]string{"channel": "channels", "group": "groups", "im": "im"}[m.ChannelType]
}

// TestTheCorpusHasWhateverWeSubscribeTo: what is added to the manifest needs a
// payload, and with it comes under all tests that go through the corpus.
func TestTheCorpusHasWhateverWeSubscribeTo(t *testing.T) {
	has := map[string]bool{}
	for _, body := range wiretest.All(t, wiretest.Events, "") {
		e, ev, err := wire.Decode(body)
		if err != nil {
			t.Fatal(err)
		}
		has[subscribed(ev)], has["outer "+e.Type] = true, true
	}
	for _, body := range wiretest.All(t, wiretest.Interactions, "") {
		in, err := wire.DecodeInteraction(body)
		if err != nil {
			t.Fatal(err)
		}
		has[in.Type], has[in.Type+" "+in.CallbackID] = true, true
	}
	for name, body := range wiretest.All(t, wiretest.Slash, ".txt") {
		if s, err := wire.DecodeSlash(body); err != nil {
			t.Errorf("%s: %v", name, err)
		} else {
			has["form "+s.Command] = true
		}
	}
	for name, body := range wiretest.All(t, wiretest.Slash, ".json") {
		if s, err := wire.DecodeSlashPayload(body); err != nil {
			t.Errorf("%s: %v", name, err)
		} else {
			has["object "+s.Command] = true
		}
	}
	want := []string{
		"outer " + wire.TypeEventCallback, "outer " + wire.TypeURLVerification, "outer " + wire.TypeAppRateLimited,
		wire.TypeBlockActions, wire.TypeBlockSuggestion, wire.TypeViewSubmission, wire.TypeViewClosed,
	}
	m, err := manifest.New(manifest.Options{Command: "/support", Socket: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range m.Features.Commands {
		want = append(want, "form "+c.Command, "object "+c.Command)
	}
	for _, s := range m.Features.Shortcuts {
		want = append(want, map[string]string{"global": wire.TypeShortcut, "message": wire.TypeMessageAction}[s.Type]+" "+s.CallbackID)
	}
	for _, what := range append(want, m.Settings.Events.Bot...) {
		if !has[what] {
			t.Errorf("the corpus has no payload of %s: write one from Slack's documentation", what)
		}
	}
}

// noted hears whatever an Intake passes on.
type noted struct{ n int }

func (h *noted) Open(context.Context, desk.WorkspaceID, string, int) error { h.n++; return nil }
func (h *noted) Wrote(desk.WorkspaceID, string, string)                    { h.n++ }

type notedPerson struct{ *noted }

func (h notedPerson) Changed(context.Context, desk.WorkspaceID, wire.User) error { h.n++; return nil }

type notedGroup struct{ *noted }

func (h notedGroup) Changed(context.Context, desk.WorkspaceID, wire.GroupChange) error {
	h.n++
	return nil
}

// takenIn is what became of an event: stored, passed on, or counted by a reason.
func takenIn(t *testing.T, body []byte) (stored []desk.Event, passed int, counted map[string]int64) {
	t.Helper()
	k, n := &kept{}, &noted{}
	in := NewIntake(k, nil, ident.NewInstalled(acme), IntakeOptions{
		People: notedPerson{n}, Groups: notedGroup{n}, Homes: n, Relist: func() { n.n++ },
		Emoji: func(desk.WorkspaceID) { n.n++ }, Doubt: func(desk.WorkspaceID) { n.n++ },
	})
	if err := in.Event(t.Context(), body, 0); err != nil {
		t.Errorf("Slack is asked to send it again: %v", err)
	}
	return k.events, n.n, in.Counts()
}

func TestWhateverWeSubscribeToIsUsed(t *testing.T) {
	ours := map[string]bool{}
	for _, e := range manifest.Events() {
		ours[e.Name] = true
	}
	for name, body := range wiretest.All(t, wiretest.Events, "") {
		e, ev, err := wire.Decode(body)
		if err != nil || !ours[subscribed(ev)] || e.Workspace() == "" {
			continue // of an organisation as a whole
		}
		if stored, passed, counted := takenIn(t, body); len(stored) == 0 && passed == 0 && counted["event: not a message"]+counted["event: unknown workspace"] > 0 {
			t.Errorf("%s is counted as %v, and we subscribe to it", name, counted)
		}
	}
}

// Whatever one part of an event is, the event is stored as it came, passed on or
// counted: none is lost without a trace, and none is asked for again.
func TestNoEventWithOneThingWrongIsLost(t *testing.T) {
	for name, body := range wiretest.All(t, wiretest.Events, "") {
		t.Run(name, func(t *testing.T) {
			for what, body := range wiretest.Mutations(t, body) {
				p, err := wire.Peek(body)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				stored, passed, counted := takenIn(t, body)
				if len(stored)+passed+len(counted) == 0 && p.Type != wire.TypeURLVerification {
					t.Errorf("%s: it left no trace", what)
				}
				for _, e := range stored {
					if string(e.Body) != string(body) {
						t.Errorf("%s: it is not stored as it came", what)
					}
				}
				request, err := Interpret(body, findAcme, noChanges)
				if err != nil {
					t.Errorf("%s: %v", what, err)
				}
				if fault := unsound(request); fault != "" {
					t.Errorf("%s: got %s", what, fault)
				}
			}
		})
	}
}

// What nobody knows, or is odd beside what we read, changes nothing of what is
// made of an event.
func TestWhatIsNotKnownChangesNothing(t *testing.T) {
	for name, body := range wiretest.All(t, wiretest.Events, "") {
		want, err := Interpret(body, findAcme, noChanges)
		if err != nil {
			t.Fatal(err)
		}
		for what, body := range wiretest.Mutations(t, body) {
			if !strings.HasSuffix(what, wiretest.Unknown) || strings.Contains(what, ".blocks") {
				continue // what stands in a block may be words
			}
			got, err := Interpret(body, findAcme, noChanges)
			if a, b := shown(t, want), shown(t, got); err != nil || a != b {
				t.Errorf("%s%s: got %s, %v; without it %s", name, what, b, err, a)
			}
		}
	}
}

func shown(t *testing.T, r Request) string {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Whatever one part of a press, a form, a shortcut or a command is, people are
// answered or not, and nothing breaks. The store has nothing of what it names.
func TestInteractionsWithOneThingWrongBreakNothing(t *testing.T) {
	installed := ident.NewInstalled(acme)
	answers := front.New(nil, fronttest.Nothing{}, fronttest.Silent{}, installed, front.Options{})
	in := NewIntake(&kept{}, answers, installed, IntakeOptions{})
	for _, body := range wiretest.All(t, wiretest.Interactions, "") {
		for what, body := range wiretest.Mutations(t, body) {
			i, err := wire.DecodeInteraction(body)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			in.Interaction(t.Context(), i)
		}
	}
	for _, body := range wiretest.All(t, wiretest.Slash, ".json") {
		for _, body := range wiretest.Mutations(t, body) {
			if s, err := wire.DecodeSlashPayload(body); err == nil {
				in.Command(t.Context(), s)
			}
		}
	}
}

// A hears hears in which workspace somebody does something.
type hears struct {
	answerer
	in string
}

func (h *hears) Press(_ context.Context, i wire.Interaction) { h.in = i.Workspace() }

func (h *hears) Submit(_ context.Context, i wire.Interaction) *front.FormAnswer {
	h.in = i.Workspace()
	return nil
}

// People of another organisation press our buttons and send our forms in shared
// channels. Whichever workspace Slack names then, it is done in ours.
func TestPeopleOfAnotherOrganisationArePlacedInOurWorkspace(t *testing.T) {
	for _, name := range []string{"block_actions_external_person", "block_actions_external_team", "view_submission_external_person"} {
		i, err := wire.DecodeInteraction(wiretest.Read(t, wiretest.Interactions+"/"+name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		h := &hears{}
		in := NewIntake(nil, h, ident.NewInstalled(acme), IntakeOptions{})
		in.Interaction(t.Context(), in.locate(t.Context(), i))
		if h.in != "T0ACME" {
			t.Errorf("%s: done in workspace %q", name, h.in)
		}
	}
	h := &hears{}
	in := NewIntake(nil, h, ident.NewInstalled(acme), IntakeOptions{})
	in.Interaction(t.Context(), in.locate(t.Context(), wire.Interaction{Type: wire.TypeBlockActions, TeamID: "T0OTHER"}))
	if h.in != "T0OTHER" {
		t.Errorf("what nobody places is placed in %q", h.in)
	}
}
