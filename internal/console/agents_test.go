package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/auth"
	"caseline/internal/desk"
)

// link is the link of an invitation that a page shows, without the server.
func link(t *testing.T, page string) string {
	t.Helper()
	value := parsePage(t, page).one(t, "#link").attrs["value"]
	at := strings.Index(value, auth.InvitationPath)
	if at < 0 {
		t.Fatalf("the page shows the link %q", value)
	}
	return value[at:]
}

// invite invites somebody and returns the link.
func (b *browser) invite(email string, role desk.Role) string {
	b.h.t.Helper()
	got := b.post("/setup/invitations", url.Values{"email": {email}, "role": {string(role)}})
	if got.status != http.StatusOK {
		b.h.t.Fatalf("invite %s: got %d", email, got.status)
	}
	return link(b.h.t.(*testing.T), got.body)
}

func (h *house) named(email string) desk.Agent {
	h.t.Helper()
	a, err := h.store.AgentByEmail(h.t.Context(), email)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// do presses a button on the page of an agent.
func (b *browser) do(email, what string, more ...string) answer {
	b.h.t.Helper()
	form := url.Values{"do": {what}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return b.post("/setup/agents/"+string(b.h.named(email).ID)+"/do", form)
}

func (b *browser) role(email, name string, role desk.Role) answer {
	b.h.t.Helper()
	return b.post("/setup/agents/"+string(b.h.named(email).ID), url.Values{"name": {name}, "role": {string(role)}})
}

// An operator says who signs in, and what they may do then.
func TestOperatorsSayWhoSignsIn(t *testing.T) {
	o := newOffice(t)
	o.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	olivia, jane := o.signedIn("olivia@example.com"), o.signedIn("jane@example.com")
	if got := olivia.get("/setup/agents"); got.status != http.StatusOK || !strings.Contains(got.body, "jane@example.com") {
		t.Errorf("got %d", got.status)
	}
	if got := olivia.role("jane@example.com", "Jane Roe", desk.RoleOperator); got.status != http.StatusOK || !strings.Contains(got.body, "Saved.") {
		t.Errorf("got %d", got.status)
	}
	if got := jane.get("/setup"); got.status != http.StatusOK || o.named("jane@example.com").Name != "Jane Roe" {
		t.Errorf("whoever was made an operator got %d", got.status)
	}
	olivia.role("jane@example.com", "Jane Roe", desk.RoleAgent)
	for what, got := range map[string]answer{
		"shut out": olivia.do("olivia@example.com", "out"), "demoted": olivia.role("olivia@example.com", "Olivia Park", desk.RoleLead),
	} {
		if got.status != http.StatusConflict || !strings.Contains(got.body, "is the last operator") {
			t.Errorf("the last operator is %s: got %d", what, got.status)
		}
	}
	// All that is wrong is said, next to its field, and what was typed stays.
	got := olivia.role("jane@example.com", " ", desk.RoleAgent)
	if says := parsePage(t, got.body).says(t, "#wrong-name"); got.status != http.StatusUnprocessableEntity || !strings.Contains(says, "Give the name") {
		t.Errorf("no name: got %d, %q", got.status, says)
	}
	got = olivia.role("jane@example.com", "Jane Roe", "king")
	if says := parsePage(t, got.body).says(t, "#wrong-role"); got.status != http.StatusUnprocessableEntity || !strings.Contains(says, "auditor") {
		t.Errorf("no role: got %d, %q", got.status, says)
	}
	olivia.do("jane@example.com", "out")
	if got := jane.get("/"); got.path != "/login" {
		t.Errorf("whoever was shut out got %d at %s", got.status, got.path)
	}
	if got := olivia.do("jane@example.com", "link"); got.status != http.StatusConflict {
		t.Errorf("a link for somebody who is shut out: got %d", got.status)
	}
	olivia.do("jane@example.com", "in")
	o.signedIn("jane@example.com")
	for _, what := range []string{"Shut an agent out", "Let an agent in again", "Renamed an agent", "Changed an agent’s role"} {
		if got := olivia.get("/audit"); !strings.Contains(got.body, what) {
			t.Errorf("the audit does not have: %s", what)
		}
	}
}

func TestAnInvitationIsTakenUpOnce(t *testing.T) {
	o := newOffice(t)
	olivia := o.signedIn("olivia@example.com")
	got := olivia.post("/setup/invitations", url.Values{"email": {"noor"}, "role": {"king"}})
	p := parsePage(t, got.body)
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(p.says(t, "#wrong-email"), "Give an e-mail address") || !strings.Contains(p.says(t, "#wrong-role"), "The role is") || p.one(t, "#email").attrs["value"] != "noor" {
		t.Errorf("got %d, %s", got.status, got.body)
	}
	if got := olivia.post("/setup/invitations", url.Values{"email": {"olivia@example.com"}, "role": {"agent"}}); got.status != http.StatusConflict {
		t.Errorf("somebody who is there: got %d", got.status)
	}
	replaced := olivia.invite("noor@example.com", desk.RoleAgent)
	to := olivia.invite(" Noor@example.com", desk.RoleLead)
	noor := o.browser()
	if got := noor.get(replaced); got.status != http.StatusNotFound || !strings.Contains(got.body, "no longer good") {
		t.Errorf("the link that was replaced: got %d", got.status)
	}
	if got := noor.get(to); got.status != http.StatusOK || !strings.Contains(got.body, "Olivia Park has invited you") || !strings.Contains(got.body, "noor@example.com") {
		t.Errorf("got %d, %s", got.status, got.body)
	}
	accept := func(b *browser, name, password, again string) answer {
		return b.post(to, url.Values{"name": {name}, "password": {password}, "again": {again}})
	}
	for what, got := range map[string]answer{
		"differ": accept(noor, "Noor", password, "another password"), "too short": accept(noor, "Noor", "short", "short"), "Give the name": accept(noor, "", password, password),
	} {
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, what) {
			t.Errorf("%s: got %d", what, got.status)
		}
	}
	if got := accept(noor, " Noor  Haddad ", password, password); got.status != http.StatusOK || got.path != "/" {
		t.Fatalf("got %d at %s", got.status, got.path)
	}
	if a := o.named("noor@example.com"); a.Name != "Noor Haddad" || a.Role != desk.RoleLead {
		t.Errorf("got %+v", a)
	}
	if got := accept(o.browser(), "Eve", "evil evil evil", "evil evil evil"); got.status != http.StatusNotFound {
		t.Errorf("a link that was used: got %d", got.status)
	}
	o.signedIn("noor@example.com")
	if got := olivia.get("/audit"); !strings.Contains(got.body, "Invited somebody") || !strings.Contains(got.body, "Took an invitation up") {
		t.Error("the audit does not have it")
	}
}

func TestAnInvitationIsWithdrawn(t *testing.T) {
	o := newOffice(t)
	olivia := o.signedIn("olivia@example.com")
	to := olivia.invite("noor@example.com", desk.RoleAgent)
	forms := parsePage(t, olivia.get("/setup/agents").body).all(".sessions-list form") // send again, withdraw
	if len(forms) != 2 {
		t.Fatalf("got %d forms", len(forms))
	}
	form := forms[1]
	for range 2 { // again it is not there any more
		olivia.post(form.attrs["action"], nil)
	}
	if got := o.browser().get(to); got.status != http.StatusNotFound {
		t.Errorf("got %d", got.status)
	}
	if got := olivia.get("/setup/agents"); strings.Contains(got.body, "noor@example.com") {
		t.Error("it is listed still")
	}
}

// A link for a new password ends the sign-ins of who had the old one.
func TestALinkForANewPassword(t *testing.T) {
	o := newOffice(t)
	o.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	olivia, jane := o.signedIn("olivia@example.com"), o.signedIn("jane@example.com")
	to := link(t, olivia.do("jane@example.com", "link").body)
	if got := jane.get("/"); got.path != "/" {
		t.Errorf("before it is used Jane got %s", got.path)
	}
	const another = "another password"
	if got := o.browser().post(to, url.Values{"password": {another}, "again": {another}}); got.path != "/" {
		t.Fatalf("got %d at %s", got.status, got.path)
	}
	if got := jane.get("/"); got.path != "/login" {
		t.Errorf("after it was used Jane got %s", got.path)
	}
	if got := o.browser().post("/login", url.Values{"email": {"jane@example.com"}, "password": {password}}); got.status != http.StatusForbidden {
		t.Errorf("by the old password: got %d", got.status)
	}
}

// Of a hundred agents those are found that are looked for.
func TestAgentsAreLookedFor(t *testing.T) {
	o := newOffice(t)
	o.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	o.agent("lena@example.com", "Lena Doe", desk.RoleLead)
	o.agent("arno@example.com", "Arno", desk.RoleAuditor)
	olivia := o.signedIn("olivia@example.com")
	olivia.do("jane@example.com", "out")
	for query, want := range map[string]string{
		"": "Arno, Jane Doe, Lena Doe, Olivia Park", "?q=doe": "Jane Doe, Lena Doe", "?q=LENA+exam": "Lena Doe", "?role=auditor": "Arno",
		"?state=out": "Jane Doe", "?state=in&q=doe": "Lena Doe", "?q=nobody": "",
	} {
		doc := parsePage(t, olivia.get("/setup/agents"+query).body)
		var names []string
		for _, a := range doc.all(".staff-table a.staff-name") {
			names = append(names, a.text)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%q: got %s, want %s", query, got, want)
		}
	}
}
