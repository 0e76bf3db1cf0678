package app

import (
	"context"
	"crypto/rand"
	"errors"

	"caseline/internal/casework/auditlog"
	"caseline/internal/casework/preferences"
	"caseline/internal/casework/rosters"
	"caseline/internal/config"
	"caseline/internal/console/lead"
	"caseline/internal/console/room"
	"caseline/internal/console/teams"
	"caseline/internal/console/turns"
	"caseline/internal/console/ways"
)

// rooms are the further pages of the console.
func (a *App) rooms(cfg config.Config) []room.Room {
	return append(a.keeper.rooms(cfg),
		ways.Room{Keep: preferences.New(a.Store), TLS: cfg.CookiesAreSecure()},
		lead.New(lead.Needs{Read: a.Store, Cases: a.Cases, Catalogue: a.book.Catalogue, Token: rand.Text, Took: auditlog.Book{Store: a.Store, Now: a.now}.TookReport}),
		turns.Pages{Do: a.Cases},
		teams.Pages{Do: rosters.New(a.Store, a.now), Read: a.Store, Catalogue: a.book.Catalogue},
	)
}

// purge forgets what has had its time.
func (a *App) purge(drafts func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error { return errors.Join(drafts(ctx), a.Cases.ForgetDevices(ctx)) }
}
