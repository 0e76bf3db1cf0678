package scenario

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/app"
	"caseline/internal/app/agent"
	"caseline/internal/app/simulated"
	"caseline/internal/auth"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/seal"
	"caseline/internal/slack/manifest"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
	"caseline/internal/store/storetest"
)

// ourApp is the id of our app in the simulated Slack.
const ourApp = "A0CASELINE"

// patience bounds every wait for a state. It is not a measure of speed: under the
// race detector, on a machine with much else to do, half a minute was too little.
const patience = 2 * time.Minute

const (
	janeEmail = "jane@example.com"
	omarEmail = "omar@example.com"
	// Olivia is an operator.
	oliviaEmail = "olivia@example.com"
	password    = "correct horse battery"
)

// A house is the whole product: a simulated Slack with people in it, the
// server, and Jane signed in to the console.
type house struct {
	*testing.T
	ctx context.Context

	slack             *slacksim.Server
	ws                *slacksim.Workspace
	alice, bob, chloe *slacksim.User
	bot               *slacksim.Installed
	ops               *slacksim.Channel // private, configured
	elsewhere         *slacksim.Channel // public, not configured

	app  *app.App
	cfg  config.Config
	stop func() error
	url  string
	jane *agent.Agent

	mounted bool           // the pages of the simulated Slack are served
	kind    desk.PlaceKind // of the places that are chosen for chats

	rated bool // people are asked how a chat was; other stories are about something else

	askSlack time.Duration // how often the server asks whether it is let in
	poll     time.Duration // how often it looks for what no hint told of; 0 is as usual

	wide       bool                 // the app is installed by OAuth wherever people want it, and nowhere at first
	registered *slacksim.Registered // the app, if it is wide
	keys       *seal.Ring           // likewise, for its tokens
	rotates    bool                 // likewise, its tokens live half a day
	corp       bool                 // likewise, by an organisation

	sockets bool            // Slack is heard of by Socket Mode, and not by HTTP
	retries []time.Duration // the waits of Slack before it sends an event again
	dials   func(ctx context.Context, network, address string) (net.Conn, error)

	// Of a house without a network; else nil.
	way     http.RoundTripper // by which people reach the server
	listens func() net.Listener
	reaches http.RoundTripper // by which the server calls Slack

	now     func() time.Time    // the server's clock; nil is the system's
	forward func(time.Duration) // puts it forward, where a story can

	log *slog.Logger // the server's; nil is the test's output
}

// each runs a story in a house of its own on each database, together with
// other stories. The functions change what the house is.
func each(t *testing.T, story func(h *house), as ...func(*house)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		t.Parallel()
		story(newHouse(t, url, as...))
	})
}

// inBoth is each for a story that goes the same way in a channel of its own and
// in a thread.
func inBoth(t *testing.T, story func(h *house)) {
	t.Helper()
	t.Parallel()
	for _, kind := range []desk.PlaceKind{desk.PlaceChannel, desk.PlaceThread} {
		t.Run(string(kind), func(t *testing.T) {
			each(t, func(h *house) { h.kind = kind; story(h) })
		})
	}
}

// inThread is each with chats in threads of #ops.
func inThread(t *testing.T, story func(h *house)) {
	each(t, func(h *house) { h.kind = desk.PlaceThread; story(h) })
}

