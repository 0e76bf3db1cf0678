package world

import (
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/keep"
)

// Channel returns the channel with that id, whoever may see it.
func (w *World) Channel(id string) (Channel, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Deref(w.channels.Rows[id])
}

// ChannelNamed returns the workspace's channel of that name, whoever may see it.
func (w *World) ChannelNamed(workspace, name string) (Channel, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return keep.Deref(w.channelNamed(workspace, name))
}

// SeenChannel returns the channel as the viewer sees it: channels that are
// hidden from them are not found.
func (w *World) SeenChannel(viewer, id string) (Channel, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, err := w.seen(viewer, id)
	if err != nil {
		return Channel{}, err
	}
	return *ch, nil
}

// SeenChannels returns the channels of a workspace that the viewer can see,
// oldest first.
func (w *World) SeenChannels(workspace, viewer string) []Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Channel
	u := w.users.Rows[viewer]
	for _, ch := range w.channels.Sorted() {
		if u != nil && ch.Workspace == workspace && ch.VisibleTo(*u) {
			out = append(out, *ch)
		}
	}
	return out
}

// AllChannels returns the channels of a workspace, oldest first, whoever may see
// them.
func (w *World) AllChannels(workspace string) []Channel {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Channel
	for _, ch := range w.channels.Sorted() {
		if ch.Workspace == workspace {
			out = append(out, *ch)
		}
	}
	return out
}

// seen finds a channel for somebody who may or may not see it.
func (w *World) seen(viewer, id string) (*Channel, error) {
	ch, u := w.channels.Rows[id], w.users.Rows[viewer]
	if ch == nil || u == nil || !ch.VisibleTo(*u) {
		return nil, entity.ErrChannelNotFound
	}
	return ch, nil
}

// joined finds a channel that the actor must be a member of.
func (w *World) joined(actor, id string) (*Channel, error) {
	ch, err := w.seen(actor, id)
	if err != nil {
		return nil, err
	}
	if !ch.Has(actor) {
		return nil, entity.ErrNotInChannel
	}
	return ch, nil
}
