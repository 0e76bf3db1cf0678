package wire

import (
	"cmp"
	"strconv"
	"strings"

	"caseline/internal/slack/wire/lenient"
)

// A Ts is a Slack timestamp as Slack wrote it: the key of a message within
// its channel, and an instant. It is text because floating point cannot hold
// it; order it with [Ts.Compare], never as text.
type Ts string

// fractionDigits is how many digits of a second Slack and this program keep.
const fractionDigits = 6

// Micros returns the instant as UTC microseconds and reports whether the
// timestamp is one. It takes "1515449522.000016", the form without a dot that
// some of Slack's samples have ("1515449522000016"), whole seconds, and
// fractions shorter or longer than six digits.
func (t Ts) Micros() (int64, bool) {
	whole, fraction, dotted := strings.Cut(string(t), ".")
	if !dotted {
		if n := len(whole); n >= 15 && n <= 17 {
			return digits(whole)
		}
		fraction = "0"
	}
	// Eleven digits of seconds reach the year 5138 and cannot overflow.
	if len(whole) > 11 || len(fraction) > 32 {
		return 0, false
	}
	seconds, ok := digits(whole)
	if !ok {
		return 0, false
	}
	if _, ok := digits(fraction[:min(len(fraction), 17)]); !ok {
		return 0, false
	}
	if len(fraction) > 17 {
		if _, ok := digits(fraction[17:]); !ok {
			return 0, false
		}
	}
	micros := int64(0)
	for i := range fractionDigits {
		micros *= 10
		if i < len(fraction) {
			micros += int64(fraction[i] - '0')
		}
	}
	return seconds*1_000_000 + micros, true
}

// Compare orders timestamps by value: negative when t is before u, zero when
// they are the same instant, however they are written. Text that is no
// timestamp comes before every timestamp, in the order of text.
func (t Ts) Compare(u Ts) int {
	a, okA := t.Micros()
	b, okB := u.Micros()
	switch {
	case okA && okB:
		return cmp.Compare(a, b)
	case okA:
		return 1
	case okB:
		return -1
	}
	return strings.Compare(string(t), string(u))
}

// Before reports whether t is an earlier instant than u.
func (t Ts) Before(u Ts) bool { return t.Compare(u) < 0 }

// TsOf returns the timestamp of an instant in UTC microseconds in Slack's own
// form, ten digits, a dot and six. An instant before 1970 gives the first.
func TsOf(micros int64) Ts {
	micros = max(micros, 0)
	var buf [32]byte
	text := strconv.AppendInt(buf[:0], micros/1_000_000, 10)
	const zeros = "0000000000"
	out := make([]byte, 0, 20)
	out = append(out, zeros[:max(0, 10-len(text))]...)
	out = append(out, text...)
	out = append(out, '.')
	text = strconv.AppendInt(buf[:0], micros%1_000_000, 10)
	out = append(out, zeros[:fractionDigits-len(text)]...)
	return Ts(append(out, text...))
}

// readTs takes a timestamp, quoted or not.
func readTs(r *lenient.Reader, dst *Ts) { r.Str((*string)(dst)) }

// digits returns the value of text made of one to eighteen decimal digits and
// nothing else.
func digits(s string) (int64, bool) {
	if len(s) == 0 || len(s) > 18 {
		return 0, false
	}
	n := int64(0)
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	return n, true
}
