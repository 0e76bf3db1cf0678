package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"caseline/internal/app/agent"
)

// A newcomer runs the program's commands in a folder of their own.
type newcomer struct {
	*testing.T
	ctx         context.Context
	binary, dir string
	env         []string
}

// runs runs a command with what is typed, and returns what it said.
func (n *newcomer) runs(typed string, args ...string) string {
	n.Helper()
	cmd := exec.CommandContext(n.ctx, n.binary, args...)
	cmd.Dir, cmd.Env, cmd.Stdin = n.dir, n.env, strings.NewReader(typed)
	out, err := cmd.CombinedOutput()
	if err != nil {
		n.Fatalf("caseline %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// keeps runs a command until the test ends, and returns what it says.
func (n *newcomer) keeps(args ...string) *lockedBuffer {
	n.Helper()
	out := &lockedBuffer{}
	cmd := exec.CommandContext(context.WithoutCancel(n.ctx), n.binary, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = n.dir, n.env, out, out
	if err := cmd.Start(); err != nil {
		n.Fatal(err)
	}
	n.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // an error says that it has ended
		if err := cmd.Wait(); err != nil || n.Failed() {
			n.Errorf("caseline %s: %v\n%s", strings.Join(args, " "), err, out.String())
		}
	})
	return out
}

func (n *newcomer) waits(what string, cond func() bool) {
	n.Helper()
	for !cond() {
		if err := pause(n.ctx, 10*time.Millisecond); err != nil {
			n.Fatalf("never came true: %s: %v", what, err)
		}
	}
}

// acts has a person act by the admin API of the simulated Slack.
func (n *newcomer) acts(slack, what string, as map[string]any) string {
	n.Helper()
	body, err := json.Marshal(as)
	if err != nil {
		n.Fatal(err)
	}
	r, err := http.NewRequestWithContext(n.ctx, http.MethodPost, slack+"/_sim/"+what, bytes.NewReader(body))
	if err != nil {
		n.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	h := &house{T: n.T, ctx: n.ctx}
	return h.answer(r)
}

// TestB14_AFirstRunInSocketMode goes from the manifest to the first words of a chat
// by the program's commands alone, against the simulated Slack as a program.
func TestB14_AFirstRunInSocketMode(t *testing.T) {
	t.Parallel()
	binary := buildCaseline(t) // which may take longer than the story
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errors.New("the story took too long"))
	t.Cleanup(cancel)
	addr := steadyAddress(t)
	n := &newcomer{T: t, ctx: ctx, binary: binary, dir: t.TempDir(), env: []string{"CASELINE_LISTEN=" + addr}}
	manifest := n.runs("", "manifest", "--mode", "socket")
	if err := os.WriteFile(filepath.Join(n.dir, "manifest.yaml"), []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	printed := n.keeps("slacksim", "-app", "manifest.yaml", "-listen", "127.0.0.1:0")
	n.waits("the simulated Slack runs", func() bool { return strings.Contains(printed.String(), "Ctrl-C") })
	after := func(label string) string {
		return regexp.MustCompile(label + ` +(\S+)`).FindStringSubmatch(printed.String())[1]
	}
	slack := strings.TrimSuffix(after("Web API"), "/api/")
	n.env = append(n.env, "CASELINE_SLACK_API_URL="+slack+"/api/")
	h := &house{T: t, ctx: ctx}
	general := regexp.MustCompile(`"(C[A-Z0-9]+)"`).FindStringSubmatch(h.get(slack + "/_sim/state"))[1]
	said := n.runs(strings.Join([]string{
		"1", "http://" + addr, "", "", after("Bot token"), after("App-level token"), "Acme", general, janeEmail, "Jane", password, "",
	}, "\n"), "setup")
	if !strings.Contains(said, "ok       Slack opens connections for slack.app_token") || !strings.Contains(said, "What to run next") {
		t.Fatalf("setup says:\n%s", said)
	}
	served := n.keeps("serve")
	n.waits("two connections", func() bool { return strings.Count(served.String(), "connected to slack by Socket Mode") == 2 })
	examined := n.runs("", "doctor")
	for _, bad := range []string{"wrong ", "warning ", "skipped "} {
		if strings.Contains(examined, bad) {
			t.Errorf("the doctor says:\n%s", examined)
		}
	}

	alice := func(more map[string]any) map[string]any { more["person"] = "alice"; return more }
	n.acts(slack, "command", alice(map[string]any{"channel": "general", "text": "/support create"}))
	fill := func(fields ...[2]string) {
		for _, f := range fields {
			n.waits("the field "+f[0], func() bool {
				return strings.Contains(n.acts(slack, "fill", alice(map[string]any{"what": f[0], "picks": []string{f[1]}})), `"ok":true`)
			})
		}
		n.acts(slack, "submit", alice(map[string]any{}))
	}
	fill([2]string{"Subject", "Build is stuck"}, [2]string{"Description", "since ten"})
	n.waits("services to choose from", func() bool {
		return strings.Contains(n.acts(slack, "search", alice(map[string]any{"what": "Service", "text": "web"})), "Web application")
	})
	fill([2]string{"Service", "Web application"}, [2]string{"Category", "Error or failure"})
	fill([2]string{"Contact method", "Live chat in Slack"})
	n.acts(slack, "submit", alice(map[string]any{}))
	var number []string
	n.waits("the chat's channel", func() bool {
		number = regexp.MustCompile(`"case-([0-9]{10})"`).FindStringSubmatch(h.get(slack + "/_sim/state"))
		return number != nil
	})
	jane, err := agent.SignIn(ctx, "http://"+addr, janeEmail, password)
	if err != nil {
		t.Fatal(err)
	}
	if err := jane.Join(ctx, number[1]); err != nil {
		t.Fatal(err)
	}
	n.waits("the place says so", func() bool { return strings.Contains(h.get(slack+"/_sim/state"), "Messages are now shared") })
	n.acts(slack, "post", alice(map[string]any{"channel": "case-" + number[1], "text": "it hangs at step 3"}))
	n.waits("her words on the case", func() bool {
		page, err := jane.Page(ctx, "/cases/"+number[1])
		return err == nil && strings.Contains(page, "it hangs at step 3")
	})
}
