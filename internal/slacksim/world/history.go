package world

import "caseline/internal/slacksim/entity"

// Messages returns what a channel shows a viewer, newest first, without the
// replies that stand only in threads, and whether there are older ones in the
// span. Viewers must be able to see the channel.
func (w *World) Messages(viewer, channel string, s Span) (ms []Message, more bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.seen(viewer, channel); err != nil {
		return nil, false, err
	}
	found, more := w.room(channel).Window(s)
	return w.showAll(found), more, nil
}

// Thread returns a parent and its replies, oldest first, and whether there are
// more after them. The parent comes first whatever the span; it does not count
// for the limit.
func (w *World) Thread(viewer, channel, root string, s Span) (ms []Message, more bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.seen(viewer, channel); err != nil {
		return nil, false, err
	}
	found, more := w.room(channel).Thread(root, s)
	if len(found) == 0 {
		return nil, false, entity.ErrThreadNotFound
	}
	return w.showAll(found), more, nil
}

// Message returns one message of a channel that the viewer can see.
func (w *World) Message(viewer, channel, ts string) (Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.seen(viewer, channel); err != nil {
		return Message{}, err
	}
	m := w.room(channel).ByTS[ts]
	if m == nil {
		return Message{}, entity.ErrMessageNotFound
	}
	return w.show(m), nil
}

// At returns one message, whoever may see it.
func (w *World) At(channel, ts string) (Message, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.room(channel).ByTS[ts]
	if m == nil {
		return Message{}, false
	}
	return w.show(m), true
}

// All returns everything in a channel, oldest first, replies too, whoever may
// see it: for dumps and assertions.
func (w *World) All(channel string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.showAll(w.room(channel).All)
}
