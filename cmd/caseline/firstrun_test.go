package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"caseline/internal/app"
	"caseline/internal/config"
	"caseline/internal/slack/manifest"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
)

// TestSetupOverAPipe: what setup makes is served from, and the other commands
// know it.
func TestSetupOverAPipe(t *testing.T) {
	sim := simtest.Start(t, slacksim.Options{})
	ws := sim.Workspace("acme")
	alice := ws.AddUser("alice", "Alice Martin")
	ops := ws.AddChannel("ops", world.Private, alice)
	var scopes []string
	for _, s := range manifest.Scopes() {
		scopes = append(scopes, s.Name)
	}
	bot := ws.Install(slacksim.App{BotName: "Support", BotToken: "xoxb-the-bots", SigningSecret: "0123456789abcdef", Scopes: scopes})
	ops.Invite(alice, bot.Bot)
	t.Setenv("CASELINE_SLACK_API_URL", sim.World.BaseURL()+"/api/")
	path := filepath.Join(t.TempDir(), "caseline.yaml")
	piped, typed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(typed, strings.Join([]string{
		"2", "https://support.example.com", "", t.TempDir(), "xoxb-wrong", "xoxb-the-bots", "0123456789abcdef", "Acme", ops.ID, "jane@example.com", "Jane", "correct horse",
	}, "\n"))
	if err := typed.Close(); err != nil {
		t.Fatal(err)
	}
	var out, problem bytes.Buffer
	code := run(t.Context(), []string{"setup", "--config", path}, stdio{piped, &out, &problem})
	if code != 0 || !strings.Contains(out.String(), "Slack does not know slack.bot_token") || !strings.Contains(out.String(), "What to run next") {
		t.Fatalf("got %d, %s%s", code, out.String(), problem.String())
	}
	story(t, path, []struct {
		line string
		code int
		want string
	}{
		{"agent list", 0, "operator"},
		{"account list", 0, "Acme  1           1"},
		{"channel list", 0, ops.ID},
		{"serve --check", 0, "command: /support"},
		{"setup", 0, "There is an operator already."},
		{"setup extra", 2, `what is "extra"?`},
	})
	starts(t, path)
	code = run(t.Context(), []string{"setup", "--config", filepath.Join(t.TempDir(), "other.yaml")}, stdio{strings.NewReader("2\n"), &out, &problem})
	if code != 1 || !strings.Contains(problem.String(), "run caseline setup again to go on") {
		t.Errorf("got %d, %s", code, problem.String())
	}
}

// starts checks that the server starts with a configuration, greets Slack, and
// stops again.
func starts(t *testing.T, path string) {
	t.Helper()
	cfg, err := config.Load(path, os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Listen = "127.0.0.1:0"
	var log bytes.Buffer
	a, err := app.New(t.Context(), *cfg, app.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := a.Run(ctx); err != nil {
		t.Error(err)
	}
	if strings.Contains(log.String(), "level=WARN") || strings.Contains(log.String(), "lacks a scope") {
		t.Errorf("the server warns:\n%s", log.String())
	}
}
