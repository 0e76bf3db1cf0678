package main

import (
	"context"
	"flag"
	"log/slog"

	"caseline/internal/app/demo"
)

func demoCommand(ctx context.Context, args []string, std stdio) error {
	fs := flag.NewFlagSet("demo", flag.ContinueOnError)
	dir := fs.String("dir", "caseline-demo", "the `folder` that everything is kept in")
	port := fs.Int("port", 8079, "of the start page; the console and the simulated Slack take the next two")
	script := fs.Bool("script", false, "play a chat by itself, without a browser, check it and exit")
	verbose := fs.Bool("v", false, "log what happens")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	level := slog.LevelWarn
	if *verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: level}))
	if *script {
		return demo.Script(ctx, std.out, log)
	}
	return demo.Run(ctx, demo.Options{Dir: *dir, Port: *port, Log: log, Out: std.out})
}
