package desk

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// MaxCC is how many addresses can hear of a case besides its requester.
const MaxCC = 10

// maxAddress is what mail allows, in characters.
const maxAddress = 254

// address is read when first needed: it is large.
var address = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[^\s@<>()\[\]\\,;:"[:cntrl:]]+@[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)+$`)
})

// ReadCC reads addresses that somebody typed, with commas, semicolons or spaces
// between them: each once, in small letters.
func ReadCC(typed string) ([]string, error) {
	var all []string
	for _, a := range strings.FieldsFunc(strings.ToLower(typed), func(r rune) bool { return strings.ContainsRune(",; \t\r\n", r) }) {
		if !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all, checkCC(all)
}

func checkCC(all []string) error {
	if len(all) > MaxCC {
		return refuseField("cc", "These are %d addresses. A case can have %d: leave some out, or name a mailing list.", len(all), MaxCC)
	}
	for _, a := range all {
		if !address().MatchString(a) || utf8.RuneCountInString(a) > maxAddress {
			return refuseField("cc", "“%s” is not an e-mail address. Write addresses such as jane@example.com, with commas between them.", cutTo(a, 60))
		}
	}
	return nil
}

// tellToo has addresses hear of the case from now on, besides those that do.
func (c *Case) tellToo(more []string) error {
	all := slices.Clone(c.CC)
	for _, a := range more {
		if !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	if len(all) > MaxCC && len(c.CC) == 1 {
		return refuseField("cc", "With the address that hears of the case already these are %d. A case can have %d: leave some out, or name a mailing list.", len(all), MaxCC)
	}
	if len(all) > MaxCC && len(c.CC) > 0 {
		return refuseField("cc", "With the %d addresses that hear of the case already these are %d. A case can have %d: leave some out, or name a mailing list.", len(c.CC), len(all), MaxCC)
	}
	if err := checkCC(all); err != nil || len(all) == len(c.CC) {
		return err
	}
	c.CC = all
	return nil
}

// cutTo shortens what is quoted in a sentence.
func cutTo(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// Bring returns the entries of the files that a new case opens with, which are
// to have the ids.
func (c *Case) Bring(files []NewFile, ids []FileID, now time.Time) []Correspondence {
	var entries []Correspondence
	for i, f := range files {
		entries = append(entries, c.entry(Correspondence{
			Kind: KindFile, Author: ByCustomer(c.Requester), Text: f.Name, File: ids[i], Origin: f.Origin,
		}, now))
	}
	return entries
}

// Topic is what people read of a case's issue type, service, category and
// language, from the general to the particular; empty for what it has not.
type Topic struct{ IssueType, Service, Category, Language string }

// String is the topic in one line; empty when nothing is said.
func (t Topic) String() string {
	parts := []string{t.IssueType, t.Service, t.Category, t.Language}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// About is what the case is about in one line: codes, or names after
// Catalogue.Named.
func (c *Case) About() string {
	return Topic{c.IssueType, c.Service, c.Category, c.Language}.String()
}
