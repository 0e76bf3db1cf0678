package slacksim_test

import (
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/world"
)

// status calls a method as the app and returns the status; 0 if there was no
// answer.
func (s *stage) status(t *testing.T, method string, kv ...string) int {
	t.Helper()
	form := url.Values{"token": {"xoxb-1"}}
	for i := 0; i < len(kv); i += 2 {
		form.Set(kv[i], kv[i+1])
	}
	r, err := http.PostForm(s.sim.World.BaseURL()+"/api/"+method, form)
	if err != nil {
		return 0
	}
	defer r.Body.Close()
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		t.Fatal(err)
	}
	return r.StatusCode
}

func TestOutages(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	posts := func() int { return s.status(t, "chat.postMessage", "channel", s.ops.ID, "text", "hello") }
	during := func(name string, check func()) {
		t.Helper()
		if err := s.sim.SwitchOutage(name, true); err != nil {
			t.Fatal(err)
		}
		for _, o := range s.sim.Outages() {
			if o.On != (o.Name == name) {
				t.Errorf("during %s: %s is on=%t", name, o.Name, o.On)
			}
		}
		check()
		if err := s.sim.SwitchOutage(name, false); err != nil {
			t.Fatal(err)
		}
		if got := posts(); got != http.StatusOK {
			t.Errorf("after %s a post is answered %d", name, got)
		}
	}
	during("down", func() {
		if got := s.status(t, "auth.test"); got != http.StatusServiceUnavailable {
			t.Errorf("down: %d", got)
		}
	})
	during("posts", func() {
		if a, b := posts(), s.status(t, "auth.test"); a != http.StatusInternalServerError || b != http.StatusOK {
			t.Errorf("posts: %d, others: %d", a, b)
		}
	})
	during("unheard", func() {
		before := len(s.ops.Texts())
		if got := posts(); got != 0 || len(s.ops.Texts()) != before+1 {
			t.Errorf("unheard: %d, and %d messages more", got, len(s.ops.Texts())-before)
		}
	})
	during("slow", func() {
		if r, struck := s.sim.Faults.Decide("auth.test", ""); !struck || r.Delay != 4*time.Second {
			t.Errorf("slow: %+v", r)
		}
	})
	during("limits", func() {
		if a, b := posts(), posts(); a != http.StatusOK || b != http.StatusTooManyRequests {
			t.Errorf("limits: %d, then %d", a, b)
		}
	})
	if err := s.sim.SwitchOutage("weather", true); err == nil {
		t.Error("an outage that there is not was switched on")
	}
}

func TestOutagesOfEvents(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.quiet(t)
	heard := func(text string) bool {
		for _, e := range s.app.Events("message") {
			if e["text"] == text {
				return true
			}
		}
		return false
	}
	flip := func(name string, on bool) {
		t.Helper()
		if err := s.sim.SwitchOutage(name, on); err != nil {
			t.Fatal(err)
		}
	}
	flip("lost", true)
	s.ops.Post(s.bob, "never told")
	s.quiet(t)
	flip("lost", false)
	flip("held", true)
	s.ops.Post(s.bob, "told late")
	if s.sim.World.Undelivered() == 0 || heard("told late") {
		t.Error("an event was sent while they are held back")
	}
	flip("held", false)
	s.quiet(t)
	if heard("never told") || !heard("told late") {
		t.Errorf("the app heard %v", s.app.Events("message"))
	}
}

func TestNobodyPressesWhatAnUninstalledAppLeft(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	out := s.ok(t, "chat.postMessage", "channel", s.ops.ID, "text", "card", "blocks", `[{"type":"actions","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]`)
	card := s.ops.Message(out["ts"].(string))
	s.ws.Uninstall(s.in)
	if err := card.Press(t.Context(), s.bob, "Go"); err == nil {
		t.Error("pressed")
	}
	if n := len(s.app.Requests("/interactivity")); n != 0 {
		t.Errorf("the app was sent %d interactions", n)
	}
	row, _ := s.sim.World.Apps.Installed(s.in.ID, s.ws.ID)
	if _, err := oauth.Install(s.sim.World, oauth.Grant{App: s.in.ID, Place: s.ws.ID, Token: row.Token, Scopes: row.Scopes}); err != nil {
		t.Fatal(err)
	}
	if err := card.Press(t.Context(), s.bob, "Go"); err != nil {
		t.Errorf("after it was installed again: %v", err)
	}
}

func TestADeactivatedPersonIsToldOf(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.ws.Deactivate(s.bob)
	s.quiet(t)
	if e := s.last(t, "user_change"); e["user"].(map[string]any)["deleted"] != true {
		t.Errorf("user_change = %v", e)
	}
	if u := s.ok(t, "users.info", "user", s.bob.ID)["user"].(map[string]any); u["deleted"] != true {
		t.Errorf("users.info = %v", u)
	}
	carol := s.ws.AddUser("carol", "Carol", func(u *world.User) { u.Title = "On call" })
	if out := s.call(t, "conversations.open", "users", s.bob.ID); out["error"] != "user_disabled" {
		t.Errorf("opened a conversation with them: %v", out)
	}
	s.ok(t, "conversations.open", "users", carol.ID)
}
