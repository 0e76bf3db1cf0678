package main

import (
	"context"
	"fmt"
	"strings"

	"caseline/internal/casework/setup"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack"
	"caseline/internal/slack/ident"
)

const channelUsage = `Usage: caseline channel list   [--account ID-OR-NAME]
       caseline channel add    --account ID-OR-NAME --channel ID-OR-LINK [settings]
       caseline channel set    --account ID-OR-NAME --channel ID-OR-LINK [settings]
       caseline channel remove --account ID-OR-NAME --channel ID-OR-LINK

Settings that are left out stay as they are; of a new channel everything is
allowed, and it is told everything. "caseline channel add -h" prints them.
A link says in which workspace a channel is; for an id add --workspace, unless
there is one only.
`

// channelCommand says in which channels an account is served.
func channelCommand(ctx context.Context, args []string, std stdio) error {
	return verbs{"list": listChannels, "add": addChannel, "set": setChannel, "remove": removeChannel}.run(ctx, "channel", channelUsage, args, std)
}

// A channelFlags says which configuration is meant.
type channelFlags struct{ account, channel, workspace *string }

func (r *setupRun) channelFlags() channelFlags {
	return channelFlags{
		r.fs.String("account", "", "its `id or name`"),
		r.fs.String("channel", "", "its `id or link`"),
		r.fs.String("workspace", "", "its `id or name`, if neither the link says so nor there is one only"),
	}
}

func (f channelFlags) key(ctx context.Context, r *setupRun) (setup.ChannelKey, error) {
	a, err := r.account(ctx, *f.account)
	if err != nil {
		return setup.ChannelKey{}, err
	}
	w, ch, err := r.channel(ctx, *f.channel, *f.workspace)
	if err != nil {
		return setup.ChannelKey{}, err
	}
	installed := ident.NewInstalled()
	err = slack.LoadChannels(ctx, r.store, installed)
	return setup.ChannelKey{Account: a.ID, Workspace: w, Channel: installed.Channels(w).First(ch)}, err // Slack may call it otherwise now
}

// A settings are the flags of what a channel may and is told.
type settings struct {
	name, permissions, notify  *string
	opened, answered, resolved *bool
	only                       []string
}

func (r *setupRun) settings() *settings {
	s := &settings{
		name:        r.fs.String("name", "", "what the configuration is called here; Slack never shows it"),
		permissions: r.fs.String("permissions", served.PresetFull, "full, read-only, or some of `read,create,reply,resolve,chat`"),
		notify:      r.fs.String("notify", string(served.NotifyAll), "of which cases the channel is told: `all, high or none`"),
		opened:      r.fs.Bool("opened", true, "it is told of new and reopened cases"),
		answered:    r.fs.Bool("answered", true, "it is told of correspondence"),
		resolved:    r.fs.Bool("resolved", true, "it is told of resolved cases"),
	}
	r.fs.Func("only", "who alone has a permission: `chat=U0123,S0456` for a person and a user group, by their ids; may be given again; empty for no such rule", func(rule string) error {
		s.only = append(s.only, rule)
		return nil
	})
	return s
}

// change is what the flags that were given say.
func (s *settings) change(r *setupRun, key setup.ChannelKey) (w setup.ChangeChannel, err error) {
	w = setup.ChangeChannel{By: by(), Key: key}
	if r.given("name") {
		w.Name = s.name
	}
	if r.given("permissions") {
		if w.Permissions, err = served.Permissions(strings.FieldsFunc(*s.permissions, func(c rune) bool { return c == ',' || c == ' ' })...); err != nil {
			return w, err
		}
	}
	if r.given("notify") {
		severities := served.NotifySeverity(*s.notify)
		w.Severities = &severities
	}
	for name, b := range map[string]struct{ flag, to **bool }{
		"opened": {&s.opened, &w.Opened}, "answered": {&s.answered, &w.Answered}, "resolved": {&s.resolved, &w.Resolved},
	} {
		if r.given(name) {
			*b.to = *b.flag
		}
	}
	if r.given("only") {
		narrow, err := narrowings(key.Workspace, s.only)
		if err != nil {
			return w, err
		}
		w.Narrow = &narrow
	}
	return w, nil
}

