package view

import (
	"fmt"

	"caseline/internal/desk"
)

// Notice is the line about entry e of case c. chat is the session that e
// belongs to.
func Notice(c desk.Case, chat desk.ChatSession, e desk.Correspondence, names Names) Message {
	by := who(e.Author, names)
	switch e.Kind {
	case desk.KindChat:
		text, ok := handNotice(chat, e, by)
		switch {
		case e.What == string(desk.EventPrompted):
			return prompt(c, chat, text)
		case ok:
			return line(text)
		case desk.EndReason(e.Text).Lost():
			return lost(c, chat, e, names)
		case desk.EndReason(e.Text) == desk.EndedOffline:
			return offline(c, chat)
		}
		return line(chatNotice(c, chat, e, by))
	case desk.KindStatus:
		return line(statusNotice(c, e, by, names))
	default:
		return line("There is something new on case " + string(c.Number) + ".")
	}
}

func statusNotice(c desk.Case, e desk.Correspondence, by string, names Names) string {
	switch e.What {
	case string(desk.StatusResolved):
		return "Case " + string(c.Number) + " was resolved by " + by + "."
	case string(desk.StatusReopened):
		return "Case " + string(c.Number) + " was reopened by " + by + ". To talk to Support here, press *Invite an agent*."
	case desk.ChangedSeverity:
		s := desk.Severity(e.Text)
		return by + " changed the severity of case " + string(c.Number) + " to *" + names.severity(s) + "*: answers come within " + names.answered(s) + "."
	}
	return "Case " + string(c.Number) + ": " + statusWord(desk.Status(e.What)) + "."
}

func chatNotice(c desk.Case, chat desk.ChatSession, e desk.Correspondence, by string) string {
	comeBack := " To talk again, press *Invite an agent* on the " + inThread(c, "first message of this thread", "pinned message") + "."
	switch desk.ChatEvent(e.What) {
	case desk.EventRequested:
		return by + " asked for an agent. Until one joins, nothing written here is shared or recorded."
	case desk.EventJoined:
		text := by + " joined. Messages are now shared with Support and recorded."
		if c.PlaceKind == desk.PlaceThread {
			return mentions(c, chat) + text
		}
		return text
	case desk.EventCancelled:
		s := "Request cancelled by " + by + ". Nothing was recorded."
		if desk.EndReason(e.Text) != desk.EndedResolved {
			s += comeBack
		}
		return s
	case desk.EventEnded:
		s := by + " ended the chat at " + clock(e.At) + ". "
		if desk.EndReason(e.Text) == desk.EndedIdle {
			s = "The chat ended at " + clock(e.At) + " because nobody here had written for a while. "
		}
		s += saved(chat) + " on case " + string(c.Number) +
			". Nothing written from now on is shared or recorded."
		if desk.EndReason(e.Text) != desk.EndedResolved {
			s += comeBack
		}
		return s
	case desk.EventPublic:
		return "Careful: this channel was made public by " + by + ". Everybody in this workspace can now read what is written here, and what was written before." +
			" An owner or admin of the workspace can make it private again."
	}
	return "The chat on case " + string(c.Number) + " changed."
}

// WithDetails is m with a button that shows the case.
func WithDetails(m Message, c desk.Case) Message {
	details := button(ActionDetails, "See details", Press{Case: c.ID, Chat: c.Chat.ID}.value())
	// Slack refuses two blocks of one name, so it goes beside the buttons there are.
	if n := len(m.Blocks); n > 0 && m.Blocks[n-1].Type == "actions" {
		m.Blocks[n-1].Elements = append(m.Blocks[n-1].Elements, details)
		return m
	}
	m.Blocks = append(m.Blocks, actions("case", details))
	return m
}

// Link tells the channel where a case was opened about it: that it is open
// and where its live chat is, if it has one. channel is that of the chat, or
// empty.
func Link(c desk.Case, channel string, names Names) Message {
	text := fmt.Sprintf("Case %s: %s", c.Number, escaped(c.Subject, desk.MaxSubject))
	if name := names.of(string(c.Requester)); name != someone {
		text = name + " opened case " + text[len("Case "):]
	}
	if channel != "" {
		text += "\nLive chat in <#" + channel + ">."
	} else {
		text += "\nSupport answers within " + names.answered(c.Severity) + "."
	}
	return WithDetails(line(text), c)
}

// Ended is the private hint to somebody who writes after the end of a chat.
func Ended(c desk.Case) Message {
	if !c.Open() {
		m := line("The case is resolved, so what you write here is not shared with Support and not recorded. If it is not over, reopen it.")
		m.Blocks = append(m.Blocks, actions("case", ReopenButton(c)))
		return m
	}
	m := line("The chat has ended, so what you write here is not shared with Support and not recorded.")
	m.Blocks = append(m.Blocks, actions("case", inviteButton(c), replyButton(c)))
	return m
}

// NoPlace privately tells who asked for a chat that Slack would not make a
// place for it. reason is Slack's name of the error.
func NoPlace(c desk.Case, reason string, names Names) Message {
	return line(fmt.Sprintf("The live chat on case %s could not be started, because Slack did not make a place for it: %s. Your case is open, and Support answers it within %s.",
		c.Number, whyNoChannel(reason), names.answered(c.Severity)))
}

// NotAdded tells a chat's place about people that Slack would not add.
func NotAdded(names []string) Message {
	text := "Slack did not let us add "
	for i, name := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			text += " and "
		default:
			text += ", "
		}
		text += filled(escaped(name, 80))
	}
	return line(text + " to this channel. Somebody who may can add them.")
}

// Withdrawn tells of a message that an agent deleted and Slack keeps.
func Withdrawn(e desk.Correspondence) Message {
	return line(who(e.Author, Names{}) + " took back an earlier message. Slack does not let us remove it.")
}

// Topic is the topic of a chat's channel.
func Topic(c desk.Case) string {
	const most = 250
	head := "Support case " + string(c.Number) + " · "
	return head + escaped(c.Subject, most-width(head))
}
