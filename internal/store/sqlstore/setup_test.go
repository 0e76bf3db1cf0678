package sqlstore

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/migrate"
)

// A database of a release with one account a channel is carried over.
func TestChannelsOfOneAccountAreCarriedOver(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "c.db")
	steps, err := migrations(dialect.SQLite())
	if err != nil {
		t.Fatal(err)
	}
	before := slices.IndexFunc(steps, func(s migrate.Step) bool { return strings.HasSuffix(s.Name, "_setup") })
	old, err := commit.OpenSQLite(ctx, path, commit.Options{Now: time.Now, Prepare: func(ctx context.Context, p commit.Preparer) error {
		if err := migrate.Run(ctx, p, steps[:before], time.Now); err != nil {
			return err
		}
		return p.Script(ctx, `INSERT INTO accounts (id, name, deletions) VALUES ('1', 'Acme', 'hide'), ('2', 'Acme', ''), ('3', '', '');
			INSERT INTO workspaces (id, name, url, app_id, bot_id, bot_user, state, reason) VALUES ('T1', 'One', '', '', '', '', '', '');
			INSERT INTO channels (workspace, channel, account, name, permissions) VALUES
			('T1', 'C1', '1', 'ops', 'read create reply resolve chat'), ('T1', 'C2', '1', '', 'read create reply resolve chat')`)
	}})
	if err != nil {
		t.Fatal(err)
	}
	old.Finish()
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}

	s := openFile(t, path)
	config := served.ChannelConfig{
		Account: "1", Workspace: "T1", Channel: "C1", Name: "ops", Permissions: served.FullPermissions(), Notify: served.NotifyEverything(),
	}
	second := config
	second.Channel, second.Name = "C2", ""
	channels, err := s.ChannelsOf(ctx, "1")
	if diff := cmp.Diff([]served.ChannelConfig{config, second}, channels); err != nil || diff != "" {
		t.Errorf("channels: %v (-want +got):\n%s", err, diff)
	}
	linked, err := s.WorkspacesOf(ctx, "1")
	if err != nil || len(linked) != 1 || linked[0].ID != "T1" {
		t.Errorf("workspaces: got %v, %v", linked, err)
	}
	accounts, err := s.Accounts(ctx)
	want := []served.Account{{ID: "1", Name: "Acme", Deletions: desk.HideDeleted}, {ID: "2"}, {ID: "3"}} // an alias belongs to one
	if diff := cmp.Diff(want, accounts); err != nil || diff != "" {
		t.Errorf("accounts: %v (-want +got):\n%s", err, diff)
	}
}
