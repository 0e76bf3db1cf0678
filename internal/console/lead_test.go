package console_test

import (
	"context"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/casework/auditlog"
	"caseline/internal/casework/rating"
	"caseline/internal/casework/reckoning"
	"caseline/internal/catalogue"
	"caseline/internal/console"
	"caseline/internal/console/lead"
	"caseline/internal/console/room"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/report"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// A led is a house with somebody who leads it, Lena.
type led struct {
	*sample
	lena  desk.Agent
	facts *reckoning.Keeper
}

func newLed(t testing.TB) *led {
	t.Helper()
	return ledOn(t, storetest.SQLite(t))
}

func ledOn(t testing.TB, on store.Store) *led {
	t.Helper()
	book := catalogue.Of(services(5))
	var h *house
	h = houseOn(t, on, func(o *console.Options) {
		o.Book = book
		o.Rooms = []room.Room{&later{func() room.Room {
			return lead.New(lead.Needs{Read: h.store, Cases: h.cases, Catalogue: func() *matters.Catalogue { return book.Catalogue() }, Token: rand.Text, Took: auditlog.Book{Store: h.store, Now: h.clock.now}.TookReport})
		}}}
	})
	l := &led{sample: fill(h)}
	l.lena = h.agent("lena@example.com", "Lena Vogt", desk.RoleAgent)
	l.lena.Role = desk.RoleLead
	l.update(func(tx store.Tx) error { return tx.SaveAgent(t.Context(), &l.lena) })
	l.facts = reckoning.New(h.store, reckoning.Options{Now: h.clock.now})
	l.catch()
	return l
}

// later is a room that is made when it is first needed, for the house has what
// it needs only then.
type later struct{ open func() room.Room }

func (l *later) Doors(h room.House) map[string]room.Door {
	doors := map[string]room.Door{}
	inner := func() map[string]room.Door { return l.open().Doors(h) }
	empty := lead.New(lead.Needs{})
	for pattern, door := range empty.Doors(h) {
		doors[pattern] = room.Door{May: door.May, Answer: func(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
			return inner()[pattern].Answer(w, r, who)
		}}
	}
	return doors
}

// catch has the reports follow what happened.
func (l *led) catch() {
	l.t.Helper()
	if err := l.facts.Catch(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

// history plants facts of the last days, the same each time.
func (l *led) history(days, perDay int) {
	l.t.Helper()
	random := mathrand.New(mathrand.NewPCG(1, 2))
	agents := []desk.AgentID{l.jane.ID, l.omar.ID, l.lena.ID}
	ctx, now := l.t.Context(), l.clock.now().UTC()
	for day := range days {
		l.update(func(tx store.Tx) error {
			for n := range perDay {
				hour := 8 + random.IntN(10)
				if random.IntN(6) == 0 {
					hour = random.IntN(24)
				}
				at := time.Date(now.Year(), now.Month(), now.Day()-day, hour, random.IntN(60), 0, 0, time.UTC)
				if weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday; at.After(now) || weekend && random.IntN(4) > 0 {
					continue
				}
				if err := plantFact(ctx, tx, random, fmt.Sprintf("%d-%d", day, n), at, agents[random.IntN(3)]); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func plantFact(ctx context.Context, tx store.Tx, random *mathrand.Rand, key string, at time.Time, agent desk.AgentID) error {
	span := func(most time.Duration) time.Duration {
		return time.Duration(random.ExpFloat64() * float64(most) / 3)
	}
	c := report.CaseFact{
		Case: desk.CaseID("planted-" + key), Number: desk.NewCaseNumber(random.Uint64()), Account: desk.AccountID([]string{"481516234200", "481516234201"}[random.IntN(2)]),
		IssueType: "technical", Service: fmt.Sprintf("service-%d", 1+random.IntN(4)), Severity: desk.Severities()[random.IntN(5)], Language: "en",
		OpenedAt: at, Agent: agent, AnsweredBy: agent, AnsweredAt: at.Add(span(2 * time.Hour)),
	}
	if random.IntN(10) > 1 {
		c.SettledAt = c.AnsweredAt.Add(span(40 * time.Hour))
		c.ResolvedAt = c.SettledAt
		if random.IntN(9) == 0 {
			c.Reopened = 1
		}
	}
	k := report.ChatFact{Chat: desk.ChatID("planted-" + key), RequestedAt: at, EndedAt: at.Add(20 * time.Minute), Reason: desk.EndedCancelled}
	if random.IntN(12) > 0 {
		k.Agent, k.JoinedAt, k.Reason, k.Theirs, k.Ours = agent, at.Add(span(9*time.Minute)), desk.EndedByCustomer, 4, 5
		k.Handled = span(40 * time.Minute)
		k.EndedAt = k.JoinedAt.Add(k.Handled)
		if random.IntN(3) == 0 {
			r := report.Rating{Chat: k.Chat, Person: "T1:UALICE", Case: c.Case, Score: []int{5, 5, 5, 4, 4, 3, 2, 1}[random.IntN(8)], EndedAt: k.EndedAt, GivenAt: k.EndedAt, ChangedAt: k.EndedAt}
			if random.IntN(3) == 0 {
				r.Remark = []string{"Quick and friendly, thank you.", "It took three agents until somebody knew.", "Solved, but I had to repeat everything."}[random.IntN(3)]
			}
			if err := tx.SaveRating(ctx, &r); err != nil {
				return err
			}
		}
	}
	return tx.SaveFacts(ctx, &report.Facts{Case: c, Chats: []report.ChatFact{k}, Seq: 1, Revision: 1})
}

// sizes take pictures of a page on a large screen, too.
func sizes(tab *browsertest.Tab, name string) {
	tab.Shot(name, browsertest.Light, browsertest.Dark)
	if browsertest.Shoots() {
		tab.Resize(2560, 1440)
		tab.Picture(name + "-2560")
		tab.Resize(1440, 900)
	}
}

// A lead's day: she sees who waits and who has what, looks on, whispers, and
// hands a colleague's chat over; then she reads the reports.
func TestB12_ALeadsDay(t *testing.T) {
	l := newLed(t)
	l.history(60, 14)
	l.signedIn("omar@example.com")
	tab := browsertest.Open(t).Tab("lead")
	jane := browsertest.Open(t).Tab("jane")
	signIn(tab, l.house, "lena@example.com")
	signIn(jane, l.house, "jane@example.com")
	jane.Visit(l.http.URL + "/chats")

	tab.Press("gw")
	tab.Until(`location.pathname === '/wall' && document.documentElement.classList.contains('js')`)
	tab.Until(`document.querySelector('.figure-value').textContent === '4'`)
	tab.Sees(".wall-seat", "Jane Doe")
	sizes(tab, "wall")
	l.opened("One more", "Please.", "T1:UEMI", desk.SeverityCritical)
	tab.Until(`document.querySelector('.figure-value').textContent === '5'`) // by itself
	l.catch()
	tab.Visit(l.http.URL + "/wall")
	tab.Sees("[data-key=soon]", "One more") // in 15 minutes

	// She whispers, and Jane hears of it wherever she is.
	tab.Click(`[data-key="run-` + string(l.running.ID) + `"] a[href$="/whisper"]`)
	tab.Until(`location.pathname.endsWith('/whisper') && document.readyState === 'complete'`)
	sizes(tab, "whisper")
	tab.Type("textarea[name=text]", "Offer them the *rollback*")
	tab.Click("main button[type=submit]")
	tab.Until(`location.pathname === '/cases/` + string(l.running.Number) + `' && document.readyState === 'complete'`)
	tab.Sees(".entry-whisper", "rollback")
	tab.Script(`document.querySelector('.whisper-box summary').click()`)
	tab.Shot("looking-on", browsertest.Light, browsertest.Dark)
	jane.Until(`document.querySelector('.toast')?.textContent.includes('Lena Vogt whispers to you')`)
	jane.Visit(l.http.URL + "/cases/" + string(l.running.Number))
	jane.Until(`document.querySelector('.entry-whisper .tag-whisper')?.textContent === 'Whispered'`)
	jane.Shot("whispered", browsertest.Light, browsertest.Dark)
	for _, d := range deliveriesOf(l.house, l.running.ID) {
		if d.Content.Text != "" && strings.Contains(d.Content.Text, "rollback") {
			t.Error("the whisper is on its way to Slack")
		}
	}

	// She hands Jane's chat over to Omar.
	tab.Press("h")
	tab.Until(`document.getElementById('dialog-hand').open`)
	tab.Script(`[...document.querySelectorAll('#dialog-hand input[name=to]')].find(i => i.value === '` + string(l.omar.ID) + `').click()`)
	tab.Script(`document.querySelector('#dialog-hand [type=submit]').click()`)
	tab.Until(`document.getElementById('head').textContent.includes('Omar')`)
	if got := l.get(l.running.ID).Chat.Agent; got != l.omar.ID {
		t.Errorf("the chat is %s's, want Omar's", got)
	}

	// What people said of a chat stands on its case.
	do := rating.New(l.store, l.clock.now)
	if _, err := do.Rate(t.Context(), rating.Rate{Case: l.ended.ID, Chat: l.ended.Chat.ID, By: "T1:UCARLA", Score: 4, Remark: "Quick. The list of invoices could have been asked for at once."}); err != nil {
		t.Fatal(err)
	}
	tab.Visit(l.http.URL + "/cases/" + string(l.ended.Number))
	tab.Sees("#ratings", "Quick.")
	tab.Shot("rated", browsertest.Light, browsertest.Dark)

	tab.Press("gr")
	tab.Until(`location.pathname === '/reports' && document.readyState === 'complete'`)
	tab.Until(`document.querySelectorAll('.chart-draw').length >= 6 && document.querySelectorAll('.tile').length === 11`)
	sizes(tab, "reports")
	for i, part := range []string{".charts", "#by-title", ".report-pair"} {
		tab.Script(`document.querySelector('` + part + `').scrollIntoView()`)
		sizes(tab, fmt.Sprintf("reports-%d", i+1))
	}
	tab.Script(`document.querySelector('#chart-volume summary').click()`)
	tab.Until(`document.querySelectorAll('#chart-volume tbody tr').length >= 30`)
	tab.Visit(l.http.URL + "/reports?period=custom")
	tab.Sees(".field-error", "Choose two days")
	tab.Visit(l.http.URL + "/wall?screen")
	sizes(tab, "screen")
}

// The figures of the wall stay inside their boxes, also when somebody has waited for
// hours or for days, on every width.
func TestTheFiguresOfTheWallFit(t *testing.T) {
	l := newLed(t)
	tab := browsertest.Open(t).Tab("lead")
	signIn(tab, l.house, "lena@example.com")
	for _, page := range []string{"/wall", "/wall?screen"} {
		for _, width := range []int64{2560, 1440, 768, 390} {
			tab.Resize(width, 900)
			tab.Visit(l.http.URL + page)
			tab.Until(`document.documentElement.classList.contains('js')`)
			for _, waited := range []string{"13:42:58", "12 d 13 h"} {
				out := browsertest.Read[string](tab, `(() => {
					const clock = document.querySelector('.figure .clock');
					clock.removeAttribute('data-clock');
					clock.textContent = '`+waited+`';
					document.querySelector('.wall-today dd').textContent = '13 min 42 s';
					return [...document.querySelectorAll('.figure, .wall-today > div')].filter((box) => {
						const value = box.querySelector('.figure-value') ?? box.lastElementChild, words = document.createRange();
						words.selectNodeContents(value);
						const inner = box.getBoundingClientRect(), text = words.getBoundingClientRect();
						return text.right > inner.right || text.height > 1.6 * parseFloat(getComputedStyle(value).fontSize);
					}).map((box) => box.textContent).join('; ');
				})()`)
				if out != "" {
					t.Errorf("%s, %d px: these do not fit: %s", page, width, out)
				}
			}
			if browsertest.Shoots() {
				tab.Picture(fmt.Sprintf("figures%s-%d", strings.ReplaceAll(page, "/", "-"), width))
			}
		}
	}
}

func deliveriesOf(h *house, id desk.CaseID) []desk.Delivery {
	h.t.Helper()
	all, err := h.store.DeliveriesOf(h.t.Context(), id, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// Without a script a lead whispers by a form, and who may not is refused.
func TestB12_AWhisperIsANoteToTheAgents(t *testing.T) {
	l := newLed(t)
	lena, jane := l.signedIn("lena@example.com"), l.signedIn("jane@example.com")
	path := "/cases/" + string(l.running.Number) + "/whispers"
	token := strings.Repeat("t", 20)
	for range 2 { // pressed twice
		if res := lena.post(path, url.Values{"token": {token}, "text": {"Offer the rollback"}}); res.status != http.StatusOK || !strings.Contains(res.body, "entry-whisper") {
			t.Fatalf("whisper: %d", res.status)
		}
	}
	n := 0
	entries, err := l.store.Log(t.Context(), l.running.ID, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Kind == desk.KindNote && e.Marked(desk.MarkWhisper) {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d whispers are on the case, want one", n)
	}
	if res := jane.post(path, url.Values{"token": {strings.Repeat("u", 20)}, "text": {"no"}}); res.status != http.StatusForbidden {
		t.Errorf("an agent's whisper: %d, want that it is refused", res.status)
	}
	if res := lena.post("/cases/"+string(l.ended.Number)+"/whispers", url.Values{"token": {strings.Repeat("v", 20)}, "text": {"too late"}}); res.status != http.StatusConflict || !strings.Contains(res.body, "nobody heard") || !strings.Contains(res.body, "too late") {
		t.Errorf("to a chat that has ended: %d", res.status)
	}
	for _, page := range []string{"/wall", "/reports", "/reports/cases.csv"} {
		if res := jane.get(page); res.status != http.StatusForbidden {
			t.Errorf("an agent at %s: %d, want that it is refused", page, res.status)
		}
		if res := lena.get(page); res.status != http.StatusOK {
			t.Errorf("a lead at %s: %d", page, res.status)
		}
	}
}

func TestB12_ReportsAreExportedAndHarmless(t *testing.T) {
	l := newLed(t)
	l.history(20, 6)
	do := rating.New(l.store, l.clock.now)
	if _, err := do.Rate(t.Context(), rating.Rate{Case: l.ended.ID, Chat: l.ended.Chat.ID, By: "T1:UCARLA", Score: 2, Remark: "=HYPERLINK(\"x\"),\n\"two\" lines"}); err != nil {
		t.Fatal(err)
	}
	l.update(func(tx store.Tx) error {
		o := report.OfferFact{Chat: l.ended.Chat.ID, Case: l.ended.ID, Agent: l.jane.ID, At: l.clock.now(), EndedAt: l.clock.now(), End: report.OfferWithdrawn}
		return tx.SaveOffer(t.Context(), &o)
	})
	l.catch()
	lena := l.signedIn("lena@example.com")
	for table, wants := range map[string]struct {
		columns int
		row     string
	}{
		"time": {23, ""}, "groups": {24, "Jane Doe"}, "week": {3, "Monday"}, "comments": {6, "Carla Rossi"},
		"cases": {14, string(l.ended.Number)}, "chats": {19, string(l.ended.Chat.ID)}, "ratings": {15, "T1:UCARLA"}, "offers": {13, "withdrawn"},
	} {
		res := lena.get("/reports/" + table + ".csv?period=30")
		if res.status != http.StatusOK || res.header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.Contains(res.header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("%s: %d, %s", table, res.status, res.header.Get("Content-Type"))
		}
		if strings.Count(res.body, "\n") != strings.Count(res.body, "\r\n") && table != "comments" && table != "ratings" {
			t.Errorf("%s: lines do not end in CRLF", table)
		}
		rows, err := csv.NewReader(strings.NewReader(res.body)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		found := wants.row == ""
		for _, row := range rows {
			if len(row) != wants.columns {
				t.Fatalf("%s has a row of %d cells, want %d: %q", table, len(row), wants.columns, row)
			}
			for _, cell := range row {
				found = found || strings.Contains(cell, wants.row)
				if strings.HasPrefix(cell, "=") {
					t.Errorf("%s: %q is a formula", table, cell)
				}
			}
		}
		if !found || len(rows) < 2 {
			t.Errorf("%s: %d rows, and none with %q", table, len(rows), wants.row)
		}
	}
	audit, err := l.store.Audit(t.Context(), desk.AuditFilter{What: auditlog.DidTakeReport}, 0, 99)
	if err != nil || len(audit) != 8 || audit[0].By.Name != "Lena Vogt" || !strings.HasSuffix(audit[0].Detail["table"], ".csv") || !strings.Contains(audit[0].Detail["asked"], "period=30") {
		t.Errorf("who downloaded what is not audited: %+v, %v", audit, err)
	}
	if res := lena.get("/reports/secrets.csv"); res.status != http.StatusNotFound {
		t.Errorf("a table that is not there: %d", res.status)
	}
	page := lena.get("/reports?period=30&severity=high")
	for _, want := range []string{"Invoices", "HYPERLINK"} {
		if got := strings.Contains(page.body, want); got != (want == "HYPERLINK") {
			t.Errorf("the page has %q: %v", want, got)
		}
	}
	if other := lena.get("/reports?period=30&severity=low"); strings.Contains(other.body, "HYPERLINK") {
		t.Error("the filter leaves in what it should leave out")
	}
}

// The wall counts all that are late and due soon, also when many cases with a
// far target were opened since: it lists some, and says of how many.
func TestB12_TheWallCountsAllThatAreLateOrDue(t *testing.T) {
	l := newLed(t)
	lena := l.signedIn("lena@example.com")
	count := func() (late, soon string) {
		t.Helper()
		doc := parsePage(t, lena.get("/wall").body)
		figures := doc.all(".figure-value")
		return figures[4].text, figures[3].text
	}
	plant := func(n int, s desk.Severity, opened time.Time) {
		t.Helper()
		l.update(func(tx store.Tx) error {
			for range n {
				l.count++
				c := desk.Case{
					ID: desk.CaseID(fmt.Sprint("late-", l.count)), Number: desk.NewCaseNumber(uint64(5_000_000 + l.count)), Account: "481516234200", Workspace: "T1", Asked: "T1/C0OPS",
					Requester: "T1:UALICE", Subject: "S", Severity: s, Status: desk.StatusOpened, CreatedAt: opened, ChangedAt: opened, Revision: 1,
				}
				f := report.Facts{Case: report.CaseFact{Case: c.ID, Number: c.Number, Account: c.Account, Severity: s, OpenedAt: opened}, Revision: 1}
				if err := errors.Join(tx.InsertCase(t.Context(), &c), tx.SaveFacts(t.Context(), &f)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	now := l.clock.now()
	late, _ := count()
	target := desk.SeverityLow.FirstResponse()
	plant(20, desk.SeverityLow, now.Add(-target-time.Minute))
	plant(15, desk.SeverityLow, now.Add(10*time.Minute-target))
	plant(2500, desk.SeverityLow, now.Add(-time.Minute)) // opened since, and due much later
	before, err := strconv.Atoi(late)
	if err != nil {
		t.Fatal(err)
	}
	late, soon := count()
	if want := strconv.Itoa(before + 20); late != want {
		t.Errorf("too late: got %s, want %s", late, want)
	}
	if soon != "15" && soon != "16" {
		t.Errorf("due: got %q, want all 15", soon)
	}
}
