package keep

import (
	"net/http"
	"strconv"

	"caseline/internal/console/form"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// postRead notes how far the agent has read the case.
func (s rooms) postRead(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	c, err := s.Case(r)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(r.PostForm.Get("seq"), 10, 64)
	if err != nil {
		return &desk.Refusal{Kind: desk.ErrInvalid, Message: "The form is incomplete. Reload the page and try again."}
	}
	if err := s.Do.Saw(r.Context(), who, c, seq); err != nil {
		return err
	}
	web.WriteJSON(w, http.StatusOK, struct{}{})
	return nil
}
