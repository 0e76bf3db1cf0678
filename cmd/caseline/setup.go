package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strings"
	"text/tabwriter"

	"caseline/internal/app"
	"caseline/internal/casework/setup"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/store/sqlstore"
)

// A setupRun is one run of a command on the setup.
type setupRun struct {
	std    stdio
	fs     *flag.FlagSet
	config *string
	store  *sqlstore.Store
	setup  *setup.Service
}

// verbs are what can follow a command such as account.
type verbs map[string]func(ctx context.Context, r *setupRun, args []string) error

// run runs the verb that args begin with, or prints the usage.
func (v verbs) run(ctx context.Context, name, usage string, args []string, std stdio) error {
	if len(args) == 0 || v[args[0]] == nil {
		fmt.Fprint(std.err, usage)
		return errUsage
	}
	r := &setupRun{std: std, fs: flag.NewFlagSet(name+" "+args[0], flag.ContinueOnError)}
	r.config = r.fs.String("config", "caseline.yaml", "the configuration `file`")
	return v[args[0]](ctx, r, args[1:])
}

// open reads the flags and does something with the database. On SQLite the
// server must not be running: one process owns the file.
func (r *setupRun) open(ctx context.Context, args []string, do func() error) error {
	if err := parse(r.fs, args, r.std); err != nil {
		return err
	}
	cfg, err := config.Load(*r.config, os.Environ())
	if err != nil {
		return err
	}
	return app.WithSetup(ctx, *cfg, func(s *sqlstore.Store, u *setup.Service) error {
		r.store, r.setup = s, u
		return do()
	})
}

// given reports whether a flag was given.
func (r *setupRun) given(name string) bool {
	given := false
	r.fs.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	return given
}

// by is whoever runs the command, as the machine knows them.
func by() desk.By {
	actor := desk.BySystem()
	if who, err := user.Current(); err == nil {
		actor.Name = who.Username
	}
	return desk.By{Actor: actor, Via: desk.ViaCommand}
}

func refuse(kind error, format string, args ...any) error {
	return &desk.Refusal{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// account finds the account that typed names, by its id or its alias. Nothing
// names the only one.
func (r *setupRun) account(ctx context.Context, typed string) (served.Account, error) {
	all, err := r.store.Accounts(ctx)
	if err != nil {
		return served.Account{}, err
	}
	for _, a := range all {
		if typed == "" && len(all) == 1 || typed != "" && (typed == string(a.ID) || strings.EqualFold(typed, a.Name)) {
			return a, nil
		}
	}
	if typed == "" {
		return served.Account{}, refuse(desk.ErrInvalid, "Say which account by --account and its id or name; `caseline account list` prints them.")
	}
	return served.Account{}, refuse(desk.ErrNotFound, "There is no account “%s”; `caseline account list` prints all.", typed)
}

// workspace finds the workspace that typed names, by its id or its name. Nothing
// names the only one.
func (r *setupRun) workspace(ctx context.Context, typed string) (served.Workspace, error) {
	all, err := r.store.Workspaces(ctx)
	if err != nil {
		return served.Workspace{}, err
	}
	for _, w := range all {
		if typed == "" && len(all) == 1 || typed != "" && (typed == string(w.ID) || strings.EqualFold(typed, w.Name)) {
			return w, nil
		}
	}
	if typed == "" && len(all) > 0 {
		return served.Workspace{}, refuse(desk.ErrInvalid, "Say which workspace by --workspace and its id or name; `caseline workspace list` prints them.")
	}
	return served.Workspace{}, refuse(desk.ErrNotFound, "No workspace “%s” is known. Install the app there and start the server; `caseline workspace list` prints what is known.", typed)
}

// channel reads a channel as typed, and in which workspace it is.
func (r *setupRun) channel(ctx context.Context, typed, workspace string) (desk.WorkspaceID, desk.ChannelID, error) {
	c, ok := ident.ReadChannel(typed)
	if !ok {
		return "", "", refuse(desk.ErrInvalid, "Name the channel by --channel and its id, such as C0123456789, or its link. Slack shows both at the end of the channel's details.")
	}
	if workspace != "" {
		w, err := r.workspace(ctx, workspace)
		return w.ID, c.Channel, err
	}
	all, err := r.store.Workspaces(ctx)
	if err != nil {
		return "", "", err
	}
	w, ok := c.In(all)
	if !ok {
		return "", "", refuse(desk.ErrNotFound, "It is not known in which workspace this channel is. Say so by --workspace and its id or name; `caseline workspace list` prints them.")
	}
	return w, c.Channel, nil
}

// table prints rows in columns.
func (r *setupRun) table(head []string, rows [][]string) error {
	if len(rows) == 0 {
		fmt.Fprintln(r.std.out, "There is nothing yet.")
		return nil
	}
	out := tabwriter.NewWriter(r.std.out, 0, 0, 2, ' ', 0)
	for _, row := range slices.Concat([][]string{head}, rows) {
		fmt.Fprintln(out, strings.Join(row, "\t"))
	}
	return out.Flush()
}
