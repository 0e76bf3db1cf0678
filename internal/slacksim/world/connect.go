package world

import (
	"slices"

	"caseline/internal/slacksim/entity"
)

// Connect begins to share a channel with another organisation by Slack Connect,
// whose people can then be invited. A private channel gets another id by it,
// as in Slack. The id that the channel has from then on is returned.
func (w *World) Connect(channel, team string) (id string, err error) {
	if ch, ok := w.Channel(channel); ok && ch.Kind == Private && len(ch.Connected) == 0 {
		if channel, err = w.ChangeChannelID(channel); err != nil {
			return "", err
		}
	}
	return channel, w.update(func(c *Change) error {
		ch := w.channels.Rows[channel]
		if ch == nil || (ch.Kind != Public && ch.Kind != Private) || slices.Contains(ch.Connected, team) {
			return entity.ErrChannelNotFound
		}
		row := *ch
		row.Connected = append(slices.Clone(ch.Connected), team)
		w.putChannel(c, row)
		c.emit(scope{workspace: row.Workspace, channel: channel}, "channel_shared", map[string]any{"connected_team_id": team, "channel": channel})
		return nil
	})
}

// Disconnect ends that: the organisation's people are in the channel no more.
func (w *World) Disconnect(channel, team string) error {
	return w.update(func(c *Change) error {
		ch := w.channels.Rows[channel]
		if ch == nil || !slices.Contains(ch.Connected, team) {
			return entity.ErrChannelNotFound
		}
		row := *ch
		row.Connected = without(ch.Connected, []string{team})
		for _, m := range ch.Members {
			if w.users.Rows[m].Home == team {
				row = row.Without(m)
			}
		}
		w.putChannel(c, row)
		w.hintMembers(c, *ch)
		c.emit(scope{workspace: row.Workspace, channel: channel}, "channel_unshared", map[string]any{
			"previously_connected_team_id": team, "channel": channel, "is_ext_shared": len(row.Connected) > 0,
		})
		return nil
	})
}

// putChannel stores what became of a channel and shows it.
func (w *World) putChannel(c *Change, row Channel) {
	row.Updated = w.clock.Now().UnixMilli()
	w.channels.Put(c.log, row.ID, row)
	w.hintMembers(c, row)
}
