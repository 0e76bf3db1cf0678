package slack_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework/drafts"
	"caseline/internal/catalogue"
	"caseline/internal/slack"
	"caseline/internal/slack/front"
	"caseline/internal/slack/front/fronttest"
	"caseline/internal/slack/home"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/manifest"
	"caseline/internal/slack/wire"
	"caseline/internal/slack/wire/wiretest"
	"caseline/internal/slacksim"
)

// everything has people use each form, button, menu, shortcut and command once.
func (e *edge) everything() {
	e.t.Helper()
	ctx := e.t.Context()
	c := e.create(e.alice, []string{"Contact method", "Live chat in Slack"})
	number := string(c.Number)
	e.settled()
	e.join(c)
	e.settled()
	words := e.room(c).Post(e.alice, "it hangs")
	e.must(e.card(c).Press(ctx, e.alice, "See details"))
	for _, command := range []string{"help", "status " + number, "search stuck", "search", "reply " + number} {
		e.say(e.ops, e.alice, "/support "+command)
	}
	_, err := e.ws.View(e.alice).FillIn(ctx, []string{"Your reply", "by a form"})
	e.must(err)
	e.must(e.ops.Post(e.bob, "it broke").Shortcut(ctx, e.alice, e.app, manifest.ShortcutFromMessage))
	e.must(words.Shortcut(ctx, e.alice, e.app, manifest.ShortcutAddMessage))
	form := e.ws.View(e.alice)
	offered, err := form.Search(ctx, "Case", "stuck")
	e.must(err)
	e.must(form.Set(ctx, "Case", offered[0]))
	_, err = form.Submit(ctx)
	e.must(err)
	e.must(e.ws.Shortcut(ctx, e.alice, e.app, manifest.ShortcutCreate))
	page := e.ws.OpenHome(e.alice, e.app)
	e.sees(page, true, number)
	for _, button := range []string{"Create a support case", "See details", "Reply"} {
		e.must(page.Press(ctx, button))
	}
	for _, button := range []string{"End chat", "Invite an agent", "Resolve case"} {
		e.must(e.card(c).Press(ctx, e.alice, button))
		e.settled()
	}
	for _, commands := range [][]string{{"reopen", "invite", "endchat", "resolve"}, {"reopen"}} {
		for _, command := range commands {
			e.say(e.ops, e.alice, "/support "+command+" "+number)
			if command == "reopen" {
				_, err = e.ws.View(e.alice).FillIn(ctx, []string{"Message", "it is back"})
				e.must(err)
			}
			e.settled()
		}
	}
}

// unread are the parts of what Slack sends along with a press that nobody reads,
// and the kinds that decode to what another one does.
var unread = regexp.MustCompile(` is (a flag|a large number|an empty (text|list|object))$|^\.(message|view)\..*\.?blocks|^\.message\.(bot_profile|icons|metadata|root)\.|_from_`)

// TestWhatPeopleDoWithOneThingWrongBreaksNothing goes through all that came of
// our own forms and buttons, each with one thing wrong at a time, with a real
// store in which what they name is.
func TestWhatPeopleDoWithOneThingWrongBreaksNothing(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	e.everything()
	book, err := catalogue.Open("")
	e.must(err)
	installed := ident.NewInstalled(e.self)
	answers := front.New(e.cases, e.store, fronttest.Silent{}, installed, front.Options{
		Book: book, Drafts: drafts.New(e.store, nil), Reach: home.NewReach(e.store, e.api, nil),
	})
	in := slack.NewIntake(e.inbox, answers, installed, slack.IntakeOptions{})
	tried := map[string]int{}
	for _, a := range e.asked {
		for what, body := range wiretest.Mutations(t, a.object(t)) {
			if unread.MatchString(what) {
				continue
			}
			if a.path == manifest.PathCommands {
				if s, err := wire.DecodeSlashPayload(body); err == nil {
					in.Command(t.Context(), s)
				}
				continue
			}
			i, err := wire.DecodeInteraction(body)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			in.Interaction(t.Context(), i)
			tried[i.Type]++
		}
	}
	least := 50
	if testing.Short() {
		least = 10
	}
	for _, kind := range []string{wire.TypeBlockActions, wire.TypeBlockSuggestion, wire.TypeViewSubmission, wire.TypeShortcut, wire.TypeMessageAction} {
		if tried[kind] < least {
			t.Errorf("only %d were tried that are a %s", tried[kind], kind)
		}
	}
	if said := e.say(e.ops, e.alice, "/support status "+string(e.newest().Number)); !strings.Contains(said, "Build is stuck") {
		t.Errorf("after all of them: told %q", said)
	}
}

// object is what was asked as Socket Mode has it.
func (a asked) object(t *testing.T) []byte {
	t.Helper()
	fields, err := url.ParseQuery(a.body)
	if err != nil {
		t.Fatal(err)
	}
	if a.path != manifest.PathCommands {
		return []byte(fields.Get("payload"))
	}
	object := map[string]string{}
	for name := range fields {
		object[name] = fields.Get(name)
	}
	body, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestWhatIsSentAgainChangesNothing: for five minutes a signed request can be sent
// again by whoever has seen it. All that people did comes once more then, in the
// same order, and the record stays as it is.
func TestWhatIsSentAgainChangesNothing(t *testing.T) {
	e := newEdge(t, slacksim.Options{})
	e.everything()
	record := func() (lines []string) {
		cases, err := e.store.RecentCases(t.Context(), time.Time{}, 10)
		e.must(err)
		for _, c := range cases {
			lines = append(lines, append([]string{string(c.Number) + " " + string(c.Status)}, e.story(c)...)...)
		}
		return lines
	}
	before := record()
	again := slices.Clone(e.asked)
	for _, a := range again {
		r := httptest.NewRequest(http.MethodPost, a.path, strings.NewReader(a.body))
		ts := strconv.FormatInt(time.Now().Unix(), 10)
		r.Header.Set(wire.HeaderTimestamp, ts)
		r.Header.Set(wire.HeaderSignature, wire.Sign("secret", ts, []byte(a.body)))
		w := httptest.NewRecorder()
		if e.in.ServeHTTP(w, r); w.Code != http.StatusOK {
			t.Errorf("%s: got %d", a.path, w.Code)
		}
	}
	if diff := cmp.Diff(before, record()); diff != "" || len(again) < 25 {
		t.Errorf("%d requests sent again (-before +after):\n%s", len(again), diff)
	}
}
