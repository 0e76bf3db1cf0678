package markup

import (
	"html/template"
	"strconv"
	"strings"
)

// maxDepth bounds lists in quotes in lists, which Slack does not nest at all.
const maxDepth = 6

// RichText writes a rich_text block.
func (w Writer) RichText(block map[string]any) template.HTML {
	o := w.begin()
	for _, e := range children(block) {
		o.part(e, 0)
	}
	return o.end()
}

func children(e map[string]any) []map[string]any {
	list, _ := e["elements"].([]any)
	if typed, ok := e["elements"].([]map[string]any); ok {
		return typed
	}
	var out []map[string]any
	for _, c := range list {
		if m, ok := c.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// part writes one of the blocks within a rich_text block.
func (o *output) part(e map[string]any, depth int) {
	if depth > maxDepth {
		return
	}
	switch str(e, "type") {
	case "rich_text_section":
		o.raw(`<div class="rich-section">`)
		o.pieces(e)
		o.raw("</div>")
	case "rich_text_quote":
		o.raw("<blockquote>")
		o.pieces(e)
		o.raw("</blockquote>")
	case "rich_text_preformatted":
		o.raw("<pre>")
		for _, p := range children(e) {
			o.raw(escape(bare(p)))
		}
		o.raw("</pre>")
	case "rich_text_list":
		o.list(e, depth)
	default:
		o.piece(e)
	}
}

func (o *output) list(e map[string]any, depth int) {
	element, indent := "ul", min(max(number(e, "indent"), 0), 8)
	start := ""
	if str(e, "style") == "ordered" {
		element = "ol"
		if offset := number(e, "offset"); offset > 0 && offset < 1e6 {
			start = ` start="` + strconv.Itoa(offset+1) + `"`
		}
	}
	o.raw("<" + element + ` class="indent-` + strconv.Itoa(indent) + `"` + start + ">")
	for _, item := range children(e) {
		o.raw("<li>")
		if str(item, "type") == "rich_text_section" {
			o.pieces(item)
		} else {
			o.part(item, depth+1)
		}
		o.raw("</li>")
	}
	o.raw("</" + element + ">")
}

func (o *output) pieces(e map[string]any) {
	for _, p := range children(e) {
		o.piece(p)
	}
}

// piece writes words within a section, with their style.
func (o *output) piece(p map[string]any) {
	style, _ := p["style"].(map[string]any)
	var closing []string
	for _, s := range [...]struct{ flag, element string }{
		{"bold", "strong"}, {"italic", "em"}, {"strike", "del"}, {"underline", "u"}, {"code", "code"},
	} {
		if on, _ := style[s.flag].(bool); on {
			o.raw("<" + s.element + ">")
			closing = append(closing, "</"+s.element+">")
		}
	}
	o.content(p)
	for i := len(closing) - 1; i >= 0; i-- {
		o.raw(closing[i])
	}
}

func (o *output) content(p map[string]any) {
	switch str(p, "type") {
	case "link":
		o.link(str(p, "url"), str(p, "text"), false)
	case "user":
		o.person(str(p, "user_id"), "")
	case "channel":
		o.channel(str(p, "channel_id"), "")
	case "usergroup":
		o.special("subteam^"+str(p, "usergroup_id"), "")
	case "broadcast":
		o.special(str(p, "range"), "")
	case "emoji":
		o.namedEmoji(p)
	case "date":
		seconds := strconv.Itoa(number(p, "timestamp"))
		o.date([]string{seconds, str(p, "format"), str(p, "url")}, str(p, "fallback"))
	case "color":
		o.text(str(p, "value"))
	default:
		o.text(bare(p))
	}
}

func (o *output) namedEmoji(p map[string]any) {
	name := str(p, "name")
	if e, ok := o.find(name); ok {
		o.emoji(e)
		return
	}
	if picture := fromCodes(str(p, "unicode")); picture != "" {
		o.emoji(Emote{Name: name, Picture: picture})
		return
	}
	o.text(":" + name + ":")
}

// fromCodes reads the code points of an emoji: "1f44d-1f3fb".
func fromCodes(codes string) string {
	var b strings.Builder
	for code := range strings.SplitSeq(codes, "-") {
		n, err := strconv.ParseUint(code, 16, 21)
		if err != nil || n < 0xa0 {
			return ""
		}
		b.WriteRune(rune(n))
	}
	return b.String()
}

// bare is what an element says without any markup.
func bare(p map[string]any) string {
	for _, key := range [...]string{"text", "fallback", "url", "value"} {
		if s := str(p, key); s != "" {
			return s
		}
	}
	return ""
}

func str(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

func number(m map[string]any, key string) int {
	switch n := m[key].(type) {
	case float64:
		return int(min(max(n, -1e15), 1e15))
	case int:
		return n
	case int64:
		return int(n)
	}
	return 0
}
