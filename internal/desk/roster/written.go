package roster

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
)

// A Written is a team's hours as people write them: a span or a holiday in each
// line, as in the catalogue's file.
type Written struct {
	Zone     string // such as Europe/Berlin; empty for always
	Open     string // lines such as mon-fri 09:00-17:30
	Holidays string // lines such as 12-25 Christmas, or 2026-12-25 Christmas for one year
}

// Write returns hours as people write them.
func Write(h matters.Hours) (w Written) {
	if h.Zone == nil {
		return w
	}
	w.Zone = h.Zone.String()
	var open, holidays []string
	for _, s := range h.Open {
		open = append(open, days(s.Days)+" "+clock(s.From)+"-"+clock(s.To))
	}
	for _, d := range h.Holidays {
		line := fmt.Sprintf("%02d-%02d %s", d.Month, d.Day, d.Name)
		if d.Year != 0 {
			line = strconv.Itoa(d.Year) + "-" + line
		}
		holidays = append(holidays, strings.TrimSpace(line))
	}
	w.Open, w.Holidays = strings.Join(open, "\n"), strings.Join(holidays, "\n")
	return w
}

// week is how days are written, Sunday first.
func week() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

func days(all []time.Weekday) string {
	var parts []string
	for i := 0; i < len(all); i++ {
		first := i
		for i+1 < len(all) && (all[i]+1)%7 == all[i+1] {
			i++
		}
		part := week()[all[first]]
		if i > first {
			part += "-" + week()[all[i]]
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ",")
}

func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// Read returns the hours, or says what is wrong beside the field that it is about:
// zone, open or holidays.
func (w Written) Read() (h matters.Hours, err error) {
	zone := strings.TrimSpace(w.Zone)
	if zone == "" {
		if strings.TrimSpace(w.Open+w.Holidays) != "" {
			return h, wrong("zone", "Choose a time zone for these hours, such as Europe/Berlin.")
		}
		return h, nil
	}
	if h.Zone, err = time.LoadLocation(zone); err != nil || zone == "Local" {
		return h, wrong("zone", "There is no time zone “%s”. Write one such as Europe/Berlin, or leave it empty for always.", zone)
	}
	for line := range lines(w.Open) {
		s, ok := span(line)
		if !ok {
			return h, wrong("open", "“%s” cannot be read. Write days and times such as mon-fri 09:00-17:30, each in a line of its own.", line)
		}
		h.Open = append(h.Open, s)
	}
	if len(h.Open) == 0 {
		return h, wrong("open", "Write when the team is there, such as mon-fri 09:00-17:30.")
	}
	for line := range lines(w.Holidays) {
		d, ok := holiday(line)
		if !ok {
			return h, wrong("holidays", "“%s” cannot be read. Write a day such as 12-25 Christmas for every year, or 2026-12-25 for one.", line)
		}
		h.Holidays = append(h.Holidays, d)
	}
	return h, nil
}

func lines(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

func wrong(field, format string, args ...any) error {
	return &desk.Refusal{Kind: desk.ErrInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

func span(line string) (s matters.Span, ok bool) {
	names, times, _ := strings.Cut(line, " ")
	from, to, _ := strings.Cut(strings.TrimSpace(times), "-")
	if s.From, ok = minutes(from); !ok {
		return s, false
	}
	if s.To, ok = minutes(to); !ok || s.To <= s.From {
		return s, false
	}
	for part := range strings.SplitSeq(strings.ToLower(names), ",") {
		first, last, several := strings.Cut(part, "-")
		if !several {
			last = first
		}
		i, j := slices.Index(week(), first), slices.Index(week(), last)
		if i < 0 || j < 0 {
			return s, false
		}
		for ; i != j; i = (i + 1) % 7 {
			s.Days = append(s.Days, time.Weekday(i))
		}
		s.Days = append(s.Days, time.Weekday(j))
	}
	return s, true
}

// minutes reads a time of the day; 24:00 is its end.
func minutes(text string) (int, bool) {
	hour, minute, _ := strings.Cut(strings.TrimSpace(text), ":")
	h, err := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	at := h*60 + m
	return at, err == nil && err2 == nil && h >= 0 && m >= 0 && m < 60 && at <= 24*60
}

func holiday(line string) (d matters.Holiday, ok bool) {
	day, name, _ := strings.Cut(line, " ")
	at, err := time.Parse("01-02", day)
	if err != nil {
		if day == "02-29" { // of no year that Parse assumes
			return matters.Holiday{Month: time.February, Day: 29, Name: strings.TrimSpace(name)}, true
		}
		if at, err = time.Parse(time.DateOnly, day); err != nil {
			return d, false
		}
		d.Year = at.Year()
	}
	d.Month, d.Day, d.Name = at.Month(), at.Day(), strings.TrimSpace(name)
	return d, true
}
