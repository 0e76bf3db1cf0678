package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/casework/rosters"
	"caseline/internal/casework/setup"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
)

// manyOffice is an office with much of everything: 50 accounts, 500 services, 200
// agents, 40 teams and 300 canned replies.
func manyOffice(t *testing.T) *whole {
	t.Helper()
	w := wholeOffice(t)
	h, ctx := w.house, t.Context()
	for i := range 48 {
		_, err := h.setup.AddAccount(ctx, setup.AddAccount{By: w.by(), ID: fmt.Sprintf("5000000000%02d", i), Alias: fmt.Sprintf("%s %d", []string{"Meridian Health", "Bolt Works", "Ågård and Sons", "The Northern Light Company"}[i%4], i)})
		w.must(err)
	}
	names := []string{"Amélie Dufour", "Ben Okafor", "Chiara de Luca", "Dmitri Volkov", "Eun-ji Park"}
	var members []desk.AgentID
	h.update(func(tx store.Tx) error {
		for i := range 195 {
			a := desk.Agent{ID: desk.AgentID(fmt.Sprintf("many%03d", i)), Name: fmt.Sprintf("%s %d", names[i%len(names)], i), Email: fmt.Sprintf("many%d@example.com", i), Role: desk.RoleAgent}
			if err := tx.SaveAgent(ctx, &a); err != nil {
				return err
			}
			members = append(members, a.ID)
		}
		for i := range 300 {
			c := personal.Canned{ID: personal.CannedID(fmt.Sprintf("many%03d", i)), Name: fmt.Sprintf("answer-%d", i), Text: "Hello {{customer}}, this is how it is done. " + strings.Repeat("Then go on. ", i%9), ChangedAt: h.now()}
			if err := tx.SaveCanned(ctx, &c); err != nil {
				return err
			}
		}
		return nil
	})
	do := rosters.New(h.store, h.clock.now)
	for i := range 39 {
		_, err := do.SaveTeam(ctx, desk.ByItself(), roster.Team{Name: fmt.Sprintf("Team %s %d", []string{"north", "billing by night", "of those who know"}[i%3], i), Members: members[i*5 : i*5+5]})
		w.must(err)
	}
	var yaml strings.Builder
	yaml.WriteString("issue_types:\n  - code: technical\n    name: Technical question\n    services:\n")
	for i := range 500 {
		fmt.Fprintf(&yaml, "      - code: service-%d\n        name: Service number %d of the platform\n        categories:\n          - code: other\n            name: Other\n", i, i)
	}
	yaml.WriteString("severities:\n  - code: high\n    name: High\n    first_response: 1h\n  - code: low\n    name: Low\n    first_response: 1d\nlanguages:\n  - code: en\n    name: English\n")
	in := h.signedIn("olivia@example.com")
	if got := in.post("/setup/catalogue/yaml", url.Values{"text": {yaml.String()}, "version": {"1"}}); got.status != http.StatusOK {
		t.Fatalf("the catalogue: got %d", got.status)
	}
	return w
}

// manyPages are the pages that list or choose what there is much of.
func manyPages(w *whole) map[string]string {
	return map[string]string{
		"setup": "/setup", "agents": "/setup/agents", "teams": "/teams", "team": "/teams/" + string(w.team.ID), "seat": "/seats/" + string(w.s.omar.ID),
		"replies": "/replies", "reports": "/reports", "catalogue": "/setup/catalogue", "type": "/setup/catalogue/types/technical", "preview": "/setup/catalogue/preview",
		"cases": "/cases", "chats": "/chats", "audit": "/audit", "privacy": "/privacy", "case": "/cases/" + string(w.s.requested.Number),
	}
}

// How large a page may be, in bytes before it is packed and in elements: one that lists
// or offers all of something of which there are hundreds, and any other. A browser
// takes a moment for several thousand elements.
const (
	largePage, largeElements = 192 << 10, 4000
	plainPage, plainElements = 64 << 10, 1600
)

// The pages that list or choose much are answered, and none is so large that a
// browser takes a moment.
func TestPagesOfALargeHouse(t *testing.T) {
	w := manyOffice(t)
	in := w.house.signedIn("olivia@example.com")
	for name, path := range manyPages(w) {
		got := in.get(path)
		if got.status != http.StatusOK {
			t.Errorf("%s: got %d", name, got.status)
		}
		bytes, elements := plainPage, plainElements
		switch name {
		case "agents", "teams", "replies", "reports":
			bytes, elements = largePage, largeElements
		}
		n := strings.Count(got.body, "<") - strings.Count(got.body, "</")
		if len(got.body) > bytes || n > elements {
			t.Errorf("%s: %d bytes and %d elements, want at most %d and %d", name, len(got.body), n, bytes, elements)
		}
		if len(got.body) < 8<<10 {
			t.Errorf("%s: only %d bytes, so it does not list what there is", name, len(got.body))
		}
	}
}

// In what is long one finds by typing, whatever the accents; what is ticked stays.
func TestLongListsAreFoundInByTyping(t *testing.T) {
	w := manyOffice(t)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, w.house, "olivia@example.com")
	tab.Visit(w.house.http.URL + "/teams/" + string(w.team.ID))
	tab.Until(alive)
	shown := `[...document.querySelectorAll('input[name=members]')].filter((e) => e.checkVisibility())`
	tab.Until(shown + `.length > 190`)
	tab.Script(`document.querySelector('.skills .sift').focus()`)
	tab.Press("amelie dufour 10")
	tab.Until(shown + `.map((e) => e.parentNode.textContent.trim()).sort().join() === ['Amélie Dufour 10', 'Amélie Dufour 100', 'Amélie Dufour 105', 'Omar Haddad'].join()`)

	tab.Visit(w.house.http.URL + "/reports")
	tab.Until(alive + ` && document.querySelectorAll('select ~ .sift, .field .sift').length > 0`)
	tab.Script(`document.querySelector('#agent').parentNode.querySelector('.sift').focus()`)
	tab.Press("chiara de luca 12" + browsertest.Enter)
	tab.Until(`document.querySelector('#agent').selectedOptions[0].textContent.startsWith('Chiara de Luca 12')`)
}
