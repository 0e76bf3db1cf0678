package wire

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var reflectRaw = reflect.TypeFor[json.RawMessage]()

func TestMessage(t *testing.T) {
	got := decodeMessage(t, "message_in_thread")
	want := &Message{
		Type: "message", ClientMsgID: "f0582a78-7a3f-4c3c-9a0e-2f1f3c6d1b10", Text: "hi <@U0BOB> &amp; all",
		User: "U0ALICE", Ts: "1610241741.000200", Team: "T0ACME", ThreadTs: "1610241700.000100", ParentUserID: "U0BOB",
		Channel: "C0OPS", EventTs: "1610241741.000200", ChannelType: "channel",
	}
	if diff := cmp.Diff(want, got, withoutRaw); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	if !strings.Contains(string(got.Blocks), `"rich_text_section"`) {
		t.Errorf("got blocks %s, want them raw", got.Blocks)
	}
}

func TestMessageOwnEcho(t *testing.T) {
	got := decodeMessage(t, "message_own_echo")
	want := &Message{
		Type: "message", Subtype: "bot_message", Text: "looking now", Ts: "1610241800.000300", EventTs: "1610241800.000300",
		Channel: "C0OPS", ChannelType: "group", Username: "Jane (Support)", BotID: "B0CASE", AppID: "A0CASE",
		BotProfile: &BotProfile{ID: "B0CASE", AppID: "A0CASE", TeamID: "T0ACME", Name: "Support Chat"},
		Metadata:   &Metadata{EventType: "caseline_delivery"},
	}
	if diff := cmp.Diff(want, got, withoutRaw); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	var payload struct{ Delivery string }
	if err := json.Unmarshal(got.Metadata.Payload, &payload); err != nil || payload.Delivery != "d-42" {
		t.Errorf("got metadata %s (%v), want the delivery", got.Metadata.Payload, err)
	}
}

