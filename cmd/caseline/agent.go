package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"caseline/internal/app"
	"caseline/internal/config"
	"caseline/internal/desk"
)

const agentUsage = `Usage: caseline agent add      --email ADDRESS --name NAME [--role ROLE] < password
       caseline agent password --email ADDRESS < password
       caseline agent picture  --email ADDRESS [--remove] < picture
`

// agentCommand adds an agent or gives one a new password. The password comes
// from standard input, so that it stands neither in the shell's history nor
// among the processes.
func agentCommand(ctx context.Context, args []string, std stdio) error {
	if len(args) > 0 && args[0] == "picture" {
		return agentPicture(ctx, args[1:], std)
	}
	if len(args) == 0 || args[0] != "add" && args[0] != "password" {
		fmt.Fprint(std.err, agentUsage)
		return errUsage
	}
	adds := args[0] == "add"
	fs := flag.NewFlagSet("agent "+args[0], flag.ContinueOnError)
	path := fs.String("config", "caseline.yaml", "the configuration `file`")
	email := fs.String("email", "", "the `address` to sign in with")
	name, role := new(string), new(string)
	if adds {
		name = fs.String("name", "", "the name that customers see")
		role = fs.String("role", string(desk.RoleAgent), "`agent or operator`, who also says who is served where and reads the audit")
	}
	if err := parse(fs, args[1:], std); err != nil {
		return err
	}
	cfg, err := config.Load(*path, os.Environ())
	if err != nil {
		return err
	}
	password, err := readPassword(std)
	if err != nil {
		return err
	}
	if !adds {
		if err := app.SetPassword(ctx, *cfg, *email, password); err != nil {
			return err
		}
		fmt.Fprintf(std.out, "%s has a new password and is signed out everywhere.\n", *email)
		return nil
	}
	if err := app.AddAgent(ctx, *cfg, *email, *name, password, desk.Role(*role)); err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%s may sign in now.\n", *email)
	return nil
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
	if err := app.SetPicture(ctx, *cfg, *email, picture); err != nil {
		return err
	}
	fmt.Fprintf(std.out, done, *email)
	return nil
}

func readPassword(std stdio) (string, error) {
	fmt.Fprint(std.err, "Password (one line): ")
	line, err := bufio.NewReader(std.in).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.Join(errors.New("no password on standard input"), err)
	}
	return line, nil
}
