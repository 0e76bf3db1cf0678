package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"caseline/internal/app/tenants"
	"caseline/internal/auth"
	"caseline/internal/blob"
	"caseline/internal/casework/setup"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore"
)

// newSetup returns the use cases that change who is served where.
func newSetup(cfg config.Config, s store.Store, o Options) *setup.Service {
	return setup.New(s, ident.Channel, setup.Options{Now: o.Now, Limits: setupLimits(cfg)})
}

func setupLimits(cfg config.Config) served.SetupLimits {
	return served.SetupLimits{
		WorkspacesPerAccount: cfg.Limits.WorkspacesPerAccount,
		ChannelsPerAccount:   cfg.Limits.ChannelsPerAccount,
		AccountsPerChannel:   cfg.Limits.AccountsPerChannel,
	}
}

// plant makes what the configuration says of account and channels, if it is
// missing.
func plant(ctx context.Context, cfg config.Config, s *setup.Service, edge *slackEdge, log *slog.Logger) error {
	if cfg.Account.ID == "" {
		return nil
	}
	w := edge.own
	seed := setup.Seed{Account: served.Account{ID: desk.AccountID(cfg.Account.ID), Name: cfg.Account.Name}, Workspace: w.ID}
	for _, ch := range cfg.Channels {
		seed.Channels = append(seed.Channels, served.ChannelConfig{
			Account: seed.Account.ID, Workspace: w.ID, Channel: edge.installed.Channels(w.ID).First(desk.ChannelID(ch.ID)), Name: ch.Name,
			Permissions: served.FullPermissions(), Notify: served.NotifyEverything(),
		})
	}
	left, err := s.Plant(ctx, seed)
	if err == nil {
		_, err = s.SetDeletions(ctx, setup.SetDeletions{
			By: desk.ByItself(), Account: seed.Account.ID, Policy: desk.DeletionPolicy(cfg.Account.Deletions),
		})
	}
	for _, ch := range left {
		log.Info("a channel of the configuration file was removed since and is not made again", slog.String("workspace", string(w.ID)), slog.String("err", string(ch)))
	}
	return err
}

// Plant makes what the configuration says of account and channels, if it is
// missing, as the server does when it starts. Slack is asked in which workspace
// that is. What is said of SQLite below is true here too.
func Plant(ctx context.Context, cfg config.Config, o Options) error {
	o = o.withDefaults()
	return withStore(ctx, cfg, o, func(s *sqlstore.Store) error {
		installed, err := loadInstalled(ctx, s)
		if err != nil {
			return err
		}
		parts := tenants.Parts{Config: cfg, Installed: installed, Slack: o.Slack, Now: o.Now}
		client, err := api.New(cfg.Slack.BotToken.Reveal(), parts.Calls("", ""))
		if err != nil {
			return err
		}
		workspace, err := slack.Setup(ctx, client, s, installed, o.Log)
		if err != nil {
			return err
		}
		return plant(ctx, cfg, newSetup(cfg, s, o), &slackEdge{own: workspace, installed: installed}, o.Log)
	})
}

// address says where a request comes from. A proxy's word counts only when
// the operator says that there is one, for anybody can write the header.
func address(trustProxy bool) func(*http.Request) string {
	return func(r *http.Request) string {
		if trustProxy {
			// Some proxies add a line of their own below what the visitor sent.
			hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
			// The last hop is the one our proxy saw; those before are hearsay.
			if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {
				return last
			}
		}
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			return r.RemoteAddr
		}
		return host
	}
}

func openFile(files *blob.Folder) func(hash string) (io.ReadSeekCloser, error) {
	return func(hash string) (io.ReadSeekCloser, error) { return files.Open(hash) }
}

// WithAgents does something with the agents in the database that cfg names. On
// SQLite the server must not be running: one process owns the file.
func WithAgents(ctx context.Context, cfg config.Config, do func(*sqlstore.Store, *auth.Service) error) error {
	return withStore(ctx, cfg, Options{}.withDefaults(), func(s *sqlstore.Store) error { return do(s, auth.New(s, auth.Options{URL: cfg.PublicURL})) })
}

// WithSetup does something with the setup in the database that cfg names. What
// is said of SQLite above is true here too.
func WithSetup(ctx context.Context, cfg config.Config, do func(*sqlstore.Store, *setup.Service) error) error {
	o := Options{}.withDefaults()
	return withStore(ctx, cfg, o, func(s *sqlstore.Store) error { return do(s, newSetup(cfg, s, o)) })
}

// withStore does something with the database that cfg names.
func withStore(ctx context.Context, cfg config.Config, o Options, do func(*sqlstore.Store) error) (err error) {
	s, err := openStore(ctx, cfg, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(s)
}
