package acts

import (
	"net/http"
	"strconv"
	"time"

	"caseline/internal/console/drawn"
	"caseline/internal/desk"
)

// A Pause is how long a case can be put away, as one chooses it.
type Pause struct {
	Value string // of the field "until"
	Name  string
	Until time.Time
}

// Pauses are those that a reader can choose now.
func Pauses(face drawn.Clockface) []Pause {
	now := face.Now.In(face.Zone)
	morning := func(days int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, 9, 0, 0, 0, face.Zone)
	}
	toMonday := (8 - int(now.Weekday())) % 7
	if toMonday == 0 {
		toMonday = 7
	}
	return []Pause{
		{"1h", face.Say("For an hour"), now.Add(time.Hour)},
		{"3h", face.Say("For three hours"), now.Add(3 * time.Hour)},
		{"tomorrow", face.Say("Until tomorrow morning"), morning(1)},
		{"monday", face.Say("Until Monday morning"), morning(toMonday)},
	}
}

// Until is the time that a form names: a pause, or in the field "at" a time of its
// own, in the reader's zone.
func Until(r *http.Request, face drawn.Clockface) (time.Time, error) {
	if at := r.PostForm.Get("at"); at != "" && r.PostForm.Get("until") == "at" {
		t, err := time.ParseInLocation("2006-01-02T15:04", at, face.Zone)
		if err != nil {
			return t, &desk.Refusal{Kind: desk.ErrInvalid, Field: "at", Message: "Write the day and the time, for example 2026-03-31 09:00."}
		}
		return t, nil
	}
	for _, p := range Pauses(face) {
		if p.Value == r.PostForm.Get("until") {
			return p.Until, nil
		}
	}
	return time.Time{}, &desk.Refusal{Kind: desk.ErrInvalid, Field: "until", Message: "Choose when the case comes back."}
}

// postSnooze keeps the case out of the agent's lists for a time.
func (s *Actions) postSnooze(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, _, err := s.wish(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("sure") == "" {
		return s.ask(w, r, who, c, "snooze")
	}
	until, err := Until(r, drawn.Clockface{Zone: drawn.ZoneOf(r), Now: s.Forms.Now()})
	if err == nil {
		seen, bad := strconv.ParseInt(r.PostForm.Get("seen"), 10, 64)
		if bad != nil {
			seen = c.LastSeq
		}
		err = s.Keeping.SnoozeAfter(r.Context(), who, c.ID, until, seen)
	}
	if err != nil {
		return s.askAgain(w, r, who, "snooze", err)
	}
	return Done(w, r, c)
}

// postWake has it back there.
func (s *Actions) postWake(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, _, err := s.wish(r)
	if err != nil {
		return err
	}
	if err := s.Keeping.Wake(r.Context(), who, c.ID); err != nil {
		return err
	}
	return Done(w, r, c)
}
