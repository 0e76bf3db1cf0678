package mrkdwn

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Redline returns two versions of a text as HTML, the words that only the
// earlier has in del and those that only the later has in ins. What surrounds
// words is as HTML writes it.
//
// It may call its results template.HTML because it only puts del and ins
// around words of what HTML wrote, never across one of its tags.
func Redline(earlier, later string, r Resolver) (was, now template.HTML) {
	a, b := tokens(string(HTML(earlier, r))), tokens(string(HTML(later, r)))
	gone, come := differ(wordsOf(a), wordsOf(b))
	return template.HTML(marked(a, gone, "del")), template.HTML(marked(b, come, "ins"))
}

// A Piece is part of a text that was changed.
type Piece struct {
	Text string `json:"text"`
	Op   string `json:"op"` // "same", "del" or "ins"
}

// Diff says which words of a plain text were changed. The texts of the pieces
// but for the inserted ones are the earlier text, but for the deleted ones the
// later.
func Diff(earlier, later string) []Piece {
	a, b := plainTokens(earlier), plainTokens(later)
	gone, come := differ(wordsOf(a), wordsOf(b))
	var pieces []Piece
	add := func(op, text string) {
		if n := len(pieces); n > 0 && pieces[n-1].Op == op {
			pieces[n-1].Text += text
			return
		}
		pieces = append(pieces, Piece{Text: text, Op: op})
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && gone[i]:
			add("del", a[i].text)
			i++
		case j < len(b) && come[j]:
			add("ins", b[j].text)
			j++
		default: // the same in both
			add("same", a[i].text)
			i, j = i+1, j+1
		}
	}
	return pieces
}

// A token is a tag, a word or a gap between words.
type token struct {
	text string
	kind tokenKind
}

type tokenKind int

const (
	wordToken tokenKind = iota
	gapToken
	tagToken
)

// wordsOf are the words of tokens; those of HTML leave the rest alone.
func wordsOf(all []token) []string {
	var words []string
	for _, t := range all {
		if t.kind == wordToken {
			words = append(words, t.text)
		}
	}
	return words
}

// tokens takes HTML that HTML wrote apart. In it every "<" begins a tag and
// every "&" a reference.
func tokens(html string) []token {
	var all []token
	for html != "" {
		n, kind := 0, wordToken
		switch {
		case html[0] == '<':
			n, kind = strings.IndexByte(html, '>')+1, tagToken
			if strings.HasPrefix(html, "<img") { // an emoji is a word
				kind = wordToken
			}
		case strings.HasPrefix(html, "&nbsp;"):
			n, kind = len("&nbsp;"), gapToken
		case html[0] == '&':
			n = strings.IndexByte(html, ';') + 1
		default:
			n, kind = wordLen(html)
		}
		all = append(all, token{html[:n], kind})
		html = html[n:]
	}
	return all
}

// plainTokens takes plain text apart. Gaps count as words: nothing of it is
// left out.
func plainTokens(text string) []token {
	var all []token
	for text != "" {
		n, _ := wordLen(text)
		all = append(all, token{text: text[:n]})
		text = text[n:]
	}
	return all
}

// wordLen returns how long the word or gap is that text begins with. Signs,
// and letters of scripts that put no spaces between words, stand alone.
func wordLen(text string) (int, tokenKind) {
	first, size := utf8.DecodeRuneInString(text)
	belongs, kind := lettered, wordToken
	switch {
	case unicode.IsSpace(first):
		belongs, kind = unicode.IsSpace, gapToken
	case !lettered(first):
		return size, wordToken
	}
	for i, r := range text {
		if !belongs(r) {
			return i, kind
		}
	}
	return len(text), kind
}

func lettered(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) &&
		!unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// marked writes tokens with an element around the words that changed, and the
// gaps between two such words.
func marked(all []token, changed []bool, element string) string {
	var b strings.Builder
	open, gap, word := false, "", 0
	shut := func() {
		if open {
			b.WriteString("</" + element + ">")
			open = false
		}
		b.WriteString(gap)
		gap = ""
	}
	for _, t := range all {
		switch {
		case t.kind == gapToken && open:
			gap += t.text
			continue
		case t.kind == wordToken && changed[word]:
			if !open {
				b.WriteString("<" + element + ">")
			}
			b.WriteString(gap)
			open, gap = true, ""
		default:
			shut()
		}
		if t.kind == wordToken {
			word++
		}
		b.WriteString(t.text)
	}
	shut()
	return b.String()
}

// maxDiffer bounds the work of comparing two texts: their lengths in words,
// multiplied.
const maxDiffer = 1_000_000

// differ says of each word of a and of b whether it is not in their longest
// common sequence. Where finding that would be too much work everything
// between what they begin and end with alike differs.
func differ(a, b []string) (gone, come []bool) {
	gone, come = make([]bool, len(a)), make([]bool, len(b))
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	a, b = a[head:len(a)-tail], b[head:len(b)-tail]
	for i := range a {
		gone[head+i] = true
	}
	for j := range b {
		come[head+j] = true
	}
	if len(a)*len(b) > maxDiffer {
		return gone, come
	}
	// common[i][j] is the length of the longest common sequence of what
	// follows i and j.
	width := len(b) + 1
	common := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			gone[head+i], come[head+j] = false, false
			i, j = i+1, j+1
		case common[(i+1)*width+j] >= common[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return gone, come
}
