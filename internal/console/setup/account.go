package setup

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"caseline/internal/casework/setup"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/web"
)

func accountPath(id desk.AccountID) string { return "/setup/accounts/" + string(id) }

// A linked is a workspace that an account uses, with the channels there.
type linked struct {
	served.Workspace
	Channels []channelRow
}

// Called is how people know the workspace.
func (l linked) Called() string { return called(l.Workspace) }

type accountPage struct {
	work.Frame
	Account served.Account
	Linked  []linked
	Others  []served.Workspace // it is not linked to
	Used    int                // channels
	Limits  served.SetupLimits
	Install string // where the app is installed in others; empty where that is not offered

	Name   string // as typed
	Chosen string // of the workspaces
	Wrong  Wrong
}

// Path is where the account's page is.
func (p accountPage) Path() string { return accountPath(p.Account.ID) }

// Deletions are what can become of what people delete in Slack.
func (p accountPage) Deletions() []choice {
	now := cmp.Or(p.Account.Deletions, desk.KeepDeleted)
	return []choice{
		{string(desk.KeepDeleted), p.Say("Keep"), p.Say("Shown, marked as deleted"), now == desk.KeepDeleted},
		{string(desk.HideDeleted), p.Say("Hide"), p.Say("Kept, but agents do not see it"), now == desk.HideDeleted},
		{string(desk.EraseDeleted), p.Say("Erase"), p.Say("Erased from the record"), now == desk.EraseDeleted},
	}
}

// account finds the account of an address.
func (p *Pages) account(r *http.Request) (served.Account, error) {
	a, err := p.Read.Account(r.Context(), desk.AccountID(r.PathValue("account")))
	return a, missing(err, "There is no such account. Look for it in the setup.")
}

func (p *Pages) accountPage(r *http.Request, who desk.Agent) (page accountPage, err error) {
	if page.Account, err = p.account(r); err != nil {
		return page, err
	}
	if page.Frame, err = p.frame(r, who, "setup", page.Account.Title()); err != nil {
		return page, err
	}
	row, err := p.accountRow(r.Context(), page.Account)
	if err != nil {
		return page, err
	}
	for _, w := range row.Workspaces {
		there := slices.DeleteFunc(slices.Clone(row.Channels), func(c channelRow) bool { return c.Workspace != w.ID })
		page.Linked = append(page.Linked, linked{w, there})
	}
	all, err := p.Read.Workspaces(r.Context())
	if err != nil {
		return page, err
	}
	page.Install = p.opt.Install
	page.Others = slices.DeleteFunc(all, func(w served.Workspace) bool {
		return slices.ContainsFunc(row.Workspaces, func(have served.Workspace) bool { return have.ID == w.ID })
	})
	page.Used, page.Limits, page.Name = len(row.Channels), p.opt.Limits, page.Account.Name
	return page, nil
}

func (p *Pages) getAccount(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.accountPage(r, who)
	if err != nil {
		return err
	}
	return p.Show(w, http.StatusOK, "account", page)
}

// accountAgain shows the account with what was typed and why it cannot be.
func (p *Pages) accountAgain(w http.ResponseWriter, r *http.Request, who desk.Agent, err error, usual string) error {
	why, ok := wrong(err, usual)
	if !ok || web.WantsJSON(r) {
		return err
	}
	page, broken := p.accountPage(r, who)
	if broken != nil {
		return broken
	}
	page.Wrong, page.Chosen = why, r.PostForm.Get("workspace")
	if r.PostForm.Has("name") {
		page.Name = r.PostForm.Get("name")
	}
	return p.Show(w, web.StatusOf(err), "account", page)
}

func (p *Pages) postName(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	id := desk.AccountID(r.PathValue("account"))
	if _, err := p.Do.RenameAccount(r.Context(), setup.RenameAccount{By: by(who), Account: id, Alias: r.PostForm.Get("name")}); err != nil {
		return p.accountAgain(w, r, who, err, "name")
	}
	return leave(w, r, accountPath(id), "renamed")
}

