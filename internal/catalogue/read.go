package catalogue

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // machines without a zone database have hours too

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
)

//go:embed default.yaml
var defaultText []byte

// Default returns the text of the default catalogue.
func Default() string { return string(defaultText) }

// maxFile bounds what is read: a wrong path may be a device.
const maxFile = 16 << 20

// Load reads the catalogue in a file; with no path, the default one. The error
// of a catalogue that is refused is of type Problems, each with
// the place in the file before its path.
func Load(path string) (*matters.Catalogue, error) {
	if path == "" {
		return parse("default.yaml", defaultText)
	}
	about, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the catalogue: %w", err)
	case !about.Mode().IsRegular():
		return nil, fmt.Errorf("read the catalogue: %s is not a file", path)
	case about.Size() > maxFile:
		return nil, fmt.Errorf("read the catalogue: %s is longer than %d MiB", path, maxFile>>20)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	return parse(filepath.Base(path), text)
}

// Parse reads a catalogue from its text. The error of one that is refused is of
// type Problems, each with its line before its path.
func Parse(text string) (*matters.Catalogue, error) {
	k, beginning := &checker{}, "line 1"
	if k.must(len(text) <= maxFile, beginning, "is the beginning of more than %d MiB, which is too long", maxFile>>20); len(k.problems) > 0 {
		return nil, k.problems
	}
	return parse("line", []byte(text))
}

