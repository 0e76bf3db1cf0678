package view

import "caseline/internal/desk"

func window(title string, blocks []Block) View {
	return View{Type: "modal", Title: plain(title, maxTitle), Close: plain("Close", maxTitle), Blocks: blocks}
}

// What forms and windows are called while they are read.
const (
	TitleCreate  = "Create a support case"
	TitleReply   = "Reply to the case"
	TitleReopen  = "Reopen the case"
	TitleSearch  = "Search for cases"
	TitlePlace   = "Invite an agent"
	TitleDetails = "Case details"
	TitleAdd     = "Add to a case"
)

// Loading is a window that is shown while what belongs in it is read. Nothing
// can be filled in or sent.
func Loading(title string) View {
	return window(title, []Block{section(plain("One moment. If nothing comes within a few seconds, close this and try again.", maxSection))})
}

// Sorry is a window that says why something did not happen.
func Sorry(title, sentence string) View {
	return window(title, []Block{section(plain(sentence, maxSection))})
}

// LookBelow is what a window says whose answer is a message.
const LookBelow = "There is something to decide first. Close this window: the answer is in the channel, and only you see it."

// Say is a private answer of one sentence or a few. It is shown as it is.
func Say(sentence string) Message {
	return line(escaped(sentence, maxMessageText))
}

// StatusLine privately answers where a case stands.
func StatusLine(c desk.Case, w Where, names Names) Message {
	text := "*Case " + string(c.Number) + "* · " + escaped(c.Subject, desk.MaxSubject) + "\n" +
		statusWord(c.Status) + " · " + names.severity(c.Severity) + "\n" + chatLine(c, names)
	if w.Channel != "" {
		text += "\nChat in " + w.link() + "."
	}
	return WithDetails(line(text), c)
}