func (p *Pages) postDeletions(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	id := desk.AccountID(r.PathValue("account"))
	d := setup.SetDeletions{By: by(who), Account: id, Policy: desk.DeletionPolicy(r.PostForm.Get("deletions"))}
	if _, err := p.Do.SetDeletions(r.Context(), d); err != nil {
		return p.accountAgain(w, r, who, err, "deletions")
	}
	return leave(w, r, accountPath(id), "deletions")
}

// Asking is whether people are asked how a chat was.
func (p accountPage) Asking() []choice {
	return []choice{
		{"yes", p.Say("Ask how it was"), p.Say("In the chat’s place, with five answers and room for a comment"), !p.Account.Unasked},
		{"no", p.Say("Do not ask"), p.Say("What was said before stays in the reports"), p.Account.Unasked},
	}
}

func (p *Pages) postAsking(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	id, chosen := desk.AccountID(r.PathValue("account")), r.PostForm.Get("asking")
	if chosen != "yes" && chosen != "no" {
		return p.accountAgain(w, r, who, &desk.Refusal{Kind: desk.ErrInvalid, Field: "asking", Message: "Choose whether people are asked how a chat was."}, "asking")
	}
	if _, err := p.Do.SetAsking(r.Context(), setup.SetAsking{By: by(who), Account: id, Ask: chosen == "yes"}); err != nil {
		return p.accountAgain(w, r, who, err, "asking")
	}
	return leave(w, r, accountPath(id), "asking")
}

func (p *Pages) postLink(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	l := setup.Link{By: by(who), Account: desk.AccountID(r.PathValue("account")), Workspace: desk.WorkspaceID(r.PostForm.Get("workspace"))}
	if err := p.Do.LinkWorkspace(r.Context(), l); err != nil {
		return p.accountAgain(w, r, who, err, "workspace")
	}
	return leave(w, r, accountPath(l.Account), "linked")
}

// A surePage asks before something is taken away.
type surePage struct {
	work.Frame
	Question, About, Text string
	Action, Back          string
	Do, Keep              string
	Error                 string // why it could not be done
}

func (p *Pages) unlinkPage(r *http.Request, who desk.Agent) (page surePage, err error) {
	a, err := p.account(r)
	if err != nil {
		return page, err
	}
	space, err := p.Read.Workspace(r.Context(), desk.WorkspaceID(r.PathValue("workspace")))
	if err != nil {
		return page, missing(err, "There is no such workspace. Look for it in the setup.")
	}
	page.Frame, err = p.frame(r, who, "setup", "Unlink a workspace")
	page.Question, page.About = page.Say("Unlink this workspace?"), a.Title()+" · "+called(space)
	page.Text = page.Say("Nobody there can open cases for the account any more. Cases stay as they are.")
	page.Back, page.Action = accountPath(a.ID), r.URL.Path
	page.Do, page.Keep = page.Say("Unlink workspace"), page.Say("Keep it")
	return page, err
}

func (p *Pages) getUnlink(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.unlinkPage(r, who)
	if err != nil {
		return err
	}
	return p.Show(w, http.StatusOK, "sure", page)
}

func (p *Pages) postUnlink(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	l := setup.Link{By: by(who), Account: desk.AccountID(r.PathValue("account")), Workspace: desk.WorkspaceID(r.PathValue("workspace"))}
	if err := p.Do.UnlinkWorkspace(r.Context(), l); err != nil {
		return p.sureAgain(w, r, who, err, p.unlinkPage)
	}
	return leave(w, r, accountPath(l.Account), "unlinked")
}

// sureAgain shows a question with why the answer could not be carried out.
func (p *Pages) sureAgain(w http.ResponseWriter, r *http.Request, who desk.Agent, err error, ask func(*http.Request, desk.Agent) (surePage, error)) error {
	refusal, ok := errors.AsType[*desk.Refusal](err)
	if !ok || web.WantsJSON(r) {
		return err
	}
	page, broken := ask(r, who)
	if broken != nil {
		return broken
	}
	page.Error = page.Told(refusal.Message)
	return p.Show(w, web.StatusOf(err), "sure", page)
}
