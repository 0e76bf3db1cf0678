package console_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/console"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

func TestEdge_TheConsoleSaysWhenSlackIsSilentOrHasShutUsOut(t *testing.T) {
	var health atomic.Pointer[work.Health]
	health.Store(&work.Health{})
	h := newHouse(t, func(o *console.Options) { o.Health = func() work.Health { return *health.Load() } })
	s := fill(h)
	b := h.signedIn("jane@example.com")
	says := func(want string) {
		t.Helper()
		for _, path := range []string{"/", "/chats", "/cases", "/cases/" + string(s.running.Number)} {
			got := ""
			for _, p := range parsePage(t, b.get(path).body).all(".banner") {
				got += strings.TrimSpace(p.text)
			}
			if got != want {
				t.Errorf("%s: got %q above the page, want %q", path, got, want)
			}
		}
	}
	says("")
	now := h.clock.now()
	health.Store(&work.Health{Since: now.Add(-time.Second)})
	says("") // it may be over before anybody has read of it
	since := now.Add(-4 * time.Minute)
	health.Store(&work.Health{Since: since, Next: now.Add(time.Hour)})
	says("Slack has not answered since " + since.UTC().Format("15:04") + ". 2 messages wait; nothing is lost. Next try at " + now.Add(time.Hour).UTC().Format("15:04:05") + ".")
	for ahead, want := range map[time.Duration]string{
		3500 * time.Millisecond: "3 seconds behind", -90 * time.Second: "90 seconds ahead of", 4 * time.Minute: "4 minutes behind",
	} {
		health.Store(&work.Health{Ahead: ahead})
		says("This server’s clock is " + want + " Slack’s, so what is written near the beginning or the end of a chat may be missing from its record, or in it by mistake. Ask the person who runs the server to set its clock by NTP.")
	}
	none := "Since " + since.UTC().Format("15:04") + " nothing that people write or press in Slack arrives here: "
	for _, tt := range []struct {
		socket work.Socket
		want   string
	}{
		{work.Socket{}, ""},
		{work.Socket{Since: now.Add(-time.Second)}, ""},
		{work.Socket{Since: since, Next: now.Add(-time.Minute)}, none + "there is no connection to Slack. What people write meanwhile is fetched when there is one again."},
		{
			work.Socket{Since: since, Next: now.Add(time.Minute)},
			none + "there is no connection to Slack. What people write meanwhile is fetched when there is one again. Next try at " + now.Add(time.Minute).UTC().Format("15:04:05") + ".",
		},
		{
			work.Socket{Since: since, Reason: "invalid_auth"},
			none + "Slack refuses the connection (invalid_auth). Ask the person who runs the server to look at the app’s settings in Slack and at its token in the configuration.",
		},
		{
			work.Socket{Since: since, Off: true, Reason: "link_disabled"},
			none + "Socket Mode is switched off in the settings of the app in Slack. Ask the person who runs the server to switch it on; what was written meanwhile is then fetched.",
		},
	} {
		health.Store(&work.Health{Socket: tt.socket})
		says(tt.want)
	}
	health.Store(&work.Health{Since: since, Socket: work.Socket{Since: since, Off: true}})
	h.update(func(tx store.Tx) error {
		for _, w := range []desk.WorkspaceID{"T1", "T8"} { // nobody is served in the second
			err := tx.SaveWorkspace(t.Context(), &served.Workspace{ID: w, Name: "Northwind", State: served.WorkspaceDisconnected, Reason: "token_revoked"})
			if err != nil {
				return err
			}
		}
		return tx.LinkWorkspace(t.Context(), "481516234200", "T1")
	})
	says("Northwind is disconnected: the app’s token was revoked. Its chats have ended, and nothing is sent there until the app is installed again.")
}

func TestOperatorsAreToldOfMailThatWaits(t *testing.T) {
	h := newHouse(t, func(o *console.Options) { o.Mail = true })
	s := fill(h)
	h.agent("olivia@example.com", "Olivia", desk.RoleOperator)
	above := func(who string) (got string) {
		t.Helper()
		for _, p := range parsePage(t, h.signedIn(who).get("/").body).all(".banner") {
			got += strings.TrimSpace(p.text)
		}
		return got
	}
	since := h.clock.now().UTC().Add(-20 * time.Minute)
	when := since.Format("15:04")
	if since.Day() != h.clock.now().UTC().Day() {
		when = since.Format("2 Jan")
	}
	for i, want := range []string{"1 e-mail waits", "2 e-mails wait"} {
		h.update(func(tx store.Tx) error {
			return tx.Enqueue(t.Context(), &desk.Delivery{
				Lane: desk.MailLane(s.running.ID, "bob@example.com"), Case: s.running.ID, Kind: desk.DeliverMail, Seq: int64(i + 1),
				State: desk.DeliveryPending, CreatedAt: since.Add(time.Duration(i) * time.Minute),
			})
		})
		want += " for the mail server, the oldest since " + when + "."
		if got := above("olivia@example.com"); !strings.HasPrefix(got, want) {
			t.Errorf("an operator reads %q, want %q", got, want)
		}
	}
	if got := above("jane@example.com"); got != "" {
		t.Errorf("an agent reads %q", got)
	}
}

// The page says it without being loaded again. Pictures of it go to the folder
// that CASELINE_SHOTS names.
func TestEdge_ABannerComesAndGoesByItself(t *testing.T) {
	var health atomic.Pointer[work.Health]
	health.Store(&work.Health{})
	h := newHouse(t, func(o *console.Options) { o.Health = func() work.Health { return *health.Load() } })
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	tab.Until(`document.documentElement.classList.contains('js') && !document.querySelector('.banner')`)
	now := h.clock.now()
	health.Store(&work.Health{Since: now.Add(-4 * time.Minute), Next: now.Add(20 * time.Second)})
	touch := func() {
		h.update(func(tx store.Tx) error {
			return tx.SaveWorkspace(t.Context(), &served.Workspace{ID: "T1", Name: "Northwind"})
		})
	}
	touch()
	tab.Until(`document.querySelector('.banner-warn')?.textContent.includes('Slack has not answered since')`)
	tab.Shot("banner")
	health.Store(&work.Health{})
	touch()
	tab.Until(`!document.querySelector('.banner')`)
}
