package console

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"caseline/internal/console/record"
	"caseline/internal/console/tongue"
	"caseline/internal/console/window"
	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
	"caseline/internal/transcript"
)

// getTranscript answers with the record of an ended chat, for keeping: the
// last part of the address is transcript.txt, transcript.html or
// transcript.json. With "?notes" it has what agents wrote to each other in it,
// which nobody gets who does not ask for it. Times are in UTC, so that every copy is the same.
func (s *Server) getTranscript(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.caseOf(r)
	if err != nil {
		return err
	}
	log, err := s.windows().Whole(r.Context(), c)
	if err != nil {
		return err
	}
	chat, ok := chatOf(log, desk.ChatID(r.PathValue("chat")))
	form, known := strings.CutPrefix(r.PathValue("file"), "transcript.")
	if !ok || !known {
		return &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such transcript."}
	}
	account, err := s.work.AccountTitle(r.Context(), c.Account)
	if err != nil {
		return err
	}
	names := s.names(c.Workspace, log.People)
	t, err := transcript.New(transcript.Source{
		Case: c, Account: account, Chat: chat, Entries: log.Entries, Files: log.Files, Notes: r.URL.Query().Has("notes"), Names: names,
		Name:      func(a desk.Actor) string { return record.AuthorOf(tongue.Tongue{}, a, log.People, "").Name },
		Deletions: log.Deletions, External: func(a desk.Actor) bool { return record.AuthorOf(tongue.Tongue{}, a, log.People, "").External },
	})
	if err != nil {
		return err
	}
	return sendTranscript(w, names, t, form)
}

func chatOf(log window.Log, id desk.ChatID) (desk.ChatSession, bool) {
	for _, chat := range log.Chats {
		if chat.ID == id {
			return chat, true
		}
	}
	return desk.ChatSession{}, false
}

func sendTranscript(w http.ResponseWriter, names mrkdwn.Resolver, t transcript.Transcript, form string) error {
	var content []byte
	var kind string
	switch form {
	case "txt":
		content, kind = []byte(t.Text(names)), "text/plain; charset=utf-8"
	case "json":
		text, err := t.JSON()
		if err != nil {
			return err
		}
		content, kind = text, "application/json; charset=utf-8"
	case "html":
		page, err := t.HTML(names)
		if err != nil {
			return err
		}
		content, kind = []byte(page), "text/html; charset=utf-8"
	default:
		return &desk.Refusal{Kind: desk.ErrNotFound, Message: "Transcripts are written as txt, html and json."}
	}
	name := "transcript"
	if t.Internal {
		name = "transcript-with-notes"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{
		"filename": fmt.Sprintf("case-%s-%s.%s", t.Case, name, form),
	}))
	// Should a browser show it all the same, it is not a page of ours.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	_, err := w.Write(content)
	return err
}