// parse reads a catalogue from its text; name is the file's, for problems.
func parse(name string, text []byte) (*matters.Catalogue, error) {
	r := &reader{file: name, where: map[string]string{}}
	root, ok := r.root(text)
	if !ok {
		return nil, r.problems
	}
	var c matters.Catalogue
	r.keys(root, "", map[string]func(node, string){
		"issue_types": func(n node, at string) { c.IssueTypes = list(r, n, at, r.issueType) },
		"severities":  func(n node, at string) { c.Severities = list(r, n, at, r.severity) },
		"languages":   func(n node, at string) { c.Languages = list(r, n, at, r.language) },
		"hours":       func(n node, at string) { c.Hours = list(r, n, at, r.hours) },
	})
	if found, ok := errors.AsType[Problems](Validate(&c)); ok {
		for _, p := range found {
			r.add(p)
		}
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	return &c, nil
}

func (r *reader) issueType(n node, at string) (t matters.IssueType) {
	r.keys(n, at, map[string]func(node, string){
		"code": r.text(&t.Code), "name": r.text(&t.Name),
		"services": func(n node, at string) { t.Services = list(r, n, at, r.service) },
	})
	return t
}

func (r *reader) service(n node, at string) (s matters.Service) {
	r.keys(n, at, map[string]func(node, string){
		"code": r.text(&s.Code), "name": r.text(&s.Name),
		"categories": func(n node, at string) { s.Categories = list(r, n, at, r.category) },
	})
	return s
}

func (r *reader) category(n node, at string) (g matters.Category) {
	r.keys(n, at, map[string]func(node, string){"code": r.text(&g.Code), "name": r.text(&g.Name)})
	return g
}

func (r *reader) severity(n node, at string) (l matters.SeverityLevel) {
	var code string
	r.keys(n, at, map[string]func(node, string){
		"code": r.text(&code), "name": r.text(&l.Name),
		"first_response": func(n node, at string) {
			text := r.scalar(n, at)
			d, err := duration(text)
			if err != nil {
				r.report(at, "must be a time such as 15m, 4h or 2d, not "+strconv.Quote(text))
			}
			l.FirstResponse = d
		},
	})
	l.Severity = desk.Severity(code)
	return l
}

func (r *reader) language(n node, at string) (l matters.Language) {
	r.keys(n, at, map[string]func(node, string){
		"code": r.text(&l.Code), "name": r.text(&l.Name),
		"no_chat": func(n node, at string) { l.NoChat = list(r, n, at, r.scalar) },
	})
	return l
}

func (r *reader) hours(n node, at string) (h matters.Hours) {
	r.keys(n, at, map[string]func(node, string){
		"issue_types": func(n node, at string) { h.IssueTypes = list(r, n, at, r.scalar) },
		"languages":   func(n node, at string) { h.Languages = list(r, n, at, r.scalar) },
		"time_zone": func(n node, at string) {
			name := r.scalar(n, at)
			zone, err := time.LoadLocation(name)
			if err != nil || name == "" || name == "Local" {
				r.report(at, "must be the name of a time zone such as Europe/Berlin or UTC, not "+strconv.Quote(name))
				return
			}
			h.Zone = zone
		},
		"open":     func(n node, at string) { h.Open = list(r, n, at, r.span) },
		"holidays": func(n node, at string) { h.Holidays = list(r, n, at, r.holiday) },
	})
	return h
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// span reads a line such as mon-fri 09:00-17:00 or sat,sun 10:00-14:00.
func (r *reader) span(n node, at string) (s matters.Span) {
	text := r.scalar(n, at)
	days, times, _ := strings.Cut(strings.TrimSpace(text), " ")
	from, to, _ := strings.Cut(strings.TrimSpace(times), "-")
	s.From, s.To = minutes(from), minutes(to)
	for part := range strings.SplitSeq(strings.ToLower(days), ",") {
		first, last, several := strings.Cut(part, "-")
		if !several {
			last = first
		}
		i, j := slices.Index(weekdays, first), slices.Index(weekdays, last)
		if i < 0 || j < 0 {
			return matters.Span{From: -1} // Validate says how it is written
		}
		for ; i != j; i = (i + 1) % len(weekdays) {
			s.Days = append(s.Days, time.Weekday(i))
		}
		s.Days = append(s.Days, time.Weekday(j))
	}
	return s
}

// minutes reads a time of the day such as 09:00; -1 for what is none.
func minutes(text string) int {
	hour, minute, ok := strings.Cut(strings.TrimSpace(text), ":")
	h, err := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	if !ok || err != nil || err2 != nil || h < 0 || h > 24 || m < 0 || m > 59 {
		return -1
	}
	return h*60 + m
}

// holiday reads a line such as 2026-12-25, or 12-25 for every year, with a name
// behind it or not.
func (r *reader) holiday(n node, at string) (d matters.Holiday) {
	day, name, _ := strings.Cut(strings.TrimSpace(r.scalar(n, at)), " ")
	d.Name = strings.TrimSpace(name)
	parts := strings.Split(day, "-")
	if len(parts) == 3 {
		if d.Year, _ = strconv.Atoi(parts[0]); d.Year == 0 {
			return d // Validate refuses month 0
		}
		parts = parts[1:]
	}
	if len(parts) == 2 {
		month, _ := strconv.Atoi(parts[0])
		d.Month = time.Month(month)
		d.Day, _ = strconv.Atoi(parts[1])
	}
	return d
}

// duration reads a time with days besides Go's units.
func duration(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 3650 {
			return 0, errors.New("not a number of days")
		}
		return time.Duration(n) * 24 * time.Hour, nil
	}
	return time.ParseDuration(text)
}

// ReadFirstResponse reads a time to a first answer such as 15m, 4h or 2d.
func ReadFirstResponse(text string) (time.Duration, error) { return duration(text) }

// ReadHours reads support hours from the lines of a form.
func ReadHours(zone string, open, holidays []string) (h matters.Hours, err error) {
	var b strings.Builder
	fmt.Fprintf(&b, "hours:\n  - time_zone: %s\n    open:\n", quoted(zone))
	for _, line := range open {
		fmt.Fprintf(&b, "      - %s\n", quoted(line))
	}
	if len(holidays) > 0 {
		b.WriteString("    holidays:\n")
	}
	for _, line := range holidays {
		fmt.Fprintf(&b, "      - %s\n", quoted(line))
	}
	r := &reader{file: "hours", where: map[string]string{}}
	root, ok := r.root([]byte(b.String()))
	if !ok {
		return h, r.problems
	}
	var all []matters.Hours
	r.keys(root, "", map[string]func(node, string){"hours": func(n node, at string) { all = list(r, n, at, r.hours) }})
	if len(r.problems) > 0 || len(all) != 1 {
		for i := range r.problems {
			_, r.problems[i].Path, _ = strings.Cut(r.problems[i].Path, ": ")
		}
		return h, r.problems
	}
	return all[0], nil
}
