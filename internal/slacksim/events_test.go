package slacksim_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
)

func TestEverythingIsSigned(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.ops.Post(s.alice, "hello")
	if _, err := s.ops.Command(t.Context(), s.alice, "/support help"); err != nil {
		t.Fatal(err)
	}
	if err := s.ws.Shortcut(t.Context(), s.alice, s.in, "case_create"); err != nil {
		t.Fatal(err)
	}
	s.quiet(t)
	for _, path := range []string{"/events", "/commands", "/interactivity"} {
		rs := s.app.Requests(path)
		if len(rs) == 0 {
			t.Errorf("nothing at %s", path)
		}
		for _, r := range rs {
			v, err := slack.NewSecretsVerifier(r.Header, secret)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := v.Write(r.Body); err != nil {
				t.Fatal(err)
			}
			if err := v.Ensure(); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

func TestEnvelope(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	root := s.ops.Post(s.alice, "root")
	m := root.Reply(s.bob, "hi <@nobody> @alice & *all*")
	s.quiet(t)
	rs := s.app.Requests("/events")
	last := rs[len(rs)-1]
	got := last.Envelope()
	want := map[string]any{
		"token": "verification-a0support", "team_id": s.ws.ID, "context_team_id": s.ws.ID, "context_enterprise_id": nil,
		"api_app_id": "A0SUPPORT", "type": "event_callback", "event_id": got["event_id"], "event_time": got["event_time"],
		"is_ext_shared_channel": false, "event_context": got["event_context"],
		"authorizations": []any{map[string]any{"enterprise_id": nil, "team_id": s.ws.ID, "user_id": s.in.Bot.ID, "is_bot": true, "is_enterprise_install": false}},
		"event": map[string]any{
			"type": "message", "user": s.bob.ID, "ts": m.TS, "event_ts": m.TS, "thread_ts": root.TS, "parent_user_id": s.alice.ID,
			"channel": s.ops.ID, "channel_type": "channel", "team": s.ws.ID, "user_team": s.ws.ID,
			"text":          "hi &lt;@nobody&gt; <@" + s.alice.ID + "> &amp; *all*",
			"client_msg_id": last.Event()["client_msg_id"],
			"blocks": []any{map[string]any{"type": "rich_text", "block_id": last.Event()["blocks"].([]any)[0].(map[string]any)["block_id"], "elements": []any{
				map[string]any{"type": "rich_text_section", "elements": []any{
					map[string]any{"type": "text", "text": "hi <@nobody> "},
					map[string]any{"type": "user", "user_id": s.alice.ID},
					map[string]any{"type": "text", "text": " & "},
					map[string]any{"type": "text", "text": "all", "style": map[string]any{"bold": true}},
				}},
			}}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, r := range rs {
		if _, err := slackevents.ParseEvent(r.Body, slackevents.OptionNoVerifyToken()); err != nil {
			t.Errorf("slack-go cannot read it: %v\n%s", err, r.Body)
		}
	}
}

func TestOnlyWhatConcernsTheApp(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	secret := s.ws.AddChannel("secret", world.Private, s.alice)
	elsewhere := s.ws.AddChannel("elsewhere", world.Public, s.alice)
	other := simtest.NewApp(t)
	in := s.ws.Install(slacksim.App{ID: "A0OTHER", BotName: "Other", BotToken: "xoxb-2", EventsURL: other.URL + "/events", Events: []string{"message.groups"}})
	s.ops.Invite(s.alice, in.Bot)
	s.quiet(t)
	before := len(s.app.Events("message"))
	secret.Post(s.alice, "a")
	elsewhere.Post(s.alice, "b")
	s.quiet(t)
	if got := len(s.app.Events("message")); got != before {
		t.Errorf("the app heard of channels it is not in")
	}
	secret.Invite(s.alice, s.in.Bot, in.Bot)
	secret.Post(s.alice, "c")
	s.ops.Post(s.alice, "d")
	s.quiet(t)
	texts := func(a *simtest.App) (out []string) {
		for _, e := range a.Events("message") {
			if e["subtype"] == nil {
				out = append(out, e["text"].(string))
			}
		}
		return out
	}
	if diff := cmp.Diff([]string{"c", "d"}, slices.Sorted(slices.Values(texts(s.app)))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"c"}, texts(other)); diff != "" {
		t.Error(diff)
	}
}

func TestShapesOfChange(t *testing.T) {
	s := newStage(t, slacksim.Options{Unfurl: true, ThreadCounters: true})
	s.quiet(t)
	before := len(s.app.Events("message"))
	m := s.ops.Post(s.alice, "see https://x.example/a")
	m.Edit(s.alice, "see it")
	r := m.Reply(s.bob, "yes")
	m.Delete(s.alice)
	r.Delete(s.bob)
	s.quiet(t)
	type shape struct {
		Subtype, Inner, Text, Previous string
		Edited, Hidden                 bool
	}
	var got []shape
	for _, e := range s.app.Events("message")[before:] {
		var sh shape
		sh.Subtype, _ = e["subtype"].(string)
		sh.Hidden, _ = e["hidden"].(bool)
		inner, _ := e["message"].(map[string]any)
		if inner == nil {
			inner = e
		} else {
			sh.Inner, _ = inner["subtype"].(string)
			sh.Edited = inner["edited"] != nil
		}
		sh.Text, _ = inner["text"].(string)
		if p, ok := e["previous_message"].(map[string]any); ok {
			sh.Previous, _ = p["text"].(string)
		}
		got = append(got, sh)
	}
	want := []shape{
		{Text: "see <https://x.example/a>"},
		{Subtype: "message_changed", Text: "see <https://x.example/a>", Previous: "see <https://x.example/a>", Hidden: true},
		{Subtype: "message_changed", Text: "see it", Previous: "see <https://x.example/a>", Hidden: true, Edited: true},
		{Text: "yes"},
		{Subtype: "message_replied", Text: "see it", Hidden: true, Edited: true},
		{Subtype: "message_changed", Inner: "tombstone", Text: "This message was deleted.", Previous: "see it", Hidden: true},
		{Subtype: "message_deleted", Previous: "yes", Hidden: true},
		{Subtype: "message_deleted", Previous: "This message was deleted.", Hidden: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMentionComesTwice(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	m := s.ops.Post(s.alice, "@supportchat help")
	s.quiet(t)
	if got := s.app.Events("app_mention"); len(got) != 1 || got[0]["ts"] != m.TS {
		t.Errorf("app_mention = %v", got)
	}
}

func TestOtherEvents(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	priv := s.ws.AddChannel("case-1", world.Private, s.alice, s.in.Bot)
	m := priv.Post(s.alice, "x")
	m.React(s.bob0(priv), "eyes")
	m.Pin(s.alice)
	m.Unpin(s.alice)
	priv.Kick(s.alice, s.bob)
	if _, err := s.sim.World.RenameChannel(s.alice.ID, priv.ID, "case-2"); err != nil {
		t.Fatal(err)
	}
	priv.Archive(s.alice)
	priv.Unarchive(s.alice)
	priv.Kick(s.alice, s.in.Bot)
	if err := s.sim.World.OpenHome(s.in.ID, s.alice.ID, "home"); err != nil {
		t.Fatal(err)
	}
	s.ws.AddUser("eve", "Eve")
	s.quiet(t)
	for _, kind := range []string{
		"member_joined_channel", "member_left_channel", "reaction_added", "pin_added", "pin_removed", "group_rename",
		"group_archive", "group_unarchive", "group_left", "app_home_opened", "team_join", "channel_created",
	} {
		if kind != "channel_created" && len(s.app.Events(kind)) == 0 {
			t.Errorf("no %s", kind)
		}
	}
	var notes []string
	for _, m := range priv.All() {
		if m.System() {
			notes = append(notes, m.Subtype)
		}
	}
	want := []string{"group_join", "group_join", "group_join", "pinned_item", "group_leave", "channel_name", "group_archive", "group_unarchive", "group_leave"}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Error(diff)
	}
}

// bob0 lets bob into a channel and returns him.
func (s *stage) bob0(ch *slacksim.Channel) *slacksim.User {
	ch.Invite(s.alice, s.bob)
	return s.bob
}
