package wire

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSlash(t *testing.T) {
	want := Slash{
		Command: "/support", Text: "create the build & the <tests>", TeamID: "T0ACME", TeamDomain: "acme", ChannelID: "C0OPS",
		UserID: "U0ALICE", UserName: "alice", ResponseURL: "https://hooks.slack.com/commands/T0ACME/1/x",
		TriggerID: "13345224609.738474920.8088930838d88f008e0", APIAppID: "A0CASE",
	}
	got, err := DecodeSlash(payload(t, "slash/create.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("over HTTP (-want +got):\n%s", diff)
	}
	got, err = DecodeSlashPayload(payload(t, "slash/socket.json"))
	if err != nil {
		t.Fatal(err)
	}
	want.IsEnterpriseInstall = true
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("over a socket (-want +got):\n%s", diff)
	}
}

func TestSlashLeniency(t *testing.T) {
	got, err := DecodeSlash(payload(t, "slash/ssl_check.txt"))
	if err != nil || !got.SSLCheck {
		t.Errorf("ssl_check: got %+v, %v", got, err)
	}
	got, err = DecodeSlash(payload(t, "slash/bad_text.txt"))
	if err != nil || got.UserID != "U0ALICE" {
		t.Errorf("broken text: got %+v, %v, want the rest", got, err)
	}
	got, err = DecodeSlash([]byte("command=%2Fsupport&text=a%00b%FFc"))
	if err != nil || got.Text != "a\uFFFDb\uFFFDc" {
		t.Errorf("text no database takes: got %q, %v", got.Text, err)
	}
	for _, body := range []string{"", "text=help", `{"command":"/support"}`} {
		if _, err := DecodeSlash([]byte(body)); !errors.Is(err, ErrNoCommand) {
			t.Errorf("%q: got error %v, want ErrNoCommand", body, err)
		}
	}
	if _, err := DecodeSlashPayload([]byte(`{"text":"help"}`)); !errors.Is(err, ErrNoCommand) {
		t.Errorf("got error %v, want ErrNoCommand", err)
	}
}
