package slack

import (
	"context"
	"log/slog"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/nap"
	"caseline/internal/slack/wire"
	"caseline/internal/store"
)

// channelIDChanged is the event that tells of a channel's other id, which it
// gets when it begins or ends to be shared with another organisation.
const channelIDChanged = "channel_id_changed"

// channelChange reads the ids of such an event.
func channelChange(body []byte) (before, after desk.ChannelID, ok bool) {
	_, e, err := wire.Decode(body)
	if err != nil {
		return "", "", false
	}
	return changedID(e)
}

func changedID(e wire.Event) (before, after desk.ChannelID, ok bool) {
	c, ok := e.Content.(*wire.ChannelChange)
	if !ok || !ident.Valid(c.OldChannelID) || !ident.Valid(c.NewChannelID) || c.OldChannelID == c.NewChannelID {
		return "", "", false
	}
	return desk.ChannelID(c.OldChannelID), desk.ChannelID(c.NewChannelID), true
}

func renumber(self served.Workspace, e wire.Event, ids *ident.Channels) Request {
	before, after, ok := changedID(e)
	at, ok2 := instant(e.EventTs)
	if !ok || !ok2 {
		return ignored("no channel")
	}
	return Request{Renumber: &casework.Renumbering{
		Place:  ident.Channel(self.ID, ids.First(before)),
		Change: desk.ChannelChange{Workspace: self.ID, Before: before, After: after, At: at},
	}}
}

// A changeReader reads the changes of channels' ids.
type changeReader interface {
	ChannelChanges(ctx context.Context) ([]desk.ChannelChange, error)
	Watch(fn func(store.Hint)) (stop func())
}

// LoadChannels makes known which channels have other ids.
func LoadChannels(ctx context.Context, s changeReader, to *ident.Installed) error {
	changes, err := s.ChannelChanges(ctx)
	for _, c := range changes {
		to.Channels(c.Workspace).Change(c.Before, c.After)
	}
	return err
}

// renumberedEvery is how often changes are read that other nodes heard of and
// whose hint was lost.
const renumberedEvery = time.Minute

// FollowChannels keeps to up with what other nodes hear of, until ctx is done.
func FollowChannels(ctx context.Context, s changeReader, to *ident.Installed, log *slog.Logger) error {
	wake := make(chan struct{}, 1)
	defer s.Watch(func(h store.Hint) {
		if !h.All && !h.Agents {
			return
		}
		select {
		case wake <- struct{}{}:
		default: // it will be read anyway
		}
	})()
	for {
		if err := LoadChannels(ctx, s, to); err != nil && ctx.Err() == nil {
			log.Error("channels' ids not read", slog.Any("err", err))
		}
		if !nap.For(ctx, renumberedEvery, wake, nil) {
			return nil
		}
	}
}
