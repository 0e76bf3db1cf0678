package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/url"
	"strings"

	"caseline/internal/auth"
	"caseline/internal/casework/portraits"
	"caseline/internal/config"
	"caseline/internal/console/portrait"
	"caseline/internal/desk"
	"caseline/internal/store/sqlstore"
)

// portraitOf returns where Slack finds the picture of an agent: below our own
// address, if Slack can reach that, or else the one for all agents.
func portraitOf(cfg config.Config, s *sqlstore.Store, log *slog.Logger) func(context.Context, desk.AgentID) string {
	base := cfg.PublicURL
	return func(ctx context.Context, a desk.AgentID) string {
		if a == "" || !strings.HasPrefix(base, "https://") {
			return cfg.Chat.AgentPicture // Slack: chat.postMessage, icon_url is a public https address
		}
		token, err := s.PortraitToken(ctx, a)
		if err != nil {
			if !errors.Is(err, desk.ErrNotFound) {
				log.Warn("picture of an agent not read", slog.Any("err", err))
			}
			return cfg.Chat.AgentPicture
		}
		return strings.TrimSuffix(base, "/") + portrait.Path + url.PathEscape(token) + portrait.Ending
	}
}

// SetPicture gives an agent a picture, or takes theirs away if it is nil. What is
// said of SQLite above is true here too.
func SetPicture(ctx context.Context, cfg config.Config, by desk.By, email string, picture io.Reader) error {
	return WithAgents(ctx, cfg, func(s *sqlstore.Store, agents *auth.Service) error {
		agent, err := agents.Named(ctx, email)
		if err != nil {
			return err
		}
		if picture == nil {
			return portraits.New(s, nil).Drop(ctx, by, agent)
		}
		return portraits.New(s, nil).Choose(ctx, by, agent, picture)
	})
}
