package people

import (
	"errors"
	"net/http"

	"caseline/internal/auth"
	"caseline/internal/console/setup"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// agentPage is what operators see of one agent.
type agentPage struct {
	work.Frame
	Agent    agentRow
	Roles    []roleRow
	Must     bool // they may not do without a second factor
	Spare    int  // of their recovery codes
	SignIns  []sessionRow
	Name     string // as typed
	Role     string
	Wrong    setup.Wrong
	Problem  string        // with what was pressed
	Invited  *auth.Invited // what was done just now
	Password bool          // they have one
}

func (p pages) agent(r *http.Request) (desk.Agent, error) {
	a, err := p.Read.Agent(r.Context(), desk.AgentID(r.PathValue("agent")))
	if errors.Is(err, desk.ErrNotFound) {
		err = &desk.Refusal{Kind: desk.ErrNotFound, Message: "There is no such agent."}
	}
	return a, err
}

func (p pages) agentPage(r *http.Request, who, a desk.Agent) (page agentPage, err error) {
	if page.Frame, err = p.frame(r, who, "setup", a.Name); err != nil {
		return page, err
	}
	page.Agent = agentRow{Agent: a, RoleName: roleName(page.Frame, a.Role), You: a.ID == who.ID}
	page.Frame.Path, page.Roles, page.Name, page.Role = page.Agent.Path(), roles(page.Frame), a.Name, string(a.Role)
	page.Must, page.Password = p.Auth.MustHaveFactor(a), a.PasswordHash != ""
	if page.Agent.Factor, page.Spare, err = p.Auth.HasFactor(r.Context(), a.ID); err != nil {
		return page, err
	}
	page.SignIns, err = p.sessions(r, page.Frame, a.ID)
	return page, err
}

func (p pages) getAgent(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	a, err := p.agent(r)
	if err != nil {
		return err
	}
	page, err := p.agentPage(r, who, a)
	if err != nil {
		return err
	}
	return p.house.Show(w, http.StatusOK, "agent", page)
}

// postAgent gives an agent another name or role.
func (p pages) postAgent(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	a, err := p.agent(r)
	if err != nil {
		return err
	}
	name, role := r.PostForm.Get("name"), r.PostForm.Get("role")
	err = p.Auth.Rename(r.Context(), by(who), a.ID, name)
	if err == nil {
		err = field(p.Auth.SetRole(r.Context(), by(who), a.Email, desk.Role(role)), "role")
	}
	if err == nil {
		return leave(w, r, agentRow{Agent: a}.Path(), "saved")
	}
	why, ok := allWrong(err, "name")
	if !ok || web.WantsJSON(r) {
		return err
	}
	page, broken := p.agentPage(r, who, a)
	if broken != nil {
		return broken
	}
	page.Name, page.Role, page.Wrong = name, role, why
	return p.house.Show(w, web.StatusOf(err), "agent", page)
}

// field says of a refusal which field of the form it is about.
func field(err error, name string) error {
	if refusal, ok := errors.AsType[*desk.Refusal](err); ok {
		return &desk.Refusal{Kind: refusal.Kind, Field: name, Message: refusal.Message}
	}
	return err
}

// postDo does with an agent what is pressed.
func (p pages) postDo(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	a, err := p.agent(r)
	if err != nil {
		return err
	}
	ctx, did, invited := r.Context(), r.PostForm.Get("do"), auth.Invited{}
	switch did {
	case "out", "in":
		err = p.Auth.SetDisabled(ctx, by(who), a.Email, did == "out")
	case "factor":
		err = p.Auth.RemoveFactor(ctx, by(who), a.ID)
	case "ended":
		err = p.Auth.EndSignIn(ctx, by(who), a.ID, r.PostForm.Get("sign-in"))
	case "all-ended":
		err = p.Auth.EndSignIn(ctx, by(who), a.ID, "")
	case "link":
		invited, err = p.Auth.InviteAgain(ctx, by(who), a.ID)
	default:
		err = &desk.Refusal{Kind: desk.ErrInvalid, Message: "The page does not know what to do. Load it again."}
	}
	if err == nil && did != "link" {
		return leave(w, r, agentRow{Agent: a}.Path(), did)
	}
	refusal, ok := errors.AsType[*desk.Refusal](err)
	if err != nil && (!ok || web.WantsJSON(r)) {
		return err
	}
	page, broken := p.agentPage(r, who, a)
	if broken != nil {
		return broken
	}
	if err != nil {
		page.Problem = refusal.Message
		return p.house.Show(w, web.StatusOf(err), "agent", page)
	}
	page.Invited = &invited
	return p.house.Show(w, http.StatusOK, "agent", page)
}
