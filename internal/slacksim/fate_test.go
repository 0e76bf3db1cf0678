package slacksim_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// private makes a private channel with alice, who is an admin, and the app.
func (s *stage) private(name string) *slacksim.Channel {
	return s.ws.AddChannel(name, world.Private, s.alice, s.in.Bot)
}

// last is the newest event of a kind.
func (s *stage) last(t *testing.T, kind string) map[string]any {
	t.Helper()
	s.quiet(t)
	es := s.app.Events(kind)
	if len(es) == 0 {
		t.Fatalf("no %s", kind)
	}
	// Channels do not wait for each other: what came last need not be the newest.
	return slices.MaxFunc(es, func(a, b map[string]any) int {
		return strings.Compare(fmt.Sprint(a["event_ts"]), fmt.Sprint(b["event_ts"]))
	})
}

func (s *stage) refused(t *testing.T, want, method string, kv ...string) {
	t.Helper()
	if out := s.call(t, method, kv...); out["error"] != want {
		t.Errorf("%s: got %v, want %s", method, out, want)
	}
}

func TestAnArchivedChannelTakesNothing(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	ch := s.private("case-1")
	s.ok(t, "conversations.archive", "channel", ch.ID)
	if e := s.last(t, "group_archive"); e["channel"] != ch.ID || e["user"] != s.in.Bot.ID {
		t.Errorf("got %v", e)
	}
	s.refused(t, "is_archived", "chat.postMessage", "channel", ch.ID, "text", "x")
	s.refused(t, "already_archived", "conversations.archive", "channel", ch.ID)
	s.refused(t, "not_in_channel", "conversations.unarchive", "channel", ch.ID) // Slack's bug: bots cannot
	ch.Unarchive(s.alice)
	s.last(t, "group_unarchive")
	s.ok(t, "chat.postMessage", "channel", ch.ID, "text", "x")
}

func TestADeletedChannelIsGone(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	ch := s.private("case-1")
	if err := s.sim.World.DeleteChannel(s.bob.ID, ch.ID); !errors.Is(err, entity.ErrChannelNotFound) {
		t.Errorf("somebody outside deleted it: %v", err)
	}
	ch.Invite(s.alice, s.bob)
	if err := s.sim.World.DeleteChannel(s.bob.ID, ch.ID); !errors.Is(err, entity.ErrRestrictedAction) {
		t.Errorf("somebody who is no admin deleted it: %v", err)
	}
	ch.Remove(s.alice)
	if e := s.last(t, "group_deleted"); e["channel"] != ch.ID {
		t.Errorf("got %v", e)
	}
	s.refused(t, "channel_not_found", "chat.postMessage", "channel", ch.ID, "text", "x")
	s.refused(t, "channel_not_found", "conversations.info", "channel", ch.ID)
	public := s.ws.AddChannel("gone", world.Public, s.alice, s.in.Bot)
	public.Remove(s.alice)
	s.last(t, "channel_deleted")
}

func TestAnAppThatIsRemovedHearsOfItAndSeesNothing(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	ch := s.private("case-1")
	ch.Kick(s.alice, s.in.Bot)
	if e := s.last(t, "group_left"); e["channel"] != ch.ID {
		t.Errorf("got %v", e)
	}
	if e := s.last(t, "member_left_channel"); e["user"] != s.in.Bot.ID {
		t.Errorf("got %v", e)
	}
	s.refused(t, "channel_not_found", "chat.postMessage", "channel", ch.ID, "text", "x")
	s.ops.Kick(s.alice, s.in.Bot)
	s.refused(t, "not_in_channel", "chat.postMessage", "channel", s.ops.ID, "text", "x")
}

func TestAPrivateChannelIsMadePublic(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	ch := s.private("case-1")
	ch.MakePublic(s.alice)
	if e := s.last(t, "message"); e["subtype"] != "channel_convert_to_public" || e["user"] != s.alice.ID || e["channel"] != ch.ID {
		t.Errorf("got %v", e)
	}
	out := s.ok(t, "conversations.info", "channel", ch.ID)["channel"].(map[string]any)
	if out["is_private"] != false {
		t.Errorf("got %v", out)
	}
	s.ok(t, "chat.postMessage", "channel", ch.ID, "text", "still here")
}

