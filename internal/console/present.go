package console

import (
	"fmt"

	"caseline/internal/desk"
)

// held says who has a running chat, for a row: its agent and how many joined
// besides, or that its agent's console is away.
func held(chat desk.ChatSession) string {
	n := len(chat.Others)
	switch {
	case chat.Away:
		return "Reconnecting"
	case n > 0:
		return fmt.Sprintf("%s +%d", chat.AgentName, n)
	}
	return chat.AgentName
}

// others names the agents in a chat besides one.
func others(chat desk.ChatSession, but desk.AgentID) []string {
	var names []string
	if chat.Agent != but && chat.AgentName != "" {
		names = append(names, chat.AgentName)
	}
	for _, a := range chat.Others {
		if a.ID != string(but) {
			names = append(names, a.Name)
		}
	}
	return names
}

// PresentLine says who is in the running chat.
func (v caseView) PresentLine() string {
	with := others(v.Chat, v.Me.ID)
	switch {
	case v.Chat.Agent == v.Me.ID && len(with) == 0:
		return "You are in this chat"
	case v.Chat.Agent == v.Me.ID:
		return "You are in this chat with " + among(with)
	case v.Chat.Has(v.Me.ID):
		return "You are in the chat of " + among(with)
	case len(with) > 1:
		return among(with) + " are in this chat"
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
	return "With " + among(others(chat, ""))
}
