package content

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"caseline/internal/mrkdwn"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// Words is what a message says, as canonical Markdown: its words, and under
// them, quoted, what it forwards.
func Words(m *wire.Message) string {
	parts := []string{}
	if words := mrkdwn.FromSlack(m.Text, m.Blocks); words != "" {
		parts = append(parts, words)
	}
	for i := range m.Attachments {
		if a := &m.Attachments[i]; forwarded(a, m) {
			parts = append(parts, quoted(a))
		}
	}
	return strings.Join(parts, "\n\n")
}

// forwarded reports whether a is a message that m's author forwarded, and not
// the preview that Slack gives a link to a message.
func forwarded(a *wire.Attachment, m *wire.Message) bool {
	if a.IsShare {
		return true
	}
	return a.IsMsgUnfurl && (a.FromURL == "" || !strings.Contains(m.Text, mrkdwn.Escape(a.FromURL)))
}

// quoted is a forwarded message as a quotation that begins with who wrote the
// words, where and when. What Slack passes on of it is what its forwarder
// could see and chose to show.
func quoted(a *wire.Attachment) string {
	lines := []string{mrkdwn.FromSlack(provenance(a), nil)}
	if words := forwardedWords(a); words != "" {
		lines = append(lines, words)
	}
	for _, f := range a.Files {
		name := cmp.Or(f.Name, f.Title, "without a name")
		lines = append(lines, mrkdwn.FromSlack("_File, not forwarded with it:_ "+mrkdwn.Escape(name), nil))
	}
	return mrkdwn.Quote(strings.Join(lines, "\n\n"))
}

// provenance says, in Slack's own markup, whose words are forwarded.
func provenance(a *wire.Attachment) string {
	who := Label(cmp.Or(a.AuthorName, a.AuthorSubname))
	if ident.Valid(a.AuthorID) {
		who = "<@" + a.AuthorID + "|" + cmp.Or(who, a.AuthorID) + ">"
	}
	text := "_Forwarded_"
	if who != "" {
		text += " from " + who
	}
	if ident.Valid(a.ChannelID) {
		// Its name is not kept: agents must not know it if the app may not.
		text += " in <#" + a.ChannelID + ">"
	}
	if at, ok := instant(a.Ts); ok {
		seconds, _, _ := strings.Cut(string(a.Ts), ".")
		text += ", <!date^" + seconds + "^{date_short} {time}|" + at.Format("2006-01-02 15:04") + " UTC>"
	}
	return text
}

// Label is a name that can stand in one of Slack's tokens.
func Label(name string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune("<>|&*_~`\n", r) {
			return ' '
		}
		return r
	}, name))
}

// forwardedWords are the words of a forwarded message: of its blocks, which
// are the exact source, or of what stands for them.
func forwardedWords(a *wire.Attachment) string {
	var inner []struct {
		Message struct {
			Blocks json.RawMessage `json:"blocks"`
		} `json:"message"`
	}
	if json.Unmarshal(a.MessageBlocks, &inner) == nil {
		var words []string
		for _, one := range inner {
			if text := mrkdwn.FromSlack("", one.Message.Blocks); text != "" {
				words = append(words, text)
			}
		}
		if len(words) > 0 {
			return strings.Join(words, "\n\n")
		}
	}
	return mrkdwn.FromSlack(cmp.Or(a.Text, a.Fallback), a.Blocks)
}

func instant(ts wire.Ts) (time.Time, bool) {
	micros, ok := ts.Micros()
	return time.UnixMicro(micros).UTC(), ok
}

// Author is who wrote a message, in Slack's own markup for a line of text: their
// mention, which is read as a name, or the name of an app.
func Author(m *wire.Message) string {
	if ident.Valid(m.User) && m.BotID == "" {
		return "<@" + m.User + ">"
	}
	name := m.Username
	if m.BotProfile != nil {
		name = cmp.Or(name, m.BotProfile.Name)
	}
	return cmp.Or(Label(name), "an app")
}

// Link is a phrase in Slack's own markup that leads to an address of Slack.
func Link(address, phrase string) string {
	if address == "" || strings.ContainsAny(address, "<>|") {
		return phrase
	}
	return "<" + address + "|" + phrase + ">"
}
