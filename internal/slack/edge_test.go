package slack_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/blob"
	"caseline/internal/casework"
	"caseline/internal/casework/drafts"
	"caseline/internal/catalogue"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/inbox"
	"caseline/internal/outbox"
	"caseline/internal/pace"
	"caseline/internal/slack"
	"caseline/internal/slack/api"
	"caseline/internal/slack/front"
	"caseline/internal/slack/home"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/people"
	"caseline/internal/slack/send"
	"caseline/internal/slack/wire"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// An edge is everything between a simulated Slack and a real store, running.
type edge struct {
	t     *testing.T
	sim   *slacksim.Server
	ws    *slacksim.Workspace
	app   *slacksim.Installed
	alice *slacksim.User
	bob   *slacksim.User
	ops   *slacksim.Channel // configured for everything
	store store.Store
	cases *casework.Service
	in    *slack.Ingress
	api   *api.Client
	self  served.Workspace
	inbox *inbox.Inbox
}

func newEdge(t *testing.T, o slacksim.Options) *edge {
	t.Helper()
	return newPatientEdge(t, o, desk.Patience{})
}

// newPatientEdge is newEdge with how long running chats wait.
func newPatientEdge(t *testing.T, o slacksim.Options, patience desk.Patience) *edge {
	t.Helper()
	e := &edge{t: t, sim: simtest.Start(t, o), store: storetest.SQLite(t)}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	e.cases = casework.New(e.store, casework.Options{TallyAfter: time.Millisecond, Patience: patience})
	var ready atomic.Bool
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ready.Load() {
			e.in.ServeHTTP(w, r)
		}
	}))
	e.populate(srv.URL)
	e.must(e.sim.Quiesce(t.Context()))
	var err error
	e.api, err = api.New("xoxb-1", api.Options{BaseURL: e.sim.World.BaseURL() + "/api/"})
	e.must(err)
	installed := ident.NewInstalled()
	e.self, err = slack.Setup(t.Context(), e.api, e.store, installed, log)
	e.must(err)
	e.configure(e.ops, served.FullPermissions()...)

	blobs, err := blob.Open(t.TempDir())
	e.must(err)
	directory := people.New(e.self.ID, e.store, e.cases, e.api, people.Options{Log: log})
	e.inbox = inbox.New(e.store, slack.NewInterpreter(e.cases, installed, e.store).Apply, inbox.Options{Log: log})
	sender := send.New(e.self, e.api, e.store, e.cases, blobs, send.Options{Log: log, Pace: new(pace.Table)})
	out := outbox.New(e.store, sender, e.cases.Settled, outbox.Options{Log: log, LookAfter: 20 * time.Millisecond})
	book, err := catalogue.Open("")
	e.must(err)
	reach := home.NewReach(e.store, e.api, nil)
	homes := home.New(e.store, e.api, reach, installed, home.Options{Log: log, Pace: new(pace.Table), Rest: time.Millisecond})
	front := front.New(e.cases, e.store, e.api, installed, front.Options{Log: log, Book: book, Drafts: drafts.New(e.store, nil), Reach: reach, Homes: homes})
	e.in = slack.NewIngress(wire.NewVerifier("secret"), slack.NewIntake(e.inbox, front, installed, slack.IntakeOptions{Log: log, People: directory, Homes: homes}))
	ready.Store(true)

	ctx, cancel := context.WithCancel(context.Background())
	var parts sync.WaitGroup
	for _, run := range []func(context.Context) error{e.inbox.Run, out.Run, directory.Run, homes.Run} {
		parts.Go(func() {
			if err := run(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() {
		cancel()
		parts.Wait()
		srv.Close()
		blobs.Close()
	})
	return e
}

// populate makes a workspace with people, a channel and our app, whose server
// is at url.
func (e *edge) populate(url string) {
	e.ws = e.sim.Workspace("acme")
	e.alice = e.ws.AddUser("alice", "Alice Martin")
	e.bob = e.ws.AddUser("bob", "Bob Stone")
	e.ops = e.ws.AddChannel("ops", world.Public, e.alice, e.bob)
	e.app = e.ws.Install(slacksim.App{
		ID: "A0SUPPORT", BotName: "Support", BotToken: "xoxb-1", SigningSecret: "secret",
		EventsURL: url + "/slack/events", CommandsURL: url + "/slack/commands", InteractivityURL: url + "/slack/interactivity", OptionsURL: url + "/slack/options",
		Shortcuts: []world.Shortcut{
			{CallbackID: front.ShortcutCreate, Name: "Create a support case"},
			{CallbackID: front.ShortcutFromMessage, Name: "Create a case from this", OnMessage: true},
			{CallbackID: front.ShortcutAddMessage, Name: "Add this to a case", OnMessage: true},
		},
		Commands: []world.Command{{Command: "/support", Description: "Support", ShouldEscape: true}},
	})
	e.ops.Invite(e.alice, e.app.Bot)
}

// configure sets support up in a channel.
func (e *edge) configure(ch *slacksim.Channel, may ...served.Permission) {
	e.t.Helper()
	e.must(e.store.Update(e.t.Context(), func(tx store.Tx) error {
		if err := tx.SaveAccount(e.t.Context(), &served.Account{ID: "111122223333", Name: "Acme"}); err != nil {
			return err
		}
		if err := tx.LinkWorkspace(e.t.Context(), "111122223333", e.self.ID); err != nil {
			return err
		}
		return tx.SaveChannel(e.t.Context(), &served.ChannelConfig{
			Account: "111122223333", Workspace: e.self.ID, Channel: desk.ChannelID(ch.ID), Permissions: may,
		})
	}))
}

func (e *edge) must(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

// wait waits until cond holds.
func (e *edge) wait(what string, cond func() bool) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.t.Context(), 10*time.Second)
	defer cancel()
	wake := make(chan struct{}, 1)
	hint := func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
	stop := e.store.Watch(func(store.Hint) { hint() })
	defer stop()
	tick := time.NewTicker(20 * time.Millisecond) // the simulated Slack gives no hints here
	defer tick.Stop()
	for !cond() {
		select {
		case <-wake:
		case <-tick.C:
		case <-ctx.Done():
			e.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// settled waits until every event was taken in and everything was sent.
func (e *edge) settled() {
	e.t.Helper()
	e.must(e.sim.Quiesce(e.t.Context()))
	e.wait("everything to be settled", func() bool {
		events, err := e.store.PendingLanes(e.t.Context(), 10)
		e.must(err)
		open, err := e.store.OpenLanes(e.t.Context(), 10)
		e.must(err)
		return len(events) == 0 && len(open) == 0
	})
}

// say runs a command and returns what the person is told.
func (e *edge) say(ch *slacksim.Channel, u *slacksim.User, text string) string {
	e.t.Helper()
	a, err := ch.Command(e.t.Context(), u, text)
	e.must(err)
	if a.Text() == "" && a.Form != nil {
		return e.shown(u)
	}
	return a.Text()
}

// shown is what the window says that is open before a person.
func (e *edge) shown(u *slacksim.User) string {
	e.t.Helper()
	w := e.ws.View(u)
	if w == nil {
		return ""
	}
	return w.Words()
}

// create opens a case by the form, as a person does.
func (e *edge) create(u *slacksim.User, fields ...[]string) desk.Case {
	e.t.Helper()
	a, err := e.ops.Command(e.t.Context(), u, "/support create")
	e.must(err)
	if a.Form == nil {
		e.t.Fatalf("no form opened; told %q", a.Text())
	}
	problems, err := a.Form.FillIn(e.t.Context(), append(matter(), fields...)...)
	e.must(err)
	if len(problems) > 0 {
		e.t.Fatalf("form refused: %v", problems)
	}
	return e.newest()
}

// matter is what a form of a new case is filled in with at least.
func matter() [][]string {
	return [][]string{{"Subject", "Build is stuck"}, {"Description", "Since ten."}, {"Service", "API"}, {"Category", "Error or failure"}}
}

func (e *edge) newest() desk.Case {
	e.t.Helper()
	cases, err := e.store.RecentCases(e.t.Context(), time.Time{}, 1)
	e.must(err)
	if len(cases) == 0 {
		e.t.Fatal("no case was opened")
	}
	return cases[0]
}

func (e *edge) read(c desk.Case) desk.Case {
	e.t.Helper()
	c, err := e.store.Case(e.t.Context(), c.ID)
	e.must(err)
	return c
}

// room is the channel of a case's chat, once it is there and settled.
func (e *edge) room(c desk.Case) *slacksim.Channel {
	e.t.Helper()
	e.settled()
	at, ok := ident.Split(e.read(c).Place)
	if !ok {
		e.t.Fatal("the case has no place")
	}
	return e.ws.ChannelByID(string(at.Channel))
}

// card is the handle to a case's card.
func (e *edge) card(c desk.Case) *slacksim.Message {
	e.t.Helper()
	return e.room(c).Message(e.read(c).Card)
}

var jane = desk.Agent{ID: "agent-jane", Name: "Jane"}

func (e *edge) join(c desk.Case) {
	e.t.Helper()
	_, err := e.cases.Join(e.t.Context(), casework.Join{Case: c.ID, Agent: jane, Origin: desk.Origin("join:" + e.read(c).Chat.ID)})
	e.must(err)
}

// story is a case's log in short.
func (e *edge) story(c desk.Case) []string {
	e.t.Helper()
	e.settled()
	entries, err := e.store.Log(e.t.Context(), c.ID, 0, 1000)
	e.must(err)
	var lines []string
	for _, entry := range entries {
		lines = append(lines, strings.Join(strings.Fields(string(entry.Kind)+" "+entry.What+" "+entry.Text), " "))
	}
	return lines
}

// told is what only a person was told, the last of it.
func (e *edge) told(u *slacksim.User) string {
	e.t.Helper()
	all := e.ws.Ephemerals(u)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1].Text
}

// stale presses a button as a client does that still shows a message as it
// was: the button may be gone by now.
func (e *edge) stale(m world.Message, u *slacksim.User, action string) {
	e.t.Helper()
	var value any
	for _, b := range m.Blocks {
		if b["type"] == "actions" {
			value = b["elements"].([]any)[0].(map[string]any)["value"]
		}
	}
	payload, err := json.Marshal(map[string]any{
		"type": "block_actions", "team": map[string]any{"id": e.ws.ID}, "user": map[string]any{"id": u.ID},
		"channel":   map[string]any{"id": m.Channel},
		"container": map[string]any{"type": "message", "channel_id": m.Channel, "message_ts": m.TS},
		"response_url": e.sim.Screens.NewResponse("actions", screen.Response{
			App: e.app.ID, Workspace: e.ws.ID, User: u.ID, Channel: m.Channel, TS: m.TS,
		}),
		"trigger_id": e.sim.Screens.NewTrigger(e.app.ID, e.ws.ID, u.ID, ""),
		"actions":    []any{map[string]any{"action_id": action, "block_id": "case", "type": "button", "value": value, "action_ts": e.sim.World.NextTS()}},
	})
	e.must(err)
	body := "payload=" + url.QueryEscape(string(payload))
	r := httptest.NewRequest(http.MethodPost, "/slack/interactivity", strings.NewReader(body))
	ts := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set(wire.HeaderTimestamp, ts)
	r.Header.Set(wire.HeaderSignature, wire.Sign("secret", ts, []byte(body)))
	w := httptest.NewRecorder()
	e.in.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		e.t.Errorf("press of %s: got %d %q", action, w.Code, w.Body)
	}
}
