package people

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"caseline/internal/auth"
	"caseline/internal/console/form"
	"caseline/internal/console/room"
	"caseline/internal/console/setup"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/signin"
	"caseline/internal/web"
)

// Reader is what the pages read.
type Reader interface {
	Agent(ctx context.Context, id desk.AgentID) (desk.Agent, error)
	Agents(ctx context.Context) ([]desk.Agent, error)
	Invitations(ctx context.Context) ([]signin.Invitation, error)
	WithFactor(ctx context.Context) ([]desk.AgentID, error)
}

// A Room has the pages.
type Room struct {
	Auth *auth.Service
	Read Reader
	// Pictured reports whether an agent has chosen a picture.
	Pictured func(ctx context.Context, a desk.AgentID) (bool, error)
}

// pages are a room in a house.
type pages struct {
	Room
	house room.House
}

// The addresses of operators' pages.
const (
	Path            = "/setup/agents"
	invitationsPath = "/setup/invitations"
)

// Doors are the room's addresses.
func (r Room) Doors(h room.House) map[string]room.Door {
	p := pages{r, h}
	return map[string]room.Door{
		"GET " + Path:                                {May: rights.Agents, Answer: p.getAgents},
		"GET " + Path + "/{agent}":                   {May: rights.Agents, Answer: p.getAgent},
		"POST " + Path + "/{agent}":                  {May: rights.Agents, Answer: p.postAgent},
		"POST " + Path + "/{agent}/do":               {May: rights.Agents, Answer: p.postDo},
		"POST " + invitationsPath:                    {May: rights.Agents, Answer: p.postInvitation},
		"POST " + invitationsPath + "/{id}/withdraw": {May: rights.Agents, Answer: p.postWithdraw},
		"POST " + invitationsPath + "/{id}/again":    {May: rights.Agents, Answer: p.postAgain},
		"GET /me":                       {May: rights.Own, Answer: p.getMe},
		"POST /me/password":             {May: rights.Own, Answer: p.postPassword},
		"GET /me/second-factor":         {May: rights.Own, Answer: p.getFactor},
		"POST /me/second-factor":        {May: rights.Own, Answer: p.postFactor},
		"POST /me/second-factor/codes":  {May: rights.Own, Answer: p.postSpare},
		"POST /me/second-factor/remove": {May: rights.Own, Answer: p.postDropFactor},
		"POST /me/sign-ins/end":         {May: rights.Own, Answer: p.postEnd},
	}
}

// A roleRow is a role in a menu, and what it may do.
type roleRow struct {
	Role desk.Role
	Name string
	May  string
}

// roles are all, by how many there usually are.
func roles(f work.Frame) []roleRow {
	return []roleRow{
		{desk.RoleAgent, f.Say("Agent"), f.Say("Answers customers: joins chats, writes, ends chats and resolves cases.")},
		{desk.RoleLead, f.Say("Lead"), f.Say("Runs the team: does what agents do, sees reports, and steps into the chats of others.")},
		{desk.RoleOperator, f.Say("Operator"), f.Say("Runs the server: may do everything, also the setup, the agents and the audit log.")},
		{desk.RoleAuditor, f.Say("Auditor"), f.Say("Sees everything, also the audit log, and changes nothing.")},
	}
}

// roleName is a role for people.
func roleName(f work.Frame, role desk.Role) string {
	all := roles(f)
	if at := slices.IndexFunc(all, func(r roleRow) bool { return r.Role == role }); at >= 0 {
		return all[at].Name
	}
	return string(role)
}

// An agentRow is an agent in the list.
type agentRow struct {
	desk.Agent
	RoleName string
	Factor   bool
	You      bool
}

// Path is where their page is.
func (a agentRow) Path() string { return Path + "/" + url.PathEscape(string(a.ID)) }

// An invitationRow is an invitation in the list.
type invitationRow struct {
	signin.Invitation
	RoleName string
	Old      bool // it is good no more
	Unmailed bool // the mail server did not take its link
}

