package auth_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"caseline/internal/auth"
	"caseline/internal/desk"
)

// Who is shut out and let in again signs in anew: a browser that was signed in
// before, which may be a stolen one, is not let in with them.
func TestASignInEndsForGoodWhenItsAgentIsShutOut(t *testing.T) {
	a, s := newService(t, auth.Options{})
	jane := addJane(t, a)
	at := newSite(t, a)
	at.in(jane.Email, password)
	for _, out := range []bool{true, false} {
		if err := a.SetDisabled(t.Context(), desk.ByItself(), jane.Email, out); err != nil {
			t.Fatal(err)
		}
		if got := at.get("GET", "/who"); got != http.StatusForbidden {
			t.Errorf("shut out %v: got %d, want to be signed out", out, got)
		}
	}
	if all, err := s.SignInsOf(t.Context(), jane.ID, jane.CreatedAt); err != nil || len(all) > 0 {
		t.Errorf("sign-ins are kept: %v, %v", all, err)
	}
	if got := at.in(jane.Email, password); got != http.StatusOK || at.get("GET", "/who") != http.StatusOK {
		t.Errorf("got %d, want to sign in anew", got)
	}
}

// A link with which an agent could choose a password is good no more when they are
// shut out, or have a new password by another way.
func TestALinkIsGoodNoMoreWhenThePasswordIsAnother(t *testing.T) {
	for name, end := range map[string]func(*auth.Service, desk.Agent) error{
		"shut out, and let in again": func(a *auth.Service, jane desk.Agent) error {
			return errors.Join(a.SetDisabled(t.Context(), desk.ByItself(), jane.Email, true), a.SetDisabled(t.Context(), desk.ByItself(), jane.Email, false))
		},
		"set by an operator": func(a *auth.Service, jane desk.Agent) error {
			return a.SetPassword(t.Context(), desk.ByItself(), jane.Email, "another password")
		},
		"changed by the agent": func(a *auth.Service, jane desk.Agent) error {
			at := newSite(t, a)
			at.handle("POST /change", func(w http.ResponseWriter, r *http.Request) error {
				return a.ChangePassword(w, r, password, "another password")
			})
			at.in(jane.Email, password)
			if got := at.get("POST", "/change"); got != http.StatusOK {
				t.Errorf("change: got %d", got)
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, s := newService(t, auth.Options{})
			jane := addJane(t, a)
			invited, err := a.InviteAgain(t.Context(), desk.ByItself(), jane.ID)
			if err != nil {
				t.Fatal(err)
			}
			other, err := a.Invite(t.Context(), desk.ByItself(), "omar@example.com", desk.RoleAgent)
			if err != nil {
				t.Fatal(err)
			}
			secret := strings.TrimPrefix(invited.Link, auth.InvitationPath)
			if _, err := a.Invitation(t.Context(), secret); err != nil {
				t.Fatal(err)
			}
			if err := end(a, jane); err != nil {
				t.Fatal(err)
			}
			if _, err := a.Invitation(t.Context(), secret); !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("the link is good still: %v", err)
			}
			if left, err := s.Invitations(t.Context()); err != nil || len(left) != 1 || left[0].ID != other.ID {
				t.Errorf("got %v, %v; want another's invitation to stay", left, err)
			}
		})
	}
}

// Whoever invites somebody sees the link. An operator who is one no more cannot come
// back by a link they made, as somebody new or as a colleague.
func TestTheInvitationsOfAnOperatorEndWithTheRole(t *testing.T) {
	for name, end := range map[string]func(*auth.Service, string) error{
		"shut out": func(a *auth.Service, email string) error {
			return a.SetDisabled(t.Context(), desk.ByItself(), email, true)
		},
		"an agent now": func(a *auth.Service, email string) error {
			return a.SetRole(t.Context(), desk.ByItself(), email, desk.RoleAgent)
		},
		"under another name": func(a *auth.Service, email string) error {
			mallory, err := a.Named(t.Context(), email)
			return errors.Join(err, a.Rename(t.Context(), desk.ByItself(), mallory.ID, "Nobody"), a.SetDisabled(t.Context(), desk.ByItself(), email, true))
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, s := newService(t, auth.Options{})
			jane := addJane(t, a)
			by := map[string]desk.By{}
			for _, operator := range []string{"Mallory", "Olivia"} {
				o, err := a.AddAgent(t.Context(), desk.ByItself(), strings.ToLower(operator)+"@example.com", operator, password, desk.RoleOperator)
				if err != nil {
					t.Fatal(err)
				}
				by[operator] = desk.By{Actor: desk.ByAgent(o), Via: desk.ViaConsole}
			}
			_, err := a.Invite(t.Context(), by["Mallory"], "again@example.com", desk.RoleOperator)
			_, err2 := a.InviteAgain(t.Context(), by["Mallory"], jane.ID)
			kept, err3 := a.Invite(t.Context(), by["Olivia"], "omar@example.com", desk.RoleAgent)
			if err := errors.Join(err, err2, err3, end(a, "mallory@example.com")); err != nil {
				t.Fatal(err)
			}
			if left, err := s.Invitations(t.Context()); err != nil || len(left) != 1 || left[0].ID != kept.ID {
				t.Errorf("got %v, %v; want Olivia's only", left, err)
			}
		})
	}
}