// newHouse returns a house whose people talk; the functions change what it is.
func newHouse(t *testing.T, url string, as ...func(*house)) *house {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), 4*time.Minute, errors.New("the story took too long"))
	t.Cleanup(cancel)
	h := &house{T: t, ctx: ctx, retries: []time.Duration{20 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond}}
	for _, f := range as {
		f(h)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	slackLn, addr := listen(t), steadyAddress(t)
	h.url = "http://" + addr
	var err error
	h.slack, err = slacksim.New(slacksim.Options{
		Logger: log, BaseURL: "http://" + slackLn.Addr().String(), Unfurl: true,
		RetryDelays: h.retries,
		Fail:        func(err error) { t.Helper(); t.Fatal(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	h.populate()
	server := &http.Server{Handler: h.slack.Handler(), ReadHeaderTimeout: patience}
	h.runs("slack's server", func(context.Context) error { return server.Serve(slackLn) }, func() { server.Close() })
	h.runs("slack", h.slack.Run, nil)
	h.cfg = h.config(url, slackLn.Addr().String())
	h.cfg.Listen = addr
	h.startApp()
	t.Cleanup(h.stopApp)
	h.connected()
	h.jane = h.signIn(janeEmail)
	return h
}

// startApp starts the server on its address.
func (h *house) startApp() {
	h.Helper()
	var ln net.Listener
	if h.listens != nil {
		ln = h.listens()
	}
	h.app, h.stop = h.starts(h.cfg, ln)
}

// starts starts a server, on cfg.Listen if ln is nil.
func (h *house) starts(cfg config.Config, ln net.Listener) (a *app.App, stop func() error) {
	h.Helper()
	log := slog.New(slog.NewTextHandler(h.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	if h.log != nil {
		log = h.log
	}
	a, err := app.New(h.ctx, cfg, app.Options{
		Undo: -1, // agents' words go out at once
		Log:  log, Keys: h.keys, AskSlack: h.askSlack, Poll: h.poll, Slack: h.reaches, DialSocket: h.dials, Now: h.now, Listener: ln,
		Hashing: auth.Cost{Memory: 64, Passes: 1, Threads: 1}, // a story is no attack on passwords
	})
	h.must(err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.ctx))
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	return a, func() error { cancel(); return <-done }
}

// stopApp stops the server in order, if it runs.
func (h *house) stopApp() {
	h.Helper()
	if h.stop == nil {
		return
	}
	if err := h.stop(); err != nil {
		h.Errorf("app: %v", err)
	}
	h.stop = nil
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// runs runs a part until the test ends, and waits for it then.
func (h *house) runs(name string, run func(context.Context) error, stop func()) {
	h.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.ctx))
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	h.Cleanup(func() {
		cancel()
		if stop != nil {
			stop()
		}
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, http.ErrServerClosed) {
			h.Errorf("%s: %v", name, err)
		}
	})
}

func (h *house) populate() {
	h.ws = h.slack.Workspace("acme")
	h.alice = h.ws.AddUser("alice", "Alice Martin")
	h.bob = h.ws.AddUser("bob", "Bob Okafor")
	h.chloe = h.ws.AddUser("chloe", "Chloé Dubois")
	h.ops = h.ws.AddChannel("ops", world.Private, h.alice, h.bob)
	h.elsewhere = h.ws.AddChannel("general", world.Public, h.alice, h.bob, h.chloe)
	if h.wide {
		h.registered = h.slack.Register(h.manifested())
		return
	}
	h.bot = h.ws.Install(h.manifested())
	h.ops.Invite(h.alice, h.bot.Bot)
}

// manifested is our app as its manifest makes it: it may do no more and hears
// of no more than that asks for. By Socket Mode it has no addresses.
func (h *house) manifested() slacksim.App {
	h.Helper()
	o := manifest.Options{Command: "/support", PublicURL: "https://" + strings.TrimPrefix(h.url, "http://"), Socket: h.sockets, OAuth: h.wide, Org: h.corp}
	m, err := manifest.New(o)
	h.must(err)
	a := simulated.App(m)
	a.RedirectURLs, a.Rotation, a.OrgReady = []string{h.url + manifest.PathInstalled}, h.rotates, h.corp
	a.ID, a.Name, a.BotName, a.BotToken, a.SigningSecret = ourApp, "caseline", "caseline", "xoxb-test", "shh"
	if h.sockets {
		a.AppToken = appToken
		return a
	}
	return simulated.At(h.url, a)
}

func (h *house) config(databaseURL, slackAddr string) config.Config {
	cfg := config.Default()
	cfg.DataDir = h.TempDir()
	cfg.Database.URL = config.NewSecret(databaseURL)
	cfg.PublicURL = h.url
	cfg.Slack.APIURL = "http://" + slackAddr + "/api/"
	cfg.Slack.Timeout, cfg.Slack.Pace = 2*time.Second, config.PaceOff
	cfg.Slack.BotToken = config.NewSecret("xoxb-test")
	if h.sockets {
		cfg.Slack.AppToken = config.NewSecret(appToken)
	} else {
		cfg.Slack.SigningSecrets = []config.Secret{config.NewSecret("shh")}
	}
	if h.wide {
		cfg.Slack.BotToken = config.Secret{}
		cfg.Slack.ClientID, cfg.Slack.ClientSecret = h.registered.ClientID, config.NewSecret(h.registered.ClientSecret)
	}
	cfg.Chat.CompareAfter = 10 * time.Millisecond
	cfg.Chat.AskRating = h.rated
	cfg.Account = config.Account{ID: "111122223333", Name: "Acme"}
	if !h.wide {
		cfg.Channels = []config.Channel{{ID: h.ops.ID, Name: "ops"}}
	}
	cfg.Agents = []config.Agent{
		{Email: janeEmail, Name: "Jane", Password: config.NewSecret(password)},
		{Email: omarEmail, Name: "Omar", Password: config.NewSecret(password)},
		{Email: oliviaEmail, Name: "Olivia", Password: config.NewSecret(password), Role: "operator"},
	}
	return cfg
}

func (h *house) signIn(email string) *agent.Agent {
	h.Helper()
	a, err := agent.SignIn(h.ctx, h.url, email, password)
	h.must(err)
	return a
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// until waits until cond holds, looking whenever something changes in Slack
// or in the store.
func (h *house) until(what string, cond func() bool) {
	h.Helper()
	ctx, cancel := context.WithTimeoutCause(h.ctx, patience, errors.New(what))
	defer cancel()
	heal := time.NewTicker(20 * time.Millisecond) // what changes in the store is seen by looking
	defer heal.Stop()
	for !cond() {
		select {
		case <-heal.C:
		case <-ctx.Done():
			h.Fatalf("never came true: %s\nSlack:\n%s", what, h.scene())
		}
	}
}

// scene is what stands in all channels, for a failing test.
func (h *house) scene() string {
	var b strings.Builder
	if h.bot == nil {
		return "the app is not installed"
	}
	for _, ch := range h.slack.World.SeenChannels(h.ws.ID, h.bot.Bot.ID) {
		b.WriteString("#" + ch.Name + "\n")
		for _, m := range h.ws.ChannelByID(ch.ID).All() {
			b.WriteString("  " + m.TS + " " + m.Subtype + " " + m.User + m.Username + ": " + m.Text + "\n")
		}
	}
	return b.String()
}

// quiet waits until Slack has delivered all events and our outbox is empty.
func (h *house) quiet() {
	h.Helper()
	h.until("everything delivered", func() bool {
		ctx, cancel := context.WithTimeout(h.ctx, patience)
		defer cancel()
		if h.slack.Quiesce(ctx) != nil {
			return false
		}
		open, err := h.app.Store.OpenLanes(h.ctx, 1)
		h.must(err)
		pending, err := h.app.Store.PendingLanes(h.ctx, 1)
		h.must(err)
		return len(open) == 0 && len(pending) == 0
	})
}

// A chat is a case with its live chat's place.
type chat struct {
	h      *house
	number string
	ch     *slacksim.Channel
	root   *slacksim.Message // the first message, when the place is a thread
}

// post writes in the place.
func (c *chat) post(u *slacksim.User, text string) *slacksim.Message {
	if c.root != nil {
		return c.root.Reply(u, text)
	}
	return c.ch.Post(u, text)
}

// upload puts a file into the place.
func (c *chat) upload(u *slacksim.User, name string, data []byte, comment string) *slacksim.Message {
	if c.root != nil {
		return c.root.Upload(u, name, data, comment)
	}
	return c.ch.Upload(u, name, data, comment)
}

// messages are what stands in the place.
func (c *chat) messages() []world.Message {
	if c.root != nil {
		return c.ch.Thread(c.root.TS)
	}
	return c.ch.Messages()
}

// asks opens a case with a live chat from #ops, as a person does, and returns
// when its channel is ready.
func (h *house) asks(u *slacksim.User, subject string, members ...*slacksim.User) *chat {
	h.Helper()
	if h.kind == desk.PlaceThread {
		return h.asksInThread(u, subject, members...)
	}
	before := h.chats(u)
	h.fills(u, subject, "Live chat in Slack", members...)
	var c *chat
	h.until("a chat channel for "+u.Name, func() bool {
		for _, ch := range h.chats(u) {
			if !slices.Contains(before, ch) {
				c = &chat{h: h, ch: h.ws.ChannelByID(ch)}
				c.number = strings.TrimPrefix(c.ch.Name(), "case-")[:10] // a suffix may follow
				return len(c.ch.Pins()) > 0
			}
		}
		return false
	})
	return c
}

// asksInThread is asks for a chat in a thread of #ops.
func (h *house) asksInThread(u *slacksim.User, subject string, members ...*slacksim.User) *chat {
	h.Helper()
	before := len(h.ops.All())
	h.fills(u, subject, "Live chat in Slack", members...)
	c := &chat{h: h, ch: h.ops}
	h.until("a thread in #ops", func() bool {
		for _, m := range h.ops.All()[before:] {
			words, found := strings.CutPrefix(m.Text, "Case ")
			if found && !m.IsReply() && m.BotID == h.bot.BotID {
				c.number, c.root = words[:10], h.ops.Message(m.TS)
				return c.record().Place != ""
			}
		}
		return false
	})
	return c
}

// fills sends the form of a new case.
func (h *house) fills(u *slacksim.User, subject, contact string, members ...*slacksim.User) {
	h.Helper()
	fields := append(matter(subject), []string{"Contact method", contact})
	if h.kind == desk.PlaceThread && contact == "Live chat in Slack" {
		fields = append(fields, []string{"Where to chat", "Current channel"})
	}
	if len(members) > 0 {
		field := []string{"People to add to the chat"}
		for _, m := range members {
			field = append(field, m.Name)
		}
		fields = append(fields, field)
	}
	problems, err := h.opensForm(u).FillIn(h.ctx, fields...)
	h.must(err)
	if len(problems) > 0 {
		h.Fatalf("the form was refused: %v", problems)
	}
}

// matter is what the form of a new case is filled in with, beside how to be in
// contact.
func matter(subject string) [][]string {
	return [][]string{
		{"Subject", subject}, {"Description", "It has been like this since ten."},
		{"Service", "Web application"}, {"Category", "Error or failure"}, {"Severity", "high"},
	}
}

// opensForm opens the form of a new case, once more when this machine was so
// busy that Slack's three seconds have passed.
func (h *house) opensForm(u *slacksim.User) *slacksim.Form {
	h.Helper()
	for {
		answer, err := h.ops.Command(h.ctx, u, "/support create")
		h.must(err)
		if answer.Form != nil {
			return answer.Form
		}
		if !strings.Contains(answer.Text(), "within three seconds, and they have passed. Please try again.") {
			h.Fatalf("/support create opened no form; it said %q", answer.Text())
		}
	}
}

// chats are the ids of the chat channels a person is in.
func (h *house) chats(u *slacksim.User) []string {
	var ids []string
	for _, ch := range h.slack.World.SeenChannels(h.ws.ID, u.ID) {
		if strings.HasPrefix(ch.Name, "case-") && ch.Has(u.ID) {
			ids = append(ids, ch.ID)
		}
	}
	return ids
}

// joins lets Jane join, and waits until the place says so.
func (c *chat) joins() *chat {
	c.h.Helper()
	c.h.must(c.h.jane.Join(c.h.ctx, c.number))
	c.says("Jane from Support joined. Messages are now shared with Support and recorded.")
	return c
}

// says waits until a message in the channel contains the text.
func (c *chat) says(text string) *slacksim.Message {
	c.h.Helper()
	var found *slacksim.Message
	c.h.until("in the channel: "+text, func() bool {
		found = c.ch.Find(func(m world.Message) bool { return strings.Contains(m.Text, text) })
		return found != nil
	})
	return found
}

// card is the pinned message, or the first of the thread.
func (c *chat) card() *slacksim.Message {
	c.h.Helper()
	if c.root != nil {
		return c.root
	}
	pins := c.ch.Pins()
	if len(pins) != 1 {
		c.h.Fatalf("got %d pins, want the card alone", len(pins))
	}
	return c.ch.Message(pins[0].TS)
}

// record is the case as the store has it.
func (c *chat) record() desk.Case {
	c.h.Helper()
	got, err := c.h.app.Store.CaseByNumber(c.h.ctx, desk.CaseNumber(c.number))
	c.h.must(err)
	return got
}

// log is the correspondence of the case, all kinds.
func (c *chat) log() []desk.Correspondence {
	c.h.Helper()
	entries, err := c.h.app.Store.Log(c.h.ctx, c.record().ID, 0, 100_000)
	c.h.must(err)
	return entries
}

// words are the recorded messages of the chat, by when they were written.
func (c *chat) words() []string {
	c.h.Helper()
	var said []desk.Correspondence
	for _, e := range c.log() {
		if e.Kind == desk.KindMessage && e.Chat != "" {
			said = append(said, e)
		}
	}
	slices.SortStableFunc(said, func(a, b desk.Correspondence) int { return a.At.Compare(b.At) })
	var out []string
	for _, e := range said {
		out = append(out, e.Text)
	}
	return out
}

// recorded waits until the record has exactly these words.
func (c *chat) recorded(want ...string) {
	c.h.Helper()
	c.h.until("recorded: "+strings.Join(want, " | "), func() bool { return slices.Equal(c.words(), want) })
}

// page is the case's page in the console, as Jane sees it.
func (c *chat) page() string {
	c.h.Helper()
	page, err := c.h.jane.Page(c.h.ctx, "/cases/"+c.number)
	c.h.must(err)
	return page
}
