package scenario

import (
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"caseline/internal/auth"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/store/storetest"
)

// Who may come in at a door. This table is written by hand, once more than the
// console's own: a door that is new needs a line here by somebody who thinks about
// who is to come in.
const (
	anybody   = "anybody"                     // also who is not signed in
	all       = "agent lead operator auditor" // whoever is signed in
	answering = "agent lead operator"
	reporting = "lead operator auditor"
	leading   = "lead operator"
	operating = "operator"
	auditing  = "operator auditor"
)

func doors() map[string]string {
	table := map[string]string{}
	for who, patterns := range map[string][]string{
		anybody: {
			"/", "GET /login", "POST /login", "GET /login/second", "POST /login/second", "GET /login/oidc", "GET /login/oidc/back", "POST /logout",
			"GET /invitations/{secret}", "POST /invitations/{secret}", "GET /static/", "GET /favicon.ico", "GET /portraits/{file}",
			"POST /language",
		},
		all: {
			"GET /{$}", "GET /chats", "GET /cases", "GET /worklist", "GET /events",
			"GET /cases/{id}", "GET /cases/{id}/log", "GET /cases/{id}/words/{seq}", "GET /cases/{id}/chats/{chat}/{file}",
			"GET /files/{id}", "GET /emoji/{workspace}/{name}", "GET /faces/{id...}", "GET /agents/{id}/picture",
			"GET /me", "POST /me/picture", "POST /me/picture/delete", "POST /me/password", "GET /me/second-factor", "POST /me/second-factor",
			"POST /me/second-factor/codes", "POST /me/second-factor/remove", "POST /me/sign-ins/end",
			"POST /me/language", "GET /me/notifications", "POST /me/notifications", "POST /me/undo",
			"GET /cases/{id}/keeping", "GET /cases/{id}/looks", "POST /cases/{id}/looks", "POST /cases/{id}/read", "GET /palette", "GET /palette/cases",
		},
		answering: {
			"POST /presence", "POST /attention", "POST /files/{id}/retry",
			"POST /cases/{id}/join", "POST /cases/{id}/replies", "POST /cases/{id}/answers", "POST /cases/{id}/notes", "POST /cases/{id}/files",
			"POST /cases/{id}/end", "POST /cases/{id}/resolve", "POST /cases/{id}/hand", "POST /cases/{id}/leave", "POST /cases/{id}/reopen",
			"POST /cases/{id}/severity", "POST /cases/{id}/contacts", "POST /cases/{id}/tally",
			"POST /cases/{id}/words/{seq}", "POST /cases/{id}/words/{seq}/delete", "POST /cases/{id}/words/{seq}/retry",
			"GET /cases/{id}/jotting", "POST /cases/{id}/jotting", "GET /cases/{id}/writing", "POST /cases/{id}/preview", "POST /cases/{id}/snooze", "POST /cases/{id}/wake",
			"GET /emoji-names/{workspace}", "GET /replies", "POST /replies", "POST /replies/{id}/delete", "POST /bulk", "POST /next", "POST /offers/{id}/pass",
			"POST /views", "POST /views/{id}/delete",
		},
		reporting: {"GET /reports", "GET /reports/{table}"},
		leading: {
			"GET /wall", "GET /cases/{id}/whisper", "POST /cases/{id}/whispers",
			"GET /teams", "GET /teams/new", "POST /teams", "GET /teams/{id}", "POST /teams/{id}", "POST /teams/{id}/remove", "GET /seats/{id}", "POST /seats/{id}",
		},
		operating: {
			"GET /setup", "POST /setup/accounts", "GET /setup/accounts/{account}", "POST /setup/accounts/{account}/name",
			"POST /setup/accounts/{account}/deletions", "POST /setup/accounts/{account}/asking", "POST /setup/accounts/{account}/workspaces",
			"GET /setup/accounts/{account}/workspaces/{workspace}/unlink", "POST /setup/accounts/{account}/workspaces/{workspace}/unlink",
			"GET /setup/accounts/{account}/channels/new", "POST /setup/accounts/{account}/channels",
			"GET /setup/accounts/{account}/channels/{workspace}/{channel}", "POST /setup/accounts/{account}/channels/{workspace}/{channel}",
			"GET /setup/accounts/{account}/channels/{workspace}/{channel}/remove", "POST /setup/accounts/{account}/channels/{workspace}/{channel}/remove",
			"GET /setup/agents", "GET /setup/agents/{agent}", "POST /setup/agents/{agent}", "POST /setup/agents/{agent}/do",
			"POST /setup/invitations", "POST /setup/invitations/{id}/withdraw", "POST /setup/invitations/{id}/again",
			"GET /setup/accounts/{account}/policy", "POST /setup/accounts/{account}/policy", "POST /cases/{id}/hold", "POST /cases/{id}/release",
			"GET /setup/catalogue", "GET /setup/catalogue/versions", "GET /setup/catalogue/versions/{version}", "POST /setup/catalogue/versions/{version}/back",
			"GET /setup/catalogue/preview", "GET /setup/catalogue/yaml", "POST /setup/catalogue/yaml", "POST /setup/catalogue/severities", "POST /setup/catalogue/hours",
			"POST /setup/catalogue/languages", "POST /setup/catalogue/types", "GET /setup/catalogue/types/{type}", "POST /setup/catalogue/types/{type}",
			"GET /privacy", "GET /privacy/person", "POST /privacy/person", "POST /privacy/exports",
			"GET /privacy/exports/{id}", "POST /privacy/exports/{id}",
		},
		auditing: {"GET /audit", "GET /audit.csv", "GET /audit.json", "GET /privacy/records", "GET /privacy/records/{id}"},
	} {
		for _, pattern := range patterns {
			table[pattern] = who
		}
	}
	return table
}

