package console_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"caseline/internal/console/ways"
	"caseline/internal/desk"
)

// english are the texts that French has another one for, each as a pattern.
func english(t *testing.T) []*regexp.Regexp {
	t.Helper()
	file, err := os.ReadFile("tongue/catalogue/fr.txt")
	if err != nil {
		t.Fatal(err)
	}
	gap := regexp.MustCompile(`%[a-z]|\\\{\\\{.*?\\\}\\\}`)
	var all []*regexp.Regexp
	key := ""
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSuffix(line, "\n")
		own, translated := strings.CutPrefix(line, "\t")
		if !translated {
			key = line
			continue
		}
		for form := range strings.SplitSeq(key, " | ") {
			said := strings.TrimSpace(gap.ReplaceAllString(regexp.QuoteMeta(form), ""))
			if own == "=" || own == key || len(said) < 4 || !strings.Contains(said, " ") && strings.Contains(form, "%") {
				continue
			}
			all = append(all, regexp.MustCompile(`^`+gap.ReplaceAllString(regexp.QuoteMeta(form), `\S+`)+`$`))
		}
	}
	if len(all) < 300 {
		t.Fatalf("only %d texts to look for", len(all))
	}
	return all
}

// texts are what people read or hear of a page: its texts between tags, and some
// attributes.
func texts(page *node) []string {
	all := []string{}
	page.walk(func(n *node) {
		if len(n.inner) == 0 && n.name != "option" {
			all = append(all, n.text)
		}
		for _, name := range []string{"title", "aria-label", "placeholder", "alt"} {
			all = append(all, n.attrs[name])
		}
	})
	return all
}

// The pages of a working day have no English left for whoever reads French.
func TestEveryPageIsInFrench(t *testing.T) {
	o := wholeOffice(t)
	h, s := o.house, o.s
	in := h.signedIn("omar@example.com")
	if res := in.post("/me/language", url.Values{"tongue": {"fr"}}); res.status != http.StatusOK || res.path != "/me" {
		t.Fatalf("got %d at %s", res.status, res.path)
	}
	all := english(t)
	look := func(res answer, name string) {
		t.Helper()
		page := parsePage(t, res.body)
		if lang := page.one(t, "html").attrs["lang"]; lang != "fr" {
			t.Errorf("%s: got language %q", name, lang)
		}
		for _, text := range texts(page) {
			text = strings.Join(strings.Fields(text), " ")
			for _, is := range all {
				if text != "" && is.MatchString(text) {
					t.Errorf("%s: %q is English", name, text)
				}
			}
		}
	}
	paths := []string{"/", "/chats", "/cases", "/cases?q=the", "/cases?q=zebra", "/cases?q=-zebra", "/cases?requester=zoe", "/setup", "/setup/agents",
		"/setup/accounts/" + string(northwind), "/setup/accounts/" + string(northwind) + "/channels/new", "/setup/accounts/" + string(northwind) + "/channels/T1/C0PLATFORM", "/setup/accounts/" + string(northwind) + "/channels/T1/C0PLATFORM/remove", "/audit", "/audit?who=nobody", "/audit?case=1", "/me", "/me/notifications", "/nowhere"}
	for _, c := range []desk.Case{s.requested, s.running, s.ended, s.resolved, s.watched} {
		paths = append(paths, "/cases/"+string(c.Number))
	}
	for _, path := range append(paths, o.paths()...) {
		look(in.get(path), path)
	}
	for _, wish := range []string{"end", "resolve", "hand", "severity"} {
		look(in.post("/cases/"+string(s.running.Number)+"/"+wish, url.Values{"token": {"abcdefghijklmnop0123"}}), wish)
	}
	look(in.post("/setup/agents", url.Values{"email": {"x"}}), "a refused agent")
	look(in.post("/setup/accounts", url.Values{"id": {"1"}}), "a refused account")
	look(in.post("/bulk", url.Values{"case": {string(s.watched.Number), string(s.ended.Number)}, "do": {"resolve"}}), "a question about several cases")
	look(in.post("/bulk", url.Values{"case": {string(s.resolved.Number), string(s.ended.Number)}, "do": {"hand"}, "to": {string(s.jane.ID)}, "sure": {"1"}, "token": {"abcdefghijklmnop0123"}}), "several cases")
	look(in.post("/teams/new", url.Values{"name": {""}}), "a refused team")
	look(in.post("/replies", url.Values{"name": {"a b"}, "text": {""}}), "a refused reply")
	look(in.post("/setup/accounts/"+string(northwind)+"/policy", url.Values{"cases": {"x"}, "files": {"-1"}}), "a refused policy")
	look(in.post("/setup/accounts/"+string(northwind)+"/policy", url.Values{"cases": {"1"}, "files": {"1"}}), "a policy that erases")
	look(in.post("/privacy/person", url.Values{"agent": {string(s.jane.ID)}, "typed": {"x"}}), "an erasure of another name")
	for _, text := range []string{"issue_types: [", "issue_types: []\nsurplus: 1\n", "issue_types:\n  - code: A b\n    name: x\nseverities:\n  - code: x\n    first_response: soon\nhours:\n  - time_zone: Nowhere\n"} {
		res := in.post("/setup/catalogue/yaml", url.Values{"text": {text}})
		if res.status != http.StatusUnprocessableEntity {
			t.Errorf("got %d for %q", res.status, text)
		}
		if text != "issue_types: [" { // what the library says is English
			look(res, "a refused catalogue")
		}
		for _, english := range []string{"is not", "must be", "missing", "line "} {
			for _, li := range parsePage(t, res.body).all(".problems li") {
				if said, _, _ := strings.Cut(li.text, "YAML"); strings.Contains(said, english) {
					t.Errorf("%q is English", li.text)
				}
			}
		}
	}
	look(in.get("/reports?period=custom&from=x"), "a report of no period")
	invited := h.browser()
	to := in.invite("noor@example.com", desk.RoleAgent)
	look(invited.get(to, "Accept-Language", "fr"), "an invitation")
	look(invited.post(to, url.Values{"name": {"Noor"}, "password": {password}, "again": {"x"}}, "Accept-Language", "fr"), "a refused invitation")
	device := in.get("/me/second-factor")
	look(device, "a new second factor")
	look(in.post("/me/second-factor", url.Values{"code": {"000000"}}), "a wrong code")
	look(in.post("/me/second-factor", url.Values{"code": {h.reads(device.body).code()}}), "recovery codes")
	look(in.get("/me"), "an agent with a second factor")
	look(h.browser().post("/login", url.Values{"email": {"omar@example.com"}, "password": {password}}, "Accept-Language", "fr"), "the second step")
	look(h.browser().get("/login", "Accept-Language", "fr-CA,fr;q=0.9"), "/login")
	look(h.browser().post("/login", url.Values{"email": {"x"}, "password": {"y"}}, "Accept-Language", "fr"), "a refused sign-in")
}

