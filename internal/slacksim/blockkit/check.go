package blockkit

import (
	"fmt"
	"unicode/utf8"
)

// A Problem is one thing that is wrong with blocks, and where.
type Problem struct {
	Text    string
	Pointer string // a JSON pointer, as in /blocks/0/text
}

// String is the problem as response_metadata.messages has it.
func (p Problem) String() string {
	return fmt.Sprintf("[ERROR] %s [json-pointer:%s]", p.Text, p.Pointer)
}

// Strings writes problems as response_metadata.messages has them.
func Strings(ps []Problem) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = p.String()
	}
	return out
}

// A surface is where blocks are shown.
type surface string

const (
	onMessage surface = "message"
	onModal   surface = "modal"
	onHome    surface = "home"
)

const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
)

// A checker goes through blocks and notes what is wrong.
type checker struct {
	on       surface
	problems []Problem
	blockIDs map[string]bool
	actions  map[string]bool
	markdown int // characters in markdown blocks so far
}

// CheckMessage returns what Slack refuses in a message's blocks.
func CheckMessage(blocks []Block) []Problem {
	return check(onMessage, "/blocks", blocks, maxMessageBlocks)
}

func check(on surface, at string, blocks []Block, most int) []Problem {
	c := &checker{on: on, blockIDs: map[string]bool{}, actions: map[string]bool{}}
	if len(blocks) > most {
		c.fail(at, "no more than %d items allowed", most)
	}
	for i, b := range blocks {
		c.block(fmt.Sprintf("%s/%d", at, i), b)
	}
	return c.problems
}

func (c *checker) fail(at, format string, args ...any) {
	c.problems = append(c.problems, Problem{fmt.Sprintf(format, args...), at})
}

// id checks that an id is short enough and unique.
func (c *checker) id(at string, b Block, key string, seen map[string]bool) {
	id := Str(b, key)
	c.length(at+"/"+key, id, 255)
	if id != "" && seen[id] {
		c.fail(at+"/"+key, "%s must be unique: %s", key, id)
	}
	seen[id] = true
}

func (c *checker) length(at, s string, most int) {
	if utf8.RuneCountInString(s) > most {
		c.fail(at, "must be less than %d characters", most+1)
	}
}

// text checks a text object. Kind is the type it must have, or empty for any.
func (c *checker) text(at string, b Block, key, kind string, most int, required bool) {
	at += "/" + key
	raw, there := b[key]
	if !there || raw == nil {
		if required {
			c.fail(at, "missing required field: %s", key)
		}
		return
	}
	t, ok := raw.(Block)
	if !ok {
		c.fail(at, "must provide an object")
		return
	}
	got := Str(t, "type")
	if (got != "plain_text" && got != "mrkdwn") || (kind != "" && got != kind) {
		c.fail(at+"/type", "must be one of: %s", kindOr(kind))
		return
	}
	s, ok := t["text"].(string)
	if !ok || s == "" {
		c.fail(at+"/text", "must be more than 0 characters")
	}
	c.length(at+"/text", s, most)
	if got == "mrkdwn" && t["emoji"] != nil {
		c.fail(at, "no emoji option in a mrkdwn text")
	}
}

func kindOr(kind string) string {
	if kind == "" {
		return "plain_text, mrkdwn"
	}
	return kind
}

// TextLength is how many characters people read in blocks.
func TextLength(v any) int {
	n := 0
	switch v := v.(type) {
	case []Block:
		for _, b := range v {
			n += TextLength(b)
		}
	case []any:
		for _, b := range v {
			n += TextLength(b)
		}
	case Block:
		for k, x := range v {
			if s, ok := x.(string); ok && k == "text" {
				n += utf8.RuneCountInString(s)
				continue
			}
			n += TextLength(x)
		}
	}
	return n
}
