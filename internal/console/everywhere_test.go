package console_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/casework"
	"caseline/internal/casework/rating"
	"caseline/internal/casework/reckoning"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/served"
	"caseline/internal/desk/sheet"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
)

// plantedOffice is a whole office in which every text that somebody can choose is
// markup: names of people, agents, accounts, teams and views, remarks, notes,
// reasons, what is begun, what browsers say that they are, what the audit tells.
func plantedOffice(t *testing.T) *whole {
	t.Helper()
	o := wholeOffice(t)
	ctx, now, s := t.Context(), o.now(), o.s
	c := o.opened(short("subject"), planted("description"), "T1:UALICE", desk.SeverityHigh)
	o.settleAll(c.ID)
	o.join(c, s.omar)
	o.say(c, "T1:UALICE", planted("text"))
	o.reply(c, s.omar, planted("reply"))
	offered := o.opened(short("offered"), planted("waits"), "T1:UBOB", desk.SeverityCritical)
	o.settleAll(offered.ID)
	o.must(o.cases.Note(ctx, casework.Note{Case: c.ID, Agent: s.jane, Text: "@omar " + planted("note"), Origin: o.origin()}))
	_, err := rating.New(o.store, o.clock.now).Rate(ctx, rating.Rate{Case: s.ended.ID, Chat: s.ended.Chat.ID, By: "T1:UCARLA", Score: 1, Remark: planted("remark")})
	o.must(errors.Join(err, reckoning.New(o.store, reckoning.Options{Now: o.clock.now}).Catch(ctx)))
	by := desk.Actor{Side: desk.SideAgent, ID: string(s.omar.ID), Name: planted("actor")}
	o.update(func(tx store.Tx) error {
		for _, who := range []*desk.Agent{&s.jane, &s.omar, &o.olivia} {
			a, err := tx.LockAgent(ctx, who.ID)
			if err != nil {
				return err
			}
			a.Name = planted(string(who.ID))
			if err := tx.SaveAgent(ctx, &a); err != nil {
				return err
			}
		}
		for _, id := range []desk.PersonID{"T1:UALICE", "T1:UBOB", "T1:UCARLA", "T1:UEMI"} {
			if err := tx.SavePerson(ctx, &desk.Person{ID: id, Name: planted("person"), FetchedAt: now}); err != nil {
				return err
			}
		}
		asked, err := tx.LockCase(ctx, offered.ID)
		if err != nil {
			return err
		}
		asked.Chat.Offer = desk.Offer{Agent: s.omar.ID, Name: planted("offer"), At: now, Until: now.Add(time.Hour)}
		team := o.team
		team.Name, team.Members = planted("team"), []desk.AgentID{s.jane.ID, s.omar.ID}
		session := signin.Session{ID: "planted", Agent: s.omar.ID, Began: now, Seen: now, Expires: now.Add(time.Hour), Address: planted("address"), Browser: planted("browser"), Device: planted("device"), Way: signin.Password}
		return errors.Join(tx.SaveCase(ctx, &asked), tx.SaveTeam(ctx, &team),
			tx.SaveAccount(ctx, &served.Account{ID: northwind, Name: planted("account")}),
			tx.SaveWorkspace(ctx, &served.Workspace{ID: "T1", Name: planted("workspace"), URL: "javascript:window.planted='url'"}),
			tx.SaveCanned(ctx, &personal.Canned{ID: "own", Name: planted("canned"), Agent: s.omar.ID, Text: planted("says"), ChangedAt: now}),
			tx.SaveCanned(ctx, &personal.Canned{ID: "team", Name: planted("ours"), Team: team.ID, Text: planted("says"), ChangedAt: now}),
			tx.SaveView(ctx, &personal.View{ID: "planted", Agent: s.omar.ID, Name: planted("view"), Query: "q=" + url.QueryEscape(planted("query"))}),
			tx.SaveJotting(ctx, &personal.Jotting{Agent: s.omar.ID, Case: c.ID, Kind: personal.JotReply, Text: planted("jotting"), Revision: 1}),
			tx.SaveLook(ctx, &personal.Look{Case: c.ID, Agent: s.jane.ID, Page: planted("page"), ExpiresAt: now.Add(time.Hour)}),
			tx.SaveMention(ctx, &personal.Mention{Agent: s.omar.ID, Case: c.ID, Seq: 1}),
			tx.SaveSnooze(ctx, &personal.Snooze{Agent: s.omar.ID, Case: c.ID, Until: now.Add(time.Hour), Seq: 99}),
			tx.SavePolicy(ctx, &keeping.Policy{Account: northwind, Never: []string{planted("kind")}, Hold: planted("hold")}),
			tx.SaveHold(ctx, &keeping.Hold{Case: c.ID, Reason: planted("reason"), By: by, At: now}),
			tx.SaveExport(ctx, &keeping.Export{ID: "planted", Account: northwind, By: by, AskedAt: now, State: keeping.Failed, Reason: planted("failed")}),
			tx.SaveErasure(ctx, &keeping.Erasure{ID: "planted", Cause: keeping.ByWish, Name: planted("erased"), Policy: planted("rule"), Hash: planted("hash"), By: by, Begun: now, Ended: now, Counts: keeping.Counts{planted("counted"): 1}}),
			tx.SaveInvitation(ctx, &signin.Invitation{ID: "planted", Hash: "h", Email: planted("invited"), Role: desk.RoleAgent, By: planted("inviter"), At: now, Expires: now.Add(time.Hour)}),
			tx.SaveSeat(ctx, &roster.Seat{Agent: s.omar.ID, Capacity: 3, Skills: roster.Skills{Languages: []string{planted("language")}}}),
			tx.SaveSignIn(ctx, &session),
			tx.AddCatalogue(ctx, &keeping.Catalogue{Version: 2, At: now, By: by, Note: planted("change"), Text: "# " + planted("yaml"), Former: "{}"}),
			tx.Audit(ctx, &desk.AuditEntry{At: now, By: by, Via: planted("via"), What: planted("what"), Account: northwind, Case: c.ID, Detail: map[string]string{planted("key"): planted("value"), "name": planted("name")}}),
		)
	})
	s.running = o.get(c.ID)
	return o
}

