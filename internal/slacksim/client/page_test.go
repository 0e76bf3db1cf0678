package client

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/slacksim/client/pagetest"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// get fetches an address without following redirects.
func (o *office) get(address string) (*http.Response, string) {
	o.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.Get(address)
	must(o.t, err)
	body, err := io.ReadAll(r.Body)
	must(o.t, err)
	must(o.t, r.Body.Close())
	return r, string(body)
}

// read fetches a page that must be there.
func (o *office) read(address string) *pagetest.Node {
	o.t.Helper()
	r, body := o.get(address)
	if r.StatusCode != http.StatusOK {
		o.t.Fatalf("GET %s: %s: %s", address, r.Status, body)
	}
	return ok[*pagetest.Node](o.t)(pagetest.Parse(body))
}

// status fetches an address for its status.
func (o *office) status(address string) int {
	o.t.Helper()
	r, _ := o.get(address)
	return r.StatusCode
}

func TestChannelPage(t *testing.T) {
	o := opened(t, Options{})
	o.furnish()
	page := o.read(o.page("alice", "operations"))
	for selector, want := range map[string]string{
		"#sidebar [data-testid=person-switcher] strong": "Alice Novak",
		"#sidebar a[aria-current=page] .line-name":      "operations",
		"#sidebar a.unread .badge":                      "1",
		"[data-testid=channel-title] .head-title":       "operations",
		"button.topic":                             "Deploys, incidents and everything that runs · on call: Bob",
		".day":                                     "Yesterday",
		"article.deleted .gone":                    "This message was deleted.",
		"article[data-edited] .edited":             "(edited)",
		"article .words pre":                       "GET /checkout 200 4.013s GET /checkout 504 60.000s",
		"article .words blockquote":                "is it only me?",
		".reaction.mine":                           "👀2",
		"[data-testid=replies] strong":             "3 replies",
		".system .words":                           "has joined the channel",
		"article[data-author=Support] .tag":        "APP",
		"article[data-author=Support] .bk-unknown": "This client does not know blocks of type “hologram”.",
		"#modal": "",
	} {
		if got := page.One(selector).Text(); got != want {
			t.Errorf("%s says %q, want %q", selector, got, want)
		}
	}
	for _, selector := range []string{
		"[data-list=channel][data-channel=" + o.chans["operations"].ID + "]", "form[data-composer] textarea[aria-label]",
		"article[data-own][data-may-delete][data-message-ts]", "#sidebar a[data-nav][data-channel=" + o.chans["random"].ID + "]",
	} {
		if len(page.All(selector)) == 0 {
			t.Errorf("%s is not there", selector)
		}
	}
}

func TestCasePage(t *testing.T) {
	o := opened(t, Options{})
	o.furnish()
	page := o.read(o.page("alice", "case-1000000042"))
	for selector, want := range map[string]string{
		"article[data-pinned] .above":                      "Pinned by Support",
		"article[data-pinned] button[data-action-id=end]":  "End chat",
		"article.ephemeral .above":                         "Only visible to you",
		"article.ephemeral button[data-action-id=share]":   "Share",
		"article .emote":                                   "is watching",
		".file.card strong":                                "slow-queries.log",
		"article[data-pinned] template[data-confirm] h2":   "End this chat?",
		"article[data-pinned] .bk-fields [data-user]":      "@Alice Novak",
		"article[data-pinned] button[data-action-id=more]": "",
	} {
		if got := page.One(selector).Text(); got != want {
			t.Errorf("%s says %q, want %q", selector, got, want)
		}
	}
	if got := page.One(".file.image img").Attrs["src"]; !strings.HasPrefix(got, "/client/"+o.ws.ID+"/alice/files/") {
		t.Errorf("the picture is at %q", got)
	}
	var authors []string
	for _, m := range page.All("[data-list=channel] article[data-kind=message]") {
		authors = append(authors, m.Attrs["data-author"])
	}
	want := []string{"Support", "Alice Novak", "Jane Miller (Support)", "Alice Novak", "Jane Miller (Support)", "Bob Okafor"}
	if diff := cmp.Diff(want, authors); diff != "" {
		t.Errorf("authors (-want +got):\n%s", diff)
	}
	if got := o.read(o.page("bob", "case-1000000042")).All(".ephemeral"); len(got) > 0 {
		t.Error("Bob sees what only Alice may see")
	}
}

