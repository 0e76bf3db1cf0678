package dispatch

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/socket"
	"caseline/internal/slacksim/world"
)

// Options are the switches of a Dispatcher.
type Options struct {
	Logger *slog.Logger
	// Client sends the requests; one of its own if nil.
	Client *http.Client
	// Sockets carry what goes to apps with Socket Mode.
	Sockets *socket.Hub
	// Timeout is how long apps have to answer: three seconds if zero.
	Timeout time.Duration
	// RetryDelays are the waits before each time an event is sent again: at
	// once, one minute, five minutes if nil.
	RetryDelays []time.Duration
	// Journal is told of every attempt.
	Journal func(Attempt)
	Chaos   Chaos
	// Late is the age at which an event is given up, unless its app has Delayed
	// Events. Zero never does.
	Late time.Duration
	// AutoDisable switches the events of an app off that takes less than a
	// twentieth of more than a thousand within an hour.
	AutoDisable bool
	// Hourly is how many events an app may have from a workspace within an
	// hour; it is told of those left out. Zero is no limit.
	Hourly int
}

// An Attempt is one request to an app, as the journal has it.
type Attempt struct {
	At       time.Time `json:"at"`
	App      string    `json:"app"`
	Kind     string    `json:"kind"` // events_api, slash_commands, interactive, options
	Type     string    `json:"type"` // of the event
	EventID  string    `json:"event_id,omitempty"`
	Socket   string    `json:"socket,omitempty"` // the connection it went to, in Socket Mode
	RetryNum int       `json:"retry_num,omitempty"`
	Reason   string    `json:"retry_reason,omitempty"` // why it is sent again
	Status   int       `json:"status,omitempty"`
	Failure  string    `json:"failure,omitempty"` // what went wrong this time
}

// A Dispatcher sends. Create it with New, and let it Run.
type Dispatcher struct {
	world   *world.World
	clock   clock.Clock
	log     *slog.Logger
	client  *http.Client
	timeout time.Duration
	delays  []time.Duration
	journal func(Attempt)
	sockets *socket.Hub
	late    time.Duration
	strict  bool
	hourly  int

	mu      sync.Mutex // guards all below, for a few instructions
	chaos   *chaos
	held    bool
	waiting int // requests of people, and notices, that are under way
	rounds  int // how often Run has taken up all events there were
	resting resting
	look    chan chan struct{} // asks Run for another look; it closes what it is given after it
	changed chan struct{}      // tells Run that held or chaos changed
}

// New returns a dispatcher for the apps of a world.
func New(w *world.World, o Options) *Dispatcher {
	d := &Dispatcher{
		world: w, clock: w.Clock(), log: o.Logger, client: o.Client, timeout: o.Timeout, delays: o.RetryDelays,
		journal: o.Journal, sockets: o.Sockets, late: o.Late, strict: o.AutoDisable, hourly: o.Hourly,
		chaos: newChaos(o.Chaos), changed: make(chan struct{}, 1), look: make(chan chan struct{}), resting: resting{changed: make(chan struct{})},
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if d.client == nil {
		d.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 30 * time.Second}}
	}
	d.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if d.timeout == 0 {
		d.timeout = 3 * time.Second
	}
	if d.delays == nil {
		d.delays = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if d.sockets == nil {
		d.sockets = socket.New(w, socket.Options{Logger: o.Logger})
	}
	if d.journal == nil {
		d.journal = func(Attempt) {}
	}
	return d
}

// SetChaos changes what goes wrong with events from now on.
func (d *Dispatcher) SetChaos(c Chaos) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.chaos = newChaos(c)
}

// Hold keeps all events back, as if Slack were down on that side, until Release.
func (d *Dispatcher) Hold() { d.hold(true) }

// Release sends what was held back.
func (d *Dispatcher) Release() { d.hold(false) }

func (d *Dispatcher) hold(held bool) {
	d.mu.Lock()
	d.held = held
	d.mu.Unlock()
	select {
	case d.changed <- struct{}{}:
	default: // Run will look anyway
	}
}

func (d *Dispatcher) isHeld() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.held
}

// Rounds is how often all events that there were have been taken up to be sent,
// unless they were held back. What was there when it was n is taken up when it
// is n+2: one round may have been half done.
func (d *Dispatcher) Rounds() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.rounds
}

func (d *Dispatcher) round() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rounds++
}

// Idle reports whether nothing is under way to any app.
func (d *Dispatcher) Idle() bool {
	d.mu.Lock()
	waiting := d.waiting
	d.mu.Unlock()
	return waiting == 0 && d.world.Undelivered() == 0
}

func (d *Dispatcher) plan(e entity.Event) plan {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.chaos.plan(e)
}
