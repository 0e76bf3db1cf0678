package installs

import (
	"context"
	"encoding/json"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

// An Asker runs queries.
type Asker interface {
	Query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

// A Changer runs the statements of an update.
type Changer interface {
	Asker
	Write(ctx context.Context, what commit.Op, text string, args ...any) error
}

// Reads are the queries.
type Reads struct{ Installs Asker }

// A Tx is an update's part.
type Tx struct {
	Reads
	InstallsTo Changer
}

const (
	selectAll = `SELECT id, enterprise, workspace, name, app_id, bot_user, scopes, reaches, token, refresh, expires_at,
	installed_by, installed_at, gone, version, refresh_by FROM installations`

	save = `INSERT INTO installations (id, enterprise, workspace, name, app_id, bot_user, scopes, reaches, token, refresh, expires_at,
	installed_by, installed_at, gone, refresh_by, version)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)
	ON CONFLICT (id) DO UPDATE SET enterprise = excluded.enterprise, workspace = excluded.workspace, name = excluded.name,
	app_id = excluded.app_id, bot_user = excluded.bot_user, scopes = excluded.scopes, reaches = excluded.reaches,
	token = excluded.token, refresh = excluded.refresh, expires_at = excluded.expires_at, installed_by = excluded.installed_by,
	installed_at = excluded.installed_at, gone = excluded.gone, refresh_by = excluded.refresh_by, version = installations.version + 1`

	selectState = `SELECT browser, expires_at, used FROM install_states WHERE hash = $1`

	saveState = `INSERT INTO install_states (hash, browser, expires_at, used) VALUES ($1, $2, $3, $4)
	ON CONFLICT (hash) DO UPDATE SET browser = excluded.browser, expires_at = excluded.expires_at, used = excluded.used`

	// A limit that is never reached, because SQLite knows no offset without one.
	purgeStates = `DELETE FROM install_states WHERE expires_at < $1
	OR hash IN (SELECT hash FROM install_states ORDER BY expires_at DESC, hash LIMIT 1000000 OFFSET $2)`
)

// ClaimText makes whoever comes first the one who refreshes an installation's
// tokens; clock is the database's, in a statement with two arguments before it.
func ClaimText(clock string) string {
	return `UPDATE installations SET refresh_by = ` + clock + ` + $2 WHERE id = $1 AND refresh_by <= ` + clock
}

// SaveInstallation adds or replaces an installation.
func (t Tx) SaveInstallation(ctx context.Context, i *served.Installation) error {
	scopes, err := json.Marshal(i.Scopes)
	if err != nil {
		return err
	}
	reaches, err := json.Marshal(i.Reaches)
	if err != nil {
		return err
	}
	return t.InstallsTo.Write(ctx, commit.Op{Doing: "save installation", ID: string(i.ID)}, save,
		string(i.ID), i.Enterprise, string(i.Workspace), i.Name, i.AppID, i.BotUID, string(scopes), string(reaches), i.Token, i.Refresh,
		stored.Micros(i.Expires), i.InstalledBy, stored.Micros(i.InstalledAt), i.Gone, stored.Micros(i.RefreshBy))
}

// Installation returns one installation, or desk.ErrNotFound.
func (r Reads) Installation(ctx context.Context, id served.InstallationID) (served.Installation, error) {
	what := commit.Op{Doing: "installation", ID: string(id)}
	found, err := r.find(ctx, what, selectAll+" WHERE id = $1", string(id))
	if err == nil && len(found) == 0 {
		err = what.Wrap(desk.ErrNotFound)
	}
	if err != nil {
		return served.Installation{}, err
	}
	return found[0], nil
}

// Installations returns all of them, by id.
func (r Reads) Installations(ctx context.Context) ([]served.Installation, error) {
	return r.find(ctx, commit.Op{Doing: "all installations"}, selectAll+" ORDER BY id")
}

func (r Reads) find(ctx context.Context, what commit.Op, text string, args ...any) (all []served.Installation, err error) {
	err = r.Installs.Query(ctx, what, text, args, func(from commit.Row) error {
		i, err := scan(from)
		all = append(all, i)
		return err
	})
	return all, err
}

func scan(from commit.Row) (i served.Installation, err error) {
	var scopes, reaches string
	var expires, installed, refreshBy int64
	err = from.Scan((*string)(&i.ID), &i.Enterprise, (*string)(&i.Workspace), &i.Name, &i.AppID, &i.BotUID, &scopes, &reaches,
		&i.Token, &i.Refresh, &expires, &i.InstalledBy, &installed, &i.Gone, &i.Version, &refreshBy)
	if err != nil {
		return i, err
	}
	if err := json.Unmarshal([]byte(scopes), &i.Scopes); err != nil {
		return i, err
	}
	if err := json.Unmarshal([]byte(reaches), &i.Reaches); err != nil {
		return i, err
	}
	i.Expires, i.InstalledAt, i.RefreshBy = stored.Instant(expires), stored.Instant(installed), stored.Instant(refreshBy)
	return i, nil
}

// InstallState returns a begun installation, or desk.ErrNotFound.
func (r Reads) InstallState(ctx context.Context, hash string) (s served.InstallState, err error) {
	found, what := false, commit.Op{Doing: "begun installation"}
	err = r.Installs.Query(ctx, what, selectState, []any{hash}, func(from commit.Row) error {
		found = true
		var expires, used int64
		err := from.Scan(&s.Browser, &expires, &used)
		s.Hash, s.Expires, s.Used = hash, stored.Instant(expires), used != 0
		return err
	})
	if err == nil && !found {
		err = what.Wrap(desk.ErrNotFound)
	}
	return s, err
}

// SaveInstallState adds or replaces a begun installation.
func (t Tx) SaveInstallState(ctx context.Context, s *served.InstallState) error {
	used := int64(0)
	if s.Used {
		used = 1
	}
	return t.InstallsTo.Write(ctx, commit.Op{Doing: "save a begun installation"}, saveState, s.Hash, s.Browser, stored.Micros(s.Expires), used)
}

// PurgeInstallStates deletes those that expired before a time, and the oldest
// of more than most.
func (t Tx) PurgeInstallStates(ctx context.Context, before time.Time, most int) error {
	return t.InstallsTo.Write(ctx, commit.Op{Doing: "purge begun installations"}, purgeStates, stored.Micros(before), int64(most))
}
