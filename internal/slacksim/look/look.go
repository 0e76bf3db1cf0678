package look

import (
	"embed"
	"strings"
	"unicode"
)

// Files are the style sheet base.css and the sign mark.svg.
//
//go:embed base.css mark.svg
var Files embed.FS

// Tones is how many colours there are for pictures made of initials, as the
// classes tone-0, tone-1, …
const Tones = 12

// Initials are the first letters of a name's first and last words.
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "?"
	}
	out := []rune(words[0])[:1]
	if len(words) > 1 {
		out = append(out, []rune(words[len(words)-1])[0])
	}
	return strings.ToUpper(string(out))
}
