package record

import (
	"html"
	"html/template"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
)

// html is how the words of an entry are shown. In a note, the agents whom it names
// stand out, its reader more than others.
func (b *builder) html(e desk.Correspondence, text string) template.HTML {
	shown := b.view.HTML(text)
	if e.Kind != desk.KindNote {
		return shown
	}
	return namedIn(shown, b.Agents, b.view.Me)
}

// namedIn marks names of agents in what is shown, but not in code and links.
//
// It may call its result template.HTML: what it is given was safe, its tags are left
// as they are, and each text between them is written through one escaping function.
func namedIn(shown template.HTML, agents []desk.Agent, me desk.AgentID) template.HTML {
	if len(agents) == 0 || !strings.Contains(string(shown), "@") {
		return shown
	}
	var out strings.Builder
	apart := 0 // how many elements are open in which nothing is marked
	for rest := string(shown); rest != ""; {
		text, tag := rest, ""
		if open := strings.IndexByte(rest, '<'); open >= 0 {
			end := strings.IndexByte(rest[open:], '>') // attributes are escaped, so it ends the tag
			if end < 0 {
				end = len(rest) - open - 1
			}
			text, tag = rest[:open], rest[open:open+end+1]
		}
		rest = rest[len(text)+len(tag):]
		if apart > 0 || !strings.Contains(text, "@") {
			out.WriteString(text)
		} else {
			mark(&out, html.UnescapeString(text), agents, me)
		}
		out.WriteString(tag)
		switch name, _, _ := strings.Cut(strings.Trim(tag, "<>"), " "); name {
		case "a", "code", "pre", "span", "time":
			apart++
		case "/a", "/code", "/pre", "/span", "/time":
			apart--
		}
	}
	return template.HTML(out.String())
}

func mark(out *strings.Builder, text string, agents []desk.Agent, me desk.AgentID) {
	from := 0
	for _, n := range personal.Namings(text, agents) {
		out.WriteString(template.HTMLEscapeString(text[from:n.From]))
		class := "mention"
		if n.Agent == me {
			class = "mention mention-me"
		}
		out.WriteString(`<span class="` + class + `">` + template.HTMLEscapeString(text[n.From:n.To]) + `</span>`)
		from = n.To
	}
	out.WriteString(template.HTMLEscapeString(text[from:]))
}
