package rich

import (
	"strings"
	"unicode/utf8"

	"caseline/internal/mrkdwn/emoji"
)

// A piece is a span, or one character that may begin or end a style.
type piece struct {
	Span
	mark              byte // '*', '_' or '~'; 0 for a span
	canOpen, canClose bool
	matched           bool
}

// textSpans reads Slack's markup within lines. It goes over the text once:
// tokens in "<…>" and code first, so that nothing inside them is touched, then
// styles between what is left; entities are unescaped last. An address that
// nobody marked is a link all the same, but not within a token or code.
func textSpans(s string) []Span {
	if !strings.ContainsAny(s, "<`*_~:") {
		return AddText(nil, unescape(s), 0)
	}
	pieces := splitPieces(s)
	matchStyles(pieces)
	return styleSpans(pieces)
}

func splitPieces(s string) []piece {
	var out []piece
	start := 0
	for i := 0; i < len(s); {
		begin, n := i, 0
		var found piece
		switch c := s[i]; c {
		case '<':
			found, n = tokenPiece(s[i:])
		case '`':
			found, n = codePiece(s[i:])
		case ':':
			if n = emoji.CodeLen(s[i:]); n > 0 {
				found = piece{Span: Span{Kind: EmojiSpan, Text: s[i+1 : i+n-1]}}
			} else {
				found, begin, n = typedPiece(s, start, i)
			}
		case '*', '_', '~':
			if found, n = markPiece(s, i), 1; !found.canOpen && !found.canClose {
				n = 0
			}
		case '\n':
			out = appendPiece(out, s[start:i])
			out = append(out, piece{Span: Span{Text: "\n"}})
			i++
			start = i
			continue
		}
		if n == 0 {
			i++
			continue
		}
		out = append(appendPiece(out, s[start:begin]), found)
		i += n
		start = i
	}
	return appendPiece(out, s[start:])
}

func appendPiece(out []piece, escaped string) []piece {
	if escaped == "" {
		return out
	}
	return append(out, piece{Span: Span{Text: unescape(escaped)}})
}

// tokenPiece reads the "<…>" that s begins with.
func tokenPiece(s string) (piece, int) {
	end := strings.IndexAny(s[1:], "<>\n")
	if end <= 0 || s[end+1] != '>' {
		return piece{}, 0
	}
	content, n := s[1:end+1], end+2
	if _, ok := ParseEntity(content); ok {
		return piece{Span: Span{Kind: TokenSpan, Text: s[:n]}}, n
	}
	head, label, _ := strings.Cut(content, "|")
	if head == "" {
		return piece{}, 0
	}
	if strings.IndexByte("@#!", head[0]) >= 0 { // something newer than we know
		if label == "" {
			label = head[1:]
		}
		return piece{Span: Span{Text: unescape(label)}}, n
	}
	if !strings.Contains(head, ":") {
		return piece{}, 0 // no address: the brackets are text
	}
	return piece{Span: AddLink(nil, unescape(head), unescape(label), 0)[0]}, n
}

// codePiece reads the code that s begins with. It ends on the same line.
func codePiece(s string) (piece, int) {
	end := strings.IndexAny(s[1:], "`\n")
	if end <= 0 || s[end+1] != '`' {
		return piece{}, 0
	}
	return piece{Span: Span{Text: codeText(s[1 : end+1]), Style: Code}}, end + 2
}

// codeText returns what is shown of code. Slack marks addresses even there;
// any other "<…>" is the code's own.
func codeText(s string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(s, '<')
		if open < 0 {
			break
		}
		end := strings.IndexAny(s[open+1:], "<>\n")
		if end <= 0 || s[open+1+end] != '>' {
			b.WriteString(unescape(s[:open+1]))
			s = s[open+1:]
			continue
		}
		b.WriteString(unescape(s[:open]))
		shown := s[open : open+end+2]
		url, label, _ := strings.Cut(shown[1:len(shown)-1], "|")
		if schemeLen(url) > 0 {
			if shown = url; label != "" {
				shown = label
			}
		}
		b.WriteString(unescape(shown))
		s = s[open+end+2:]
	}
	if b.Len() == 0 {
		return unescape(s)
	}
	b.WriteString(unescape(s))
	return b.String()
}

// markPiece judges the style character at i by its neighbours: styles are not
// active within words, and doubled characters are literal.
func markPiece(s string, i int) piece {
	c := s[i]
	prev, next := ' ', ' '
	if i > 0 {
		prev, _ = utf8.DecodeLastRuneInString(s[:i])
	}
	if i+1 < len(s) {
		next, _ = utf8.DecodeRuneInString(s[i+1:])
	}
	if prev == rune(c) || next == rune(c) {
		return piece{}
	}
	return piece{
		mark:     c,
		canOpen:  !isWord(prev) && !isSpace(next),
		canClose: !isWord(next) && !isSpace(prev),
	}
}

// matchStyles pairs the characters that open and close styles. The first that
// opens is paired with the first that can close it, within a line.
func matchStyles(pieces []piece) {
	var open [3]int // index of the piece that opened, plus one
	for i := range pieces {
		p := &pieces[i]
		if p.mark == 0 {
			if p.Text == "\n" {
				open = [3]int{}
			}
			continue
		}
		k := strings.IndexByte("*_~", p.mark)
		at := open[k] - 1
		switch {
		case at >= 0 && at < i-1 && p.canClose:
			p.matched, pieces[at].matched = true, true
			for j := range open {
				if open[j] > at { // what opened inside did not close there
					open[j] = 0
				}
			}
		case at < 0 && p.canOpen:
			open[k] = i + 1
		}
	}
}

// styleSpans turns pieces into spans, styled between the marks that matched.
func styleSpans(pieces []piece) []Span {
	var spans []Span
	var st Style
	for _, p := range pieces {
		switch {
		case p.mark == 0 && p.Kind == TextSpan:
			spans = AddText(spans, p.Text, st|p.Style)
		case p.mark == 0:
			p.Span.Style |= st
			spans = append(spans, p.Span)
		case !p.matched:
			spans = AddText(spans, string(p.mark), st)
		case p.mark == '*':
			st ^= Bold
		case p.mark == '_':
			st ^= Italic
		default:
			st ^= Strike
		}
	}
	return Merge(spans)
}
