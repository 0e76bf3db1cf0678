package compose

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// token is what Slack takes between < and >. Programs that only might simulate
// Slack do without it.
var token = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<(?:@[UWB][A-Z0-9]+(?:\|[^<>|]*)?|#[CGD][A-Z0-9]+(?:\|[^<>|]*)?|![a-z][^<>]*|(?:https?://|mailto:|tel:)[^<>|\s]+(?:\|[^<>|]*)?)>`)
})

// Normalise returns a text an app sent the way Slack stores it: bare &, < and >
// escaped, bare addresses in angle brackets, Unicode emoji by their names.
// Inside code only the characters are escaped.
func Normalise(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		if plainAt(text, i) {
			b.WriteByte(text[i])
			i++
			continue
		}
		if code := codeAt(text, i); code != "" {
			b.WriteString(escapeBare(code))
			i += len(code)
			continue
		}
		out, size := normalAt(text, i)
		b.WriteString(out)
		i += size
	}
	return b.String()
}

// plainAt reports whether text[i] is a character that stays as it is whatever
// follows: it begins no token, emoji, address or code. Most do, and long texts
// must not be slow.
func plainAt(text string, i int) bool {
	c := text[i]
	switch {
	case c == ' ', c == '\n', c == '.', c == ',':
		return true
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		return wordBefore(text, i) || c != 'h' && c != 'H'
	}
	return false
}

// codeAt finds a stretch of code that begins at text[i], with its marks.
func codeAt(text string, i int) string {
	rest := text[i:]
	for _, fence := range []string{"```", "`"} {
		if !strings.HasPrefix(rest, fence) {
			continue
		}
		if end := strings.Index(rest[len(fence):], fence); end > 0 {
			code := rest[:end+2*len(fence)]
			if fence == "```" || !strings.Contains(code, "\n") {
				return code
			}
		}
	}
	return ""
}

// normalAt writes what stands at text[i], and says how much of it that was.
func normalAt(text string, i int) (out string, size int) {
	rest := text[i:]
	if t := token().FindString(rest); t != "" {
		return t, len(t)
	}
	if name, size := emojiAt(rest); size > 0 {
		return ":" + name + ":", size
	}
	if !wordBefore(text, i) {
		if m := urlStart().FindString(rest); m != "" {
			m = strings.TrimRight(m, ".,;:!?)'\"*_~")
			return "<" + escapeBare(m) + ">", len(m)
		}
	}
	if rest[0] == '&' && entityAt(rest) != "" {
		return entityAt(rest), len(entityAt(rest))
	}
	_, size = utf8.DecodeRuneInString(rest)
	return Escape(rest[:size]), size
}

func entityAt(s string) string {
	for _, e := range []string{"&amp;", "&lt;", "&gt;"} {
		if strings.HasPrefix(s, e) {
			return e
		}
	}
	return ""
}

// escapeBare escapes what is not escaped yet.
func escapeBare(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if e := entityAt(s[i:]); e != "" {
			b.WriteString(e)
			i += len(e)
			continue
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		b.WriteString(Escape(s[i : i+size]))
		i += size
	}
	return b.String()
}

// Mentions writes a command's text as apps get it that asked for escaping:
// @name as <@U…|name>, #name as <#C…|name>, addresses in angle brackets.
func Mentions(text string, names Names) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		if !wordBefore(text, i) {
			e, size := mentionAt(text[i:], names)
			if size == 0 {
				e, size = linkAt(text[i:])
			}
			if size > 0 {
				b.WriteString(commandToken(e))
				i += size
				continue
			}
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		b.WriteString(Escape(text[i : i+size]))
		i += size
	}
	return b.String()
}

func commandToken(e element) string {
	switch e.kind {
	case "user":
		return "<@" + e.id + "|" + e.text + ">"
	case "usergroup":
		return "<!subteam^" + e.id + "|@" + e.text + ">"
	case "channel":
		return "<#" + e.id + "|" + e.text + ">"
	}
	return e.render()
}