// narrowings reads rules such as chat=U0123,S0456.
func narrowings(w desk.WorkspaceID, rules []string) ([]served.Narrowing, error) {
	var all []served.Narrowing
	for _, rule := range rules {
		permission, who, ok := strings.Cut(rule, "=")
		if rule == "" {
			continue
		}
		n := served.Narrowing{Permission: served.Permission(strings.TrimSpace(permission))}
		for id := range strings.FieldsFuncSeq(who, func(c rune) bool { return c == ',' || c == ' ' }) {
			switch {
			case ident.Valid(id) && id[0] == 'S':
				n.Groups = append(n.Groups, served.GroupID(id))
			case ident.Valid(id) && (id[0] == 'U' || id[0] == 'W'):
				n.People = append(n.People, ident.Person(w, id))
			default:
				ok = false
			}
		}
		if !ok {
			return nil, refuse(desk.ErrInvalid, "“%s” does not say who alone has a permission. Write it as chat=U0123,S0456, with the ids of people and user groups.", rule)
		}
		all = append(all, n)
	}
	return all, nil
}

func listChannels(ctx context.Context, r *setupRun, args []string) error {
	which := r.fs.String("account", "", "only of the account with this `id or name`")
	return r.open(ctx, args, func() error {
		accounts, err := r.store.Accounts(ctx)
		if err == nil && *which != "" {
			var a served.Account
			a, err = r.account(ctx, *which)
			accounts = []served.Account{a}
		}
		if err != nil {
			return err
		}
		var rows [][]string
		for _, a := range accounts {
			all, err := r.store.ChannelsOf(ctx, a.ID)
			if err != nil {
				return err
			}
			for _, c := range all {
				told := setup.Told(c)
				rows = append(rows, []string{a.Title(), string(c.Workspace), string(c.Channel), c.Name, told["permissions"], told["notify"], told["narrow"]})
			}
		}
		return r.table([]string{"ACCOUNT", "WORKSPACE", "CHANNEL", "NAME", "MAY", "IS TOLD", "ONLY"}, rows)
	})
}

// changes runs do with what the flags say of which configuration.
func (r *setupRun) changes(ctx context.Context, args []string, do func(setup.ChangeChannel) error) error {
	which, s := r.channelFlags(), r.settings()
	return r.open(ctx, args, func() error {
		key, err := which.key(ctx, r)
		if err != nil {
			return err
		}
		change, err := s.change(r, key)
		if err != nil {
			return err
		}
		return do(change)
	})
}

func addChannel(ctx context.Context, r *setupRun, args []string) error {
	return r.changes(ctx, args, func(change setup.ChangeChannel) error {
		key := change.Key
		c := change.Apply(served.ChannelConfig{
			Account: key.Account, Workspace: key.Workspace, Channel: key.Channel,
			Permissions: served.FullPermissions(), Notify: served.NotifyEverything(),
		})
		if err := r.setup.ConfigureChannel(ctx, setup.ConfigureChannel{By: change.By, Config: c}); err != nil {
			return err
		}
		fmt.Fprintf(r.std.out, "Account %s is served in channel %s. Invite the app there, if it is not: /invite @ and its name.\n", key.Account, key.Channel)
		return nil
	})
}

func setChannel(ctx context.Context, r *setupRun, args []string) error {
	return r.changes(ctx, args, func(change setup.ChangeChannel) error {
		key := change.Key
		c, err := r.setup.ChangeChannel(ctx, change)
		if err != nil {
			return err
		}
		told := setup.Told(c)
		fmt.Fprintf(r.std.out, "Channel %s of account %s may %s, and is told: %s.\n", key.Channel, key.Account, told["permissions"], told["notify"])
		return nil
	})
}

func removeChannel(ctx context.Context, r *setupRun, args []string) error {
	which := r.channelFlags()
	return r.open(ctx, args, func() error {
		key, err := which.key(ctx, r)
		if err == nil {
			err = r.setup.RemoveChannel(ctx, setup.RemoveChannel{By: by(), Key: key})
		}
		if err == nil {
			fmt.Fprintf(r.std.out, "Account %s is no longer served in channel %s. The channel itself is as it was.\n", key.Account, key.Channel)
		}
		return err
	})
}
