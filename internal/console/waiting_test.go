package console_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/casework/dispatch"
	"caseline/internal/console"
	"caseline/internal/console/lead"
	"caseline/internal/console/room"
	"caseline/internal/desk"
	"caseline/internal/desk/routing"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// wallHouse is a house with a wall, whose clock stands still in the afternoon.
func wallHouse(t *testing.T, on store.Store, options ...func(*console.Options)) *house {
	t.Helper()
	var h *house
	h = houseOn(t, on, append(options, func(o *console.Options) {
		o.Rooms = append(o.Rooms, &later{func() room.Room {
			return lead.New(lead.Needs{Read: h.store, Cases: h.cases, Catalogue: catalogueOf, Token: rand.Text})
		}})
	})...)
	h.clock.run = false
	h.clock.set(storetest.Start().Add(6 * time.Hour))
	return h
}

// queued plants n cases whose chats were asked for a minute ago, numbered from a number
// on. The caller may change one before it is stored.
func (h *house) queued(from, n int, change func(i int, c *desk.Case)) (all []desk.Case) {
	h.t.Helper()
	now := h.now()
	h.update(func(tx store.Tx) error {
		all = nil
		for i := range n {
			c, entry := storetest.NewCase(h.t, from+i)
			c.Account, c.Requester, c.Severity = "481516234200", "T1:UALICE", desk.SeverityCritical
			if _, _, err := c.Request(desk.ChatID("chat:"+c.ID), c.Requester, desk.Origin("request:"+c.ID), now.Add(-time.Minute)); err != nil {
				return err
			}
			if change != nil {
				change(i, &c)
			}
			if err := tx.InsertCase(h.t.Context(), &c); err != nil {
				return err
			}
			if err := tx.AppendLog(h.t.Context(), &entry); err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	})
	return all
}

// waitingIs what a script hears of who waits.
func (b *browser) waitingIs(path string) int {
	b.h.t.Helper()
	var got struct {
		Waiting int `json:"waiting"`
	}
	if err := json.Unmarshal([]byte(b.get(path, "Accept", "application/json").body), &got); err != nil {
		b.h.t.Fatalf("%s: %v", path, err)
	}
	return got.Waiting
}

// wholeQueue reads the queue page by page as links lead, and wants n different cases
// there, each with its owner or the reason why it has none.
func wholeQueue(t *testing.T, b *browser, n int) (why map[string]string, ranges []string) {
	t.Helper()
	why = map[string]string{}
	before := ""
	for path := "/"; path != ""; {
		doc := parsePage(t, b.get(path).body)
		if got := doc.one(t, "[data-list]").attrs["data-list"]; got != path {
			t.Errorf("%s is made anew from %s", path, got)
		}
		for _, row := range doc.all(".rows-queue .row") {
			why[row.attrs["data-key"]] = row.one(t, ".row-reason").text
			if row.one(t, ".row-reason").text == "" {
				t.Errorf("%s: case %s has neither owner nor reason", path, row.attrs["data-key"])
			}
		}
		for _, r := range doc.all(".rows-range") {
			ranges = append(ranges, r.text)
		}
		for _, prev := range doc.all("[rel=prev]") {
			if prev.attrs["href"] != before {
				t.Errorf("%s: the page before is %s, want %s", path, prev.attrs["href"], before)
			}
		}
		before, path = path, ""
		for _, next := range doc.all("[rel=next]") {
			path = next.attrs["href"]
		}
	}
	if len(why) != n {
		t.Errorf("the pages of the queue list %d cases, want %d", len(why), n)
	}
	return why, ranges
}

// However many wait, pages say how many, for how long, and whose each one is or why it
// has no agent.
func TestB5_AllWhoWaitAreCountedAndTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		h := wallHouse(t, s)
		h.agent("lena@example.com", "Lena Vogt", desk.RoleLead)
		b := h.signedIn("lena@example.com")
		counts := func(n int, longest, listed string) {
			t.Helper()
			for _, path := range []string{"/", "/?page=2", "/chats", "/cases", "/me", "/wall"} {
				if got := parsePage(t, b.get(path).body).one(t, "[data-count=waiting]").text; got != fmt.Sprint(n) {
					t.Errorf("%s: the navigation says %q wait, want %d", path, got, n)
				}
			}
			for _, path := range []string{"/", "/worklist", "/wall"} {
				if got := b.waitingIs(path); got != n {
					t.Errorf("%s: scripts hear of %d, want %d", path, got, n)
				}
			}
			wall := parsePage(t, b.get("/wall").body)
			if got := wall.all(".figure-value"); got[0].text != fmt.Sprint(n) || got[1].text != longest {
				t.Errorf("the wall: %s wait, the longest %s; want %d and %s", got[0].text, got[1].text, n, longest)
			}
			if got := wall.one(t, "[data-key=waiting] .panel-count").text; got != listed {
				t.Errorf("the wall lists %s, want %s", got, listed)
			}
		}
		h.queued(1, 20, nil)
		counts(20, "1:00", "20")
		wholeQueue(t, b, 20)

		// One of them has waited for long, and is not among the first.
		h.queued(100, 54, func(i int, c *desk.Case) {
			if i == 0 {
				c.Severity, c.Chat.RequestedAt = desk.SeverityLow, h.now().Add(-3*time.Hour-12*time.Minute)
			}
		})
		counts(74, "3:12:00", "1–50 of 74")
		if _, ranges := wholeQueue(t, b, 74); strings.Join(ranges, ", ") != "1–50 of 74, 51–74 of 74" {
			t.Errorf("got %q", ranges)
		}
		for _, path := range []string{"/?page=99", "/?page=2"} {
			if got := parsePage(t, b.get(path).body).one(t, ".rows-range").text; got != "51–74 of 74" {
				t.Errorf("%s shows %q", path, got)
			}
		}
		for _, path := range []string{"/?page=0", "/?page=-3", "/?page=x"} {
			if got := parsePage(t, b.get(path).body).one(t, ".rows-range").text; got != "1–50 of 74" {
				t.Errorf("%s shows %q", path, got)
			}
		}

		// More wait than are planned for.
		last := h.queued(1000, 626, func(_ int, c *desk.Case) { c.Severity = desk.SeverityNormal })[625]
		counts(700, "3:12:00", "1–50 of 700")
		why, _ := wholeQueue(t, b, 700)
		if got := why[string(last.ID)]; got != "Others go first" {
			t.Errorf("the last: got %q", got)
		}
		behind := 0
		for _, says := range why {
			if says == "Others go first" {
				behind++
			}
		}
		if behind != 700-301 { // planned for are 300 of the most severe, and the one that has waited longest
			t.Errorf("%d of 700 are behind what is planned for", behind)
		}
		if got := parsePage(t, b.get("/cases/"+string(last.Number)).body).one(t, ".head-why").text; got != "Others go first" {
			t.Errorf("its own page: got %q", got)
		}
	})
}

