package console_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"caseline/internal/auth"
	"caseline/internal/casework/setup"
	"caseline/internal/console"
	pages "caseline/internal/console/setup"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

const (
	northwind = desk.AccountID("481516234200")
	halcyon   = desk.AccountID("481516234201")
)

// An office is a house in which an operator, Olivia, sees to the setup, with two
// workspaces and an account that is served in some channels.
type office struct {
	*house
	olivia desk.Agent
	silent bool // Slack does not list channels
}

func newOffice(t testing.TB) *office { return officeOn(t, storetest.SQLite(t)) }

// officeOn is an office with other rooms and ways in.
func officeOn(t testing.TB, on store.Store, options ...func(*console.Options)) *office {
	t.Helper()
	o := &office{}
	ring := keys(t)
	o.house = guardedHouse(t, on, func(a *auth.Options) { a.Keys, a.Policy = ring, auth.Optional }, append(options, func(opt *console.Options) {
		opt.Address = func(p desk.Place) string {
			if p == "" {
				return ""
			}
			w, ch, _ := strings.Cut(string(p), "/")
			return "https://" + strings.ToLower(w) + ".slack.example/archives/" + ch
		}
		opt.Person = func(w desk.WorkspaceID, user string) desk.PersonID { return desk.PersonID(string(w) + ":" + user) }
		opt.Setup = pages.Options{
			Channel: typed, Public: o.public, Place: ident.Channel, Groups: groupsIn,
			User: func(p desk.PersonID) string { _, user, _ := strings.Cut(string(p), ":"); return user },
		}
	})...)
	for _, w := range []served.Workspace{
		{ID: "T1", Name: "Northwind HQ", URL: "https://northwind.slack.com/"}, {ID: "T2", Name: "Halcyon", URL: "https://halcyon.slack.com/"}, {ID: "T3", Name: "Third", URL: "https://third.slack.com/"},
	} {
		o.update(func(tx store.Tx) error { return tx.SaveWorkspace(t.Context(), &w) })
	}
	o.olivia = o.agent("olivia@example.com", "Olivia Park", desk.RoleOperator)
	for _, l := range []setup.Link{{Account: northwind, Workspace: "T1"}, {Account: northwind, Workspace: "T2"}, {Account: halcyon, Workspace: "T1"}} {
		l.By = o.by()
		o.must(o.setup.LinkWorkspace(t.Context(), l))
	}
	o.serve(northwind, "T1", "C0OPS", "ops")
	o.serve(halcyon, "T1", "C0OPS", "Halcyon in ops")
	return o
}

func (o *office) by() desk.By { return desk.By{Actor: desk.ByAgent(o.olivia), Via: desk.ViaConsole} }

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// serve configures a channel with everything allowed and told.
func (o *office) serve(account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID, name string) {
	o.t.Helper()
	o.must(o.setup.ConfigureChannel(o.t.Context(), setup.ConfigureChannel{By: o.by(), Config: served.ChannelConfig{
		Account: account, Workspace: w, Channel: ch, Name: name, Permissions: served.FullPermissions(), Notify: served.NotifyEverything(),
	}}))
}

// has returns a configuration as it is now.
func (o *office) has(account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID) served.ChannelConfig {
	o.t.Helper()
	c, err := o.store.Channel(o.t.Context(), account, w, ch)
	o.must(err)
	return c
}

func typed(text string, chosen desk.WorkspaceID, known []served.Workspace) (desk.WorkspaceID, desk.ChannelID, bool) {
	c, ok := ident.ReadChannel(text)
	if c.Workspace == "" && c.Host == "" {
		return chosen, c.Channel, ok
	}
	w, _ := c.In(known)
	return w, c.Channel, ok
}

func (o *office) public(_ context.Context, w desk.WorkspaceID) ([]pages.PublicChannel, bool, error) {
	if o.silent {
		return nil, false, errors.New("slack is down")
	}
	if w != "T1" {
		return nil, false, nil
	}
	all := []pages.PublicChannel{{ID: "C0OPS", Name: "ops", In: true}, {ID: "C0GENERAL", Name: "general"}, {ID: "C0PLATFORM", Name: "platform-support", In: true}}
	for i := range 150 {
		all = append(all, pages.PublicChannel{ID: desk.ChannelID(fmt.Sprintf("C0PROJ%03d", i)), Name: fmt.Sprintf("project-%03d", i)})
	}
	return all, true, nil
}

func groupsIn(context.Context, desk.WorkspaceID) ([]served.Group, error) {
	return []served.Group{
		{Workspace: "T1", ID: "S0ONCALL", Handle: "oncall", Name: "On call", Members: []desk.PersonID{"T1:UALICE", "T1:UBOB"}},
		{Workspace: "T1", ID: "S0LEADS", Handle: "team-leads", Name: "Team leads", Members: []desk.PersonID{"T1:UDEV"}},
		{Workspace: "T1", ID: "S0OLD", Handle: "old", Name: "Old", Disabled: true},
	}, nil
}
