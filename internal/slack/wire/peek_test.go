package wire

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPeek(t *testing.T) {
	tests := []struct {
		name string
		want Peeked
		kind string
	}{
		{"message_in_thread", Peeked{EventType: "message", Channel: "C0OPS", Ts: "1610241741.000200", ThreadTs: "1610241700.000100", User: "U0ALICE"}, "message"},
		{"message_changed_edit", Peeked{EventType: "message", Subtype: "message_changed", Channel: "C0OPS", Ts: "1665102362.013600", ThreadTs: "1665102300.000100"}, "message/message_changed"},
		{"message_deleted", Peeked{EventType: "message", Subtype: "message_deleted", Channel: "C0OPS", Ts: "1665368629.007100", ThreadTs: "1665368600.000100"}, "message/message_deleted"},
		{"message_own_echo", Peeked{EventType: "message", Subtype: "bot_message", Channel: "C0OPS", Ts: "1610241800.000300", BotID: "B0CASE", AppID: "A0CASE"}, "message/bot_message"},
		{"member_joined_channel", Peeked{EventType: "member_joined_channel", Channel: "C0CASE1", User: "U0BOB"}, "member_joined_channel"},
		{"channel_rename", Peeked{EventType: "channel_rename", Channel: "C0CASE1"}, "channel_rename"},
		{"reaction_added", Peeked{EventType: "reaction_added", Channel: "C0CASE1", User: "U0ALICE"}, "reaction_added"},
		{"pin_removed", Peeked{EventType: "pin_removed", Channel: "C0CASE1", User: "U0ALICE"}, "pin_removed"},
		{"file_shared", Peeked{EventType: "file_shared", Channel: "C0CASE1"}, "file_shared"},
		{"user_change", Peeked{EventType: "user_change", User: "U0BOB"}, "user_change"},
		{"app_uninstalled", Peeked{EventType: "app_uninstalled"}, "app_uninstalled"},
		{"unknown_event", Peeked{EventType: "agent_session_started", Channel: "C0OPS", User: "U0ALICE"}, "agent_session_started"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Peek(payload(t, "events/"+tt.name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			want.Type, want.Workspace, want.EventID = TypeEventCallback, "T0ACME", "Ev0000001"
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Kind() != tt.kind {
				t.Errorf("kind: got %q, want %q", got.Kind(), tt.kind)
			}
		})
	}
}

// peekAgrees checks that Peek sees what Decode sees.
func peekAgrees(t *testing.T, body []byte) {
	t.Helper()
	p, peekErr := Peek(body)
	e, ev, err := Decode(body)
	if (peekErr == nil) != (err == nil) {
		t.Fatalf("Peek: %v, Decode: %v", peekErr, err)
	}
	if err != nil {
		return
	}
	got := []string{p.Type, p.Workspace, p.EventID, p.EventType}
	want := []string{e.Type, e.Workspace(), e.EventID, ev.Type}
	if m, ok := ev.Content.(*Message); ok && m.Channel != "" {
		got = append(got, p.Subtype, p.Channel, string(p.Ts), string(p.ThreadTs), p.User, p.BotID, p.AppID)
		want = append(want, m.Subtype, m.Channel, string(m.Ts), string(m.Thread()), m.User, m.BotID, m.AppID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-Decode +Peek):\n%s", diff)
	}
}

func TestPeekAgreesWithDecode(t *testing.T) {
	for name, body := range payloads(t, "events") {
		t.Run(name, func(t *testing.T) { peekAgrees(t, body) })
	}
}
