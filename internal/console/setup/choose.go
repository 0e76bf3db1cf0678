package setup

import (
	"net/http"
	"net/url"
	"strings"

	"caseline/internal/casework/setup"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// shown is how many public channels are listed at once; the field above them
// finds the others.
const shown = 100

type choosePage struct {
	work.Frame
	Account   served.Account
	Linked    []served.Workspace
	Workspace served.Workspace // that is chosen
	Query     string
	Channels  []offered
	Found     int  // channels with the query in their names
	More      bool // there are others that are not listed
	Silent    bool // Slack does not list them

	Typed string // to name a channel
	Wrong Wrong
}

// An offered is a public channel that can be chosen.
type offered struct {
	PublicChannel
	Path string // where its settings are
	Here bool   // it is configured already
}

// Path is where the page is.
func (p choosePage) Path() string { return accountPath(p.Account.ID) + "/channels/new" }

// Back is where one leaves the page for.
func (p choosePage) Back() string { return accountPath(p.Account.ID) }

// Called is how people know a workspace.
func (p choosePage) Called(w served.Workspace) string { return called(w) }

// Tab is the address of the list of a workspace.
func (p choosePage) Tab(w served.Workspace) string {
	return p.Path() + "?" + url.Values{"workspace": {string(w.ID)}}.Encode()
}

func errNotNamed() error {
	return &desk.Refusal{Kind: desk.ErrInvalid, Field: "channel", Message: "This names no channel. Give its id, such as C0123456789, or its link. Slack shows both at the end of the channel’s details."}
}

func errElsewhere() error {
	return &desk.Refusal{Kind: desk.ErrConflict, Field: "channel", Message: "This link leads to a workspace that the account is not linked to. Link the workspace first."}
}

// getNewChannel lists the channels to choose from, or shows the settings of the
// one that is chosen.
func (p *Pages) getNewChannel(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	page, err := p.choosePage(r, who)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if q := r.URL.Query(); q.Has("channel") {
		page.Typed = q.Get("channel")
		c, err := p.named(page)
		if err == nil {
			return p.settle(w, r, who, c, q.Get("name"))
		}
		page.Wrong, _ = wrong(err, "channel")
		status = http.StatusUnprocessableEntity
	}
	if page.Workspace.ID != "" {
		if err := p.offer(r, &page); err != nil {
			return err
		}
	}
	return p.Show(w, status, "choose", page)
}

func (p *Pages) choosePage(r *http.Request, who desk.Agent) (page choosePage, err error) {
	if page.Account, err = p.account(r); err != nil {
		return page, err
	}
	if page.Frame, err = p.frame(r, who, "setup", "Add a channel"); err != nil {
		return page, err
	}
	if page.Linked, err = p.Read.WorkspacesOf(r.Context(), page.Account.ID); err != nil {
		return page, err
	}
	for i, l := range page.Linked {
		if i == 0 || string(l.ID) == r.URL.Query().Get("workspace") {
			page.Workspace = l
		}
	}
	page.Query = strings.TrimSpace(r.URL.Query().Get("q"))
	return page, nil
}

// named is a new configuration of the channel that was typed.
func (p *Pages) named(page choosePage) (served.ChannelConfig, error) {
	w, ch, ok := p.opt.Channel(page.Typed, page.Workspace.ID, page.Linked)
	switch {
	case !ok:
		return served.ChannelConfig{}, errNotNamed()
	case w == "":
		return served.ChannelConfig{}, errElsewhere()
	}
	return fresh(page.Account.ID, w, ch), nil
}

func fresh(account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID) served.ChannelConfig {
	return served.ChannelConfig{Account: account, Workspace: w, Channel: ch, Permissions: served.FullPermissions(), Notify: served.NotifyEverything()}
}

// settle shows the settings of a channel that is to be added.
func (p *Pages) settle(w http.ResponseWriter, r *http.Request, who desk.Agent, c served.ChannelConfig, name string) error {
	if _, err := p.Read.Channel(r.Context(), c.Account, c.Workspace, c.Channel); err == nil {
		return leave(w, r, channelPath(c), "there")
	}
	c.Name = name
	page, err := p.channelPage(r, who, c, true)
	if err != nil {
		return err
	}
	return p.Show(w, http.StatusOK, "channel", page)
}

// offer lists the public channels of the workspace that is chosen.
func (p *Pages) offer(r *http.Request, page *choosePage) error {
	all, more, err := p.opt.Public(r.Context(), page.Workspace.ID)
	if err != nil {
		page.Silent = true // an id or a link does it too
		return nil
	}
	have, err := p.Read.ChannelsOf(r.Context(), page.Account.ID)
	if err != nil {
		return err
	}
	here := map[desk.ChannelID]bool{}
	for _, c := range have {
		here[c.Channel] = here[c.Channel] || c.Workspace == page.Workspace.ID
	}
	page.More = more
	for _, ch := range all {
		if !holds(ch.Name, strings.TrimPrefix(page.Query, "#")) {
			continue
		}
		if page.Found++; page.Found > shown {
			continue
		}
		o := offered{PublicChannel: ch, Here: here[ch.ID]}
		o.Path = page.Path() + "?" + url.Values{"workspace": {string(page.Workspace.ID)}, "channel": {string(ch.ID)}, "name": {ch.Name}}.Encode()
		if o.Here {
			o.Path = channelPath(fresh(page.Account.ID, page.Workspace.ID, ch.ID))
		}
		page.Channels = append(page.Channels, o)
	}
	return nil
}

// postNewChannel serves the account in the channel, with the settings typed.
func (p *Pages) postNewChannel(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := read(r); err != nil {
		return err
	}
	c := fresh(desk.AccountID(r.PathValue("account")), desk.WorkspaceID(r.PostForm.Get("workspace")), desk.ChannelID(r.PostForm.Get("channel")))
	typed := settingsIn(r)
	made, err := p.apply(r.Context(), typed, c)
	if err == nil {
		err = p.Do.ConfigureChannel(r.Context(), setup.ConfigureChannel{By: by(who), Config: made})
	}
	if err != nil {
		return p.channelAgain(w, r, who, c, true, typed, err)
	}
	return leave(w, r, channelPath(c), "configured")
}