func TestAChannelGetsAnotherID(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	ch := s.private("case-1")
	m := ch.Post(s.alice, "hello")
	m.Pin(s.alice)
	now := ch.ChangeID()
	e := s.last(t, "channel_id_changed")
	if e["old_channel_id"] != ch.ID || e["new_channel_id"] != now.ID {
		t.Errorf("got %v", e)
	}
	s.refused(t, "channel_not_found", "chat.postMessage", "channel", ch.ID, "text", "x")
	s.ok(t, "chat.postMessage", "channel", now.ID, "text", "x")
	pins := s.ok(t, "pins.list", "channel", now.ID)["items"].([]any)
	if len(pins) != 1 || pins[0].(map[string]any)["message"].(map[string]any)["ts"] != m.TS {
		t.Errorf("got pins %v", pins)
	}
	now.Message(m.TS).Edit(s.alice, "hello again")
	if e := s.last(t, "message"); e["channel"] != now.ID || e["previous_message"].(map[string]any)["text"] != "hello" {
		t.Errorf("got %v", e)
	}
}

func TestMembersAreListedInPages(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	ch := s.private("case-1")
	ch.Invite(s.alice, s.bob)
	var got []string
	for cursor := ""; ; {
		out := s.ok(t, "conversations.members", "channel", ch.ID, "limit", "2", "cursor", cursor)
		for _, m := range out["members"].([]any) {
			got = append(got, m.(string))
		}
		cursor, _ = out["response_metadata"].(map[string]any)["next_cursor"].(string)
		if cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{s.alice.ID, s.in.Bot.ID, s.bob.ID}, got); diff != "" {
		t.Error(diff)
	}
	s.refused(t, "channel_not_found", "conversations.members", "channel", "C0NOSUCH")
}

func TestAFormIsPushedOnAnother(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	form, _ := s.openForm(t)
	s.app.Answer(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/interactivity" {
			var payload struct {
				TriggerID string `json:"trigger_id"`
			}
			if err := json.Unmarshal([]byte(r.FormValue("payload")), &payload); err != nil {
				t.Error(err)
			}
			s.ok(t, "views.push", "trigger_id", payload.TriggerID, "view", fmt.Sprintf(formView, "Two"))
		}
	})
	if err := form.Set(t.Context(), "Severity", "High"); err != nil { // which tells the app at once
		t.Fatal(err)
	}
	if v := s.ws.View(s.bob); v == nil || v.ID == form.ID || v.Title() != "Two" {
		t.Fatalf("got %v", v)
	}
	s.refused(t, "invalid_trigger_id", "views.push", "trigger_id", "1.2.3", "view", fmt.Sprintf(formView, "x"))
}

// TestAnUninstalledAppIsLockedOut also shows that it comes back as the same
// bot, and in no channel.
func TestAnUninstalledAppIsLockedOut(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	ch := s.private("case-1")
	s.ws.Uninstall(s.in)
	s.last(t, "app_uninstalled")
	tokens := s.last(t, "tokens_revoked")["tokens"].(map[string]any)
	if diff := cmp.Diff([]any{s.in.Bot.ID}, tokens["bot"]); diff != "" {
		t.Error(diff)
	}
	s.refused(t, "account_inactive", "auth.test")
	s.refused(t, "account_inactive", "chat.postMessage", "channel", ch.ID, "text", "x")
	before := len(s.app.Events("message"))
	ch.Post(s.alice, "anybody?")
	s.quiet(t)
	if got := len(s.app.Events("message")); got != before {
		t.Error("it was told of messages")
	}
	if _, err := s.ops.Command(t.Context(), s.alice, "/support help"); err == nil {
		t.Error("its command was still there")
	}
	again := s.ws.Install(slacksim.App{ID: s.in.ID, BotName: "Support Chat", BotToken: "xoxb-2", SigningSecret: secret, EventsURL: s.app.URL + "/events"})
	if again.Bot.ID != s.in.Bot.ID || again.BotID != s.in.BotID {
		t.Errorf("got another bot: %v", again)
	}
	if slices.Contains(ch.Members(), s.in.Bot.Name) {
		t.Error("it is still in the channel")
	}
}

func TestARevokedTokenLeavesTheAppInItsChannels(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	ch := s.private("case-1")
	s.ws.RevokeToken(s.in)
	s.last(t, "tokens_revoked")
	if len(s.app.Events("app_uninstalled")) > 0 {
		t.Error("it was told that it was uninstalled")
	}
	s.refused(t, "token_revoked", "chat.postMessage", "channel", ch.ID, "text", "x")
	if !ch.Now().Has(s.in.Bot.ID) {
		t.Error("it is no longer in the channel")
	}
}
