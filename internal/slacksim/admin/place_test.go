package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestAnAppIsInstalledByTheAdminAPI goes through a workspace and an organisation,
// as a test of an app in any language would.
func TestAnAppIsInstalledByTheAdminAPI(t *testing.T) {
	s := newStage(t, nil)
	do := func(path, body string) map[string]any {
		t.Helper()
		status, out := s.ask(t, "POST", "/_sim/"+path, body)
		if status != http.StatusOK {
			t.Fatalf("%s %s: %d %v", path, body, status, out)
		}
		return out
	}
	app := do("apps", `{"redirect_urls":["https://app.example/back"],"org_ready":true,"rotation":true,"optional":["pins:read"]}`)["app"].(map[string]any)
	do("workspaces", `{"domain":"zeta","name":"Zeta Ltd","organisation":"globex"}`)
	do("people", `{"workspace":"zeta","person":"zoe","name":"Zoe Lind","admin":true}`)
	redeem := func(consent map[string]any) map[string]any {
		t.Helper()
		u, err := url.Parse(consent["to"].(string))
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{"client_id": {app["client_id"].(string)}, "client_secret": {app["client_secret"].(string)}, "code": {u.Query().Get("code")}}
		return call(t, s.sim.World.BaseURL(), "oauth.v2.access", form)
	}
	if out := do("consents", `{"workspace":"zeta","person":"zoe","deny":true}`); !strings.Contains(out["to"].(string), "error=access_denied") {
		t.Errorf("got %v", out)
	}
	got := redeem(do("consents", `{"workspace":"zeta","person":"zoe","organisation":"globex","without":["pins:read"]}`))
	if got["ok"] != true || got["team"] != nil || got["is_enterprise_install"] != true || got["refresh_token"] == nil || strings.Contains(got["scope"].(string), "pins:read") {
		t.Fatalf("got %v", got)
	}
	token := url.Values{"token": {got["access_token"].(string)}, "team_id": {s.sim.Workspace("zeta").ID}}
	if out := call(t, s.sim.World.BaseURL(), "users.list", token); out["error"] != "team_access_not_granted" {
		t.Errorf("got %v", out)
	}
	do("access", `{"workspace":"zeta","on":true}`)
	if out := call(t, s.sim.World.BaseURL(), "users.list", token); out["ok"] != true {
		t.Errorf("got %v", out)
	}
	do("access", `{"workspace":"zeta"}`)
	do("uninstalls", `{"organisation":"globex"}`)
	if out := call(t, s.sim.World.BaseURL(), "auth.test", token); out["error"] != "account_inactive" {
		t.Errorf("got %v", out)
	}
	do("uninstalls", `{"workspace":"acme","tokens_only":true}`)
	if out := call(t, s.sim.World.BaseURL(), "auth.test", url.Values{"token": {"xoxb-1"}}); out["error"] != "token_revoked" {
		t.Errorf("got %v", out)
	}
	do("migrations", `{"do":"start","workspace":"acme","organisation":"globex"}`)
	do("migrations", `{"do":"finish","workspace":"acme","organisation":"globex"}`)
	_, state := s.ask(t, "GET", "/_sim/state", "")
	if orgs := state["organisations"].([]any); len(orgs) != 1 {
		t.Errorf("got %v", orgs)
	}
	for path, body := range map[string]string{
		"consents": `{"workspace":"zeta","person":"zoe","address":"http://x/?client_id=none"}`, "access": `{"workspace":"zeta","on":true}`, "workspaces": `{}`,
		"people": `{"workspace":"zeta"}`, "migrations": `{"do":"undo"}`, "uninstalls": `{"organisation":"nobody"}`, "apps": `{"app":"A0NONE"}`,
	} {
		if status, out := s.ask(t, "POST", "/_sim/"+path, body); status == http.StatusOK {
			t.Errorf("%s %s: %v", path, body, out)
		}
	}
}

func call(t *testing.T, base, method string, form url.Values) map[string]any {
	t.Helper()
	s := &stage{url: base}
	_, out := s.ask(t, "POST", "/api/"+method, form.Encode(), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	})
	return out
}
