package personal

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"caseline/internal/desk"
)

// blank is what a canned reply has where something of the case is to stand.
var blank = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{ ?([\p{L}_]+) ?\}\}`) })

// Blanks are the names of the blanks that Fill can fill.
func Blanks() []string { return []string{"customer", "case", "agent", "subject", "account"} }

// Fill puts words into the blanks of a text that they are known for; the others
// stay.
func Fill(text string, words map[string]string) string {
	return blank().ReplaceAllStringFunc(text, func(found string) string {
		if word := words[strings.ToLower(blank().FindStringSubmatch(found)[1])]; word != "" {
			return word
		}
		return found
	})
}

// Unfilled returns the first blank that is still in a text; empty for none. What
// stands in code is meant as it is.
func Unfilled(text string) string {
	for i, part := range strings.Split(text, "`") {
		if i%2 == 0 {
			if found := blank().FindString(part); found != "" {
				return found
			}
		}
	}
	return ""
}

// Filled refuses a text in which a blank is left.
func Filled(text string) error {
	if left := Unfilled(text); left != "" {
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "text", Message: "Fill in " + left + " before you send this. If it is meant as it is, write it as code: `" + left + "`."}
	}
	return nil
}

// MaxCanned is how long the name of a canned reply or of a view may be.
const MaxCanned = 40

// Check says what is wrong with a canned reply.
func (c Canned) Check() error {
	wrong := func(field, message string) error {
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: field, Message: message}
	}
	letter := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' }
	switch {
	case c.Name == "":
		return wrong("name", "Give the reply a name. It is what you type after a slash.")
	case utf8.RuneCountInString(c.Name) > MaxCanned:
		return wrong("name", "The name may be 40 characters long. Shorten it.")
	case strings.ContainsFunc(c.Name, letter):
		return wrong("name", "A name has letters, digits, hyphens and underscores. Write for example refund-sent.")
	case strings.TrimSpace(c.Text) == "":
		return wrong("text", "Write what the reply says.")
	case utf8.RuneCountInString(c.Text) > desk.MaxReply:
		return wrong("text", "The reply is too long to be sent. Shorten it.")
	}
	return nil
}

// A Naming is where a note names an agent: from the "@" up to the end of the name.
type Naming struct {
	From, To int
	Agent    desk.AgentID
}

// Namings finds where a note names agents: by "@" and the whole name, as it is
// completed while somebody types. Of names that begin alike the longest counts.
func Namings(note string, agents []desk.Agent) []Naming {
	byLength := slices.SortedStableFunc(slices.Values(agents), func(a, b desk.Agent) int { return len(b.Name) - len(a.Name) })
	var all []Naming
	for from := 0; ; {
		at := strings.IndexByte(note[from:], '@')
		if at < 0 {
			return all
		}
		at += from
		from = at + 1
		before, _ := utf8.DecodeLastRuneInString(note[:at])
		if at > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before)) {
			continue // an e-mail address
		}
		for _, a := range byLength {
			if begins(note[from:], a.Name) {
				from += len(a.Name)
				all = append(all, Naming{From: at, To: from, Agent: a.ID})
				break
			}
		}
	}
}

// Named returns the agents whom a note names, each once.
func Named(note string, agents []desk.Agent) []desk.AgentID {
	var all []desk.AgentID
	for _, n := range Namings(note, agents) {
		if !slices.Contains(all, n.Agent) {
			all = append(all, n.Agent)
		}
	}
	return all
}

// begins reports whether a text begins with a name, whichever case its letters
// have, and a word ends there.
func begins(text, name string) bool {
	if name == "" || len(text) < len(name) || !strings.EqualFold(text[:len(name)], name) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[len(name):])
	return len(text) == len(name) || !unicode.IsLetter(next) && !unicode.IsDigit(next)
}
