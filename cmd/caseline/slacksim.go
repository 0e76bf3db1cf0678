package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"

	"caseline/internal/app/simulated"
)

func slacksimCommand(ctx context.Context, args []string, std stdio) error {
	fs := flag.NewFlagSet("slacksim", flag.ContinueOnError)
	listen := fs.String("listen", "127.0.0.1:8079", "the loopback `address` it is served at")
	data := fs.String("data", "", "the `folder` that everything is kept in; memory only if empty")
	app := fs.String("app", "", "the app's manifest, a `file` of YAML or JSON; an app that may do everything, with Socket Mode, if empty")
	clock := fs.String("clock", "real", "`real`, or manual: it stands still until the admin API moves it")
	verbose := fs.Bool("v", false, "log what happens")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	if *clock != "real" && *clock != "manual" {
		fmt.Fprintf(std.err, "caseline slacksim: what is the clock %q? It is real or manual.\n", *clock)
		return errUsage
	}
	level := slog.LevelWarn
	if *verbose {
		level = slog.LevelDebug
	}
	return simulated.Run(ctx, simulated.Options{
		Listen: *listen, Dir: *data, Manifest: *app, Manual: *clock == "manual", Out: std.out,
		Log: slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: level})),
	})
}
