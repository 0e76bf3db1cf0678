package acts

import (
	"context"
	"errors"
	"net/http"

	"caseline/internal/casework/mailing"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// Contacts are the use cases of who hears of a case by mail.
type Contacts interface {
	Add(context.Context, mailing.Change) error
	Remove(context.Context, mailing.Change) error
	Retry(context.Context, mailing.Change) error
}

// postContacts adds the addresses in the field "add" to those that hear of the
// case, takes the one in "remove" out, or tries that in "again" again.
func (s *Actions) postContacts(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	do, typed := s.Contacts.Add, r.PostForm.Get("add")
	if gone := r.PostForm.Get("remove"); gone != "" {
		do, typed = s.Contacts.Remove, gone
	}
	if again := r.PostForm.Get("again"); again != "" {
		do, typed = s.Contacts.Retry, again
	}
	err = do(r.Context(), mailing.Change{Case: c.ID, By: who, Typed: typed, Origin: origin})
	if why, ok := errors.AsType[*desk.Refusal](err); ok && !web.WantsJSON(r) {
		return s.Show(w, r, who, c, Again{Notice: why})
	}
	if err != nil {
		return err
	}
	return Done(w, r, c)
}
