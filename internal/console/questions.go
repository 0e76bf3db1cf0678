package console

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"caseline/internal/casework"
	"caseline/internal/console/acts"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/roster"
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
	Pauses     []acts.Pause // how long the case can be put away
	Last       int64        // the entry up to which the page shows the log
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
		level := v.Levels(s)
		level.Name = v.Text(level.Name)
		all = append(all, called{s, level})
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
	if !v.Answers() {
		return nil
	}
	all := []question{{
		Name: "delete", Title: v.Say("Delete this message?"), Text: v.Say("It is removed from Slack. Here it stays on record, marked as deleted."),
		Keep: v.Say("Keep it"), Do: v.Say("Delete message"), Danger: true,
	}}
	if v.Mode == "join" {
		all = append(all, question{
			Name: "join", Title: v.Say("Take this chat as well?"), Text: v.Say("Nothing more is offered to you until you have room again. By hand you can take whatever you want."),
			Keep: v.Say("Leave it waiting"), Do: v.Say("Take it anyway"),
		})
	}
	if v.MayEnd() {
		all = append(all, v.endQuestion())
	}
	if v.MayResolve() {
		all = append(all, v.resolveQuestion())
	}
	if v.MayHand() {
		all = append(all, question{
			Name: "hand", Title: v.Say("Hand this chat over"), Text: v.Say("Who goes on with it is told here, and the requester in Slack. What is written meanwhile is recorded."),
			Keep: v.Say("Keep it"), Do: v.Say("Hand over"), Hands: v.Hands, Queue: len(v.Chat.Others) == 0,
		})
	}
	if v.MayLeave() {
		all = append(all, question{
			Name: "leave", Title: v.Say("Leave this chat?"), Text: v.Say("%s goes on with it. You can read along, and join again.", v.stays()),
			Keep: v.Say("Stay"), Do: v.Say("Leave chat"),
		})
	}
	if v.Open() && v.Snoozed.IsZero() {
		all = append(all, question{
			Name: "snooze", Title: v.Say("Put this case away"), Text: v.Say("It leaves your lists until then, or until the customer writes. Your colleagues still see it."),
			Keep: v.Say("Keep it here"), Do: v.Say("Put it away"), Pauses: acts.Pauses(v.Clockface), Last: v.LastSeq,
		})
	}
	if v.Open() {
		all = append(all, question{
			Name: "severity", Title: v.Say("Change the severity"), Text: v.Say("The requester is told in Slack. It decides how soon people expect an answer, and who is served first."),
			Keep: v.Say("Leave it"), Do: v.Say("Change severity"), Severity: v.Severity, Severities: v.severities(),
		})
	} else {
		all = append(all, question{
			Name: "reopen", Title: v.Say("Reopen this case?"), Text: v.Say("The requester is told in Slack. A chat they then ask for is in the same place as before."),
			Keep: v.Say("Leave it resolved"), Do: v.Say("Reopen case"),
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

func (v caseView) resolveQuestion() question {
	q := question{
		Name: "resolve", Title: v.Say("Resolve this case?"), Text: v.Say("A running chat ends and its transcript is saved. The requester is told in Slack."),
		Keep: v.Say("Not yet"), Do: v.Say("Resolve case"),
	}
	if v.Silent {
		q.Text = v.Say("No agent has answered it yet.") + " " + q.Text
	}
	return q
}

func (v caseView) endQuestion() question {
	if v.Cancels() {
		return question{
			Name: "end", Title: v.Say("Cancel this request?"), Text: v.Say("%s is told in Slack that no agent comes. They can invite an agent again.", v.By.Name),
			Keep: v.Say("Keep it waiting"), Do: v.Say("Cancel request"), Danger: true,
		}
	}
	return question{
		Name: "end", Title: v.Say("End this chat?"),
		Text: v.Say("The transcript is saved on the case. What is written in Slack afterwards is not recorded. The requester can invite an agent again."),
		Keep: v.Say("Keep it running"), Do: v.Say("End chat"), Danger: true,
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

// thereWords says whether an agent is there.
func thereWords(t tongue.Tongue, there desk.Presence) string {
	switch there {
	case desk.Online:
		return t.Say("Online")
	case desk.Away:
		return t.Say("Away")
	}
	return t.Say("Offline")
}

// hands lists who can go on with a chat: those who are there first.
func (s *Server) hands(ctx context.Context, c desk.Case, who desk.Agent, now time.Time) ([]hand, error) {
	agents, err := s.Read.Agents(ctx)
	if err != nil {
		return nil, err
	}
	var all []hand
	t := tongue.From(ctx)
	for _, a := range agents {
		if !rights.May(a, rights.Answer) || a.ID == c.Chat.Agent {
			continue
		}
		there := roster.There(a, now)
		h := hand{Agent: a, Me: a.ID == who.ID, State: string(there), Says: thereWords(t, there)}
		if c.Chat.Has(a.ID) {
			h.Says = t.Say("In this chat") + " · " + h.Says
		}
		all = append(all, h)
	}
	rank := map[string]int{"online": 0, "away": 1, "offline": 2}
	slices.SortStableFunc(all, func(a, b hand) int {
		return cmp.Or(cmp.Compare(rank[a.State], rank[b.State]), cmp.Compare(a.Name, b.Name))
	})
	return all, nil
}
