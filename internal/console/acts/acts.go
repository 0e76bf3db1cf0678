package acts

import (
	"context"
	"errors"
	"net/http"
	"time"

	"caseline/internal/casework"
	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
	"caseline/internal/web"
)

// Cases are the use cases that agents can ask for.
type Cases interface {
	Join(context.Context, casework.Join) (desk.Case, error)
	Leave(context.Context, casework.Leave) (desk.Case, error)
	HandOver(context.Context, casework.HandOver) (desk.Case, error)
	Reply(context.Context, casework.Reply) error
	Answer(context.Context, casework.Answer) (desk.Case, error)
	Amend(context.Context, casework.Words) error
	Withdraw(context.Context, casework.Words) error
	RetryWords(context.Context, casework.Words) error
	Note(context.Context, casework.Note) error
	End(context.Context, casework.End) (desk.Case, bool, error)
	Attach(context.Context, casework.Attach) error
	RetryFile(context.Context, desk.FileID, desk.Agent) error
	Resolve(context.Context, casework.Resolve) (desk.Case, bool, error)
	Reopen(context.Context, casework.Reopen) (desk.Case, bool, error)
	SetSeverity(context.Context, casework.SetSeverity) (desk.Case, error)
	TallyAgain(ctx context.Context, id desk.CaseID, transcript int64) error
	SetPresence(context.Context, desk.AgentID, desk.Presence) error
	See(context.Context, roster.Device) error
	Attend(context.Context, roster.Device) error
	Left(context.Context, roster.Device) error
}

// Keeping are the use cases of what agents keep beside the cases.
type Keeping interface {
	Sent(ctx context.Context, a desk.AgentID, id desk.CaseID, last int64) error
	SnoozeAfter(ctx context.Context, who desk.Agent, id desk.CaseID, until time.Time, seen int64) error
	Wake(ctx context.Context, who desk.Agent, id desk.CaseID) error
}

// Reader is what is read before a wish is carried out.
type Reader interface {
	store.LogReader
	Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	Agents(ctx context.Context) ([]desk.Agent, error)
	Jotting(ctx context.Context, a desk.AgentID, id desk.CaseID) (personal.Jotting, error)
}

// Again is how the page of a case is shown once more to somebody without a
// script, in answer to a form.
type Again struct {
	Typed   string        // stands in the composer
	Editing int64         // the Seq of the message whose words those are; 0 for none
	Wrong   *desk.Refusal // why it could not be sent; nil for no reason
	Notice  *desk.Refusal // why something else was refused
	Ask     string        // the question to ask; empty for none
	Refused *desk.Refusal // why what was answered to it could not be done
}

// Actions answer the forms of a case.
type Actions struct {
	Cases    Cases
	Contacts Contacts // say who hears of a case by mail
	Keeping  Keeping
	Read     Reader
	Forms    *form.Reader
	// Case finds the case that {id} in the address names, by number or id.
	Case func(r *http.Request) (desk.Case, error)
	// Show answers with the page of a case.
	Show func(w http.ResponseWriter, r *http.Request, who desk.Agent, c desk.Case, as Again) error
}

// Doors are the addresses of the forms.
func (s *Actions) Doors() map[string]room.Door {
	doors := map[string]room.Door{
		"GET /cases/{id}/words/{seq}": {May: rights.Read, Answer: s.getWords},
	}
	for pattern, h := range map[string]room.Handler{
		"POST /cases/{id}/join":     s.postJoin,
		"POST /cases/{id}/replies":  together(s.postReply),
		"POST /cases/{id}/answers":  together(s.postAnswer),
		"POST /cases/{id}/notes":    together(s.postNote),
		"POST /cases/{id}/files":    s.postFiles,
		"POST /files/{id}/retry":    s.postRetry,
		"POST /cases/{id}/end":      s.postEnd,
		"POST /cases/{id}/resolve":  s.postResolve,
		"POST /cases/{id}/hand":     s.postHand,
		"POST /cases/{id}/leave":    s.postLeave,
		"POST /cases/{id}/reopen":   s.postReopen,
		"POST /cases/{id}/severity": s.postSeverity,
		"POST /cases/{id}/contacts": s.postContacts,
		"POST /cases/{id}/tally":    s.postTally,

		"POST /cases/{id}/words/{seq}":        s.postWords,
		"POST /cases/{id}/words/{seq}/delete": s.postWithdraw,
		"POST /cases/{id}/words/{seq}/retry":  s.postWordsRetry,

		"POST /cases/{id}/snooze": s.postSnooze,
		"POST /cases/{id}/wake":   s.postWake,

		"POST /presence":  s.postPresence,
		"POST /attention": s.postAttention,
	} {
		doors[pattern] = room.Door{May: rights.Answer, Answer: h}
	}
	return doors
}

// ask shows a question about a case, for a form sent without a script's
// dialog.
func (s *Actions) ask(w http.ResponseWriter, r *http.Request, who desk.Agent, c desk.Case, name string) error {
	return s.Show(w, r, who, c, Again{Ask: name})
}

// askAgain shows a question with why what was answered could not be done.
// Whatever is no refusal, or asked by a script, it returns as it is.
func (s *Actions) askAgain(w http.ResponseWriter, r *http.Request, who desk.Agent, name string, err error) error {
	why, ok := errors.AsType[*desk.Refusal](err)
	if !ok || web.WantsJSON(r) {
		return err
	}
	c, gone := s.Case(r)
	if gone != nil {
		return gone
	}
	return s.Show(w, r, who, c, Again{Ask: name, Refused: why})
}
