package view

import (
	"caseline/internal/desk"
	"caseline/internal/slack/view/turn"
)

// statusWord is a status as people read it.
func statusWord(s desk.Status) string {
	switch s {
	case desk.StatusUnassigned:
		return "Not yet assigned"
	case desk.StatusOpened:
		return "Open"
	case desk.StatusWorkInProgress:
		return "Work in progress"
	case desk.StatusPendingCustomer:
		return "Waiting for your answer"
	case desk.StatusCustomerAnswered:
		return "Answered by you"
	case desk.StatusReopened:
		return "Reopened"
	case desk.StatusResolved:
		return "Resolved"
	}
	return string(s)
}

// chatLine says where the chat of c stands.
func chatLine(c desk.Case, names Names) string {
	s := c.Chat
	switch s.State {
	case desk.ChatRequested:
		return turn.Line(s, clock(s.Since()))
	case desk.ChatInProgress:
		return runningLine(s)
	case desk.ChatEnded:
		return endedLine(c, names)
	case desk.ChatNone:
	}
	return "No live chat."
}

func endedLine(c desk.Case, names Names) string {
	s := c.Chat
	switch {
	case s.Reason == desk.EndedNoPlace:
		return "*The live chat could not be started.*"
	case s.Reason == desk.EndedOffline:
		return "*Ended* at " + clock(s.EndedAt) + " because the app was disconnected from this workspace · " + saved(s)
	case s.Reason.Lost():
		return "*Ended* at " + clock(s.EndedAt) + " because " + lostWords(s.Reason, c.PlaceKind == desk.PlaceThread, s.EndedBy, names) + " · " + saved(s)
	case s.JoinedAt.IsZero():
		return "*Request cancelled* by " + who(s.EndedBy, names) + " at " + clock(s.EndedAt) + ". Nothing was recorded."
	}
	if s.Reason == desk.EndedIdle {
		return "*Ended* at " + clock(s.EndedAt) + " because nobody had written for a while · " + saved(s)
	}
	return "*Ended* by " + who(s.EndedBy, names) + " at " + clock(s.EndedAt) + " · " + saved(s)
}

// saved says how much of a chat is on the case.
func saved(s desk.ChatSession) string {
	return count(s.Messages, "message") + " and " + count(s.Files, "file") + " saved"
}

// who names an actor for a line of text.
func who(a desk.Actor, names Names) string {
	switch {
	case a.Side == desk.SideSystem:
		return "Support"
	case a.Side == desk.SideAgent && a.Name != "":
		return escaped(a.Name, 80) + " from Support"
	case a.Side == desk.SideAgent:
		return "An agent from Support"
	case a.Name != "":
		return escaped(a.Name, 80)
	}
	return names.of(a.ID)
}
