package world

import "caseline/internal/slacksim/entity"

// nextTS returns a timestamp that no message has had before.
func (w *World) nextTS() string { return entity.FormatTS(w.stamp.Next(w.clock.Now().UnixMicro())) }

// newID returns an id that nothing has had before.
func (w *World) newID(prefix string) string { return w.stamp.ID(prefix) }

// NewID returns an id that nothing has had before.
func (w *World) NewID(prefix string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.newID(prefix)
}

// NextTS returns a timestamp that no message has or will have.
func (w *World) NextTS() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.nextTS()
}
