package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// example returns the example that operators copy.
func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash("../../caseline.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExampleUnfilledIsRefused(t *testing.T) {
	_, err := load(t, example(t))
	var got []string
	ps, _ := err.(Problems)
	for _, p := range ps {
		got = append(got, p.Path)
	}
	want := []string{"agents[0].password", "channels[0].id", "slack.app_token", "slack.bot_token"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestExampleFilledIsAccepted(t *testing.T) {
	filled := strings.NewReplacer(
		"bot_token: FILL-IN", "bot_token: xoxb-1-2-abc",
		"app_token: FILL-IN", "app_token: xapp-1-A1-2-abc",
		"id: FILL-IN", "id: C0123456789",
		"password: FILL-IN", "password: correct horse",
	).Replace(example(t))
	c, err := load(t, filled)
	if err != nil {
		t.Fatal(err)
	}
	// What it shows as the value of a setting left out is that.
	want := Default()
	got := *c
	got.PublicURL, got.Slack.BotToken, got.Slack.AppToken, got.Slack.SigningSecrets = "", Secret{}, Secret{}, nil
	got.Account, got.Channels, got.Agents = Account{Deletions: got.Account.Deletions}, nil, nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differs from the defaults (-want +got):\n%s", diff)
	}
}

func TestExampleNamesEverySetting(t *testing.T) {
	text := example(t)
	for _, path := range allPaths(reflect.TypeFor[Config](), "") {
		if key := path[strings.LastIndexByte(path, '.')+1:]; !strings.Contains(text, key+":") {
			t.Errorf("%s is not in the example", path)
		}
	}
}
