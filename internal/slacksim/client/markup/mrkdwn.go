package markup

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mrkdwn writes a message's text, or a mrkdwn text object.
func (w Writer) Mrkdwn(text string) template.HTML {
	o := w.begin()
	const fence = "```"
	for text != "" {
		before, rest, opened := strings.Cut(text, fence)
		code, after, closed := strings.Cut(rest, fence)
		if !opened || !closed || code == "" {
			o.lines(text, false)
			break
		}
		o.lines(strings.TrimSuffix(before, "\n"), false)
		o.raw("<pre>")
		o.verbatim(strings.Trim(code, "\n"))
		o.raw("</pre>")
		text = strings.TrimPrefix(after, "\n")
	}
	return o.end()
}

const restOfText = "&gt;&gt;&gt;"

// lines writes text without fences: quotes and plain lines. Within is set in a
// quote that takes the rest of the text.
func (o *output) lines(text string, within bool) {
	if text == "" {
		return
	}
	quoted, first := false, true
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if strings.HasPrefix(line, restOfText) && !within {
			o.endQuote(&quoted)
			o.raw("<blockquote>")
			o.lines(strings.TrimPrefix(strings.Join(lines[i:], "\n")[len(restOfText):], " "), true)
			o.raw("</blockquote>")
			return
		}
		body, isQuote := strings.CutPrefix(line, "&gt;")
		switch {
		case isQuote && !quoted:
			o.raw("<blockquote>")
			quoted, first = true, true
		case !isQuote && quoted:
			o.endQuote(&quoted)
			first = true
		}
		if !first {
			o.raw("<br/>")
		}
		first = false
		if isQuote {
			line = strings.TrimPrefix(body, " ")
		}
		o.inline(line)
	}
	o.endQuote(&quoted)
}

func (o *output) endQuote(quoted *bool) {
	if *quoted {
		o.raw("</blockquote>")
		*quoted = false
	}
}

var styles = map[byte]string{'*': "strong", '_': "em", '~': "del"}

// inline writes one line: tokens, code, styles, emoji, bare addresses.
func (o *output) inline(s string) {
	none := map[byte]bool{} // marks that are not closed any more on this line
	plain := 0              // where the plain words begin that are not yet written
	flush := func(to int) {
		o.words(unescape(s[plain:to]), true)
	}
	for i := 0; i < len(s); {
		write, n := o.span(s, i, none)
		if n == 0 {
			i++
			continue
		}
		flush(i)
		write()
		i += n
		plain = i
	}
	flush(len(s))
}

// span finds what begins at s[i], how to write it and how long it is; zero if
// it is nothing special.
func (o *output) span(s string, i int, none map[byte]bool) (write func(), n int) {
	switch c := s[i]; c {
	case '<':
		end := strings.IndexByte(s[i:], '>')
		if end < 2 {
			return nil, 0
		}
		return func() { o.token(s[i+1 : i+end]) }, end + 1
	case '`':
		end := strings.IndexByte(s[i+1:], '`')
		if end < 1 || none[c] {
			none[c] = none[c] || end < 0
			return nil, 0
		}
		return func() { o.code(s[i+1 : i+1+end]) }, end + 2
	case '*', '_', '~':
		if none[c] || !border(lastRune(s[:i])) {
			return nil, 0
		}
		end := closer(s, i+1, c)
		if end < 0 {
			none[c] = true
			return nil, 0
		}
		if end == i+1 || s[i+1] == ' ' || s[i+1] == c {
			return nil, 0
		}
		return func() { o.styled(styles[c], s[i+1:end]) }, end + 1 - i
	case 'h':
		n := bareURL(s[i:])
		if n == 0 || !border(lastRune(s[:i])) {
			return nil, 0
		}
		return func() { o.link(unescape(s[i:i+n]), "", false) }, n
	}
	return nil, 0
}

func (o *output) styled(element, inner string) {
	o.raw("<" + element + ">")
	o.inline(inner)
	o.raw("</" + element + ">")
}

func (o *output) code(inner string) {
	o.raw("<code>")
	o.verbatim(inner)
	o.raw("</code>")
}

// verbatim writes text in which nothing is special but tokens, which stand as
// the words a person would see.
func (o *output) verbatim(s string) {
	for {
		open := strings.IndexByte(s, '<')
		end := strings.IndexByte(s[max(open, 0):], '>')
		if open < 0 || end < 0 {
			break
		}
		o.raw(escape(unescape(s[:open])))
		body, label, found := strings.Cut(s[open+1:open+end], "|")
		if !found {
			label = body
		}
		o.raw(escape(unescape(label)))
		s = s[open+end+1:]
	}
	o.raw(escape(unescape(s)))
}

// closer finds the mark c that ends a style begun before from: not after a
// space, not inside a word, a token or code.
func closer(s string, from int, c byte) int {
	for i := from; i < len(s); i++ {
		switch s[i] {
		case c:
			next, _ := utf8.DecodeRuneInString(s[i+1:])
			if i > from && s[i-1] != ' ' && s[i-1] != c && (i+1 == len(s) || border(next)) {
				return i
			}
		case '<':
			if end := strings.IndexByte(s[i:], '>'); end > 0 {
				i += end
			}
		case '`':
			if end := strings.IndexByte(s[i+1:], '`'); end > 0 {
				i += end + 1
			}
		}
	}
	return -1
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// border reports whether a style may begin after r or end before it.
func border(r rune) bool {
	return r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// bareURL is the length of the address that s begins with, or zero.
func bareURL(s string) int {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return 0
	}
	n := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>|\"`", r) })
	if n < 0 {
		n = len(s)
	}
	n = len(strings.TrimRight(s[:n], ".,;:!?)*_~'"))
	if n <= len("https://") {
		return 0
	}
	return n
}
