package teams

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/console/setup"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/roster"
)

// A choice is one of those that a form offers.
type choice struct {
	Value, Label string
	On           bool
}

// skillSet is what of the catalogue can be chosen as skills.
type skillSet struct{ Services, Categories, Languages []choice }

func skillsOf(c *matters.Catalogue, s roster.Skills) skillSet {
	return skillSet{services(c, s.Services), categories(c, s.Categories), languages(c, s.Languages)}
}

// services are those of all issue types, each code once: cases keep the code.
func services(c *matters.Catalogue, on []string) (all []choice) {
	for _, t := range c.IssueTypes {
		for _, s := range t.Services {
			all = append(all, choice{s.Code, s.Name, slices.Contains(on, s.Code)})
		}
	}
	return once(all, on)
}

func categories(c *matters.Catalogue, on []string) (all []choice) {
	for _, t := range c.IssueTypes {
		for _, s := range t.Services {
			for _, g := range s.Categories {
				all = append(all, choice{g.Code, g.Name, slices.Contains(on, g.Code)})
			}
		}
	}
	return once(all, on)
}

func languages(c *matters.Catalogue, on []string) (all []choice) {
	for _, l := range c.Languages {
		all = append(all, choice{l.Code, l.Name, slices.Contains(on, l.Code)})
	}
	return once(all, on)
}

// once leaves out what stands there already, and adds codes that are chosen but
// gone from the catalogue. What is chosen comes first.
func once(all []choice, on []string) []choice {
	for _, code := range on {
		all = append(all, choice{code, code, true})
	}
	seen := map[string]bool{}
	all = slices.DeleteFunc(all, func(c choice) bool {
		double := seen[c.Value]
		seen[c.Value] = true
		return double
	})
	slices.SortStableFunc(all, func(a, b choice) int {
		if a.On != b.On {
			if a.On {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Label, b.Label)
	})
	return all
}

// A teamPage is the form of a team.
type teamPage struct {
	work.Frame
	Wrong     setup.Wrong
	Team      roster.Team
	Fresh     bool
	Action    string
	Hours     roster.Written
	Members   []choice
	Skills    skillSet
	Zones     []string
	Was       string // how the team was when the form was filled in
	Meanwhile []form.Change
}

// stand is how a team stands in the form.
func stand(t roster.Team) form.Stand {
	members, hours := make([]string, len(t.Members)), roster.Write(t.Hours)
	for i, id := range t.Members {
		members[i] = string(id)
	}
	return form.Stand{
		t.Name, strings.Join(members, ", "), strings.Join(slices.Concat(t.Skills.Services, t.Skills.Categories, t.Skills.Languages), ", "),
		strings.TrimSpace(strings.Join([]string{hours.Zone, hours.Open, hours.Holidays}, "\n")),
	}
}

// compare says on a page how the team is now, and what somebody else changed while
// the reader typed.
func (p Pages) compare(r *http.Request, page *teamPage, agents []desk.Agent, why *desk.Refusal) error {
	if page.Fresh {
		return nil
	}
	now, err := p.team(r)
	if err != nil {
		return err
	}
	page.Was = stand(now).Text()
	was, looked := form.StandIn(r)
	if why == nil || !looked {
		return nil
	}
	if why.Field != "was" {
		page.Was = was.Text()
		return nil
	}
	page.Meanwhile = was.Changes(stand(now), page.Say("Name"), page.Say("Members"), page.Say("What it answers"), page.Say("When it is there"))
	var names []string
	for _, a := range agents {
		names = append(names, string(a.ID), a.Name)
	}
	called := strings.NewReplacer(names...)
	for i := range page.Meanwhile {
		page.Meanwhile[i].Was, page.Meanwhile[i].Is = called.Replace(page.Meanwhile[i].Was), called.Replace(page.Meanwhile[i].Is)
	}
	return nil
}

// zones are offered in the form; any other can be typed.
func zones() []string {
	return []string{
		"Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/New_York",
		"America/Sao_Paulo", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Kolkata", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo",
		"Australia/Sydney", "Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Dublin", "Europe/Istanbul", "Europe/Lisbon", "Europe/London",
		"Europe/Madrid", "Europe/Paris", "Europe/Rome", "Europe/Stockholm", "Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland", "UTC",
	}
}

func (p Pages) showTeam(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent, t roster.Team, hours roster.Written, why *desk.Refusal) error {
	title := t.Name
	if t.ID == "" {
		title = "New team"
	}
	f, err := h.Frame(r, who, "teams", title)
	if err != nil {
		return err
	}
	agents, err := p.agents(r)
	if err != nil {
		return err
	}
	page := teamPage{Frame: f, Team: t, Fresh: t.ID == "", Action: "/teams", Hours: hours, Skills: skillsOf(p.Catalogue(), t.Skills), Zones: zones()}
	if !page.Fresh {
		page.Action += "/" + string(t.ID)
	}
	for _, a := range agents {
		page.Members = append(page.Members, choice{string(a.ID), a.Name, t.Has(a.ID)})
	}
	if err := p.compare(r, &page, agents, why); err != nil {
		return err
	}
	code, wrong := status(why)
	page.Wrong = wrong
	return h.Show(w, code, "team", page)
}

// A seatPage is the form of what an agent takes on.
type seatPage struct {
	work.Frame
	Wrong    setup.Wrong
	Agent    desk.Agent
	Capacity string
	Skills   skillSet
}

// agent finds the agent whom {id} in the address names.
func (p Pages) agent(r *http.Request) (desk.Agent, error) {
	agents, err := p.agents(r)
	if err != nil {
		return desk.Agent{}, err
	}
	i := slices.IndexFunc(agents, func(a desk.Agent) bool { return string(a.ID) == r.PathValue("id") })
	if i < 0 {
		return desk.Agent{}, &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such agent who answers chats."}
	}
	return agents[i], nil
}

func (p Pages) getSeat(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	a, err := p.agent(r)
	if err != nil {
		return err
	}
	seats, err := p.Read.Seats(r.Context())
	if err != nil {
		return err
	}
	seat := roster.SeatOf(seats, a.ID)
	return p.showSeat(h, w, r, who, a, seat.Skills, strconv.Itoa(seat.Holds()), nil)
}

func (p Pages) showSeat(h room.House, w http.ResponseWriter, r *http.Request, who, a desk.Agent, s roster.Skills, capacity string, why *desk.Refusal) error {
	f, err := h.Frame(r, who, "teams", a.Name)
	if err != nil {
		return err
	}
	code, wrong := status(why)
	return h.Show(w, code, "seat", seatPage{Frame: f, Wrong: wrong, Agent: a, Capacity: capacity, Skills: skillsOf(p.Catalogue(), s)})
}

func (p Pages) postSeat(h room.House, w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	a, err := p.agent(r)
	if err != nil {
		return err
	}
	typed := r.PostForm.Get("capacity")
	seat := roster.Seat{Agent: a.ID, Skills: skillsIn(r.PostForm)}
	if seat.Capacity, err = strconv.Atoi(typed); err != nil || seat.Capacity < 1 {
		seat.Capacity = -1 // which is refused with what to write
	}
	err = p.Do.SaveSeat(r.Context(), by(who), seat)
	if why, ok := errors.AsType[*desk.Refusal](err); ok && why.Field != "" {
		return p.showSeat(h, w, r, who, a, seat.Skills, typed, why)
	}
	if err != nil {
		return err
	}
	return done(w, r, "seat")
}
