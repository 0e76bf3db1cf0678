package socket

import (
	"cmp"
	crand "crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/world"
)

const (
	// MaxConnections is how many connections an app may have.
	MaxConnections = 10
	// MaxAck is the size in bytes from which an answer is dropped.
	MaxAck = 20 << 10

	normalLife = 18_060 * time.Second
	debugLife  = 360 * time.Second // of those opened with debug_reconnects=true
	warnBefore = 10 * time.Second
	grace      = 5 * time.Second // from the last word to the end, for answers under way
	ticketLife = 30 * time.Second
	writeWait  = 5 * time.Second // on the wall clock
	maxFrame   = 4 << 20
)

// Options are the switches of a Hub.
type Options struct {
	Logger *slog.Logger // silent if nil
	Seed   uint64       // of the choice of connections
	// Ping is how often clients are sent a ping, on the wall clock: every five
	// seconds if zero.
	Ping time.Duration
}

// A Hub has the connections of all apps. Create it with New.
type Hub struct {
	world    *world.World
	clock    clock.Clock
	log      *slog.Logger
	ping     time.Duration
	upgrader websocket.Upgrader

	mu      sync.Mutex // guards all below and what conn says, for a few instructions
	rng     *rand.Rand
	tickets map[string]ticket
	conns   []*conn // the oldest first
	delays  map[string]time.Duration
	again   map[string]int // by app: so many answers to events will be lost
	opened  int            // connections so far
	closed  bool
}

// A ticket is the right to open one connection.
type ticket struct {
	app   string
	until time.Time
}

// New returns a hub for the apps of a world.
func New(w *world.World, o Options) *Hub {
	h := &Hub{
		world: w, clock: w.Clock(), log: o.Logger, ping: cmp.Or(o.Ping, 5*time.Second), rng: rand.New(rand.NewPCG(o.Seed, 0x50c7e7)),
		tickets: map[string]ticket{}, delays: map[string]time.Duration{}, again: map[string]int{},
		// Clients send the origin of another host, and no browser has a ticket.
		upgrader: websocket.Upgrader{EnableCompression: true, CheckOrigin: func(*http.Request) bool { return true }},
	}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	return h
}

// Ticket returns a ticket with which an app can open one connection, within
// half a minute.
func (h *Hub) Ticket(app string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.clock.Now()
	for t, have := range h.tickets {
		if now.After(have.until) {
			delete(h.tickets, t)
		}
	}
	t := crand.Text()
	h.tickets[t] = ticket{app, now.Add(ticketLife)}
	return t
}

// redeem takes a ticket away and returns whose it was.
func (h *Hub) redeem(t string) (app string, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	have, ok := h.tickets[t]
	delete(h.tickets, t)
	return have.app, ok && !h.closed && !h.clock.Now().After(have.until)
}

// ServeHTTP opens a connection and serves it to its end.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	app, ok := h.redeem(r.URL.Query().Get("ticket"))
	if !ok {
		http.Error(w, "The ticket was used, has expired, or never was.", http.StatusForbidden)
		return
	}
	ws, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has told the client
	}
	ws.EnableWriteCompression(false) // what is compressed leaves in several frames
	life := normalLife
	if r.URL.Query().Get("debug_reconnects") == "true" {
		life = debugLife
	}
	if a, _ := h.world.Apps.App(app); !a.SocketMode {
		refuse(ws)
		return
	}
	h.serve(h.admit(app, ws, life))
}

// refuse tells a client that the app has no Socket Mode.
func refuse(ws *websocket.Conn) {
	c := &conn{ws: ws, id: "refused"}
	// Whether the client hears it does not matter: it is not let in.
	_ = c.write(disconnect("link_disabled", c.host()))
	c.shut(websocket.CloseNormalClosure)
}

// admit enters a connection, and tells the oldest to go if there are too many.
func (h *Hub) admit(app string, ws *websocket.Conn, life time.Duration) *conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.opened++
	c := &conn{
		hub: h, ws: ws, app: app, id: fmt.Sprintf("S%d", h.opened), opened: h.clock.Now(), life: life,
		leave: make(chan string, 1), gone: make(chan struct{}), done: make(chan struct{}), waiting: map[string]chan []byte{},
	}
	staying := h.of(app)
	for len(staying) >= MaxConnections {
		staying[0].tell("too_many_websockets")
		staying = staying[1:]
	}
	c.siblings = len(staying) + 1
	h.conns = append(h.conns, c)
	if h.closed {
		c.cut() // it came while the hub closed
	}
	return c
}

// of returns the connections of an app that were not told to go, the oldest
// first. The mutex is held.
func (h *Hub) of(app string) []*conn {
	var out []*conn
	for _, c := range h.conns {
		if c.app == app && !c.leaving {
			out = append(out, c)
		}
	}
	return out
}

func (h *Hub) remove(c *conn) {
	h.mu.Lock()
	h.conns = slices.DeleteFunc(h.conns, func(o *conn) bool { return o == c })
	h.mu.Unlock()
	h.hint(c.app)
}

// hint wakes those who wait for something about an app's connections.
func (h *Hub) hint(app string) { h.world.Hint(feed.Hint{Kind: feed.Events, ID: app}) }

// A Connection is what there is to know of a connection.
type Connection struct {
	ID      string    `json:"id"`
	App     string    `json:"app"`
	Opened  time.Time `json:"opened"`
	Ends    time.Time `json:"ends"`
	Ghost   bool      `json:"ghost,omitempty"`
	Leaving bool      `json:"leaving,omitempty"` // told to go: it is sent nothing more
	Waiting int       `json:"waiting"`           // envelopes that it has not answered
}

// Connections returns the connections of an app, the oldest first; of all apps if it
// is empty.
func (h *Hub) Connections(app string) []Connection {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := []Connection{}
	for _, c := range h.conns {
		if c.ready && (app == "" || c.app == app) {
			out = append(out, Connection{c.id, c.app, c.opened, c.opened.Add(c.life), c.ghost, c.leaving, len(c.waiting)})
		}
	}
	return out
}

// DropAll cuts all connections off and returns when they are gone.
func (h *Hub) DropAll() {
	h.mu.Lock()
	all := slices.Clone(h.conns)
	h.mu.Unlock()
	for _, c := range all {
		c.cut()
	}
	for _, c := range all {
		<-c.done
	}
}

// Close is DropAll, and lets nobody in afterwards.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.DropAll()
}

// ErrNoSuch says that there is no such connection.
var ErrNoSuch = errors.New("there is no such connection")