// A caller is a browser that follows no redirect.
type caller struct {
	h      *house
	client *http.Client
}

func (h *house) caller(email string) caller {
	h.Helper()
	jar, err := cookiejar.New(nil)
	h.must(err)
	v := caller{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if email != "" {
		if status, to, _ := v.knock("POST /login", url.Values{"email": {email}, "password": {password}}); status != http.StatusSeeOther || to != "/" {
			h.Fatalf("%s signs in: got %d to %s", email, status, to)
		}
	}
	return v
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// knock asks at a door for something that is not there, and returns what came of
// it: the status, where it leads, and what it says.
func (v caller) knock(pattern string, form url.Values, headers ...string) (status int, to, says string) {
	v.h.Helper()
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		method, path = http.MethodGet, "/nowhere"
	}
	path = placeholder.ReplaceAllString(strings.ReplaceAll(path, "{$}", ""), "0000000001")
	if path == "/events" {
		method = http.MethodHead // it would not end
	}
	req, err := http.NewRequestWithContext(v.h.ctx, method, v.h.url+path, strings.NewReader(form.Encode()))
	v.h.must(err)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] == "" {
			req.Header.Del(headers[i])
		} else {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	res, err := v.client.Do(req)
	v.h.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	v.h.must(err)
	return res.StatusCode, res.Header.Get("Location"), string(body)
}

// isRefused reports whether an answer says that the role does not allow it.
func isRefused(status int, says string) bool {
	return status == http.StatusForbidden && slices.ContainsFunc([]rights.Right{
		rights.Own, rights.Read, rights.Answer, rights.Lead, rights.Report, rights.Setup, rights.Agents, rights.Personal, rights.Audit,
	}, func(r rights.Right) bool { return strings.Contains(says, rights.Refused(r).Error()) })
}

// staff adds whom the house lacks: a lead and an auditor. It returns who there is, by
// role.
func (h *house) staff() map[string]string {
	h.Helper()
	in := auth.New(h.app.Store, auth.Options{Cost: auth.Cost{Memory: 64, Passes: 1, Threads: 1}})
	for role, email := range map[desk.Role]string{desk.RoleLead: "lena@example.com", desk.RoleAuditor: "arno@example.com"} {
		_, err := in.AddAgent(h.ctx, desk.ByItself(), email, "Somebody", password, role)
		h.must(err)
	}
	return map[string]string{"agent": omarEmail, "lead": "lena@example.com", "operator": oliviaEmail, "auditor": "arno@example.com"}
}

// Every address of the console, and who may come in there.
func TestEveryDoorAndEveryRole(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	table, have := doors(), h.app.Doors()
	for pattern := range have {
		if _, ok := table[pattern]; !ok {
			t.Errorf("%s: the table of this test does not say who may come in", pattern)
		}
	}
	for pattern := range table {
		if _, ok := have[pattern]; !ok {
			t.Errorf("%s: there is no such door", pattern)
		}
	}
	visitors := map[string]caller{"": h.caller("")}
	for role, email := range h.staff() {
		visitors[role] = h.caller(email)
	}
	for _, pattern := range slices.Sorted(maps.Keys(table)) {
		for _, role := range []string{"", "agent", "lead", "operator", "auditor"} {
			if pattern == "POST /logout" && role != "" {
				continue // it would let them out
			}
			status, to, says := visitors[role].knock(pattern, nil)
			out := strings.HasPrefix(to, "/login?next=") || pattern == "GET /events" && status == http.StatusSeeOther
			may := table[pattern] == anybody || role != "" && slices.Contains(strings.Fields(table[pattern]), role)
			switch {
			case role == "" && out == may:
				t.Errorf("%s: a stranger got %d to %q", pattern, status, to)
			case role != "" && out:
				t.Errorf("%s: %s was sent to sign in", pattern, role)
			case role != "" && isRefused(status, says) == may:
				t.Errorf("%s: %s got %d, want to come in: %v", pattern, role, status, may)
			case status >= http.StatusInternalServerError:
				t.Errorf("%s: %s got %d", pattern, role, status)
			}
		}
	}
}

// Nothing is done for a page of another site, whoever is signed in.
func TestNoDoorOpensForAnotherSite(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	olivia := h.caller(oliviaEmail)
	n := 0
	for pattern := range h.app.Doors() {
		method, _, ok := strings.Cut(pattern, " ")
		if !ok || method == http.MethodGet {
			continue
		}
		n++
		for name, headers := range map[string][]string{
			"of another site":   {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			"of a sister site":  {"Sec-Fetch-Site", "same-site", "Origin", "https://evil.localhost"},
			"of an old browser": {"Sec-Fetch-Site", "", "Origin", "https://evil.example"},
			"of nowhere":        {"Sec-Fetch-Site", "", "Origin", "null"},
		} {
			status, _, says := olivia.knock(pattern, url.Values{"do": {"out"}, "email": {oliviaEmail}, "password": {password}}, headers...)
			if status != http.StatusForbidden || isRefused(status, says) {
				t.Errorf("%s from a page %s: got %d", pattern, name, status)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d doors were tried", n)
	}
	if status, _, _ := olivia.knock("GET /setup", nil); status != http.StatusOK {
		t.Errorf("afterwards Olivia got %d", status)
	}
}

// What leads on after signing in leads nowhere else.
func TestNoDoorLeadsElsewhere(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	ours := func(to string) bool {
		base, err := url.Parse(h.url)
		h.must(err)
		at, err := base.Parse(strings.ReplaceAll(to, `\`, "/")) // as browsers read it
		return err == nil && at.Scheme == base.Scheme && at.Host == base.Host
	}
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, `\\evil.example`, "javascript:alert(1)", "/\tevil", "http:evil.example", " https://evil.example", "%2f%2fevil.example"} {
		v := h.caller("")
		if status, to, _ := v.knock("POST /login", url.Values{"email": {omarEmail}, "password": {password}, "next": {next}}); status != http.StatusSeeOther || !ours(to) {
			t.Errorf("signing in with %q leads to %q, %d", next, to, status)
		}
		if _, to, _ := v.knock("GET /login?next="+url.QueryEscape(next), nil); !ours(to) {
			t.Errorf("being signed in with %q leads to %q", next, to)
		}
		if _, to, _ := v.knock("POST /presence", url.Values{"presence": {"away"}, "back": {next}}); !ours(to) {
			t.Errorf("going away with %q leads to %q", next, to)
		}
	}
	if status, to, _ := h.caller("").knock("POST /login", url.Values{"email": {omarEmail}, "password": {password}, "next": {"/cases?q=x"}}); status != http.StatusSeeOther || to != "/cases?q=x" {
		t.Errorf("signing in leads to %q, %d", to, status)
	}
}

// The cookie of a sign-in is for this server alone, and not for scripts.
func TestTheCookieOfASignIn(t *testing.T) {
	h := newHouse(t, storetest.SQLiteURL(t))
	req, err := http.NewRequestWithContext(h.ctx, http.MethodPost, h.url+"/login", strings.NewReader(url.Values{"email": {omarEmail}, "password": {password}}.Encode()))
	h.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultTransport.RoundTrip(req)
	h.must(err)
	defer res.Body.Close()
	cookies := res.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("got %d cookies", len(cookies))
	}
	if c := cookies[0]; !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Domain != "" || c.Path != "/" || len(c.Value) < 40 {
		t.Errorf("got %s; HttpOnly %v, SameSite %v, Domain %q, Path %q", c.Name, c.HttpOnly, c.SameSite, c.Domain, c.Path)
	}
}
