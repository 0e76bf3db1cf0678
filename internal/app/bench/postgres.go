package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
)

// makeDatabases makes the databases for the product, for the bare path and for
// growth on the given server, and returns what drops them.
func (b *bench) makeDatabases(ctx context.Context) (drop func() error, err error) {
	at, err := url.Parse(b.opt.Postgres)
	if err != nil {
		return nil, fmt.Errorf("read the address of PostgreSQL: %w", err)
	}
	name := fmt.Sprintf("caseline_bench_%d", time.Now().UnixNano())
	for _, suffix := range []string{"", "_bare", "_grown"} {
		if err := b.admin(ctx, `CREATE DATABASE `+name+suffix); err != nil {
			return nil, err
		}
	}
	at.Path = "/" + name
	b.database = at.String()
	at.Path = "/" + name + "_bare"
	b.bareURL = at.String()
	at.Path = "/" + name + "_grown"
	b.grownURL = at.String()
	return func() error {
		ctx := context.WithoutCancel(ctx)
		return errors.Join(
			b.admin(ctx, `DROP DATABASE `+name+` WITH (FORCE)`),
			b.admin(ctx, `DROP DATABASE `+name+`_bare WITH (FORCE)`),
			b.admin(ctx, `DROP DATABASE `+name+`_grown WITH (FORCE)`))
	}, nil
}

func (b *bench) admin(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, b.opt.Postgres)
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
