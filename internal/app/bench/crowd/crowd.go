package crowd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A Crowd are agents who use one server.
type Crowd struct {
	base   string
	client *http.Client
	pages  []*page
	wg     sync.WaitGroup
	leave  context.CancelFunc

	requests atomic.Int64 // that were answered

	mu    sync.Mutex // guards what follows, for one look or one write
	about string     // the case whose change is measured
	turn  int        // how many changes were
	since time.Time
	round Round
	all   chan struct{} // closed when everybody has heard and shows it
	err   error         // the first that a page met with
}

// A Round is what became of one change: after how long each stream told of it, each
// page of its case showed it in the log, and each page in its list.
type Round struct{ Heard, Read, Listed []time.Duration }

// A Look says which case a page is open at, by its id and number.
type Look func(i int) (id, number string)

// Join has members open their pages at the server at base, one after the other; page i
// is at the case that look says, but that one in QueuePages is at the queue.
func Join(ctx context.Context, base string, members []Member, look Look) (*Crowd, error) {
	transport := &http.Transport{MaxIdleConnsPerHost: len(members), DisableKeepAlives: false}
	c := &Crowd{base: base, client: &http.Client{Transport: transport}}
	ctx, c.leave = context.WithCancel(ctx)
	for i, m := range members {
		p := &page{Crowd: c, member: m, urge: make(chan struct{}, 1)}
		if i%QueuePages != 0 {
			p.id, p.number = look(i)
		}
		if err := p.open(ctx); err != nil {
			c.Close()
			return nil, err
		}
		c.pages = append(c.pages, p)
		c.wg.Go(func() { p.listen(ctx) })
		c.wg.Go(func() { p.live(ctx) })
	}
	return c, nil
}

// open opens the page's stream, and has it fetch what it shows when that begins.
func (p *page) open(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+"/events", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Cookie", p.member.cookies)
	res, err := p.client.Do(req)
	if err != nil {
		return fmt.Errorf("open a live stream: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return errors.Join(fmt.Errorf("open a live stream: %s", res.Status), res.Body.Close())
	}
	p.stream, p.later, p.logs = res.Body, time.Now(), p.id != ""
	return nil
}

// Close has everybody leave.
func (c *Crowd) Close() {
	c.leave()
	for _, p := range c.pages {
		p.stream.Close()
	}
	c.wg.Wait()
	c.client.CloseIdleConnections()
}

// Requests is how many requests of pages were answered.
func (c *Crowd) Requests() int64 { return c.requests.Load() }

// Watch does something about a case, and returns when every page shows it, or after a
// patience. The error may be a page's.
func (c *Crowd) Watch(ctx context.Context, id string, patience time.Duration, do func() error) (Round, error) {
	all := make(chan struct{})
	c.mu.Lock()
	c.about, c.since, c.round, c.all = id, time.Now(), Round{}, all
	c.turn++
	c.mu.Unlock()
	if err := do(); err != nil {
		return Round{}, err
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-all:
	case <-late.C:
	case <-ctx.Done():
		return Round{}, ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = nil
	return c.round, c.err
}

// heard notes that a stream told of a case, and reports whether that is the change
// that is measured. told is the turn of which the stream told last.
func (c *Crowd) heard(id string, at time.Time, told *int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil || id != c.about || *told == c.turn {
		return false
	}
	*told = c.turn
	c.round.Heard = append(c.round.Heard, at.Sub(c.since))
	return true
}

// shows notes that a page shows the change, in its log or its list.
func (c *Crowd) shows(inLog bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		return
	}
	after := time.Since(c.since)
	if inLog {
		c.round.Read = append(c.round.Read, after)
		return
	}
	if c.round.Listed = append(c.round.Listed, after); len(c.round.Listed) == len(c.pages) {
		close(c.all)
		c.all = nil
	}
}

// note keeps the first thing that went wrong at a page.
func (c *Crowd) note(err error) {
	if err == nil {
		c.requests.Add(1)
		return
	}
	if errors.Is(err, context.Canceled) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
}
