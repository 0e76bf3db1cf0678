package slacksim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// call calls a method with a form.
func (s *stage) call(t *testing.T, method string, kv ...string) map[string]any {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		form.Set(kv[i], kv[i+1])
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.sim.World.BaseURL()+"/api/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer xoxb-1")
	return do(t, req)
}

func do(t *testing.T, req *http.Request) map[string]any {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatalf("%s: %v: %s", req.URL, err, raw)
	}
	return out
}

// ok calls a method that must work.
func (s *stage) ok(t *testing.T, method string, kv ...string) map[string]any {
	t.Helper()
	out := s.call(t, method, kv...)
	if out["ok"] != true {
		t.Fatalf("%s %v: %v", method, kv, out)
	}
	return out
}

func TestBotRunsAPrivateChannel(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	ctx := t.Context()
	who, err := s.api.AuthTestContext(ctx)
	if err != nil || who.UserID != s.in.Bot.ID || who.BotID != s.in.BotID {
		t.Fatalf("auth.test = %+v, %v", who, err)
	}
	ch, err := s.api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: "case-1", IsPrivate: true})
	if err != nil || !ch.IsPrivate || ch.Name != "case-1" {
		t.Fatalf("create = %+v, %v", ch, err)
	}
	if _, err := s.api.InviteUsersToConversationContext(ctx, ch.ID, s.alice.ID, s.bob.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.api.SetTopicOfConversationContext(ctx, ch.ID, "Build stuck"); err != nil {
		t.Fatal(err)
	}
	_, ts, m, err := s.api.PostMessageWithResponseContext(ctx, ch.ID, slack.MsgOptionText("card & more", false),
		slack.MsgOptionBlocks(slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", "*card*", false, false), nil, nil)),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "caseline", EventPayload: map[string]any{"delivery": "d1"}}))
	if err != nil || m.Text != "card &amp; more" || m.User != s.in.Bot.ID || m.BotID != s.in.BotID || m.SubType != "" {
		t.Fatalf("post = %+v, %v", m, err)
	}
	if err := s.api.AddPinContext(ctx, ch.ID, slack.NewRefToMessage(ch.ID, ts)); err != nil {
		t.Fatal(err)
	}
	pins, _, err := s.api.ListPinsContext(ctx, ch.ID)
	if err != nil || len(pins) != 1 || pins[0].Message.Timestamp != ts {
		t.Fatalf("pins = %v, %v", pins, err)
	}
	if _, _, _, err := s.api.UpdateMessageContext(ctx, ch.ID, ts, slack.MsgOptionText("only text", false)); err != nil {
		t.Fatal(err)
	}
	h, err := s.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: ch.ID, IncludeAllMetadata: true})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, m := range h.Messages {
		kinds = append(kinds, m.SubType)
	}
	want := []string{"pinned_item", "", "channel_topic", "group_join", "group_join", "group_join"}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	card := h.Messages[1]
	if card.Text != "only text" || len(card.Blocks.BlockSet) != 0 || card.Edited == nil || card.Metadata.EventPayload["delivery"] != "d1" || card.PinnedTo[0] != ch.ID {
		t.Errorf("card = %+v", card)
	}
	if err := s.api.ArchiveConversationContext(ctx, ch.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.api.PostMessageContext(ctx, ch.ID, slack.MsgOptionText("late", false)); err == nil || err.Error() != "is_archived" {
		t.Errorf("post in an archived channel: %v", err)
	}
}

func TestCustomisedPost(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	out := s.ok(t, "chat.postMessage", "channel", s.ops.ID, "text", "hello", "username", "Jane (Support)", "icon_url", "https://x.example/j.png",
		"metadata", `{"event_type":"a","event_payload":{"k":"v"}}`)
	m := out["message"].(map[string]any)
	if m["subtype"] != "bot_message" || m["username"] != "Jane (Support)" || m["user"] != nil || m["bot_id"] != s.in.BotID || m["app_id"] != s.in.ID {
		t.Errorf("message = %v", m)
	}
	h := s.ok(t, "conversations.history", "channel", s.ops.ID, "limit", "1")
	if got := h["messages"].([]any)[0].(map[string]any); got["metadata"] != nil {
		t.Errorf("metadata shown unasked: %v", got)
	}
	h = s.ok(t, "conversations.history", "channel", s.ops.ID, "limit", "1", "include_all_metadata", "true")
	if got := h["messages"].([]any)[0].(map[string]any); got["metadata"] == nil {
		t.Errorf("metadata not shown: %v", got)
	}
	s.quiet(t)
	last := s.app.Events("message")
	if e := last[len(last)-1]; e["metadata"] == nil || e["subtype"] != "bot_message" {
		t.Errorf("echo = %v", e)
	}
	s.ok(t, "chat.delete", "channel", s.ops.ID, "ts", out["ts"].(string))
}

func TestHistoryPages(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	var want []string
	for i := range 25 {
		want = append(want, s.ops.Post(s.alice, fmt.Sprint(i)).TS)
	}
	root := s.ops.Message(want[3])
	var replies []string
	for i := range 7 {
		replies = append(replies, root.Reply(s.bob, fmt.Sprint("r", i)).TS)
	}
	var got []string
	p := &slack.GetConversationHistoryParameters{ChannelID: s.ops.ID, Limit: 10, Oldest: want[0], Inclusive: true}
	for {
		h, err := s.api.GetConversationHistoryContext(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range h.Messages {
			got = append([]string{m.Timestamp}, got...)
		}
		if !h.HasMore {
			break
		}
		p.Cursor = h.ResponseMetaData.NextCursor
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = nil
	rp := &slack.GetConversationRepliesParameters{ChannelID: s.ops.ID, Timestamp: root.TS, Limit: 3}
	for {
		ms, more, next, err := s.api.GetConversationRepliesContext(t.Context(), rp)
		if err != nil {
			t.Fatal(err)
		}
		if ms[0].Timestamp != root.TS || ms[0].ReplyCount != 7 {
			t.Fatalf("the parent is not first: %+v", ms[0])
		}
		for _, m := range ms[1:] {
			got = append(got, m.Timestamp)
		}
		if !more {
			break
		}
		rp.Cursor = next
	}
	if diff := cmp.Diff(replies, got); diff != "" {
		t.Error(diff)
	}
}

func TestListsPage(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	for i := range 5 {
		s.ws.AddChannel(fmt.Sprint("c", i), world.Public, s.alice)
	}
	s.ws.AddChannel("secret", world.Private, s.alice)
	var names []string
	p := &slack.GetConversationsParameters{Limit: 2, Types: []string{"public_channel", "private_channel"}}
	for {
		chs, next, err := s.api.GetConversationsContext(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range chs {
			names = append(names, c.Name)
		}
		if next == "" {
			break
		}
		p.Cursor = next
	}
	if diff := cmp.Diff([]string{"ops", "c0", "c1", "c2", "c3", "c4"}, names); diff != "" {
		t.Error(diff)
	}
	users, err := s.api.GetUsersContext(t.Context(), slack.GetUsersOptionLimit(2))
	if err != nil || len(users) != 4 {
		t.Errorf("users.list = %d, %v", len(users), err)
	}
	members, _, err := s.api.GetUsersInConversationContext(t.Context(), &slack.GetUsersInConversationParameters{ChannelID: s.ops.ID})
	if err != nil || len(members) != 3 {
		t.Errorf("members = %v, %v", members, err)
	}
	mine, _, err := s.api.GetConversationsForUserContext(t.Context(), &slack.GetConversationsForUserParameters{})
	if err != nil || len(mine) != 1 || mine[0].ID != s.ops.ID {
		t.Errorf("users.conversations = %v, %v", mine, err)
	}
}

func TestLookups(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	s.ws.AddUser("eve", "Eve", slacksim.Email("eve@acme.example"))
	u, err := s.api.GetUserByEmailContext(t.Context(), "eve@acme.example")
	if err != nil || u.Name != "eve" {
		t.Errorf("lookupByEmail = %+v, %v", u, err)
	}
	if u, err := s.api.GetUserInfoContext(t.Context(), s.alice.ID); err != nil || u.RealName != "Alice Martin" || !u.IsAdmin {
		t.Errorf("users.info = %+v, %v", u, err)
	}
	if b, err := s.api.GetBotInfoContext(t.Context(), slack.GetBotInfoParameters{Bot: s.in.BotID}); err != nil || b.AppID != s.in.ID {
		t.Errorf("bots.info = %+v, %v", b, err)
	}
	if team, err := s.api.GetTeamInfoContext(t.Context()); err != nil || team.Domain != "acme" {
		t.Errorf("team.info = %+v, %v", team, err)
	}
	ch, _, existed, err := s.api.OpenConversationContext(t.Context(), &slack.OpenConversationParameters{Users: []string{s.bob.ID}, ReturnIM: true})
	if err != nil || existed || !ch.IsIM || ch.User != s.bob.ID {
		t.Errorf("conversations.open = %+v, %v", ch, err)
	}
	if _, _, existed, err = s.api.OpenConversationContext(t.Context(), &slack.OpenConversationParameters{Users: []string{s.bob.ID}}); err != nil || !existed {
		t.Errorf("conversations.open again: %v, %v", existed, err)
	}
	channel, _, err := s.api.PostMessageContext(t.Context(), s.bob.ID, slack.MsgOptionText("psst", false))
	if err != nil || channel != ch.ID {
		t.Errorf("post to a person = %s, %v", channel, err)
	}
}

// TestSmallLookups are methods that little hangs on.
func TestSmallLookups(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	if out := s.ok(t, "users.getPresence", "user", s.bob.ID); out["presence"] != "active" {
		t.Errorf("got %v", out)
	}
	if out := s.ok(t, "users.profile.get", "user", s.bob.ID); out["profile"].(map[string]any)["real_name"] != "Bob Stone" {
		t.Errorf("got %v", out)
	}
	m := s.ops.Post(s.bob, "hello")
	s.ok(t, "conversations.mark", "channel", s.ops.ID, "ts", m.TS)
	for _, l := range s.sim.World.Sidebar(s.in.Bot.ID) {
		if l.Channel.ID == s.ops.ID && l.Read != m.TS {
			t.Errorf("read up to %s, want %s", l.Read, m.TS)
		}
	}
	s.refused(t, "invalid_timestamp", "conversations.mark", "channel", s.ops.ID, "ts", "now")
	s.refused(t, "user_not_found", "users.getPresence", "user", "U0NOBODY")
}
