package socket

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// A conn is one WebSocket of an app. The hub's mutex guards the fields that
// change.
type conn struct {
	hub      *Hub
	ws       *websocket.Conn
	app, id  string
	opened   time.Time
	life     time.Duration
	siblings int           // how many the app had when this one came, with this one
	leave    chan string   // tells its keeper why it has to go
	gone     chan struct{} // closed when nothing can be read any more
	done     chan struct{} // closed when nobody works for it any more

	ready, ghost, leaving bool
	waiting               map[string]chan []byte // by envelope: where its answer goes

	writing sync.Mutex // held while something is written: a WebSocket has one writer
}

func (c *conn) host() string { return "applink-" + c.id }

// disconnect is the word that a connection ends, or soon will.
func disconnect(reason, host string) any {
	return map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": host}}
}

// hello is the first word on a connection.
func (c *conn) hello() any {
	return map[string]any{
		"type": "hello", "num_connections": c.siblings, "connection_info": map[string]any{"app_id": c.app},
		"debug_info": map[string]any{
			"host": c.host(), "started": c.opened.UTC().Format("2006-01-02 15:04:05.000"), "build_number": 1,
			"approximate_connection_time": int(c.life / time.Second),
		},
	}
}

// serve greets, reads and keeps a connection until it is gone.
func (h *Hub) serve(c *conn) {
	var wg sync.WaitGroup
	defer close(c.done)
	defer wg.Wait()
	defer h.remove(c)
	defer close(c.gone)
	defer c.cut()
	if err := h.greet(c); err != nil {
		return
	}
	h.hint(c.app)
	wg.Go(func() { h.keep(c) })
	h.read(c)
}

// greet says hello. Envelopes may come from then on: not before, and for the
// client not a moment after.
func (h *Hub) greet(c *conn) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	h.mu.Lock()
	c.ready = true
	h.mu.Unlock()
	return c.send(c.hello())
}

// read takes answers until the connection is gone.
func (h *Hub) read(c *conn) {
	c.ws.SetReadLimit(maxFrame)
	c.ws.SetPingHandler(func(data string) error {
		if h.isGhost(c) {
			return nil
		}
		// A ping that cannot be answered will be followed by a failed read.
		_ = c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait))
		return nil
	})
	for {
		_, raw, err := c.ws.ReadMessage()
		switch {
		case err != nil:
			return
		case len(raw) >= MaxAck:
			h.log.Debug("answer dropped for its size", "app", c.app, "bytes", len(raw))
		default:
			h.answered(c, raw)
		}
	}
}

// answered hands an answer to who waits for it.
func (h *Hub) answered(c *conn, raw []byte) {
	var a struct {
		Envelope string          `json:"envelope_id"`
		Payload  json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(raw, &a) != nil {
		h.log.Debug("answer that is no JSON", "app", c.app)
		return
	}
	if string(a.Payload) == "null" {
		a.Payload = nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if wait := c.waiting[a.Envelope]; wait != nil && !c.ghost {
		delete(c.waiting, a.Envelope)
		wait <- a.Payload // it has room for one
	}
}

func (h *Hub) isGhost(c *conn) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return c.ghost
}

// The stages of a connection's life.
const (
	living = iota
	warned
	told // to go
)

// keep pings the client and brings the connection to its end. The next stage waits
// before a word is said, so that who hears it can move a clock that stands still.
func (h *Hub) keep(c *conn) {
	tick := time.NewTicker(h.ping)
	defer tick.Stop()
	stage := living
	timer, stop := h.clock.After(c.life - warnBefore)
	defer func() { stop() }()
	next := func(to int, d time.Duration) {
		stop()
		stage = to
		timer, stop = h.clock.After(d)
	}
	for {
		select {
		case <-c.gone:
			return
		case <-tick.C:
			c.ping()
		case reason := <-c.leave:
			switch {
			case reason != "warning":
				next(told, grace)
				c.say(reason)
			case stage == living:
				next(warned, warnBefore)
				c.say(reason)
			}
		case <-timer:
			switch stage {
			case living:
				next(warned, c.opened.Add(c.life).Sub(h.clock.Now()))
				c.say("warning")
			case warned:
				h.retire(c)
				next(told, grace)
				c.say("refresh_requested")
			default:
				c.shut(websocket.CloseNormalClosure)
				timer = nil
			}
		}
	}
}

func (h *Hub) retire(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c.leaving = true
}

// tell has the keeper say why the connection has to go; but for a warning it is
// sent nothing more. The hub's mutex is held.
func (c *conn) tell(reason string) {
	if c.leaving {
		return
	}
	c.leaving = reason != "warning"
	select {
	case c.leave <- reason:
	default: // a warning is still to be said, and is as good
	}
}

// say tells the client that the connection ends.
func (c *conn) say(reason string) {
	if c.hub.isGhost(c) {
		return
	}
	if err := c.write(disconnect(reason, c.host())); err != nil {
		c.cut()
	}
}

func (c *conn) ping() {
	if c.hub.isGhost(c) {
		return
	}
	if err := c.ws.WriteControl(websocket.PingMessage, []byte("Ping from "+c.host()), time.Now().Add(writeWait)); err != nil {
		c.cut()
	}
}

// write sends one frame.
func (c *conn) write(v any) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.send(v)
}

// send is write for who holds the lock. Python's client puts no frames together.
func (c *conn) send(v any) error {
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return c.ws.WriteMessage(websocket.TextMessage, raw)
}

// shut ends the connection with a close frame, cut without one. Both may be
// called at any time and again: a second time changes nothing.
func (c *conn) shut(code int) {
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(writeWait))
	c.cut()
}

func (c *conn) cut() { _ = c.ws.Close() }
