package console

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"caseline/internal/casework"
	"caseline/internal/console/form"
	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
	"caseline/internal/web"
)

// getWords answers with what a message of the agent says now, as it was typed:
// to a script as text, to a person as the page with the composer around it.
func (s *Server) getWords(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, seq, err := s.wordsOf(r)
	if err != nil {
		return err
	}
	e, err := s.Read.Entry(r.Context(), c.ID, seq)
	if err != nil {
		return asMissing(err, "There is no such message.")
	}
	if err := c.MayAmend(desk.ByAgent(who), e); err != nil {
		return err
	}
	changes, err := s.Read.Changes(r.Context(), c.ID, seq)
	if err != nil {
		return err
	}
	text := desk.Wording(e, changes)
	if web.WantsJSON(r) {
		web.WriteJSON(w, http.StatusOK, struct {
			Text string `json:"text"`
		}{text})
		return nil
	}
	return s.editing(w, r, who, c, seq, text, nil)
}

// editing shows the case with a message of the agent in the composer.
func (s *Server) editing(w http.ResponseWriter, r *http.Request, who desk.Agent, c desk.Case, seq int64, text string, why *desk.Refusal) error {
	page, err := s.casePage(r, who, c)
	if err != nil {
		return err
	}
	page.Case.Editing, page.Case.Draft = seq, text
	status := http.StatusOK
	if why != nil {
		page.Case.DraftError, status = why.Message, web.StatusOf(why)
	}
	return s.show(w, status, "case", page)
}

// postWords gives a message of the agent new words.
func (s *Server) postWords(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, words, err := s.wordsWish(r, who)
	if err != nil {
		return err
	}
	typed := strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")
	words.Text = mrkdwn.Canonical(typed)
	err = s.Cases.Amend(r.Context(), words)
	if why, ok := errors.AsType[*desk.Refusal](err); ok && why.Kind == desk.ErrInvalid && !web.WantsJSON(r) {
		return s.editing(w, r, who, c, words.Seq, typed, why)
	}
	if err != nil {
		return err
	}
	return s.done303(w, r, c)
}

// postWithdraw deletes a message of the agent.
func (s *Server) postWithdraw(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, seq, err := s.wordsOf(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	if r.PostForm.Get("sure") == "" {
		page, err := s.casePage(r, who, c)
		if err != nil {
			return err
		}
		page.Case.Editing = seq
		page.Ask, _ = page.Case.question("delete")
		return s.show(w, http.StatusOK, "ask", page)
	}
	_, words, err := s.wordsWish(r, who)
	if err != nil {
		return err
	}
	if err := s.Cases.Withdraw(r.Context(), words); err != nil {
		return err
	}
	return s.done303(w, r, c)
}

// postWordsRetry sends a message of the agent again that Slack refused. It
// needs no token: pressing twice tries once.
func (s *Server) postWordsRetry(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, seq, err := s.wordsOf(r)
	if err != nil {
		return err
	}
	if err := s.Cases.RetryWords(r.Context(), casework.Words{Case: c.ID, Seq: seq, Agent: who}); err != nil {
		return err
	}
	return s.done303(w, r, c)
}

// postNote writes a note for colleagues.
func (s *Server) postNote(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	return s.note(w, r, who, c, r.PostForm.Get("text"), origin)
}

func (s *Server) note(w http.ResponseWriter, r *http.Request, who desk.Agent, c desk.Case, typed string, origin desk.Origin) error {
	typed = strings.ReplaceAll(typed, "\r\n", "\n")
	err := s.Cases.Note(r.Context(), casework.Note{Case: c.ID, Agent: who, Text: mrkdwn.Canonical(typed), Origin: origin})
	if err != nil {
		return s.typedOr(w, r, who, typed, err)
	}
	return s.done303(w, r, c)
}

// wordsOf reads which message an address names.
func (s *Server) wordsOf(r *http.Request) (desk.Case, int64, error) {
	c, err := s.caseOf(r)
	if err != nil {
		return c, 0, err
	}
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil || seq < 1 {
		return c, 0, &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such message."}
	}
	return c, seq, nil
}

// wordsWish reads which message of the agent a form is about.
func (s *Server) wordsWish(r *http.Request, who desk.Agent) (desk.Case, casework.Words, error) {
	c, seq, err := s.wordsOf(r)
	if err != nil {
		return c, casework.Words{}, err
	}
	_, origin, err := s.wish(r)
	return c, casework.Words{Case: c.ID, Seq: seq, Agent: who, Origin: origin}, err
}
