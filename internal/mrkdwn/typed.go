package mrkdwn

import (
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"caseline/internal/mrkdwn/rich"
)

// typedScheme returns the "http" or "https" that the text before the colon at
// pos ends in, where that is a word of its own.
func typedScheme(parent ast.Node, pos int, src []byte) string {
	last, ok := parent.LastChild().(*ast.Text)
	if !ok || last.Segment.Stop != pos {
		return ""
	}
	const most = utf8.UTFMax + len("https") // the scheme and what is before it
	return rich.SchemeBefore(string(src[max(last.Segment.Start, pos-most):pos]))
}

// takeBack removes the last n characters that parent holds, because they turn
// out to begin an address.
func takeBack(parent ast.Node, n int) {
	last := parent.LastChild().(*ast.Text) // typedScheme has seen it there
	last.Segment = last.Segment.WithStop(last.Segment.Stop - n)
	if last.Segment.IsEmpty() {
		parent.RemoveChild(parent, last)
	}
}

// typedAddress reads how far an address goes that was typed into Markdown, as
// its source and as what that says.
func typedAddress(line []byte) (n int, address string) {
	if !rich.BeginsHost(string(line[:min(len(line), utf8.UTFMax)])) {
		return 0, ""
	}
	return rich.TypedAddress(func(i int) (string, int) { return addressUnit(line[i:]) })
}

// addressUnit reads one character of an address, escaped or not; 0 where the
// address ends, whatever may follow: at space, at a mark of Markdown, at what
// keeps marks apart.
func addressUnit(line []byte) (text string, size int) {
	if rich.EndsAddress(string(line[:min(len(line), utf8.UTFMax)])) {
		return "", 0
	}
	if line[0] < utf8.RuneSelf {
		text, size = readUnit(string(line[:min(len(line), longestUnit)]))
	} else {
		r, n := utf8.DecodeRune(line)
		text, size = string(r), n
	}
	if text == "" || strings.ContainsFunc(text, util.IsSpaceRune) {
		return "", 0
	}
	return text, size
}
