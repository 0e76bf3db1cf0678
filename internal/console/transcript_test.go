package console_test

import (
	"net/http"
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/transcript"
)

func TestL41_TheTranscriptCanBeKept(t *testing.T) {
	h := newHouse(t)
	who := desk.PersonID("T1/alice")
	c := h.opened("Build is stuck", "Since ten.", who, desk.SeverityHigh)
	h.settleAll(c.ID)
	jane := h.agent("jo@example.com", "Jo", desk.RoleAgent)
	h.join(c, jane)
	of := h.say(h.get(c.ID), who, "it hangs <script>")
	h.edit(h.get(c.ID), of, who, "it hung")
	h.reply(c, jane, "looking")
	b := h.signedIn("jo@example.com")
	running := "/cases/" + string(c.Number) + "/chats/" + string(h.get(c.ID).Chat.ID) + "/transcript."
	if a := b.get(running + "txt"); a.status != http.StatusConflict {
		t.Errorf("while the chat runs: got %d, want a conflict", a.status)
	}
	h.end(c, desk.ByAgent(jane), desk.EndedByAgent)
	edited := map[string]string{"txt": "it [-hangs <script>-]{+hung+}", "html": "it <ins>hung</ins>", "json": `"text": "it hung"`}
	for form, kind := range map[string]string{"txt": "text/plain", "html": "text/html", "json": "application/json"} {
		a := b.get(running + form)
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), kind) {
			t.Fatalf("%s: got %d %s", form, a.status, a.header.Get("Content-Type"))
		}
		if !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") || !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: it could be shown as a page of ours: %v", form, a.header)
		}
		if !strings.Contains(a.body, edited[form]) || !strings.Contains(a.body, "looking") {
			t.Errorf("%s lacks words of the chat:\n%s", form, a.body)
		}
		if form == "html" && strings.Contains(a.body, "<script") {
			t.Error("the page would run what a customer wrote")
		}
		if form == "json" {
			if kept, err := transcript.Check([]byte(a.body)); err != nil || kept.Messages != 2 {
				t.Errorf("the export: got %d messages, %v", kept.Messages, err)
			}
		}
	}
	for _, path := range []string{running + "exe", strings.Replace(running, "chat-", "chit-", 1) + "txt"} {
		if a := b.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: got %d, want not found", path, a.status)
		}
	}
	if a := h.browser().get(running + "json"); strings.Contains(a.body, "looking") {
		t.Error("somebody who is not signed in got the transcript")
	}
}
