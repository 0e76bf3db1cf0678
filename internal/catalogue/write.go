package catalogue

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"caseline/internal/desk/matters"
)

// Text writes a catalogue as YAML that Parse reads to the same.
func Text(c *matters.Catalogue) string {
	w := &writer{}
	w.line(0, "severities:")
	for _, l := range c.Severities {
		w.line(1, "- {code: %s, name: %s, first_response: %s}", quoted(string(l.Severity)), quoted(l.Name), span(l.FirstResponse))
	}
	w.line(0, "languages:")
	for _, l := range c.Languages {
		w.line(1, "- code: %s", quoted(l.Code))
		w.line(2, "name: %s", quoted(l.Name))
		w.codes(2, "no_chat", l.NoChat)
	}
	if len(c.Hours) > 0 {
		w.line(0, "hours:")
	}
	for _, h := range c.Hours {
		w.hours(h)
	}
	w.line(0, "issue_types:")
	for _, t := range c.IssueTypes {
		w.line(1, "- code: %s", quoted(t.Code))
		w.line(2, "name: %s", quoted(t.Name))
		w.line(2, "services:")
		for _, s := range t.Services {
			w.line(3, "- code: %s", quoted(s.Code))
			w.line(4, "name: %s", quoted(s.Name))
			w.line(4, "categories:")
			for _, g := range s.Categories {
				w.line(5, "- {code: %s, name: %s}", quoted(g.Code), quoted(g.Name))
			}
		}
	}
	return w.String()
}

type writer struct{ strings.Builder }

func (w *writer) line(depth int, format string, args ...any) {
	w.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(w, format, args...)
	w.WriteByte('\n')
}

func (w *writer) codes(depth int, key string, codes []string) {
	if len(codes) == 0 {
		return
	}
	all := make([]string, len(codes))
	for i, c := range codes {
		all[i] = quoted(c)
	}
	w.line(depth, "%s: [%s]", key, strings.Join(all, ", "))
}

func (w *writer) hours(h matters.Hours) {
	w.line(1, "- time_zone: %s", quoted(h.Zone.String()))
	w.codes(2, "issue_types", h.IssueTypes)
	w.codes(2, "languages", h.Languages)
	w.line(2, "open:")
	for _, s := range h.Open {
		w.line(3, "- %s", quoted(Span(s)))
	}
	if len(h.Holidays) > 0 {
		w.line(2, "holidays:")
	}
	for _, d := range h.Holidays {
		w.line(3, "- %s", quoted(Holiday(d)))
	}
}

// Span writes when somebody is there in a week, as the catalogue reads it.
func Span(s matters.Span) string {
	days := make([]string, len(s.Days))
	for i, d := range s.Days {
		days[i] = weekdays[d]
	}
	return fmt.Sprintf("%s %02d:%02d-%02d:%02d", together(s.Days, days), s.From/60, s.From%60, s.To/60, s.To%60)
}

// together writes days that follow one another as a run of them.
func together(days []time.Weekday, names []string) string {
	if len(days) > 2 {
		run := true
		for i := 1; i < len(days); i++ {
			run = run && days[i] == (days[i-1]+1)%7
		}
		if run {
			return names[0] + "-" + names[len(names)-1]
		}
	}
	return strings.Join(names, ",")
}

// Holiday writes a holiday, as the catalogue reads it.
func Holiday(d matters.Holiday) string {
	day := fmt.Sprintf("%02d-%02d", d.Month, d.Day)
	if d.Year > 0 {
		day = fmt.Sprintf("%04d-%s", d.Year, day)
	}
	return strings.TrimSpace(day + " " + d.Name)
}

// span writes a time as the catalogue reads it.
func span(d time.Duration) string {
	switch {
	case d > 0 && d%(24*time.Hour) == 0:
		return strconv.Itoa(int(d/(24*time.Hour))) + "d"
	case d > 0 && d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	case d > 0 && d%time.Minute == 0:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	}
	return d.String()
}

// FirstResponse writes the time to a first answer, as the catalogue reads it.
func FirstResponse(d time.Duration) string { return span(d) }

// quoted writes a text so that YAML takes it as one, whatever is in it.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
