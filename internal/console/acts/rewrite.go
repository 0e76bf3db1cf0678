package acts

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"caseline/internal/casework"
	"caseline/internal/console/form"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/mrkdwn"
	"caseline/internal/web"
)

// getWords answers with what a message of the agent says now, as it was typed:
// to a script as text, to a person as the page with the composer around it.
func (s *Actions) getWords(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, seq, err := s.wordsOf(r)
	if err != nil {
		return err
	}
	e, err := s.Read.Entry(r.Context(), c.ID, seq)
	if err != nil {
		return form.Missing(err, "There is no such message.")
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
	return s.Show(w, r, who, c, Again{Editing: seq, Typed: text})
}

// postWords gives a message of the agent new words.
func (s *Actions) postWords(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, words, err := s.wordsWish(r, who)
	if err != nil {
		return err
	}
	typed := strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")
	words.Text = mrkdwn.Canonical(typed)
	err = s.Cases.Amend(r.Context(), words)
	if why, ok := errors.AsType[*desk.Refusal](err); ok && why.Kind == desk.ErrInvalid && !web.WantsJSON(r) {
		return s.Show(w, r, who, c, Again{Editing: words.Seq, Typed: typed, Wrong: why})
	}
	if err != nil {
		return err
	}
	return Done(w, r, c)
}

// postWithdraw deletes a message of the agent.
func (s *Actions) postWithdraw(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, seq, err := s.wordsOf(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	if r.PostForm.Get("sure") == "" {
		return s.Show(w, r, who, c, Again{Editing: seq, Ask: "delete"})
	}
	_, words, err := s.wordsWish(r, who)
	if err != nil {
		return err
	}
	if err := s.Cases.Withdraw(r.Context(), words); err != nil {
		return err
	}
	return Done(w, r, c)
}

// postWordsRetry sends a message of the agent again that Slack refused. It
// needs no token: pressing twice tries once.
func (s *Actions) postWordsRetry(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, seq, err := s.wordsOf(r)
	if err != nil {
		return err
	}
	if err := s.Cases.RetryWords(r.Context(), casework.Words{Case: c.ID, Seq: seq, Agent: who}); err != nil {
		return err
	}
	return Done(w, r, c)
}

// postNote writes a note for colleagues.
func (s *Actions) postNote(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	return s.note(w, r, who, c, r.PostForm.Get("text"), origin)
}

func (s *Actions) note(w http.ResponseWriter, r *http.Request, who desk.Agent, c desk.Case, typed string, origin desk.Origin) error {
	typed = strings.ReplaceAll(typed, "\r\n", "\n")
	colleagues, err := s.Read.Agents(r.Context())
	if err != nil {
		return err
	}
	colleagues = slices.DeleteFunc(colleagues, func(a desk.Agent) bool { return a.Disabled })
	err = s.Cases.Note(r.Context(), casework.Note{Case: c.ID, Agent: who, Text: mrkdwn.Canonical(typed), Named: personal.Named(typed, colleagues), Origin: origin})
	if err == nil {
		err = s.sent(r, who, c, typed)
	}
	if err != nil {
		return s.typedOr(w, r, who, typed, err)
	}
	return Done(w, r, c)
}

// wordsOf reads which message an address names.
func (s *Actions) wordsOf(r *http.Request) (desk.Case, int64, error) {
	c, err := s.Case(r)
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
func (s *Actions) wordsWish(r *http.Request, who desk.Agent) (desk.Case, casework.Words, error) {
	c, seq, err := s.wordsOf(r)
	if err != nil {
		return c, casework.Words{}, err
	}
	_, origin, err := s.wish(r)
	return c, casework.Words{Case: c.ID, Seq: seq, Agent: who, Origin: origin}, err
}
