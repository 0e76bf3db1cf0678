package console_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/console/window"
	"caseline/internal/desk"
	"caseline/internal/store/storetest"
)

// tabTo goes with the tabulator key to what a selector finds.
func tabTo(t *testing.T, tab *browsertest.Tab, selector string) {
	t.Helper()
	for range 120 {
		if browsertest.Read[bool](tab, fmt.Sprintf("Boolean(document.activeElement?.matches(%q))", selector)) {
			return
		}
		tab.Press(browsertest.TabKey)
	}
	t.Fatalf("the tabulator key does not lead to %s", selector)
}

// A whole chat from the sign-in to the resolved case, with a keyboard and nothing
// else. (Choosing the file is the system's own dialog.)
func TestAWholeChatWithoutAMouse(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	tab.Visit(h.http.URL + "/login")
	tabTo(t, tab, "input[name=email]")
	tab.Press("jane@example.com" + browsertest.TabKey + password + browsertest.TabKey)
	tabTo(t, tab, "button[type=submit]")
	tab.Press(browsertest.Enter)
	tab.Until(`location.pathname === '/' && document.readyState === 'complete' && document.documentElement.classList.contains('js')`)

	tabTo(t, tab, ".skip") // the first thing there is
	tab.Press(browsertest.Enter)
	tabTo(t, tab, `.row[data-key="`+string(s.requested.ID)+`"] .row-action button`)
	tab.Press(browsertest.Enter)
	tab.Until(`location.pathname.startsWith('/cases/') && document.getElementById('main').dataset.mode === 'compose' && document.documentElement.classList.contains('js')`)
	number := "/cases/" + string(s.requested.Number)
	tab.Until(`location.pathname === '` + number + `'`)

	tab.Until(`document.activeElement.id === 'text'`) // who has taken a chat writes
	tab.Press("I am looking" + browsertest.Enter)
	tab.Sees("#log", "I am looking")
	tabTo(t, tab, "#files")
	file := filepath.Join(t.TempDir(), "trace.txt")
	if err := os.WriteFile(file, []byte("trace"), 0o600); err != nil {
		t.Fatal(err)
	}
	tab.Attach("#files", file)
	tab.Sees("#chips", "trace.txt")
	tabTo(t, tab, "#send")
	tab.Press(browsertest.Enter)
	tab.Sees("#log", "trace.txt")
	tabTo(t, tab, "#text")
	tab.Press("n", browsertest.Alt)
	tab.Until(`document.querySelector('.composer-noting')`)
	tab.Press("for colleagues only" + browsertest.Enter)
	tab.Sees("#log .entry-note", "for colleagues only")

	tab.Press(browsertest.Escape + "h")
	tab.Until(`document.getElementById('dialog-hand').open`)
	tab.Until(`document.getElementById('dialog-hand').contains(document.activeElement)`) // and the focus stays there
	for range 12 {
		tab.Press(browsertest.TabKey)
		if !browsertest.Read[bool](tab, `document.activeElement === document.body || document.getElementById('dialog-hand').contains(document.activeElement)`) {
			t.Fatal("the focus leaves the question that is asked")
		}
	}
	tab.Press(browsertest.Escape)
	tab.Until(`!document.querySelector('dialog[open]')`)

	for _, wish := range []string{"end", "resolve"} {
		tabTo(t, tab, `[data-key="`+wish+`"]`)
		tab.Press(browsertest.Enter)
		tab.Until(`document.getElementById('dialog-` + wish + `').open`)
		tabTo(t, tab, `#dialog-`+wish+` [type=submit]`)
		tab.Press(browsertest.Enter)
		tab.Until(`!document.querySelector('dialog[open]')`)
	}
	tab.Until(`document.getElementById('main').dataset.mode === 'resolved'`)
	tab.Until(`document.activeElement.dataset.key === 'reopen'`) // not lost with what was pressed
	if got := h.get(s.requested.ID); got.Open() || got.Chat.State != desk.ChatEnded {
		t.Errorf("got %s, chat %s", got.Status, got.Chat.State)
	}
}