// A reason is one kind of why a chat waits, with the words for it.
type reason struct {
	routing.Reason
	offered         string // to whom, by id
	row, head       string // in lists, and on the page of the case
	french, frenchH string
}

func reasons(now time.Time) []reason {
	until := now.Add(30 * time.Second)
	return []reason{
		{Reason: routing.Reason{Kind: routing.Offered, Name: "Omar Haddad", Until: until}, offered: "omar", row: "Offered to Omar Haddad", head: "Offered to Omar Haddad until 15:00:30", french: "Proposée à Omar Haddad", frenchH: "Proposée à Omar Haddad jusqu’à 15:00:30"},
		{Reason: routing.Reason{Kind: routing.Offered, Name: "Jane Doe", Until: until}, offered: "jane", row: "Offered to you", head: "Offered to you until 15:00:30", french: "Vous est proposée", frenchH: "Vous est proposée jusqu’à 15:00:30"},
		{Reason: routing.Reason{Kind: routing.ByHand}, row: "Anybody can take it", french: "Chacun peut la prendre"},
		{Reason: routing.Reason{Kind: routing.Closed, Until: now.Add(time.Hour)}, row: "Outside hours until 16:00", french: "En dehors des horaires jusqu’à\u00a0: 16:00"},
		{Reason: routing.Reason{Kind: routing.NoLanguage}, row: "Nobody answers in its language", french: "Personne ne répond dans sa langue"},
		{Reason: routing.Reason{Kind: routing.NoSkill}, row: "Nobody has the skills for it", french: "Personne n’en a les compétences"},
		{Reason: routing.Reason{Kind: routing.NobodyHere}, row: "Nobody who can take it is online", french: "Personne en ligne ne peut la prendre"},
		{Reason: routing.Reason{Kind: routing.Full}, row: "Everybody who can take it is busy", french: "Tous ceux qui peuvent la prendre sont occupés"},
		{Reason: routing.Reason{Kind: routing.Asked}, row: "Agents are being asked about another chat", french: "Des agents sont interrogés sur une autre discussion"},
		{Reason: routing.Reason{Kind: routing.AllPassed, Name: "Omar Haddad", More: 2, Until: now.Add(2 * time.Minute)}, row: "Not taken by Omar Haddad +2; asked again at 15:02", french: "Non prise par Omar Haddad +2\u202f; redemandée à 15:02"},
		{Reason: routing.Reason{Kind: routing.Behind}, row: "Others go first", french: "D’autres passent avant"},
	}
}

