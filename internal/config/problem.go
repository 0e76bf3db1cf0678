package config

import (
	"cmp"
	"slices"
	"strings"
)

// A Problem is one thing that is wrong with a configuration.
type Problem struct {
	Path    string // the field, such as channels[0].id; empty when it is the file as a whole
	Where   string // the place it was set, such as caseline.yaml:12; may be empty
	Message string // what is wrong and what to do, fit to follow the field's name
}

func (p Problem) String() string {
	parts := slices.DeleteFunc([]string{p.Where, p.Path, p.Message}, func(s string) bool { return s == "" })
	return strings.Join(parts, ": ")
}

// Problems is the error of a configuration that is refused: all that is wrong
// with it.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	var b strings.Builder
	b.WriteString("the configuration has problems:")
	for _, p := range ps {
		b.WriteString("\n  ")
		b.WriteString(p.String())
	}
	return b.String()
}

// err returns the problems as an error, nil when there are none. A field that
// could not be read is not reported a second time for being empty.
func (ps Problems) err() error {
	seen := map[string]bool{}
	var kept Problems
	for _, p := range ps {
		if p.Path != "" && seen[p.Path] {
			continue
		}
		seen[p.Path] = true
		kept = append(kept, p)
	}
	if len(kept) == 0 {
		return nil
	}
	slices.SortStableFunc(kept, func(a, b Problem) int {
		return cmp.Compare(a.Path, b.Path)
	})
	return kept
}
