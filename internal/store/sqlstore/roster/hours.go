package roster

import (
	"encoding/json"
	"fmt"
	"time"

	"caseline/internal/desk/matters"
)

// hours are when a team is there as it is stored, readable by hand.
type hours struct {
	Zone     string    `json:"zone"`
	Open     []span    `json:"open,omitempty"`
	Holidays []holiday `json:"holidays,omitempty"`
}

type span struct {
	Days []time.Weekday `json:"days"` // 0 is Sunday
	From int            `json:"from"` // minutes since midnight
	To   int            `json:"to"`
}

type holiday struct {
	Year  int    `json:"year,omitempty"` // 0: every year
	Month int    `json:"month"`
	Day   int    `json:"day"`
	Name  string `json:"name,omitempty"`
}

func writeHours(h matters.Hours) string {
	if h.Zone == nil {
		return ""
	}
	out := hours{Zone: h.Zone.String()}
	for _, s := range h.Open {
		out.Open = append(out.Open, span(s))
	}
	for _, d := range h.Holidays {
		out.Holidays = append(out.Holidays, holiday{d.Year, int(d.Month), d.Day, d.Name})
	}
	text, _ := json.Marshal(out) // strings and numbers always marshal
	return string(text)
}

func readHours(text string) (h matters.Hours, err error) {
	if text == "" {
		return h, nil
	}
	var in hours
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		return h, fmt.Errorf("hours: %w", err)
	}
	if h.Zone, err = time.LoadLocation(in.Zone); err != nil {
		return h, fmt.Errorf("hours: %w", err)
	}
	for _, s := range in.Open {
		h.Open = append(h.Open, matters.Span(s))
	}
	for _, d := range in.Holidays {
		h.Holidays = append(h.Holidays, matters.Holiday{Year: d.Year, Month: time.Month(d.Month), Day: d.Day, Name: d.Name})
	}
	return h, nil
}
