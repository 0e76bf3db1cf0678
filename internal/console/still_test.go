package console_test

import (
	"fmt"
	"math"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/console"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// everyPage are addresses by whose page they are: one of each door, and of the pages of a
// case one in each state.
func everyPage(o *whole) map[string][]string {
	number := func(c desk.Case) string { return "/cases/" + string(c.Number) }
	account := "/setup/accounts/" + string(northwind)
	doors, taken := doorsOf(o), map[string]bool{}
	var operators []string
	for _, path := range append([]string{"/setup", "/setup/agents", account, account + "/channels/new", account + "/channels/T1/C0PLATFORM", "/audit", "/privacy?q=car"}, o.paths()...) {
		if door := doorOf(doors, path); !taken[door] {
			taken[door] = true
			operators = append(operators, path)
		}
	}
	return map[string][]string{
		"jane@example.com": {"/", "/chats", "/cases", "/cases?q=the", "/me", "/me/notifications", "/replies", number(o.s.running), number(o.s.ended), number(o.s.requested), number(o.s.watched), number(o.s.resolved)},
		"omar@example.com": operators,
		"arno@example.com": {"/", number(o.s.running)},
	}
}

// No page jumps when it loads, whoever it is for, nor is it wider than the window or has
// lines that are too long, on a phone as on a very wide screen.
func TestEveryPageStandsStillAndFits(t *testing.T) {
	o := wholeOffice(t)
	o.agent("arno@example.com", "Arno Vogt", desk.RoleAuditor)
	for who, paths := range everyPage(o) {
		tab := browsertest.Open(t).Tab(who)
		signIn(tab, o.house, who)
		for _, width := range []int64{390, 768, 1440, 2560} {
			tab.Resize(width, 900)
			for _, path := range paths {
				tab.Visit(o.http.URL + path)
				tab.Script(watchShifts)
				tab.Until(`document.documentElement.classList.contains('js')`)
				if wrong := browsertest.Read[string](tab, tooLong); wrong != "" {
					t.Errorf("%s at %d px: %s", path, width, wrong)
				}
				if got := browsertest.Read[float64](tab, shifts); got > 0 {
					t.Errorf("%s at %d px: things jump by %g when it loads: %s", path, width, got, browsertest.Read[string](tab, jumped))
				}
			}
		}
	}
}

// inSight are what somebody reads, rows or entries by their names, and where on the screen
// each stands, in px.
const inSight = `(() => {
	const list = document.querySelector('main .scroll, .log-scroll').getBoundingClientRect();
	const all = [...document.querySelectorAll('main .row, #log > .entry')].map((e) => [e.dataset.key || e.id, e.getBoundingClientRect()]);
	return Object.fromEntries(all.filter(([, at]) => at.top >= list.top && at.bottom <= list.bottom).map(([name, at]) => [name, at.top]));
})()`

// grownOrList is that nothing of a log is being fetched, and nothing is left to be.
const grownOrList = `!document.getElementById('log') || ` + grown + ` && !document.getElementById('earlier')`

// shown waits until the page has been shown as it is now.
func shown(tab *browsertest.Tab) {
	tab.Script(`window.drawn = false; requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = true; }))`)
	tab.Until(`window.drawn`)
}

// What comes by itself, a message above the page, a chat that is offered or what is told
// in passing, moves nothing of what somebody reads.
func TestWhatComesByItselfMovesNothing(t *testing.T) {
	var health atomic.Pointer[work.Health]
	health.Store(&work.Health{})
	h := newHouse(t, func(opt *console.Options) { opt.Health = func() work.Health { return *health.Load() } })
	s := fill(h)
	for i := range 30 {
		h.opened(fmt.Sprintf("Printer %d is stuck", i), "It says so.", "T1:UEMI", desk.SeverityCritical)
	}
	h.sayMany(s.running, 60)
	banner := func(on bool) {
		health.Store(&work.Health{})
		if on {
			health.Store(&work.Health{Since: h.clock.now().Add(-4 * time.Minute)})
		}
		h.update(func(tx store.Tx) error {
			return tx.SaveWorkspace(t.Context(), &served.Workspace{ID: "T1", Name: "Northwind"})
		})
	}
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	for _, path := range []string{"/", "/cases/" + string(s.running.Number)} {
		for _, width := range []int64{1440, 390} {
			tab.Resize(width, 900)
			tab.Visit(h.http.URL + path)
			tab.Until(`document.querySelector('#linkstate[hidden]') && performance.getEntriesByType('resource').some((r) => r.name.includes('/worklist?') || r.name.endsWith(document.querySelector('[data-list]')?.dataset.list))`)
			for _, top := range []float64{0, 300} {
				tab.Script(fmt.Sprintf(`document.querySelector('main .scroll, .log-scroll').scrollTop = %g`, top))
				tab.Until(grownOrList)
				shown(tab)
				tab.Script(fmt.Sprintf(`document.querySelector('main .scroll, .log-scroll').scrollTop = %g`, top)) // also after what stands before has come
				shown(tab)
				read := browsertest.Read[map[string]float64](tab, inSight)
				if len(read) < 3 {
					t.Fatalf("%s at %d px: only %d are in sight", path, width, len(read))
				}
				still := func(what string) {
					t.Helper()
					shown(tab)
					found := 0
					for name, at := range browsertest.Read[map[string]float64](tab, inSight) {
						was, had := read[name]
						if found++; had && math.Abs(at-was) > 1 {
							t.Errorf("%s at %d px, scrolled by %g: %s moves what is read from %g to %g", path, width, top, what, was, at)
						}
					}
					if found < 2 {
						t.Errorf("%s at %d px: %s leaves only %d in sight", path, width, what, found)
					}
				}
				banner(true)
				tab.Until(`document.querySelector('.banner')`)
				still("a message above the page")
				banner(false)
				tab.Until(`!document.querySelector('.banner')`)
				still("its going")
				h.online(s.jane)
				h.offers()
				tab.Until(`document.querySelector('.offer')?.checkVisibility()`)
				still("an offer")
				tab.Press("P")
				tab.Until(`!document.querySelector('.offer')`)
				still("its going")
				tab.Script(`document.dispatchEvent(new CustomEvent('signedout'))`) // which is told in passing, and beside the link's state
				tab.Until(`document.querySelector('.toast')`)
				still("what is told in passing")
			}
			if path == "/" {
				continue
			}
			end := func(what string) {
				t.Helper()
				shown(tab)
				if left := browsertest.Read[float64](tab, `(s => s.scrollHeight - s.scrollTop - s.clientHeight)(document.querySelector('.log-scroll'))`); left > 1 {
					t.Errorf("%s at %d px: %s takes who reads the end %g px away from it", path, width, what, left)
				}
			}
			tab.Script(`document.querySelector('.log-scroll').scrollTop = 1e6`)
			end("going there")
			banner(true)
			tab.Until(`document.querySelector('.banner')`)
			end("a message above the page")
			banner(false)
			tab.Until(`!document.querySelector('.banner')`)
			end("its going")
		}
	}
}
