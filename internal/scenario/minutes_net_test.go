package scenario

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
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
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	l.network.mu.Lock()
	s := l.network.servers[host]
	l.network.mu.Unlock()
	here, there := net.Pipe()
	if s == nil || !l.keep(here) {
		return nil, errUnreachable
	}
	select {
	case s.incoming <- there:
		return here, nil
	case <-s.closed:
		return nil, errUnreachable
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
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
