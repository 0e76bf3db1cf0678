package acts

import (
	"errors"
	"fmt"
	"net/http"

	"caseline/internal/console/form"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// postFiles takes files for the customer, without words.
func (s *Actions) postFiles(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.Case(r)
	if err != nil {
		return err
	}
	if err := c.MayWrite(desk.ByAgent(who)); err != nil {
		return err // before all the bytes have come
	}
	up, err := s.Forms.Upload(w, r)
	if err != nil {
		return err
	}
	if len(up.Files) == 0 {
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "file", Message: "Choose a file to send."}
	}
	if err := s.attach(r, c, who, up); err != nil {
		return err
	}
	return Done(w, r, c)
}

// attach sends the files of a form that is otherwise carried out.
func (s *Actions) attach(r *http.Request, c desk.Case, who desk.Agent, up form.Sent) error {
	origin, err := form.Origin(up.Token)
	if err != nil {
		return err
	}
	for i, f := range up.Files {
		f.Case, f.Agent, f.Origin = c.ID, who, origin
		if i > 0 || up.Text != "" {
			f.Origin = desk.Origin(fmt.Sprintf("%s:%d", origin, i+1))
		}
		if err := s.Cases.Attach(r.Context(), f); err != nil {
			return err
		}
	}
	return nil
}

// postRetry tries a file again that did not arrive.
func (s *Actions) postRetry(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	f, err := s.Read.File(r.Context(), desk.FileID(r.PathValue("id")))
	if err != nil {
		return form.Missing(err, "There is no such file.")
	}
	c, err := s.Read.Case(r.Context(), f.Case)
	if err != nil {
		return err
	}
	if err := s.Cases.RetryFile(r.Context(), f.ID, who); err != nil {
		return err
	}
	return Done(w, r, c)
}

// typedOr shows a refused form again with its words, to those who sent it
// without a script.
func (s *Actions) typedOr(w http.ResponseWriter, r *http.Request, who desk.Agent, typed string, err error) error {
	if refusal, ok := errors.AsType[*desk.Refusal](err); ok && !web.WantsJSON(r) {
		c, gone := s.Case(r)
		if gone != nil {
			return gone
		}
		return s.Show(w, r, who, c, Again{Typed: typed, Wrong: refusal})
	}
	return err
}
