package app

import (
	"context"
	"log/slog"
	"time"

	"caseline/internal/catalogue"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/routing"
)

// reread reads the catalogue again whenever somebody asks for it, until ctx
// ends. One that is refused leaves that in force which there is.
func (a *App) reread(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-a.reload:
		}
		if err := a.book.Reload(); err != nil {
			a.log.Error("the catalogue was not read again: the one in force stays", slog.Any("err", err))
			continue
		}
		a.log.Info("the catalogue was read again")
	}
}

// levels is what severities are called and how soon they are answered, by the
// catalogue in force.
func levels(book *catalogue.Book) func(desk.Severity) desk.Level {
	return func(s desk.Severity) desk.Level { return book.Catalogue().Called(s) }
}

// routingRules are how waiting chats are offered, by the catalogue in force.
func routingRules(c config.Routing, book *catalogue.Book) routing.Rules {
	return routing.Rules{
		OfferFor: c.OfferFor, AskAgain: c.AskAgain,
		Target: func(s desk.Severity) time.Duration { return book.Catalogue().Called(s).FirstResponse },
		Hours: func(issueType, language string) (matters.Hours, bool) {
			return book.Catalogue().HoursOf(issueType, language)
		},
	}
}

// Named returns a case with the names of what it is about, by the catalogue in
// force.
func (a *App) Named(c desk.Case) desk.Case { return a.book.Catalogue().Named(c) }
