package console_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"caseline/internal/auth"
	"caseline/internal/desk"
	"caseline/internal/desk/signin"
	"caseline/internal/store/storetest"
)

// An invitation that the mail server did not take says so, and is sent again by a
// press: with a new link, and the one before is good no more.
func TestAnInvitationThatWasNotMailedIsSentAgain(t *testing.T) {
	away := true
	var letters []auth.Letter
	h := guardedHouse(t, storetest.SQLite(t), func(a *auth.Options) {
		a.Post = func(_ context.Context, l auth.Letter) error {
			letters = append(letters, l)
			if away {
				return errors.New("the mail server is away")
			}
			return nil
		}
	})
	h.agent("olivia@example.com", "Olivia Park", desk.RoleOperator)
	b := h.signedIn("olivia@example.com")
	b.post("/setup/invitations", map[string][]string{"email": {"noor@example.com"}, "role": {"lead"}})
	open := func(want signin.Mailed) signin.Invitation {
		t.Helper()
		all, err := h.store.Invitations(t.Context())
		if err != nil || len(all) != 1 || all[0].Mailed != want || all[0].Role != desk.RoleLead || all[0].Inviter == "" {
			t.Fatalf("got %+v, %v", all, err)
		}
		return all[0]
	}
	first := open(signin.MailFailed)
	if page := b.get("/setup/agents").body; !strings.Contains(page, "Not mailed") || !strings.Contains(page, "Send again") {
		t.Error("the page does not say that it was not mailed")
	}
	away = false
	if res := b.post("/setup/invitations/"+first.ID+"/again", nil); res.status != http.StatusOK {
		t.Fatalf("again: %d: %s", res.status, res.body)
	}
	open(signin.MailSent)
	if strings.Contains(b.get("/setup/agents").body, "Not mailed") {
		t.Error("it says still that it was not mailed")
	}
	if len(letters) != 2 || letters[1].To != "noor@example.com" || letters[0].Link == letters[1].Link {
		t.Fatalf("letters: %+v", letters)
	}
	for i, want := range []int{http.StatusNotFound, http.StatusOK} {
		if got := h.browser().get(letters[i].Link); got.status != want {
			t.Errorf("link %d: got %d, want %d", i+1, got.status, want)
		}
	}
	if res := b.post("/setup/invitations/"+first.ID+"/again", nil); res.status != http.StatusNotFound {
		t.Errorf("one that is no more: %d", res.status)
	}
}