// planned has a house say one reason of all who wait, and count how often it is asked.
type planned struct {
	h     *house
	why   routing.Reason
	asked int
}

func (p *planned) board(ctx context.Context) (b dispatch.Board, err error) {
	p.asked++
	b.Waiting, err = p.h.store.Waiting(ctx, 300)
	for _, c := range b.Waiting {
		b.Plan = append(b.Plan, routing.Decision{Case: c.ID, Why: p.why})
	}
	return b, err
}

// Each page on which a waiting chat stands says whose it is or why it has no agent, by
// one look at all that wait.
func TestB5_EachPageSaysWhyAChatWaits(t *testing.T) {
	p := &planned{}
	h := wallHouse(t, storetest.SQLite(t), func(o *console.Options) { o.Board = p.board })
	p.h = h
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleLead)
	omar := h.agent("omar@example.com", "Omar Haddad", desk.RoleAgent)
	c := h.opened("The printer burns", "Help.", "T1:UALICE", desk.SeverityHigh)
	h.queued(1, 30, nil)
	running := h.opened("The printer prints", "Thanks.", "T1:UALICE", desk.SeverityHigh)
	h.join(running, omar)
	b := h.signedIn("jane@example.com")
	at := "/cases/" + string(c.Number)
	row := func(doc *node, selector string) string {
		t.Helper()
		for _, row := range doc.all(selector) {
			if strings.Contains(row.text, c.Subject) {
				return row.text
			}
		}
		return "no row"
	}
	for _, french := range []bool{false, true} {
		if french {
			b.post("/me/language", url.Values{"tongue": {"fr"}})
		}
		for _, r := range reasons(h.now()) {
			short, long := r.row, r.head
			if french {
				short, long = r.french, r.frenchH
			}
			if long == "" {
				long = short
			}
			p.why = r.Reason
			h.update(func(tx store.Tx) error {
				c, err := tx.LockCase(t.Context(), c.ID)
				c.Chat.Offer = desk.Offer{}
				if r.offered != "" {
					to := map[string]desk.Agent{"omar": omar, "jane": jane}[r.offered]
					c.Chat.Offer = desk.Offer{Agent: to.ID, Name: to.Name, At: h.now(), Until: r.Until}
				}
				if err != nil {
					return err
				}
				return tx.SaveCase(t.Context(), &c)
			})
			look := func(path string, says func(doc *node) string, want string) {
				t.Helper()
				p.asked = 0
				if got := says(parsePage(t, b.get(path).body)); !strings.Contains(got, want) {
					t.Errorf("%s, %s: got %q, want %q", r.Kind, path, got, want)
				}
				if p.asked != 1 {
					t.Errorf("%s: looked %d times at who waits", path, p.asked)
				}
			}
			look("/", func(doc *node) string { return row(doc, ".rows-queue .row") }, short)
			look("/wall", func(doc *node) string { return row(doc, ".wall-row") }, short)
			look(at, func(doc *node) string { return row(doc, ".workrow") }, short)
			look(at, func(doc *node) string { return doc.one(t, ".head-why").text }, long)
			look("/cases", func(doc *node) string { return row(doc, ".rows-cases .row") }, long)
			look("/cases?q=printer+burns", func(doc *node) string { return row(doc, ".rows-found .row") }, long)
			var news struct{ Head, Why string }
			for _, path := range []string{at + "/log?after=1", "/worklist?case=" + string(c.ID)} {
				if err := json.Unmarshal([]byte(b.get(path, "Accept", "application/json").body), &news); err != nil {
					t.Fatal(err)
				}
			}
			if got := parsePage(t, news.Head).one(t, ".head-why").text; got != long || news.Why != long {
				t.Errorf("%s: scripts hear %q and %q, want %q", r.Kind, got, news.Why, long)
			}
		}
	}
	for path, none := range map[string]string{"/cases/" + string(running.Number): ".head-why", "/cases?q=prints": ".row-wait"} {
		if got := b.get(path); got.status != http.StatusOK || len(parsePage(t, got.body).all(none)) != 0 {
			t.Errorf("%s: got %d, and a reason why somebody waits who does not", path, got.status)
		}
	}
}

