package main

import (
	"context"
	"fmt"
	"strings"

	"caseline/internal/casework/setup"
)

const workspaceUsage = `Usage: caseline workspace list
       caseline workspace link   --account ID-OR-NAME --workspace ID-OR-NAME
       caseline workspace unlink --account ID-OR-NAME --workspace ID-OR-NAME

A workspace is known once the app is installed there and the server has run.
Where there is one account or one workspace only, it need not be named.
`

// workspaceCommand lists workspaces, and links accounts to them.
func workspaceCommand(ctx context.Context, args []string, std stdio) error {
	return verbs{
		"list": listWorkspaces,
		"link": func(ctx context.Context, r *setupRun, args []string) error {
			return linkWorkspace(ctx, r, args, (*setup.Service).LinkWorkspace, "is linked to")
		},
		"unlink": func(ctx context.Context, r *setupRun, args []string) error {
			return linkWorkspace(ctx, r, args, (*setup.Service).UnlinkWorkspace, "is no longer linked to")
		},
	}.run(ctx, "workspace", workspaceUsage, args, std)
}

func listWorkspaces(ctx context.Context, r *setupRun, args []string) error {
	return r.open(ctx, args, func() error {
		all, err := r.store.Workspaces(ctx)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, w := range all {
			accounts, err := r.store.AccountsIn(ctx, w.ID)
			if err != nil {
				return err
			}
			var titles []string
			for _, a := range accounts {
				titles = append(titles, a.Title())
			}
			state := "connected"
			if w.State != "" {
				state = string(w.State)
			}
			rows = append(rows, []string{string(w.ID), w.Name, w.URL, state, strings.Join(titles, ", ")})
		}
		return r.table([]string{"WORKSPACE", "NAME", "ADDRESS", "STATE", "ACCOUNTS"}, rows)
	})
}

func linkWorkspace(ctx context.Context, r *setupRun, args []string, do func(*setup.Service, context.Context, setup.Link) error, became string) error {
	which, where := r.fs.String("account", "", "its `id or name`"), r.fs.String("workspace", "", "its `id or name`")
	return r.open(ctx, args, func() error {
		a, err := r.account(ctx, *which)
		if err != nil {
			return err
		}
		w, err := r.workspace(ctx, *where)
		if err != nil {
			return err
		}
		if err := do(r.setup, ctx, setup.Link{By: by(), Account: a.ID, Workspace: w.ID}); err != nil {
			return err
		}
		fmt.Fprintf(r.std.out, "Account %s %s workspace %s (%s).\n", title(a), became, w.Name, w.ID)
		return nil
	})
}
