//go:build gallery

package console_test

import (
	"fmt"
	"testing"
	"time"

	"caseline/internal/auth"
	"caseline/internal/browsertest"
	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// TestGalleryPeople takes pictures of the pages on those who sign in.
func TestGalleryPeople(t *testing.T) {
	if !browsertest.Shoots() {
		t.Fatal("CASELINE_SHOTS names no folder for the pictures")
	}
	ring := keys(t)
	h := guardedHouse(t, storetest.SQLite(t), func(o *auth.Options) {
		o.Keys, o.URL, o.Elsewhere, o.Trust = ring, "https://support.example.com", elsewhere{func() auth.Elsewhere { return nil }, new(auth.Elsewhere)}, auth.Trust{Name: "Northwind ID"}
	})
	s := fill(h)
	arno := h.agent("arno@example.com", "Arno Vogt", desk.RoleAuditor)
	staffing(h)
	nobody, tab := browsertest.Open(t).Tab("people"), browsertest.Open(t).Tab("people")
	shoot := func(tab *browsertest.Tab, name, path string, then ...string) {
		t.Helper()
		tab.Visit(h.http.URL + path)
		for _, step := range then {
			tab.Script(step)
		}
		tab.Shot(name, browsertest.Light, browsertest.Dark)
	}
	shoot(nobody, "signin", "/login")
	nobody.Type("input[name=email]", "jane@example.com")
	nobody.Type("input[name=password]", "a wrong password"+browsertest.Enter)
	nobody.Sees("#login-error", "do not match")
	nobody.Shot("signin-refused", browsertest.Light, browsertest.Dark)
	signIn(tab, h, "omar@example.com")
	shoot(tab, "agents", "/setup/agents")
	shoot(tab, "agents-bottom", "/setup/agents", `document.querySelector('.scroll').scrollTop=1e6`)
	shoot(tab, "agents-found", "/setup/agents?q=an&role=agent")
	tab.Visit(h.http.URL + "/setup/agents")
	tab.Type("#email", "new.person@example.com"+browsertest.Enter)
	tab.Until(`document.querySelector('#link')`)
	to := browsertest.Read[string](tab, `document.querySelector('#link').value`)
	tab.Shot("invited-link", browsertest.Light, browsertest.Dark)
	shoot(nobody, "invited", to[len("https://support.example.com"):])
	shoot(tab, "agent", "/setup/agents/"+string(s.jane.ID))
	shoot(tab, "agent-out", "/setup/agents/"+string(arno.ID))
	shoot(tab, "me", "/me")
	shoot(tab, "me-bottom", "/me", `document.querySelector('.scroll').scrollTop=1e6`)
	shoot(tab, "factor", "/me/second-factor")
	app := h.reads(browsertest.Read[string](tab, `document.documentElement.outerHTML`))
	tab.Type("#code", app.code()+browsertest.Enter)
	tab.Until(`document.querySelectorAll('.spare code').length === 10`)
	tab.Shot("spare", browsertest.Light, browsertest.Dark)
	nobody.Visit(h.http.URL + "/login")
	nobody.Type("input[name=email]", "omar@example.com")
	nobody.Type("input[name=password]", password+browsertest.Enter)
	nobody.Until(`location.pathname === '/login/second' && document.readyState === 'complete'`)
	nobody.Type("#code", "000000"+browsertest.Enter)
	nobody.Sees("#wrong-code", "not right")
	nobody.Shot("second", browsertest.Light, browsertest.Dark)
	looks := browsertest.Open(t).Tab("people")
	signIn(looks, h, "arno@example.com")
	shoot(looks, "auditor-queue", "/")
	shoot(looks, "auditor-case", "/cases/"+string(s.running.Number))
	shoot(looks, "auditor-watch", "/cases/"+string(s.requested.Number))
}

// staffing adds many agents, and sign-ins of Jane's.
func staffing(h *house) {
	ctx, now := h.t.Context(), h.now()
	first := []string{"Ana", "Ben", "Chandra", "Dalia", "Emil", "Fatima", "Georg", "Hana", "Ivo", "Júlia"}
	last := []string{"Andersson", "Bianchi", "Castellanos-Whitfield", "Dubois", "Eriksen", "Fischer", "García", "Horvat"}
	h.update(func(tx store.Tx) error {
		for i := range 80 {
			a := desk.Agent{
				ID: desk.AgentID(fmt.Sprint("agent-x", i)), Email: fmt.Sprintf("agent.%d@example.com", i), Name: first[i%10] + " " + last[i/10],
				Role: []desk.Role{desk.RoleAgent, desk.RoleAgent, desk.RoleAgent, desk.RoleLead, desk.RoleAgent, desk.RoleAuditor}[i%6], Disabled: i%17 == 5, Presence: desk.Away, CreatedAt: now,
			}
			if i%5 > 0 {
				a.SeenAt = now.Add(-time.Duration(i*i) * time.Hour / 3)
			}
			if err := tx.SaveAgent(ctx, &a); err != nil {
				return err
			}
			if i%3 == 0 {
				if err := tx.SaveFactor(ctx, &signin.Factor{Agent: a.ID, Since: now}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for _, agent := range []string{firefox, phone} {
		h.inBy("jane@example.com", agent)
		h.inBy("omar@example.com", agent)
	}
	by := desk.By{Actor: desk.Actor{Side: desk.SideSystem, Name: "Omar Haddad"}, Via: desk.ViaConsole}
	for _, email := range []string{"somebody@example.com", "somebody.with.a.rather.long.address@subsidiary.example.com"} {
		if _, err := h.auth.Invite(ctx, by, email, desk.RoleLead); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := h.auth.SetDisabled(ctx, by, "arno@example.com", false); err != nil {
		h.t.Fatal(err)
	}
}
