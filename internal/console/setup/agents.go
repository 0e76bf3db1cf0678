package setup

import (
	"context"
	"net/http"
	"strings"

	"caseline/internal/auth"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// Agents are what operators can ask for about those who sign in.
type Agents interface {
	AddAgent(ctx context.Context, by desk.By, email, name, password string, role desk.Role) (desk.Agent, error)
	SetPassword(ctx context.Context, by desk.By, email, password string) error
	SetRole(ctx context.Context, by desk.By, email string, role desk.Role) error
	SetDisabled(ctx context.Context, by desk.By, email string, disabled bool) error
}

const agentsPath = "/setup/agents"

type agentsPage struct {
	work.Frame
	Agents []desk.Agent
	About  string // the address of the agent whom Wrong is about; empty for the new one

	Email, Name, Role string // as typed
	Wrong             Wrong
}

// Least is how long a password is at least, in characters.
func (agentsPage) Least() int { return auth.MinPassword }

func (p *Pages) agentsPage(r *http.Request, who desk.Agent) (page agentsPage, err error) {
	if page.Frame, err = p.frame(r, who, "setup", "Agents"); err != nil {
		return page, err
	}
	page.Frame.Path, page.Role = agentsPath, string(desk.RoleAgent)
	page.Agents, err = p.Read.Agents(r.Context())
	return page, err
}

func (p *Pages) getAgents(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.agentsPage(r, who)
	if err != nil {
		return err
	}
	return p.Show(w, http.StatusOK, "agents", page)
}

func (p *Pages) postNewAgent(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	get := r.PostForm.Get
	_, err := p.Who.AddAgent(r.Context(), asAgent(who), get("email"), get("name"), get("password"), desk.Role(get("role")))
	if err == nil {
		return leave(w, r, agentsPath, "agent-added")
	}
	return p.agentsAgain(w, r, who, "", err)
}

// postAgent changes one agent: what is pressed says how.
func (p *Pages) postAgent(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	get, by := r.PostForm.Get, asAgent(who)
	email, did, err := auth.NormalEmail(get("email")), get("do"), error(nil)
	switch did {
	case "operator", "agent":
		err = p.Who.SetRole(r.Context(), by, email, desk.Role(did))
	case "disable", "enable":
		err = p.Who.SetDisabled(r.Context(), by, email, did == "disable")
	case "password":
		err = p.Who.SetPassword(r.Context(), by, email, get("password"))
	default:
		err = &desk.Refusal{Kind: desk.ErrInvalid, Message: "The page does not know what to do. Load it again."}
	}
	if err == nil {
		return leave(w, r, agentsPath, "agent-"+did)
	}
	return p.agentsAgain(w, r, who, email, err)
}

// agentsAgain shows the agents with what was typed and why it cannot be.
func (p *Pages) agentsAgain(w http.ResponseWriter, r *http.Request, who desk.Agent, about string, err error) error {
	why, ok := allWrong(err, "email")
	if !ok || web.WantsJSON(r) {
		return err
	}
	page, broken := p.agentsPage(r, who)
	if broken != nil {
		return broken
	}
	if page.About, page.Wrong = about, why; about == "" {
		page.Email, page.Name, page.Role = r.PostForm.Get("email"), r.PostForm.Get("name"), r.PostForm.Get("role")
	}
	return p.Show(w, web.StatusOf(err), "agents", page)
}

// allWrong is wrong of every refusal that is joined in err.
func allWrong(err error, usual string) (Wrong, bool) {
	many, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return wrong(err, usual)
	}
	all := Wrong{}
	for _, err := range many.Unwrap() {
		why, ok := wrong(err, usual)
		if !ok {
			return nil, false
		}
		for field, message := range why {
			all[field] = strings.TrimSpace(all[field] + " " + message)
		}
	}
	return all, true
}

func asAgent(who desk.Agent) desk.By {
	return desk.By{Actor: desk.ByAgent(who), Via: desk.ViaConsole}
}
