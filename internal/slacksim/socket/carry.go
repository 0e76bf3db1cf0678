package socket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Why an envelope was not answered.
var (
	ErrNoConnection = errors.New("the app has no connection")
	ErrBroken       = errors.New("the connection went before the answer")
	ErrTimeout      = errors.New("the app did not answer in time")
)

// The types of envelopes.
const (
	Events      = "events_api"
	Commands    = "slash_commands"
	Interactive = "interactive"
)

// An Envelope is one thing that an app is told.
type Envelope struct {
	App        string
	Type       string
	Payload    json.RawMessage // what the body over HTTP would be, as JSON
	Answerable bool            // the answer's payload is used
	Attempt    int             // of an event: how often it was sent before
	Reason     string          // and why it is sent again
}

// A Reply is what an app answered.
type Reply struct {
	Connection string // the id of the connection that the envelope went to
	Payload    []byte // empty if there was none
}

// Carry sends an envelope to one of its app's connections and waits for the
// answer. The connection is in the reply also if there was no answer.
func (h *Hub) Carry(ctx context.Context, e Envelope, patience time.Duration) (Reply, error) {
	if err := h.beLate(ctx, e.App); err != nil {
		return Reply{}, err
	}
	timer, stop := h.clock.After(patience)
	defer stop()
	c, id, answer := h.choose(e.App)
	if c == nil {
		return Reply{}, ErrNoConnection
	}
	h.hint(e.App)
	out := Reply{Connection: c.id}
	defer h.forget(c, id)
	if !h.isGhost(c) {
		if err := c.write(e.frame(id)); err != nil {
			c.cut()
			return out, fmt.Errorf("%w: %w", ErrBroken, err)
		}
	}
	select {
	case out.Payload = <-answer:
		if h.loses(e) {
			return out, ErrTimeout
		}
		return out, nil
	case <-c.gone:
		return out, ErrBroken
	case <-timer:
		return out, ErrTimeout
	case <-ctx.Done():
		return out, context.Cause(ctx)
	}
}

// frame is the envelope as it goes over the wire. Only events are sent again.
func (e Envelope) frame(id string) any {
	out := map[string]any{"envelope_id": id, "type": e.Type, "payload": e.Payload, "accepts_response_payload": e.Answerable}
	if e.Type == Events {
		out["retry_attempt"], out["retry_reason"] = e.Attempt, e.Reason
	}
	return out
}

// choose draws a connection, and enters an envelope there.
func (h *Hub) choose(app string) (c *conn, id string, answer chan []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var able []*conn
	for _, c := range h.of(app) {
		if c.ready {
			able = append(able, c)
		}
	}
	if len(able) == 0 {
		return nil, "", nil
	}
	c = able[h.rng.IntN(len(able))]
	a, b := h.rng.Uint64(), h.rng.Uint64()
	id = fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
	answer = make(chan []byte, 1)
	c.waiting[id] = answer
	return c, id, answer
}

func (h *Hub) forget(c *conn, id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(c.waiting, id)
}

// beLate waits as long as Delay has it.
func (h *Hub) beLate(ctx context.Context, app string) error {
	h.mu.Lock()
	d := h.delays[app]
	h.mu.Unlock()
	if d <= 0 {
		return nil
	}
	ch, stop := h.clock.After(d)
	defer stop()
	select {
	case <-ch:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// loses reports whether the answer to an envelope is to be lost, and counts it.
func (h *Hub) loses(e Envelope) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.Type != Events || h.again[e.App] == 0 {
		return false
	}
	h.again[e.App]--
	return true
}
