package scenario

import (
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"caseline/internal/app/agent"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
)

// privy is part of every text that is written in the story below, by people and
// agents, in forms, commands, files and what is malformed.
const privy = "quicksilver"

// secretOf tells what may never stand in a log: whatever was written, whoever
// wrote it, all that lets one in, and addresses at Slack that are good for
// whoever knows them.
var secretOf = regexp.MustCompile(`(?i)` + strings.Join([]string{
	privy, "alice", "bob okafor", "martin", "jane@", "xoxb-", "xapp-", `\bshh\b`, "correct horse", "v0=[0-9a-f]", "ticket=", "/actions/", "/commands/[TU]", "/upload/", "files-pri",
}, "|"))

// speaks has people and agents use all ways in which words come, in good weather
// and in bad.
func (h *house) speaks() {
	h.Helper()
	c := h.asks(h.alice, "The "+privy+" is stuck", h.bob)
	h.jane = h.signIn(janeEmail)
	c.joins()
	edited := c.post(h.alice, "my "+privy+" hangs")
	edited.Edit(h.alice, "my old "+privy+" hangs")
	c.post(h.bob, "and mine, "+privy).Delete(h.bob)
	h.quiet()
	for i, fails := range []func(){
		func() { h.slack.Fail("chat.postMessage", slacksim.Lost) },
		func() { h.slack.Fail("chat.postMessage", slacksim.Landed) },
		func() { h.slack.Fail("chat.postMessage", slacksim.Lost, slacksim.As(fault.HTML)) },
		func() { h.slack.Refuse("chat.postMessage", "restricted_action") },
		func() { h.slack.Refuse("conversations.history", "missing_scope") },
	} {
		fails()
		words := fmt.Sprintf("take %d drops of %s", i, privy)
		h.must(h.jane.Reply(h.ctx, c.number, words, words))
		h.quiet()
	}
	c.upload(h.alice, privy+".log", []byte(privy), "the log of the "+privy)
	c.file(desk.FileReady)
	h.must(h.jane.Attach(h.ctx, c.number, "a1", privy+".txt", []byte(privy)))
	h.must(h.jane.Note(h.ctx, c.number, "n1", privy+" again"))
	h.quiet()
	for _, command := range []string{"search " + privy, "reply " + privy, privy, "status " + c.number, "resolve " + c.number} {
		_, err := h.ops.Command(h.ctx, h.alice, "/support "+command)
		h.must(err)
	}
	h.quiet()
	_, err := h.jane.Page(h.ctx, "/cases?q="+privy)
	h.must(err)
	if _, err := agent.SignIn(h.ctx, h.url, privy+"@example.com", privy); err == nil {
		h.Error("a stranger may sign in")
	}
}

// strays sends what nobody should: events that are cut off, of odd kinds and of
// later, and requests that are not signed.
func (h *house) strays() {
	h.Helper()
	h.tells(`{"type":"message","subtype":"` + privy + `","channel":"` + h.ops.ID + `","ts":7,"user":["` + privy + `"],"text":{"` + privy + `":1}}`)
	h.tells(`{"type":"` + "hologram" + `","text":"` + privy + `"}`)
	for _, path := range []string{"/slack/events", "/slack/commands", "/slack/interactivity"} {
		for _, signature := range []string{"", "v0=0123456789abcdef"} {
			r, err := http.NewRequestWithContext(h.ctx, http.MethodPost, h.url+path+"?payload="+privy, strings.NewReader("payload="+privy))
			h.must(err)
			r.Header.Set("X-Slack-Signature", signature)
			r.Header.Set("X-Slack-Request-Timestamp", "1531420618")
			h.answer(r)
		}
	}
}

// TestNothingSecretIsLogged: not even by a server that logs all it can.
func TestNothingSecretIsLogged(t *testing.T) {
	t.Parallel()
	for mode, as := range map[string][]func(*house){"http": nil, "socket": {bySockets}} {
		t.Run(mode, func(t *testing.T) {
			each(t, func(h *house) {
				var log lockedBuffer
				h.stopApp()
				h.log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
				h.startApp()
				h.connected()
				h.jane = h.signIn(janeEmail)
				h.speaks()
				if mode == "http" {
					h.strays()
				}
				back := h.slack.Fail("*", slacksim.Lost, slacksim.Always)
				_, err := h.jane.Page(h.ctx, "/")
				h.must(err)
				back()
				h.stopApp()
				lines := strings.Split(log.String(), "\n")
				if len(lines) < 10 {
					t.Errorf("only %d lines are logged", len(lines))
				}
				for _, line := range lines {
					if found := secretOf.FindString(line); found != "" {
						t.Errorf("%q is logged: %s", found, line)
					}
				}
			}, as...)
		})
	}
}
