package setup

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
)

const (
	saveChannelChange = `INSERT INTO channel_ids (workspace, before, after, at) VALUES ($1, $2, $3, $4)
	ON CONFLICT (workspace, before, after) DO NOTHING`

	selectChannelChanges = `SELECT workspace, before, after, at FROM channel_ids ORDER BY at, workspace, before, after`
)

// SaveChannelChange adds a change of a channel's id, unless it is there.
func (t Tx) SaveChannelChange(ctx context.Context, c *desk.ChannelChange) error {
	return t.To.Write(ctx, commit.Op{Doing: "save change of channel", ID: string(c.Before)}, saveChannelChange,
		string(c.Workspace), string(c.Before), string(c.After), c.At.UnixMicro())
}

// ChannelChanges returns all changes of channels' ids, oldest first.
func (r Reads) ChannelChanges(ctx context.Context) (all []desk.ChannelChange, err error) {
	err = r.Ask.Query(ctx, commit.Op{Doing: "changes of", ID: "channels"}, selectChannelChanges, nil, func(from commit.Row) error {
		var c desk.ChannelChange
		var at int64
		err := from.Scan((*string)(&c.Workspace), (*string)(&c.Before), (*string)(&c.After), &at)
		c.At = time.UnixMicro(at).UTC()
		all = append(all, c)
		return err
	})
	return all, err
}
