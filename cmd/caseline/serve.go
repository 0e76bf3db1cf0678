package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"

	"caseline/internal/app"
	"caseline/internal/config"
)

func serveCommand(ctx context.Context, args []string, std stdio) error {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	path := fs.String("config", "caseline.yaml", "the configuration `file`")
	check := fs.Bool("check", false, "only say whether the configuration is right, and print it without secrets")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	cfg, err := config.Load(*path, os.Environ())
	if err != nil {
		return err
	}
	if *check {
		fmt.Fprint(std.out, cfg.Redacted())
		return nil
	}
	log := newLogger(std.err, cfg.Log)
	a, err := app.New(ctx, *cfg, app.Options{Log: log})
	if err != nil {
		return err
	}
	log.Info("serving", slog.String("address", a.Addr()))
	err = a.Run(ctx)
	log.Info("stopped")
	return err
}

func newLogger(w io.Writer, o config.Log) *slog.Logger {
	var level slog.Level
	// unreachable unless Validate let a wrong level pass: then it is info.
	_ = level.UnmarshalText([]byte(o.Level))
	options := &slog.HandlerOptions{Level: level}
	if o.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