func TestPanes(t *testing.T) {
	o := opened(t, Options{})
	root := o.say("alice", "operations", "root")
	o.reply("bob", root, "an answer")
	thread := o.read(o.page("bob", "operations") + "?thread=" + root.TS)
	if diff := cmp.Diff([]string{"root", "an answer"}, thread.Texts("#side .said")); diff != "" {
		t.Errorf("thread (-want +got):\n%s", diff)
	}
	if got := thread.One("#side input[name=thread_ts]").Attrs["value"]; got != root.TS {
		t.Errorf("replies go to %q, want %q", got, root.TS)
	}
	if got := len(thread.All("#main article")); got != 1 {
		t.Errorf("the channel shows %d messages, want the root only", got)
	}
	members := o.read(o.page("bob", "operations") + "?panel=members").Texts("#side [data-member] strong")
	if diff := cmp.Diff([]string{"Alice Novak", "Bob Okafor", "Chen Wei", "Support APP"}, members); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	must(t, o.w.Pin(o.users["bob"].ID, root.Channel, root.TS))
	if got := o.read(o.page("bob", "operations") + "?panel=pins").Texts("#side .said"); len(got) != 1 || got[0] != "root" {
		t.Errorf("pins are %q", got)
	}
	gone := o.read(o.page("bob", "operations") + "?thread=1.000001")
	if got := gone.One("#side .empty").Text(); got != "This thread is no longer there." {
		t.Errorf("a missing thread says %q", got)
	}
}

func TestRegionsAlone(t *testing.T) {
	o := opened(t, Options{})
	page := o.read(o.page("alice", "operations") + "?parts=main,modal,nonsense")
	var got []string
	for _, n := range page.Children {
		got = append(got, n.Attrs["id"])
	}
	if diff := cmp.Diff([]string{"main", "modal"}, got); diff != "" {
		t.Errorf("regions (-want +got):\n%s", diff)
	}
}

func TestWhoSeesWhat(t *testing.T) {
	o := opened(t, Options{})
	o.say("alice", "case-1000000042", "secret")
	for address, want := range map[string]int{
		o.page("alice", "case-1000000042"):                            http.StatusOK,
		o.page("dana", "case-1000000042"):                             http.StatusNotFound,
		o.page("dana", "operations"):                                  http.StatusNotFound, // guests see only their channels
		o.page("erin", "operations"):                                  http.StatusOK,       // to look at and join
		o.page("nobody", "operations"):                                http.StatusNotFound,
		o.page("support", "operations"):                               http.StatusNotFound, // a bot
		o.http.URL + "/client/TNONE/alice":                            http.StatusNotFound,
		o.http.URL + "/client/" + o.ws.ID + "/alice/CNONE":            http.StatusNotFound,
		o.http.URL + "/client/northwind/alice":                        http.StatusSeeOther,
		o.http.URL + "/client/" + o.ws.ID:                             http.StatusOK,
		o.http.URL + "/client/":                                       http.StatusOK,
		o.http.URL + "/client/assets/old/app.js":                      http.StatusNotFound,
		o.http.URL + o.server.assets.base() + "/app.js":               http.StatusOK,
		o.http.URL + o.server.assets.base() + "/nothing.js":           http.StatusNotFound,
		o.http.URL + "/client/" + o.ws.ID + "/alice/apps/" + o.app.ID: http.StatusOK,
		o.http.URL + "/client/" + o.ws.ID + "/alice/apps/ANONE":       http.StatusNotFound,
	} {
		if got := o.status(address); got != want {
			t.Errorf("GET %s: %d, want %d", address, got, want)
		}
	}
	page := o.read(o.page("erin", "operations"))
	if page.One("[data-post]").Text() != "Join the channel" || len(page.All("[data-composer]")) > 0 {
		t.Errorf("a channel one is not in says %q", page.One(".closed").Text())
	}
}