// seen are doors that show nothing of what people choose, or that are looked at by
// tests of their own: the live stream, files and pictures.
func seen() []string {
	return []string{"GET /events", "GET /static/", "GET /favicon.ico", "GET /files/{id}", "GET /emoji/{workspace}/{name}", "GET /faces/{id...}", "GET /portraits/{file}",
		"GET /agents/{id}/picture", "GET /login/oidc", "GET /login/oidc/back", "GET /login/second", "GET /invitations/{secret}", "GET /privacy/exports/{id}"}
}

// A crawl goes to every page that is found by links and to those that are named,
// and remembers one address for each door.
type crawl struct {
	o     *whole
	in    *browser
	doors *http.ServeMux
	been  map[string][]string // addresses by door
	left  []string
	did   map[string]bool
}

// ofEach is how many addresses of one door a crawl goes to.
const ofEach = 4

func newCrawl(o *whole) *crawl {
	c := &crawl{o: o, in: o.signedIn("omar@example.com"), doors: http.NewServeMux(), been: map[string][]string{}, did: map[string]bool{}}
	for pattern := range o.server.Doors() {
		c.doors.Handle(pattern, http.NotFoundHandler())
		if path, ok := strings.CutPrefix(pattern, "GET "); ok && !strings.Contains(path, "{") && path != "/" {
			c.left = append(c.left, path)
		}
	}
	slices.Sort(c.left)
	number := string(o.s.running.Number)
	c.left = append(c.left, append(o.paths(), "/", "/audit?who="+url.QueryEscape(planted("asked")), "/cases?q="+url.QueryEscape(planted("asked")), "/palette/cases?q="+url.QueryEscape("subject"), "/chats?snoozed", "/?snoozed",
		"/cases/"+number, "/cases/"+number+"/log?after=0", "/cases/"+number+"/log", "/cases/"+number+"/looks", "/cases/"+number+"/jotting", "/cases/"+number+"/writing", "/cases/"+number+"/words/3", "/cases/"+number+"/keeping",
		"/emoji-names/T1", "/privacy/records/planted", "/setup/catalogue/versions/2", "/reports/comments.csv?period=30", "/setup/accounts/"+string(northwind)+"/workspaces/T1/unlink", "/replies?edit=own", "/setup/agents?q="+url.QueryEscape(planted("asked")),
		"/setup/accounts/"+string(northwind)+"/channels/T1/C0PLATFORM", "/setup/accounts/"+string(northwind)+"/channels/T1/C0PLATFORM/remove")...)
	return c
}

