package main

import (
	"context"
	"flag"
	"time"

	"caseline/internal/app/bench"
)

func benchCommand(ctx context.Context, args []string, std stdio) error {
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	dir := fs.String("dir", "", "the `folder` to make the databases in, on the disk to be measured")
	postgres := fs.String("postgres", "", "the `URL` of a PostgreSQL server to measure on, instead of SQLite")
	runs := fs.Int("runs", 5, "runs of each figure; the median is shown")
	each := fs.Duration("each", 3*time.Second, "of one run")
	chats := fs.Int("chats", 5000, "open chats")
	streams := fs.Int("streams", 20, "agents' live streams connected")
	only := fs.String("only", "", "measure only this `part`: memory, rates, latency, streams or growth")
	profile := fs.String("cpuprofile", "", "`file` for a processor profile of the server under load")
	bare := fs.String("bare", "", "only serve the bare path at this `address`; the bench starts that itself")
	storeURL := fs.String("store", "", "with -bare: `URL` of the database")
	if err := parse(fs, args, std); err != nil {
		return err
	}
	if *bare != "" {
		return bench.ServeBare(ctx, *bare, *storeURL)
	}
	return bench.Run(ctx, bench.Options{
		Dir: *dir, Postgres: *postgres, Runs: *runs, Each: *each, Chats: *chats, Streams: *streams, Only: *only, Profile: *profile, Out: std.out, Err: std.err,
	})
}