// TestSwitchKeepsChannel checks that becoming somebody else stays in the
// channel where that person can see it.
func TestSwitchKeepsChannel(t *testing.T) {
	o := opened(t, Options{})
	page := o.read(o.page("alice", "case-1000000042"))
	base := "/client/" + o.ws.ID
	for who, want := range map[string]string{"bob": base + "/bob/" + o.chans["case-1000000042"].ID, "dana": base + "/dana"} {
		if got := page.One("[data-switch=" + who + "]").Attrs["href"]; got != want {
			t.Errorf("%s is at %q, want %q", who, got, want)
		}
	}
}

func TestHeaders(t *testing.T) {
	o := opened(t, Options{FrameAncestors: []string{"http://127.0.0.1:*"}, ImageOrigins: []string{"http://pictures.example"}})
	r, body := o.get(o.page("alice", "operations"))
	policy := r.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "img-src 'self' http://pictures.example", "frame-ancestors http://127.0.0.1:*"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %q", policy, want)
		}
	}
	if strings.Contains(body, "style=") || strings.Contains(body, "onclick") || strings.Contains(body, "<style") {
		t.Error("the page has styles or scripts of its own")
	}
	alone := opened(t, Options{})
	r, _ = alone.get(alone.page("alice", "operations"))
	if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("policy %q lets anybody frame the pages", policy)
	}
}

func TestPermalinks(t *testing.T) {
	o := opened(t, Options{})
	m := o.say("alice", "case-1000000042", "here")
	link := o.http.URL + "/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
	r, _ := o.get(link + "?thread_ts=1.000002")
	want := "/client/" + o.ws.ID + "/alice/" + m.Channel + "?thread=1.000002#m-" + m.TS
	if got := r.Header.Get("Location"); got != want {
		t.Errorf("leads to %q, want %q", got, want)
	}
	o.say("bob", "operations", "see "+link)
	if got := o.read(o.page("alice", "operations")).One("article a[data-nav]").Attrs["href"]; got != "/client/"+o.ws.ID+"/alice/"+m.Channel+"#m-"+m.TS {
		t.Errorf("in a message it leads to %q", got)
	}
	if got := o.status(o.http.URL + "/archives/CNONE/p1"); got != http.StatusNotFound {
		t.Errorf("a link to nothing: %d", got)
	}
}

func TestOlderMessages(t *testing.T) {
	o := opened(t, Options{})
	for range window {
		o.say("bob", "operations", "word")
	}
	page := o.read(o.page("alice", "operations"))
	more := page.One("a.more-above").Attrs["href"]
	if more == "" {
		t.Fatal("no way to older messages")
	}
	if page := o.read(o.http.URL + more); len(page.All("a.more-above")) > 0 || len(page.All("article")) != window {
		t.Errorf("the longer page has %d messages", len(page.All("article")))
	}
}

func TestNobodysWordsRun(t *testing.T) {
	o := opened(t, Options{})
	bad := `<script>alert(1)</script> <img src=x onerror=alert(1)> javascript:alert(1)`
	o.say("bob", "operations", bad)
	o.appPost("operations", world.Posting{Username: bad, Text: bad, Icons: &world.Icons{URL: "javascript:alert(1)"}, Attachments: []map[string]any{
		{"title": bad, "title_link": "javascript:alert(1)", "text": bad, "color": `"><script>`, "image_url": "javascript:x", "author_name": bad},
	}})
	ok[world.Channel](t)(o.w.SetTopic(o.users["bob"].ID, o.chans["operations"].ID, bad))
	ok[screen.Ephemeral](t)(o.screens.ShowEphemeral(screen.Ephemeral{User: o.users["alice"].ID, Channel: o.chans["operations"].ID, Text: bad, Username: bad}))
	page := o.read(o.page("alice", "operations"))
	if got := len(page.All("script")); got != 1 {
		t.Errorf("the page has %d scripts", got)
	}
	for _, n := range append(page.All("a"), page.All("img")...) {
		if strings.Contains(n.Attrs["href"]+n.Attrs["src"], "script:") || n.Attrs["onerror"] != "" {
			t.Errorf("%s leads to %v", n.Name, n.Attrs)
		}
	}
}
