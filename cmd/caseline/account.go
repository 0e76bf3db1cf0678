package main

import (
	"context"
	"fmt"

	"caseline/internal/casework/setup"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

const accountUsage = `Usage: caseline account list
       caseline account add    --id 12DIGITS [--name NAME]
       caseline account rename --account ID-OR-NAME --name NAME
       caseline account deletions --account ID-OR-NAME --policy keep|hide|erase

A name has up to 30 letters, digits, _, - and spaces, and no two accounts have the same.
What people delete in Slack is kept, hidden from agents, or erased. For the account of the configuration file, the file decides.
`

// accountCommand lists, adds and names accounts.
func accountCommand(ctx context.Context, args []string, std stdio) error {
	return verbs{"list": listAccounts, "add": addAccount, "rename": renameAccount, "deletions": setDeletions}.run(ctx, "account", accountUsage, args, std)
}

func listAccounts(ctx context.Context, r *setupRun, args []string) error {
	return r.open(ctx, args, func() error {
		all, err := r.store.Accounts(ctx)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, a := range all {
			workspaces, err := r.store.WorkspacesOf(ctx, a.ID)
			if err != nil {
				return err
			}
			channels, err := r.store.ChannelsOf(ctx, a.ID)
			if err != nil {
				return err
			}
			rows = append(rows, []string{string(a.ID), a.Name, fmt.Sprint(len(workspaces)), fmt.Sprint(len(channels))})
		}
		return r.table([]string{"ACCOUNT", "NAME", "WORKSPACES", "CHANNELS"}, rows)
	})
}

func addAccount(ctx context.Context, r *setupRun, args []string) error {
	id, name := r.fs.String("id", "", "12 `digits` that you choose"), r.fs.String("name", "", "what people call it")
	return r.open(ctx, args, func() error {
		a, err := r.setup.AddAccount(ctx, setup.AddAccount{By: by(), ID: *id, Alias: *name})
		if err == nil {
			fmt.Fprintf(r.std.out, "Account %s is there. Link it to a workspace: caseline workspace link --account %s\n", title(a), a.ID)
		}
		return err
	})
}

func renameAccount(ctx context.Context, r *setupRun, args []string) error {
	which, name := r.fs.String("account", "", "its `id or name`"), r.fs.String("name", "", "what people are to call it; empty for its id")
	return r.open(ctx, args, func() error {
		a, err := r.account(ctx, *which)
		if err != nil {
			return err
		}
		if !r.given("name") {
			return refuse(desk.ErrInvalid, "Say by --name what people are to call account %s.", title(a))
		}
		if a, err = r.setup.RenameAccount(ctx, setup.RenameAccount{By: by(), Account: a.ID, Alias: *name}); err == nil {
			fmt.Fprintf(r.std.out, "People know account %s as %s now.\n", a.ID, a.Title())
		}
		return err
	})
}

func setDeletions(ctx context.Context, r *setupRun, args []string) error {
	which, policy := r.fs.String("account", "", "its `id or name`"), r.fs.String("policy", "", "`keep`, hide or erase")
	return r.open(ctx, args, func() error {
		a, err := r.account(ctx, *which)
		if err != nil {
			return err
		}
		if *policy == "" {
			return refuse(desk.ErrInvalid, "Say by --policy whether what is deleted in Slack is to be kept, hidden or erased: keep, hide or erase.")
		}
		if a, err = r.setup.SetDeletions(ctx, setup.SetDeletions{By: by(), Account: a.ID, Policy: desk.DeletionPolicy(*policy)}); err == nil {
			fmt.Fprintf(r.std.out, "For account %s the policy on what is deleted in Slack is %s now.\n", title(a), a.Deletions)
		}
		return err
	})
}

// title is an account as a command prints it.
func title(a served.Account) string {
	if a.Name == "" {
		return string(a.ID)
	}
	return string(a.ID) + " (" + a.Name + ")"
}
