package client

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// office is a seeded Slack with its pages, and an app made of functions.
type office struct {
	t       testing.TB
	w       *world.World
	screens *screen.Screens
	people  *person.Client
	clock   *clock.Manual
	server  *Server
	http    *httptest.Server
	ws      world.Workspace
	app     world.App
	in      world.Installation
	users   map[string]world.User
	chans   map[string]world.Channel

	mu    sync.Mutex // guards asked and the answers, for an instruction
	asked []person.Request
	// answer is what the app does with a request; nil answers 200.
	answer func(r person.Request, payload map[string]any) person.Answer
}

// Carry implements person.Courier.
func (o *office) Carry(_ context.Context, r person.Request) (person.Answer, error) {
	var payload map[string]any
	if raw := r.Form.Get("payload"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &payload); err != nil {
			return person.Answer{}, err
		}
	}
	o.mu.Lock()
	o.asked = append(o.asked, r)
	answer := o.answer
	o.mu.Unlock()
	if answer == nil {
		return person.Answer{Status: 200}, nil
	}
	return answer(r, payload), nil
}

func (o *office) answers(fn func(r person.Request, payload map[string]any) person.Answer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = fn
}

// payloads returns what the app was asked, decoded.
func (o *office) payloads() []map[string]any {
	o.t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []map[string]any
	for _, r := range o.asked {
		payload := map[string]any{"command": r.Form.Get("command"), "text": r.Form.Get("text")}
		if raw := r.Form.Get("payload"); raw != "" {
			must(o.t, json.Unmarshal([]byte(raw), &payload))
		}
		out = append(out, payload)
	}
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ok[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// opened returns an office with people, two channels and an app, and nothing said.
func opened(t testing.TB, opts Options) *office {
	t.Helper()
	o := &office{t: t, users: map[string]world.User{}, chans: map[string]world.Channel{}}
	o.clock = clock.NewManual(time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC))
	o.w = ok[*world.World](t)(world.Open(world.Options{Clock: o.clock}))
	t.Cleanup(func() { must(t, o.w.Close()) })
	o.ws = ok[world.Workspace](t)(o.w.PutWorkspace(world.Workspace{Name: "Northwind Traders", Domain: "northwind"}))
	for _, u := range []world.User{
		{Name: "alice", RealName: "Alice Novak", Title: "Platform lead", Admin: true},
		{Name: "bob", RealName: "Bob Okafor", Title: "Site reliability"},
		{Name: "chen", RealName: "Chen Wei", Title: "Data engineering"},
		{Name: "dana", RealName: "Dana Guest", Restricted: true},
		{Name: "erin", RealName: "Erin Blake"},
	} {
		u.Workspace = o.ws.ID
		o.users[u.Name] = ok[world.User](t)(o.w.PutUser(u))
	}
	o.addApp()
	for _, c := range []struct {
		name string
		kind world.ChannelKind
	}{{"general", world.Public}, {"operations", world.Public}, {"case-1000000042", world.Private}, {"random", world.Public}} {
		ch := ok[world.Channel](t)(o.w.CreateChannel(o.ws.ID, o.users["alice"].ID, c.name, c.kind))
		o.chans[c.name] = ch
		_, _, err := o.w.Invite(o.users["alice"].ID, ch.ID, []string{o.users["bob"].ID, o.users["chen"].ID, o.in.BotUser}, true)
		must(t, err)
	}
	o.serve(opts)
	return o
}

func (o *office) addApp() {
	o.t.Helper()
	o.app = ok[world.App](o.t)(o.w.PutApp(world.App{
		Name: "Support", Description: "Support cases and live chat.", InteractivityURL: "http://app.example/i",
		Commands: []world.Command{{Command: "/support", URL: "http://app.example/c", Description: "Ask Support", UsageHint: "create | search | help"}},
		Shortcuts: []world.Shortcut{
			{Name: "Create a support case", CallbackID: "create"},
			{Name: "Create a case from this message", CallbackID: "from-message", OnMessage: true},
		},
	}))
	o.in = ok[world.Installation](o.t)(oauth.Install(o.w, oauth.Grant{App: o.app.ID, Place: o.ws.ID, Bot: "Support", Token: "xoxb-1", Scopes: []string{"chat:write"}}))
}

func (o *office) serve(opts Options) {
	o.t.Helper()
	o.screens = screen.New(o.w)
	o.people = person.New(o.w, o.screens, o, slog.New(slog.DiscardHandler))
	opts.Zone = time.UTC
	o.server = ok[*Server](o.t)(New(o.people, opts))
	o.http = httptest.NewUnstartedServer(o.server.Handler())
	o.http.Config.RegisterOnShutdown(o.server.Stop)
	o.http.Start()
	o.t.Cleanup(func() {
		o.server.Stop()
		o.http.Close()
	})
	o.w.SetBaseURL(o.http.URL)
}

func (o *office) later(d time.Duration) { o.clock.Advance(d) }

// say posts as a person types.
func (o *office) say(who, channel, text string) world.Message {
	o.t.Helper()
	o.later(20 * time.Second)
	return ok[world.Message](o.t)(o.people.Post(person.Draft{User: o.users[who].ID, Channel: o.chans[channel].ID, Text: text}))
}

func (o *office) reply(who string, to world.Message, text string) world.Message {
	o.t.Helper()
	o.later(20 * time.Second)
	return ok[world.Message](o.t)(o.people.Post(person.Draft{User: o.users[who].ID, Channel: to.Channel, ThreadTS: to.TS, Text: text}))
}

// appPost posts as the app.
func (o *office) appPost(channel string, p world.Posting) world.Message {
	o.t.Helper()
	o.later(15 * time.Second)
	p.Channel, p.User = o.chans[channel].ID, o.in.BotUser
	return ok[world.Message](o.t)(o.w.Post(p))
}

func blocks(t testing.TB, raw string) []world.Block {
	t.Helper()
	var out []world.Block
	must(t, json.Unmarshal([]byte(raw), &out))
	return out
}

// openModal shows alice a form of the app.
func (o *office) openModal(who, view string) world.View {
	o.t.Helper()
	v, problems := blockkit.ParseView([]byte(view), "modal")
	if len(problems) > 0 {
		o.t.Fatalf("view refused: %v", problems)
	}
	u := o.users[who]
	trigger := o.screens.NewTrigger(o.app.ID, u.Workspace, u.ID, "")
	return ok[world.View](o.t)(o.screens.OpenModal(o.in, trigger, o.screens.NewView(v), false))
}

func (o *office) page(who, channel string) string {
	return o.http.URL + "/client/" + o.ws.ID + "/" + who + "/" + o.chans[channel].ID
}

// picture is a small PNG.
func picture(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(40 + x*120/w), uint8(110 + y*100/h), 140, 255})
		}
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}

var _ http.Handler = (*assets)(nil)
