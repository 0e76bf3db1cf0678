package console_test

import (
	"fmt"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

// uneven are the rows of boxes in which one stands alone or that leave a hole.
const uneven = `(() => {
	const wrong = [];
	for (const [all, whole] of [['.wall-today > div', true], ['.wall-now > .figure', false]]) {
		const rows = Map.groupBy(document.querySelectorAll(all), (box) => Math.round(box.getBoundingClientRect().top));
		const inner = document.querySelector(all).parentElement.getBoundingClientRect().right;
		const counts = [...rows.values()].map((row) => row.length);
		const ends = [...rows.values()].map((row) => Math.max(...row.map((box) => box.getBoundingClientRect().right)));
		if (whole && new Set(counts).size > 1) wrong.push(all + ' in rows of ' + counts);
		if (ends.some((end) => inner - end > 32)) wrong.push(all + ' leaves a hole');
	}
	return wrong.join('; ');
})()`

// The figures of the wall stand in whole rows on every width, and what there is not is
// said as large as what there is.
func TestTheWallLeavesNoHoles(t *testing.T) {
	l := newLed(t)
	for i := range 13 { // more than are listed
		l.opened(fmt.Sprintf("More %d", i), "Please.", "T1:UEMI", desk.SeverityCritical)
	}
	l.catch()
	tab := browsertest.Open(t).Tab("lead")
	signIn(tab, l.house, "lena@example.com")
	for _, page := range []string{"/wall", "/wall?screen"} {
		for _, width := range []int64{2560, 1920, 1440, 1024, 768, 390} {
			tab.Resize(width, 900)
			tab.Visit(l.http.URL + page)
			tab.Until(`document.documentElement.classList.contains('js')`)
			if wrong := browsertest.Read[string](tab, uneven); wrong != "" {
				t.Errorf("%s, %d px: %s", page, width, wrong)
			}
			if browsertest.Shoots() {
				tab.Picture(fmt.Sprintf("even%s-%d", strings.ReplaceAll(page, "/", "-"), width))
			}
		}
	}
	tab.Sees(".wall-now", "13 of them in 15 min")
}

// tooLong are the texts whose lines are longer than people read well, and what is wider
// than the page.
const tooLong = `(() => {
	const wrong = [];
	if (document.documentElement.scrollWidth > innerWidth) wrong.push('the page is ' + document.documentElement.scrollWidth + ' px wide');
	for (const p of document.querySelectorAll('main :is(p, dd, .prose, blockquote, .field-note)')) {
		const words = document.createRange();
		words.selectNodeContents(p);
		const line = Math.max(0, ...[...words.getClientRects()].map((r) => r.width)) / parseFloat(getComputedStyle(p).fontSize);
		if (line > 60) wrong.push(p.tagName + '.' + p.className + ': a line of ' + Math.round(line) + ' em: ' + p.textContent.slice(0, 40));
	}
	return wrong.join('; ');
})()`

// On a very wide screen lines stay readable, and on no screen is a page wider than it,
// also where there is much on it.
func TestPagesFitWideAndNarrowScreens(t *testing.T) {
	l := newLed(t)
	l.history(30, 6)
	l.say(l.running, "T1:UALICE", strings.Repeat("All of this happens every time, whatever we try, and it began this morning. ", 12))
	tab := browsertest.Open(t).Tab("lead")
	signIn(tab, l.house, "lena@example.com")
	for name, page := range map[string]string{"queue": "/", "chats": "/chats", "case": "/cases/" + string(l.running.Number), "cases": "/cases", "reports": "/reports", "today": "/reports?period=1"} {
		for _, width := range []int64{2560, 1440, 390} {
			tab.Resize(width, 1000)
			tab.Visit(l.http.URL + page)
			tab.Until(`document.documentElement.classList.contains('js')`)
			if wrong := browsertest.Read[string](tab, tooLong); wrong != "" {
				t.Errorf("%s, %d px: %s", page, width, wrong)
			}
			if browsertest.Shoots() {
				tab.Picture(fmt.Sprintf("fits-%s-%d", name, width))
			}
		}
	}
}

// Eleven measures of each group fit at 1440 px; where there are more, or less room, the
// table scrolls, by keyboard too, and a shade says that it does.
func TestB12_TheColumnsOfAReportAreInSight(t *testing.T) {
	l := newLed(t)
	l.history(30, 14)
	l.agent("arno@example.com", "Arno Vogt", desk.RoleAuditor)
	tab := browsertest.Open(t).Tab("lead")
	signIn(tab, l.house, "lena@example.com")
	tab.Resize(1440, 1000)
	tab.Visit(l.http.URL + "/reports")
	tab.Script(`document.querySelectorAll('.numbers-wide :is(th, td):nth-child(n+13)').forEach((cell) => cell.remove())`)
	if out := browsertest.Read[int](tab, `(() => { const box = document.querySelector('.table-scroll:has(.numbers-wide)'); return box.scrollWidth - box.clientWidth; })()`); out > 0 {
		t.Errorf("%d px of the table are out of sight", out)
	}
	bare := browsertest.Read[string](tab, `[...document.querySelectorAll('.table-scroll')].filter((box) => box.tabIndex !== 0 || box.getAttribute('role') !== 'region' || !box.getAttribute('aria-label') || !getComputedStyle(box).backgroundImage.includes('gradient')).map((box) => box.outerHTML.slice(0, 80)).join(' ')`)
	if bare != "" {
		t.Errorf("without a shade, a name or the keyboard: %s", bare)
	}
	tab.Lacks("#agent", "Arno Vogt")
	tab.Sees("#agent", "Jane Doe")
	if browsertest.Shoots() {
		tab.Script(`document.querySelector('#by-title').scrollIntoView()`)
		tab.Picture("columns-1440")
		tab.Resize(1024, 900)
		tab.Script(`document.querySelector('#by-title').scrollIntoView()`)
		tab.Picture("columns-1024")
		tab.Resize(390, 900)
		tab.Script(`document.querySelector('#by-title').scrollIntoView()`)
		tab.Picture("columns-390")
	}
}
