package socket

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"caseline/internal/slack/tally"
	"caseline/internal/slack/wire"
)

// MaxPayload is how many bytes an answer may have. Slack drops an ack of 20,480
// bytes or more and tells nobody; the rest is for what is around the answer.
const MaxPayload = 20_000

// maxFrame is what an ack must stay below. It is also how much is written in one
// WebSocket frame, which an ack must be.
const maxFrame = 20_480

// An Opener asks Slack for the address of a new connection, which is good for one
// connection, once (apps.connections.open). An error that is an *[OpenError] says
// what Slack said.
type Opener func(ctx context.Context) (address string, err error)

// An OpenError says why there is no address.
type OpenError struct {
	Code  string        // Slack's name of the error; empty when it did not answer, or asks to wait
	After time.Duration // Slack asks to wait so long; 0 when it does not
	Lost  bool          // the question never left, so that Slack does not count it
	Err   error
}

// Error says what went wrong.
func (e *OpenError) Error() string { return e.Err.Error() }

// Unwrap returns what happened below.
func (e *OpenError) Unwrap() error { return e.Err }

// An Intake takes what comes. All of it must come back within the context's
// time, or soon after.
type Intake interface {
	// Event takes the body of an Events API request that Slack has sent retry
	// times before. It is acked when the error is nil, else it comes again.
	Event(ctx context.Context, body []byte, retry int) error
	Command(ctx context.Context, s wire.Slash) Answer
	Interaction(ctx context.Context, in wire.Interaction) Answer
}

// An Answer is what a person gets for a command or an interaction.
type Answer struct {
	Payload []byte // JSON of at most MaxPayload bytes; nil for none
	// Then is called when Slack has the ack, for what can only be done after it;
	// nil for nothing. Its context is its own.
	Then func(ctx context.Context)
}

// Options are what a Client can do without.
type Options struct {
	Log         *slog.Logger     // default: none
	Now         func() time.Time // default: time.Now; deadlines of connections go by it
	Connections int              // how many are held; default 2
	// Missed is called when there are connections again after something may have
	// been swallowed; default: nobody is told. It must return at once.
	Missed func()
	// Dial makes the connections under the WebSockets; default: over the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// A Client holds the connections. Make one with [New], run it once.
type Client struct {
	open   Opener
	intake Intake
	opt    Options
	dialer websocket.Dialer
	turns  turns
	tally  tally.Tally

	mu     sync.Mutex // guards status; held for one look
	status Status
}

// A Status says how things stand.
type Status struct {
	Connected int       // connections over which something can come
	Since     time.Time // there has been none since; zero while there is one, and before Run
	Reason    string    // why, by Slack's name of it: link_disabled, or an error's; empty when it is not known
	Next      time.Time // another is tried then; zero while there is one
}

// New returns a Client that gets addresses from open and hands what comes to
// intake.
func New(open Opener, intake Intake, o Options) *Client {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Connections <= 0 {
		o.Connections = 2
	}
	if o.Missed == nil {
		o.Missed = func() {}
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}).DialContext
	}
	return &Client{open: open, intake: intake, opt: o, dialer: websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, NetDialContext: o.Dial, HandshakeTimeout: dialTimeout, WriteBufferSize: maxFrame,
	}}
}

// Status says how things stand now.
func (c *Client) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

func (c *Client) note(s Status) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status = s
}

// Counts says how often each thing came that was not taken, or whose ack did not
// get through, and why.
func (c *Client) Counts() map[string]int64 { return c.tally.Counts() }

// turns have what is of one channel done in the order in which it came. The zero
// turns have nothing to do.
type turns struct {
	mu   sync.Mutex // guards last; held for one look
	last map[string]chan struct{}
}

// join gets in line for key. What came before is done when before is closed; done
// must be called in any case.
func (t *turns) join(key string) (before <-chan struct{}, done func()) {
	mine := make(chan struct{})
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil {
		t.last = map[string]chan struct{}{}
	}
	previous, waits := t.last[key]
	if !waits {
		previous = make(chan struct{})
		close(previous)
	}
	t.last[key] = mine
	return previous, func() {
		close(mine)
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.last[key] == mine {
			delete(t.last, key)
		}
	}
}
