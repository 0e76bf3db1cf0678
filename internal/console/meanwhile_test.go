package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Of two who edit the same policy, team or canned reply, the second is told what the
// first changed, keeps what they typed, and decides.
func TestNobodyOverwritesWhatTheyHaveNotSeen(t *testing.T) {
	o := wholeOffice(t)
	one, two := o.signedIn("omar@example.com"), o.signedIn("olivia@example.com")
	if res := one.post("/replies", url.Values{"name": {"greeting"}, "text": {"Hello"}, "for": {"all"}}); res.status != http.StatusOK {
		t.Fatal(res.status, res.body)
	}
	reply := ""
	for _, a := range parsePage(t, one.get("/replies").body).all("a[aria-label]") {
		if a.attrs["aria-label"] == "Change greeting" {
			reply = a.attrs["href"]
		}
	}
	all := []struct {
		name, page, to string
		form           func(text string) url.Values
		first, second  string
	}{
		{"policy", "/setup/accounts/" + string(northwind) + "/policy", "/setup/accounts/" + string(northwind) + "/policy", func(text string) url.Values {
			return url.Values{"do": {"save"}, "never": {text}}
		}, ".scr", ".bat"},
		{"team", "/teams/" + string(o.team.ID), "/teams/" + string(o.team.ID), func(text string) url.Values {
			return url.Values{"name": {text}, "members": {string(o.s.omar.ID), string(o.s.jane.ID)}}
		}, "Early birds", "Night owls"},
		{"reply", reply, "/replies", func(text string) url.Values {
			return url.Values{"id": {strings.TrimPrefix(reply, "/replies?edit=")}, "name": {"greeting"}, "for": {"all"}, "text": {text}}
		}, "Good morning", "Good evening"},
	}
	for _, tc := range all {
		t.Run(tc.name, func(t *testing.T) {
			was := func(body string) string { return parsePage(t, body).one(t, "input[name=was]").attrs["value"] }
			save := func(b *browser, text, was string) answer {
				form := tc.form(text)
				form.Set("was", was)
				return b.post(tc.to, form)
			}
			seen := was(two.get(tc.page).body)
			if res := save(one, tc.first, was(one.get(tc.page).body)); res.status != http.StatusOK {
				t.Fatalf("the first: %d: %s", res.status, res.body)
			}
			late := save(two, tc.second, seen)
			if late.status != http.StatusConflict {
				t.Fatalf("the second: got %d", late.status)
			}
			page := parsePage(t, late.body)
			if got := page.says(t, ".panel-ask"); !strings.Contains(got, "nothing was saved") || !strings.Contains(got, tc.first) {
				t.Errorf("it does not say what was changed: %s", got)
			}
			if !strings.Contains(late.body, tc.second) {
				t.Error("what was typed is gone")
			}
			if got := one.get(tc.page).body; !strings.Contains(got, tc.first) || strings.Contains(got, tc.second) {
				t.Error("it was overwritten")
			}
			if res := save(two, tc.second, was(late.body)); res.status != http.StatusOK {
				t.Errorf("saved again: %d", res.status)
			}
			if got := one.get(tc.page).body; !strings.Contains(got, tc.second) {
				t.Error("what was decided is not saved")
			}
			if got := save(one, tc.first, seen); got.status != http.StatusConflict {
				t.Errorf("an old page once more: %d", got.status)
			}
		})
	}
}
