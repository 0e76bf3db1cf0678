package setup

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store/sqlstore/commit"
)

const (
	saveAccount = `INSERT INTO accounts (id, name, deletions, unasked) VALUES ($1, $2, $3, $4)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, deletions = excluded.deletions, unasked = excluded.unasked`

	selectAccount = `SELECT x.id, x.name, x.deletions, x.unasked FROM accounts x`

	saveWorkspace = `INSERT INTO workspaces (id, name, url, app_id, bot_id, bot_user, state, reason)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
	ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url, app_id = excluded.app_id,
	bot_id = excluded.bot_id, bot_user = excluded.bot_user,
	state = excluded.state, reason = excluded.reason`

	selectWorkspace = `SELECT x.id, x.name, x.url, x.app_id, x.bot_id, x.bot_user, x.state, x.reason FROM workspaces x`

	link = `INSERT INTO account_workspaces (account, workspace) VALUES ($1, $2) ON CONFLICT (account, workspace) DO NOTHING`

	unlink = `DELETE FROM account_workspaces WHERE account = $1 AND workspace = $2`
)

// SaveAccount adds or replaces an account.
func (t Tx) SaveAccount(ctx context.Context, a *served.Account) error {
	return t.To.Write(ctx, commit.Op{Doing: "save account", ID: string(a.ID)}, saveAccount, string(a.ID), a.Name, string(a.Deletions), a.Unasked)
}

// SaveWorkspace adds or replaces a workspace.
func (t Tx) SaveWorkspace(ctx context.Context, w *served.Workspace) error {
	return t.To.Write(ctx, commit.Op{Doing: "save workspace", ID: string(w.ID)}, saveWorkspace,
		string(w.ID), w.Name, w.URL, w.AppID, w.BotID, w.BotUID, string(w.State), w.Reason)
}

// LinkWorkspace links an account and a workspace.
func (t Tx) LinkWorkspace(ctx context.Context, account desk.AccountID, w desk.WorkspaceID) error {
	return t.To.Write(ctx, commit.Op{Doing: "link workspace", ID: string(w)}, link, string(account), string(w))
}

// UnlinkWorkspace ends a link.
func (t Tx) UnlinkWorkspace(ctx context.Context, account desk.AccountID, w desk.WorkspaceID) error {
	return t.To.Write(ctx, commit.Op{Doing: "unlink workspace", ID: string(w)}, unlink, string(account), string(w))
}

// Account returns an account.
func (r Reads) Account(ctx context.Context, id desk.AccountID) (a served.Account, err error) {
	err = r.one(ctx, commit.Op{Doing: "account", ID: string(id)}, selectAccount+" WHERE x.id = $1", []any{string(id)}, func(from commit.Row) error {
		return scanAccount(from, &a)
	})
	return a, err
}

func scanAccount(from commit.Row, a *served.Account) error {
	return from.Scan((*string)(&a.ID), &a.Name, (*string)(&a.Deletions), &a.Unasked)
}

// Accounts returns all accounts.
func (r Reads) Accounts(ctx context.Context) ([]served.Account, error) {
	return r.accounts(ctx, commit.Op{Doing: "all accounts"}, selectAccount+" ORDER BY x.id")
}

// AccountsIn returns the accounts that are linked to a workspace.
func (r Reads) AccountsIn(ctx context.Context, w desk.WorkspaceID) ([]served.Account, error) {
	return r.accounts(ctx, commit.Op{Doing: "accounts in", ID: string(w)},
		selectAccount+" JOIN account_workspaces l ON l.account = x.id WHERE l.workspace = $1 ORDER BY x.id", string(w))
}

func (r Reads) accounts(ctx context.Context, what commit.Op, text string, args ...any) (all []served.Account, err error) {
	err = r.Ask.Query(ctx, what, text, args, func(from commit.Row) error {
		var a served.Account
		err := scanAccount(from, &a)
		all = append(all, a)
		return err
	})
	return all, err
}

// Workspace returns a workspace.
func (r Reads) Workspace(ctx context.Context, id desk.WorkspaceID) (w served.Workspace, err error) {
	err = r.one(ctx, commit.Op{Doing: "workspace", ID: string(id)}, selectWorkspace+" WHERE x.id = $1", []any{string(id)}, func(from commit.Row) error {
		return scanWorkspace(from, &w)
	})
	return w, err
}

func scanWorkspace(from commit.Row, w *served.Workspace) error {
	return from.Scan((*string)(&w.ID), &w.Name, &w.URL, &w.AppID, &w.BotID, &w.BotUID, (*string)(&w.State), &w.Reason)
}

// Workspaces returns all workspaces, by id.
func (r Reads) Workspaces(ctx context.Context) ([]served.Workspace, error) {
	return r.workspaces(ctx, commit.Op{Doing: "all workspaces"}, selectWorkspace+" ORDER BY x.id")
}

// WorkspacesOf returns the workspaces that an account is linked to.
func (r Reads) WorkspacesOf(ctx context.Context, account desk.AccountID) ([]served.Workspace, error) {
	return r.workspaces(ctx, commit.Op{Doing: "workspaces of", ID: string(account)},
		selectWorkspace+" JOIN account_workspaces l ON l.workspace = x.id WHERE l.account = $1 ORDER BY x.id", string(account))
}

func (r Reads) workspaces(ctx context.Context, what commit.Op, text string, args ...any) (all []served.Workspace, err error) {
	err = r.Ask.Query(ctx, what, text, args, func(from commit.Row) error {
		var w served.Workspace
		err := scanWorkspace(from, &w)
		all = append(all, w)
		return err
	})
	return all, err
}
