package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
)

func TestB11_CasesAreSearchedOnTheirPage(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	b := h.signedIn("jane@example.com")
	find := func(query string) *node {
		t.Helper()
		got := b.get("/cases?" + query)
		if got.status != 200 {
			t.Fatalf("%s: status %d", query, got.status)
		}
		return parsePage(t, got.body)
	}
	doc := find("q=" + url.QueryEscape(string(s.running.Number)))
	if rows := doc.all(".rows-found .row"); len(rows) != 1 || !strings.Contains(rows[0].text, string(s.running.Number)) {
		t.Errorf("by number: got %d rows", len(rows))
	}
	word := strings.Fields(s.running.Subject)[1]
	doc = find("q=" + url.QueryEscape(word) + "&status=open&severity=" + string(s.running.Severity))
	if marks := doc.all(".row-excerpt mark"); len(doc.all(".rows-found .row")) == 0 {
		t.Errorf("%q found nothing; marks: %d", word, len(marks))
	}
	if got := doc.one(t, `.seek input[name=q]`).attrs["value"]; got != word {
		t.Errorf("the field has %q, want %q", got, word)
	}
	if got := doc.one(t, `.seek select[name=status] option[selected]`).attrs["value"]; got != "open" {
		t.Errorf("the status is %q", got)
	}
	for query, want := range map[string]string{
		"q=zebra": "Nothing was found", "q=-zebra": "at least one word", "from=2026-03-02&to=2026-03-01": "before the first",
		"from=yesterday": "2026-03-31", "q=zebra&after=1.0": "No more cases",
	} {
		if got := find(query).says(t, ".empty"); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
	doc = find(`q=` + url.QueryEscape(`"><script>alert(1)</script>`))
	if strings.Contains(doc.says(t, ".scroll"), "<script>") || len(doc.all("main script")) > 0 {
		t.Error("what was typed is on the page as it is")
	}
}

func TestB11_SearchGoesPageByPage(t *testing.T) {
	h := newHouse(t)
	h.agent("jane@example.com", "Jane Doe", "agent")
	for n := range 30 {
		h.opened(fmt.Sprintf("Printer %d", n), "It jams.", "T1/U1", desk.SeverityLow)
	}
	b := h.signedIn("jane@example.com")
	seen := map[string]bool{}
	address, pages := "/cases?q=printer", 0
	for address != "" && pages < 9 {
		pages++
		doc := parsePage(t, b.get(address).body)
		for _, n := range doc.all(".rows-found .row-number") {
			seen[n.text] = true
		}
		address = ""
		if next := doc.all(`.more a[rel=next]`); len(next) > 0 {
			address = next[0].attrs["href"]
		}
	}
	if len(seen) != 30 || pages != 2 {
		t.Errorf("%d cases on %d pages, want 30 on 2", len(seen), pages)
	}
}

func TestB11_SearchByKeyboard(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases")
	number := string(s.running.Number)
	tab.Press("/")
	tab.Until(`document.activeElement.id === 'q'`)
	tab.Press(number + browsertest.Enter)
	tab.Until(`location.search === '?q=` + number + `' && document.querySelectorAll('.rows-found .row').length === 1 && document.documentElement.classList.contains('js')`)
	tab.Press("j")
	tab.Until(`document.activeElement.classList.contains('row-link')`)
	tab.Press(browsertest.Enter)
	tab.Until(`location.pathname === '/cases/` + number + `'`)
}
