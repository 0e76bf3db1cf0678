package console_test

import (
	"fmt"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/desk/routing"
)

// What was looked for and older cases are kept true while they are read, though another
// case's change has nothing looked for anew. Who waits there has a reason that changes with
// others.
func TestWhatWasFoundIsKeptTrue(t *testing.T) {
	p := &planned{why: routing.Reason{Kind: routing.NobodyHere}}
	h := newHouse(t, func(o *console.Options) { o.Board = p.board })
	p.h = h
	s := fill(h)
	var printers []desk.Case
	for i := range 60 {
		printers = append(printers, h.opened(fmt.Sprintf("Printer %d is stuck", i), "It says so.", "T1:UEMI", desk.SeverityNormal))
		h.join(printers[i], s.omar)
	}
	tab := browsertest.Open(t).Tab("found")
	signIn(tab, h, "jane@example.com")
	visit := func(path string) {
		t.Helper()
		tab.Visit(h.http.URL + path)
		tab.Until(alive + ` && document.querySelector('#linkstate[hidden]')`)
		tab.Script(`window.asked = 0; const real = window.fetch;
			window.fetch = (url, options) => { if (String(url).startsWith('/cases?')) window.asked++; return real(url, options); };`)
	}
	row := func(c desk.Case) string {
		return fmt.Sprintf(`document.querySelector('[data-rows] [data-key="%s"]')`, c.ID)
	}
	visit("/cases")
	older := browsertest.Read[string](tab, `document.querySelector('.more a').getAttribute('href')`)
	n := browsertest.Read[float64](tab, `Number(document.querySelector('[data-count=waiting]').textContent)`)
	for path, c := range map[string]desk.Case{"/cases?q=printer": printers[59], "/cases?q=printer&severity=normal": printers[58], older: printers[0]} {
		visit(path)
		tab.Until(row(c) + `.querySelector('.row-sev').textContent.trim() === 'Normal'`)
		h.severity(c, s.omar, desk.SeverityCritical)
		if path == "/cases?q=printer" {
			tab.Until(row(c) + `.querySelector('.row-sev').textContent.trim() === 'Critical'`)
		} else { // it is no longer normal, or one of the newest
			tab.Until(`!` + row(c))
		}
		var asked []float64
		for range 3 { // the first two may still see the page's begin, and the change twice
			h.severity(s.running, s.omar, map[bool]desk.Severity{true: desk.SeverityLow, false: desk.SeverityHigh}[len(asked) == 1]) // is not among them
			h.opened(fmt.Sprintf("Another matter %g", n), "Now.", "T1:UALICE", desk.SeverityCritical)
			n++
			tab.Until(fmt.Sprintf(`document.querySelector('[data-count=waiting]').textContent === '%g'`, n))
			asked = append(asked, browsertest.Read[float64](tab, `window.asked`))
		}
		if asked[0] < 1 || asked[2] != asked[1] {
			t.Errorf("%s: it was looked for %v times after each thing that happened elsewhere", path, asked)
		}
	}

	visit("/cases?q=matter")
	tab.Until(`document.querySelectorAll('[data-rows] .row-wait').length === 9`)
	p.why = routing.Reason{Kind: routing.Full}
	h.opened("The door is locked", "Now.", "T1:UALICE", desk.SeverityCritical)
	tab.Until(`[...document.querySelectorAll('[data-rows] .row-wait')].every((w) => w.textContent === 'Everybody who can take it is busy')`)
}
