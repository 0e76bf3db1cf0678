package lenient

import (
	"encoding/json"
	"strconv"
	"strings"
)

// The readers below fill one field each from the value that begins here. A
// value that is null leaves the field alone; one of a kind that the field
// cannot take is kept as odd.

// startsNumber reports whether a value that begins with c is a number.
func startsNumber(c byte) bool { return c == '-' || c-'0' <= 9 }

// Str takes text, and a number as it is written.
func (r *Reader) Str(dst *string) {
	switch c := r.Peek(); {
	case c == '"':
		*dst = r.Text()
	case startsNumber(c):
		*dst = r.number()
	case c == 'n':
		r.literal("null")
	default:
		r.KeepOdd()
	}
}

// Num takes a whole number, quoted or not. A fraction is cut off; empty text
// is zero.
func (r *Reader) Num(dst *int64) {
	start := r.i
	c := r.Peek()
	if c == 'n' {
		r.literal("null")
		return
	}
	var text string
	switch {
	case c == '"':
		text = r.Text()
	case startsNumber(c):
		text = r.number()
	default:
		r.KeepOdd()
		return
	}
	if r.err != nil {
		return
	}
	if n, ok := wholeNumber(text); ok {
		*dst = n
		return
	}
	r.i = start
	r.KeepOdd()
}

// wholeNumber reads a whole number, cutting off a fraction.
func wholeNumber(text string) (int64, bool) {
	if text == "" {
		return 0, true
	}
	whole, fraction, _ := strings.Cut(text, ".")
	if strings.Trim(fraction, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	return n, err == nil
}

// Flag takes true and false, as words, text or numbers.
func (r *Reader) Flag(dst *bool) {
	start := r.i
	var text string
	switch c := r.Peek(); {
	case c == 't':
		r.literal("true")
		*dst = true
		return
	case c == 'f':
		r.literal("false")
		*dst = false
		return
	case c == 'n':
		r.literal("null")
		return
	case c == '"':
		text = r.Text()
	case startsNumber(c):
		text = r.number()
	default:
		r.KeepOdd()
		return
	}
	switch text {
	case "true", "1":
		*dst = true
	case "false", "0", "":
		*dst = false
	default:
		r.i = start
		r.KeepOdd()
	}
}

// Raw takes anything, as it stands.
func (r *Reader) Raw(dst *json.RawMessage) {
	if r.Peek() == 'n' {
		r.literal("null")
		return
	}
	*dst = r.RawValue()
}

// Strs takes a list of texts, or one text for a list of one.
func (r *Reader) Strs(dst *[]string) {
	if r.Peek() == '"' {
		if s := r.Text(); s != "" {
			*dst = []string{s}
		}
		return
	}
	if !r.List() {
		return
	}
	out := []string{}
	for r.Element() {
		var s string
		r.Str(&s)
		out = append(out, s)
	}
	*dst = out
}

// IDOf takes an id, bare or as the field "id" of an object. rest, if not nil,
// is called for the object's other fields and must read or skip each.
func (r *Reader) IDOf(dst *string, rest func(key string)) {
	if r.Peek() != '{' {
		r.Str(dst)
		return
	}
	r.enter(false)
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch {
		case key == "id":
			r.Str(dst)
		case rest != nil:
			rest(key)
		default:
			r.Skip()
		}
	}
}

// Each takes a list of objects. What is no object is left out, and kept as odd
// unless it is null.
func Each[T any](r *Reader, dst *[]T, read func(*Reader, *T)) {
	if !r.List() {
		return
	}
	out := make([]T, 0, 1)
	for r.Element() {
		if r.Peek() != '{' {
			r.Object()
			continue
		}
		var v T
		read(r, &v)
		out = append(out, v)
	}
	*dst = out
}

// One takes an object, or leaves dst nil when there is none.
func One[T any](r *Reader, dst **T, read func(*Reader, *T)) {
	if r.Peek() != '{' {
		r.Object() // null is skipped, the rest kept as odd
		return
	}
	*dst = new(T)
	read(r, *dst)
}