// grown is that no earlier entries are being fetched.
const grown = `!('growing' in document.getElementById('log').dataset)`

// A page that goes back through a long log shows a part of it, with the way to its
// end, and the reader keeps the place.
func TestALongLogIsShownInAWindow(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	h.sayMany(c, 1500)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(c.Number))
	tab.Until(`document.querySelector('#log').lastElementChild.textContent.includes('line 1499')`)
	had := browsertest.Read[int](tab, `document.querySelectorAll('#log > li').length`)
	for had < 900 {
		tab.Until(grown) // until then a press does nothing
		tab.Script(`document.querySelector('#earlier a').click()`)
		tab.Until(fmt.Sprintf(`document.querySelectorAll('#log > li').length === %d`, min(had+window.Further, 900))) // they come a few at a time
		had = browsertest.Read[int](tab, `document.querySelectorAll('#log > li').length`)
	}
	tab.Until(grown)
	tab.Script(`document.getElementById('log-scroll').scrollTop = 3000`)
	tab.Until(`window.read = [...document.querySelectorAll('#log > li')].find((e) => e.getBoundingClientRect().top > 200 && e.checkVisibility({ contentVisibilityAuto: true }))`)
	tab.Script(`window.at = window.read.getBoundingClientRect().top; window.first = document.querySelector('#log > li'); document.querySelector('#earlier a').click()`)
	tab.Until(`document.querySelector('#newest a') && document.querySelector('#log > li') !== window.first && ` + grown)
	if got := browsertest.Read[int](tab, `document.querySelectorAll('#log > li').length`); got != 900 {
		t.Errorf("got %d entries", got)
	}
	if moved := browsertest.Read[float64](tab, `Math.abs(window.read.getBoundingClientRect().top - window.at)`); moved > 2 {
		t.Errorf("what was read has moved by %g px", moved)
	}
	seqs := browsertest.Read[[]int](tab, `[...document.querySelectorAll('#log > li')].map((e) => Number(e.dataset.seq))`)
	if !slices.IsSorted(seqs) {
		t.Error("entries are not in order")
	}
	h.say(c, "T1:UALICE", "the very last")
	tab.Until(`!document.getElementById('newer').hidden`)
	tab.Click("#newest a")
	tab.Sees("#log", "the very last")
}

// shifts is by how much things have jumped since the page began, but for what
// follows an input.
const shifts = `(() => { let sum = 0; for (const e of window.shiftsSeen.takeRecords().concat(window.shiftsKept)) if (!e.hadRecentInput) sum += e.value; return sum; })()`

// jumped names what has jumped.
const jumped = `JSON.stringify(window.shiftsKept.filter((e) => !e.hadRecentInput).flatMap((e) => e.sources.map((s) => [e.startTime | 0, s.node?.outerHTML?.slice(0, 60) ?? s.node?.textContent?.slice(0, 30), s.previousRect.x | 0, s.previousRect.y | 0, s.currentRect.x | 0, s.currentRect.y | 0].join(' '))))`

// watchShifts begins to look for jumps, those of the load included.
const watchShifts = `window.shiftsKept = []; window.shiftsSeen = new PerformanceObserver((list) => window.shiftsKept.push(...list.getEntries())); window.shiftsSeen.observe({ type: 'layout-shift', buffered: true });`

// Nothing jumps when words come.
func TestNothingJumps(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Resize(1440, 900)
	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	tab.Script(watchShifts)
	for i := range 12 {
		h.say(s.running, "T1:UALICE", fmt.Sprintf("line %d\n\nof several", i))
		tab.Sees("#log", fmt.Sprintf("line %d", i))
	}
	if got := browsertest.Read[float64](tab, shifts); got > 0.001 {
		t.Errorf("things jump by %g when words come: %s", got, browsertest.Read[string](tab, jumped))
	}
}

