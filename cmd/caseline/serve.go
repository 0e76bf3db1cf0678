package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"

	"caseline/internal/app"
	"caseline/internal/config"
	"caseline/internal/seal"
)

func serveCommand(ctx context.Context, args []string, std stdio) (err error) {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	path := fs.String("config", "caseline.yaml", "the configuration `file`")
	check := fs.Bool("check", false, "only say whether the configuration is right, and print it without secrets")
	profile := fs.String("cpuprofile", "", "write a processor profile of the run to this `file`")
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
	stopProfile, err := startProfile(*profile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopProfile()) }()
	log := newLogger(std.err, cfg.Log)
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	// Without any the server says what to do, where there is need of one.
	keys, err := seal.Load(os.Environ())
	if err != nil && !errors.Is(err, seal.ErrNoKey) {
		return err
	}
	a, err := app.New(ctx, *cfg, app.Options{
		Log: log, Reload: hangup, Keys: keys,
		Started: release,
	})
	if err != nil {
		return err
	}
	log.Info("serving", slog.String("address", a.Addr()))
	err = a.Run(ctx)
	log.Info("stopped")
	return err
}

// startProfile begins a processor profile, unless path is empty.
func startProfile(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("write the profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
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
