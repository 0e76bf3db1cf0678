package console

import (
	"caseline/internal/console/drawn"
	"caseline/internal/console/work"
	"caseline/internal/desk"
)

// PresentLine says who is in the running chat.
func (v caseView) PresentLine() string {
	with := work.Others(v.Chat, v.Me.ID)
	switch {
	case v.Chat.Agent == v.Me.ID && len(with) == 0:
		return "You are in this chat"
	case v.Chat.Agent == v.Me.ID:
		return "You are in this chat with " + drawn.Among(with)
	case v.Chat.Has(v.Me.ID):
		return "You are in the chat of " + drawn.Among(with)
	case len(with) > 1:
		return drawn.Among(with) + " are in this chat"
	case v.Chat.Away:
		return v.Chat.AgentName + " is reconnecting"
	}
	return v.Chat.AgentName + " is in this chat"
}

// A colleague is an agent in the chat, for the list of people.
type colleague struct{ Name, What string }

// Colleagues are the agents in the running chat.
func (v caseView) Colleagues() []colleague {
	if v.Chat.State != desk.ChatInProgress {
		return nil
	}
	all := []colleague{{v.Chat.AgentName, "Support"}}
	if v.Chat.Away {
		all[0].What = "Reconnecting"
	}
	for _, a := range v.Chat.Others {
		all = append(all, colleague{a.Name, "Support, too"})
	}
	return all
}

// SessionLine says with whom a chat was, or how it waits.
func (v caseView) SessionLine(chat desk.ChatSession) string {
	switch {
	case chat.State == desk.ChatRequested && chat.Returned:
		return "Back in the queue"
	case chat.State == desk.ChatRequested:
		return "Waiting"
	case chat.JoinedAt.IsZero():
		return "Not joined"
	case chat.AgentName == "":
		return "Back in the queue at its end"
	}
	return "With " + drawn.Among(work.Others(chat, ""))
}
