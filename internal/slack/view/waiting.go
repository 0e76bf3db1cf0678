package view

import "caseline/internal/desk"

// Offer privately asks the requester of a chat that an agent has just joined
// whether to share what they wrote before: own messages. What others wrote is
// not theirs to share.
func Offer(c desk.Case, own, others int) Message {
	it := "them"
	if own == 1 {
		it = "it"
	}
	text := "You wrote " + count(own, "message") + " while waiting. Share " + it + " with Support?"
	switch {
	case others == 1:
		text += " The message that somebody else wrote stays private."
	case others > 1:
		text += " The " + count(others, "message") + " that others wrote stay private."
	}
	m := line(text)
	at := Press{Case: c.ID, Chat: c.Chat.ID}.value()
	share := button(ActionShare, "Share", at)
	share.Style = "primary"
	m.Blocks = append(m.Blocks, actions("waiting", share, button(ActionKeep, "Keep private", at)))
	return m
}

// NotShared privately tells the requester that what they shared could not be
// read. why is a sentence.
func NotShared(why string) Message {
	return line("What you wrote while waiting could not be shared with Support. " + escaped(why, 300) +
		" What you want Support to read you can write again.")
}
