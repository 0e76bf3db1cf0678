package view

import (
	"encoding/json"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

// CallbackReply is what the form of a reply to a case is called when it comes
// back. Its text is named as desk names it.
const (
	CallbackReply = "case_reply"
	FieldText     = "text"
	FieldFiles    = "files"
)

// An Answered says what a notice of words added outside the chat shows beside
// them.
type Answered struct {
	Part     int    // of the words, from 0 on
	Files    string // the names of those that came with the words
	Original string // address in Slack of where the case was opened; empty if the notice is there or it is not known
}

// Answer is the notice of entry e, words that were added to case c outside
// its chat. more reports whether further parts follow the one it shows.
func Answer(c desk.Case, e desk.Correspondence, a Answered, names Names) (m Message, more bool) {
	parts := mrkdwn.ToSlackWith(e.Text, mrkdwn.Options{Number: true})
	lead := "*" + who(e.Author, names) + "* added to case " + string(c.Number) + ":"
	m.Text = lead
	if a.Part == 0 {
		m.Text += "\n" + escaped(words(c, e.Text, names), maxMessageText)
		m.Blocks = append(m.Blocks, section(mrk(lead)))
	}
	if a.Part < len(parts) {
		m.Blocks = append(m.Blocks, rich(parts[a.Part])...)
	}
	if more = a.Part+1 < len(parts); more {
		return m, true
	}
	at := Press{Case: c.ID, Chat: c.Chat.ID}.value()
	buttons := []*Element{button(ActionDetails, "See details", at)}
	if c.Open() {
		buttons = append(buttons, replyButton(c))
	}
	if a.Files != "" {
		m.Blocks = append(m.Blocks, context(plain("With "+a.Files, maxNames)))
	}
	m.Blocks = append(m.Blocks, context(mrk(source(c, e, a.Original))), actions("case", buttons...))
	return m, false
}

// maxNames bounds the names of files in a line, in characters.
const maxNames = 500

// rich are the blocks of a part. It is our own JSON, so reading it cannot
// fail.
func rich(p mrkdwn.Part) (blocks []Block) {
	if json.Unmarshal(p.Blocks, &blocks) != nil {
		return []Block{section(plain(p.Text, maxSection))} // unreachable: mrkdwn wrote it
	}
	return blocks
}

// source says who wrote an entry outside the chat and where, how the chat
// stands, and where the case was opened.
func source(c desk.Case, e desk.Correspondence, original string) string {
	text := "From a collaborator"
	if e.Author.Side == desk.SideAgent {
		text = "From a support agent"
	}
	if e.Via != "" {
		text += " in #" + escaped(e.Via, 80)
	}
	text += " · " + chatWord(c.Chat)
	if original != "" {
		text += " · <" + original + "|Where the case was opened>"
	}
	return text
}

// chatWord says in a few words how a chat stands.
func chatWord(s desk.ChatSession) string {
	switch s.State {
	case desk.ChatRequested:
		return "Live chat: requested"
	case desk.ChatInProgress:
		return "Live chat: in progress"
	case desk.ChatEnded:
		return "Live chat: ended"
	case desk.ChatNone:
	}
	return "No live chat"
}

func replyButton(c desk.Case) *Element {
	return button(ActionReply, "Reply to the case", Press{Case: c.ID, Chat: c.Chat.ID}.value())
}

// MaxFiles is how many files a form takes; Slack allows no more.
const MaxFiles = 10
