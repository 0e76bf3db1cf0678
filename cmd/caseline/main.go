// Command caseline is support cases and live chat in Slack: one binary that
// serves a workspace, shows itself in a demo and measures itself.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"caseline/internal/desk"
)

func main() {
	// The first signal asks for an orderly stop, a second one kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr}))
}

// stdio is where a command reads and writes.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// errUsage says that the arguments were wrong and the person has been told.
var errUsage = errors.New("usage")

type command struct {
	name, line string
	run        func(ctx context.Context, args []string, std stdio) error
}

func commands() []command {
	return []command{
		{"demo", "try it here: a simulated Slack, the console, no account", demoCommand},
		{"setup", "set up a real workspace step by step, here in the terminal", firstRunCommand},
		{"manifest", "print the manifest of the Slack app, to be pasted when the app is made", manifestCommand},
		{"doctor", "check configuration, database and Slack, and say what to mend", doctorCommand},
		{"serve", "serve a real workspace, as caseline.yaml says", serveCommand},
		{"agent", "add an agent who may sign in to the console, or give one a new password", agentCommand},
		{"account", "add the organisations that are supported, and name them", accountCommand},
		{"workspace", "say which workspaces an account uses", workspaceCommand},
		{"channel", "say in which channels an account is served, and what is allowed there", channelCommand},
		{"key", "make the key that seals Slack's tokens in the database, or replace it", keyCommand},
		{"catalogue", "check the file that says what cases can be about, or print the default one", catalogueCommand},
		{"audit", "print who did what", auditCommand},
		{"slacksim", "run the simulated Slack alone, to develop an app for Slack against it", slacksimCommand},
		{"bench", "measure this machine and the program on it", benchCommand},
		{"version", "print the version", versionCommand},
	}
}

// run runs the command that args name and returns the exit code: 0 done, 1
// failed, 2 wrong arguments.
func run(ctx context.Context, args []string, std stdio) int {
	name := "help"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "help", "-h", "--help", "-help":
		usage(std.out)
		return 0
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		err := c.run(ctx, args, std)
		switch {
		case err == nil, errors.Is(err, flag.ErrHelp):
			return 0
		case errors.Is(err, errUsage):
			return 2
		}
		if r, ok := errors.AsType[*desk.Refusal](err); ok {
			err = r // the sentence for people
		}
		fmt.Fprintf(std.err, "caseline %s: %v\n", name, err)
		return 1
	}
	fmt.Fprintf(std.err, "caseline: there is no command %q\n\n", name)
	usage(std.err)
	return 2
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Caseline: support cases and live chat in Slack, self-hosted.\n\nUsage: caseline <command> [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.line)
	}
	fmt.Fprint(w, "\n`caseline <command> -h` prints a command's flags.\n")
}

// parse reads the flags of a command that takes no further arguments.
func parse(fs *flag.FlagSet, args []string, std stdio) error {
	fs.SetOutput(std.err)
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	if fs.NArg() > 0 {
		fmt.Fprintf(std.err, "caseline %s: what is %q? This command takes flags only.\n", fs.Name(), fs.Arg(0))
		return errUsage
	}
	return nil
}

func versionCommand(_ context.Context, args []string, std stdio) error {
	if err := parse(flag.NewFlagSet("version", flag.ContinueOnError), args, std); err != nil {
		return err
	}
	version, goVersion := "unknown", "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		version, goVersion = info.Main.Version, info.GoVersion
	}
	fmt.Fprintf(std.out, "caseline %s (%s)\n", version, goVersion)
	return nil
}
