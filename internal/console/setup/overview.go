package setup

import (
	"context"
	"net/http"
	"strings"

	"caseline/internal/casework/setup"
	"caseline/internal/console/tongue"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/web"
)

// An accountRow is an account at a glance.
type accountRow struct {
	served.Account
	Workspaces []served.Workspace
	Channels   []channelRow
	t          tongue.Tongue // the reader's
}

// Places names the workspaces.
func (a accountRow) Places() string {
	var names []string
	for _, w := range a.Workspaces {
		names = append(names, called(w))
	}
	return strings.Join(names, ", ")
}

// Names names a few of the channels.
func (a accountRow) Names() string {
	const most = 4
	var names []string
	for _, c := range a.Channels {
		if len(names) == most {
			return a.t.Say("%s and %d more", strings.Join(names, ", "), len(a.Channels)-most)
		}
		names = append(names, c.Title())
	}
	return strings.Join(names, ", ")
}

type setupPage struct {
	work.Frame
	Accounts   []accountRow
	All        int // accounts, also those that are not shown
	Query      string
	Workspaces []served.Workspace
	Limits     served.SetupLimits

	ID, Name string // as typed
	Wrong    Wrong
}

// Many reports whether there are so many accounts that one looks for one.
func (p setupPage) Many() bool { return p.All > 12 }

func (p *Pages) setupPage(r *http.Request, who desk.Agent) (page setupPage, err error) {
	if page.Frame, err = p.frame(r, who, "setup", "Setup"); err != nil {
		return page, err
	}
	page.Frame.Path, page.Limits, page.Query = "/setup", p.opt.Limits, strings.TrimSpace(r.URL.Query().Get("q"))
	if page.Workspaces, err = p.Read.Workspaces(r.Context()); err != nil {
		return page, err
	}
	all, err := p.Read.Accounts(r.Context())
	if err != nil {
		return page, err
	}
	page.All = len(all)
	for _, a := range all {
		if !holds(a.Name, page.Query) && !holds(string(a.ID), page.Query) {
			continue
		}
		row, err := p.accountRow(r.Context(), a)
		if err != nil {
			return page, err
		}
		page.Accounts = append(page.Accounts, row)
	}
	return page, nil
}

func (p *Pages) accountRow(ctx context.Context, a served.Account) (row accountRow, err error) {
	row.Account, row.t = a, tongue.From(ctx)
	if row.Workspaces, err = p.Read.WorkspacesOf(ctx, a.ID); err != nil {
		return row, err
	}
	all, err := p.Read.ChannelsOf(ctx, a.ID)
	for _, c := range all {
		row.Channels = append(row.Channels, channelRow{c, row.t})
	}
	return row, err
}

// holds reports whether a text has a part, whatever its capitals.
func holds(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

func (p *Pages) getSetup(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.setupPage(r, who)
	if err != nil {
		return err
	}
	return p.Show(w, http.StatusOK, "setup", page)
}

func (p *Pages) postAccount(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	id, name := r.PostForm.Get("id"), r.PostForm.Get("name")
	a, err := p.Do.AddAccount(r.Context(), setup.AddAccount{By: by(who), ID: id, Alias: name})
	if err == nil {
		return leave(w, r, accountPath(a.ID), "added")
	}
	why, ok := wrong(err, "id")
	if !ok || web.WantsJSON(r) {
		return err
	}
	page, broken := p.setupPage(r, who)
	if broken != nil {
		return broken
	}
	page.ID, page.Name, page.Wrong = id, name, why
	return p.Show(w, web.StatusOf(err), "setup", page)
}
