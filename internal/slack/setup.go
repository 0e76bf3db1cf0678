package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/manifest"
	"caseline/internal/store"
)

// A stranger asks Slack who we are.
type stranger interface {
	AuthTest(ctx context.Context) (api.Identity, error)
	AppOf(ctx context.Context, bot string) (app string, err error)
	TeamInfo(ctx context.Context) (api.Team, error)
	ChannelInfo(ctx context.Context, id string) (api.Channel, error)
	Lacks(scope string) bool
}

// An updater writes.
type updater interface {
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// Setup asks Slack whose token we have, and keeps the answer: the workspace
// and who our app is there. Without it no event can be told from an echo.
// Scopes that are missing are logged.
func Setup(ctx context.Context, slack stranger, s updater, installed *ident.Installed, log *slog.Logger) (served.Workspace, error) {
	id, err := slack.AuthTest(ctx)
	if err != nil {
		return served.Workspace{}, fmt.Errorf("ask slack whose token this is: %w", err)
	}
	if id.TeamID == "" || id.BotID == "" || id.UserID == "" {
		return served.Workspace{}, errors.New("ask slack whose token this is: it is not a bot's token (xoxb-…)")
	}
	w := served.Workspace{
		ID: desk.WorkspaceID(id.TeamID), Name: id.TeamName, URL: id.URL,
		AppID: id.AppID, BotID: id.BotID, BotUID: id.UserID, Enterprise: id.Enterprise,
	}
	// Both are good to have, and not worth failing for.
	if w.AppID == "" {
		if w.AppID, err = slack.AppOf(ctx, id.BotID); err != nil {
			log.Info("app id not known", slog.String("workspace", id.TeamID), slog.Any("err", err))
		}
	}
	if team, err := slack.TeamInfo(ctx); err == nil {
		w.Name, w.URL = cmp.Or(team.Name, w.Name), cmp.Or(w.URL, team.URL)
	}
	tellScopes(slack, id.TeamID, log)
	if err := s.Update(ctx, func(tx store.Tx) error { return tx.SaveWorkspace(ctx, &w) }); err != nil {
		return served.Workspace{}, fmt.Errorf("keep workspace %s: %w", w.ID, err)
	}
	installed.Put(w)
	return w, nil
}

// tellScopes logs what does not work for want of a scope. What whoever installed
// the app may decline is no cause to warn.
func tellScopes(slack stranger, workspace string, log *slog.Logger) {
	for _, scope := range manifest.Scopes() {
		if !slack.Lacks(scope.Name) {
			continue
		}
		tell := log.Warn
		if scope.Optional {
			tell = log.Info
		}
		tell("the app lacks a scope", slog.String("workspace", workspace), slog.String("err", scope.Name+": "+scope.Without))
	}
}

// CheckChannel returns an error that says what is wrong with a configured
// channel, so that an operator can put it right: people cannot use it as it
// is.
func CheckChannel(ctx context.Context, slack stranger, ch desk.ChannelID) error {
	info, err := slack.ChannelInfo(ctx, string(ch))
	switch {
	case api.Code(err) == "channel_not_found":
		return fmt.Errorf("channel %s: it does not exist, or it is private and the app is not in it: invite the app there", ch)
	case err != nil:
		return fmt.Errorf("channel %s: %w", ch, err)
	case info.Archived:
		return fmt.Errorf("channel %s (%s): it is archived", ch, info.Name)
	case !info.IsMember:
		return fmt.Errorf("channel %s (%s): the app is not in it: invite the app there", ch, info.Name)
	}
	return nil
}
