package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"caseline/internal/app/doctor"
	"caseline/internal/slack/manifest"
	"caseline/internal/slack/wire"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
)

func TestDoctorsExitCodeAndWhatToTryNext(t *testing.T) {
	sim := simtest.Start(t, slacksim.Options{})
	ws := sim.Workspace("acme")
	alice := ws.AddUser("alice", "Alice Martin")
	ops := ws.AddChannel("ops", world.Public, alice)
	var scopes []string
	for _, s := range manifest.Scopes() {
		scopes = append(scopes, s.Name)
	}
	bot := ws.Install(slacksim.App{BotName: "Support", BotToken: "xoxb-the-bots", SigningSecret: "0123456789abcdef", Scopes: scopes})
	ops.Invite(alice, bot.Bot)
	path := filepath.Join(t.TempDir(), "caseline.yaml")
	// The simulated Slack stands in for our own server, which is not its part.
	text := fmt.Sprintf("data_dir: %s\npublic_url: %s\nslack: {bot_token: xoxb-the-bots, signing_secrets: [0123456789abcdef], api_url: %[2]s/api/, command: /help}\n",
		t.TempDir(), sim.World.BaseURL())
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	examine := func(args ...string) (code int, out, problem string) {
		var o, p bytes.Buffer
		code = run(t.Context(), append([]string{"doctor", "--config", path}, args...), stdio{strings.NewReader(""), &o, &p})
		return code, o.String(), p.String()
	}
	code, out, problem := examine()
	if code != 1 || !strings.Contains(out, "wrong    "+sim.World.BaseURL()+"/slack/events is not answered by Caseline") || problem != "caseline doctor: something must be mended; see above\n" {
		t.Errorf("got %d, %q, %q", code, out, problem)
	}
	code, out, _ = examine("--json")
	var r doctor.Report
	if err := json.Unmarshal([]byte(out), &r); code != 1 || err != nil || r.OK || len(r.Next) < 5 || !strings.Contains(r.Next[1], "/help help") {
		t.Errorf("got %d, %v and %s", code, err, out)
	}
	sim.Mount("POST /slack/events", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Challenge string }
		if r.Header.Get(wire.HeaderSignature) == "" {
			http.Error(w, "not signed", http.StatusUnauthorized)
		} else if json.NewDecoder(r.Body).Decode(&body) == nil {
			io.WriteString(w, body.Challenge)
		}
	}))
	code, out, problem = examine()
	if code != 0 || problem != "" || !strings.Contains(out, "warning  No channel is configured") || !strings.Contains(out, "What to try by hand next:\n 1. ") {
		t.Errorf("got %d, %q, %q", code, out, problem)
	}
	code, _, problem = examine("extra")
	if code != 2 || !strings.Contains(problem, `what is "extra"?`) {
		t.Errorf("got %d, %q", code, problem)
	}
}
