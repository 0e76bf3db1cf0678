package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"caseline/internal/desk"
)

// An operator says who signs in, and what they may do then.
func TestOperatorsSayWhoSignsIn(t *testing.T) {
	o := newOffice(t)
	o.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	olivia, jane := o.signedIn("olivia@example.com"), o.signedIn("jane@example.com")
	change := func(email, do string) answer {
		return olivia.post("/setup/agents/change", url.Values{"email": {email}, "do": {do}})
	}

	if got := jane.get("/setup/agents"); got.status != http.StatusForbidden {
		t.Errorf("an agent got %d", got.status)
	}
	if got := jane.post("/setup/agents/change", url.Values{"email": {"jane@example.com"}, "do": {"operator"}}); got.status != http.StatusForbidden {
		t.Errorf("an agent who makes themselves an operator got %d", got.status)
	}
	if got := olivia.get("/setup/agents"); got.status != http.StatusOK || !strings.Contains(got.body, "jane@example.com") {
		t.Errorf("got %d", got.status)
	}

	// All that is wrong is said, each next to its field, and what was typed stays.
	got := olivia.post("/setup/agents", url.Values{"email": {"omar"}, "name": {"Omar"}, "password": {"short"}, "role": {"agent"}})
	p := parsePage(t, got.body)
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(p.says(t, "#wrong-email"), "Give an e-mail address") ||
		!strings.Contains(p.says(t, "#wrong-password"), "too short") || !strings.Contains(got.body, `value="Omar"`) {
		t.Errorf("got %d, %s", got.status, got.body)
	}
	if got := olivia.post("/setup/agents", url.Values{"email": {"omar@example.com"}, "name": {"Omar"}, "password": {"correct horse"}, "role": {"agent"}}); got.status != http.StatusOK || !strings.Contains(got.body, "Tell them the password") {
		t.Errorf("got %d", got.status)
	}

	if got := change("jane@example.com", "operator"); got.status != http.StatusOK {
		t.Errorf("got %d", got.status)
	}
	if got := jane.get("/setup"); got.status != http.StatusOK {
		t.Errorf("whoever was made an operator got %d", got.status)
	}
	change("jane@example.com", "agent")
	if got := change("olivia@example.com", "disable"); got.status != http.StatusConflict || !strings.Contains(got.body, "is the last operator") {
		t.Errorf("the last operator shuts themselves out: got %d", got.status)
	}
	change("jane@example.com", "disable")
	if got := jane.get("/"); got.path != "/login" {
		t.Errorf("whoever was shut out got %d at %s", got.status, got.path)
	}
	if got := olivia.get("/audit"); !strings.Contains(got.body, "Shut an agent out") {
		t.Error("the audit does not have it")
	}
}
