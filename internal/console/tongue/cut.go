package tongue

import (
	"strings"
	"unicode"
)

// Template returns the source of a template with its texts translated. A text is
// a run of words and of actions that only put something in, as it stands between
// tags and what steers, or in an attribute that people read or hear.
func Template(source string, translate func(string) string) string {
	c := cutter{rest: source, translate: translate}
	for c.rest != "" {
		switch {
		case strings.HasPrefix(c.rest, "{{"):
			c.action()
		case strings.HasPrefix(c.rest, "<"):
			c.flush()
			c.tag()
		default:
			c.run.WriteByte(c.rest[0])
			c.rest = c.rest[1:]
		}
	}
	c.flush()
	return c.out.String()
}

type cutter struct {
	out, run  strings.Builder
	rest      string
	silent    bool // what follows is no text for people, such as code
	translate func(string) string
}

// action takes the next action: one that puts something in is a part of the text.
func (c *cutter) action() {
	a := actionIn(c.rest)
	c.rest = c.rest[len(a):]
	if puts(a) {
		c.run.WriteString(a)
		return
	}
	c.flush()
	c.out.WriteString(a)
}

// actionIn is the action that a source begins with.
func actionIn(source string) string {
	quote := byte(0)
	for i := 2; i < len(source); i++ {
		switch ch := source[i]; {
		case quote != 0 && ch == '\\' && quote == '"':
			i++
		case quote != 0:
			if ch == quote {
				quote = 0
			}
		case ch == '"' || ch == '`':
			quote = ch
		case strings.HasPrefix(source[i:], "}}"):
			return source[:i+2]
		}
	}
	return source
}

// puts reports whether an action puts something into a text.
func puts(action string) bool {
	inner := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(strings.TrimPrefix(action, "{{"), "}}"), "-"), "-"))
	word, _, _ := strings.Cut(inner, " ")
	switch word {
	case "if", "else", "end", "range", "with", "define", "block", "template", "break", "continue", "icon", "script", "words":
		return false
	}
	return !strings.HasPrefix(inner, "/*") && !strings.Contains(inner, ":=") && !strings.Contains(inner, " = ")
}

// flush ends a text.
func (c *cutter) flush() {
	run := c.run.String()
	c.run.Reset()
	if c.silent || !worded(run) {
		c.out.WriteString(run)
		return
	}
	core := strings.TrimSpace(run)
	begin := strings.Index(run, core)
	c.out.WriteString(run[:begin])
	c.out.WriteString(c.said(core))
	c.out.WriteString(run[begin+len(core):])
}

// said is a text in the language, or as it was.
func (c *cutter) said(text string) string {
	key := strings.Join(strings.Fields(text), " ")
	if own := c.translate(key); own != key {
		return own
	}
	return text
}

// worded reports whether a run has words, or a colon, before which some languages
// put a space.
func worded(run string) bool {
	letters := 0
	if strings.Contains(run, `="`) {
		return false // attributes that stand outside a tag, to be put into one
	}
	for rest := run; rest != ""; {
		switch {
		case strings.HasPrefix(rest, "{{"):
			rest = rest[len(actionIn(rest)):]
			continue
		case rest[0] == '&':
			if i := strings.IndexByte(rest, ';'); i > 0 && i < 10 {
				rest = rest[i+1:]
				continue
			}
		case rest[0] == ':':
			return true
		}
		for _, r := range rest {
			if unicode.IsLetter(r) {
				letters++
			}
			rest = rest[len(string(r)):]
			break
		}
	}
	return letters > 1
}

// tag takes a tag with its attributes.
func (c *cutter) tag() {
	name := strings.ToLower(strings.TrimLeft(c.rest[:min(len(c.rest), 8)], "<"))
	attribute := 0 // where the latest name of an attribute begins in out
	for c.rest != "" {
		switch {
		case strings.HasPrefix(c.rest, "{{"):
			a := actionIn(c.rest)
			c.out.WriteString(a)
			c.rest = c.rest[len(a):]
		case c.rest[0] == '"':
			c.value(c.out.String()[attribute:])
		case c.rest[0] == '>':
			c.out.WriteByte('>')
			c.rest = c.rest[1:]
			c.silent = strings.HasPrefix(name, "code>")
			return
		default:
			if strings.IndexByte(" \n\t}", c.rest[0]) >= 0 {
				attribute = c.out.Len() + 1
			}
			c.out.WriteByte(c.rest[0])
			c.rest = c.rest[1:]
		}
	}
}

// value takes the quoted value of an attribute.
func (c *cutter) value(attribute string) {
	if i := strings.LastIndex(attribute, "}}"); i >= 0 {
		attribute = strings.TrimSpace(attribute[i+2:])
	}
	name := strings.TrimSuffix(attribute, "=")
	inner := cutter{rest: c.rest[1:], translate: c.translate, silent: !heard(name)}
	for inner.rest != "" && inner.rest[0] != '"' {
		if strings.HasPrefix(inner.rest, "{{") {
			inner.action()
			continue
		}
		inner.run.WriteByte(inner.rest[0])
		inner.rest = inner.rest[1:]
	}
	inner.flush()
	c.out.WriteString(`"` + inner.out.String() + `"`)
	c.rest = strings.TrimPrefix(inner.rest, `"`)
}

// heard reports whether people read or hear what an attribute says.
func heard(name string) bool {
	switch name {
	case "title", "aria-label", "placeholder", "alt", "aria-description", "aria-roledescription", "data-says":
		return true
	}
	return false
}