// The lists are shown when they have come, and before their script has: nothing waits for
// what they can do without, and nothing jumps when the script comes.
func TestListsAreShownBeforeTheirScript(t *testing.T) {
	h := newHouse(t)
	fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	rest, script := slowly(h)
	painted := `performance.getEntriesByName('first-contentful-paint').length === 1`
	for _, path := range []string{"/", "/cases"} {
		for _, width := range []int64{1440, 390} {
			tab.Resize(width, 900)
			tab.Visit(h.http.URL + "/login") // which leads away from where the browser is
			tab.Script(fmt.Sprintf("location.assign('%s?slowly')", path))
			tab.Until(`location.search === '?slowly'`)
			tab.Script(watchShifts)
			rest <- struct{}{}
			tab.Until(painted + ` && document.querySelector('main .row') && document.getElementById('linkstate')`)
			if browsertest.Read[bool](tab, `document.documentElement.classList.contains('js')`) {
				t.Fatal("the script has come already")
			}
			script <- struct{}{}
			tab.Until(`document.documentElement.classList.contains('js') && document.readyState === 'complete'`)
			if got := browsertest.Read[float64](tab, shifts); got > 0 {
				t.Errorf("%s at %d px: things jump by %g: %s", path, width, got, browsertest.Read[string](tab, jumped))
			}
		}
	}
}

// slowly has pages that are asked for so come in two pieces, with their script behind: each
// but the first when something is sent.
func slowly(h *house) (second, behind chan<- struct{}) {
	own, rest, script, n := h.http.Config.Handler, make(chan struct{}), make(chan struct{}), 0
	h.http.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.RawQuery, "late"):
			<-script
			own.ServeHTTP(w, r)
		case r.URL.RawQuery == "slowly":
			n++
			page := httptest.NewRecorder()
			own.ServeHTTP(page, r)
			frame, main, _ := strings.Cut(strings.ReplaceAll(page.Body.String(), `.js"`, fmt.Sprintf(`.js?late%d"`, n)), "<main")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, frame)
			_ = http.NewResponseController(w).Flush()
			<-rest
			_, _ = io.WriteString(w, "<main"+main)
		default:
			own.ServeHTTP(w, r)
		}
	})
	return rest, script
}

// browserHouse is a busy house that a browser looks at, with a case of so many
// messages.
func browserHouse(b *testing.B, messages int) (*house, *browsertest.Tab, desk.Case) {
	b.Helper()
	h := houseOn(b, storetest.Open(b, storetest.SQLiteURL(b)))
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	for i := range 20 {
		h.opened(fmt.Sprintf("Build %d is stuck", i), "Since ten.", "T1:UALICE", desk.SeverityHigh)
	}
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	for i := range messages {
		h.say(c, "T1:UALICE", fmt.Sprintf("line %d with `code` and **bold** words of a usual length, as people write", i))
	}
	tab := browsertest.Open(b).Tab("bench")
	signIn(tab, h, "jane@example.com")
	return h, tab, c
}

func middle(xs []float64) float64 {
	slices.Sort(xs)
	return xs[len(xs)/2]
}

// floors are pages of the same server with next to nothing on them, and with what a page
// has but for its scripts: what a browser needs for any page, here and now.
func floors(h *house, pages map[string]string) {
	own := h.http.Config.Handler
	h.http.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if text, ok := pages[r.URL.Path]; ok {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, text)
			return
		}
		own.ServeHTTP(w, r)
	})
}

// largestPaint is when the largest piece of the page was shown.
const largestPaint = `(() => { const o = new PerformanceObserver(() => {}); o.observe({ type: 'largest-contentful-paint', buffered: true }); return Math.max(0, ...o.takeRecords().map((e) => e.startTime)); })()`

