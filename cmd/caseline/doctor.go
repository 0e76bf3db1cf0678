package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"caseline/internal/app/doctor"
	"caseline/internal/config"
)

var errSick = errors.New("something must be mended; see above")

// doctorCommand examines an installation.
func doctorCommand(ctx context.Context, args []string, std stdio) error {
	fs := flag.NewFlagSet("doctor", flag.ContinueOnError)
	path := fs.String("config", "caseline.yaml", "the configuration `file`")
	asJSON := fs.Bool("json", false, "as JSON, for machines")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	tell := func(f doctor.Finding) { fmt.Fprintln(std.out, f.Line()) }
	if *asJSON {
		tell = nil
	}
	found := doctor.Examine(ctx, *path, os.Environ(), doctor.Options{}, tell)
	var next []string
	if cfg, err := config.LoadPart(*path, os.Environ()); err == nil {
		next = doctor.Next(cfg.Slack)
	}
	if *asJSON {
		if err := doctor.WriteJSON(std.out, found, next); err != nil {
			return err
		}
	} else if !doctor.Sick(found) {
		fmt.Fprintln(std.out, "\nWhat to try by hand next:")
		for i, line := range next {
			fmt.Fprintf(std.out, "%2d. %s\n", i+1, line)
		}
	}
	if doctor.Sick(found) {
		return errSick
	}
	return nil
}
