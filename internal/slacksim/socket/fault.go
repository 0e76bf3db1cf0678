package socket

import "time"

// Ghost lets a connection become one that stays open and swallows everything:
// envelopes, answers and pings.
func (h *Hub) Ghost(id string) error {
	return h.with(id, func(c *conn) { c.ghost = true })
}

// Drop cuts a connection off without a word.
func (h *Hub) Drop(id string) error {
	return h.with(id, (*conn).cut)
}

func (h *Hub) with(id string, do func(*conn)) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.conns {
		if c.id == id {
			do(c)
			return nil
		}
	}
	return ErrNoSuch
}

// Warn warns all connections of an app that they end in ten seconds.
func (h *Hub) Warn(app string) { h.tell(app, "warning") }

// Refresh asks an app to replace all its connections now.
func (h *Hub) Refresh(app string) { h.tell(app, "refresh_requested") }

// Disable tells an app that its Socket Mode was switched off. Whoever switches it
// off calls it.
func (h *Hub) Disable(app string) { h.tell(app, "link_disabled") }

func (h *Hub) tell(app, reason string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.of(app) {
		c.tell(reason)
	}
}

// Delay lets every envelope to an app be late from now on; zero ends it.
func (h *Hub) Delay(app string, d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.delays[app] = d
}

// Redeliver loses the next n answers of an app to events, so that they are
// sent again.
func (h *Hub) Redeliver(app string, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.again[app] = n
}
