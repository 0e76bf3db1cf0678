package matters

import (
	"slices"
	"time"
)

// Hours are when somebody is there for some cases. The zero Hours are always.
type Hours struct {
	IssueTypes []string // codes; empty for all
	Languages  []string // likewise
	Zone       *time.Location
	Open       []Span
	Holidays   []Holiday
}

// A Span is when somebody is there on some days of the week, in minutes since
// midnight by the clock. To is at most 24 hours.
type Span struct {
	Days     []time.Weekday
	From, To int
}

// A Holiday is a day without anybody. Year is 0 for one of every year.
type Holiday struct {
	Year  int
	Month time.Month
	Day   int
	Name  string // may be empty
}

// HoursOf returns when somebody is there for cases of an issue type in a
// language. always is true when nothing is said about it.
func (c *Catalogue) HoursOf(issueType, language string) (h Hours, always bool) {
	covers := func(codes []string, code string) bool { return len(codes) == 0 || slices.Contains(codes, code) }
	for _, h := range c.Hours {
		if covers(h.IssueTypes, issueType) && covers(h.Languages, language) {
			return h, false
		}
	}
	return Hours{}, true
}

// maxLook is how many days Next looks ahead.
const maxLook = 370

// Next reports whether somebody is there at a time, and if not when somebody is
// next; zero when that is not within a year.
func (h Hours) Next(now time.Time) (open bool, next time.Time) {
	if h.Zone == nil {
		return true, time.Time{}
	}
	local := now.In(h.Zone)
	for ahead := range maxLook {
		day := time.Date(local.Year(), local.Month(), local.Day()+ahead, 12, 0, 0, 0, h.Zone)
		if h.holiday(day) {
			continue
		}
		for _, s := range h.Open {
			if !slices.Contains(s.Days, day.Weekday()) {
				continue
			}
			from, to := clock(day, s.From), clock(day, s.To)
			switch {
			case !to.After(now):
			case !from.After(now):
				return true, time.Time{}
			case next.IsZero() || from.Before(next):
				next = from
			}
		}
		if !next.IsZero() {
			return false, next
		}
	}
	return false, time.Time{}
}

// clock is the moment of a day at which the clock shows so many minutes.
func clock(day time.Time, minutes int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, day.Location())
}

func (h Hours) holiday(day time.Time) bool {
	return slices.ContainsFunc(h.Holidays, func(d Holiday) bool {
		return (d.Year == 0 || d.Year == day.Year()) && d.Month == day.Month() && d.Day == day.Day()
	})
}
