package auth_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/auth"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// deeds are what the audit says, oldest first, a line each: who, what, detail.
func deeds(t *testing.T, s store.Store) []string {
	t.Helper()
	all, err := s.Audit(t.Context(), desk.AuditFilter{}, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, e := range all {
		line := strings.Join([]string{e.By.Name, e.What, e.Detail["agent"], e.Detail["role"]}, " ")
		if from := e.Detail["from"]; from != "" {
			line += "from " + from
		}
		lines = append([]string{strings.TrimSpace(line)}, lines...)
	}
	return lines
}

func TestRolesAndShuttingOut(t *testing.T) {
	a, s := newService(t, auth.Options{})
	ctx, by := t.Context(), desk.By{Actor: desk.Actor{Side: desk.SideSystem, Name: "root"}, Via: desk.ViaCommand}
	for _, who := range []struct {
		email string
		role  desk.Role
	}{{"jane@example.com", desk.RoleOperator}, {"omar@example.com", desk.RoleAgent}} {
		if _, err := a.AddAgent(ctx, by, who.email, "Somebody", password, who.role); err != nil {
			t.Fatal(err)
		}
	}
	is := func(email string) desk.Agent {
		t.Helper()
		agent, err := s.AgentByEmail(ctx, email)
		if err != nil {
			t.Fatal(err)
		}
		return agent
	}
	if err := a.SetRole(ctx, by, "jane@example.com", desk.RoleAgent); !errors.Is(err, desk.ErrConflict) || is("jane@example.com").Role != desk.RoleOperator {
		t.Errorf("the last operator lost the role: %v", err)
	}
	if err := a.SetDisabled(ctx, by, "jane@example.com", true); !errors.Is(err, desk.ErrConflict) || is("jane@example.com").Disabled {
		t.Errorf("the last operator is shut out: %v", err)
	}
	if err := a.SetRole(ctx, by, "omar@example.com", "king"); !errors.Is(err, desk.ErrInvalid) {
		t.Errorf("a role that is none: %v", err)
	}
	if err := a.SetRole(ctx, by, "nobody@example.com", desk.RoleAgent); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("nobody's role: %v", err)
	}
	for range 2 { // again changes nothing
		if err := errors.Join(a.SetRole(ctx, by, "Omar@example.com", desk.RoleOperator), a.SetDisabled(ctx, by, "jane@example.com", true)); err != nil {
			t.Fatal(err)
		}
	}
	if jane := is("jane@example.com"); !jane.Disabled || jane.Presence != desk.Away {
		t.Errorf("got %+v", jane)
	}
	if err := a.SetDisabled(ctx, by, "omar@example.com", true); !errors.Is(err, desk.ErrConflict) {
		t.Errorf("an operator who is shut out counts as one: %v", err)
	}
	want := []string{
		"root agent-added jane@example.com operator", "root agent-added omar@example.com agent",
		"root agent-role omar@example.com operator", "root agent-disabled jane@example.com",
	}
	if diff := cmp.Diff(want, deeds(t, s)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// B6: the audit has who came and went, and what was refused; never what was typed
// for an address that is nobody's.
func TestB6_SignInsAreAudited(t *testing.T) {
	a, s := newService(t, auth.Options{Address: func(*http.Request) string { return "192.0.2.7" }})
	if _, err := a.AddAgent(t.Context(), desk.ByItself(), "jane@example.com", "Jane", password, desk.RoleAgent); err != nil {
		t.Fatal(err)
	}
	st := newSite(t, a)
	for _, try := range []struct{ email, password string }{
		{"jane@example.com", "a wrong password"}, {"correct horse battery", "jane"}, {"jane@example.com", password},
	} {
		st.in(try.email, try.password)
	}
	st.get(http.MethodPost, "/out")
	st.get(http.MethodPost, "/out") // nobody is signed in any more
	want := []string{
		"agent-added jane@example.com agent", "sign-in-refused jane@example.com from 192.0.2.7", "sign-in-refused  from 192.0.2.7",
		"Jane signed-in  from 192.0.2.7", "Jane signed-out  from 192.0.2.7",
	}
	if diff := cmp.Diff(want, deeds(t, s)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// One machine that tries a password on many people is slowed down, whoever they are.
func TestOneMachineIsSlowedDown(t *testing.T) {
	c := &clock{at: time.Now()}
	a, _ := newService(t, auth.Options{Now: c.now})
	at := newSite(t, a)
	tries := 0
	for at.in(fmt.Sprintf("somebody%d@example.com", tries), "Summer2026!") != http.StatusTooManyRequests {
		if tries++; tries > 150 {
			t.Fatal("it tried 150 people without being slowed down")
		}
	}
	if tries < 50 {
		t.Errorf("an office behind one address was slowed down after %d tries", tries)
	}
}
