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
	if err := parse(fs, args, std); err != nil {
		return err
	}
	return bench.Run(ctx, bench.Options{
		Dir: *dir, Postgres: *postgres, Runs: *runs, Each: *each, Chats: *chats, Streams: *streams, Out: std.out, Err: std.err,
	})
}