type agentsPage struct {
	work.Frame
	Agents      []agentRow // those that are looked for
	All         int
	Out         int // of them shut out
	Invitations []invitationRow
	Roles       []roleRow
	Q           string
	Only        string // a role; empty for all
	State       string // in or out; empty for both

	Email, Role string // of the invitation, as typed
	Wrong       setup.Wrong
	Invited     *auth.Invited // what was done just now
	Mails       bool
}

// Narrowed reports whether some are left out.
func (p agentsPage) Narrowed() bool { return p.Q != "" || p.Only != "" || p.State != "" }

func (p pages) agentsPage(r *http.Request, who desk.Agent) (page agentsPage, err error) {
	if page.Frame, err = p.frame(r, who, "setup", "Agents"); err != nil {
		return page, err
	}
	page.Frame.Path, page.Roles, page.Role, page.Mails = Path, roles(page.Frame), string(desk.RoleAgent), p.Auth.Mails()
	q := r.URL.Query()
	page.Q, page.Only, page.State = strings.TrimSpace(q.Get("q")), q.Get("role"), q.Get("state")
	all, err := p.Read.Agents(r.Context())
	if err != nil {
		return page, err
	}
	with, err := p.Read.WithFactor(r.Context())
	if err != nil {
		return page, err
	}
	page.All = len(all)
	for _, a := range all {
		if a.Disabled {
			page.Out++
		}
		if page.shows(a) {
			page.Agents = append(page.Agents, agentRow{a, roleName(page.Frame, a.Role), slices.Contains(with, a.ID), a.ID == who.ID})
		}
	}
	invitations, err := p.Read.Invitations(r.Context())
	for _, i := range invitations {
		page.Invitations = append(page.Invitations, invitationRow{i, roleName(page.Frame, i.Role), !p.house.Now().Before(i.Expires), i.Mailed == signin.MailFailed})
	}
	return page, err
}

