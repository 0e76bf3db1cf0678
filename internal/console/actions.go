package console

import (
	"errors"
	"net/http"
	"strings"

	"caseline/internal/casework"
	"caseline/internal/console/form"
	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
	"caseline/internal/web"
)

// postReply sends words to the customer, and files behind them.
func (s *Server) postReply(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.caseOf(r)
	if err != nil {
		return err
	}
	up, err := s.forms.Message(w, r)
	up.Text = strings.ReplaceAll(up.Text, "\r\n", "\n")
	if err != nil {
		return s.typedOr(w, r, who, up.Text, err)
	}
	if len(up.Files) > 0 && strings.TrimSpace(up.Text) == "" {
		up.Text = ""
	}
	origin, err := form.Origin(up.Token)
	if err != nil {
		return err
	}
	if up.As == form.AsNote {
		if len(up.Files) > 0 {
			return s.typedOr(w, r, who, up.Text, &desk.Refusal{Kind: desk.ErrInvalid, Field: "file", Message: "Files go to the customer. Send them with a reply, not with a note."})
		}
		return s.note(w, r, who, c, up.Text, origin)
	}
	if up.Text != "" || len(up.Files) == 0 {
		err = s.Cases.Reply(r.Context(), casework.Reply{Case: c.ID, Agent: who, Text: mrkdwn.Canonical(up.Text), Origin: origin})
	}
	if err == nil {
		err = s.attach(r, c, who, up)
	}
	if err != nil {
		return s.typedOr(w, r, who, up.Text, err)
	}
	return s.done303(w, r, c)
}

// postAnswer adds words to the case outside its chat.
func (s *Server) postAnswer(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("as") == form.AsNote {
		return s.note(w, r, who, c, r.PostForm.Get("text"), origin)
	}
	typed := strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")
	_, err = s.Cases.Answer(r.Context(), casework.Answer{
		Case: c.ID, Answer: desk.Answer{By: desk.ByAgent(who), Text: mrkdwn.Canonical(typed), Origin: origin},
	})
	if err != nil {
		return s.typedOr(w, r, who, typed, err)
	}
	return s.done303(w, r, c)
}

// typedAgain shows the case with what was typed still in its place.
func (s *Server) typedAgain(w http.ResponseWriter, r *http.Request, who desk.Agent, typed string, why *desk.Refusal) error {
	c, err := s.caseOf(r)
	if err != nil {
		return err
	}
	page, err := s.casePage(r, who, c)
	if err != nil {
		return err
	}
	page.Case.Draft, page.Case.DraftError = typed, why.Message
	return s.show(w, web.StatusOf(why), "case", page)
}

func (s *Server) postEnd(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	if err := mayAct(c, who); err != nil {
		return err
	}
	if r.PostForm.Get("sure") == "" && c.Chat.Live() {
		return s.ask(w, r, who, c, "end")
	}
	seen, err := seenBy(r, c)
	if err != nil {
		return s.askAgain(w, r, who, "end", err)
	}
	_, _, err = s.Cases.End(r.Context(), casework.End{
		Target: casework.Target{Case: c.ID}, Seen: seen, By: desk.ByAgent(who), Reason: desk.EndedByAgent, Origin: origin,
	})
	if err != nil {
		return err
	}
	return s.done303(w, r, c)
}

func (s *Server) postResolve(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	if err := mayAct(c, who); err != nil {
		return err
	}
	if r.PostForm.Get("sure") == "" && c.Open() {
		return s.ask(w, r, who, c, "resolve")
	}
	seen, err := seenBy(r, c)
	if err != nil {
		return s.askAgain(w, r, who, "resolve", err)
	}
	_, _, err = s.Cases.Resolve(r.Context(), casework.Resolve{
		Target: casework.Target{Case: c.ID}, Seen: seen, By: desk.ByAgent(who), Origin: origin,
	})
	if err != nil {
		return err
	}
	return s.done303(w, r, c)
}

func (s *Server) postPresence(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	if err := s.Cases.SetPresence(r.Context(), who.ID, desk.Presence(r.PostForm.Get("presence"))); err != nil {
		return err
	}
	if web.WantsJSON(r) {
		web.WriteJSON(w, http.StatusOK, struct{}{})
		return nil
	}
	http.Redirect(w, r, localPath(r.PostForm.Get("back")), http.StatusSeeOther)
	return nil
}

// wish reads which case a form is about and what its sender calls the wish.
func (s *Server) wish(r *http.Request) (desk.Case, desk.Origin, error) {
	if err := r.ParseForm(); err != nil {
		return desk.Case{}, "", form.Bad(err)
	}
	c, err := s.caseOf(r)
	if err != nil {
		return desk.Case{}, "", err
	}
	origin, err := form.Origin(r.PostForm.Get("token"))
	return c, origin, err
}

// done303 answers a wish that was carried out.
func (s *Server) done303(w http.ResponseWriter, r *http.Request, c desk.Case) error {
	if web.WantsJSON(r) {
		web.WriteJSON(w, http.StatusOK, struct{}{})
		return nil
	}
	http.Redirect(w, r, "/cases/"+string(c.Number), http.StatusSeeOther)
	return nil
}

// mayAct refuses to end or resolve what another agent is busy with; an
// operator may.
func mayAct(c desk.Case, who desk.Agent) error {
	if c.Chat.State == desk.ChatInProgress && c.Chat.Agent != who.ID && who.Role != desk.RoleOperator {
		return &desk.Refusal{Kind: desk.ErrForbidden, Message: c.Chat.AgentName + " is in this chat. Ask them to end it or to resolve the case."}
	}
	return nil
}

// asMissing gives a not-found error a sentence.
func asMissing(err error, sentence string) error {
	if errors.Is(err, desk.ErrNotFound) {
		return &desk.Refusal{Kind: desk.ErrNotFound, Message: sentence}
	}
	return err
}