// next goes to the next address; ok is false when there is none left.
func (c *crawl) next() (door, path string, got answer, ok bool) {
	for len(c.left) > 0 {
		path, c.left = c.left[0], c.left[1:]
		req, err := http.NewRequestWithContext(c.o.t.Context(), http.MethodGet, path, nil)
		c.o.must(err)
		_, door = c.doors.Handler(req)
		if c.did[path] || len(c.been[door]) >= ofEach || slices.Contains(seen(), door) || door == "" {
			continue
		}
		c.did[path] = true
		c.been[door] = append(c.been[door], path)
		return door, path, c.in.get(path), true
	}
	return "", "", answer{}, false
}

// follow notes the links of a page.
func (c *crawl) follow(page *node) {
	page.walk(func(n *node) {
		to := n.attrs["href"]
		if at, _, ok := strings.Cut(to, "#"); ok {
			to = at
		}
		if n.name == "a" && strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") {
			c.left = append(c.left, to)
		}
	})
}

var runs = regexp.MustCompile(`(?i)^\s*(?:javascript|vbscript|data):`)

// foreign are elements and attributes that no page of ours has: they were planted.
// A transcript stands alone and has a style of its own.
func foreign(page *node, ownStyle bool) (bad []string) {
	page.walk(func(n *node) {
		for name, value := range n.attrs {
			switch {
			case strings.HasPrefix(strings.ToLower(name), "on"), name == "style", name == "srcdoc",
				slices.Contains([]string{"href", "src", "action", "formaction", "data", "poster"}, name) && runs.MatchString(value):
				bad = append(bad, "<"+n.name+" "+name+"="+value+">")
			}
		}
		switch {
		case slices.Contains([]string{"iframe", "object", "embed", "base"}, n.name), n.name == "style" && !ownStyle, n.name == "script" && !strings.HasPrefix(n.attrs["src"], "/static/"),
			n.name == "img" && !strings.HasPrefix(n.attrs["src"], "/"):
			bad = append(bad, "<"+n.name+">")
		}
	})
	return bad
}

// parts are the parts of pages in an answer for scripts.
func parts(value any) (all []string) {
	switch value := value.(type) {
	case string:
		if strings.HasPrefix(strings.TrimSpace(value), "<") {
			all = append(all, value)
		}
	case []any:
		for _, v := range value {
			all = append(all, parts(v)...)
		}
	case map[string]any:
		for _, v := range value {
			all = append(all, parts(v)...)
		}
	}
	return all
}

// look checks an answer, and says whether anything planted stands in it.
func (c *crawl) look(t *testing.T, path string, got answer) (stands bool) {
	t.Helper()
	kind, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
	switch kind {
	case "text/html":
		page := parsePage(t, got.body)
		if bad := foreign(page, strings.HasSuffix(path, "/transcript.html")); len(bad) > 0 {
			t.Errorf("%s has what was planted: %v", path, bad)
		}
		c.follow(page)
	case "application/json":
		var value any
		if err := json.Unmarshal([]byte(got.body), &value); err != nil && path != "/audit.json" { // which has one a line
			t.Errorf("%s: %v", path, err)
		}
		for _, part := range parts(value) {
			if bad := foreign(parsePage(t, part), false); len(bad) > 0 {
				t.Errorf("%s has what was planted: %v", path, bad)
			}
		}
	case "text/csv":
		rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, row := range rows {
			if safe := sheet.Cells(row); !slices.Equal(safe, row) {
				t.Errorf("%s has a formula in %q", path, row)
			}
		}
	}
	if got.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: browsers may guess what it is", path)
	}
	return strings.Contains(got.body, "onerror=")
}

