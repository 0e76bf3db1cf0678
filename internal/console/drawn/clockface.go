package drawn

import (
	"fmt"
	"net/http"
	"net/url"
	"time"
	_ "time/tzdata" // agents' time zones, also where the machine has none

	"caseline/internal/console/tongue"
)

// The cookies that scripts of ours set, so that the first paint is right.
const (
	zoneCookie  = "caseline_zone"
	themeCookie = "caseline_theme"
	placeCookie = "caseline_place"
)

// A Clockface shows times as one reader reads them, and speaks their language.
type Clockface struct {
	tongue.Tongue
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

// Left reports whether whoever asks for a page has left it other than at its top, so
// that a script may have to put it where it stood.
func Left(r *http.Request) bool {
	cookie, err := r.Cookie(placeCookie)
	if err != nil {
		return false
	}
	page, err := url.QueryUnescape(cookie.Value)
	return err == nil && page == r.URL.RequestURI()
}

// Base is what every page has.
type Base struct {
	Clockface
	Title string
	Theme string // light, dark, or empty for the system's
	Still bool   // its script moves nothing, so the page is shown before that has run
}

// BaseOf is the base of the page that answers a request.
func BaseOf(r *http.Request, title string, now time.Time) Base {
	t := tongue.Of(r)
	return Base{Clockface: Clockface{Tongue: t, Zone: ZoneOf(r), Now: now}, Title: t.Text(title), Theme: ThemeOf(r)}
}

// ISO is t for machines.
func (c Clockface) ISO(t time.Time) string { return t.UTC().Format(isoTime) }

const isoTime = "2006-01-02T15:04:05.000Z"

const hourMinute = "15:04"

// HM is the time of day.
func (c Clockface) HM(t time.Time) string { return t.In(c.Zone).Format(hourMinute) }

// HMS is t with its seconds, for what is near.
func (c Clockface) HMS(t time.Time) string { return t.In(c.Zone).Format(time.TimeOnly) }

// Full is date and time, for titles.
func (c Clockface) Full(t time.Time) string {
	return c.Date(t.In(c.Zone), "Monday, 2 January 2006, 15:04:05 MST")
}

// Stamp is the time of day for today and the date before that.
func (c Clockface) Stamp(t time.Time) string {
	t, now := t.In(c.Zone), c.Now.In(c.Zone)
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return c.Date(t, "2 Jan")
	}
	return c.Date(t, "2 Jan 2006")
}

// Day names the day of t.
func (c Clockface) Day(t time.Time) string {
	t, now := t.In(c.Zone), c.Now.In(c.Zone)
	yesterday := now.AddDate(0, 0, -1)
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return c.Say("Today")
	case t.Year() == yesterday.Year() && t.YearDay() == yesterday.YearDay():
		return c.Say("Yesterday")
	case t.Year() == now.Year():
		return c.Date(t, "Monday, 2 January")
	}
	return c.Date(t, "Monday, 2 January 2006")
}

// DayKey is the same for times of the same day.
func (c Clockface) DayKey(t time.Time) string { return t.In(c.Zone).Format(time.DateOnly) }

// Since is a running clock: 4:05, 1:04:05, 3 d.
func (c Clockface) Since(t time.Time) string { return c.lasted(c.Now.Sub(t)) }

// Between is how long something lasted.
func (c Clockface) Between(from, to time.Time) string {
	d := to.Sub(from)
	switch {
	case d < time.Minute:
		return c.Say("under a minute")
	case d < time.Hour:
		return c.Say("%d min", int(d.Minutes()))
	case d%time.Hour == 0:
		return c.Say("%d h", int(d.Hours()))
	}
	return c.Say("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
}

// lasted has the same shape as the scripts' clock.
func (c Clockface) lasted(d time.Duration) string {
	d = max(d, 0)
	s := int(d.Seconds())
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	case d < 24*time.Hour:
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return c.Say("%d d %d h", s/86400, s/3600%24)
}
