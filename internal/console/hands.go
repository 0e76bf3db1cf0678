package console

import (
	"errors"
	"fmt"
	"net/http"

	"caseline/internal/casework"
	"caseline/internal/console/record"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// toQueue is what the field "to" of a hand-over says for the queue.
const toQueue = "queue"

func (s *Server) postJoin(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	join := casework.Join{Case: c.ID, Agent: who, Also: r.PostForm.Get("also") != "", Origin: origin}
	_, err = s.Cases.Join(r.Context(), join)
	if why, ok := errors.AsType[*desk.Refusal](err); ok && !web.WantsJSON(r) {
		return s.told(w, r, who, c, why)
	}
	if err != nil {
		return err
	}
	return s.done303(w, r, c)
}

// told shows the case with why something was refused: what can be done instead
// is there.
func (s *Server) told(w http.ResponseWriter, r *http.Request, who desk.Agent, c desk.Case, why *desk.Refusal) error {
	page, err := s.casePage(r, who, c)
	if err != nil {
		return err
	}
	page.Notice = why.Message
	return s.show(w, web.StatusOf(why), "case", page)
}

// postHand gives a running chat to the agent whom the field "to" names, or
// back to the queue.
func (s *Server) postHand(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	to := r.PostForm.Get("to")
	if handed(c, to) { // the same press again
		return s.done303(w, r, c)
	}
	if err := mayHand(c, who); err != nil {
		return err
	}
	if r.PostForm.Get("sure") == "" {
		return s.ask(w, r, who, c, "hand")
	}
	if to == "" {
		return s.askAgain(w, r, who, "hand", &desk.Refusal{Kind: desk.ErrInvalid, Field: "to", Message: "Choose who goes on with this chat."})
	}
	seen, err := seenBy(r, c)
	if err != nil {
		return s.askAgain(w, r, who, "hand", err)
	}
	hand := casework.HandOver{Case: c.ID, Seen: seen, By: who, Origin: origin}
	if to != toQueue {
		hand.To = desk.AgentID(to)
	}
	_, err = s.Cases.HandOver(r.Context(), hand)
	if err != nil {
		return s.askAgain(w, r, who, "hand", asMissing(err, "There is no such agent any more. Choose somebody else."))
	}
	return s.done303(w, r, c)
}

// handed reports whether a chat is already in the hands that a form names.
func handed(c desk.Case, to string) bool {
	switch {
	case to == toQueue:
		return c.Chat.State == desk.ChatRequested && c.Chat.Returned
	case to != "":
		return c.Chat.State == desk.ChatInProgress && string(c.Chat.Agent) == to
	}
	return false
}

// postLeave takes the agent out of a chat in which another one stays.
func (s *Server) postLeave(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("sure") == "" && len(c.Chat.Others) > 0 && c.Chat.Has(who.ID) {
		return s.ask(w, r, who, c, "leave")
	}
	if _, err := s.Cases.Leave(r.Context(), casework.Leave{Case: c.ID, Agent: who, Origin: origin}); err != nil {
		return err
	}
	return s.done303(w, r, c)
}

// postReopen opens a resolved case again.
func (s *Server) postReopen(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("sure") == "" && !c.Open() {
		return s.ask(w, r, who, c, "reopen")
	}
	_, _, err = s.Cases.Reopen(r.Context(), casework.Reopen{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(who), Origin: origin})
	if why, ok := errors.AsType[*desk.Refusal](err); ok && errors.Is(err, desk.ErrTooLate) {
		err = &desk.Refusal{Kind: why.Kind, Message: why.Message + " That is done in Slack: ask the requester to, and to name this case in it."}
	}
	if err != nil {
		return s.askAgain(w, r, who, "reopen", err)
	}
	return s.done303(w, r, c)
}

// postSeverity changes how severe a case is. The field "from" is what the page
// showed.
func (s *Server) postSeverity(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("sure") == "" && c.Open() {
		return s.ask(w, r, who, c, "severity")
	}
	from, to := desk.Severity(r.PostForm.Get("from")), desk.Severity(r.PostForm.Get("severity"))
	if from != "" && from != c.Severity && to != c.Severity {
		return s.askAgain(w, r, who, "severity", &desk.Refusal{Kind: desk.ErrConflict, Field: "severity", Message: fmt.Sprintf(
			"Somebody has changed the severity to %s since you looked. Look again, then decide.", record.SeverityName(c.Severity))})
	}
	_, err = s.Cases.SetSeverity(r.Context(), casework.SetSeverity{Case: c.ID, By: who, Severity: to, Origin: origin})
	if err != nil {
		return s.askAgain(w, r, who, "severity", err)
	}
	return s.done303(w, r, c)
}

// mayHand refuses to hand over what another agent is busy with; an operator
// may.
func mayHand(c desk.Case, who desk.Agent) error {
	if c.Chat.State == desk.ChatInProgress && c.Chat.Agent != who.ID && who.Role != desk.RoleOperator {
		return &desk.Refusal{Kind: desk.ErrForbidden, Message: c.Chat.AgentName + " is in this chat. Ask them to hand it over."}
	}
	return nil
}

// seenBy is the chat as mayAct has judged it, for the use case to hold against
// the case as it finds it. It refuses when the page that the form came from
// showed another.
func seenBy(r *http.Request, c desk.Case) (casework.Seen, error) {
	now := casework.SeenIn(&c)
	if !r.PostForm.Has("chat") {
		return now, nil
	}
	shown := casework.Seen{
		Chat: desk.ChatID(r.PostForm.Get("chat")), State: desk.ChatState(r.PostForm.Get("state")), Agent: desk.AgentID(r.PostForm.Get("agent")),
	}
	return now, shown.Holds(&c)
}