// Nothing of what anybody can choose becomes an element or an attribute, on any
// page that there is, nor a formula in any table. A page that is new is found by its
// link, or its door is missed here.
func TestNoPageHasWhatWasPlanted(t *testing.T) {
	o := plantedOffice(t)
	c := newCrawl(o)
	stands, found := map[string]bool{}, map[string]string{}
	for {
		door, path, got, ok := c.next()
		if !ok {
			break
		}
		if got.status >= http.StatusInternalServerError {
			t.Errorf("%s: got %d", path, got.status)
		}
		if c.look(t, path, got) {
			stands[door] = true
		}
		if got.status == http.StatusOK {
			found[door] = path
		}
	}
	for pattern := range o.server.Doors() {
		if strings.HasPrefix(pattern, "GET ") && !slices.Contains(seen(), pattern) && found[pattern] == "" {
			t.Errorf("nobody looked behind %s: %v", pattern, c.been[pattern])
		}
	}
	for _, door := range []string{
		"GET /{$}", "GET /chats", "GET /cases", "GET /cases/{id}", "GET /wall", "GET /reports", "GET /reports/{table}", "GET /teams", "GET /teams/{id}", "GET /seats/{id}", "GET /replies", "GET /privacy", "GET /privacy/person",
		"GET /privacy/records/{id}", "GET /setup", "GET /setup/agents", "GET /setup/agents/{agent}", "GET /setup/accounts/{account}", "GET /setup/accounts/{account}/policy", "GET /cases/{id}/keeping", "GET /me", "GET /audit", "GET /audit.csv",
		"GET /audit.json", "GET /palette", "GET /palette/cases", "GET /cases/{id}/looks", "GET /setup/catalogue/versions",
	} {
		if !stands[door] {
			t.Errorf("nothing planted stands behind %s, so this shows nothing of it: %v", door, c.been[door])
		}
	}
	t.Logf("%d doors, %d with what was planted: %v", len(found), len(stands), slices.Sorted(maps.Keys(stands)))
}

// Nor does a browser run any of it, on a page of every door and in the palette.
func TestNoBrowserRunsWhatWasPlanted(t *testing.T) {
	o := plantedOffice(t)
	c := newCrawl(o)
	pages := map[string]string{}
	for {
		door, path, got, ok := c.next()
		if !ok {
			break
		}
		if strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
			c.follow(parsePage(t, got.body))
			if strings.Contains(got.body, "<html") && got.header.Get("Content-Disposition") == "" {
				pages[door] = path
			}
		}
	}
	tab := browsertest.Open(t).Tab("planted") // the test fails when the browser complains, as it does of what the policy forbids
	signIn(tab, o.house, "omar@example.com")
	for _, door := range slices.Sorted(maps.Keys(pages)) {
		if door == "/" || strings.HasPrefix(door, "GET /login") {
			continue
		}
		tab.Visit(o.http.URL + pages[door])
		tab.Script(`document.querySelectorAll('details').forEach((d) => { d.open = true })`)
		if ran := browsertest.Read[string](tab, `String(window.planted ?? '')`); ran != "" {
			t.Errorf("%s: what was planted as %s has run", pages[door], ran)
		}
		if n := browsertest.Read[float64](tab, `document.querySelectorAll('iframe, script:not([src]), [onerror], [onload]').length`); n != 0 {
			t.Errorf("%s has %v elements that were planted", pages[door], n)
		}
	}
	tab.Visit(o.http.URL + "/")
	tab.Until(`document.documentElement.classList.contains('js')`)
	tab.Press("k", browsertest.Ctrl)
	tab.Until(`document.getElementById('palette').open && document.activeElement.id === 'palette-input'`)
	tab.Press("subject")
	tab.Until(`document.getElementById('palette-list').textContent.includes('onerror=')`)
	if ran := browsertest.Read[string](tab, `String(window.planted ?? '') + document.querySelectorAll('iframe, script:not([src]), [onerror], [onload]').length`); ran != "0" {
		t.Errorf("the palette: %s", ran)
	}
}
