package scenario

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// A network connects servers and clients of one bubble of virtual time, in
// which a real network would keep the time from passing.
type network struct {
	mu      sync.Mutex // guards what follows; held for a few instructions
	servers map[string]*server
}

// A server is what listens at a host of a network.
type server struct {
	incoming chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func newNetwork() *network { return &network{servers: map[string]*server{}} }

// listen listens at a host, in the place of whoever did before.
func (n *network) listen(host string) net.Listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := &server{incoming: make(chan net.Conn), closed: make(chan struct{})}
	n.servers[host] = s
	return s
}

func (s *server) Accept() (net.Conn, error) {
	select {
	case c := <-s.incoming:
		return c, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *server) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

func (s *server) Addr() net.Addr { return &net.IPAddr{} }

// A line is a way into the network, which can be cut.
type line struct {
	network *network

	mu    sync.Mutex // guards what follows; held for a few instructions
	cut   bool
	conns []net.Conn
}

var errUnreachable = errors.New("nobody can be reached there")

// transport sends requests by the line.
func (l *line) transport() *http.Transport {
	return &http.Transport{DialContext: l.dial, MaxIdleConnsPerHost: 64}
}

func (l *line) dial(ctx context.Context, _, addr string) (net.Conn, error) {
	here, there := net.Pipe()
	return l.connect(ctx, addr, here, there)
}

// dialSocket is dial for a WebSocket, whose ends both write when they like: what
// is written is on its way, and nobody waits until it is read.
func (l *line) dialSocket(ctx context.Context, _, addr string) (net.Conn, error) {
	here, there := net.Pipe()
	return l.connect(ctx, addr, newMailed(here), newMailed(there))
}

func (l *line) connect(ctx context.Context, addr string, here, there net.Conn) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	l.network.mu.Lock()
	s := l.network.servers[host]
	l.network.mu.Unlock()
	if s == nil || !l.keep(here) {
		return nil, errors.Join(errUnreachable, here.Close(), there.Close())
	}
	select {
	case s.incoming <- there:
		return here, nil
	case <-s.closed:
		return nil, errors.Join(errUnreachable, here.Close(), there.Close())
	case <-ctx.Done():
		return nil, errors.Join(context.Cause(ctx), here.Close(), there.Close())
	}
}

// A mailed is an end of a pipe that takes what is written and passes it on by
// and by, also when it is closed, for which the other end has a few seconds.
type mailed struct {
	net.Conn
	wake chan struct{}

	mu     sync.Mutex // guards what follows; held for a few instructions
	queue  []byte
	closed bool
}

// keep remembers a connection, unless the line is cut.
func (l *line) keep(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		return false
	}
	l.conns = append(l.conns, c)
	return true
}

// setCut cuts the line, which ends all that is said on it, or mends it.
func (l *line) setCut(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = cut
	for _, c := range l.conns {
		if cut {
			c.Close()
		}
	}
	if cut {
		l.conns = nil
	}
}

// closePatience is how long what was written may take to be read after a close.
const closePatience = 5 * time.Second

func newMailed(c net.Conn) *mailed {
	m := &mailed{Conn: c, wake: make(chan struct{}, 1)}
	go m.deliver() // ends when m, or the other end, is closed
	return m
}

func (m *mailed) deliver() {
	defer m.Conn.Close()
	for range m.wake {
		m.mu.Lock()
		queue, closed := m.queue, m.closed
		m.queue = nil
		m.mu.Unlock()
		if _, err := m.Conn.Write(queue); err != nil || closed {
			return
		}
	}
}

func (m *mailed) tell() {
	select {
	case m.wake <- struct{}{}:
	default: // it will look anyway
	}
}

func (m *mailed) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return 0, net.ErrClosed
	}
	m.queue = append(m.queue, p...)
	m.tell()
	return len(p), nil
}

func (m *mailed) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.tell()
	return errors.Join(m.Conn.SetReadDeadline(time.Now()), m.Conn.SetWriteDeadline(time.Now().Add(closePatience)))
}

// SetDeadline bounds reading; writing takes no time.
func (m *mailed) SetDeadline(t time.Time) error { return m.SetReadDeadline(t) }

// SetReadDeadline does nothing once m is closed: nothing more is read.
func (m *mailed) SetReadDeadline(t time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return net.ErrClosed
	}
	return m.Conn.SetReadDeadline(t)
}

// SetWriteDeadline does nothing: writing takes no time.
func (m *mailed) SetWriteDeadline(time.Time) error { return nil }
