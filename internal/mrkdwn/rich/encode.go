package rich

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// The shapes of Slack's rich_text, as far as we write them.
type (
	richBlock struct {
		Type     string        `json:"type"`
		Elements []richElement `json:"elements"`
	}
	richElement struct {
		Type     string `json:"type"`
		Style    string `json:"style,omitempty"` // of a list
		Indent   int    `json:"indent,omitempty"`
		Offset   *int   `json:"offset,omitempty"` // of an ordered list
		Border   int    `json:"border,omitempty"`
		Elements any    `json:"elements"`
	}
	richInline struct {
		Type  string     `json:"type"`
		Text  string     `json:"text,omitempty"`
		URL   string     `json:"url,omitempty"`
		Name  string     `json:"name,omitempty"`
		Tone  int        `json:"skin_tone,omitempty"`
		Style *richStyle `json:"style,omitempty"`
	}
	richStyle struct {
		Bold   bool `json:"bold,omitempty"`
		Italic bool `json:"italic,omitempty"`
		Strike bool `json:"strike,omitempty"`
		Code   bool `json:"code,omitempty"`
	}
)

// Encode returns blocks as an array of one rich_text block.
func Encode(doc []Block) json.RawMessage {
	elements := make([]richElement, len(doc))
	for i := range doc {
		elements[i] = doc[i].richElement()
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode([]richBlock{{Type: "rich_text", Elements: elements}}); err != nil {
		panic(err) // unreachable: strings, numbers and booleans always encode
	}
	return bytes.TrimSpace(out.Bytes())
}

func (b *Block) richElement() richElement {
	e := richElement{Border: 0}
	if b.Bordered {
		e.Border = 1
	}
	switch b.Kind {
	case List:
		e.Type, e.Style, e.Indent = "rich_text_list", "bullet", b.Indent
		if b.Ordered {
			e.Style = "ordered"
		}
		if b.Ordered && b.Number > 0 {
			offset := b.Number - 1
			e.Offset = &offset
		}
		items := make([]richElement, len(b.Items))
		for i, spans := range b.Items {
			items[i] = richElement{Type: "rich_text_section", Elements: richInlines(spans)}
		}
		e.Elements = items
		return e
	case CodeBlock:
		e.Type = "rich_text_preformatted"
	case Quote:
		e.Type = "rich_text_quote"
	default:
		e.Type = "rich_text_section"
	}
	e.Elements = richInlines(b.Spans)
	return e
}

func richInlines(spans []Span) []richInline {
	out := make([]richInline, 0, max(len(spans), 1))
	for _, s := range spans {
		in := richInline{Style: s.Style.rich()}
		switch s.Kind {
		case LinkSpan:
			in.Type, in.URL, in.Text = "link", s.URL, s.Text
		case EmojiSpan:
			in.Type = "emoji"
			var tone string
			in.Name, tone, _ = strings.Cut(s.Text, "::skin-tone-")
			in.Tone, _ = strconv.Atoi(tone) // 0 without one
		default:
			in.Type, in.Text = "text", s.Text
		}
		out = append(out, in)
	}
	if len(out) == 0 { // Slack refuses a section without elements
		out = append(out, richInline{Type: "text", Text: " "})
	}
	return out
}

func (s Style) rich() *richStyle {
	if s == 0 {
		return nil
	}
	return &richStyle{
		Bold: s&Bold != 0, Italic: s&Italic != 0, Strike: s&Strike != 0, Code: s&Code != 0}
}
