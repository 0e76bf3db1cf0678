package mrkdwn

import "strings"

// text writes s for an element's content or an attribute's value.
func (w *htmlWriter) text(s string) { w.out = appendHTML(w.out, s) }

// appendHTML escapes the characters that could end a text or a value.
func appendHTML(out []byte, s string) []byte {
	start := 0
	for i := range len(s) {
		var escaped string
		switch s[i] {
		case '&':
			escaped = "&amp;"
		case '<':
			escaped = "&lt;"
		case '>':
			escaped = "&gt;"
		case '"':
			escaped = "&#34;"
		case '\'':
			escaped = "&#39;"
		default:
			continue
		}
		out = append(append(out, s[start:i]...), escaped...)
		start = i + 1
	}
	return append(out, s[start:]...)
}

// words writes text of a line. Spaces that HTML would swallow are kept.
func (w *htmlWriter) words(s string) {
	for s != "" {
		if w.afterGap && (s[0] == ' ' || s[0] == '\t') {
			w.raw("&nbsp;")
			s = s[1:]
			continue
		}
		if s[0] == '\n' {
			w.br()
			s = s[1:]
			continue
		}
		n := strings.IndexAny(s[1:], " \t\n") + 1
		if n == 0 {
			n = len(s)
		}
		w.afterGap = s[0] == ' ' || s[0] == '\t'
		if w.afterGap && n > 1 {
			w.afterGap = false
		}
		w.text(s[:n])
		s = s[n:]
	}
}

func (w *htmlWriter) br() {
	w.raw("<br>")
	w.afterGap = true
}
