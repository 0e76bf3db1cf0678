package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAPartIsReadBeforeTheRestIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "caseline.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("public_url: https://support.example.com\nslack: {command: /help}\nlisten: nowhere\n")
	c, err := LoadPart(path, nil, "public_url", "slack.command")
	if err != nil || c.PublicURL != "https://support.example.com" || c.Slack.Command != "/help" {
		t.Errorf("got %v, %+v", err, c)
	}
	if _, err := Load(path, nil); err == nil {
		t.Error("all of it is right")
	}
	write("slack: {command: help}\n")
	if _, err := LoadPart(path, nil, "slack"); err == nil || !strings.Contains(err.Error(), "slack.command") || !strings.Contains(err.Error(), "slack.bot_token") {
		t.Errorf("got %v; want what is wrong below slack", err)
	}
	if _, err := LoadPart(path, nil, "slack.comm"); err != nil {
		t.Errorf("a path stood for another that begins like it: %v", err)
	}
	write("slack: [\n")
	if _, err := LoadPart(path, nil, "slack.command"); err == nil {
		t.Error("what is not YAML was read")
	}
	c, err = LoadPart(filepath.Join(t.TempDir(), "none.yaml"), []string{"CASELINE_SLACK_COMMAND=/other"}, "slack.command")
	if err != nil || c.Slack.Command != "/other" {
		t.Errorf("without a file: got %v, %+v", err, c)
	}
	if _, err := LoadPart(t.TempDir(), nil, "slack.command"); err == nil {
		t.Error("a folder was read")
	}
}
