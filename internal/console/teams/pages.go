package teams

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/console/setup"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/roster"
	"caseline/internal/store"
	"caseline/internal/web"
)

// UseCases are what leads can ask for.
type UseCases interface {
	ChangeTeam(ctx context.Context, by desk.By, t roster.Team, still func(roster.Team) bool) (roster.Team, error)
	RemoveTeam(context.Context, desk.By, roster.TeamID) error
	SaveSeat(context.Context, desk.By, roster.Seat) error
}

// Reader is what the pages read.
type Reader interface {
	Agents(context.Context) ([]desk.Agent, error)
	Teams(context.Context) ([]roster.Team, error)
	Seats(context.Context) ([]roster.Seat, error)
	Devices(context.Context, time.Time) ([]roster.Device, error)
	Loads(context.Context) ([]store.Load, error)
}

// Pages are the room of teams.
type Pages struct {
	Do        UseCases
	Read      Reader
	Catalogue func() *matters.Catalogue
}

// A handler answers a request in the house.
type handler func(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error

// Doors are its addresses.
func (p Pages) Doors(h room.House) map[string]room.Door {
	doors := map[string]room.Door{}
	for pattern, answer := range map[string]handler{
		"GET /teams":              p.getTeams,
		"GET /teams/new":          p.getNew,
		"POST /teams":             p.postTeam,
		"GET /teams/{id}":         p.getTeam,
		"POST /teams/{id}":        p.postTeam,
		"POST /teams/{id}/remove": p.postRemove,
		"GET /seats/{id}":         p.getSeat,
		"POST /seats/{id}":        p.postSeat,
	} {
		doors[pattern] = room.Door{May: rights.Lead, Answer: func(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
			return answer(h, w, r, who)
		}}
	}
	return doors
}

// said are what the overview says once about what was done.
func said(did string) string {
	return map[string]string{
		"saved": tongue.Mark("The team is saved."), "removed": tongue.Mark("The team is removed. Its members keep their chats."), "seat": tongue.Mark("Saved. It holds for the next chat that is offered."),
	}[did]
}

func by(who desk.Agent) desk.By { return desk.By{Actor: desk.ByAgent(who), Via: desk.ViaConsole} }

// done leads back to the overview, which says what was done.
func done(w http.ResponseWriter, r *http.Request, did string) error {
	http.Redirect(w, r, "/teams?"+url.Values{"did": {did}}.Encode(), http.StatusSeeOther)
	return nil
}

// team finds the team that {id} in the address names.
func (p Pages) team(r *http.Request) (roster.Team, error) {
	all, err := p.Read.Teams(r.Context())
	if err != nil {
		return roster.Team{}, err
	}
	i := slices.IndexFunc(all, func(t roster.Team) bool { return string(t.ID) == r.PathValue("id") })
	if i < 0 {
		return roster.Team{}, &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such team any more. Somebody may have removed it."}
	}
	return all[i], nil
}

func (p Pages) getNew(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	return p.showTeam(h, w, r, who, roster.Team{}, roster.Written{}, nil)
}

func (p Pages) getTeam(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	t, err := p.team(r)
	if err != nil {
		return err
	}
	return p.showTeam(h, w, r, who, t, roster.Write(t.Hours), nil)
}

// postTeam makes a team, or changes one.
func (p Pages) postTeam(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	t := roster.Team{ID: roster.TeamID(r.PathValue("id")), Name: r.PostForm.Get("name"), Skills: skillsIn(r.PostForm)}
	for _, id := range r.PostForm["members"] {
		t.Members = append(t.Members, desk.AgentID(id))
	}
	typed := roster.Written{Zone: r.PostForm.Get("zone"), Open: r.PostForm.Get("open"), Holidays: r.PostForm.Get("holidays")}
	hours, err := typed.Read()
	if err == nil {
		t.Hours = hours
		was, looked := form.StandIn(r)
		_, err = p.Do.ChangeTeam(r.Context(), by(who), t, func(now roster.Team) bool { return !looked || was.Holds(stand(now)) })
	}
	if why, ok := errors.AsType[*desk.Refusal](err); ok && why.Field != "" {
		return p.showTeam(h, w, r, who, t, typed, why)
	}
	if err != nil {
		return err
	}
	return done(w, r, "saved")
}

func (p Pages) postRemove(_ room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := p.Do.RemoveTeam(r.Context(), by(who), roster.TeamID(r.PathValue("id"))); err != nil {
		return err
	}
	return done(w, r, "removed")
}

func skillsIn(f url.Values) roster.Skills {
	return roster.Skills{Services: f["services"], Categories: f["categories"], Languages: f["languages"]}
}

// status is how a page is answered that says what is wrong.
func status(why *desk.Refusal) (int, setup.Wrong) {
	if why == nil {
		return http.StatusOK, nil
	}
	return web.StatusOf(why), setup.Wrong{why.Field: why.Message}
}
