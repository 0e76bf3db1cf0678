package rich

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"caseline/internal/mrkdwn/emoji"
)

// inlineElement holds the fields of an element within a line.
type inlineElement struct {
	kind, text, id, url, fallback string

	name, unicode string // of an emoji
	tone          int
	format        string // of a date
	style         Style
}

func (r *richText) inline(spans []Span) []Span {
	var e inlineElement
	r.object(func(key string) {
		switch key {
		case "type":
			e.kind = r.text()
		case "text":
			_, e.text = r.textObject()
		case "style":
			e.style = r.styles()
		case "url":
			e.url = r.text()
		case "user_id", "usergroup_id", "channel_id", "team_id", "range", "value":
			e.id = r.text()
		case "timestamp":
			e.id = strconv.Itoa(r.integer())
		case "format":
			e.format = r.text()
		case "fallback":
			e.fallback = r.text()
		case "name":
			e.name = r.text()
		case "unicode":
			e.unicode = r.text()
		case "skin_tone":
			e.tone = r.integer()
		default:
			r.skip()
		}
	})
	return e.appendTo(spans)
}

func (r *richText) styles() Style {
	var st Style
	r.object(func(key string) {
		if !r.boolean() {
			return
		}
		switch key {
		case "bold":
			st |= Bold
		case "italic":
			st |= Italic
		case "strike":
			st |= Strike
		case "code":
			st |= Code
		}
	})
	return st
}

// appendTo appends what e shows to spans.
func (e *inlineElement) appendTo(spans []Span) []Span {
	token := ""
	switch e.kind {
	case "text":
		return AddText(spans, Clean(e.text), e.style)
	case "link":
		return AddLink(spans, Clean(e.url), Clean(e.text), e.style)
	case "emoji":
		return e.appendEmoji(spans)
	case "user":
		token = "@" + e.id
	case "channel":
		token = "#" + e.id
	case "usergroup":
		token = "!subteam^" + e.id
	case "broadcast":
		token = "!" + e.id
	case "date":
		token = dateToken(e.id, Clean(e.format), Clean(e.url), Clean(e.fallback))
	}
	if token != "" {
		if _, ok := ParseEntity(token); ok {
			return append(spans, Span{Kind: TokenSpan, Style: e.style &^ Code, Text: "<" + token + ">"})
		}
	}
	for _, text := range [...]string{e.text, e.fallback, e.id, e.url, e.name} {
		if text != "" {
			return AddText(spans, Clean(text), e.style)
		}
	}
	return spans
}

// appendEmoji appends an emoji by its name, or as the character itself when
// only Slack knows the name.
func (e *inlineElement) appendEmoji(spans []Span) []Span {
	if shown := unicodeEmoji(e.unicode); shown != "" && emoji.Text(e.name) == "" {
		return AddText(spans, shown, e.style&^Code)
	}
	if !emoji.IsName(e.name) {
		return AddText(spans, Clean(e.name), e.style)
	}
	name := e.name
	if e.tone >= 2 && e.tone <= 6 {
		name += "::skin-tone-" + strconv.Itoa(e.tone)
	}
	return append(spans, Span{Kind: EmojiSpan, Style: e.style &^ Code, Text: name})
}

// unicodeEmoji reads Slack's "1f44d-1f3fb".
func unicodeEmoji(points string) string {
	if points == "" {
		return ""
	}
	var b strings.Builder
	for _, p := range strings.Split(points, "-") {
		r, err := strconv.ParseUint(p, 16, 32)
		if err != nil || r < 0x20 || !utf8.ValidRune(rune(r)) {
			return ""
		}
		b.WriteRune(rune(r))
	}
	return b.String()
}
