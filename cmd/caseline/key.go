package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"caseline/internal/auth"
	"caseline/internal/desk"
	"caseline/internal/seal"
	"caseline/internal/slack/install"
)

const keyUsage = `Usage: caseline key new
       caseline key reseal

The tokens that Slack gives when the app is installed by OAuth, and the secrets of
agents' second factors, are sealed in the database with a key. It lies elsewhere: in the file that CASELINE_KEY_FILE names,
or in CASELINE_KEY. new prints one.

To replace a key: write a new one before it, on a line of its own, start all
servers again with both, run reseal, and take the old one away.
`

// keyCommand makes keys, and has what they seal sealed with another.
func keyCommand(ctx context.Context, args []string, std stdio) error {
	return verbs{"new": newKey, "reseal": reseal}.run(ctx, "key", keyUsage, args, std)
}

func newKey(_ context.Context, r *setupRun, args []string) error {
	r.fs = flag.NewFlagSet("key new", flag.ContinueOnError) // it takes none
	if err := parse(r.fs, args, r.std); err != nil {
		return err
	}
	_, err := fmt.Fprintln(r.std.out, seal.NewKey())
	return err
}

func reseal(ctx context.Context, r *setupRun, args []string) error {
	return r.open(ctx, args, func() error {
		ring, err := seal.Load(os.Environ())
		if errors.Is(err, seal.ErrNoKey) {
			return refuse(desk.ErrInvalid, "There is no key: set %s to the path of a file with the new key and the old one, a line each, the new one first.", seal.VarFile)
		}
		if err != nil {
			return err
		}
		anew, err := install.Reseal(ctx, r.store, ring)
		if err != nil {
			return err
		}
		factors, err := auth.Reseal(ctx, r.store, ring)
		if err != nil {
			return err
		}
		anew += factors
		ids := ring.IDs()
		fmt.Fprintf(r.std.out, "Sealed anew: %d. All tokens and second factors are sealed with key %s now.\n", anew, ids[0])
		if others := ids[1:]; len(others) > 0 {
			fmt.Fprintf(r.std.out, "Nothing needs %s any more. Take it away, but keep it with backups of the database that are older than this.\n", strings.Join(others, ", "))
		}
		return nil
	})
}
