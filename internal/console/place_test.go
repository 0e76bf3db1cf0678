package console_test

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// A stand is which row of a list is the first in sight, and how far below the edge it
// begins, in px.
type stand struct {
	Row   string
	Below float64
	Waits bool // the page was shown only once its script had run
}

const stands = `(() => {
	const list = document.querySelector('main .scroll'), edge = list.getBoundingClientRect().top;
	const row = [...list.querySelectorAll('.row')].find((r) => r.getBoundingClientRect().bottom > edge);
	return { Row: row.querySelector('.row-title').textContent, Below: row.getBoundingClientRect().top - edge, Waits: Boolean(document.querySelector('script[blocking]')) };
})()`

// A list keeps its reader's place when it is loaded again and when they come back from a
// case, whatever came in above meanwhile, and is not shown anywhere else before. Whoever
// comes by a link begins at the top, and waits for no script.
func TestAListKeepsItsPlace(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	for i := range 40 {
		c := h.opened(fmt.Sprintf("Printer %d is stuck", i), "It says so.", "T1:UEMI", desk.SeverityNormal)
		if i < 12 {
			h.join(c, s.jane)
		}
	}
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	came := func(path string) {
		t.Helper()
		tab.Until(fmt.Sprintf(`location.pathname + location.search === %q && document.querySelector('main .row') && document.documentElement.classList.contains('js')`, path))
	}
	for _, tt := range []struct {
		path   string
		top    float64
		still  bool // shown before its script when it begins at the top
		widths []int64
	}{{"/", 700, true, []int64{1440, 390}}, {"/cases", 700, true, []int64{1440}}, {"/cases?q=printer", 700, false, []int64{390}}, {"/chats", 250, false, []int64{1440}}} {
		for _, width := range tt.widths {
			where := fmt.Sprintf("%s at %d px", tt.path, width)
			same := func(why string, want stand) {
				t.Helper()
				if got := browsertest.Read[stand](tab, stands); got.Row != want.Row || math.Abs(got.Below-want.Below) > 1 {
					t.Errorf("%s: %s %q stands at %g, want %q at %g", where, why, got.Row, got.Below, want.Row, want.Below)
				} else if !got.Waits {
					t.Errorf("%s: %s it was shown elsewhere before", where, why)
				}
			}
			tab.Resize(width, 600)
			tab.Script(`document.cookie = 'caseline_place=; Path=/; Max-Age=0'`)
			tab.Visit(h.http.URL + "/me") // from where a link leads there
			tab.Visit(h.http.URL + tt.path)
			if got := browsertest.Read[float64](tab, `document.querySelector('main .scroll').scrollTop`); got != 0 {
				t.Errorf("%s: a visit begins at %g", where, got)
			}
			if got := browsertest.Read[stand](tab, stands); got.Waits == tt.still {
				t.Errorf("%s: it waits for its script: %v", where, got.Waits)
			}
			tab.Script(fmt.Sprintf(`document.querySelector('main .scroll').scrollTop = %g`, tt.top))
			tab.Until(fmt.Sprintf(`document.cookie.includes('caseline_place=' + encodeURIComponent(%q))`, tt.path))
			left := browsertest.Read[stand](tab, stands)
			if left.Row == "" || left.Below == 0 {
				t.Fatalf("%s: it does not scroll: %+v", where, left)
			}
			tab.Reload()
			same("loaded again,", left)

			tab.Script(`[...document.querySelectorAll('main .row-link')].find((e) => e.getBoundingClientRect().top > 300).click()`)
			tab.Until(`document.body.dataset.case && ` + alive)
			c := h.opened(fmt.Sprintf("Printer of %s at %d px", tt.path, width), "Now.", "T1:UEMI", desk.SeverityCritical)
			if tt.path == "/chats" {
				h.join(c, s.jane)
			}
			tab.Script(`history.back()`)
			came(tt.path)
			same("come back from a case,", left)
			tab.Sees("main .rows", c.Subject)
		}
	}

	// By the button that says so, too; and by a link the list is at its top again.
	tab.Resize(390, 600)
	tab.Visit(h.http.URL + "/cases")
	tab.Script(`document.querySelector('main .scroll').scrollTop = 500`)
	tab.Until(`document.cookie.includes('caseline_place=%2Fcases')`)
	left := browsertest.Read[stand](tab, stands)
	tab.Visit(h.http.URL + "/cases/" + string(s.resolved.Number))
	tab.Click(".head-back")
	came("/cases")
	if got := browsertest.Read[stand](tab, stands); got.Row != left.Row || math.Abs(got.Below-left.Below) > 1 {
		t.Errorf("by the button: got %+v, want %+v", got, left)
	}
	h.opened("Printers, all of them", "Now.", "T1:UEMI", desk.SeverityCritical) // comes in above what is read
	tab.Sees("main .rows", "Printers, all of them")
	if got := browsertest.Read[stand](tab, stands); got.Row != left.Row || math.Abs(got.Below-left.Below) > 1 {
		t.Errorf("a row came in above: got %+v, want %+v", got, left)
	}
	tab.Visit(h.http.URL + "/cases/" + string(s.resolved.Number))
	tab.Script(`location.assign('/cases')`)
	came("/cases")
	if got := browsertest.Read[float64](tab, `document.querySelector('main .scroll').scrollTop`); got != 0 {
		t.Errorf("a link leads to %g", got)
	}
	tab.Until(`!document.cookie.includes('caseline_place')`)
}

