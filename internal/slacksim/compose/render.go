package compose

import (
	"fmt"
	"strings"
)

// Escape writes the three characters that mean something in Slack's markup.
func Escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// render writes parts in Slack's markup.
func render(parts []part) string {
	var out []string
	for _, p := range parts {
		out = append(out, p.render())
	}
	return strings.Join(out, "\n")
}

func (p part) render() string {
	switch p.kind {
	case "preformatted":
		return "```" + Escape(p.elements[0].text) + "```"
	case "quote":
		return "&gt; " + strings.ReplaceAll(renderAll(p.elements), "\n", "\n&gt; ")
	case "list":
		var out []string
		for i, item := range p.items {
			mark := [...]string{"•", "◦", "▪︎"}[min(p.indent, 2)]
			if p.ordered {
				mark = fmt.Sprintf("%d.", p.first+i)
			}
			out = append(out, strings.Repeat("    ", p.indent)+mark+" "+renderAll(item))
		}
		return strings.Join(out, "\n")
	}
	return renderAll(p.elements)
}

func renderAll(es []element) string {
	var b strings.Builder
	for _, e := range es {
		b.WriteString(e.render())
	}
	return b.String()
}

func (e element) render() string {
	var s string
	switch e.kind {
	case "text":
		s = Escape(e.text)
	case "link":
		s = "<" + Escape(e.id)
		if e.text != "" {
			s += "|" + Escape(e.text)
		}
		s += ">"
	case "user":
		s = "<@" + e.id + ">"
	case "usergroup":
		s = "<!subteam^" + e.id + ">"
	case "channel":
		s = "<#" + e.id + "|>" // Slack leaves the label empty nowadays
	case "broadcast":
		s = "<!" + e.id + ">"
	case "emoji":
		s = ":" + e.text + ":"
	}
	for _, m := range []struct {
		on   bool
		mark string
	}{{e.style.code, "`"}, {e.style.strike, "~"}, {e.style.italic, "_"}, {e.style.bold, "*"}} {
		if m.on && strings.TrimSpace(s) != "" {
			s = m.mark + s + m.mark
		}
	}
	return s
}
