package main

import (
	"context"
	"errors"
	"flag"
	"os"

	"caseline/internal/app/firstrun"
)

// firstRunCommand sets up a real workspace.
func firstRunCommand(ctx context.Context, args []string, std stdio) error {
	fs := flag.NewFlagSet("setup", flag.ContinueOnError)
	path := fs.String("config", "caseline.yaml", "the configuration `file` to write, or to go on with")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	o := firstrun.Options{Path: *path, Environ: os.Environ(), In: std.in, Out: std.out}
	if f, ok := std.in.(*os.File); ok {
		o.Hide = func() func() { return hideTyping(f) }
	}
	err := firstrun.Run(ctx, o)
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped; what is done is kept, so run caseline setup again to go on")
	}
	return err
}
