package commit

import (
	"context"
	"errors"
	"sync"
)

// A pool lends connections, the one last given back first: its cache is the
// warmest, and while readers come one at a time no other is opened.
type pool struct {
	may chan struct{} // one for each that may be taken

	mu     sync.Mutex // guards what follows, for a few instructions
	idle   []*lite    // that are open
	closed bool
}

// newPool returns a pool of up to n connections, none of which is open.
func newPool(n int) *pool {
	p := &pool{may: make(chan struct{}, n)}
	for range n {
		p.may <- struct{}{}
	}
	return p
}

// take returns a connection, or nil for one that the caller is to open. What
// was taken is to be put back; nil if it could not be opened.
func (p *pool) take(ctx context.Context) (*lite, error) {
	select {
	case <-p.may:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		p.may <- struct{}{} // there is room: it was taken above
		return nil, errClosed
	}
	n := len(p.idle)
	if n == 0 {
		return nil, nil
	}
	conn := p.idle[n-1]
	p.idle = p.idle[:n-1]
	return conn, nil
}

func (p *pool) put(conn *lite) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if conn != nil {
		p.idle = append(p.idle, conn)
	}
	p.may <- struct{}{} // as above
}

// close waits for what was taken and closes all.
func (p *pool) close() error {
	for range cap(p.may) {
		<-p.may
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var errs []error
	for _, conn := range p.idle {
		errs = append(errs, conn.close())
	}
	p.idle = nil
	for range cap(p.may) {
		p.may <- struct{}{} // whoever comes hears that it is closed
	}
	return errors.Join(errs...)
}
