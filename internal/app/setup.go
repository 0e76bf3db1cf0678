package app

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"caseline/internal/auth"
	"caseline/internal/blob"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// saveSetup stores the configured account, workspace and channels.
func saveSetup(ctx context.Context, cfg config.Config, s store.Store, w desk.Workspace) error {
	account := desk.Account{ID: desk.AccountID(cfg.Account.ID), Name: cfg.Account.Name}
	return s.Update(ctx, func(tx store.Tx) error {
		if err := tx.SaveAccount(ctx, &account); err != nil {
			return err
		}
		if err := tx.SaveWorkspace(ctx, &w); err != nil {
			return err
		}
		if err := tx.LinkWorkspace(ctx, account.ID, w.ID); err != nil {
			return err
		}
		for _, ch := range cfg.Channels {
			if err := tx.SaveChannel(ctx, &desk.ChannelConfig{
				Account: account.ID, Workspace: w.ID, Channel: desk.ChannelID(ch.ID), Name: ch.Name,
				Permissions: desk.FullPermissions(), Notify: desk.NotifyEverything(),
			}); err != nil {
				return err
			}
		}
		return nil
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

// AddAgent adds an agent to the database that cfg names. On SQLite the server
// must not be running: one process owns the file.
func AddAgent(ctx context.Context, cfg config.Config, email, name, password string, role desk.Role) error {
	return withAgents(ctx, cfg, func(agents *auth.Service) error {
		_, err := agents.AddAgent(ctx, email, name, password, role)
		return err
	})
}

// SetPassword gives an agent a new password, which ends their sign-ins. What
// is said of SQLite above is true here too.
func SetPassword(ctx context.Context, cfg config.Config, email, password string) error {
	return withAgents(ctx, cfg, func(agents *auth.Service) error { return agents.SetPassword(ctx, email, password) })
}

func withAgents(ctx context.Context, cfg config.Config, do func(*auth.Service) error) (err error) {
	s, err := openStore(ctx, cfg, Options{}.withDefaults())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(auth.New(s, auth.Options{}))
}
