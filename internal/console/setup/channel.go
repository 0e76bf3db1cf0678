package setup

import (
	"net/http"

	"caseline/internal/casework/setup"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/web"
)

func channelPath(c served.ChannelConfig) string {
	return accountPath(c.Account) + "/channels/" + string(c.Workspace) + "/" + string(c.Channel)
}

type channelPage struct {
	work.Frame
	Account   served.Account
	Workspace served.Workspace
	Config    served.ChannelConfig
	New       bool // it is not configured yet
	Form      settings
	Open      string // where Slack opens it, or empty
	Others    []sharer
	Limits    served.SetupLimits
	Groups    []served.Group // of the workspace, to choose from
	Wrong     Wrong
}

// A sharer is another account that is served in the same channel.
type sharer struct {
	served.Account
	Path string
}

// Title is how the channel is known.
func (p channelPage) Title() string { return channelRow{ChannelConfig: p.Config}.Title() }

// Called is how people know the workspace.
func (p channelPage) Called() string { return called(p.Workspace) }

// Back is where one leaves the page for.
func (p channelPage) Back() string { return accountPath(p.Account.ID) }

// Served is how many accounts are served there, with this one.
func (p channelPage) Served() int {
	if p.New {
		return len(p.Others)
	}
	return len(p.Others) + 1
}

// Action is where the form goes.
func (p channelPage) Action() string {
	if p.New {
		return accountPath(p.Account.ID) + "/channels"
	}
	return channelPath(p.Config)
}

// NarrowWrong reports whether something is wrong with who alone has a permission.
func (p channelPage) NarrowWrong() bool {
	for _, o := range p.Form.Only {
		if p.Wrong["only-"+string(o.Permission)] != "" {
			return true
		}
	}
	return p.Wrong["narrow"] != ""
}

// channelPage is the page about a configuration, which may be a new one.
func (p *Pages) channelPage(r *http.Request, who desk.Agent, c served.ChannelConfig, isNew bool) (page channelPage, err error) {
	if page.Account, err = p.account(r); err != nil {
		return page, err
	}
	if page.Workspace, err = p.Read.Workspace(r.Context(), c.Workspace); err != nil {
		return page, missing(err, "There is no such workspace. Look for it in the setup.")
	}
	page.Config, page.New, page.Limits = c, isNew, p.opt.Limits
	if page.Frame, err = p.frame(r, who, "setup", page.Title()); err != nil {
		return page, err
	}
	if isNew {
		page.Frame.Path = page.Back()
	}
	page.Open = p.opt.Address(p.opt.Place(c.Workspace, c.Channel))
	page.Groups = p.groups(r.Context(), c.Workspace)
	if page.Form, err = p.settingsOf(r.Context(), c, page.Groups); err != nil {
		return page, err
	}
	others, err := p.Read.ChannelsAt(r.Context(), c.Workspace, c.Channel)
	if err != nil {
		return page, err
	}
	for _, o := range others {
		if o.Account == c.Account {
			continue
		}
		a, err := p.Read.Account(r.Context(), o.Account)
		if err != nil {
			return page, err
		}
		page.Others = append(page.Others, sharer{a, channelPath(o)})
	}
	return page, nil
}

// configured finds the configuration of an address.
func (p *Pages) configured(r *http.Request) (served.ChannelConfig, error) {
	k := keyOf(r)
	c, err := p.Read.Channel(r.Context(), k.Account, k.Workspace, k.Channel)
	return c, missing(err, "This channel is not configured for this account, or no longer. Look for it in the setup.")
}

func keyOf(r *http.Request) setup.ChannelKey {
	return setup.ChannelKey{
		Account: desk.AccountID(r.PathValue("account")), Workspace: desk.WorkspaceID(r.PathValue("workspace")), Channel: desk.ChannelID(r.PathValue("channel")),
	}
}

func (p *Pages) getChannel(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := p.configured(r)
	if err != nil {
		return err
	}
	page, err := p.channelPage(r, who, c, false)
	if err != nil {
		return err
	}
	return p.Show(w, http.StatusOK, "channel", page)
}

// postChannel saves the settings of a channel.
func (p *Pages) postChannel(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	c, err := p.configured(r)
	if err != nil {
		return err
	}
	typed := settingsIn(r)
	changed, err := p.apply(r.Context(), typed, c)
	if err == nil {
		n := changed.Notify
		_, err = p.Do.ChangeChannel(r.Context(), setup.ChangeChannel{
			By: by(who), Key: keyOf(r), Name: &changed.Name, Permissions: changed.Permissions,
			Severities: &n.Severities, Opened: &n.Opened, Answered: &n.Answered, Resolved: &n.Resolved, Narrow: &changed.Narrow,
		})
	}
	if err != nil {
		return p.channelAgain(w, r, who, c, false, typed, err)
	}
	return leave(w, r, channelPath(c), "saved")
}

// channelAgain shows the settings as they were typed, and why they cannot be.
func (p *Pages) channelAgain(w http.ResponseWriter, r *http.Request, who desk.Agent, c served.ChannelConfig, isNew bool, typed settings, err error) error {
	why, ok := wrong(err, "channel")
	if !ok || web.WantsJSON(r) {
		return err
	}
	page, broken := p.channelPage(r, who, c, isNew)
	if broken != nil {
		return broken
	}
	page.Form, page.Wrong = typed, why
	return p.Show(w, web.StatusOf(err), "channel", page)
}

func (p *Pages) removePage(r *http.Request, who desk.Agent) (page surePage, err error) {
	a, err := p.account(r)
	if err != nil {
		return page, err
	}
	c, err := p.configured(r)
	if err != nil {
		return page, err
	}
	page.Frame, err = p.frame(r, who, "setup", "Remove a channel")
	page.Question, page.About = page.Say("Remove this channel?"), a.Title()+" · "+channelRow{ChannelConfig: c}.Title()
	page.Text = page.Say("The account is no longer served there, and the channel is told of none of its cases. Cases and the channel itself stay as they are.")
	page.Back, page.Action = channelPath(c), channelPath(c)+"/remove"
	page.Do, page.Keep = page.Say("Remove channel"), page.Say("Keep it")
	return page, err
}

func (p *Pages) getRemove(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.removePage(r, who)
	if err != nil {
		return err
	}
	return p.Show(w, http.StatusOK, "sure", page)
}

func (p *Pages) postRemove(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	k := keyOf(r)
	if err := p.Do.RemoveChannel(r.Context(), setup.RemoveChannel{By: by(who), Key: k}); err != nil {
		return p.sureAgain(w, r, who, err, p.removePage)
	}
	return leave(w, r, accountPath(k.Account), "removed")
}
