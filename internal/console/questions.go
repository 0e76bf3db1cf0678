package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// A question stands before a wish that others feel: in a dialog of the page,
// or on a page of its own where there is no script.
type question struct {
	Name     string // of the wish
	Action   string // where the answer goes
	Title    string
	Text     string
	Keep, Do string // the buttons that leave things as they are and that go on
	Danger   bool
	Token    string
	Seen     casework.Seen // the chat that the question is about
	Error    string        // why it could not be done

	Hands      []hand // to whom the chat can be handed over
	Queue      bool   // it can go back to the queue
	Severity   desk.Severity
	Severities []called
}

// A called is a severity with what it is called.
type called struct {
	desk.Severity
	desk.Level
}

// severities are those that a case can have, with what they are called.
func (v caseView) severities() []called {
	var all []called
	for _, s := range desk.Severities() {
		all = append(all, called{s, v.Levels(s)})
	}
	return all
}

// A hand is an agent to whom a chat can be handed over.
type hand struct {
	desk.Agent
	Me    bool
	State string // online, away or gone
	Says  string
}

// Questions are those that the page may have to ask.
func (v caseView) Questions() []question {
	all := []question{{
		Name: "delete", Title: "Delete this message?", Text: "It is removed from Slack. Here it stays on record, marked as deleted.",
		Keep: "Keep it", Do: "Delete message", Danger: true,
	}}
	if v.MayEnd() {
		all = append(all, v.endQuestion())
	}
	if v.MayResolve() {
		all = append(all, question{
			Name: "resolve", Title: "Resolve this case?", Text: "A running chat ends and its transcript is saved. The requester is told in Slack.",
			Keep: "Not yet", Do: "Resolve case",
		})
	}
	if v.MayHand() {
		all = append(all, question{
			Name: "hand", Title: "Hand this chat over", Text: "Who goes on with it is told here, and the requester in Slack. What is written meanwhile is recorded.",
			Keep: "Keep it", Do: "Hand over", Hands: v.Hands, Queue: len(v.Chat.Others) == 0,
		})
	}
	if v.MayLeave() {
		all = append(all, question{
			Name: "leave", Title: "Leave this chat?", Text: v.stays() + " goes on with it. You can read along, and join again.",
			Keep: "Stay", Do: "Leave chat",
		})
	}
	if v.Open() {
		all = append(all, question{
			Name: "severity", Title: "Change the severity", Text: "The requester is told in Slack. It decides how soon people expect an answer, and who is served first.",
			Keep: "Leave it", Do: "Change severity", Severity: v.Severity, Severities: v.severities(),
		})
	} else {
		all = append(all, question{
			Name: "reopen", Title: "Reopen this case?", Text: "The requester is told in Slack. A chat they then ask for is in the same place as before.",
			Keep: "Leave it resolved", Do: "Reopen case",
		})
	}
	for i := range all {
		q := &all[i]
		q.Action, q.Token, q.Seen = v.Action(q.Name), v.Token, casework.SeenIn(&v.Case)
		if q.Name == "delete" {
			q.Action = v.Action("words") + "/" + strconv.FormatInt(v.Editing, 10) + "/delete"
		}
	}
	return all
}

func (v caseView) endQuestion() question {
	if v.Cancels() {
		return question{
			Name: "end", Title: "Cancel this request?", Text: v.By.Name + " is told in Slack that no agent comes. They can invite an agent again.",
			Keep: "Keep it waiting", Do: "Cancel request", Danger: true,
		}
	}
	return question{
		Name: "end", Title: "End this chat?",
		Text: "The transcript is saved on the case. What is written in Slack afterwards is not recorded. The requester can invite an agent again.",
		Keep: "Keep it running", Do: "End chat", Danger: true,
	}
}

// stays names who goes on with the chat when the reader leaves it.
func (v caseView) stays() string {
	if v.Chat.Agent == v.Me.ID && len(v.Chat.Others) > 0 {
		return v.Chat.Others[0].Name
	}
	return v.Chat.AgentName
}

// Question is the one of a name; ok is false when it is not to be asked now.
func (v caseView) question(name string) (q question, ok bool) {
	all := v.Questions()
	i := slices.IndexFunc(all, func(q question) bool { return q.Name == name })
	if i < 0 {
		return question{}, false
	}
	return all[i], true
}

// hands lists who can go on with a chat: those who are there first.
func (s *Server) hands(ctx context.Context, c desk.Case, who desk.Agent, now time.Time) ([]hand, error) {
	agents, err := s.Read.Agents(ctx)
	if err != nil {
		return nil, err
	}
	var all []hand
	for _, a := range agents {
		if a.Disabled || a.ID == c.Chat.Agent {
			continue
		}
		h := hand{Agent: a, Me: a.ID == who.ID, State: "online", Says: "Online"}
		switch {
		case now.Sub(a.SeenAt) >= desk.AwayAfter:
			h.State, h.Says = "gone", "Not connected"
		case a.Presence == desk.Away:
			h.State, h.Says = "away", "Away"
		}
		if c.Chat.Has(a.ID) {
			h.Says = "In this chat · " + h.Says
		}
		all = append(all, h)
	}
	rank := map[string]int{"online": 0, "away": 1, "gone": 2}
	slices.SortStableFunc(all, func(a, b hand) int {
		return cmp.Or(cmp.Compare(rank[a.State], rank[b.State]), cmp.Compare(a.Name, b.Name))
	})
	return all, nil
}

// ask shows a question about a case, for a form sent without a script's
// dialog.
func (s *Server) ask(w http.ResponseWriter, r *http.Request, who desk.Agent, c desk.Case, name string) error {
	page, err := s.casePage(r, who, c)
	if err != nil {
		return err
	}
	var ok bool
	if page.Ask, ok = page.Case.question(name); !ok {
		return s.done303(w, r, c)
	}
	return s.show(w, http.StatusOK, "ask", page)
}

// askAgain shows a question with why what was answered could not be done.
// Whatever is no refusal, or asked by a script, it returns as it is.
func (s *Server) askAgain(w http.ResponseWriter, r *http.Request, who desk.Agent, name string, err error) error {
	why, ok := errors.AsType[*desk.Refusal](err)
	if !ok || web.WantsJSON(r) {
		return err
	}
	c, gone := s.caseOf(r)
	if gone != nil {
		return gone
	}
	page, broken := s.casePage(r, who, c)
	if broken != nil {
		return broken
	}
	if page.Ask, ok = page.Case.question(name); !ok {
		return err
	}
	page.Ask.Error = why.Message
	return s.show(w, web.StatusOf(why), "ask", page)
}
