package sought

import (
	"testing"
	"time"

	"caseline/internal/desk"
)

func TestAQueryAdmitsWhatAllItsFiltersName(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := desk.Case{
		Account: "1", Status: desk.StatusUnassigned, Severity: desk.SeverityHigh, Requester: "T1/U1", CreatedAt: noon,
		IssueType: "technical", Service: "api", Language: "de", Chat: desk.ChatSession{Agent: "jane"},
	}
	api := Service{"technical", "api"}
	for name, tt := range map[string]struct {
		q    Query
		want bool
	}{
		"nothing":                         {Query{}, true},
		"its service":                     {Query{Services: []Service{api}}, true},
		"one of several services":         {Query{Services: []Service{{"billing", "invoices"}, api}}, true},
		"a service of another issue type": {Query{Services: []Service{{"billing", "api"}}}, false},
		"another service":                 {Query{Services: []Service{{"technical", "web"}}}, false},
		"its language":                    {Query{Languages: []string{"en", "de"}}, true},
		"another language":                {Query{Languages: []string{"en"}}, false},
		"its requester":                   {Query{Requesters: []desk.PersonID{"T1/U2", "T1/U1"}}, true},
		"another requester":               {Query{Requesters: []desk.PersonID{"T2/U1"}}, false},
		"its service in another language": {Query{Services: []Service{api}, Languages: []string{"en"}}, false},
		"all that is true of it": {Query{
			Accounts: []desk.AccountID{"1"}, From: noon, To: noon.Add(1), Statuses: desk.OpenStatuses(), Severities: []desk.Severity{desk.SeverityHigh},
			Services: []Service{api}, Languages: []string{"de"}, Requesters: []desk.PersonID{"T1/U1"}, Agent: "jane",
		}, true},
		"no account": {Query{Accounts: []desk.AccountID{}}, false},
	} {
		if got := tt.q.Admits(&c); got != tt.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestServicesAreReadAsTheyAreWritten(t *testing.T) {
	for text, want := range map[string]Service{
		"technical/api": {"technical", "api"}, "": {}, "technical": {}, "/api": {}, "technical/": {}, "a/b/c": {},
	} {
		got, ok := ParseService(text)
		if ok != (want != Service{}) || ok && (got != want || got.String() != text) {
			t.Errorf("%q: got %+v, %v", text, got, ok)
		}
	}
}