// fits reports that an element is there in sight, within the window, and nothing of its
// text is cut off.
const fits = `(selector) => { const at = document.querySelector(selector); if (!at) return 'none'; const box = at.getBoundingClientRect(); ` +
	`const lines = Math.round(box.height / parseFloat(getComputedStyle(at).lineHeight)); ` +
	`if (!at.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || box.width < 1) return 'hidden'; ` +
	`if (box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight) return 'outside'; ` +
	`if (at.scrollWidth > at.clientWidth && at.clientWidth > 0) return 'cut'; ` +
	`if (document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2) !== at) return 'covered'; ` +
	`return lines + ' ' + at.textContent }`

// On a telephone the page of a case is alone, and says why its chat waits; that changes
// there though nothing of the case does.
func TestB5_BrowserSaysWhyAChatWaitsOnATelephone(t *testing.T) {
	p := &planned{why: routing.Reason{Kind: routing.NobodyHere}}
	h := newHouse(t, func(o *console.Options) { o.Board = p.board })
	p.h = h
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	omar := h.agent("omar@example.com", "Omar Haddad", desk.RoleAgent)
	c := h.opened("The printer in the second hall burns", "Help.", "T1:UALICE", desk.SeverityHigh)
	tab := browsertest.Open(t).Tab("waiting")
	signIn(tab, h, "jane@example.com")
	tab.Resize(390, 844)
	at := func(path, selector, want string) {
		t.Helper()
		tab.Visit(h.http.URL + path)
		tab.Until(alive)
		if got := browsertest.Read[string](tab, "("+fits+")('"+selector+"')"); got != "1 "+want {
			t.Errorf("%s: %s is %q, want %q in one line", path, selector, got, want)
		}
	}
	own := "/cases/" + string(c.Number)
	at(own, "#head-why", "Nobody who can take it is online")
	at("/cases", ".row-wait", "Nobody who can take it is online")
	at("/cases?q=printer", ".row-wait", "Nobody who can take it is online")
	tab.Visit(h.http.URL + own)
	tab.Until(alive)
	p.why = routing.Reason{Kind: routing.AllPassed, Name: "Omar Haddad", More: 2, Until: h.now().Add(time.Minute)}
	h.online(omar)
	tab.Until(`document.getElementById('head-why').textContent.startsWith('Not taken by Omar Haddad +2; asked again at ')`)
	if got := browsertest.Read[string](tab, "("+fits+")('#head-why')"); !strings.HasPrefix(got, "1 Not taken by") {
		t.Errorf("the longest reason: %q, want it in one line", got)
	}
	tab.Shot("case", browsertest.Light, browsertest.Dark)
	tab.Resize(390, 844)
	p.why = routing.Reason{Kind: routing.Asked} // as another chat has it, and only that changes
	h.deaf.Store(true)                          // so nothing is fetched of the case
	h.opened("Beside it", "Help.", "T1:UBOB", desk.SeverityLow)
	tab.Until(`document.getElementById('head-why').textContent === 'Agents are being asked about another chat'`)
	h.deaf.Store(false)
	tab.Visit(h.http.URL + "/cases")
	tab.Until(alive + ` && document.querySelectorAll('.row-wait').length === 2`)
	p.why = routing.Reason{Kind: routing.Full}
	h.opened("Another", "Help.", "T1:UBOB", desk.SeverityLow)
	tab.Until(`document.querySelectorAll('.row-wait').length === 3 && [...document.querySelectorAll('.row-wait')].every((w) => w.textContent === 'Everybody who can take it is busy')`)
	tab.Shot("cases", browsertest.Light, browsertest.Dark)
	tab.Visit(h.http.URL + "/cases?q=printer")
	tab.Shot("found", browsertest.Light, browsertest.Dark)

	tab.Script(`fetch('/me/language', { method: 'POST', body: new URLSearchParams({ tongue: 'fr' }) }).then(() => { window.chosen = true })`)
	tab.Until(`window.chosen`)
	tab.Resize(390, 844)
	p.why = routing.Reason{Kind: routing.NobodyHere}
	at(own, "#head-why", "Personne en ligne ne peut la prendre")
	at("/cases", ".row-wait", "Personne en ligne ne peut la prendre")
	tab.Visit(h.http.URL + own)
	tab.Shot("case-french", browsertest.Light)
}

