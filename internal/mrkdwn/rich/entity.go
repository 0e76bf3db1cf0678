package rich

import "strings"

// EntityKind says what an entity names.
type EntityKind uint8

// The kinds of entities.
const (
	User EntityKind = iota + 1
	Channel
	Group
	Broadcast
	Date
)

// An Entity is what one of Slack's tokens says. A date keeps its parts in id
// (seconds), format and url.
type Entity struct {
	Kind   EntityKind
	ID     string
	Label  string
	Format string
	URL    string
}

// ParseEntity reads what stands between "<" and ">". It reports false for
// everything that Slack does not write there: a link, a tag, a stray bracket.
func ParseEntity(content string) (Entity, bool) {
	if len(content) < 2 || content[0] == '|' || strings.ContainsAny(content, "<>\n") {
		return Entity{}, false
	}
	head, label, _ := strings.Cut(content, "|")
	e := Entity{Label: unescape(label)}
	switch head[0] {
	case '@':
		e.Kind, e.ID = User, head[1:]
	case '#':
		e.Kind, e.ID = Channel, head[1:]
	case '!':
		return parseCommand(e, head[1:])
	}
	return e, e.Kind != 0 && isID(e.ID)
}

// parseCommand reads a token that begins with "!".
func parseCommand(e Entity, head string) (Entity, bool) {
	if isBroadcast(head) {
		e.Kind, e.ID = Broadcast, head
		return e, true
	}
	if id, ok := strings.CutPrefix(head, "subteam^"); ok {
		e.Kind, e.ID = Group, id
		return e, isID(id)
	}
	rest, ok := strings.CutPrefix(head, "date^")
	if !ok {
		return e, false
	}
	e.Kind = Date
	e.ID, rest, _ = strings.Cut(rest, "^")
	e.Format, e.URL, _ = strings.Cut(rest, "^")
	e.Format, e.URL = unescape(e.Format), unescape(e.URL)
	return e, isSeconds(e.ID)
}

func isBroadcast(name string) bool {
	return name == "here" || name == "channel" || name == "everyone"
}

// isID reports whether s has the form of Slack's identifiers.
func isID(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isDigit(c) && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= 32
}

// isSeconds reports whether s is a point in time that a calendar can show.
func isSeconds(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	for i := range len(digits) {
		if !isDigit(digits[i]) {
			return false
		}
	}
	return digits != "" && len(digits) <= 11
}

// dateToken writes a date as Slack writes it in a text, but for the brackets.
func dateToken(seconds, format, url, fallback string) string {
	var b strings.Builder
	b.WriteString("!date^" + seconds + "^" + entityPart(format))
	if address, ok := LinkAddress(url); ok {
		b.WriteString("^" + entityPart(address))
	}
	if fallback != "" {
		b.WriteString("|" + entityPart(fallback))
	}
	return b.String()
}

// entityPart returns s so that it cannot end the part of a token it stands in.
func entityPart(s string) string {
	return Escape(strings.Map(func(r rune) rune {
		if r == '^' || r == '|' || r == '\n' {
			return ' '
		}
		return r
	}, s))
}
