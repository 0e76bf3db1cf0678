package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestManifestIsPrinted(t *testing.T) {
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	incomplete := filepath.Join(t.TempDir(), "caseline.yaml")
	text := "public_url: https://support.example.com\nslack: {command: /helpdesk, bot_token: secret-of-mine}\n"
	if err := os.WriteFile(incomplete, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	several := filepath.Join(t.TempDir(), "several.yaml")
	if err := os.WriteFile(several, []byte(text[:len(text)-2]+", client_id: \"1.2\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	golden := func(name string) string {
		t.Helper()
		want, err := os.ReadFile(filepath.Join(home, "../../internal/slack/manifest/testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(want)
	}
	for _, tt := range []struct {
		args          string
		code          int
		whole         string // all that is printed
		part, problem string
	}{
		{"manifest", 0, golden("socket.yaml"), "", ""},
		{"manifest --format json", 0, golden("socket.json"), "", ""},
		{"manifest --mode socket --config " + incomplete, 0, "", "command: /helpdesk\n      description", ""},
		{"manifest --mode http --name Help --config " + incomplete, 0, "", "url: https://support.example.com/slack/commands", ""},
		{"manifest --optional=false", 0, withoutOptional(golden("socket.yaml")), "", ""},
		{"manifest --mode http", 1, "", "", "settings.event_subscriptions.request_url must be an https address, not \"http://127.0.0.1:8080/slack/events\""},
		{"manifest --oauth --org --rotation --config " + incomplete, 0, "", "redirect_urls:\n    - https://support.example.com/slack/oauth/callback\n", ""},
		{"manifest --oauth --org --config " + incomplete, 0, "", "org_deploy_enabled: true\n  socket_mode_enabled: true\n  token_rotation_enabled: false\n", ""},
		{"manifest --oauth --rotation --mode http --config " + incomplete, 0, "", "org_deploy_enabled: false\n  socket_mode_enabled: false\n  token_rotation_enabled: true\n", ""},
		{"manifest --config " + several, 0, "", "redirect_urls:\n    - https://support.example.com/slack/oauth/callback\n", ""},
		{"manifest --oauth", 1, "", "", "oauth_config.redirect_urls must be an https address, not \"http://127.0.0.1:8080/slack/oauth/callback\""},
		{"manifest --org", 1, "", "", "An organisation installs an app by OAuth only"},
		{"manifest --rotation", 1, "", "", "Tokens are renewed only if they are given by OAuth"},
		{"manifest --mode smoke", 1, "", "", "The mode is either socket or http"},
		{"manifest --format toml", 1, "", "", "The format is either yaml or json"},
		{"manifest --config nowhere.yaml", 1, "", "", "nowhere.yaml"},
		{"manifest --name " + strings.Repeat("x", 36), 1, "", "", "display_information.name must have 1 to 35 characters, and has 36."},
	} {
		var out, problem bytes.Buffer
		code := run(t.Context(), strings.Fields(tt.args), stdio{strings.NewReader(""), &out, &problem})
		if code != tt.code || !strings.Contains(out.String(), tt.part) || !strings.Contains(problem.String(), tt.problem) || tt.whole != "" && out.String() != tt.whole {
			t.Errorf("%s: got code %d, out %q, err %q; want %d, %q%q, %q", tt.args, code, out.String(), problem.String(), tt.code, tt.whole, tt.part, tt.problem)
		}
		if strings.Contains(out.String()+problem.String(), "secret-of-mine") {
			t.Errorf("%s prints a secret", tt.args)
		}
	}
}

// withoutOptional is a manifest without its list of optional scopes.
func withoutOptional(text string) string {
	before, rest, _ := strings.Cut(text, "    bot_optional:\n")
	_, after, _ := strings.Cut(rest, "settings:\n")
	return before + "settings:\n" + after
}
