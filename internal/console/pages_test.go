package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/console"
	"caseline/internal/desk"
)

// TestEveryPageCanBeRead, for each is read only when it is first asked for.
func TestEveryPageCanBeRead(t *testing.T) {
	if err := console.ReadPages(newHouse(t).server); err != nil {
		t.Error(err)
	}
}

func TestEachPageSignedOutAndIn(t *testing.T) {
	s := fill(newHouse(t))
	agent, stranger := s.signedIn("jane@example.com"), s.browser()
	number := "/cases/" + string(s.running.Number)
	pdf := s.file(s.ended, "affected.csv")
	for _, page := range []struct{ path, shows string }{
		{"/", ".rows-queue"},
		{"/chats", ".rows-chats"},
		{"/cases", ".rows-cases"},
		{number, "#log"},
		{"/cases/" + string(s.running.ID), "#log"},
		{number + "?before=3", "#log"},
		{number + "/log?before=3", ""},
		{"/worklist", ""},
		{number + "/log", ""},
		{"/files/" + string(pdf.ID), ""},
	} {
		t.Run(page.path, func(t *testing.T) {
			got := agent.get(page.path)
			if got.status != http.StatusOK {
				t.Fatalf("an agent got %d: %s", got.status, got.body)
			}
			if page.shows != "" {
				doc := parsePage(t, got.body)
				doc.one(t, page.shows)
				doc.one(t, "main#main h1")
			}
			if cache := got.header.Get("Cache-Control"); !strings.Contains(cache, "no-store") && !strings.HasPrefix(page.path, "/files") {
				t.Errorf("got Cache-Control %q, want no-store", cache)
			}
			if out := stranger.get(page.path); out.path != "/login" || strings.Contains(out.body, "Alice") {
				t.Errorf("a stranger got %d at %s", out.status, out.path)
			}
			if out := stranger.get(page.path, "Accept", "application/json"); out.status != http.StatusUnauthorized {
				t.Errorf("a stranger's script got %d, want 401", out.status)
			}
		})
	}
	for _, path := range []string{number + "/join", number + "/replies", number + "/end", number + "/resolve", "/presence"} {
		if out := stranger.post(path, url.Values{"token": {"0123456789abcdef"}, "text": {"hi"}, "sure": {"1"}}); out.path != "/login" {
			t.Errorf("POST %s: a stranger got %d at %s, want the sign-in", path, out.status, out.path)
		}
	}
	if got := s.get(s.running.ID); got.Chat.State != desk.ChatInProgress || got.LastSeq != s.running.LastSeq {
		t.Errorf("a stranger changed the case: %+v", got)
	}
}

func TestSignInLeadsBack(t *testing.T) {
	s := fill(newHouse(t))
	b := s.browser()
	want := "/cases/" + string(s.running.Number)
	out := b.get(want)
	next := parsePage(t, out.body).one(t, "[name=next]").attrs["value"]
	if next != want {
		t.Fatalf("got next %q, want %q", next, want)
	}
	in := b.post("/login", url.Values{"email": {"Jane@Example.com "}, "password": {password}, "next": {next}})
	if in.path != want {
		t.Errorf("got %s after signing in, want %s", in.path, want)
	}
	if again := b.get("/login"); again.path != "/" {
		t.Errorf("somebody signed in got %s for /login, want the queue", again.path)
	}
	if out := b.post("/logout", nil); out.path != "/login" {
		t.Errorf("got %s after signing out", out.path)
	}
	if out := b.get("/"); out.path != "/login" {
		t.Errorf("still signed in after signing out: %s", out.path)
	}
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	s := fill(newHouse(t))
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "", "%zz", "/\t/evil.example"} {
		b := s.browser()
		in := b.post("/login", url.Values{"email": {"jane@example.com"}, "password": {password}, "next": {next}})
		if in.status != http.StatusOK || in.path != "/" {
			t.Errorf("next %q: got %d at %s, want the queue", next, in.status, in.path)
		}
	}
}

func TestWrongPassword(t *testing.T) {
	s := fill(newHouse(t))
	b := s.browser()
	for _, email := range []string{"jane@example.com", "nobody@example.com"} {
		got := b.post("/login", url.Values{"email": {email}, "password": {"wrong"}})
		doc := parsePage(t, got.body)
		if got.status != http.StatusForbidden {
			t.Errorf("%s: got %d, want 403", email, got.status)
		}
		if says := doc.says(t, "[role=alert]"); says != "That address and password do not match." {
			t.Errorf("%s: got %q", email, says)
		}
		if kept := doc.one(t, "[name=email]").attrs["value"]; kept != email {
			t.Errorf("the form lost the address: %q", kept)
		}
	}
	for range 10 {
		b.post("/login", url.Values{"email": {"jane@example.com"}, "password": {"wrong"}})
	}
	got := b.post("/login", url.Values{"email": {"jane@example.com"}, "password": {password}})
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
		t.Errorf("after many tries: got %d and Retry-After %q, want 429", got.status, got.header.Get("Retry-After"))
	}
	if got := s.browser().post("/login", url.Values{"email": {"omar@example.com"}, "password": {password}}); got.path != "/" {
		t.Errorf("another agent at the same address cannot sign in: %d", got.status)
	}
}