// BenchmarkBrowserFirstPaint loads pages from a warm server, in turn, so that all of
// them have the same of the machine: its own, a page of two words, and each page
// without its script, which its paint waits for.
func BenchmarkBrowserFirstPaint(b *testing.B) {
	h, tab, c := browserHouse(b, 400)
	in := h.signedIn("jane@example.com")
	at := map[string]string{"floor": "/bench/floor", "queue": "/", "case": "/cases/" + string(c.Number), "cases": "/cases"}
	still := map[string]string{"/bench/floor": "<!doctype html><title>Floor</title><p>A page."}
	script := regexp.MustCompile(`<script[^>]*></script>`)
	for _, name := range []string{"queue", "case", "cases"} {
		still["/bench/"+name] = script.ReplaceAllString(in.get(at[name]).body, "")
		at[name+"-still"] = "/bench/" + name
	}
	floors(h, still)
	paints, largest, busy := map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
	for b.Loop() {
		for name, path := range at {
			tab.Visit(h.http.URL + path)
			tab.Until(`performance.getEntriesByName('first-contentful-paint').length === 1`)
			paints[name] = append(paints[name], browsertest.Read[float64](tab, `performance.getEntriesByName('first-contentful-paint')[0].startTime`))
			largest[name] = append(largest[name], browsertest.Read[float64](tab, largestPaint))
			busy[name] = append(busy[name], tab.Busy())
		}
	}
	for name := range at {
		b.ReportMetric(middle(paints[name]), name+"-ms-to-paint")
		b.ReportMetric(middle(largest[name]), name+"-ms-to-largest")
		b.ReportMetric(middle(busy[name]), name+"-cpu-ms")
		b.ReportMetric(slices.Min(paints[name]), name+"-ms-at-best")
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkBrowserAction presses what an agent presses, until the page shows what came
// of it: Enter after a reply; and beside it, for what waits for the server's answer, until
// the page shows that it was pressed.
func BenchmarkBrowserAction(b *testing.B) {
	h, tab, c := browserHouse(b, 100)
	took, pressed := map[string][]float64{}, map[string][]float64{}
	act := func(name, press, shown string) {
		tab.Script(fmt.Sprintf(`{ let at = 0; window.took = window.marked = 0;
			const shown = () => %s;
			const look = () => requestAnimationFrame(() => {
				const now = performance.now();
				if (at && !window.marked && (shown() || document.querySelector('button:disabled, [aria-busy=true]'))) window.marked = now - at;
				if (at && shown()) { window.took = now - at; at = 0; seen.disconnect(); }
			});
			const seen = new MutationObserver(look);
			seen.observe(document.documentElement, { subtree: true, childList: true, attributes: true, characterData: true });
			at = performance.now();
			%s; }`, shown, press))
		tab.Until(`window.took > 0`)
		took[name] = append(took[name], browsertest.Read[float64](tab, `window.took`))
		pressed[name] = append(pressed[name], browsertest.Read[float64](tab, `window.marked`))
	}
	send := func(dialog, choice string) string {
		return `document.querySelector('#` + dialog + ` form').requestSubmit(document.querySelector('#` + dialog + ` ` + choice + `'))`
	}
	const settled = `document.querySelector('.presence-button').ariaBusy === null`
	for b.Loop() {
		tab.Visit(h.http.URL + "/cases/" + string(c.Number))
		tab.Until(live)
		tab.Script(`document.querySelector('#text').value = 'an answer'`)
		act("reply", `document.querySelector('#text').form.requestSubmit()`, `document.querySelector('#outbox li, #log > :last-child.by-agent')`)
		// Who lets offers go by is away.
		tab.Script(`if (document.querySelector('.presence').dataset.presence === 'away') document.querySelector('.presence-button').click()`)
		tab.Until(settled)
		for _, to := range []string{"false", "true"} {
			act("presence", `document.querySelector('.presence-button').click()`, `document.querySelector('.presence-button').ariaChecked === '`+to+`'`)
			tab.Until(settled)
		}
		waits := h.opened("One more", "Since ten.", "T1:UALICE", desk.SeverityLow)
		tab.Visit(h.http.URL + "/cases/" + string(waits.Number))
		tab.Until(live)
		act("join", `document.querySelector('form[data-join] button').click()`, `document.getElementById('main').dataset.mode === 'compose'`)
		tab.Script(`document.querySelector('#dialog-severity').showModal(); document.querySelector('#dialog-severity select').value = 'urgent'`)
		act("severity", send("dialog-severity", "[type=submit]"), `document.querySelector('#head .sev-urgent')`)
		tab.Script(`document.querySelector('#dialog-snooze').showModal()`)
		act("snooze", send("dialog-snooze", "[type=submit]"), `document.querySelector('.head-snoozed')`)
		tab.Script(`document.querySelector('#dialog-resolve').showModal()`)
		act("resolve", send("dialog-resolve", "[type=submit]"), `document.getElementById('main').dataset.mode !== 'compose'`)
	}
	for name := range took {
		b.ReportMetric(middle(took[name]), name+"-ms-to-show")
		b.ReportMetric(middle(pressed[name]), name+"-ms-to-answer-the-press")
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkBrowserMessage has a customer write, until the agent's page shows it.
func BenchmarkBrowserMessage(b *testing.B) {
	h, tab, c := browserHouse(b, 100)
	tab.Visit(h.http.URL + "/cases/" + string(c.Number))
	tab.Until(live)
	tab.Script(`window.came = {};
		new MutationObserver(() => { const text = document.querySelector('#log > :last-child .prose')?.textContent.trim(); if (text) window.came[text] ??= Date.now(); }).observe(document.getElementById('log'), { childList: true, subtree: true });`)
	var waits []float64
	n := 0
	for b.Loop() {
		n++
		text := fmt.Sprintf("news %d", n)
		began := time.Now().UnixMilli()
		h.say(c, "T1:UALICE", text)
		tab.Until(fmt.Sprintf(`window.came[%q]`, text))
		waits = append(waits, browsertest.Read[float64](tab, fmt.Sprintf(`window.came[%q]`, text))-float64(began))
	}
	b.ReportMetric(middle(waits), "ms-to-show")
	b.ReportMetric(waits[len(waits)-1], "ms-at-most")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkBrowserScroll scrolls through a case of 10,000 entries, whose page
// shows a window of it and fetches what stands before; and beside it through a page of
// lines of text and nothing else.
func BenchmarkBrowserScroll(b *testing.B) {
	h, tab, c := browserHouse(b, 0)
	h.sayMany(c, 10_000)
	lines := strings.Repeat("<p>A line of words of a usual length, as people write", 1000)
	floors(h, map[string]string{"/bench/floor": "<!doctype html><title>Floor</title><div id=log-scroll style='height: 90vh; overflow-y: auto'>" + lines + "</div>"})
	late, worst, long, busy := map[string][]float64{}, map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
	at := map[string]string{"floor": "/bench/floor", "case": "/cases/" + string(c.Number)}
	for b.Loop() {
		for name, path := range at {
			tab.Visit(h.http.URL + path)
			tab.Until(`performance.getEntriesByName('first-contentful-paint').length === 1`)
			before := tab.Busy()
			tab.Script(`window.frames_ = []; window.tasks = [];
				new PerformanceObserver((l) => window.tasks.push(...l.getEntries().map((e) => e.duration))).observe({ type: 'longtask' });
				const at = document.getElementById('log-scroll'); let before = 0, n = 0;
				at.scrollTop = at.scrollHeight;
				const step = (now) => { if (before) window.frames_.push(now - before); before = now; at.scrollTop -= 60;
					if (++n < 240) requestAnimationFrame(step); else window.scrolled = true; };
				requestAnimationFrame(step);`)
			tab.Until(`window.scrolled`)
			busy[name] = append(busy[name], tab.Busy()-before)
			late[name] = append(late[name], browsertest.Read[float64](tab, `window.frames_.filter((f) => f > 34).length`))
			worst[name] = append(worst[name], browsertest.Read[float64](tab, `Math.max(...window.frames_)`))
			long[name] = append(long[name], browsertest.Read[float64](tab, `window.tasks.length`))
		}
	}
	for name := range at {
		b.ReportMetric(middle(late[name]), name+"-late-frames/240")
		b.ReportMetric(middle(worst[name]), name+"-ms-longest-frame")
		b.ReportMetric(middle(long[name]), name+"-long-tasks")
		b.ReportMetric(middle(busy[name])/240, name+"-cpu-ms/frame")
	}
	b.ReportMetric(0, "ns/op")
}

// sayMany has a customer write so many lines.
func (h *house) sayMany(c desk.Case, n int) {
	h.t.Helper()
	for i := range n {
		h.say(c, "T1:UALICE", fmt.Sprintf("line %d %s", i, strings.Repeat("words ", i%9)))
	}
}
