package setup

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store/sqlstore/commit"
)

const (
	saveEmoji = `INSERT INTO emoji (workspace, name, url, hash, type) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (workspace, name) DO UPDATE SET url = excluded.url, hash = excluded.hash, type = excluded.type`

	dropEmoji = `DELETE FROM emoji WHERE workspace = $1 AND name = $2`

	selectEmoji = `SELECT name, url, hash, type FROM emoji WHERE workspace = $1 ORDER BY name`
)

// SaveCustomEmoji adds or replaces an emoji of a workspace.
func (t Tx) SaveCustomEmoji(ctx context.Context, w desk.WorkspaceID, e *served.CustomEmoji) error {
	return t.To.Write(ctx, commit.Op{Doing: "save emoji", ID: e.Name}, saveEmoji, string(w), e.Name, e.URL, e.Hash, e.Type)
}

// DropCustomEmoji forgets an emoji of a workspace.
func (t Tx) DropCustomEmoji(ctx context.Context, w desk.WorkspaceID, name string) error {
	return t.To.Write(ctx, commit.Op{Doing: "drop emoji", ID: name}, dropEmoji, string(w), name)
}

// CustomEmoji returns the emoji of a workspace, by name.
func (r Reads) CustomEmoji(ctx context.Context, w desk.WorkspaceID) ([]served.CustomEmoji, error) {
	var all []served.CustomEmoji
	err := r.Ask.Query(ctx, commit.Op{Doing: "emoji of", ID: string(w)}, selectEmoji, []any{string(w)}, func(from commit.Row) error {
		var e served.CustomEmoji
		err := from.Scan(&e.Name, &e.URL, &e.Hash, &e.Type)
		all = append(all, e)
		return err
	})
	return all, err
}
