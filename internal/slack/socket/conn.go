package socket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"caseline/internal/slack/wire"
)

const (
	dialTimeout  = 10 * time.Second // for each of the address, the connection and the hello
	pingEvery    = 4 * time.Second
	silence      = 12 * time.Second // without anything from Slack, not even a pong, a connection is dead
	writeTimeout = 5 * time.Second  // for one frame
	closeTimeout = time.Second      // for Slack to agree to a close
	maxMessage   = 4 << 20          // bytes of one message; twice what a request over HTTP may have
	// maxWorking is how many envelopes of one connection are worked on at once.
	// More are left for Slack to send again.
	maxWorking = 256
)

var (
	errDialTimeout = errors.New("slack did not answer in time")
	errNotSlack    = errors.New("slack's answer is not the address of a WebSocket")
	errAskedToGo   = errors.New("closed by us")
)

// A conn is one connection to Slack.
type conn struct {
	client *Client
	ws     *websocket.Conn
	tell   func(note) // the keeper

	writing sync.Mutex // held for one message: only one may be written at a time

	mu      sync.Mutex // guards the rest; held for one look
	greeted bool       // Slack has said hello
	leaving bool       // no more envelopes are taken
	parting bool       // our close has been sent
	working int        // envelopes taken and not answered
	idle    chan struct{}
	jobs    sync.WaitGroup // those envelopes, and the pings; end waits for it
}

// dial opens a connection, which has not said hello yet.
func (c *Client) dial(ctx context.Context, tell func(note)) (*conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, 2*dialTimeout, errDialTimeout)
	defer cancel()
	address, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	if !isSocket(address) {
		return nil, errNotSlack
	}
	ws, resp, err := c.dialer.DialContext(ctx, address, nil)
	if errors.Is(err, websocket.ErrBadHandshake) && resp != nil {
		return nil, fmt.Errorf("connect to slack: HTTP status %d", resp.StatusCode)
	}
	if err != nil {
		return nil, fmt.Errorf("connect to slack: %w", err)
	}
	return &conn{client: c, ws: ws, tell: tell, idle: make(chan struct{})}, nil
}

// isSocket reports whether an address is one that a connection may go to: over
// TLS, or on this machine for a simulated Slack.
func isSocket(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "wss" || u.Scheme == "ws" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// serve reads until the connection ends, and says why it did. What it has taken
// goes on: see end.
func (c *conn) serve(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx) // it ends by leave
	stop := make(chan struct{})
	c.jobs.Go(func() { c.ping(stop) })
	c.heard(dialTimeout)
	c.ws.SetPongHandler(func(string) error { c.heard(silence); return nil })
	c.ws.SetPingHandler(func(data string) error {
		c.heard(silence)
		// What cannot be written shows when the next cannot be read.
		_ = c.ws.WriteControl(websocket.PongMessage, []byte(data), c.client.opt.Now().Add(writeTimeout))
		return nil
	})
	err := c.read(ctx)
	close(stop)
	return err
}

// end waits until everything is done that the connection has taken.
func (c *conn) end() {
	c.jobs.Wait()
	c.ws.Close()
}

// heard has the connection dropped when nothing more comes for d. Until Slack has
// said hello, only that counts.
func (c *conn) heard(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.parting && (c.greeted || d == dialTimeout) {
		c.ws.SetReadDeadline(c.client.opt.Now().Add(d))
	}
}

func (c *conn) read(ctx context.Context) error {
	for {
		kind, r, err := c.ws.NextReader()
		if err != nil {
			return c.ended(err)
		}
		raw, err := io.ReadAll(io.LimitReader(r, maxMessage))
		if err != nil {
			return c.ended(err)
		}
		c.heard(silence)
		if kind != websocket.TextMessage {
			c.client.tally.Add("no text")
			continue
		}
		c.take(ctx, raw)
	}
}

// ended says why a connection ended.
func (c *conn) ended(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	timeout, ok := errors.AsType[net.Error](err)
	switch {
	case c.parting:
		return errAskedToGo
	case ok && timeout.Timeout() && !c.greeted:
		return errors.New("slack did not say hello")
	case ok && timeout.Timeout():
		return errors.New("nothing came, not even an answer to a ping")
	}
	return err
}

// take takes one message.
func (c *conn) take(ctx context.Context, raw []byte) {
	f, err := wire.DecodeFrame(raw)
	switch {
	case err != nil:
		c.client.tally.Add("malformed")
		c.client.opt.Log.Warn("a message from slack is malformed", slog.Any("err", err))
		if len(raw) == maxMessage {
			c.client.opt.Missed()
		}
		c.ack(f.EnvelopeID, nil)
	case f.Type == wire.TypeHello:
		c.mu.Lock()
		c.greeted = true
		c.mu.Unlock()
		c.heard(silence)
		c.tell(note{kind: saidHello, conn: c, number: int(f.NumConnections)})
	case f.Type == wire.TypeDisconnect:
		c.tell(note{kind: saidGoodbye, conn: c, reason: f.Reason})
	case f.EnvelopeID == "":
		c.client.tally.Add("without an id")
	case f.Type == wire.TypeEventsAPI, f.Type == wire.TypeSlash, f.Type == wire.TypeInteractive:
		if c.begin() {
			c.work(ctx, f)
		}
	default:
		c.client.tally.Add("of an unknown type")
		c.ack(f.EnvelopeID, nil)
	}
}

// begin counts one more envelope that is worked on, if it may be.
func (c *conn) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.leaving:
		c.client.tally.Add("left to another connection")
		return false
	case c.working >= maxWorking:
		c.client.tally.Add("too many at once")
		return false
	}
	c.working++
	return true
}

// finish counts one less.
func (c *conn) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.working--
	if c.leaving && c.working == 0 {
		close(c.idle)
	}
}

// leave takes no more, and closes the connection when what was taken is done. It
// may be called once.
func (c *conn) leave(ctx context.Context, patience time.Duration) {
	c.mu.Lock()
	c.leaving = true
	if c.working == 0 {
		close(c.idle)
	}
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	select {
	case <-c.idle:
	case <-ctx.Done():
		c.client.opt.Log.Warn("a connection to slack is closed before all is answered that came over it")
	}
	c.mu.Lock()
	c.parting = true // from here on heard leaves the deadline alone
	c.mu.Unlock()
	goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if c.ws.WriteControl(websocket.CloseMessage, goodbye, c.client.opt.Now().Add(closeTimeout)) != nil {
		c.ws.Close()
		return
	}
	c.ws.SetReadDeadline(c.client.opt.Now().Add(closeTimeout))
}

// ping pings until stop.
func (c *conn) ping(stop <-chan struct{}) {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		if c.ws.WriteControl(websocket.PingMessage, nil, c.client.opt.Now().Add(writeTimeout)) != nil {
			c.broken()
			return
		}
	}
}

// broken ends a connection on which nothing can be written, unless it is ending.
func (c *conn) broken() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.parting {
		c.ws.Close()
	}
}
