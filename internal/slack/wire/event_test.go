package wire

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEvents(t *testing.T) {
	tests := []struct {
		name string
		want any
	}{
		{"member_joined_channel", &Membership{User: "U0BOB", Channel: "C0CASE1", ChannelType: "G", Team: "T0ACME", Inviter: "U0BOT"}},
		{"member_left_channel", &Membership{User: "U0BOB", Channel: "C0CASE1", ChannelType: "G", Team: "T0ACME"}},
		{"channel_rename", &ChannelChange{Channel: "C0CASE1", Name: "case-1234567890-x"}},
		{"channel_created", &ChannelChange{Channel: "C0NEW", Name: "new", Creator: "U0ALICE"}},
		{"group_archive", &ChannelChange{Channel: "C0CASE1", User: "U0ALICE"}},
		{"channel_left", &ChannelChange{Channel: "C0OPS", User: "U0ALICE"}},
		{"group_deleted", &ChannelChange{Channel: "C0CASE1", User: "U0ALICE"}},
		{"channel_id_changed", &ChannelChange{OldChannelID: "G0OLD", NewChannelID: "C0NEW"}},
		{"reaction_added", &Reaction{
			User: "U0ALICE", Name: "thumbsup::skin-tone-3", ItemUser: "U0BOT",
			Item: Item{Type: "message", Channel: "C0CASE1", Ts: "1610241741.000200"},
		}},
		{"pin_removed", &Pin{User: "U0ALICE", Channel: "C0CASE1", Item: Item{
			Type: "message", Channel: "C0CASE1", Ts: "1610241741.000200",
			Message: &Message{Type: "message", BotID: "B0CASE", Text: "card", Ts: "1610241741.000200"},
		}}},
		{"tokens_revoked", &Tokens{OAuth: []string{"U0ALICE"}, Bot: []string{"U0BOT"}}},
		{"user_change", &UserChange{User: User{
			ID: "U0BOB", TeamID: "T0ACME", EnterpriseUserID: "W0BOB", Name: "bob", RealName: "Bob Builder", TZ: "Europe/Berlin",
			Updated: 1610241791, IsRestricted: true,
			Profile: Profile{DisplayName: "bobby", RealName: "Bob Builder", Email: "bob@acme.example", Image: "https://a/192.png", Team: "T0ACME"},
		}}},
		{"file_shared", &FileChange{File: "F0LOG", User: "U0ALICE", Channel: "C0CASE1"}},
		{"file_deleted", &FileChange{File: "F0LOG", Channels: []string{"C0CASE1", "C0OPS"}}},
		{"app_home_opened", &HomeOpened{User: "U0ALICE", Channel: "D0ALICE", Tab: "home", View: &View{
			ID: "V0HOME", TeamID: "T0ACME", Type: "home", CallbackID: "home", Hash: "1610.abc", RootViewID: "V0HOME", AppID: "A0CASE", BotID: "B0CASE",
		}}},
		{"group_rename", &ChannelChange{Channel: "C0CASE1", Name: "case-1234567890-done"}},
		{"channel_deleted", &ChannelChange{Channel: "C0OPS", User: "U0ALICE"}},
		{"group_unarchive", &ChannelChange{Channel: "C0CASE1", User: "U0ALICE"}},
		{"member_joined_external", &Membership{User: "U0EXT", Channel: "C0OPS", ChannelType: "C", Team: "T0OTHER", Inviter: "U0ALICE"}},
		{"grid_member_joined", &Membership{User: "W0BOB", Channel: "C0CASE1", ChannelType: "G", Team: "E0ACME", Inviter: "W0BOT"}},
		{"reaction_removed", &Reaction{
			User: "U0ALICE", Name: "eyes", ItemUser: "U0BOT", Item: Item{Type: "message", Channel: "C0CASE1", Ts: "1610241741.000200"},
		}},
		{"grid_tokens_revoked", &Tokens{Bot: []string{"W0BOT"}, OAuth: []string{}}},
		{"subteam_updated", &GroupChange{Group: UserGroup{ID: "S0SRE", Handle: "sre", Name: "Site reliability", Users: []string{"U0ALICE", "U0BOB"}, HasUsers: true}}},
		{"subteam_created", &GroupChange{Group: UserGroup{ID: "S0NEW", Handle: "new-hands", Name: "New hands"}}},
		{"subteam_members_changed", &GroupChange{ID: "S0SRE", Added: []string{"U0CAROL"}, Removed: []string{"U0BOB", "W0DAN"}}},
		{"emoji_changed", nil},
		{"grid_app_uninstalled", nil},
		{"team_access_granted", nil},
		{"app_uninstalled", nil},
		{"unknown_event", nil},
		{"event_is_no_object", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, ev := decodeEvent(t, tt.name)
			if diff := cmp.Diff(tt.want, ev.Content); diff != "" {
				t.Errorf("content (-want +got):\n%s", diff)
			}
			if len(e.Event) == 0 {
				t.Error("got no raw event")
			}
		})
	}
}

func TestUnknownEventKeepsItsTypeAndTime(t *testing.T) {
	_, ev := decodeEvent(t, "unknown_event")
	if ev.Type != "agent_session_started" || ev.EventTs != "1610241795.000100" {
		t.Errorf("got type %q, time %q", ev.Type, ev.EventTs)
	}
}

func TestShownName(t *testing.T) {
	if got := (&Profile{RealName: "Bob Builder"}).ShownName(); got != "Bob Builder" {
		t.Errorf("got %q, want the real name when there is no other", got)
	}
}

// The type decides what the rest means, wherever it stands.
func TestTypeMayComeLast(t *testing.T) {
	ev, err := DecodeEvent([]byte(`{"user":"U1","item":{"type":"message","channel":"C1","ts":"1.000001"},"reaction":"x","type":"reaction_removed"}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &Reaction{User: "U1", Name: "x", Item: Item{Type: "message", Channel: "C1", Ts: "1.000001"}}
	if diff := cmp.Diff(want, ev.Content); ev.Type != "reaction_removed" || diff != "" {
		t.Errorf("type %q, content (-want +got):\n%s", ev.Type, diff)
	}
}
