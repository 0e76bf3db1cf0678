package acts

import (
	"net/http"
	"strconv"

	"caseline/internal/console/form"
	"caseline/internal/desk"
)

// postTally compares the record of an ended chat with Slack's history once
// more; the field seq names the entry that closes the chat.
func (s *Actions) postTally(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	c, err := s.Case(r)
	if err != nil {
		return err
	}
	seq, err := strconv.ParseInt(r.PostForm.Get("seq"), 10, 64)
	if err != nil {
		return form.Bad(err)
	}
	if err := s.Cases.TallyAgain(r.Context(), c.ID, seq); err != nil {
		return form.Missing(err, "There is no such transcript.")
	}
	return Done(w, r, c)
}
