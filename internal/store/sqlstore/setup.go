package sqlstore

import (
	"context"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

const (
	saveAccount = `INSERT INTO accounts (id, name, deletions) VALUES ($1, $2, $3)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, deletions = excluded.deletions`

	selectAccount = `SELECT id, name, deletions FROM accounts WHERE id = $1`

	saveWorkspace = `INSERT INTO workspaces (id, name, url, app_id, bot_id, bot_user, state, reason)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url, app_id = excluded.app_id,
	bot_id = excluded.bot_id, bot_user = excluded.bot_user,
	state = excluded.state, reason = excluded.reason`

	selectWorkspace = `SELECT id, name, url, app_id, bot_id, bot_user, state, reason FROM workspaces WHERE id = $1`

	selectWorkspaces = `SELECT id, name, url, app_id, bot_id, bot_user, state, reason FROM workspaces ORDER BY id`

	saveChannel = `INSERT INTO channels (workspace, channel, account, name, permissions) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (workspace, channel) DO UPDATE SET account = excluded.account, name = excluded.name,
	permissions = excluded.permissions`

	selectChannel = `SELECT account, name, permissions FROM channels WHERE workspace = $1 AND channel = $2`
)

// SaveAccount adds or replaces an account.
func (t *tx) SaveAccount(ctx context.Context, a *desk.Account) error {
	return t.write(ctx, commit.Op{Doing: "save account", ID: string(a.ID)}, saveAccount, nil, string(a.ID), a.Name, string(a.Deletions))
}

// SaveWorkspace adds or replaces a workspace.
func (t *tx) SaveWorkspace(ctx context.Context, w *desk.Workspace) error {
	t.hints.Agents = true // every page says when a workspace is disconnected
	return t.write(ctx, commit.Op{Doing: "save workspace", ID: string(w.ID)}, saveWorkspace, nil,
		string(w.ID), w.Name, w.URL, w.AppID, w.BotID, w.BotUID, string(w.State), w.Reason)
}

// SaveChannel adds or replaces the configuration of a channel.
func (t *tx) SaveChannel(ctx context.Context, c *desk.ChannelConfig) error {
	words := make([]string, len(c.Permissions))
	for i, p := range c.Permissions {
		words[i] = string(p)
	}
	return t.write(ctx, commit.Op{Doing: "save channel", ID: string(c.Channel)}, saveChannel, nil,
		string(c.Workspace), string(c.Channel), string(c.Account), c.Name, strings.Join(words, " "))
}

// Account returns an account.
func (r reads) Account(ctx context.Context, id desk.AccountID) (desk.Account, error) {
	a := desk.Account{ID: id}
	err := one(ctx, r, commit.Op{Doing: "account", ID: string(id)}, selectAccount, []any{string(id)}, func(from commit.Row) error {
		var key string
		return from.Scan(&key, &a.Name, (*string)(&a.Deletions))
	})
	if err != nil {
		return desk.Account{}, err
	}
	return a, nil
}

// Workspace returns a workspace.
func (r reads) Workspace(ctx context.Context, id desk.WorkspaceID) (desk.Workspace, error) {
	w := desk.Workspace{ID: id}
	err := one(ctx, r, commit.Op{Doing: "workspace", ID: string(id)}, selectWorkspace, []any{string(id)}, func(from commit.Row) error {
		var key string
		return from.Scan(&key, &w.Name, &w.URL, &w.AppID, &w.BotID, &w.BotUID, (*string)(&w.State), &w.Reason)
	})
	if err != nil {
		return desk.Workspace{}, err
	}
	return w, nil
}

// Workspaces returns all workspaces, by id.
func (r reads) Workspaces(ctx context.Context) ([]desk.Workspace, error) {
	var all []desk.Workspace
	err := r.query(ctx, commit.Op{Doing: "all", ID: "workspaces"}, selectWorkspaces, nil, func(from commit.Row) error {
		var w desk.Workspace
		err := from.Scan((*string)(&w.ID), &w.Name, &w.URL, &w.AppID, &w.BotID, &w.BotUID, (*string)(&w.State), &w.Reason)
		all = append(all, w)
		return err
	})
	return all, err
}

// Channel returns the configuration of a channel.
func (r reads) Channel(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID) (desk.ChannelConfig, error) {
	return channel(ctx, r, w, ch)
}

// Channel returns the configuration of a channel.
func (t *tx) Channel(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID) (desk.ChannelConfig, error) {
	return channel(ctx, t, w, ch)
}

func channel(ctx context.Context, q asker, w desk.WorkspaceID, ch desk.ChannelID) (desk.ChannelConfig, error) {
	c := desk.ChannelConfig{Workspace: w, Channel: ch}
	err := one(ctx, q, commit.Op{Doing: "channel", ID: string(ch)}, selectChannel, []any{string(w), string(ch)}, func(from commit.Row) error {
		var account, words string
		err := from.Scan(&account, &c.Name, &words)
		c.Account = desk.AccountID(account)
		for word := range strings.FieldsSeq(words) {
			c.Permissions = append(c.Permissions, desk.Permission(word))
		}
		return err
	})
	if err != nil {
		return desk.ChannelConfig{}, err
	}
	return c, nil
}
