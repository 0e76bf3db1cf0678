package drawn

import (
	"fmt"
	"net/http"
	"time"
	_ "time/tzdata" // agents' time zones, also where the machine has none
)

// The cookies that scripts of ours set, so that the first paint is right.
const (
	zoneCookie  = "caseline_zone"
	themeCookie = "caseline_theme"
)

// A Clockface shows times as one reader reads them.
type Clockface struct {
	Zone *time.Location
	Now  time.Time
}

// ZoneOf is the time zone of who sent a request; UTC until a script has told.
func ZoneOf(r *http.Request) *time.Location {
	cookie, err := r.Cookie(zoneCookie)
	if err != nil || cookie.Value == "Local" {
		return time.UTC
	}
	zone, err := time.LoadLocation(cookie.Value)
	if err != nil {
		return time.UTC
	}
	return zone
}

// ThemeOf is light, dark, or empty for the system's.
func ThemeOf(r *http.Request) string {
	cookie, err := r.Cookie(themeCookie)
	if err == nil && (cookie.Value == "light" || cookie.Value == "dark") {
		return cookie.Value
	}
	return ""
}

// Base is what every page has.
type Base struct {
	Clockface
	Title string
	Theme string // light, dark, or empty for the system's
}

// BaseOf is the base of the page that answers a request.
func BaseOf(r *http.Request, title string, now time.Time) Base {
	return Base{Clockface: Clockface{Zone: ZoneOf(r), Now: now}, Title: title, Theme: ThemeOf(r)}
}

// ISO is t for machines.
func (c Clockface) ISO(t time.Time) string { return t.UTC().Format(isoTime) }

const isoTime = "2006-01-02T15:04:05.000Z"

const hourMinute = "15:04"

// HM is the time of day.
func (c Clockface) HM(t time.Time) string { return t.In(c.Zone).Format(hourMinute) }

// Full is date and time, for titles.
func (c Clockface) Full(t time.Time) string {
	return t.In(c.Zone).Format("Monday, 2 January 2006, 15:04:05 MST")
}

// Stamp is the time of day for today and the date before that.
func (c Clockface) Stamp(t time.Time) string {
	t, now := t.In(c.Zone), c.Now.In(c.Zone)
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("2 Jan")
	}
	return t.Format("2 Jan 2006")
}

// Day names the day of t.
func (c Clockface) Day(t time.Time) string {
	t, now := t.In(c.Zone), c.Now.In(c.Zone)
	yesterday := now.AddDate(0, 0, -1)
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return "Today"
	case t.Year() == yesterday.Year() && t.YearDay() == yesterday.YearDay():
		return "Yesterday"
	case t.Year() == now.Year():
		return t.Format("Monday, 2 January")
	}
	return t.Format("Monday, 2 January 2006")
}

// DayKey is the same for times of the same day.
func (c Clockface) DayKey(t time.Time) string { return t.In(c.Zone).Format(time.DateOnly) }

// Since is a running clock: 4:05, 1:04:05, 3 d.
func (c Clockface) Since(t time.Time) string { return lasted(c.Now.Sub(t)) }

// Between is how long something lasted.
func (c Clockface) Between(from, to time.Time) string {
	d := to.Sub(from)
	switch {
	case d < time.Minute:
		return "under a minute"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
}

// lasted has the same shape as the scripts' clock.
func lasted(d time.Duration) string {
	d = max(d, 0)
	s := int(d.Seconds())
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	case d < 24*time.Hour:
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d d %d h", s/86400, s/3600%24)
}