func TestPagesCarryTheirPolicy(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	for _, path := range []string{"/", "/login", "/cases/" + string(s.running.Number), "/nothing-here", "/static/x/app.css"} {
		got := b.get(path)
		if csp := got.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: got policy %q", path, csp)
		}
		if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			continue
		}
		doc := parsePage(t, got.body)
		for _, n := range doc.all("script") {
			if n.attrs["src"] == "" || strings.TrimSpace(n.text) != "" {
				t.Errorf("%s has a script in the page", path)
			}
		}
		doc.walk(func(n *node) {
			for name := range n.attrs {
				if strings.HasPrefix(name, "on") || name == "style" {
					t.Errorf("%s: <%s> has %s, which the policy forbids", path, n.name, name)
				}
			}
		})
		if len(doc.all("style")) > 0 {
			t.Errorf("%s has a style in the page", path)
		}
	}
	framed := newHouse(t, func(o *console.Options) { o.Frames = []string{"http://127.0.0.1:9"} })
	if csp := framed.browser().get("/login").header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors http://127.0.0.1:9") {
		t.Errorf("got policy %q, want the frame's origin", csp)
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	form := url.Values{"token": {"0123456789abcdef"}, "text": {"gotcha"}, "sure": {"1"}, "presence": {"online"}}
	for _, path := range []string{"/login", "/logout", "/presence", "/cases/" + string(s.running.Number) + "/replies", "/cases/" + string(s.running.Number) + "/end"} {
		got := b.post(path, form, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
		if got.status != http.StatusForbidden {
			t.Errorf("POST %s from another site: got %d, want 403", path, got.status)
		}
	}
	if c := s.get(s.running.ID); c.Revision != s.running.Revision {
		t.Error("another site changed a case")
	}
	if got := b.get("/"); got.path != "/" {
		t.Error("another site signed the agent out")
	}
}

// What people write is shown, never carried out.
func TestStoredMarkupIsText(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", `Jane <b onclick="x()">Doe`, desk.RoleAgent)
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) <a href="javascript:x">b</a> <svg/onload=alert(1)> {{.}} &lt;script&gt;`
	if err := h.cases.NamePerson(t.Context(), desk.Person{ID: "T1:UALICE", Name: `Al<script>alert(2)</script>`, External: true, Avatar: `"><script>alert(3)</script>`}); err != nil {
		t.Fatal(err)
	}
	c := h.opened(evil[:150], evil, "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	o := h.say(c, "T1:UALICE", evil+"\n```\n"+evil+"\n```", desk.NewFile{SlackID: "F1", Name: `"><script>alert(3)</script>.png`, Type: `image/png"><script>`})
	h.edit(c, o, "T1:UALICE", "now "+evil)
	h.reply(c, jane, evil)
	h.settle(c.ID, desk.Verdict{Kind: desk.Refused, Reason: "<script>alert(4)</script>"})
	h.end(c, desk.ByAgent(jane), desk.EndedByAgent)
	b := h.signedIn("jane@example.com")
	for _, path := range []string{"/", "/chats", "/cases", "/cases/" + string(c.Number)} {
		got := b.get(path)
		if got.status != http.StatusOK {
			t.Fatalf("%s: got %d", path, got.status)
		}
		checkHarmless(t, path, parsePage(t, got.body))
	}
	news := b.get("/cases/"+string(c.Number)+"/log?after=0", "Accept", "application/json")
	for _, html := range decode[logAnswer](t, news).htmls() {
		checkHarmless(t, "log", parsePage(t, html))
	}
}

// checkHarmless fails the test when the page has anything that acts and that
// is not ours.
func checkHarmless(t *testing.T, path string, doc *node) {
	t.Helper()
	var scripts []string
	doc.walk(func(n *node) {
		switch n.name {
		case "script":
			scripts = append(scripts, n.attrs["src"])
		case "iframe", "object", "embed", "base", "style":
			t.Errorf("%s: has <%s>", path, n.name)
		}
		for name, value := range n.attrs {
			value = strings.ToLower(strings.TrimSpace(value))
			if strings.HasPrefix(name, "on") || strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") {
				t.Errorf("%s: <%s> has %s=%q", path, n.name, name, value)
			}
			if name == "src" && n.name == "img" && !strings.HasPrefix(value, "/files/") && !strings.HasPrefix(value, "/faces/") && !strings.HasPrefix(value, "/agents/") {
				t.Errorf("%s: a picture from %q", path, value)
			}
		}
	})
	if len(scripts) > 1 || len(scripts) == 1 && !strings.HasPrefix(scripts[0], "/static/") {
		t.Errorf("%s: got scripts %q", path, scripts)
	}
}

func TestQueueOrderAndEmptyState(t *testing.T) {
	s := fill(newHouse(t))
	doc := parsePage(t, s.signedIn("jane@example.com").get("/").body)
	var got []string
	for _, n := range doc.all(".rows-queue .row .sev") {
		got = append(got, strings.TrimSpace(n.text))
	}
	if diff := cmp.Diff([]string{"Critical", "High", "Normal", "Low"}, got); diff != "" {
		t.Errorf("queue order (-want +got):\n%s", diff)
	}
	h := newHouse(t)
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	b := h.signedIn("jane@example.com")
	for path, want := range map[string]string{"/": "Nobody is waiting", "/chats": "You are in no chat", "/cases": "No cases yet"} {
		if got := parsePage(t, b.get(path).body).says(t, ".empty h2"); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

func TestErrorPages(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	for path, want := range map[string]struct {
		status int
		says   string
	}{
		"/cases/0000000001":               {404, "There is no case 0000000001."},
		"/cases/nonsense":                 {404, "There is no such case."},
		"/nothing":                        {404, "There is nothing at this address. It may have been moved or never existed."},
		"/files/none":                     {404, "There is no such file."},
		"/faces/T1/none":                  {404, "There is no such picture."},
		"/cases?before=x":                 {422, "This address is incomplete. Start again from All cases."},
		"/cases/" + "0000000001" + "/log": {404, "There is no case 0000000001."},
	} {
		got := b.get(path)
		if says := parsePage(t, got.body).says(t, "h1"); got.status != want.status || says != want.says {
			t.Errorf("%s: got %d %q, want %d %q", path, got.status, says, want.status, want.says)
		}
	}
}
