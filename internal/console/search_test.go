package console_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/casework"
	"caseline/internal/catalogue"
	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
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

func TestB11_CasesAreFoundByServiceLanguageAndRequester(t *testing.T) {
	book := &shelf{}
	book.Store(catalogue.Of(services(2)))
	h := newHouse(t, func(o *console.Options) { o.Book = book })
	h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	for subject, about := range map[string][4]string{
		"one": {"T1:UALICE", "technical", "service-1", "en"}, "two": {"T1:UBOB", "technical", "service-1", "de"},
		"three": {"T1:UALICE", "billing", "service-1", "en"}, "four": {"T1:UEMI", "technical", "gone", ""},
	} {
		_, err := h.cases.Open(t.Context(), casework.Open{
			Account: "481516234200", Workspace: "T1", Asked: "T1/C1", Requester: desk.PersonID(about[0]), Subject: subject, Description: "It jams.",
			Severity: desk.SeverityLow, IssueType: about[1], Service: about[2], Language: about[3], Origin: h.origin(),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	b := h.signedIn("jane@example.com")
	find := func(query string) (doc *node, found string) {
		t.Helper()
		doc = parsePage(t, b.get("/cases?"+query).body)
		var subjects []string
		for _, n := range doc.all(".rows-found .row-title") {
			subjects = append(subjects, n.text)
		}
		slices.Sort(subjects)
		return doc, strings.Join(subjects, " ")
	}
	for query, want := range map[string]string{
		"service=technical%2Fservice-1": "one two", "service=technical%2Fservice-1&language=de": "two", "language=en": "one three",
		"service=technical%2Fgone": "four", "service=service+number+1": "one three two", "service=Service+number+1+%C2%B7+Billing": "three",
		"requester=T1:UALICE": "one three", "requester=alice+chen": "one three", "requester=%40martinez&q=jams": "two", "requester=emi&service=billing": "",
	} {
		if _, got := find(query); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}

	doc, _ := find("service=technical%2Fservice-1&language=de&requester=T1:UALICE")
	if got := doc.one(t, `.seek select[name=service] optgroup option[selected]`).attrs["value"]; got != "technical/service-1" {
		t.Errorf("the service is %q", got)
	}
	if got := doc.one(t, `.seek select[name=language] option[selected]`).text; got != "German" {
		t.Errorf("the language is %q", got)
	}
	if got := doc.one(t, `.seek input[name=requester]`).attrs["value"]; got != "Alice Chen" {
		t.Errorf("the requester is %q", got)
	}
	var suggested []string
	for _, n := range doc.all("#seek-requester option") {
		suggested = append(suggested, n.attrs["value"])
	}
	if got := strings.Join(suggested, ", "); got != "Alice Chen, Bob Martínez, Emi Sato" {
		t.Errorf("suggested: %s", got)
	}
	doc, _ = find("service=technical%2Fgone")
	if got := doc.one(t, `.seek select[name=service] option[selected]`).text; got != "gone · Technical" {
		t.Errorf("a service that is gone is %q", got)
	}
	for query, want := range map[string]string{"requester=zoe": "Nobody is called “zoe”", "service=fax": "No service is called “fax”"} {
		doc, _ := find(query)
		if got := doc.says(t, ".empty #problem"); !strings.Contains(got, want) {
			t.Errorf("%s: got %q", query, got)
		}
		name, _, _ := strings.Cut(query, "=")
		if n := len(doc.all(".seek [name=" + name + "][aria-invalid=true]")); n != 1 {
			t.Errorf("%s: %d fields are marked", query, n)
		}
	}

	// A service among very many is typed.
	book.Store(catalogue.Of(services(101)))
	doc, found := find("service=Service+number+1+%C2%B7+Billing")
	if got := doc.one(t, `.seek input[name=service]`); got.attrs["value"] != "Service number 1 · Billing" || found != "three" {
		t.Errorf("found %q with %q", found, got.attrs["value"])
	}
	if n := len(doc.all("#seek-service option")); n != 2 {
		t.Errorf("%d services are suggested, want those of lately", n)
	}
	if doc, _ := find("service=service"); !strings.Contains(doc.says(t, ".empty"), "More than 100 services") {
		t.Error("a word that fits all services is looked for")
	}
}

// A shelf has one book after another.
type shelf struct{ atomic.Pointer[catalogue.Book] }

func (s *shelf) Catalogue() *matters.Catalogue { return s.Load().Catalogue() }
func (s *shelf) Matters(typed string, limit int) []matters.Matter {
	return s.Load().Matters(typed, limit)
}

// services is a catalogue with n services of each of two issue types.
func services(n int) *matters.Catalogue {
	c := &matters.Catalogue{
		IssueTypes: []matters.IssueType{{Code: "technical", Name: "Technical"}, {Code: "billing", Name: "Billing"}},
		Languages:  []matters.Language{{Code: "en", Name: "English"}, {Code: "de", Name: "German"}},
	}
	for i := range c.IssueTypes {
		for k := range n {
			c.IssueTypes[i].Services = append(c.IssueTypes[i].Services, matters.Service{Code: fmt.Sprintf("service-%d", k), Name: fmt.Sprintf("Service number %d", k)})
		}
	}
	return c
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

	// A requester is typed by name.
	tab.Visit(h.http.URL + "/cases")
	tab.Script(`document.querySelector('.seek-more > summary').focus()`)
	tab.Press(browsertest.Enter)
	tab.Script(`document.querySelector('.seek [name=requester]').focus()`)
	tab.Press("@alice" + browsertest.Enter)
	tab.Until(`new URLSearchParams(location.search).get('requester') === '@alice' && document.querySelectorAll('.rows-found .row').length > 0`)
}
