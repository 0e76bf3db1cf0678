package mrkdwn

import (
	"strings"

	"github.com/yuin/goldmark/util"

	"caseline/internal/mrkdwn/emoji"
	"caseline/internal/mrkdwn/rich"
)

// literal says where a text stands that is to be read as it is.
type literal struct {
	lineStart   bool // nothing is on its line before it
	label       bool // within the label of a link
	beforeEmoji bool // ":name:" follows at once
	struck      bool // "~~" may follow at once
}

// appendLiteral appends text so that Markdown reads it as it is. It escapes no
// more than it must, to keep what is stored readable and searchable.
func appendLiteral(dst []byte, text string, at literal) []byte {
	if at.lineStart {
		if k := blockMark(text); k >= 0 {
			dst = append(dst, text[:k]...)
			dst = append(dst, '\\', text[k])
			text = text[k+1:]
		}
	}
	start := 0
	for i := range len(text) {
		if !isMark[text[i]] || !at.mustEscape(text, i) {
			continue
		}
		dst = append(dst, text[start:i]...)
		switch {
		case text[i] == '&':
			dst = append(dst, "&amp;"...)
			start = i + 1
		case text[i] == '~' && at.struck && i == len(text)-1:
			dst = append(dst, "&#126;"...) // "\~" would spoil the mark after it
			start = i + 1
		default:
			dst = append(dst, '\\')
			start = i
		}
	}
	return append(dst, text[start:]...)
}

// isMark holds the characters that Markdown, or we, may read within a line.
var isMark = [256]bool{
	'\\': true, '`': true, '*': true, '_': true, '[': true, ']': true,
	'<': true, '&': true, '~': true, ':': true,
}

func (at literal) mustEscape(text string, i int) bool {
	next := byte(0)
	if i+1 < len(text) {
		next = text[i+1]
	}
	switch text[i] {
	case '_': // within a word it has no meaning
		return i == 0 || !util.IsAlphaNumeric(text[i-1]) || !util.IsAlphaNumeric(next)
	case '<':
		return next != ' '
	case '&':
		n, _ := characterReference(text[i:])
		return n > 0
	case ']':
		return at.label
	case ':':
		if emoji.CodeLen(text[i:]) > 0 || isTypedAddress(text, i) {
			return true
		}
		n, _ := emoji.NameLen(text[i+1:])
		return at.beforeEmoji && n > 0 && i+1+n == len(text)
	}
	return true
}

// isTypedAddress reports whether the colon at i would be read as that of an
// address that was typed. A link that may be followed is never written so:
// what stands in literal text was not one, such as the address of a link that
// nobody may follow. What the text begins with is taken to begin a word.
func isTypedAddress(text string, i int) bool {
	rest, ok := strings.CutPrefix(text[i:], "://")
	return ok && rich.BeginsHost(rest) && rich.SchemeBefore(text[:i]) != ""
}

// blockMark returns the index of the character that would make a line that
// begins with text a heading, a list, a quotation, a rule or part of a table;
// -1 if there is none. The end of text may be followed by anything.
func blockMark(text string) int {
	switch c := text[0]; c {
	case '#':
		n := 0
		for n < len(text) && text[n] == '#' {
			n++
		}
		if n <= 6 && endsWord(text, n) {
			return 0
		}
	case '>':
		return 0
	case '-', '+', '=', ':', '|':
		if endsWord(text, 1) || strings.Trim(text, "-=:| \t") == "" {
			return 0
		}
	default:
		n := 0
		for n < len(text) && util.IsNumeric(text[n]) {
			n++
		}
		if n > 0 && n <= 9 && n < len(text) && (text[n] == '.' || text[n] == ')') && endsWord(text, n+1) {
			return n
		}
	}
	return -1
}

func endsWord(text string, n int) bool {
	return n == len(text) || text[n] == ' ' || text[n] == '\t'
}

// appendURL appends the address of a link. Brackets are escaped in the form
// [label](url); <url> needs none.
func appendURL(dst []byte, url string, brackets bool) []byte {
	for i := range len(url) {
		switch c := url[i]; {
		case c == '&':
			if n, _ := characterReference(url[i:]); n > 0 {
				dst = append(dst, "&amp;"...)
				continue
			}
		case brackets && (c == '(' || c == ')'):
			dst = append(dst, '\\')
		}
		dst = append(dst, url[i])
	}
	return dst
}
