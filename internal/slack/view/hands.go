package view

import (
	"fmt"

	"caseline/internal/desk"
)

// handNotice says that a chat changed hands, or may be about to end; ok is
// false for events of another kind.
func handNotice(chat desk.ChatSession, e desk.Correspondence, by string) (text string, ok bool) {
	to := escaped(e.Text, 80) + " from Support"
	const goesOn = " What is written here is still shared with Support and recorded."
	queue := "the queue, where it comes first: the next agent who is free goes on with it." + goesOn
	if chat.Returns > 1 {
		queue = "the queue: the next agent who is free goes on with it." + goesOn
	}
	switch desk.ChatEvent(e.What) {
	case desk.EventJoined:
		return by + " joined and goes on with this chat.", e.Text == desk.JoinedAgain
	case desk.EventSecond:
		return by + " joined this chat too.", true
	case desk.EventLeft:
		if e.Text == "" {
			return by + " left this chat.", true
		}
		return by + " left this chat. " + to + " goes on with it.", true
	case desk.EventHanded:
		if e.Text == "" {
			return by + " handed this chat back to " + queue, true
		}
		return by + " handed this chat over to " + to + ".", true
	case desk.EventReturned:
		return by + " has lost the connection. This chat is back in " + queue, true
	case desk.EventPrompted:
		return "Are you still there? Nobody here has written for a while. To keep the chat open, press *Still here* or write something.", true
	}
	return "", false
}

// prompt asks the people of a chat whether they are still there.
func prompt(c desk.Case, chat desk.ChatSession, text string) Message {
	at := Press{Case: c.ID, Chat: chat.ID}.value()
	still := button(ActionStill, "Still here", at)
	still.Style = "primary"
	m := line(text)
	m.Blocks = append(m.Blocks, actions("case", still, endButton(at)))
	return m
}

// runningLine says who is in a chat from Support.
func runningLine(s desk.ChatSession) string {
	who, are := escaped(s.AgentName, 80), "is"
	for i, other := range s.Others {
		and := ", "
		if i == len(s.Others)-1 {
			and = " and "
		}
		who, are = who+and+escaped(other.Name, 80), "are"
	}
	return fmt.Sprintf("*%s from Support* %s here since %s.", who, are, clock(s.Since()))
}

// TooLate says that a case can no longer be reopened and offers, where that
// is allowed, a new one that follows it.
func TooLate(c desk.Case, sentence string, mayCreate bool) Message {
	m := Say(sentence)
	if mayCreate {
		m.Blocks = append(m.Blocks, actions("case", RelatedButton(c)))
	}
	return m
}