// The work list beside a case stands where it stood beside the case before, and when the
// page is loaded again, whatever came in above; the row of the case is in sight.
func TestTheWorkListKeepsItsPlace(t *testing.T) {
	h := newHouse(t)
	fill(h)
	first := h.opened("The first printer is stuck", "It says so.", "T1:UEMI", desk.SeverityNormal)
	for i := range 30 {
		h.opened(fmt.Sprintf("Printer %d is stuck", i), "It says so.", "T1:UEMI", desk.SeverityNormal)
	}
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Resize(1440, 600)
	const work = `(() => {
		const list = document.getElementById('worklist'), edge = list.getBoundingClientRect().top;
		const row = [...list.querySelectorAll('.workrow')].find((r) => r.getBoundingClientRect().bottom > edge + 20);
		return { Row: row.querySelector('.workrow-subject').textContent, Below: row.getBoundingClientRect().top - edge, Waits: Boolean(document.querySelector('script[blocking]')) };
	})()`
	same := func(why string, want stand) {
		t.Helper()
		if got := browsertest.Read[stand](tab, work); got.Row != want.Row || math.Abs(got.Below-want.Below) > 1 || !got.Waits {
			t.Errorf("%s, %q stands at %g (waits: %v), want %q at %g", why, got.Row, got.Below, got.Waits, want.Row, want.Below)
		}
	}
	tab.Visit(h.http.URL + "/cases/" + string(first.Number))
	tab.Until(alive)
	tab.Script(`document.getElementById('worklist').scrollTop = 900`)
	left := browsertest.Read[stand](tab, work)
	if left.Below == 0 || browsertest.Read[float64](tab, `document.getElementById('worklist').scrollTop`) < 900 {
		t.Fatalf("it does not scroll: %+v", left)
	}
	tab.Script(`[...document.querySelectorAll('.workrow-link')].find((e) => e.getBoundingClientRect().top > 300).click()`)
	tab.Until(`document.body.dataset.number !== '` + string(first.Number) + `' && ` + alive)
	same("beside the next case", left)
	h.opened("The printers", "Now.", "T1:UEMI", desk.SeverityCritical)
	tab.Sees("#worklist", "The printers")
	same("with a case that came in above", left)
	tab.Reload()
	tab.Until(alive)
	same("loaded again", left)

	tab.Visit(h.http.URL + "/cases/" + string(first.Number)) // stands far from there
	tab.Until(alive)
	if !browsertest.Read[bool](tab, `(() => {
		const row = document.querySelector('#worklist [aria-current]').getBoundingClientRect(), list = document.getElementById('worklist').getBoundingClientRect();
		return row.top > document.querySelector('#worklist h2').getBoundingClientRect().bottom - 1 && row.bottom < list.bottom + 1;
	})()`) {
		t.Error("the row of the case is out of sight")
	}
}

// Only the page that was left other than at its top waits for its script.
func TestOnlyAPageThatWasLeftWaitsForItsScript(t *testing.T) {
	h := newHouse(t)
	fill(h)
	in := h.signedIn("jane@example.com")
	for _, tt := range []struct {
		left, path string
		waits      bool
	}{{"", "/cases", false}, {"/cases", "/cases", true}, {"/cases", "/", false}, {"/", "/", true}, {"/cases?before=1799999999000000", "/cases?before=1799999999000000", true}, {"%zz", "/", false}} {
		cookie := (&http.Cookie{Name: "caseline_place", Value: url.PathEscape(tt.left)}).String()
		if tt.left == "%zz" {
			cookie = "caseline_place=%zz"
		}
		_, waits := parsePage(t, in.get(tt.path, "Cookie", cookie).body).one(t, "script").attrs["blocking"]
		if waits != tt.waits {
			t.Errorf("left at %q, %s waits: %v", tt.left, tt.path, waits)
		}
	}
}
