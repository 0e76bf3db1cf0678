package scenario

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework/setup"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/seal"
	"caseline/internal/slack/manifest"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
	"caseline/internal/store/storetest"
)

// byOAuth makes a house one whose app people install where they want it. It is
// installed nowhere yet.
func byOAuth(h *house) {
	h.wide = true
	var err error
	h.keys, err = seal.Parse(seal.NewKey())
	h.must(err)
}

// wing is the house as people of another workspace see it.
func (h *house) wing(domain string) *house {
	w := *h
	w.ws, w.bot = h.slack.Workspace(domain), nil
	w.alice = w.ws.AddUser("alice", "Alice of "+domain, slacksim.Admin)
	w.bob = w.ws.AddUser("bob", "Bob of "+domain)
	w.ops = w.ws.AddChannel("ops", world.Private, w.alice, w.bob)
	return &w
}

// A visitor is a browser in which somebody installs the app.
type visitor struct {
	h      *house
	client *http.Client
}

func (h *house) visitor() *visitor {
	h.Helper()
	jar, err := cookiejar.New(nil)
	h.must(err)
	return &visitor{h, &http.Client{Transport: h.way, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// goes opens a page, and returns its text and where it leads.
func (v *visitor) goes(address string) (page, location string) {
	v.h.Helper()
	r, err := http.NewRequestWithContext(v.h.ctx, http.MethodGet, address, nil)
	v.h.must(err)
	resp, err := v.client.Do(r)
	v.h.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	v.h.must(err)
	return string(body), resp.Header.Get("Location")
}

// installs has Alice install the app into the workspace, by a browser that begins
// at our page, and invites it into #ops.
func (h *house) installs() {
	h.Helper()
	v := h.visitor()
	_, consent := v.goes(h.url + manifest.PathInstall)
	back, err := h.ws.Allow(h.alice, consent)
	h.must(err)
	if page, _ := v.goes(back); !strings.Contains(page, "The app is installed in "+h.domain()) {
		h.Fatalf("after installing, the page says %s", page)
	}
	h.bot = h.registered.In(h.ws)
	h.ops.Invite(h.alice, h.bot.Bot)
}

// admits has an organisation of which both workspaces are install the app, and let
// it into them.
func (h *house) admits(other *house) {
	h.Helper()
	org := h.slack.Organisation("corp")
	for _, w := range []*house{h, other} {
		org.Workspace(w.domain())
	}
	v := h.visitor()
	_, consent := v.goes(h.url + manifest.PathInstall)
	back, err := org.Allow(h.alice, consent)
	h.must(err)
	if page, _ := v.goes(back); !strings.Contains(page, "The app is installed in corp") {
		h.Fatalf("after installing, the page says %s", page)
	}
	for _, w := range []*house{h, other} {
		w.bot = org.Admit(h.registered, w.ws)
		w.ops.Invite(w.alice, w.bot.Bot)
	}
}

func (h *house) domain() string {
	row, _ := h.slack.World.Workspace(h.ws.ID)
	return row.Domain
}

// servedAs has an operator serve an account in #ops.
func (h *house) servedAs(account desk.AccountID, name string) {
	h.Helper()
	h.until("the workspace is known", func() bool {
		_, err := h.app.Store.Workspace(h.ctx, desk.WorkspaceID(h.ws.ID))
		return err == nil
	})
	if account == acmeID { // which the configuration has made
		h.must(h.app.Setup.LinkWorkspace(h.ctx, setup.Link{By: operator, Account: account, Workspace: desk.WorkspaceID(h.ws.ID)}))
	}
	h.serves(account, name, h.ops, served.FullPermissions()...)
}

// two returns a house whose app is installed in two workspaces of two accounts.
func two(h *house) (acme, bolt *house) {
	h.Helper()
	h.alice = h.ws.AddUser("alice", "Alice Martin", slacksim.Admin)
	row, _ := h.slack.World.User(h.alice.ID)
	row.Admin = true
	_, err := h.slack.World.PutUser(row)
	h.must(err)
	bolt = h.wing("bolt")
	if h.corp {
		h.admits(bolt)
	} else {
		h.installs()
		bolt.installs()
	}
	h.servedAs(acmeID, "Acme")
	bolt.servedAs(boltID, "Bolt")
	return h, bolt
}

// TestEdge_TwoWorkspacesNeverMix has a chat in each of two workspaces at the same
// time, served by one server that began with none. By Socket Mode the connections
// of one app bring what happens in both.
func TestEdge_TwoWorkspacesNeverMix(t *testing.T) { each(t, neverMix, byOAuth) }

func TestEdge_TwoWorkspacesNeverMixBySocketMode(t *testing.T) {
	each(t, neverMix, byOAuth, func(h *house) { h.sockets = true })
}

// One token is for both workspaces of an organisation.
func TestEdge_TwoWorkspacesOfAnOrganisationNeverMix(t *testing.T) {
	each(t, neverMix, byOAuth, func(h *house) { h.corp = true })
}

func neverMix(h *house) {
	olivia := h.signIn(oliviaEmail)
	page, err := olivia.Page(h.ctx, "/")
	h.must(err)
	if !strings.Contains(page, "The app is installed in no workspace yet") || !strings.Contains(page, `href="`+manifest.PathInstall+`"`) {
		h.Error("an operator is not told where to install the app")
	}
	acme, bolt := two(h)
	if page, err = olivia.Page(h.ctx, "/setup/accounts/"+string(boltID)); err != nil || !strings.Contains(page, `<a href="`+manifest.PathInstall+`">Install the app in another workspace</a>`) {
		h.Errorf("the account's page does not say where to install the app: %v", err)
	}
	a, b := acme.asks(acme.alice, "Build is stuck"), bolt.asks(bolt.alice, "Bolts are loose")
	a.joins()
	b.joins()
	for _, words := range []string{"one", "two", "three"} {
		a.post(acme.alice, "acme says "+words)
		b.post(bolt.alice, "bolt says "+words)
		h.must(h.jane.Reply(h.ctx, a.number, words, "for acme: "+words))
		h.must(h.jane.Reply(h.ctx, b.number, words, "for bolt: "+words))
	}
	a.upload(acme.alice, "acme.log", []byte("of acme"), "")
	b.upload(bolt.alice, "bolt.log", []byte("of bolt"), "")
	for c, who := range map[*chat]string{a: "acme", b: "bolt"} {
		c.says("for " + who + ": three")
		if f := c.file(desk.FileReady); c.downloads(f) != "of "+who {
			h.Errorf("the file of %s is not what was sent", who)
		}
		for _, m := range c.messages() {
			if strings.Contains(m.Text, "for ") && !strings.Contains(m.Text, who) {
				h.Errorf("in %s stands %q", who, m.Text)
			}
		}
		for _, words := range c.words() {
			if !strings.Contains(words, who) {
				h.Errorf("on the case of %s stands %q", who, words)
			}
		}
		if n := len(c.words()); n != 6 && n != 7 { // a file may come with a line
			h.Errorf("%d messages are on the case of %s, want 6", n, who)
		}
		h.until("names of "+who, func() bool {
			return strings.Contains(c.page(), map[string]string{"acme": "Alice Martin", "bolt": "Alice of bolt"}[who])
		})
	}
	a.ends()
	b.ends()
	for _, c := range []*chat{a, b} {
		if tally := c.compared(); tally.State != desk.TallyWhole {
			h.Errorf("the record is %+v", tally)
		}
	}
}

// TestEdge_OneWorkspaceGoesAndComesBackAndTheOtherDoesNotNotice uninstalls the app
// in one of two workspaces during a chat in each, and installs it again as people
// do.
func TestEdge_OneWorkspaceGoesAndComesBackAndTheOtherDoesNotNotice(t *testing.T) {
	each(t, func(h *house) {
		h.asksSlackEvery(50 * time.Millisecond)
		acme, bolt := two(h)
		a, b := acme.asks(acme.alice, "Build is stuck").joins(), bolt.asks(bolt.alice, "Bolts are loose").joins()
		a.post(acme.alice, "before")
		b.post(bolt.alice, "before")
		a.recorded("before")
		h.quiet()

		acme.ws.Uninstall(acme.bot)
		h.banner("acme is disconnected: the app was uninstalled from it. Its chats have ended, and nothing is sent there until the app is installed again.")
		h.until("ended", func() bool { return a.record().Chat.Reason == desk.EndedOffline })
		if got := h.get(h.url + "/readyz"); !strings.Contains(got, `"workspaces":{"account_inactive":1,"connected":1}`) || strings.Contains(got, acme.ws.ID) || strings.Contains(got, bolt.ws.ID) {
			t.Errorf("/readyz says %s, want how many workspaces, and not which", got)
		}
		b.post(bolt.alice, "meanwhile")
		h.must(h.jane.Reply(h.ctx, b.number, "r1", "still here"))
		b.says("still here")
		b.recorded("before", "meanwhile", "still here")

		acme.installs()
		h.banner("")
		h.until("what had to be said in #ops", func() bool {
			return acme.ops.Find(func(m world.Message) bool {
				return strings.Contains(m.Text, "The live chat on case "+a.number+" ended") && strings.Contains(m.Text, "the app was disconnected from this workspace")
			}) != nil
		})
		h.quiet() // the bot is no longer in the old channel, so a new one is made
		again := a.asksAgain(acme.alice).joins()
		again.post(acme.alice, "after")
		b.post(bolt.alice, "after")
		h.until("recorded", func() bool { return slices.Contains(again.words(), "after") })
		b.recorded("before", "meanwhile", "still here", "after")
		b.ends()
		if tally := b.compared(); tally.State != desk.TallyWhole {
			t.Errorf("of the other the record is %+v", tally)
		}
	}, byOAuth)
}

// TestB14_ANodeServesAWorkspaceThatAnotherInstalled installs the app by one of two
// nodes; what happens there comes to the other, which has not been started anew.
func TestB14_ANodeServesAWorkspaceThatAnotherInstalled(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.PostgresURL(t), byOAuth)
	acme, _ := two(h)
	a := acme.asks(acme.alice, "Build is stuck").joins()
	ln := listen(t)
	there := h.cfg
	there.Listen = ln.Addr().String()
	beside, stop := h.starts(there, ln)
	t.Cleanup(func() { h.must(stop()) })

	coil := h.wing("coil")
	coil.installs() // by the first node
	coil.servedAs("777788889999", "Coil")
	h.stopApp()
	h.app, coil.app, acme.app, a.h.app = beside, beside, beside, beside
	// From now on Slack sends to the second node.
	app := coil.manifested()
	h.url, coil.url, acme.url = "http://"+there.Listen, "http://"+there.Listen, "http://"+there.Listen
	coil.moved(app)
	h.jane = h.signIn(janeEmail)
	coil.jane, acme.jane = h.jane, h.jane

	c := coil.asks(coil.alice, "Coil is hot").joins()
	c.post(coil.alice, "very hot")
	a.post(acme.alice, "and here")
	c.recorded("very hot")
	a.recorded("and here")
	h.must(h.jane.Reply(h.ctx, c.number, "r1", "let it cool"))
	c.says("let it cool")
}

// moved has Slack send what it has for the app to where the house is now.
func (h *house) moved(a slacksim.App) {
	h.Helper()
	before, _ := h.slack.World.Apps.App(a.ID)
	now := h.manifested()
	now.ClientID, now.ClientSecret = before.ClientID, before.ClientSecret
	h.slack.Register(now)
}

// TestB8_TokensRotateWhileChatsRun has a chat in each of two workspaces for days,
// whose tokens live half a day, and stops the server for longer than that. The
// whole program lives in virtual time.
func TestB8_TokensRotateWhileChatsRun(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: a day and a half in virtual time")
	}
	t.Parallel()
	url := storetest.SQLiteURL(t)
	synctest.Test(t, func(t *testing.T) {
		s, _ := newBubble(t, 1, url, byOAuth, func(h *house) { h.rotates, h.poll = true, 30*time.Second }, func(cfg *config.Config) {
			cfg.Chat.IdlePrompt, cfg.Chat.IdleEnd, cfg.Limits.SessionTTL = 0, 0, 240*time.Hour
		})
		acme, bolt := two(s.house)
		a, b := acme.asks(acme.alice, "Build is stuck").joins(), bolt.asks(bolt.alice, "Bolts are loose").joins()
		var want []string
		talk := func(words string) {
			a.post(acme.alice, words)
			b.post(bolt.alice, words)
			want = append(want, words)
		}
		for hour := range 14 {
			talk(fmt.Sprint("hour ", hour))
			time.Sleep(time.Second) // here the clock stands still while people act
			for _, c := range []*chat{a, b} {
				s.must(s.jane.Reply(s.ctx, c.number, fmt.Sprint(hour), fmt.Sprint("reply ", hour)))
			}
			want = append(want, fmt.Sprint("reply ", hour))
			time.Sleep(time.Hour)
		}
		refused := 0
		for _, c := range s.slack.Calls("") {
			if c.Error == "token_expired" {
				refused++
			}
		}
		if refused > 0 {
			t.Errorf("Slack refused %d calls, though tokens are renewed early", refused)
		}
		if n := len(s.slack.Calls("oauth.v2.access")); n < 2+2 {
			t.Errorf("tokens were given %d times, so this shows nothing", n)
		}
		s.stopApp()
		talk("while nobody listens")
		time.Sleep(13 * time.Hour)
		s.startApp()
		acme.app, bolt.app = s.app, s.app
		talk("when the token is past its time")
		time.Sleep(10 * time.Minute)
		for _, c := range []*chat{a, b} {
			c.h.app = s.app
			if diff := cmp.Diff(want, c.words()); diff != "" {
				t.Errorf("on the case (-want +got):\n%s", diff)
			}
			c.says("reply 13")
			if got := c.record().Chat.State; got != desk.ChatInProgress {
				t.Errorf("the chat is %s", got)
			}
		}
	})
}

// TestEdge_ASharedChannelIsOfTheWorkspaceThatSlackNames shares a chat's channel
// with the other of two workspaces in which our app is, whose people then write in
// it: it stays the chat of the first, and the second has nothing of it.
func TestEdge_ASharedChannelIsOfTheWorkspaceThatSlackNames(t *testing.T) {
	each(t, func(h *house) {
		acme, bolt := two(h)
		a, b := acme.asks(acme.alice, "Build is stuck").joins(), bolt.asks(bolt.alice, "Bolts are loose").joins()
		a.post(acme.alice, "help us, Bolt")
		a.recorded("help us, Bolt")
		h.quiet()
		eve := acme.ws.AddUser("eve", "Eve of Bolt", slacksim.Of(bolt.ws.ID, "Bolt"))
		a.ch = a.ch.Connect(bolt.ws.ID)
		a.ch.Invite(acme.alice, eve)
		a.ch.Post(eve, "we are here")
		b.post(bolt.alice, "this is ours")
		a.recorded("help us, Bolt", "we are here")
		b.recorded("this is ours")
		h.must(h.jane.Reply(h.ctx, a.number, "r1", "welcome"))
		a.says("welcome")
		h.until("she is named, and not as one of Acme", func() bool {
			page := a.page()
			return strings.Contains(page, "Eve of Bolt") && strings.Contains(page, "external")
		})
		cases, err := h.app.Store.LiveIn(h.ctx, desk.WorkspaceID(bolt.ws.ID))
		h.must(err)
		if len(cases) != 1 || cases[0] != b.record().ID {
			t.Errorf("bolt has the chats %v, want its own alone", cases)
		}
	}, byOAuth)
}