// Somebody who begins to wait behind many others is told of as the first would be.
func TestB5_BrowserTellsOfWhoWaitsBehindFifty(t *testing.T) {
	h := wallHouse(t, storetest.SQLite(t))
	h.clock.run = true
	h.agent("lena@example.com", "Lena Vogt", desk.RoleLead)
	h.queued(1, 73, nil)
	h.queued(100, 1, func(_ int, c *desk.Case) {
		c.Severity, c.Chat.RequestedAt = desk.SeverityLow, h.now().Add(-3*time.Hour-12*time.Minute)
	})
	tab := browsertest.Open(t).Tab("queue")
	signIn(tab, h, "lena@example.com")
	tab.Sees(".rows-range", "1–50 of 74")
	tab.Shot("first", browsertest.Light, browsertest.Dark)
	tab.Click("[rel=next]")
	tab.Until(`location.search === '?page=2' && ` + alive + ` && document.querySelectorAll('.rows-queue .row').length === 24`)
	tab.Shot("second", browsertest.Light)
	h.opened("One more", "Please.", "T1:UEMI", desk.SeverityLow)
	tab.Until(`document.querySelectorAll('.rows-queue .row').length === 25 && document.querySelector('.rows-range').textContent === '51–75 of 75'`)
	tab.Visit(h.http.URL + "/wall")
	tab.Until(alive + ` && document.title.startsWith('(75) ') && document.querySelector('link[rel=icon]').getAttribute('href') === document.querySelector('link[rel=icon]').dataset.urging`)
	tab.Shot("wall", browsertest.Light, browsertest.Dark)
	h.opened("And another", "Please.", "T1:UEMI", desk.SeverityLow)
	tab.Until(`[...document.querySelectorAll('.toast')].some((toast) => toast.textContent.includes('Somebody is waiting for an agent.')) && document.title.startsWith('(76) ')`)
	tab.Until(`document.querySelector('.figure-value').textContent === '76' && document.querySelector('[data-count=waiting]').textContent === '76'`)
	tab.Visit(h.http.URL + "/cases/" + string(desk.NewCaseNumber(5)))
	tab.Sees(".work-count", "76")
	tab.Shot("beside", browsertest.Light)
}

// Who looks elsewhere hears of it by a notification.
func TestB5_BrowserNotifiesOfWhoWaitsBehindFifty(t *testing.T) {
	h := newHouse(t, func(o *console.Options) { o.Beat = 200 * time.Millisecond })
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	h.queued(1, 60, nil)
	tab := browsertest.OpenWhole(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Permit(h.http.URL, "notifications", true)
	tab.Visit(h.http.URL + "/me/notifications")
	tab.Until(alive)
	tab.Click("#notify-here")
	tab.Until(`document.getElementById('notify-state').textContent === 'Notifications are on in this browser.'`)
	tab.Visit(h.http.URL + "/cases/" + string(desk.NewCaseNumber(5)))
	tab.Script(`window.told = []; { const Real = window.Notification; window.Notification = class extends Real { constructor(title, o) { super(title, o); window.told.push(title); } }; }
		Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' }); document.hasFocus = () => false;`)
	tab.Until(live)
	h.opened("One more", "Please.", "T1:UEMI", desk.SeverityLow)
	tab.Until(`window.told.some((title) => title.startsWith('Somebody is waiting'))`)
}
