package teams

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"caseline/internal/console/room"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
)

// An overview is the page of all teams and seats.
type overview struct {
	work.Frame
	Teams []teamRow
	Seats []seatRow
}

// A teamRow is a team as the overview lists it.
type teamRow struct {
	roster.Team
	Skilled string // what it answers
	Who     string // its members
	Hours   string // when it is there
	Open    bool   // it is there now
}

// A seatRow is an agent as the overview lists them.
type seatRow struct {
	desk.Agent
	State, Says string // their presence, as a word and as people read it
	Skilled     string
	Chats       string
}

func (p Pages) getTeams(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	f, err := h.Frame(r, who, "teams", "Teams")
	if err != nil {
		return err
	}
	f.Notice = f.Text(said(r.URL.Query().Get("did")))
	page := overview{Frame: f}
	teams, err := p.Read.Teams(r.Context())
	if err != nil {
		return err
	}
	agents, err := p.agents(r)
	if err != nil {
		return err
	}
	c := p.Catalogue()
	for _, t := range teams {
		open, next := t.Hours.Next(f.Now)
		page.Teams = append(page.Teams, teamRow{Team: t, Skilled: skilled(f, c, t.Skills), Who: names(f, t, agents), Hours: hoursLine(f, t.Hours, open, next), Open: open})
	}
	if page.Seats, err = p.seatRows(r, f, c, agents); err != nil {
		return err
	}
	return h.Show(w, http.StatusOK, "teams", page)
}

// agents are those who may answer.
func (p Pages) agents(r *http.Request) ([]desk.Agent, error) {
	all, err := p.Read.Agents(r.Context())
	return slices.DeleteFunc(all, func(a desk.Agent) bool { return !rights.May(a, rights.Answer) }), err
}

func (p Pages) seatRows(r *http.Request, f work.Frame, c *matters.Catalogue, agents []desk.Agent) (rows []seatRow, err error) {
	seats, err := p.Read.Seats(r.Context())
	if err != nil {
		return nil, err
	}
	loads, err := p.Read.Loads(r.Context())
	if err != nil {
		return nil, err
	}
	devices, err := p.Read.Devices(r.Context(), f.Now.Add(-roster.OfflineAfter))
	if err != nil {
		return nil, err
	}
	for _, a := range agents {
		seat, load := roster.SeatOf(seats, a.ID), store.Load{}
		if i := slices.IndexFunc(loads, func(l store.Load) bool { return l.Agent == a.ID }); i >= 0 {
			load = loads[i]
		}
		there := roster.There(a, f.Now)
		rows = append(rows, seatRow{
			Agent: a, State: string(there), Says: presence(f, there, roster.Connected(devices, a.ID, f.Now)), Skilled: skilled(f, c, seat.Skills),
			Chats: f.Say("%d of %d chats", load.Chats, seat.Holds()),
		})
	}
	return rows, nil
}

// presence says whether somebody is there, and where.
func presence(f work.Frame, there desk.Presence, at []roster.Device) string {
	phones, computers := 0, 0
	for _, d := range at {
		if d.Phone {
			phones++
		} else {
			computers++
		}
	}
	word := map[desk.Presence]string{desk.Online: f.Say("Online"), desk.Away: f.Say("Away"), roster.Offline: f.Say("Offline")}[there]
	switch {
	case there == roster.Offline || phones+computers == 0:
		return word
	case phones == 0:
		return f.Say("%s at %s", word, f.Count(computers, "1 computer", "%d computers"))
	case computers == 0:
		return f.Say("%s by phone", word)
	}
	return f.Say("%s at a computer and by phone", word)
}

// skilled says what somebody answers.
func skilled(f work.Frame, c *matters.Catalogue, s roster.Skills) string {
	var parts []string
	for _, list := range [][]choice{services(c, s.Services), categories(c, s.Categories), languages(c, s.Languages)} {
		var on []string
		for _, one := range list {
			if one.On {
				on = append(on, one.Label)
			}
		}
		if len(on) > 0 {
			parts = append(parts, strings.Join(on, ", "))
		}
	}
	if len(parts) == 0 {
		return f.Say("Everything")
	}
	return strings.Join(parts, " · ")
}

func names(f work.Frame, t roster.Team, agents []desk.Agent) string {
	var all []string
	for _, a := range agents {
		if t.Has(a.ID) {
			all = append(all, a.Name)
		}
	}
	if len(all) == 0 {
		return f.Say("No members")
	}
	return strings.Join(all, ", ")
}

// hoursLine says when a team is there.
func hoursLine(f work.Frame, h matters.Hours, open bool, next time.Time) string {
	switch {
	case h.Zone == nil:
		return f.Say("By the hours of the catalogue")
	case open:
		return f.Say("There now")
	case next.IsZero():
		return f.Say("Not there")
	}
	return f.Say("There again on %s", fmt.Sprint(f.Date(next.In(h.Zone), "Monday, 2 January, 15:04"), " (", h.Zone, ")"))
}
