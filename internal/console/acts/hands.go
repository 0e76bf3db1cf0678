package acts

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"caseline/internal/casework"
	"caseline/internal/casework/dispatch"
	"caseline/internal/console/form"
	"caseline/internal/console/record"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/web"
)

// toQueue is what the field "to" of a hand-over says for the queue.
const toQueue = "queue"

func (s *Actions) postJoin(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	offer, err := form.Instant(r.PostForm.Get("offer"))
	if err != nil {
		return err
	}
	join := casework.Join{Case: c.ID, Agent: who, Also: r.PostForm.Get("also") != "", Offer: offer, Ask: r.PostForm.Get("sure") == "", Origin: origin}
	_, err = s.Cases.Join(r.Context(), join)
	why, ok := errors.AsType[*desk.Refusal](err)
	if ok && why.Field == dispatch.FieldSure {
		return s.askAgain(w, r, who, "join", err)
	}
	if ok && !web.WantsJSON(r) {
		return s.Show(w, r, who, c, Again{Notice: why})
	}
	if err != nil {
		return err
	}
	return Done(w, r, c)
}

// postHand gives a running chat to the agent whom the field "to" names, or
// back to the queue.
func (s *Actions) postHand(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	to := r.PostForm.Get("to")
	if handed(c, to) { // the same press again
		return Done(w, r, c)
	}
	if err := MayHand(c, who); err != nil {
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
		return s.askAgain(w, r, who, "hand", form.Missing(err, "There is no such agent any more. Choose somebody else."))
	}
	return Done(w, r, c)
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
func (s *Actions) postLeave(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
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
	return Done(w, r, c)
}

// postReopen opens a resolved case again.
func (s *Actions) postReopen(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("sure") == "" && !c.Open() {
		return s.ask(w, r, who, c, "reopen")
	}
	_, _, err = s.Cases.Reopen(r.Context(), casework.Reopen{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(who), Origin: origin})
	if why, ok := errors.AsType[*desk.Refusal](err); ok && errors.Is(err, desk.ErrTooLate) {
		err = &desk.Refusal{Kind: why.Kind, Message: strings.Join([]string{why.Message, tongue.Mark("That is done in Slack: ask the requester to, and to name this case in it.")}, " ")}
	}
	if err != nil {
		return s.askAgain(w, r, who, "reopen", err)
	}
	return Done(w, r, c)
}

// postSeverity changes how severe a case is. The field "from" is what the page
// showed.
func (s *Actions) postSeverity(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
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
			"Somebody has changed the severity to %s since you looked. Look again, then decide.", tongue.From(r.Context()).Text(record.SeverityName(c.Severity)))})
	}
	_, err = s.Cases.SetSeverity(r.Context(), casework.SetSeverity{Case: c.ID, By: who, Severity: to, Origin: origin})
	if err != nil {
		return s.askAgain(w, r, who, "severity", err)
	}
	return Done(w, r, c)
}

// MayHand refuses to hand over what another agent is busy with; a lead may.
func MayHand(c desk.Case, who desk.Agent) error {
	if c.Chat.State == desk.ChatInProgress && c.Chat.Agent != who.ID && !rights.May(who, rights.Lead) {
		return &desk.Refusal{Kind: desk.ErrForbidden, Message: c.Chat.AgentName + " is in this chat. Ask them to hand it over."}
	}
	return nil
}

// seenBy is the chat as MayAct has judged it, for the use case to hold against
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
