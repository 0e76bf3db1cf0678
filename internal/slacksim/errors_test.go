package slacksim_test

import (
	"fmt"
	"strings"
	"testing"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// TestErrorNames goes through the errors that methods have.
func TestErrorNames(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	secret := s.ws.AddChannel("secret", world.Private, s.alice)
	public := s.ws.AddChannel("elsewhere", world.Public, s.alice)
	general := s.ws.AddChannel("general", world.Public, s.alice, s.in.Bot)
	if err := s.sim.World.SetGeneral(general.ID); err != nil {
		t.Fatal(err)
	}
	old := s.ws.AddChannel("old", world.Public, s.alice, s.in.Bot)
	old.Archive(s.alice)
	quiet := s.ws.AddChannel("announcements", world.Public, s.alice, s.in.Bot)
	if err := s.sim.World.SetReadOnly(quiet.ID, true); err != nil {
		t.Fatal(err)
	}
	gone := s.ws.AddUser("gone", "Gone")
	if err := s.sim.World.Deactivate(gone.ID); err != nil {
		t.Fatal(err)
	}
	guest := s.ws.AddUser("guest", "Guest", slacksim.SingleChannelGuest)
	s.ops.Invite(s.alice, guest)
	alices := s.ops.Post(s.alice, "mine")
	reply := alices.Reply(s.bob, "reply")
	mine := s.ok(t, "chat.postMessage", "channel", s.ops.ID, "text", "bot's")["ts"].(string)
	rich := s.ok(t, "chat.postMessage", "channel", s.ops.ID, "text", "x", "blocks", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}]`)["ts"].(string)
	s.ok(t, "pins.add", "channel", s.ops.ID, "timestamp", mine)
	s.ok(t, "reactions.add", "channel", s.ops.ID, "timestamp", mine, "name", "eyes")
	section := `[{"type":"section","text":{"type":"mrkdwn","text":"x"}}]`
	dm := s.ws.Direct(s.in.Bot, s.bob)
	c, none := s.ops.ID, "C0NOSUCH"
	for _, c := range []struct {
		want, method string
		args         []string
	}{
		{"unknown_method", "chat.nonsense", nil},
		{"channel_not_found", "chat.postMessage", []string{"channel", none, "text", "x"}},
		{"channel_not_found", "chat.postMessage", []string{"channel", secret.ID, "text", "x"}},
		{"not_in_channel", "chat.postMessage", []string{"channel", public.ID, "text", "x"}},
		{"is_archived", "chat.postMessage", []string{"channel", old.ID, "text", "x"}},
		{"restricted_action", "chat.postMessage", []string{"channel", quiet.ID, "text", "x"}},
		{"no_text", "chat.postMessage", []string{"channel", c}},
		{"no_text", "chat.postMessage", []string{"channel", c, "text", "  "}},
		{"invalid_arguments", "chat.postMessage", []string{"text", "x"}},
		{"invalid_blocks_format", "chat.postMessage", []string{"channel", c, "blocks", "{"}},
		{"invalid_blocks", "chat.postMessage", []string{"channel", c, "blocks", `[{"type":"nonsense"}]`}},
		{"msg_blocks_too_long", "chat.postMessage", []string{"channel", c, "blocks", manySections(5, 2900)}},
		{"too_many_attachments", "chat.postMessage", []string{"channel", c, "attachments", "[" + strings.Repeat("{},", 100) + "{}]"}},
		{"invalid_metadata_format", "chat.postMessage", []string{"channel", c, "text", "x", "metadata", "{"}},
		{"metadata_too_large", "chat.postMessage", []string{"channel", c, "text", "x", "metadata", `{"event_type":"a","event_payload":{"k":"` + strings.Repeat("x", 9000) + `"}}`}},
		{"markdown_text_conflict", "chat.postMessage", []string{"channel", c, "text", "x", "markdown_text", "y"}},
		{"cannot_reply_to_message", "chat.postMessage", []string{"channel", c, "text", "x", "thread_ts", reply.TS}},
		{"cannot_reply_to_message", "chat.postMessage", []string{"channel", c, "text", "x", "thread_ts", "1.000001"}},
		{"cant_update_message", "chat.update", []string{"channel", c, "ts", alices.TS, "text", "x"}},
		{"message_not_found", "chat.update", []string{"channel", c, "ts", "1.000001", "text", "x"}},
		{"msg_too_long", "chat.update", []string{"channel", c, "ts", mine, "text", strings.Repeat("x", 4001)}},
		{"no_text", "chat.update", []string{"channel", c, "ts", mine}},
		{"block_mismatch", "chat.update", []string{"channel", c, "ts", rich, "blocks", section}},
		{"cant_delete_message", "chat.delete", []string{"channel", c, "ts", alices.TS}},
		{"message_not_found", "chat.delete", []string{"channel", c, "ts", "1.000001"}},
		{"user_not_in_channel", "chat.postEphemeral", []string{"channel", general.ID, "user", s.bob.ID, "text", "x"}},
		{"message_not_found", "chat.getPermalink", []string{"channel", c, "message_ts", "1.000001"}},
		{"invalid_name_required", "conversations.create", nil},
		{"invalid_name_specials", "conversations.create", []string{"name", "Ops"}},
		{"invalid_name_specials", "conversations.create", []string{"name", "a.b"}},
		{"invalid_name_punctuation", "conversations.create", []string{"name", "--_"}},
		{"invalid_name_maxlength", "conversations.create", []string{"name", strings.Repeat("x", 81)}},
		{"name_taken", "conversations.create", []string{"name", "old"}},
		{"name_taken", "conversations.create", []string{"name", "secret"}},
		{"no_user", "conversations.invite", []string{"channel", c}},
		{"not_in_channel", "conversations.invite", []string{"channel", public.ID, "users", s.bob.ID}},
		{"already_in_channel", "conversations.invite", []string{"channel", c, "users", s.bob.ID}},
		{"cant_invite_self", "conversations.invite", []string{"channel", c, "users", s.in.Bot.ID}},
		{"cant_invite", "conversations.invite", []string{"channel", c, "users", gone.ID}},
		{"user_not_found", "conversations.invite", []string{"channel", c, "users", "U0NOBODY"}},
		{"ura_max_channels", "conversations.invite", []string{"channel", general.ID, "users", guest.ID}},
		{"channel_not_found", "conversations.info", []string{"channel", secret.ID}},
		{"invalid_types", "conversations.list", []string{"types", "nonsense"}},
		{"invalid_limit", "conversations.list", []string{"limit", "1001"}},
		{"invalid_cursor", "conversations.list", []string{"cursor", "x"}},
		{"channel_not_found", "conversations.history", []string{"channel", secret.ID}},
		{"not_in_channel", "conversations.history", []string{"channel", public.ID}},
		{"invalid_ts_oldest", "conversations.history", []string{"channel", c, "oldest", "x"}},
		{"invalid_ts_latest", "conversations.history", []string{"channel", c, "latest", "1.1234567890"}},
		{"invalid_cursor", "conversations.history", []string{"channel", c, "cursor", "x"}},
		{"thread_not_found", "conversations.replies", []string{"channel", c, "ts", "1.000001"}},
		{"too_long", "conversations.setTopic", []string{"channel", c, "topic", strings.Repeat("x", 251)}},
		{"is_archived", "conversations.setTopic", []string{"channel", old.ID, "topic", "x"}},
		{"already_archived", "conversations.archive", []string{"channel", old.ID}},
		{"cant_archive_general", "conversations.archive", []string{"channel", general.ID}},
		{"method_not_supported_for_channel_type", "conversations.archive", []string{"channel", dm.ID}},
		{"not_in_channel", "conversations.unarchive", []string{"channel", old.ID}},
		{"cant_leave_general", "conversations.leave", []string{"channel", general.ID}},
		{"cant_kick_self", "conversations.kick", []string{"channel", c, "user", s.in.Bot.ID}},
		{"cant_kick_from_general", "conversations.kick", []string{"channel", general.ID, "user", s.alice.ID}},
		{"channel_not_found", "conversations.join", []string{"channel", secret.ID}},
		{"is_archived", "conversations.join", []string{"channel", old.ID}},
		{"users_list_not_supplied", "conversations.open", nil},
		{"user_not_found", "conversations.open", []string{"users", "U0NOBODY"}},
		{"user_disabled", "conversations.open", []string{"users", gone.ID}},
		{"already_pinned", "pins.add", []string{"channel", c, "timestamp", mine}},
		{"message_not_found", "pins.add", []string{"channel", c, "timestamp", "1.000001"}},
		{"no_item_specified", "pins.add", []string{"channel", c}},
		{"bad_timestamp", "pins.add", []string{"channel", c, "timestamp", "x"}},
		{"no_pin", "pins.remove", []string{"channel", c, "timestamp", alices.TS}},
		{"not_pinnable", "pins.add", []string{"channel", c, "timestamp", s.ops.All()[0].TS}},
		{"already_reacted", "reactions.add", []string{"channel", c, "timestamp", mine, "name", "eyes"}},
		{"no_reaction", "reactions.remove", []string{"channel", c, "timestamp", mine, "name", "fire"}},
		{"invalid_name", "reactions.add", []string{"channel", c, "timestamp", mine, "name", "not an emoji"}},
		{"user_not_found", "users.info", []string{"user", "U0NOBODY"}},
		{"users_not_found", "users.lookupByEmail", []string{"email", "no@body.example"}},
		{"bot_not_found", "bots.info", []string{"bot", "B0NOBODY"}},
		{"team_not_found", "team.info", []string{"team", "T0NOWHERE"}},
		{"invalid_trigger_id", "views.open", []string{"trigger_id", "x", "view", modal("a", "")}},
		{"invalid_arguments", "views.open", []string{"trigger_id", "x", "view", `{"type":"modal"}`}},
		{"view_too_large", "views.open", []string{"trigger_id", "x", "view", modal("a", strings.Repeat("x", 250_001))}},
		{"not_found", "views.update", []string{"view_id", "V0", "view", modal("a", "")}},
		{"user_not_found", "views.publish", []string{"user_id", "U0NOBODY", "view", `{"type":"home","blocks":[]}`}},
		{"invalid_arguments", "files.getUploadURLExternal", []string{"filename", "x"}},
		{"invalid_arguments", "files.getUploadURLExternal", []string{"filename", "x", "length", "0"}},
		{"file_not_found", "files.completeUploadExternal", []string{"files", `[{"id":"F0"}]`}},
		{"file_not_found", "files.info", []string{"file", "F0"}},
		{"some_error", "api.test", []string{"error", "some_error"}},
	} {
		out := s.call(t, c.method, c.args...)
		if out["ok"] != false || out["error"] != c.want {
			t.Errorf("%s %.80v = %v, want %s", c.method, c.args, out["error"], c.want)
		}
	}
}

func manySections(n, size int) string {
	one := fmt.Sprintf(`{"type":"section","text":{"type":"mrkdwn","text":%q}}`, strings.Repeat("x", size))
	return "[" + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + "]"
}

func modal(title, metadata string) string {
	return fmt.Sprintf(`{"type":"modal","title":{"type":"plain_text","text":%q},"private_metadata":%q,"blocks":[]}`, title, metadata)
}

func TestTokens(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	for token, want := range map[string]string{"": "not_authed", "xoxb-wrong": "invalid_auth"} {
		if out := s.call(t, "auth.test", "token", token); out["ok"] != true {
			t.Errorf("the header's token goes first: %v", out)
		}
		api := s.sim.World.BaseURL() + "/api/auth.test?token=" + token
		if got := get(t, api); got["error"] != want {
			t.Errorf("token %q: %v, want %s", token, got, want)
		}
	}
}

func TestInvitePartly(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	eve := s.ws.AddUser("eve", "Eve")
	out := s.call(t, "conversations.invite", "channel", s.ops.ID, "users", eve.ID+",U0NOBODY")
	if errs, _ := out["errors"].([]any); out["error"] != "user_not_found" || len(errs) != 1 {
		t.Errorf("one bad of two: %v", out)
	}
	if len(s.ops.Members()) != 3 {
		t.Errorf("members = %v", s.ops.Members())
	}
	out = s.call(t, "conversations.invite", "channel", s.ops.ID, "users", eve.ID+",U0NOBODY", "force", "true")
	if errs, _ := out["errors"].([]any); out["ok"] != true || len(errs) != 1 {
		t.Errorf("forced: %v", out)
	}
	if len(s.ops.Members()) != 4 {
		t.Errorf("members = %v", s.ops.Members())
	}
}

func TestWorkspaceForbidsChannels(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.ws.Configure(func(w *world.Workspace) { w.NoChannelCreation = true })
	if out := s.call(t, "conversations.create", "name", "x"); out["error"] != "restricted_action" {
		t.Errorf("create: %v", out)
	}
}
