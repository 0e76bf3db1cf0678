package acts

import (
	"net/http"
	"strings"

	"caseline/internal/casework"
	"caseline/internal/console/device"
	"caseline/internal/console/form"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/rights"
	"caseline/internal/mrkdwn"
	"caseline/internal/web"
)

// postReply sends words to the customer, and files behind them.
func (s *Actions) postReply(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.Case(r)
	if err != nil {
		return err
	}
	up, err := s.Forms.Message(w, r)
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
	if err = personal.Filled(up.Text); err == nil && (up.Text != "" || len(up.Files) == 0) {
		err = s.Cases.Reply(r.Context(), casework.Reply{Case: c.ID, Agent: who, Text: mrkdwn.Canonical(up.Text), Origin: origin})
	}
	if err == nil {
		err = s.attach(r, c, who, up)
	}
	if err == nil {
		err = s.sent(r, who, c, up.Text)
	}
	if err != nil {
		return s.typedOr(w, r, who, up.Text, err)
	}
	return Done(w, r, c)
}

// postAnswer adds words to the case outside its chat.
func (s *Actions) postAnswer(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("as") == form.AsNote {
		return s.note(w, r, who, c, r.PostForm.Get("text"), origin)
	}
	typed := strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")
	if err = personal.Filled(typed); err == nil {
		_, err = s.Cases.Answer(r.Context(), casework.Answer{
			Case: c.ID, Answer: desk.Answer{By: desk.ByAgent(who), Text: mrkdwn.Canonical(typed), Origin: origin},
		})
	}
	if err == nil {
		err = s.sent(r, who, c, typed)
	}
	if err != nil {
		return s.typedOr(w, r, who, typed, err)
	}
	return Done(w, r, c)
}

// sent forgets what the agent had typed for the case once it is sent, unless they
// have typed something else since.
func (s *Actions) sent(r *http.Request, who desk.Agent, c desk.Case, typed string) error {
	jotting, err := s.Read.Jotting(r.Context(), who.ID, c.ID)
	if err != nil || jotting.Text == "" || strings.TrimSpace(jotting.Text) != strings.TrimSpace(typed) {
		return err
	}
	return s.Keeping.Sent(r.Context(), who.ID, c.ID, jotting.Revision)
}

func (s *Actions) postEnd(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	if err := MayAct(c, who); err != nil {
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
	return Done(w, r, c)
}

func (s *Actions) postResolve(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	if err := MayAct(c, who); err != nil {
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
	return Done(w, r, c)
}

func (s *Actions) postPresence(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
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
	http.Redirect(w, r, web.LocalPath(r.PostForm.Get("back")), http.StatusSeeOther)
	return nil
}

// postAttention notes that somebody is at the browser of a request.
func (s *Actions) postAttention(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	d := device.Of(r)
	d.Agent = who.ID
	if err := s.Cases.Attend(r.Context(), d); err != nil {
		return err
	}
	web.WriteJSON(w, http.StatusOK, struct{}{})
	return nil
}

// wish reads which case a form is about and what its sender calls the wish.
func (s *Actions) wish(r *http.Request) (desk.Case, desk.Origin, error) {
	if err := r.ParseForm(); err != nil {
		return desk.Case{}, "", form.Bad(err)
	}
	c, err := s.Case(r)
	if err != nil {
		return desk.Case{}, "", err
	}
	origin, err := form.Origin(r.PostForm.Get("token"))
	return c, origin, err
}

// Done answers a wish that was carried out.
func Done(w http.ResponseWriter, r *http.Request, c desk.Case) error {
	if web.WantsJSON(r) {
		web.WriteJSON(w, http.StatusOK, struct{}{})
		return nil
	}
	http.Redirect(w, r, "/cases/"+string(c.Number), http.StatusSeeOther)
	return nil
}

// MayAct refuses to end or resolve what another agent is busy with; a
// lead may.
func MayAct(c desk.Case, who desk.Agent) error {
	if c.Chat.State == desk.ChatInProgress && c.Chat.Agent != who.ID && !rights.May(who, rights.Lead) {
		return &desk.Refusal{Kind: desk.ErrForbidden, Message: c.Chat.AgentName + " is in this chat. Ask them to end it or to resolve the case."}
	}
	return nil
}
