package keep

import (
	"errors"
	"net/http"
	"strings"

	"caseline/internal/console/form"
	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/roster"
	"caseline/internal/web"
)

func isMissing(err error) bool { return errors.Is(err, desk.ErrNotFound) }

// A group are the canned replies of one owner.
type group struct {
	For     string // what the form calls the owner: me, all, or the id of a team
	Title   string
	Replies []personal.Canned
	May     bool // the reader may change them
}

// What the field "for" of a reply's form says besides the id of a team.
const (
	forMe  = "me"
	forAll = "all"
)

// repliesPage is the page of canned replies.
type repliesPage struct {
	work.Frame
	Groups    []group
	Blanks    []string
	Form      personal.Canned // what is in the form
	For       string
	Wrong     *desk.Refusal
	Lead      bool
	Was       string // how the reply was when the form was filled in
	Meanwhile []form.Change
}

// stand is how a reply stands in the form.
func stand(c personal.Canned) form.Stand { return form.Stand{c.Name, owner(c), c.Text} }

// Any reports whether there is any reply.
func (p repliesPage) Any() bool {
	for _, g := range p.Groups {
		if len(g.Replies) > 0 {
			return true
		}
	}
	return false
}

// Field is what is wrong with a field of the form.
func (p repliesPage) Field(name string) string {
	if p.Wrong == nil || p.Wrong.Field != name {
		return ""
	}
	return p.Wrong.Message
}

// replies are the canned replies that an agent can use, by whose they are: the
// agent's own, those of the agent's teams, and everybody's. Leads see all teams
// where they can change them.
func (s rooms) replies(r *http.Request, who desk.Agent, change bool) ([]group, error) {
	all, err := s.Read.CannedReplies(r.Context(), who.ID)
	if err != nil {
		return nil, err
	}
	teams, err := s.Read.Teams(r.Context())
	if err != nil {
		return nil, err
	}
	lead, speak := rights.May(who, rights.Lead), tongue.From(r.Context())
	groups := []group{{For: forMe, Title: speak.Say("Only for you"), May: true}, {For: forAll, Title: speak.Say("For everybody"), May: lead}}
	for _, t := range teams {
		if t.Has(who.ID) || change && lead {
			groups = append(groups, group{For: string(t.ID), Title: speak.Say("For the team %s", t.Name), May: lead})
		}
	}
	for _, c := range all {
		for i := range groups {
			if groups[i].For == owner(c) {
				groups[i].Replies = append(groups[i].Replies, c)
			}
		}
	}
	return groups, nil
}

// owner is what the form calls whose a reply is.
func owner(c personal.Canned) string {
	switch {
	case c.Agent != "":
		return forMe
	case c.Team != "":
		return string(c.Team)
	}
	return forAll
}

func (s rooms) getReplies(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page := repliesPage{For: forMe}
	if id := r.URL.Query().Get("edit"); id != "" {
		c, err := s.Read.Canned(r.Context(), personal.CannedID(id))
		if err != nil || c.Agent != "" && c.Agent != who.ID {
			return form.Missing(err, "There is no such reply any more.")
		}
		page.Form, page.For, page.Was = c, owner(c), stand(c).Text()
	}
	return s.repliesPage(w, r, who, http.StatusOK, page)
}

func (s rooms) repliesPage(w http.ResponseWriter, r *http.Request, who desk.Agent, status int, page repliesPage) error {
	f, err := s.Frame(r, who, "replies", "Canned replies")
	if err != nil {
		return err
	}
	page.Frame, page.Blanks, page.Lead = f, personal.Blanks(), rights.May(who, rights.Lead)
	if page.Groups, err = s.replies(r, who, true); err != nil {
		return err
	}
	return s.Show(w, status, "replies", page)
}

// postReply adds a reply, or changes the one that the field "id" names.
func (s rooms) postReply(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	c := personal.Canned{
		ID: personal.CannedID(r.PostForm.Get("id")), Name: strings.TrimPrefix(strings.TrimSpace(r.PostForm.Get("name")), "/"),
		Text: strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n"),
	}
	whose := r.PostForm.Get("for")
	switch whose {
	case forMe, "":
		c.Agent = who.ID
	case forAll:
	default:
		teams, err := s.Read.Teams(r.Context())
		if err != nil {
			return err
		}
		if !hasTeam(teams, whose) {
			return &desk.Refusal{Kind: desk.ErrInvalid, Field: "for", Message: "There is no such team any more. Choose another."}
		}
		c.Team = roster.TeamID(whose)
	}
	was, looked := form.StandIn(r)
	err := s.Do.ChangeReply(r.Context(), who, c, func(now personal.Canned) bool { return !looked || was.Holds(stand(now)) })
	if why, ok := errors.AsType[*desk.Refusal](err); ok && !web.WantsJSON(r) {
		page := repliesPage{Form: c, For: whose, Wrong: why, Was: r.PostForm.Get("was")}
		if why.Field == "was" {
			now, err := s.Read.Canned(r.Context(), c.ID)
			if err != nil {
				return form.Missing(err, "There is no such reply any more.")
			}
			speak := tongue.From(r.Context())
			page.Was, page.Meanwhile = stand(now).Text(), was.Changes(stand(now), speak.Say("Name"), speak.Say("Who uses it"), speak.Say("What it says"))
		}
		return s.repliesPage(w, r, who, web.StatusOf(why), page)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/replies", http.StatusSeeOther)
	return nil
}

func hasTeam(teams []roster.Team, id string) bool {
	for _, t := range teams {
		if string(t.ID) == id {
			return true
		}
	}
	return false
}

func (s rooms) postDropReply(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := s.Do.DropReply(r.Context(), who, personal.CannedID(r.PathValue("id"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/replies", http.StatusSeeOther)
	return nil
}
