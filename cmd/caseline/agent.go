package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"caseline/internal/app"
	"caseline/internal/auth"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/store/sqlstore"
)

const agentUsage = `Usage: caseline agent list
       caseline agent add      --email ADDRESS --name NAME [--role ROLE] < password
       caseline agent password --email ADDRESS < password
       caseline agent picture  --email ADDRESS [--remove] < picture
       caseline agent role     --email ADDRESS --role ROLE
       caseline agent invite   --email ADDRESS [--role ROLE]
       caseline agent factor   --email ADDRESS --remove
       caseline agent disable  --email ADDRESS
       caseline agent enable   --email ADDRESS
`

// An agentRun is one run of a command on the agents.
type agentRun struct {
	std   stdio
	email string
	name  string
	role  string

	remove bool

	store *sqlstore.Store
	auth  *auth.Service
}

// agentCommand lists agents, adds one or changes what one may do.
func agentCommand(ctx context.Context, args []string, std stdio) error {
	if len(args) > 0 && args[0] == "picture" {
		return agentPicture(ctx, args[1:], std)
	}
	verbs := map[string]func(*agentRun, context.Context) error{
		"list": (*agentRun).list, "add": (*agentRun).add, "password": (*agentRun).password, "role": (*agentRun).setRole,
		"invite": (*agentRun).invite, "factor": (*agentRun).factor, "disable": (*agentRun).disable, "enable": (*agentRun).enable,
	}
	if len(args) == 0 || verbs[args[0]] == nil {
		fmt.Fprint(std.err, agentUsage)
		return errUsage
	}
	verb, r := args[0], &agentRun{std: std}
	fs := flag.NewFlagSet("agent "+verb, flag.ContinueOnError)
	path := fs.String("config", "caseline.yaml", "the configuration `file`")
	if verb != "list" {
		fs.StringVar(&r.email, "email", "", "the `address` to sign in with")
	}
	switch verb {
	case "add":
		fs.StringVar(&r.name, "name", "", "the name that customers see")
		fs.StringVar(&r.role, "role", string(desk.RoleAgent), "`agent`, lead, operator or auditor")
	case "invite":
		fs.StringVar(&r.role, "role", string(desk.RoleAgent), "`agent`, lead, operator or auditor")
	case "factor":
		fs.BoolVar(&r.remove, "remove", false, "take the second factor away and end all sign-ins")
	case "role":
		fs.StringVar(&r.role, "role", "", "`agent`, lead, operator or auditor")
	}
	if err := parse(fs, args[1:], std); err != nil {
		return err
	}
	cfg, err := config.Load(*path, os.Environ())
	if err != nil {
		return err
	}
	return app.WithAgents(ctx, *cfg, func(s *sqlstore.Store, a *auth.Service) error {
		r.store, r.auth = s, a
		return verbs[verb](r, ctx)
	})
}

func (r *agentRun) list(ctx context.Context) error {
	all, err := r.store.Agents(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(r.std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ADDRESS\tNAME\tROLE\tSEEN")
	for _, a := range all {
		role, seen := string(a.Role), "never"
		if a.Disabled {
			role += ", disabled"
		}
		if !a.SeenAt.IsZero() {
			seen = a.SeenAt.UTC().Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Email, a.Name, role, seen)
	}
	return w.Flush()
}

// agentPicture gives an agent the picture that comes from standard input, or
// takes theirs away.
func agentPicture(ctx context.Context, args []string, std stdio) error {
	fs := flag.NewFlagSet("agent picture", flag.ContinueOnError)
	path := fs.String("config", "caseline.yaml", "the configuration `file`")
	email := fs.String("email", "", "the `address` that the agent signs in with")
	remove := fs.Bool("remove", false, "take the picture away")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	cfg, err := config.Load(*path, os.Environ())
	if err != nil {
		return err
	}
	picture, done := std.in, "%s has the picture now.\n"
	if *remove {
		picture, done = nil, "%s has no picture now.\n"
	}
	if err := app.SetPicture(ctx, *cfg, by(), *email, picture); err != nil {
		return err
	}
	fmt.Fprintf(std.out, done, *email)
	return nil
}

func (r *agentRun) add(ctx context.Context) error {
	password, err := r.readPassword()
	if err != nil {
		return err
	}
	if _, err := r.auth.AddAgent(ctx, by(), r.email, r.name, password, desk.Role(r.role)); err != nil {
		return err
	}
	return r.say("%s may sign in now.", r.email)
}

func (r *agentRun) password(ctx context.Context) error {
	password, err := r.readPassword()
	if err != nil {
		return err
	}
	if err := r.auth.SetPassword(ctx, by(), r.email, password); err != nil {
		return err
	}
	return r.say("%s has a new password and is signed out everywhere.", r.email)
}

func (r *agentRun) setRole(ctx context.Context) error {
	if err := r.auth.SetRole(ctx, by(), r.email, desk.Role(r.role)); err != nil {
		return err
	}
	return r.say("%s has the role %s now.", r.email, r.role)
}

// invite prints a link by which somebody new chooses a name and a password, or an
// agent a new password.
func (r *agentRun) invite(ctx context.Context) error {
	agent, err := r.store.AgentByEmail(ctx, auth.NormalEmail(r.email))
	var invited auth.Invited
	switch {
	case err == nil:
		invited, err = r.auth.InviteAgain(ctx, by(), agent.ID)
	case errors.Is(err, desk.ErrNotFound):
		invited, err = r.auth.Invite(ctx, by(), r.email, desk.Role(r.role))
	}
	if err != nil {
		return err
	}
	return r.say("%s\nIt is good once, until %s. Pass it on to %s.", invited.Link, invited.Expires.UTC().Format(time.RFC3339), invited.Email)
}

// factor takes a second factor away: the way in for an operator who has lost
// theirs, and whom no other can help.
func (r *agentRun) factor(ctx context.Context) error {
	if !r.remove {
		fmt.Fprint(r.std.err, agentUsage)
		return errUsage
	}
	agent, err := r.auth.Named(ctx, r.email)
	if err != nil {
		return err
	}
	if err := r.auth.RemoveFactor(ctx, by(), agent.ID); err != nil {
		return err
	}
	return r.say("%s has no second factor now and is signed out everywhere.", agent.Email)
}

func (r *agentRun) disable(ctx context.Context) error {
	if err := r.auth.SetDisabled(ctx, by(), r.email, true); err != nil {
		return err
	}
	return r.say("%s is signed out everywhere and cannot sign in.", r.email)
}

func (r *agentRun) enable(ctx context.Context) error {
	if err := r.auth.SetDisabled(ctx, by(), r.email, false); err != nil {
		return err
	}
	return r.say("%s may sign in again.", r.email)
}

func (r *agentRun) say(format string, args ...any) error {
	_, err := fmt.Fprintf(r.std.out, format+"\n", args...)
	return err
}

// readPassword reads one line of standard input, so that the password stands
// neither in the shell's history nor among the processes.
func (r *agentRun) readPassword() (string, error) {
	fmt.Fprint(r.std.err, "Password (one line): ")
	line, err := bufio.NewReader(r.std.in).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.Join(errors.New("no password on standard input"), err)
	}
	return line, nil
}
