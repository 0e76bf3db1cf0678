package view

import "caseline/internal/desk"

// Details is the window with a case's particulars and its last words. log
// holds its newest entries in order; internal notes and words deleted in
// Slack are left out.
func Details(c desk.Case, account string, log []desk.Correspondence, names Names) View {
	blocks := []Block{
		header(c.Subject),
		{Type: "section", Fields: facts(c, account, names)},
		section(plain(words(c, c.Description, names), maxSection)),
		divider(),
		section(mrk("*Live chat*\n" + chatLine(c, names))),
	}
	if last := lastWords(log, maxLast); len(last) > 0 {
		blocks = append(blocks, divider(), section(mrk("*Latest on the case*")))
		for _, e := range last {
			blocks = append(blocks, context(mrk(said(e, names))), section(plain(shown(c, e, names), maxLastWords)))
		}
	}
	return window("Case "+string(c.Number), blocks)
}

// How much of a case's latest correspondence its details show.
const (
	maxLast      = 20
	maxLastWords = 1000 // characters of one message
)

// said is the line above somebody's words: who, when, and whether it was
// outside the chat.
func said(e desk.Correspondence, names Names) string {
	line := who(e.Author, names) + " · " + moment(e.At)
	if e.Marked(desk.MarkOutside) {
		line += " · outside the chat"
	}
	return line
}

// shown is what an entry holds: its words, or its file's name.
func shown(c desk.Case, e desk.Correspondence, names Names) string {
	if e.Kind == desk.KindFile {
		return "File: " + e.Text
	}
	return words(c, e.Text, names)
}

// lastWords returns the last n messages and files of log, with the words of
// their last edit, without those deleted.
func lastWords(log []desk.Correspondence, n int) []desk.Correspondence {
	edits, deleted := map[int64]desk.Correspondence{}, map[int64]bool{}
	for _, e := range log {
		switch e.Kind {
		case desk.KindEdit:
			if !e.At.Before(edits[e.Refers].At) {
				edits[e.Refers] = e
			}
		case desk.KindDeletion:
			deleted[e.Refers] = true
		}
	}
	var words []desk.Correspondence
	for _, e := range log {
		if e.Kind != desk.KindMessage && e.Kind != desk.KindFile || deleted[e.Seq] || e.Seq == 1 {
			continue // the first entry is the description, shown above
		}
		if edit, ok := edits[e.Seq]; ok {
			e.Text = edit.Text
		}
		words = append(words, e)
	}
	if len(words) > n {
		words = words[len(words)-n:]
	}
	return words
}

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
		statusWord(c.Status) + " · " + names.severity(c.Severity) + "\n" + chatLine(c, names)
	if w.Channel != "" {
		text += "\nChat in " + w.link() + "."
	}
	return WithDetails(line(text), c)
}