// Rows are kept as they were drawn, for readers of one language only.
func TestListsDoNotMixLanguages(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	jane, omar := h.signedIn("jane@example.com"), h.signedIn("omar@example.com")
	omar.post("/me/language", url.Values{"tongue": {"fr"}})
	for range 2 {
		for _, path := range []string{"/", "/cases/" + string(s.requested.Number)} {
			english, french := jane.get(path).body, omar.get(path).body
			for _, word := range []string{"Critical", "Waiting since", "Nobody who can take it is online"} {
				if !strings.Contains(english, word) && path == "/" || strings.Contains(french, word) {
					t.Errorf("%s: %q is not where it should be", path, word)
				}
			}
			for _, word := range []string{"Critique", "En attente depuis", "Personne en ligne ne peut la prendre"} {
				if strings.Contains(english, word) || !strings.Contains(french, word) && path == "/" {
					t.Errorf("%s: %q is not where it should be", path, word)
				}
			}
		}
	}
}

// A language is the agent's on every device; else the browser's own, chosen
// before the sign-in or asked for by its settings.
func TestWhichLanguageAPageHas(t *testing.T) {
	h := newHouse(t)
	want := func(b *browser, code string, headers ...string) {
		t.Helper()
		if got := parsePage(t, b.get("/cases", headers...).body).one(t, "html").attrs["lang"]; got != code {
			t.Errorf("got %q, want %q", got, code)
		}
	}
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	here, there := h.signedIn("jane@example.com"), h.signedIn("jane@example.com")
	want(here, "en")
	want(here, "fr", "Accept-Language", "fr-FR,en;q=0.5")
	want(here, "en", "Accept-Language", "de, en;q=0.8, fr;q=0.5")
	before := h.browser()
	before.post("/language", url.Values{"tongue": {"fr"}})
	want(before, "fr", "Accept-Language", "en") // the page of the sign-in
	here.post("/me/language", url.Values{"tongue": {"fr"}})
	want(there, "fr")
	if res := there.get("/cases/1234567890"); parsePage(t, res.body).one(t, "html").attrs["lang"] != "fr" || !strings.Contains(res.body, "Le dossier 1234567890 n’existe pas.") {
		t.Errorf("what went wrong is told on another device in %s", res.body)
	}
	if res := there.get("/cases/1234567890/log", "Accept", "application/json"); !strings.Contains(res.body, "Le dossier 1234567890 n’existe pas.") {
		t.Errorf("a script on another device reads %s", res.body)
	}
	if got, err := h.store.Preference(t.Context(), jane.ID, ways.Tongue); got != "fr" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if res := here.post("/me/language", url.Values{"tongue": {"xx"}}); res.status != http.StatusUnprocessableEntity || !strings.Contains(res.body, "ne parle pas cette langue") {
		t.Errorf("got %d: %s", res.status, res.body)
	}
	if res := here.get("/cases/1234567890/log", "Accept", "application/json"); !strings.Contains(res.body, "Le dossier 1234567890 n’existe pas.") {
		t.Errorf("a script reads %s", res.body)
	}
}
