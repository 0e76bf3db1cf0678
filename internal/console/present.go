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
		return v.Say("You are in this chat")
	case v.Chat.Agent == v.Me.ID:
		return v.Say("You are in this chat with %s", drawn.Among(v.Tongue, with))
	case v.Chat.Has(v.Me.ID):
		return v.Say("You are in the chat of %s", drawn.Among(v.Tongue, with))
	case len(with) > 1:
		return v.Say("%s are in this chat", drawn.Among(v.Tongue, with))
	case v.Chat.Away:
		return v.Say("%s is reconnecting", v.Chat.AgentName)
	}
	return v.Say("%s is in this chat", v.Chat.AgentName)
}

// A colleague is an agent in the chat, for the list of people.
type colleague struct{ Name, What string }

// Colleagues are the agents in the running chat.
func (v caseView) Colleagues() []colleague {
	if v.Chat.State != desk.ChatInProgress {
		return nil
	}
	all := []colleague{{v.Chat.AgentName, v.Say("Support")}}
	if v.Chat.Away {
		all[0].What = v.Say("Reconnecting")
	}
	for _, a := range v.Chat.Others {
		all = append(all, colleague{a.Name, v.Say("Support, too")})
	}
	return all
}

// SessionLine says with whom a chat was, or how it waits.
func (v caseView) SessionLine(chat desk.ChatSession) string {
	switch {
	case chat.State == desk.ChatRequested && chat.Returned:
		return v.Say("Back in the queue")
	case chat.State == desk.ChatRequested:
		return v.Say("Waiting")
	case chat.JoinedAt.IsZero():
		return v.Say("Not joined")
	case chat.AgentName == "":
		return v.Say("Back in the queue at its end")
	}
	return v.Say("With %s", drawn.Among(v.Tongue, work.Others(chat, "")))
}
