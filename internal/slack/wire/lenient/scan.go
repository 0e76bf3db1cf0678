package lenient

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// maxDepth is how deep a payload may nest. Slack's deepest, lists in quotes in
// forwarded messages, stay well under half of it.
const maxDepth = 100

// A SyntaxError says that a body is not the JSON it should be. It is the only
// error decoding has.
type SyntaxError struct {
	Offset int    // bytes before the place
	Reason string // a phrase: what is wrong there
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("not a JSON payload: %s at byte %d", e.Reason, e.Offset)
}

// maxOdd is how many odd parts are listed: enough to learn what Slack changed,
// and a bound on what a hostile body can make us hold.
const maxOdd = 32

// An Odd is a part that was there but of a kind that its field cannot take.
// The field has its zero value.
type Odd struct {
	Path string // such as "event.files[1].size"
	Raw  json.RawMessage
}

// A Reader walks one JSON text, strictly: what it accepts is JSON. After the
// first error every loop over fields or elements ends and nothing is decoded
// any more, so callers need to look at err only once, at the end.
type Reader struct {
	s     string // the text; decoded strings are parts of it
	b     []byte // the same bytes as the caller gave them; raw parts are parts of it
	i     int    // the next byte
	err   error
	stack []frame
	odd   []Odd
}

// A frame is an object or array being read: its current key and how many
// values have begun.
type frame struct {
	key   string
	n     int
	array bool
}

// New returns a Reader at the start of body, which must not change after.
func New(body []byte) *Reader {
	return &Reader{s: string(body), b: body, stack: make([]frame, 0, 12)}
}

// Odd returns the parts that were of the wrong kind, up to a number.
func (r *Reader) Odd() []Odd { return r.odd }

// Failed reports whether the text has turned out not to be JSON.
func (r *Reader) Failed() bool { return r.err != nil }

// Mark returns the place of the value that begins here, for [Reader.Since].
func (r *Reader) Mark() int {
	r.Peek()
	return r.i
}

// Since returns what was read since the mark, as it stands.
func (r *Reader) Since(mark int) json.RawMessage {
	if r.err != nil {
		return nil
	}
	return r.b[mark:r.i:r.i]
}

// Refuse records that the body is not what it should be and stops the walk.
func (r *Reader) Refuse(reason string) { r.fail(reason) }

// fail records the first error and stops the walk.
func (r *Reader) fail(reason string) {
	if r.err == nil {
		r.err = &SyntaxError{Offset: r.i, Reason: reason}
	}
	r.i = len(r.s)
}

// Peek moves to the next token and returns its first byte, 0 at the end.
func (r *Reader) Peek() byte {
	for r.i < len(r.s) {
		c := r.s[r.i]
		if c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
			return c
		}
		r.i++
	}
	return 0
}

// End checks that nothing follows the value that was read.
func (r *Reader) End() error {
	if r.err != nil {
		return r.err
	}
	if r.Peek(); r.i < len(r.s) {
		r.fail("more after the end")
	}
	return r.err
}

// enter steps into the object or array that begins here.
func (r *Reader) enter(array bool) {
	if len(r.stack) >= maxDepth {
		r.fail("nested too deeply")
		return
	}
	r.i++
	r.stack = append(r.stack, frame{array: array})
}

// Object steps into the object that begins here. Anything but an object is
// kept as odd (null is merely absent) and there is nothing to step into.
func (r *Reader) Object() bool {
	switch r.Peek() {
	case '{':
		r.enter(false)
		return r.err == nil
	case 'n':
		r.literal("null")
	default:
		r.KeepOdd()
	}
	return false
}

// List steps into the array that begins here, as object does.
func (r *Reader) List() bool {
	switch r.Peek() {
	case '[':
		r.enter(true)
		return r.err == nil
	case 'n':
		r.literal("null")
	default:
		r.KeepOdd()
	}
	return false
}

// Field moves to the next field's value and returns its key; it reports false
// after the last, having left the object. Every field's value must be read or
// skipped before the next call.
func (r *Reader) Field() (key string, ok bool) {
	if r.err != nil {
		return "", false
	}
	top := &r.stack[len(r.stack)-1]
	c := r.Peek()
	if c == '}' {
		r.i++
		r.stack = r.stack[:len(r.stack)-1]
		return "", false
	}
	if top.n > 0 {
		if c != ',' {
			r.fail("a comma or closing brace is missing")
			return "", false
		}
		r.i++
		c = r.Peek()
	}
	if c != '"' {
		r.fail("a key is missing")
		return "", false
	}
	top.key = r.Text()
	top.n++
	if r.Peek() != ':' {
		r.fail("a colon is missing")
		return "", false
	}
	r.i++
	return top.key, true
}

// Element moves to the next element; it reports false after the last, having
// left the array.
func (r *Reader) Element() bool {
	if r.err != nil {
		return false
	}
	top := &r.stack[len(r.stack)-1]
	c := r.Peek()
	if c == ']' && top.n == 0 {
		r.i++
		r.stack = r.stack[:len(r.stack)-1]
		return false
	}
	if top.n > 0 {
		switch c {
		case ',':
			r.i++
		case ']':
			r.i++
			r.stack = r.stack[:len(r.stack)-1]
			return false
		default:
			r.fail("a comma or closing bracket is missing")
			return false
		}
	}
	top.n++
	return true
}

// Skip passes over the value that begins here, checking it.
func (r *Reader) Skip() {
	switch c := r.Peek(); c {
	case '{':
		r.enter(false)
		for _, ok := r.Field(); ok; _, ok = r.Field() {
			r.Skip()
		}
	case '[':
		r.enter(true)
		for r.Element() {
			r.Skip()
		}
	case '"':
		r.skipText()
	case 't':
		r.literal("true")
	case 'f':
		r.literal("false")
	case 'n':
		r.literal("null")
	default:
		r.number()
	}
}

// RawValue passes over the value that begins here and returns it as it
// stands, sharing the caller's body.
func (r *Reader) RawValue() json.RawMessage {
	mark := r.Mark()
	r.Skip()
	return r.Since(mark)
}

// Ahead returns the text of the named field of the object that begins here,
// the first if there are several, without moving.
func (r *Reader) Ahead(name string) string {
	at, depth, text := r.i, len(r.stack), ""
	if !r.Object() {
		return ""
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		if key == name && r.Peek() == '"' {
			text = r.Text()
			break
		}
		r.Skip()
	}
	if r.err == nil {
		r.i, r.stack = at, r.stack[:depth]
	}
	return text
}

// KeepOdd passes over a value that its field cannot take and lists it.
func (r *Reader) KeepOdd() {
	if len(r.odd) >= maxOdd {
		r.Skip()
		return
	}
	path := r.path()
	if raw := r.RawValue(); r.err == nil {
		r.odd = append(r.odd, Odd{Path: path, Raw: raw})
	}
}

// path names the place being read.
func (r *Reader) path() string {
	var p strings.Builder
	for _, f := range r.stack {
		if f.array {
			p.WriteString("[" + strconv.Itoa(f.n-1) + "]")
			continue
		}
		if p.Len() > 0 {
			p.WriteByte('.')
		}
		p.WriteString(f.key)
	}
	return p.String()
}
