package catalogue

import (
	"slices"
	"strings"
	"sync/atomic"

	"caseline/internal/desk/matters"
)

// A Book holds the catalogue in force. It may be used by many goroutines. Make
// one with [Open].
type Book struct {
	path string
	page atomic.Pointer[page]
}

// A page is a catalogue with what finds its services; it never changes.
type page struct {
	catalogue *matters.Catalogue
	services  map[string][]entry // by the code of their issue type
	folded    []string           // the issue types, as they are found
}

// An entry is a service with the text that it is found by.
type entry struct {
	service matters.Service
	folded  string
}

// Open reads the catalogue in a file; with no path, the default one.
func Open(path string) (*Book, error) {
	b := &Book{path: path}
	if err := b.Reload(); err != nil {
		return nil, err
	}
	return b, nil
}

// Of returns a Book of a catalogue that is known to be right.
func Of(c *matters.Catalogue) *Book {
	b := &Book{}
	b.page.Store(newPage(c))
	return b
}

// Configured reports whether the catalogue comes from a file, which then wins over
// what is saved in the console.
func (b *Book) Configured() bool { return b.path != "" }

// Put puts a catalogue that is right in force.
func (b *Book) Put(c *matters.Catalogue) { b.page.Store(newPage(c)) }

// Reload reads the file again. When it is refused, the catalogue in force
// stays, and the error says what is wrong.
func (b *Book) Reload() error {
	if b.path == "" && b.page.Load() != nil {
		return nil // what was saved in the console stays in force
	}
	c, err := Load(b.path)
	if err != nil {
		return err
	}
	b.page.Store(newPage(c))
	return nil
}

// Catalogue returns the catalogue in force. It must not be changed.
func (b *Book) Catalogue() *matters.Catalogue { return b.page.Load().catalogue }

func newPage(c *matters.Catalogue) *page {
	p := &page{catalogue: c, services: make(map[string][]entry, len(c.IssueTypes))}
	for _, t := range c.IssueTypes {
		entries := make([]entry, len(t.Services))
		for i, s := range t.Services {
			entries[i] = entry{service: s, folded: strings.ToLower(s.Name + " " + s.Code)}
		}
		p.services[t.Code] = entries
		p.folded = append(p.folded, strings.ToLower(" "+t.Name+" "+t.Code))
	}
	return p
}

// Services returns up to limit services of an issue type whose name or code
// has all the words of what is typed: first those that begin with it, each in
// the order of the catalogue.
func (b *Book) Services(issueType, typed string, limit int) []matters.Service {
	typed = strings.ToLower(strings.TrimSpace(typed))
	words := strings.Fields(typed)
	var first, rest []matters.Service
	for _, e := range b.page.Load().services[issueType] {
		switch {
		case strings.HasPrefix(e.folded, typed):
			if first = append(first, e.service); len(first) == limit {
				return first
			}
		case len(rest) < limit && hasAll(e.folded, words):
			rest = append(rest, e.service)
		}
	}
	return append(first, rest[:min(len(rest), limit-len(first))]...)
}

// Matters is Services among all issue types, whose names and codes count too.
// A [matters.Matter]'s label finds it.
func (b *Book) Matters(typed string, limit int) []matters.Matter {
	typed = strings.ToLower(strings.TrimSpace(typed))
	words := slices.DeleteFunc(strings.Fields(typed), func(w string) bool { return w == "·" })
	var first, rest []matters.Matter
	page := b.page.Load()
	for i, t := range page.catalogue.IssueTypes {
		left := without(page.folded[i], words)
		for _, e := range page.services[t.Code] {
			switch {
			case strings.HasPrefix(e.folded, typed):
				if first = append(first, matters.Matter{IssueType: t, Service: e.service}); len(first) == limit {
					return first
				}
			case len(rest) < limit && hasAll(e.folded, left):
				rest = append(rest, matters.Matter{IssueType: t, Service: e.service})
			}
		}
	}
	return append(first, rest[:min(len(rest), limit-len(first))]...)
}

// without returns those of words that text does not have.
func without(text string, words []string) (left []string) {
	for _, w := range words {
		if !strings.Contains(text, w) {
			left = append(left, w)
		}
	}
	return left
}

func hasAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
