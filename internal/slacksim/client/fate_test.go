package client

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/client/pagetest"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
)

// readGone reads a page that says that something is gone.
func (o *office) readGone(address string) *pagetest.Node {
	o.t.Helper()
	r, body := o.get(address)
	if r.StatusCode != http.StatusNotFound {
		o.t.Errorf("GET %s: %d, want 404", address, r.StatusCode)
	}
	return ok[*pagetest.Node](o.t)(pagetest.Parse(body))
}

func TestWhatHappensToAChannelIsShown(t *testing.T) {
	o := opened(t, Options{})
	alice, ch := o.users["alice"].ID, o.chans["case-1000000042"].ID
	address := o.page("bob", "case-1000000042")
	must(t, o.w.ArchiveChannel(alice, ch))
	page := o.read(address)
	if got := page.One("[data-testid=closed]").Text(); !strings.Contains(got, "archived") || len(page.All("[data-composer]")) > 0 {
		t.Errorf("an archived channel says %q", got)
	}
	if len(page.All("[data-testid=archived]")) != 1 {
		t.Error("an archived channel has no banner")
	}
	if got := page.Texts("template[id=dialog-browse] [href]"); !slices.Contains(got, "case-1000000042") {
		t.Errorf("the archived channel is not among those to browse: %v", got)
	}
	must(t, o.w.UnarchiveChannel(alice, ch))
	if page := o.read(address); len(page.All("[data-composer]")) != 1 || len(page.All("[data-testid=archived]")) > 0 {
		t.Error("a channel that is open again cannot be written in")
	}
	id := ok[string](t)(o.w.ChangeChannelID(ch))
	r, _ := o.get(address + "?parts=main")
	if want := "/client/" + o.ws.ID + "/bob/" + id; r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != want {
		t.Errorf("the old id leads to %d %q, want %s", r.StatusCode, r.Header.Get("Location"), want)
	}
	must(t, o.w.DeleteChannel(alice, id))
	gone := o.readGone(o.http.URL + "/client/" + o.ws.ID + "/bob/" + id)
	if got := gone.One("#main .gone-page h2").Text(); got != "This channel is gone" || len(gone.All("#sidebar")) != 1 {
		t.Errorf("a deleted channel says %q", got)
	}
}

func TestAnAppThatWasRemoved(t *testing.T) {
	o := opened(t, Options{})
	dm, _, err := o.w.OpenDirect(o.users["bob"].ID, []string{o.in.BotUser}, true)
	must(t, err)
	o.chans["app"] = dm
	must(t, oauth.Uninstall(o.w, o.app.ID, o.ws.ID))
	if got := o.read(o.page("bob", "app")).One("[data-testid=closed]").Text(); !strings.Contains(got, "removed from the workspace") {
		t.Errorf("the messages with an app that was removed say %q", got)
	}
	gone := o.readGone(o.http.URL + "/client/" + o.ws.ID + "/bob/apps/" + o.app.ID)
	if got := gone.One("#main h2").Text(); got != "This app is not here" {
		t.Errorf("its home says %q", got)
	}
}

