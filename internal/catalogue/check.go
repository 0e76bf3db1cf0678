package catalogue

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
)

// Most of everything: what forms can show, and what keeps them quick.
const (
	maxIssueTypes  = 100
	maxServices    = 20_000
	maxCategories  = 100
	maxLanguages   = 100
	maxName        = 75 // characters, as options show them
	maxCode        = 60
	maxFirstAnswer = 365 * 24 * time.Hour
)

var codeShape = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)

// A Problem is one thing that is wrong with a catalogue.
type Problem struct {
	Path    string // such as issue_types[0].services[3].code
	Message string // what is wrong and what to do, fit to follow the path
}

// Problems are all that is wrong with a catalogue.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := []string{"the catalogue has problems:"}
	for _, p := range ps {
		lines = append(lines, "  "+p.Path+": "+p.Message)
	}
	return strings.Join(lines, "\n")
}

// A checker collects problems.
type checker struct{ problems Problems }

func (k *checker) must(ok bool, path, message string, args ...any) {
	if !ok {
		k.problems = append(k.problems, Problem{Path: path, Message: fmt.Sprintf(message, args...)})
	}
}

// named checks the code and the name of the thing at path, and that no other
// beside it has the code.
func (k *checker) named(path, code, name string, seen map[string]bool) {
	switch {
	case code == "":
		k.must(false, path+".code", "is missing; write a short name of small letters, digits, dots and dashes, which stays when the name changes")
	case !codeShape.MatchString(code) || len(code) > maxCode:
		k.must(false, path+".code", "must be small letters, digits, dots and dashes, at most %d, not %q", maxCode, code)
	default:
		k.must(!seen[code], path+".code", "is there twice: %q; give each its own", code)
	}
	seen[code] = true
	k.name(path, name)
}

func (k *checker) name(path, name string) {
	k.must(strings.TrimSpace(name) != "", path+".name", "is missing; write what people are to read")
	k.must(utf8.RuneCountInString(name) <= maxName, path+".name", "is longer than %d characters; shorten it", maxName)
}

// Validate reports everything that is wrong with a catalogue, as an error of type
// Problems.
func Validate(c *matters.Catalogue) error {
	k := &checker{}
	k.must(len(c.IssueTypes) > 0, "issue_types", "are missing; write at least one, with its services")
	k.must(len(c.IssueTypes) <= maxIssueTypes, "issue_types", "are more than %d", maxIssueTypes)
	seen := map[string]bool{}
	for i, t := range c.IssueTypes {
		path := fmt.Sprintf("issue_types[%d]", i)
		k.named(path, t.Code, t.Name, seen)
		k.services(path, t.Services)
	}
	k.severities(c.Severities)
	k.languages(c)
	k.hours(c)
	if len(k.problems) == 0 {
		return nil
	}
	return k.problems
}

func (k *checker) services(path string, services []matters.Service) {
	k.must(len(services) > 0, path+".services", "are missing; write at least one")
	k.must(len(services) <= maxServices, path+".services", "are more than %d", maxServices)
	seen := map[string]bool{}
	for i, s := range services {
		path := fmt.Sprintf("%s.services[%d]", path, i)
		k.named(path, s.Code, s.Name, seen)
		k.must(len(s.Categories) > 0, path+".categories", "are missing; write at least one, such as other")
		k.must(len(s.Categories) <= maxCategories, path+".categories", "are more than %d, which is all that a menu shows", maxCategories)
		seen := map[string]bool{}
		for j, g := range s.Categories {
			k.named(fmt.Sprintf("%s.categories[%d]", path, j), g.Code, g.Name, seen)
		}
	}
}

func (k *checker) severities(levels []matters.SeverityLevel) {
	k.must(len(levels) > 0, "severities", "are missing; write at least one of low, normal, high, urgent and critical")
	seen := map[desk.Severity]bool{}
	for i, l := range levels {
		path := fmt.Sprintf("severities[%d]", i)
		k.must(l.Severity.Rank() > 0, path+".code", "must be low, normal, high, urgent or critical, not %q", l.Severity)
		k.must(!seen[l.Severity], path+".code", "is there twice: %q", l.Severity)
		seen[l.Severity] = true
		k.name(path, l.Name)
		k.must(l.FirstResponse >= time.Minute && l.FirstResponse <= maxFirstAnswer, path+".first_response",
			"must be a time from 1m to 365d such as 15m, 4h or 2d")
	}
}

func (k *checker) languages(c *matters.Catalogue) {
	k.must(len(c.Languages) > 0, "languages", "are missing; write at least one")
	k.must(len(c.Languages) <= maxLanguages, "languages", "are more than %d, which is all that a menu shows", maxLanguages)
	seen := map[string]bool{}
	for i, l := range c.Languages {
		path := fmt.Sprintf("languages[%d]", i)
		k.named(path, l.Code, l.Name, seen)
		k.issueTypes(c, path+".no_chat", l.NoChat)
	}
}

// issueTypes checks that codes at path are those of issue types.
func (k *checker) issueTypes(c *matters.Catalogue, path string, codes []string) {
	for i, code := range codes {
		_, ok := c.IssueType(code)
		k.must(ok, fmt.Sprintf("%s[%d]", path, i), "%q is not the code of an issue type", code)
	}
}

func (k *checker) hours(c *matters.Catalogue) {
	for i, h := range c.Hours {
		path := fmt.Sprintf("hours[%d]", i)
		k.issueTypes(c, path+".issue_types", h.IssueTypes)
		for j, code := range h.Languages {
			_, ok := c.Language(code)
			k.must(ok, fmt.Sprintf("%s.languages[%d]", path, j), "%q is not the code of a language", code)
		}
		k.must(h.Zone != nil, path+".time_zone", "is missing; write one such as Europe/Berlin or UTC")
		k.must(len(h.Open) > 0, path+".open", "is missing; write lines such as mon-fri 09:00-17:00")
		for j, s := range h.Open {
			k.must(len(s.Days) > 0 && 0 <= s.From && s.From < s.To && s.To <= 24*60, fmt.Sprintf("%s.open[%d]", path, j),
				"must be days and times such as mon-fri 09:00-17:00, the first time before the second")
		}
		for j, d := range h.Holidays {
			year := d.Year
			if year == 0 {
				year = 2024 // a leap year: a holiday of every year may be 29 February
			}
			at := time.Date(year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
			k.must(at.Month() == d.Month && at.Day() == d.Day, fmt.Sprintf("%s.holidays[%d]", path, j), "is not a day of the calendar")
		}
	}
}
