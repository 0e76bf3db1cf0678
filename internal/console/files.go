package console

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"time"

	"caseline/internal/console/form"
	"caseline/internal/console/outside"
	"caseline/internal/console/record"
	"caseline/internal/console/work"
	"caseline/internal/desk"
)

// getFile answers with a file's bytes, as something to keep and never as a
// page: it came from somebody else. Pictures that cannot carry a script may be
// shown inline.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	f, err := s.Read.File(r.Context(), desk.FileID(r.PathValue("id")))
	if err != nil {
		return form.Missing(err, "There is no such file.")
	}
	if err := s.mayReadFile(r.Context(), f); err != nil {
		return err
	}
	if f.Hash == "" {
		return &desk.Refusal{Kind: desk.ErrNotFound, Message: "This file has not arrived from Slack. Look at the case for the reason."}
	}
	content, err := s.File(f.Hash)
	if err != nil {
		return fmt.Errorf("open file %s: %w", f.ID, err)
	}
	defer content.Close() // read only: nothing to lose
	disposition, kind := "attachment", "application/octet-stream"
	if r.URL.Query().Has("inline") && record.Inline(f) {
		disposition, kind = "inline", f.Type
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": desk.FileName(f.Name)}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-cache") // it may be deleted, and then it is asked for in vain
	h.Set("ETag", `"`+f.Hash+`"`)
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// mayReadFile refuses what its author deleted in Slack, if its account keeps
// that from agents.
func (s *Server) mayReadFile(ctx context.Context, f desk.File) error {
	c, err := s.Read.Case(ctx, f.Case)
	if err != nil {
		return err
	}
	policy, err := work.PolicyOf(ctx, s.Read, c.Account)
	if err != nil {
		return err
	}
	e, r, err := work.Reading(ctx, s.Read, policy, f.Case, f.Seq)
	if err == nil && r.Gone {
		err = &desk.Refusal{Kind: desk.ErrNotFound, Message: desk.Stub(e)}
	}
	return err
}

func (s *Server) getEmoji(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	return form.Missing(outside.ServeEmoji(s.opt.Emoji, w, r), "There is no such emoji.")
}

func (s *Server) getFace(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	return form.Missing(outside.ServeFace(s.opt.Faces, w, r), "There is no such picture.")
}
