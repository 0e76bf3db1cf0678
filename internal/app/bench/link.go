package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	// maxLinks is how many connections a sender opens at most.
	maxLinks = 512
	// linkTime is how long one request may take.
	linkTime = 30 * time.Second
	// maxRest is how long a connection may rest and still be used: the server
	// closes one that rests for long.
	maxRest = 20 * time.Second
)

// links are kept-alive connections to a server, the one last used taken first.
//
// They are here in place of [http.Client], which takes as much processor time
// for a request as the bare path does to serve it. On few cores a bench would
// measure that: Slack, for which it stands, runs elsewhere.
type links struct {
	addr string
	may  chan struct{} // one for each in use

	mu   sync.Mutex // guards idle, for one push or pop
	idle []*link
}

// A link is one connection, used by one goroutine at a time.
type link struct {
	conn net.Conn
	in   *bufio.Reader
	out  bytes.Buffer
	used time.Time
}

func newLinks(addr string) *links { return &links{addr: addr, may: make(chan struct{}, maxLinks)} }

// post sends a request with a body, whose head write writes but for its length,
// and reads the whole answer.
func (s *links) post(ctx context.Context, head func(io.Writer), body []byte) error {
	s.may <- struct{}{}
	defer func() { <-s.may }()
	l, err := s.take(ctx)
	if err != nil {
		return err
	}
	if err := l.post(head, body); err != nil {
		l.conn.Close()
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, l)
	return nil
}

func (s *links) take(ctx context.Context) (*link, error) {
	if l := s.rested(); l != nil {
		if time.Since(l.used) < maxRest {
			return l, nil
		}
		l.conn.Close()
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.addr)
	if err != nil {
		return nil, err
	}
	return &link{conn: conn, in: bufio.NewReader(conn)}, nil
}

func (s *links) rested() *link {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.idle)
	if n == 0 {
		return nil
	}
	l := s.idle[n-1]
	s.idle = s.idle[:n-1]
	return l
}

func (l *link) post(head func(io.Writer), body []byte) error {
	l.used = time.Now()
	if err := l.conn.SetDeadline(l.used.Add(linkTime)); err != nil {
		return err
	}
	l.out.Reset()
	head(&l.out)
	fmt.Fprintf(&l.out, "Content-Length: %d\r\n\r\n", len(body))
	l.out.Write(body)
	if _, err := l.conn.Write(l.out.Bytes()); err != nil {
		return err
	}
	res, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("event answered %s: %s", res.Status, bytes.TrimSpace(answer))
	}
	return err
}
