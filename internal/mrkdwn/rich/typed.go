package rich

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SchemeBefore returns the "http" or "https" that before ends in, where that
// is a word of its own. Behind a "<" that did not turn out to begin an address
// it stays text, so that Slack's <url|label> does.
func SchemeBefore(before string) string {
	for _, scheme := range [...]string{"https", "http"} {
		at := len(before) - len(scheme)
		if at < 0 || !strings.EqualFold(before[at:], scheme) {
			continue
		}
		r, _ := utf8.DecodeLastRuneInString(before[:at])
		if at > 0 && (r == '<' || isPlain(r)) {
			return ""
		}
		return before[at:]
	}
	return ""
}

// BeginsHost reports whether rest can be the host of an address and what is
// after it.
func BeginsHost(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && isPlain(r)
}

// isPlain reports whether r is neither space nor punctuation.
func isPlain(r rune) bool {
	return !isSpace(r) && !unicode.IsPunct(r) && !unicode.IsSymbol(r)
}

// TypedAddress reads how far an address goes that was typed into a text, as
// its source and as what that says. Punctuation at its end belongs to the
// sentence, and so does a bracket that was not opened inside. What is typed at
// position i of the source, in so many bytes, is unit's to say; no bytes are
// the end.
func TypedAddress(unit func(i int) (text string, size int)) (n int, address string) {
	var b strings.Builder
	end, shown := 0, 0 // after the last character that may end an address
	round, square := 0, 0
	for i := 0; ; {
		text, size := unit(i)
		if size == 0 {
			break
		}
		b.WriteString(text)
		i += size
		if size == 1 { // a bracket that is escaped ends no label
			switch text {
			case "(":
				round++
			case ")":
				round--
			case "[":
				square++
			case "]":
				square--
			}
			if round < 0 || square < 0 {
				break
			}
		}
		if !endsSentence(text, size) {
			end, shown = i, b.Len()
		}
	}
	return end, b.String()[:shown]
}

// endsSentence reports whether text, at the end of an address, rather belongs
// to what is around it.
func endsSentence(text string, size int) bool {
	if size == 1 && (text == "(" || text == "[") {
		return true
	}
	return len(text) == 1 && strings.Contains("?!.,:;*_~'\"{}|\\<>", text)
}

// EndsAddress reports whether no address goes on with what rest begins with,
// whatever may follow: at its end, at space, at a mark of a style.
func EndsAddress(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || isSpace(r) || strings.ContainsRune("*`<>\"|", r) || strings.HasPrefix(rest, "~~")
}

// typedPiece reads the address that was typed around the colon at i, and where
// its scheme begins, which is not before start. Slack marks the addresses in
// its messages; what is typed into a form comes without.
func typedPiece(s string, start, i int) (found piece, begin, n int) {
	const most = len("&lt;https") // the scheme and what is before it
	rest, ok := strings.CutPrefix(s[i:], "://")
	scheme := SchemeBefore(unescape(s[max(start, i-most):i]))
	if !ok || scheme == "" || !BeginsHost(rest) {
		return piece{}, i, 0
	}
	n, address := TypedAddress(func(i int) (string, int) {
		if after, ok := strings.CutPrefix(rest[i:], "&amp;"); ok {
			return "&", len(rest) - i - len(after)
		}
		if EndsAddress(rest[i:]) || strings.HasPrefix(rest[i:], "&lt;") || strings.HasPrefix(rest[i:], "&gt;") {
			return "", 0
		}
		return rest[i : i+1], 1
	})
	address = scheme + "://" + address
	url, ok := LinkAddress(address)
	if !ok {
		return piece{}, i, 0
	}
	n += len("://")
	return piece{Span: AddLink(nil, url, address, 0)[0]}, i - len(scheme), n
}
