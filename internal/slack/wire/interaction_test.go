package wire

import (
	"errors"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func decodeInteraction(t *testing.T, name string) Interaction {
	t.Helper()
	in, err := DecodeInteraction(payload(t, "interactions/"+name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestBlockActionsOnAMessage(t *testing.T) {
	got := decodeInteraction(t, "block_actions_message")
	high := Value{Type: "static_select", SelectedOption: &Option{Value: "high", Text: "High"}}
	want := Interaction{
		Type: TypeBlockActions, APIAppID: "A0CASE", TriggerID: "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
		ResponseURL: "https://hooks.slack.com/actions/T0ACME/1/x",
		User:        Actor{ID: "U0ALICE", Name: "alice", TeamID: "T0ACME"}, TeamID: "T0ACME", TeamDomain: "acme",
		Container: Container{Type: "message", MessageTs: "1610241741.000200", ChannelID: "C0CASE1", ThreadTs: "1610241700.000100"},
		Channel:   "C0CASE1", MessageTs: "1610241741.000200",
		Message: &Message{Type: "message", BotID: "B0CASE", Text: "card", User: "U0BOT", Ts: "1610241741.000200", AppID: "A0CASE", Metadata: &Metadata{EventType: "caseline_card"}},
		State:   State{{BlockID: "sev", ActionID: "pick", Value: high}},
		Actions: []Action{{BlockID: "card", ActionID: "end_chat", ActionTs: "1610241900.123456", Value: Value{Type: "button", Text: "case-1"}}},
	}
	if diff := cmp.Diff(want, got, withoutRaw); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBlockActionsInAView(t *testing.T) {
	got := decodeInteraction(t, "block_actions_view")
	if got.View == nil || got.View.CallbackID != "case_create" || got.View.PrivateMetadata != `{"channel":"C0OPS"}` {
		t.Fatalf("got view %+v", got.View)
	}
	if v := got.View.State.Get("contact", "contact").One(); v != "chat" {
		t.Errorf("got %q entered, want chat", v)
	}
	if v := got.Actions[0].One(); v != "chat" {
		t.Errorf("got %q chosen, want chat", v)
	}
}

func TestViewSubmission(t *testing.T) {
	in := decodeInteraction(t, "view_submission")
	singles := []struct{ block, want string }{
		{"subject", "Build is stuck"},
		{"description", ""}, // left empty comes as null
		{"severity", "high"},
		{"service", ""},
		{"user", "U0BOB"},
		{"channel", "C0OPS"},
		{"conv", "C0OPS"},
		{"date", "2026-11-05"},
		{"time", "13:45"},
		{"number", "42"},
		{"mail", "cc@acme.example"},
		{"no such block", ""},
	}
	for _, tt := range singles {
		if got := in.View.State.Get(tt.block, tt.block).One(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.block, got, tt.want)
		}
	}
	lists := []struct {
		block string
		got   func(Value) any
		want  any
	}{
		{"multi", func(v Value) any { return v.SelectedOptions }, []Option{{"a", "A"}, {"b", "B"}}},
		{"boxes", func(v Value) any { return v.SelectedOptions }, []Option{}},
		{"members", func(v Value) any { return v.SelectedUsers }, []string{"U0BOB", "U0CAROL"}},
		{"channels", func(v Value) any { return v.SelectedChannels }, []string{"C0OPS", "C0DEV"}},
		{"convs", func(v Value) any { return v.SelectedConversations }, []string{"C0OPS"}},
		{"when", func(v Value) any { return v.SelectedDateTime }, int64(1793800000)},
		{"files", func(v Value) any { return v.Files[0].ID }, "F0LOG"},
		{"rich", func(v Value) any { return len(v.RichText) > 0 }, true},
	}
	for _, tt := range lists {
		if diff := cmp.Diff(tt.want, tt.got(in.View.State.Get(tt.block, tt.block))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.block, diff)
		}
	}
	if want := []ResponseURL{{"conv", "conv", "C0OPS", "https://hooks.slack.com/app/T0ACME/1/x"}}; !cmp.Equal(want, in.ResponseURLs) {
		t.Errorf("response urls: got %+v, want %+v", in.ResponseURLs, want)
	}
}

func TestOtherInteractions(t *testing.T) {
	if in := decodeInteraction(t, "view_closed"); in.Type != TypeViewClosed || !in.IsCleared || in.View.ID != "V0FORM" || len(in.Odd) != 0 {
		t.Errorf("view_closed: got %+v", in)
	}
	if in := decodeInteraction(t, "shortcut"); in.Type != TypeShortcut || in.CallbackID != "case_create" || in.Channel != "" || in.ActionTs != "1610241903.123456" {
		t.Errorf("shortcut: got %+v", in)
	}
	if in := decodeInteraction(t, "message_action"); in.Type != TypeMessageAction || in.Channel != "C0OPS" || in.MessageTs != "1610241741.000200" ||
		in.Message.Text != "it broke" || in.Message.Files[0].FileAccess != "check_file_info" {
		t.Errorf("message_action: got %+v", in)
	}
	if in := decodeInteraction(t, "block_suggestion"); in.Type != TypeBlockSuggestion || in.Typed != "net" || in.ActionID != "service" || in.BlockID != "service" {
		t.Errorf("block_suggestion: got %+v", in)
	}
}

func TestInteractionWorkspace(t *testing.T) {
	in := decodeInteraction(t, "grid_view_submission")
	if got := in.Workspace(); got != "T0ACME" || !in.IsEnterpriseInstall || in.EnterpriseID != "E0ACME" {
		t.Errorf("got workspace %q of %q, org install %v", got, in.EnterpriseID, in.IsEnterpriseInstall)
	}
	in.View = nil
	if got := in.Workspace(); got != "E0ACME" {
		t.Errorf("without a view: got %q, want the person's", got)
	}
}

func TestInteractionOfWrongKinds(t *testing.T) {
	in := decodeInteraction(t, "odd_kinds")
	got := map[string]string{}
	for _, o := range in.Odd {
		got[o.Path] = string(o.Raw)
	}
	want := map[string]string{
		"actions[0].selected_option":    `"high"`,
		"actions[0].selected_date_time": `"soon"`,
		"actions[2]":                    `7`,
		"view":                          `"V0FORM"`,
		"is_enterprise_install":         `2`,
		"state.values.b":                `[]`,
		"state.values.c.d":              `"e"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("odd parts (-want +got):\n%s", diff)
	}
	if in.User.ID != "U0ALICE" || in.TeamID != "T0ACME" || len(in.Actions) != 1 || in.Actions[0].BlockID != "3" {
		t.Errorf("got %+v", in)
	}
}

func TestInteractionForm(t *testing.T) {
	raw := payload(t, "interactions/shortcut.json")
	in, err := DecodeInteractionForm([]byte(url.Values{"payload": {string(raw)}}.Encode()))
	if err != nil || in.CallbackID != "case_create" {
		t.Errorf("got %+v, %v", in, err)
	}
	for _, body := range []string{"", "payload=", "other=1", `{"type":"shortcut"}`} {
		if _, err := DecodeInteractionForm([]byte(body)); !errors.Is(err, ErrNoPayload) {
			t.Errorf("%q: got error %v, want ErrNoPayload", body, err)
		}
	}
	if _, err := DecodeInteractionForm([]byte("payload=%7B")); err == nil || errors.Is(err, ErrNoPayload) {
		t.Errorf("cut off: got error %v, want a SyntaxError", err)
	}
}
