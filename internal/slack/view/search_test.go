package view

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/sought"
)

func titles(id desk.AccountID) string { return "Acme <" + string(id) + ">" }

func found(n int, next string) sought.Found {
	f := sought.Found{Next: next}
	for i := range n {
		c := sample()
		c.Number = desk.NewCaseNumber(uint64(i))
		f.Hits = append(f.Hits, sought.Hit{Case: c, Seq: 2, Words: "The *gateway* is down & <!channel> cries, says [Bob](https://x.example)"})
	}
	return f
}

func TestResultsAreWhatSlackTakes(t *testing.T) {
	s := Search{Text: "gateway <!channel> *", Account: "1", From: "2026-01-01", To: "2026-02-01", Status: AnyOpen, Severity: "high", Requester: "U1"}
	for _, m := range []Message{
		Results(s, found(5, "9.5"), titles, names), Results(s.Onward("9.5"), found(2, ""), titles, names),
		Results(Search{}, sought.Found{}, titles, nil), Results(Search{Text: strings.Repeat("東\"\\", 70)}, sought.Found{Short: true, Growing: true, Next: "1.0"}, titles, nil),
		Shared("T1/U1", s, found(5, "9.5"), titles, names),
	} {
		checkMessage(t, m)
		text, err := json.Marshal(m)
		if err != nil || strings.Contains(string(text), "<!channel>") || strings.Contains(m.Text, "<!channel>") {
			t.Errorf("people are called: %s", text)
		}
	}
	if m := Results(s, found(1, ""), titles, names); !strings.Contains(m.Blocks[1].Text.Text, "*gateway*") {
		t.Errorf("what was found is not marked: %s", m.Blocks[1].Text.Text)
	}
	if got := buttons(Results(s.Onward("9.5"), found(5, "8.0"), titles, names).Blocks); !cmp.Equal(got[len(got)-4:], []string{
		ActionSearchPrevious, ActionSearchNext, ActionSearchEdit, ActionSearchShare,
	}) {
		t.Errorf("buttons: got %v", got)
	}
	if got := buttons(Shared("T1/U1", s, found(1, "8.0"), titles, names).Blocks); strings.Contains(fmt.Sprint(got), "search") {
		t.Errorf("shared results have buttons of the search: %v", got)
	}
}

func TestSearchTravelsInButtons(t *testing.T) {
	s := Search{Text: `"a b" -c <&>`, Account: "1", From: "2026-01-01", To: "2026-02-01", Status: "resolved", Severity: "low", Requester: "U1"}
	far := s
	for n := range 300 {
		far = far.Onward(fmt.Sprintf("%d.%d", 1<<40-n, n%25))
	}
	for _, want := range []Search{s, s.Onward("9.5"), {Text: strings.Repeat("\u2028", 200), Pages: far.Pages}, far} {
		value := want.value()
		got, ok := ReadSearch(value)
		if !ok || len(value) > maxValue || got.Pages != nil && got.Pages[len(got.Pages)-1] != want.Pages[len(want.Pages)-1] {
			t.Errorf("%d bytes, %v: got %+v", len(value), ok, got)
		}
		if got, want := got.First(), want.First(); want.Text == s.Text && !cmp.Equal(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if _, ok := ReadSearch("case-1 chat-1"); ok {
		t.Error("another button's value was read")
	}
}

func TestSearchForm(t *testing.T) {
	for _, f := range []SearchForm{
		{Asked: "T1/C1"},
		{Search: Search{Text: "1234567890"}, Asked: "T1/C1", Answer: "https://hooks.slack.com/commands/" + strings.Repeat("x", 200), Replaces: true, Accounts: []desk.AccountID{"1", "2"}},
		{Search: Search{Text: "a", Account: "2", From: "2026-01-01", To: "2026-02-01", Status: "resolved", Severity: "low", Requester: "U1"}, Accounts: []desk.AccountID{"1", "2"}, Asked: "T1/C1"},
	} {
		v := f.View(titles)
		checkView(t, v)
		back, ok := ReadSearchForm(v.PrivateMetadata)
		if !ok || back.Asked != f.Asked || back.Answer != f.Answer || back.Replaces != f.Replaces {
			t.Errorf("metadata %q: got %+v", v.PrivateMetadata, back)
		}
	}
	if _, ok := ReadSearchForm(`{"u":"x"}`); ok {
		t.Error("metadata without a place was read")
	}
}

func TestEnteredSearchIsAQuery(t *testing.T) {
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }
	accounts := []desk.AccountID{"1", "2"}
	for _, tt := range []struct {
		entered map[string]string
		want    sought.Query
		field   string // that is wrong
	}{
		{nil, sought.Query{Accounts: accounts}, ""},
		{map[string]string{"words": "a b", "account": "2", "status": "open", "severity": "high", "requester": "U1"}, sought.Query{
			Text: "a b", Accounts: []desk.AccountID{"2"}, Statuses: desk.OpenStatuses(), Severities: []desk.Severity{"high"}, Requester: "T1/U1",
		}, ""},
		{map[string]string{"status": "resolved", "from": "2026-01-31", "to": "2026-01-31"}, sought.Query{
			Accounts: accounts, Statuses: []desk.Status{"resolved"}, From: day(1, 31), To: day(2, 1),
		}, ""},
		{map[string]string{"account": "3"}, sought.Query{Accounts: []desk.AccountID{}}, ""},
		{map[string]string{"number": " #1234567890 ", "words": "x", "status": "open"}, sought.Query{Text: "1234567890", Accounts: accounts}, ""},
		{map[string]string{"number": "12"}, sought.Query{}, FieldNumber},
		{map[string]string{"from": "2026-02-01", "to": "2026-01-31"}, sought.Query{}, FieldTo},
		{map[string]string{"from": "yesterday"}, sought.Query{}, FieldFrom},
	} {
		s, err := Entered(func(field string) string { return tt.entered[field] })
		var got sought.Query
		if err == nil {
			got, err = s.Query("T1", accounts)
		}
		if tt.field != "" {
			if r, ok := errors.AsType[*desk.Refusal](err); !ok || r.Field != tt.field {
				t.Errorf("%v: got %v, want a refusal beside %s", tt.entered, err, tt.field)
			}
			continue
		}
		tt.want.Limit = PerPage
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%v: %v (-want +got):\n%s", tt.entered, err, diff)
		}
	}
}

func FuzzReadSearch(f *testing.F) {
	f.Add(Search{Text: "a", Pages: []string{"1.5"}}.value(), "text")
	f.Add(`{"t":1}`, "\x00*_<!here>")
	f.Fuzz(func(t *testing.T, value, text string) {
		s, _ := ReadSearch(value)
		s.Text = text
		if len(s.value()) > maxValue {
			t.Errorf("a value of %d bytes", len(s.value()))
		}
		q, err := s.Query("T1", []desk.AccountID{"1"})
		if err == nil && len(q.Accounts) > 0 && q.Accounts[0] != "1" {
			t.Errorf("looks at accounts %v", q.Accounts)
		}
		m := Results(s, found(1, "1.1"), titles, names)
		if strings.Contains(m.Text, "<!here>") || strings.Contains(m.Text, "<!channel>") {
			t.Errorf("people are called: %q", m.Text)
		}
	})
}
