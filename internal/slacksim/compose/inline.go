package compose

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Names looks up what stands behind @name, of a person or else a user group,
// and #name.
type Names struct {
	User    func(name string) (id string, ok bool)
	Group   func(name string) (id string, ok bool)
	Channel func(name string) (id string, ok bool)
	Emoji   func(name string) bool // whether the workspace has made it; nil for none
}

// style is how a run of text is shown.
type style struct{ bold, italic, strike, code bool }

func (s style) wire() map[string]any {
	out := map[string]any{}
	for name, on := range map[string]bool{"bold": s.bold, "italic": s.italic, "strike": s.strike, "code": s.code} {
		if on {
			out[name] = true
		}
	}
	return out
}

// An element is one inline piece of rich text.
type element struct {
	kind  string // text, link, user, usergroup, channel, broadcast, emoji
	text  string // of text and links; the name of an emoji
	id    string // of a person, group or channel; the range of a broadcast; the address of a link
	style style
}

func (e element) wire() map[string]any {
	out := map[string]any{"type": e.kind}
	switch e.kind {
	case "text":
		out["text"] = e.text
	case "link":
		out["url"] = e.id
		if e.text != "" {
			out["text"] = e.text
		}
	case "user":
		out["user_id"] = e.id
	case "usergroup":
		out["usergroup_id"] = e.id
	case "channel":
		out["channel_id"] = e.id
	case "broadcast":
		out["range"] = e.id
	case "emoji":
		out["name"] = e.text
		if points, ok := known().byName[e.text]; ok {
			out["unicode"] = points
		}
	}
	if st := e.style.wire(); len(st) > 0 {
		out["style"] = st
	}
	return out
}

// What begins a piece of text; compiled when it is first looked for.
var (
	urlStart = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^https?://[^\s<>|]+`) })
	domain   = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|io|dev|app|eu|de|nl|uk|fr|info)(?:/[^\s<>|]*)?`)
	})
	email = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[a-zA-Z0-9._%+-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}`)
	})
	handle = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[@#][\p{L}\p{N}][\p{L}\p{N}._-]*`) })
)

// inline reads the pieces of one stretch of text.
func inline(s string, st style, names Names) []element {
	var out []element
	var run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			out = append(out, element{kind: "text", text: run.String(), style: st})
			run.Reset()
		}
	}
	for i := 0; i < len(s); {
		pieces, size := piece(s, i, st, names)
		if size == 0 {
			_, size = utf8.DecodeRuneInString(s[i:])
			run.WriteString(s[i : i+size])
		} else {
			flush()
			out = append(out, pieces...)
		}
		i += size
	}
	flush()
	return out
}

// piece reads what begins at s[i] if it is more than plain text.
func piece(s string, i int, st style, names Names) ([]element, int) {
	rest := s[i:]
	if inner, size := marked(s, i); size > 0 {
		next := st
		switch rest[0] {
		case '*':
			next.bold = true
		case '_':
			next.italic = true
		case '~':
			next.strike = true
		case '`':
			next.code = true
			return []element{{kind: "text", text: inner, style: next}}, size
		}
		return inline(inner, next, names), size
	}
	if name, size := nameAt(rest, names); size > 0 {
		return []element{{kind: "emoji", text: name, style: st}}, size
	}
	if name, size := emojiAt(rest); size > 0 {
		return []element{{kind: "emoji", text: name, style: st}}, size
	}
	if wordBefore(s, i) {
		return nil, 0
	}
	if e, size := linkAt(rest); size > 0 {
		e.style = st
		return []element{e}, size
	}
	if e, size := mentionAt(rest, names); size > 0 {
		e.style = st
		return []element{e}, size
	}
	return nil, 0
}

// marked finds *x*, _x_, ~x~ or `x` at s[i]: not inside words, and with no
// space just inside the marks.
func marked(s string, i int) (inner string, size int) {
	mark := s[i]
	if !strings.ContainsRune("*_~`", rune(mark)) || wordBefore(s, i) {
		return "", 0
	}
	rest := s[i+1:]
	line, _, _ := strings.Cut(rest, "\n")
	for from := 0; ; {
		j := strings.IndexByte(line[from:], mark)
		if j < 0 {
			return "", 0
		}
		j += from
		inner = line[:j]
		after, _ := utf8.DecodeRuneInString(rest[j+1:])
		if j > 0 && strings.TrimSpace(inner) == inner && !isWord(after) && rune(mark) != after {
			return inner, j + 2
		}
		from = j + 1
	}
}

func wordBefore(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return isWord(r)
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// linkAt finds an address at the beginning of s.
func linkAt(s string) (element, int) {
	if m := urlStart().FindString(s); m != "" {
		m = strings.TrimRight(m, ".,;:!?)'\"*_~")
		return element{kind: "link", id: m}, len(m)
	}
	if m := email().FindString(s); m != "" {
		return element{kind: "link", id: "mailto:" + m, text: m}, len(m)
	}
	if m := domain().FindString(s); m != "" {
		m = strings.TrimRight(m, ".,;:!?)'\"*_~")
		if after, _ := utf8.DecodeRuneInString(s[len(m):]); isWord(after) || after == '@' {
			return element{}, 0
		}
		return element{kind: "link", id: "http://" + m, text: m}, len(m)
	}
	return element{}, 0
}

// mentionAt finds @name, #name or @here at the beginning of s.
func mentionAt(s string, names Names) (element, int) {
	m := handle().FindString(s)
	for len(m) > 1 {
		name := m[1:]
		if id, ok := names.group(m); ok {
			return element{kind: "usergroup", id: id, text: name}, len(m)
		}
		switch {
		case m[0] == '@' && (name == "here" || name == "channel" || name == "everyone"):
			return element{kind: "broadcast", id: name}, len(m)
		case m[0] == '@' && names.User != nil:
			if id, ok := names.User(name); ok {
				return element{kind: "user", id: id, text: name}, len(m)
			}
		case m[0] == '#' && names.Channel != nil:
			if id, ok := names.Channel(name); ok {
				return element{kind: "channel", id: id, text: name}, len(m)
			}
		}
		shorter := strings.TrimRight(m, "._-")
		if shorter == m {
			return element{}, 0
		}
		m = m[:len(m)-1]
	}
	return element{}, 0
}

// group finds the user group that a word like @name means; people of that name
// come first.
func (n Names) group(word string) (id string, ok bool) {
	if n.Group == nil || word[0] != '@' {
		return "", false
	}
	if n.User != nil {
		if _, person := n.User(word[1:]); person {
			return "", false
		}
	}
	return n.Group(word[1:])
}
