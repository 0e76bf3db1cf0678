package view

import "caseline/internal/desk"

func window(title string, blocks []Block) View {
	return View{Type: "modal", Title: plain(title, maxTitle), Close: plain("Close", maxTitle), Blocks: blocks}
}

// Sorry is a window that says why something did not happen.
func Sorry(title, sentence string) View {
	return window(title, []Block{section(plain(sentence, maxSection))})
}

// Say is a private answer of one sentence or a few. It is shown as it is.
func Say(sentence string) Message {
	return line(escaped(sentence, maxMessageText))
}

// StatusLine privately answers where a case stands.
func StatusLine(c desk.Case, w Where, names Names) Message {
	text := "*Case " + string(c.Number) + "* · " + escaped(c.Subject, desk.MaxSubject) + "\n" +
		statusWord(c.Status) + " · " + severityWord(c.Severity) + "\n" + chatLine(c, names)
	if w.Channel != "" {
		text += "\nChat in " + w.link() + "."
	}
	return WithDetails(line(text), c)
}
