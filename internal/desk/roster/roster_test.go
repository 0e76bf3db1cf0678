package roster_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
)

func TestSkillsCoverWhatTheyName(t *testing.T) {
	invoice := desk.Case{Service: "billing", Category: "invoice", Language: "de"}
	for _, tc := range []struct {
		skills roster.Skills
		of     desk.Case
		want   bool
	}{
		{roster.Skills{}, invoice, true},
		{roster.Skills{Services: []string{"vpn", "billing"}}, invoice, true},
		{roster.Skills{Services: []string{"vpn"}}, invoice, false},
		{roster.Skills{Categories: []string{"invoice"}, Languages: []string{"de"}}, invoice, true},
		{roster.Skills{Categories: []string{"vat"}}, invoice, false},
		{roster.Skills{Languages: []string{"fr", "en"}}, invoice, false},
		{roster.Skills{Services: []string{"vpn"}, Languages: []string{"fr"}}, desk.Case{}, true}, // from before the catalogue
	} {
		if got := tc.skills.Covers(&tc.of); got != tc.want {
			t.Errorf("%+v for %s: got %v", tc.skills, tc.of.About(), got)
		}
	}
}

func TestWhoIsThere(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		chose desk.Presence
		seen  time.Time
		want  desk.Presence
	}{
		{desk.Online, now, desk.Online},
		{"", now.Add(-59 * time.Second), desk.Online},
		{desk.Online, now.Add(-time.Minute), roster.Offline},
		{desk.Away, now, desk.Away},
		{desk.Away, now.Add(-time.Hour), roster.Offline},
		{desk.Online, time.Time{}, roster.Offline},
	} {
		if got := roster.There(desk.Agent{Presence: tc.chose, SeenAt: tc.seen}, now); got != tc.want {
			t.Errorf("%q, seen at %s: got %s, want %s", tc.chose, tc.seen, got, tc.want)
		}
	}
	at := func(agent desk.AgentID, id string, before time.Duration) roster.Device {
		return roster.Device{Agent: agent, ID: id, SeenAt: now.Add(-before)}
	}
	got := roster.Connected([]roster.Device{at("jane", "a", 0), at("jane", "b", time.Minute), at("omar", "c", 0)}, "jane", now)
	if len(got) != 1 || got[0].ID != "a" {
		t.Errorf("connected: got %+v", got)
	}
	for _, tc := range []struct {
		seen, looked time.Duration // ago
		want         bool
	}{{0, 0, true}, {59 * time.Second, 5*time.Minute - 1, true}, {0, 5 * time.Minute, false}, {time.Minute, 0, false}} {
		d := at("jane", "a", tc.seen)
		d.LookedAt = now.Add(-tc.looked)
		if got := roster.Attentive([]roster.Device{at("jane", "b", 0), d}, "jane", now); got != tc.want || roster.Attentive([]roster.Device{d}, "omar", now) {
			t.Errorf("seen %s ago, looked %s ago: got %v", tc.seen, tc.looked, got)
		}
	}
	if roster.Attentive([]roster.Device{at("jane", "b", 0)}, "jane", now) {
		t.Error("somebody is at a device that never said so")
	}
}

func TestWhatATeamAndASeatMayBe(t *testing.T) {
	team := roster.Team{Name: "  Front \n desk "}
	if err := team.Check(); err != nil || team.Name != "Front desk" {
		t.Errorf("got %v, %q", err, team.Name)
	}
	for _, name := range []string{" ", strings.Repeat("x", 61)} {
		if err := (&roster.Team{Name: name}).Check(); !errors.Is(err, desk.ErrInvalid) {
			t.Errorf("a team called %q: got %v", name, err)
		}
	}
	for capacity, holds := range map[int]int{0: roster.DefaultCapacity, 1: 1, 50: 50} {
		s := roster.Seat{Capacity: capacity}
		if err := s.Check(); err != nil || s.Holds() != holds {
			t.Errorf("a capacity of %d: got %v, %d", capacity, err, s.Holds())
		}
	}
	for _, capacity := range []int{-1, 51} {
		if err := (roster.Seat{Capacity: capacity}).Check(); !errors.Is(err, desk.ErrInvalid) {
			t.Errorf("a capacity of %d: got %v", capacity, err)
		}
	}
}