func TestPeopleAreMarked(t *testing.T) {
	o := opened(t, Options{})
	ops := o.chans["operations"].ID
	eve := ok[world.User](t)(o.w.PutUser(world.User{Workspace: o.ws.ID, Name: "eve", RealName: "Eve Far", Home: "T0FAR", HomeName: "Fabrikam"}))
	o.users["eve"] = eve
	_, err := o.w.Connect(ops, "T0FAR")
	must(t, err)
	_, _, err = o.w.Invite(o.users["alice"].ID, ops, []string{eve.ID, o.users["dana"].ID}, true)
	must(t, err)
	o.say("eve", "operations", "hello from afar")
	must(t, o.w.Deactivate(o.users["chen"].ID))
	page := o.read(o.page("bob", "operations") + "?panel=members")
	if got := page.One("#main .byline .org").Text(); got != "Fabrikam" {
		t.Errorf("the message of somebody of another organisation is marked %q", got)
	}
	if got := page.One("[data-testid=shared]").Text(); !strings.Contains(got, "Shared with Fabrikam") {
		t.Errorf("the channel says %q", got)
	}
	want := []string{"Alice Novak", "Bob Okafor", "Chen Wei deactivated", "Support APP", "Eve Far Fabrikam", "Dana Guest guest"}
	if diff := cmp.Diff(want, page.Texts("#side [data-member] strong")); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

func TestGroupsAndForwardedMessages(t *testing.T) {
	o := opened(t, Options{})
	g := ok[world.UserGroup](t)(o.w.PutGroup(world.UserGroup{Workspace: o.ws.ID, Handle: "oncall", Name: "On call", Members: []string{o.users["bob"].ID}}))
	m := o.say("alice", "operations", "the build is red, @oncall")
	for who, class := range map[string]string{"bob": ".mention-me", "chen": ".mention"} {
		if got := o.read(o.page(who, "operations")).One(class + "[data-group=" + g.ID + "]").Text(); got != "@oncall" {
			t.Errorf("%s reads the group as %q", who, got)
		}
	}
	_, err := o.people.Forward(o.users["alice"].ID, m.Channel, m.TS, person.Draft{Channel: o.chans["random"].ID, Text: "look"})
	must(t, err)
	page := o.read(o.page("erin", "random"))
	if page := o.read(o.page("bob", "random")).One(".attachment"); !strings.Contains(page.Text(), "Posted in #operations") || page.One("a[data-nav]").Text() != "View message" {
		t.Errorf("the forwarded message says %q", page.Text())
	}
	if got := page.One(".attachment-author").Text(); !strings.Contains(got, "Alice Novak") {
		t.Errorf("it is by %q", got)
	}
}

func TestTheSimulationPane(t *testing.T) {
	o := opened(t, Options{})
	address := o.page("bob", "case-1000000042")
	side := o.read(address + "?panel=simulation").One("#side")
	if got := side.One("[data-testid=channel-id]").Text(); got != o.chans["case-1000000042"].ID {
		t.Errorf("the channel's id is %q", got)
	}
	ch := o.chans["case-1000000042"].ID
	do := func(fields ...string) { o.wantPost(done204, "bob", "/simulation", fields...) }
	now := func() world.Channel {
		row, _ := o.w.Channel(ch)
		return row
	}
	// Bob is no admin: whoever is does it for him.
	do("do", "archive", "channel", ch)
	if !now().Archived {
		t.Error("not archived")
	}
	if got := o.read(address + "?panel=simulation").One("#side [data-sim=unarchive]").Text(); got != "Unarchive" {
		t.Errorf("an archived channel offers %q", got)
	}
	do("do", "unarchive", "channel", ch)
	do("do", "remove", "app", o.app.ID, "channel", ch)
	if now().Has(o.in.BotUser) {
		t.Error("the app was not removed")
	}
	do("do", "add", "app", o.app.ID, "channel", ch)
	do("do", "public", "channel", ch)
	if now().Kind != world.Public || !now().Has(o.in.BotUser) {
		t.Errorf("channel %+v", now())
	}
	do("do", "private", "channel", ch)
	do("do", "uninstall", "app", o.app.ID)
	if in, _ := o.w.Apps.Installed(o.app.ID, o.ws.ID); !in.Revoked {
		t.Error("not uninstalled")
	}
	do("do", "reinstall", "app", o.app.ID)
	if in, _ := o.w.Apps.Installed(o.app.ID, o.ws.ID); in.Revoked || in.Token != "xoxb-1" || in.BotUser != o.in.BotUser {
		t.Errorf("installed again: %+v", in)
	}
	do("do", "emoji-add", "name", ":blobby:")
	if got := o.read(address + "?panel=simulation").One("#side [data-key=sim-emoji] img").Attrs["src"]; !strings.HasSuffix(got, "/emoji/"+o.ws.ID+"/blobby/1.png") {
		t.Errorf("the emoji is drawn from %q", got)
	}
	o.wantPost(refused, "bob", "/simulation", "do", "emoji-add", "name", "No Name")
	do("do", "emoji-remove", "name", "blobby")
	if ws, _ := o.w.Workspace(o.ws.ID); len(ws.Emoji) != 0 {
		t.Errorf("not taken away: %v", ws.Emoji)
	}
	do("do", "renumber", "channel", ch)
	moved, _ := o.w.ChannelNamed(o.ws.ID, "case-1000000042")
	if moved.ID == ch {
		t.Error("it has the old id still")
	}
	o.wantPost(refused, "erin", "/simulation", "do", "delete", "channel", moved.ID) // out of her sight
	do("do", "delete", "channel", moved.ID)
	if _, there := o.w.Channel(moved.ID); there {
		t.Error("not deleted")
	}
}

func TestOutagesAreSwitchedByHand(t *testing.T) {
	sim := simtest.Start(t, slacksim.Options{})
	ws := sim.Workspace("acme")
	alice := ws.AddUser("alice", "Alice", slacksim.Admin)
	ops := ws.AddChannel("ops", world.Public, alice)
	in := ws.Install(slacksim.App{BotName: "Support", BotToken: "xoxb-1"})
	ops.Invite(alice, in.Bot)
	pages := ok[*Server](t)(New(sim.People, Options{Server: sim}))
	call := func() int {
		r := ok[*http.Response](t)(http.Get(sim.World.BaseURL() + "/api/auth.test?token=xoxb-1"))
		must(t, r.Body.Close())
		return r.StatusCode
	}
	serve := func(method, path, body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, "/client/"+ws.ID+"/alice"+path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		pages.Handler().ServeHTTP(w, r)
		return w
	}
	if w := serve("POST", "/simulation", "do=outage&name=down&on=1"); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := call(); got != http.StatusServiceUnavailable {
		t.Errorf("while the API is down it answers %d", got)
	}
	page := ok[*pagetest.Node](t)(pagetest.Parse(serve("GET", "/"+ops.ID+"?panel=simulation", "").Body.String()))
	if got := page.One("#side [data-name=down]").Attrs["aria-checked"]; got != "true" {
		t.Errorf("the switch is %q", got)
	}
	if got := page.One(".sim-log .bad").Text(); !strings.Contains(got, "auth.test") {
		t.Errorf("the last call is %q", got)
	}
	if got := page.One("[data-testid=simulation] .badge").Text(); got != "1" {
		t.Errorf("%q outages are counted", got)
	}
	serve("POST", "/simulation", "do=outage&name=down")
	if got := call(); got != http.StatusOK {
		t.Errorf("after the outage it answers %d", got)
	}
	if w := serve("POST", "/simulation", "do=outage&name=nonsense&on=1"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an outage that there is not: %d", w.Code)
	}
}

func TestWhatIsPickedOnAHomeStays(t *testing.T) {
	o := opened(t, Options{})
	alice, at := o.users["alice"].ID, "/apps/"+o.app.ID
	v := ok[world.View](t)(o.w.PublishHome(o.in, alice, "", world.View{Blocks: blocks(t, `[
		{"type":"actions","block_id":"b","elements":[{"type":"radio_buttons","action_id":"which","options":[
			{"text":{"type":"plain_text","text":"Open"},"value":"open"},{"text":{"type":"plain_text","text":"All"},"value":"all"}]}]}]`)}))
	o.wantPost(done204, "alice", "/fill", "view", v.ID, "block_id", "b", "action_id", "which", "value", "all")
	page := o.read(o.http.URL + "/client/" + o.ws.ID + "/alice" + at)
	if got := page.One(".home input[value=all]"); got.Attrs["type"] != "radio" || !has(got, "checked") {
		t.Errorf("after All was picked its button is %v", got.Attrs)
	}
	o.wantPost(done204, "alice", at+"/opened", "tab", "messages")
	o.wantPost(refused, "alice", "/apps/ANONE/opened", "tab", "home")
}

func TestAnAppWithoutAHome(t *testing.T) {
	o := opened(t, Options{})
	address := o.http.URL + "/client/" + o.ws.ID + "/alice/apps/" + o.app.ID
	for noHome, want := range map[bool]string{false: "Home", true: "About"} {
		app := o.app
		app.NoHome = noHome
		ok[world.App](t)(o.w.PutApp(app))
		if got := o.read(address).One(".tabs a").Text(); got != want {
			t.Errorf("the first tab is %q, want %q", got, want)
		}
	}
}

func has(n *pagetest.Node, attribute string) bool {
	_, there := n.Attrs[attribute]
	return there
}
