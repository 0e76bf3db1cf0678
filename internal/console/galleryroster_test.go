//go:build gallery

package console_test

import (
	"testing"
	"time"

	"caseline/internal/browsertest"
	"caseline/internal/casework/rosters"
	"caseline/internal/desk"
	"caseline/internal/desk/roster"
)

// TestGalleryRoster takes pictures of the queue with offers and of the teams' pages.
func TestGalleryRoster(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	for _, a := range []desk.Agent{s.jane, s.omar} {
		h.online(a)
	}
	h.role(s.jane, desk.RoleOperator)
	do := rosters.New(h.store, time.Now)
	hours, err := roster.Written{Zone: "Europe/Berlin", Open: "sun 03:00-03:30", Holidays: "12-25 Christmas Day"}.Read()
	if err != nil {
		t.Fatal(err)
	}
	save := func(team roster.Team) roster.Team {
		t.Helper()
		team, err := do.SaveTeam(t.Context(), desk.ByItself(), team)
		if err != nil {
			t.Fatal(err)
		}
		return team
	}
	save(roster.Team{Name: "Front desk", Members: []desk.AgentID{s.jane.ID, s.omar.ID}})
	night := save(roster.Team{Name: "Billing by night", Members: []desk.AgentID{s.omar.ID}, Skills: roster.Skills{Services: []string{"service-1", "service-2"}, Languages: []string{"de"}}, Hours: hours})
	if err := do.SaveSeat(t.Context(), desk.ByItself(), roster.Seat{Agent: s.omar.ID, Capacity: 2, Skills: roster.Skills{Languages: []string{"de"}}}); err != nil {
		t.Fatal(err)
	}
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	h.offers()
	shoot := func(name, path string) {
		t.Helper()
		tab.Visit(h.http.URL + path)
		tab.Until(`document.documentElement.classList.contains('js')`)
		tab.Shot(name, browsertest.Light, browsertest.Dark)
	}
	shoot("roster-queue", "/")
	shoot("roster-case", "/cases/"+string(s.requested.Number))
	shoot("roster-teams", "/teams")
	shoot("roster-team", "/teams/"+string(night.ID))
	shoot("roster-seat", "/seats/"+string(s.omar.ID))
}