func TestMessageFiles(t *testing.T) {
	got := decodeMessage(t, "message_file_share").Files
	want := []File{
		{
			ID: "F0LOG", Name: "build.log", Title: "build.log", Mimetype: "text/plain", Filetype: "text", Mode: "snippet", FileAccess: "visible",
			Size: 20480, Created: 1610241739, User: "U0ALICE", UserTeam: "T0ACME",
			URLPrivate:         "https://files.slack.com/files-pri/T0ACME-F0LOG/build.log",
			URLPrivateDownload: "https://files.slack.com/files-pri/T0ACME-F0LOG/download/build.log",
			Permalink:          "https://acme.slack.com/files/U0ALICE/F0LOG/build.log",
		},
		{
			ID: "F0PIC", Name: "screen.png", Title: "What I see", Mimetype: "image/png", Filetype: "png", Mode: "hosted",
			Size: 88000, Created: 1610241740, User: "U0ALICE", AltText: "a red cross",
			URLPrivate:         "https://files.slack.com/files-pri/T0ACME-F0PIC/screen.png",
			URLPrivateDownload: "https://files.slack.com/files-pri/T0ACME-F0PIC/download/screen.png",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if file := decodeMessage(t, "message_external_person").Files[0]; file.FileAccess != "check_file_info" {
		t.Errorf("got access %q, want check_file_info", file.FileAccess)
	}
}

func TestMessageForwarded(t *testing.T) {
	m := decodeMessage(t, "message_forwarded")
	if len(m.Attachments) != 1 {
		t.Fatalf("got %d attachments, want 1", len(m.Attachments))
	}
	want := Attachment{
		Fallback: "[January 9th] carol: it broke here", Text: "it broke here", Footer: "Posted in #dev",
		FromURL:  "https://acme.slack.com/archives/C0DEV/p1610200000000100",
		AuthorID: "U0CAROL", AuthorName: "Carol", AuthorSubname: "Carol", ChannelID: "C0DEV", ChannelName: "dev",
		Ts: "1610200000.000100", IsMsgUnfurl: true, IsShare: true, Files: []File{},
	}
	if diff := cmp.Diff(want, m.Attachments[0], withoutRaw); diff != "" {
		t.Errorf("attachment (-want +got):\n%s", diff)
	}
	if !strings.Contains(string(m.Attachments[0].MessageBlocks), "it broke here") {
		t.Errorf("got message blocks %s, want them raw", m.Attachments[0].MessageBlocks)
	}
}

// What an event is about: a message's own place and author, or those of the
// readMessage it edits or deletes.
func TestMessageTargetThreadAuthor(t *testing.T) {
	tests := []struct {
		name   string
		target Ts
		thread Ts
		author string
		edited Ts
	}{
		{"message", "1610241741.000200", "", "U0ALICE", ""},
		{"message_in_thread", "1610241741.000200", "1610241700.000100", "U0ALICE", ""},
		{"message_thread_broadcast", "1610241741.000200", "1610241700.000100", "U0ALICE", ""},
		{"message_changed_edit", "1665102338.901939", "1665102300.000100", "U0ALICE", "1665102362.000000"},
		{"message_changed_unfurl", "1665102338.901939", "", "U0ALICE", ""},
		{"message_changed_tombstone", "1665368619.804829", "1665368619.804829", "USLACKBOT", ""},
		{"message_changed_without_inner_ts", "1665102338.901939", "", "B0CASE", ""},
		{"message_deleted", "1665368619.804829", "1665368600.000100", "U0ALICE", ""},
		{"message_replied_without_subtype", "1665368600.000100", "1665368600.000100", "U0ALICE", ""},
		{"message_own_echo", "1610241800.000300", "", "B0CASE", ""},
		{"app_mention", "1610241741.000200", "", "U0ALICE", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := decodeMessage(t, tt.name)
			if got := m.Target(); got != tt.target {
				t.Errorf("target: got %q, want %q", got, tt.target)
			}
			if got := m.Thread(); got != tt.thread {
				t.Errorf("thread: got %q, want %q", got, tt.thread)
			}
			if got := m.Author(); got != tt.author {
				t.Errorf("author: got %q, want %q", got, tt.author)
			}
			var edited Ts
			if m.Message != nil && m.Message.Edited != nil {
				edited = m.Message.Edited.Ts
			}
			if edited != tt.edited {
				t.Errorf("edited: got %q, want %q", edited, tt.edited)
			}
		})
	}
	if got := (&Message{}).Author(); got != "" {
		t.Errorf("author of nothing: got %q, want none", got)
	}
}

func TestMessageDetails(t *testing.T) {
	if m := decodeMessage(t, "message_thread_broadcast"); m.Root == nil || m.Root.ReplyCount != 3 || m.Root.LatestTs != "1610241741.000200" {
		t.Errorf("got root %+v, want the parent with its replies", m.Root)
	}
	if m := decodeMessage(t, "message_deleted"); m.Previous.Files[0].Mode != "tombstone" {
		t.Errorf("got previous %+v, want its tombstone file", m.Previous)
	}
	if m := decodeMessage(t, "message_changed_tombstone"); m.Message.Subtype != "tombstone" {
		t.Errorf("got inner subtype %q, want tombstone", m.Message.Subtype)
	}
	if m := decodeMessage(t, "message_channel_join"); m.Inviter != "U0BOT" || m.Subtype != "channel_join" {
		t.Errorf("got inviter %q, subtype %q", m.Inviter, m.Subtype)
	}
	if m := decodeMessage(t, "message_channel_topic"); m.Topic != "Case 1234567890" {
		t.Errorf("got topic %q", m.Topic)
	}
	if m := decodeMessage(t, "message_external_person"); m.UserTeam != "T0OTHER" || m.UserProfile.ShownName() != "eve" {
		t.Errorf("got team %q, profile %+v", m.UserTeam, m.UserProfile)
	}
	if m := decodeMessage(t, "unknown_subtype"); !m.Hidden || m.Subtype != "sh_room_created" {
		t.Errorf("got subtype %q, hidden %v", m.Subtype, m.Hidden)
	}
	if m := decodeMessage(t, "message_private_channel"); m.Text != "naïve café 😀 日本語" {
		t.Errorf("got text %q", m.Text)
	}
}
