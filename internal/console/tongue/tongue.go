package tongue

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Tongue is a language that the console speaks. The zero Tongue is English.
type Tongue struct{ book *book }

// Speaks is the language itself, so that whatever embeds a Tongue tells it.
func (t Tongue) Speaks() Tongue { return t }

// Code is the language's code, for the page's lang attribute.
func (t Tongue) Code() string {
	if t.book == nil {
		return english
	}
	return t.book.code
}

// Name is what the language calls itself.
func (t Tongue) Name() string {
	if t.book == nil {
		return "English"
	}
	return t.book.name
}

// Text is what the language says for an English text; the English where it has
// nothing.
func (t Tongue) Text(english string) string {
	if t.book == nil {
		return english
	}
	if own, ok := t.book.texts[english]; ok {
		return own
	}
	return english
}

// Say is a sentence in the reader's language: what fmt.Sprintf makes of it.
func (t Tongue) Say(english string, args ...any) string {
	if len(args) == 0 {
		return t.Text(english)
	}
	return fmt.Sprintf(t.Text(english), args...)
}

// Count is Say of one or the other sentence, by how many there are; many has a
// %d for that.
func (t Tongue) Count(n int, one, many string) string {
	single := n == 1
	if t.book != nil {
		if own, ok := t.book.counts[one+counts+many]; ok {
			one, many, single = own[0], own[1], t.book.single(n)
		}
	}
	if !single {
		return fmt.Sprintf(many, n)
	}
	if strings.Contains(one, "%d") {
		return fmt.Sprintf(one, n)
	}
	return one
}

// Mark returns an English text as it is, and says that it is one: it is looked
// up where it is shown.
func Mark(english string) string { return english }

// Decimal writes a number with some digits behind its point, as the language
// writes it.
func (t Tongue) Decimal(x float64, digits int) string {
	text := strconv.FormatFloat(x, 'f', digits, 64)
	if t.book == nil {
		return text
	}
	return strings.Replace(text, ".", t.Text(point), 1)
}

// point is what stands before the fraction of a number.
const point = "."

// Date is t by a layout of package time, of which the catalogue has the
// language's own, with the language's names of days and months.
func (t Tongue) Date(at time.Time, layout string) string {
	if t.book == nil {
		return at.Format(layout)
	}
	return t.book.days().Replace(at.Format(t.Text(layout)))
}