// shows reports whether an agent is looked for: by each word of what was typed in
// name or address, the role and the state.
func (p agentsPage) shows(a desk.Agent) bool {
	if p.Only != "" && string(a.Role) != p.Only || p.State == "in" && a.Disabled || p.State == "out" && !a.Disabled {
		return false
	}
	text := strings.ToLower(a.Name + " " + a.Email)
	for _, word := range strings.Fields(strings.ToLower(p.Q)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func (p pages) getAgents(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.agentsPage(r, who)
	if err != nil {
		return err
	}
	return p.house.Show(w, http.StatusOK, "agents", page)
}

// postInvitation invites somebody, and shows the link once.
func (p pages) postInvitation(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	email, role := r.PostForm.Get("email"), r.PostForm.Get("role")
	invited, err := p.Auth.Invite(r.Context(), by(who), email, desk.Role(role))
	why, refused := allWrong(err, "email")
	if err != nil && (!refused || web.WantsJSON(r)) {
		return err
	}
	page, broken := p.agentsPage(r, who)
	if broken != nil {
		return broken
	}
	if err != nil {
		page.Email, page.Role, page.Wrong = email, role, why
		return p.house.Show(w, web.StatusOf(err), "agents", page)
	}
	page.Invited = &invited
	return p.house.Show(w, http.StatusOK, "agents", page)
}

// postAgain invites by a new link who has not come yet, and shows that once.
func (p pages) postAgain(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	invited, err := p.Auth.Again(r.Context(), by(who), r.PathValue("id"))
	if err != nil {
		return err
	}
	page, err := p.agentsPage(r, who)
	if err != nil {
		return err
	}
	page.Invited = &invited
	return p.house.Show(w, http.StatusOK, "agents", page)
}

func (p pages) postWithdraw(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := p.Auth.Withdraw(r.Context(), by(who), r.PathValue("id")); err != nil {
		return err
	}
	return leave(w, r, Path, "withdrawn")
}

// said are what a page says once about what was done on the one before.
func said(f work.Frame, did string) string {
	switch did {
	case "withdrawn":
		return f.Say("The invitation is withdrawn. Its link is good no more.")
	case "saved":
		return f.Say("Saved.")
	case "out":
		return f.Say("They are signed out and cannot sign in.")
	case "in":
		return f.Say("They can sign in again.")
	case "factor":
		return f.Say("Their second factor is removed, and they are signed out everywhere.")
	case "ended":
		return f.Say("The sign-in has ended.")
	case "all-ended":
		return f.Say("They are signed out everywhere.")
	case "others-ended":
		return f.Say("You are signed out everywhere else.")
	case "password":
		return f.Say("Your new password is set. You are signed out everywhere else.")
	case "no-factor":
		return f.Say("Your second factor is removed.")
	}
	return ""
}

// frame is the frame of a page that may have something to say.
func (p pages) frame(r *http.Request, who desk.Agent, section, title string) (work.Frame, error) {
	f, err := p.house.Frame(r, who, section, title)
	if did := said(f, r.URL.Query().Get("did")); did != "" && r.Method == http.MethodGet {
		f.Notice = did
	}
	return f, err
}

func by(who desk.Agent) desk.By { return desk.By{Actor: desk.ByAgent(who), Via: desk.ViaConsole} }

// leave leads to the page that shows what was done.
func leave(w http.ResponseWriter, r *http.Request, path, did string) error {
	if web.WantsJSON(r) {
		web.WriteJSON(w, http.StatusOK, struct{}{})
		return nil
	}
	http.Redirect(w, r, path+"?did="+url.QueryEscape(did), http.StatusSeeOther)
	return nil
}

func read(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return form.Bad(err)
	}
	return nil
}

// allWrong says by fields why what was typed cannot be, of every refusal that is
// joined in err. ok is false for any other error, and for none.
func allWrong(err error, usual string) (all setup.Wrong, ok bool) {
	errs := []error{err}
	if many, joined := err.(interface{ Unwrap() []error }); joined {
		errs = many.Unwrap()
	}
	all = setup.Wrong{}
	for _, err := range errs {
		if slow, ok := errors.AsType[*auth.Throttled](err); ok {
			all[usual] = slow.Error()
			continue
		}
		refusal, ok := errors.AsType[*desk.Refusal](err)
		if !ok {
			return nil, false
		}
		field := cmp.Or(refusal.Field, usual)
		all[field] = strings.TrimSpace(all[field] + " " + refusal.Message)
	}
	return all, true
}

// statusOf is the HTTP status of a refusal that allWrong has read.
func statusOf(err error) int {
	if _, ok := errors.AsType[*auth.Throttled](err); ok {
		return http.StatusTooManyRequests
	}
	return web.StatusOf(err)
}

// A sessionRow is a sign-in in a list.
type sessionRow struct {
	signin.Session
	Here bool   // the one that the page is read in
	What string // by which browser, on what
	How  string // by which way
}

// sessions are an agent's sign-ins for a page.
func (p pages) sessions(r *http.Request, f work.Frame, a desk.AgentID) ([]sessionRow, error) {
	all, err := p.Auth.SignIns(r.Context(), a)
	here, rows := p.Auth.Current(r.Context()), make([]sessionRow, len(all))
	for i, s := range all {
		rows[i] = sessionRow{Session: s, Here: s.ID == here, What: browserWords(f, s), How: wayWords(f, p.Auth, s.Way)}
	}
	return rows, err
}

func browserWords(f work.Frame, s signin.Session) string {
	switch {
	case s.Browser != "" && s.Device != "":
		return f.Say("%s on %s", s.Browser, s.Device)
	case s.Browser != "" || s.Device != "":
		return s.Browser + s.Device
	}
	return f.Say("A browser that does not say what it is")
}

func wayWords(f work.Frame, a *auth.Service, w signin.Way) string {
	switch w {
	case signin.OIDC:
		return a.ElsewhereName()
	case signin.Factor2:
		return f.Say("Password and code")
	case signin.Password:
	}
	return f.Say("Password")
}

// IsIn reports whether an agent was seen lately.
func (a agentRow) IsIn(now time.Time) bool { return now.Sub(a.SeenAt) < 2*desk.SeenEvery }
