package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExitCodesAndWhatIsSaid(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "caseline.yaml")
	if err := os.WriteFile(broken, []byte("lisen: 127.0.0.1:0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args    string
		code    int
		out     string
		problem string
	}{
		{"", 0, "Usage: caseline", ""},
		{"help", 0, "demo", ""},
		{"version", 0, "caseline ", ""},
		{"version extra", 2, "", `what is "extra"?`},
		{"frobnicate", 2, "", `there is no command "frobnicate"`},
		{"serve -no-such-flag", 2, "", "no-such-flag"},
		{"serve -h", 0, "", "configuration"},
		{"serve --config /nowhere.yaml", 1, "", "/nowhere.yaml"},
		{"serve --config " + broken, 1, "", "did you mean"},
		{"serve --config " + broken, 1, "", "slack.bot_token"},
		{"agent", 2, "", "agent add"},
		{"slacksim -h", 0, "", "manifest"},
		{"slacksim -listen 0.0.0.0:8079", 1, "", "loopback only"},
		{"slacksim -app /nowhere.yaml", 1, "", "/nowhere.yaml"},
		{"slacksim -clock sundial", 2, "", "sundial"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			var out, problem bytes.Buffer
			code := run(t.Context(), strings.Fields(tt.args), stdio{strings.NewReader(""), &out, &problem})
			if code != tt.code || !strings.Contains(out.String(), tt.out) || !strings.Contains(problem.String(), tt.problem) {
				t.Errorf("got code %d, out %q, err %q; want %d, %q, %q", code, out.String(), problem.String(), tt.code, tt.out, tt.problem)
			}
		})
	}
}

func TestAgentsAndTheirPasswords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "caseline.yaml")
	text := `data_dir: ` + t.TempDir() + `
slack: {bot_token: xoxb-1, signing_secrets: ["0123456789abcdef"]}
account: {id: "100000000001", name: Example}
channels: [{id: C0123456789}]
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args, in     string
		code         int
		out, problem string
	}{
		{"agent add --email jane@example.com --name Jane", "correct horse", 0, "jane@example.com may sign in now.", ""},
		{"agent add --email jane@example.com --name Jane", "correct horse", 1, "", "already belongs to an agent"},
		{"agent password --email jane@example.com", "battery staple", 0, "has a new password", ""},
		{"agent password --email jane@example.com", "short", 1, "", "too short"},
		{"agent password --email omar@example.com", "battery staple", 1, "", "No agent has the address"},
		{"agent password --email jane@example.com", "", 1, "", "no password"},
		{"agent picture --email jane@example.com", "no picture", 1, "", "This is no picture that can be read."},
		{"agent picture --email omar@example.com --remove", "", 1, "", "No agent has the address"},
		{"agent picture --email jane@example.com --remove", "", 0, "has no picture now", ""},
		{"agent role --email jane@example.com --role operator", "", 0, "has the role operator now", ""},
		{"agent role --email jane@example.com --role agent", "", 1, "", "is the last operator"},
		{"agent add --email lena@example.com --name Lena --role lead", "correct horse", 0, "may sign in", ""},
		{"agent role --email lena@example.com --role auditor", "", 0, "has the role auditor now", ""},
		{"agent invite --email noor@example.com --role lead", "", 0, "/invitations/", ""},
		{"agent invite --email lena@example.com", "", 0, "/invitations/", ""},
		{"agent invite --email noor@example.com --role king", "", 1, "", "The role is agent, lead"},
		{"agent factor --email lena@example.com", "", 2, "", "caseline agent factor"},
		{"agent factor --email lena@example.com --remove", "", 0, "has no second factor now", ""},
		{"agent role --email jane@example.com --role king", "", 1, "", "The role is agent, lead"},
		{"agent disable --email jane@example.com", "", 1, "", "is the last operator"},
		{"agent add --email omar@example.com --name Omar --role operator", "correct horse", 0, "may sign in", ""},
		{"agent disable --email jane@example.com", "", 0, "cannot sign in", ""},
		{"agent list", "", 0, "operator, disabled", ""},
		{"agent enable --email jane@example.com", "", 0, "may sign in again", ""},
		{"audit", "", 0, "agent-disabled", ""},
	} {
		var out, problem bytes.Buffer
		args := append(strings.Fields(tt.args), "--config", path)
		code := run(t.Context(), args, stdio{strings.NewReader(tt.in + "\n"), &out, &problem})
		if code != tt.code || !strings.Contains(out.String(), tt.out) || !strings.Contains(problem.String(), tt.problem) {
			t.Errorf("%s: got code %d, out %q, err %q; want %d, %q, %q", tt.args, code, out.String(), problem.String(), tt.code, tt.out, tt.problem)
		}
	}
}
