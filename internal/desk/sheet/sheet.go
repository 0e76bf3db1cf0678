package sheet

import (
	"strings"
	"unicode"
)

// Cell is a text as a spreadsheet shows it and does not take it for a formula: with
// an apostrophe before what would begin one. Spreadsheets pass over blanks and
// quotes there, and one that separates cells by another sign than a comma, or that
// takes a line for a row, finds a beginning in the middle of a text. Numbers stay
// numbers.
func Cell(text string) string {
	if isNumber(text) {
		return text
	}
	var b strings.Builder
	begins := true
	for _, r := range text {
		switch {
		case strings.ContainsRune(";|\t\r\n", r):
			if begins && b.Len() == 0 && r != ';' && r != '|' {
				b.WriteByte('\'') // some take the blank itself for the beginning of one
			}
			begins = true
		case begins && strings.ContainsRune("=+-@＝＋－＠", r):
			b.WriteByte('\'')
			begins = false
		case r != '"' && r != '\uFEFF' && !unicode.IsSpace(r) && !unicode.IsControl(r):
			begins = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Cells are texts of a row, each as a Cell.
func Cells(row []string) []string {
	all := make([]string, len(row))
	for i, text := range row {
		all[i] = Cell(text)
	}
	return all
}

// isNumber reports whether a text is a number as we write them: digits, with a sign
// or a point.
func isNumber(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	whole, part, pointed := strings.Cut(digits, ".")
	return isDigits(whole) && (!pointed || isDigits(part))
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
