package catalogue

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
)

func TestDefault(t *testing.T) {
	b, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	c := b.Catalogue()
	n := 0
	for _, it := range c.IssueTypes {
		n += len(it.Services)
	}
	if len(c.IssueTypes) != 2 || n < 25 {
		t.Errorf("got %d issue types with %d services", len(c.IssueTypes), n)
	}
	for _, s := range desk.Severities() {
		if got := c.Called(s).FirstResponse; got != s.FirstResponse() {
			t.Errorf("%s is answered within %s by default, and %s without a catalogue", s, got, s.FirstResponse())
		}
	}
}

const wrong = `severities:
  - {code: low, name: Low, first_response: soon}
  - {code: awful, name: "", first_response: 1h}
languages:
  - {code: en, name: English, no_chat: [gone]}
  - {code: en, name: Again}
hours:
  - time_zone: Berlin
    open: ["mon-fri 17:00-09:00", "someday 9-5", "sun 10:00-12:00"]
    holidays: [02-30, 2027-13-01, 12-25 Christmas]
    phone: 123
issue_types:
  - code: Technical
    name: Technical
    services: everything
  - code: account
    name: Account
    services:
      - code: bills
        name: Bills
        categories: []
`

func TestEveryProblemIsReportedWithItsLine(t *testing.T) {
	_, err := parse("c.yaml", []byte(wrong))
	found, ok := errors.AsType[Problems](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	want := []string{
		"c.yaml:2: severities[0].first_response", "c.yaml:3: severities[1].code", "c.yaml:3: severities[1].name",
		"c.yaml:5: languages[0].no_chat[0]", "c.yaml:6: languages[1].code",
		"c.yaml:8: hours[0].time_zone", "c.yaml:9: hours[0].open[0]", "c.yaml:9: hours[0].open[1]",
		"c.yaml:10: hours[0].holidays[0]", "c.yaml:10: hours[0].holidays[1]", "c.yaml:11: hours[0].phone",
		"c.yaml:13: issue_types[0].code", "c.yaml:15: issue_types[0].services", "c.yaml:21: issue_types[1].services[0].categories",
	}
	got := map[string]bool{}
	for _, p := range found {
		got[p.Path] = true
	}
	for _, path := range want {
		if !got[path] {
			t.Errorf("nothing is said about %s", path)
		}
	}
	if len(found) != len(want) {
		t.Errorf("got %d problems, want %d:\n%v", len(found), len(want), err)
	}
	for _, text := range []string{"", "- a\n- b\n", "a: [", "a: 1\n---\nb: 2\n", "x"} {
		if _, err := parse("c.yaml", []byte(text)); err == nil {
			t.Errorf("accepted %q", text)
		}
	}
}

func TestReloadKeepsTheCatalogueInForce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(string(defaultText))
	b, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	write(wrong)
	if err := b.Reload(); err == nil || b.Catalogue().IssueTypes[0].Name != "Technical support" {
		t.Errorf("got %v with %q", err, b.Catalogue().IssueTypes[0].Name)
	}
	write(strings.Replace(string(defaultText), "Technical support", "Help with technology", 1))
	if err := b.Reload(); err != nil || b.Catalogue().IssueTypes[0].Name != "Help with technology" {
		t.Errorf("got %v with %q", err, b.Catalogue().IssueTypes[0].Name)
	}
	if got := b.Services("technical", "", 3); len(got) != 3 {
		t.Errorf("got %d services", len(got))
	}
}

func TestServicesAreFoundByWhatIsTyped(t *testing.T) {
	b, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{"web": "web-app webhooks", "SIGN": "sign-in", "export backup": "data-export", "zzz": "", "app": "web-app mobile-app"} {
		var got []string
		for _, s := range b.Services("technical", typed, 2) {
			got = append(got, s.Code)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", typed, strings.Join(got, " "), want)
		}
	}
	if got := b.Services("none", "", 5); len(got) != 0 {
		t.Errorf("an unknown issue type has %d services", len(got))
	}
}

func TestServicesOfAllIssueTypesAreFound(t *testing.T) {
	b := Of(&matters.Catalogue{IssueTypes: []matters.IssueType{
		{Code: "technical", Name: "Technical support", Services: []matters.Service{{Code: "api", Name: "Interface"}, {Code: "web", Name: "Web application"}}},
		{Code: "billing", Name: "Bills", Services: []matters.Service{{Code: "web", Name: "Web shop"}, {Code: "other", Name: "Other, not technical"}}},
	}})
	for typed, want := range map[string]string{
		"": "technical/api technical/web billing/web", "web": "technical/web billing/web", "BILLS": "billing/web billing/other",
		"technical": "technical/api technical/web billing/other", "web bill": "billing/web", "shop technical": "",
		"Web application · Technical support": "technical/web", "other": "billing/other",
	} {
		var got []string
		for _, m := range b.Matters(typed, 3) {
			got = append(got, m.IssueType.Code+"/"+m.Service.Code)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", typed, strings.Join(got, " "), want)
		}
	}
	if n := b.Catalogue().Services(); n != 4 {
		t.Errorf("got %d services", n)
	}
}

func TestHours(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(defaultText), "issue_types:\n", `hours:
  - issue_types: [account]
    time_zone: Europe/Berlin
    open: [mon-fri 09:00-17:00, "sat 22:00-24:00"]
    holidays: ["12-25 Christmas", 2026-12-28]
issue_types:
`, 1)
	c, err := parse("c.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, always := c.HoursOf("technical", "en"); !always {
		t.Error("technical support has hours that are for accounts")
	}
	h, always := c.HoursOf("account", "en")
	if always {
		t.Fatal("account has no hours")
	}
	at := func(s string) time.Time {
		got, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	tests := []struct{ now, next string }{
		{"2026-12-22 09:00", ""},
		{"2026-12-22 16:59", ""},
		{"2026-12-22 17:00", "2026-12-23 09:00"},
		{"2026-12-22 08:59", "2026-12-22 09:00"},
		{"2026-12-24 18:00", "2026-12-26 22:00"}, // Friday is Christmas
		{"2026-12-26 23:59", ""},
		{"2026-12-27 00:00", "2026-12-29 09:00"}, // Monday is one, too
		{"2027-03-27 23:30", ""},
		{"2027-03-28 01:00", "2027-03-29 09:00"}, // the clock is put forward in between
	}
	for _, tt := range tests {
		open, next := h.Next(at(tt.now))
		switch {
		case open != (tt.next == ""):
			t.Errorf("%s: open is %v", tt.now, open)
		case tt.next != "" && !next.Equal(at(tt.next)):
			t.Errorf("%s: next is %s, want %s", tt.now, next, tt.next)
		}
	}
}

// BenchmarkServices answers what somebody types among 5,000 services.
func BenchmarkServices(b *testing.B) {
	c := &matters.Catalogue{IssueTypes: []matters.IssueType{{Code: "technical"}}}
	for i := range 5000 {
		c.IssueTypes[0].Services = append(c.IssueTypes[0].Services, matters.Service{
			Code: fmt.Sprintf("service-%d", i), Name: fmt.Sprintf("Service number %d of the catalogue", i),
		})
	}
	book := Of(c)
	for _, typed := range []string{"", "service number 4999", "4999 catalogue", "nothing"} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				book.Services("technical", typed, 100)
			}
		})
	}
}
