package hints

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"caseline/internal/store"
)

const (
	newsChannel = "caseline"
	// newsEvery is how long hints are gathered before the other nodes are
	// told: a notify inside every transaction halves the rate of commits.
	newsEvery = 3 * time.Millisecond
	// newsRoom is how much one notify can carry, in bytes.
	newsRoom = 7900
	// newsTimeout bounds the telling; the other nodes look at intervals anyway.
	newsTimeout = time.Second
	// newsWait is the longest wait before a lost listener tries again.
	newsWait = 5 * time.Second
)

var errNewsTimeout = errors.New("the database did not pass it on in time")

// A Line is how nodes reach each other.
type Line interface {
	Notify(ctx context.Context, channel, text string) error
	Listen(ctx context.Context, channel string, listening func(), heard func(text string)) error
}

// A News tells other nodes what this one's commits touched, and the watchers
// of this one what the others' did.
type News struct {
	node     string
	log      *slog.Logger
	watchers *Watchers
	running  sync.WaitGroup
	stop     context.CancelFunc
	pending  chan struct{} // has one item when there is something to tell

	mu    sync.Mutex // guards hints for as long as it takes to add some
	hints Hints
}

// A bulletin is what nodes tell each other.
type bulletin struct {
	Node string     `json:"node"`
	Hint store.Hint `json:"hint"`
}

// NewNews returns a News for the watchers of this node.
func NewNews(w *Watchers, log *slog.Logger) *News {
	return &News{node: rand.Text(), watchers: w, log: log, pending: make(chan struct{}, 1)}
}

// Start tells and hears until Close.
func (n *News) Start(l Line) {
	ctx, stop := context.WithCancel(context.Background())
	n.stop = stop
	n.running.Go(func() { n.tell(ctx, l) })
	n.running.Go(func() { n.hear(ctx, l) })
}

// Close tells the rest and ends.
func (n *News) Close() {
	n.stop()
	n.running.Wait()
}

// Add has other nodes told soon.
func (n *News) Add(h store.Hint) {
	n.mu.Lock()
	n.hints.Merge(h)
	n.mu.Unlock()
	select {
	case n.pending <- struct{}{}:
	default: // somebody has said so
	}
}

// tell tells the other nodes what Add gathered, and the rest when ctx ends.
func (n *News) tell(ctx context.Context, l Line) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			n.publish(ctx, l)
			return
		case <-n.pending:
		}
		timer.Reset(newsEvery)
		select {
		case <-ctx.Done():
		case <-timer.C:
			n.publish(ctx, l)
		}
	}
}

// publish tells what was gathered, even while ctx ends: nobody else will.
func (n *News) publish(ctx context.Context, l Line) {
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), newsTimeout, errNewsTimeout)
	defer cancel()
	n.mu.Lock()
	h := n.hints.Hint
	n.hints = Hints{}
	n.mu.Unlock()
	if (&Hints{Hint: h}).Empty() {
		return
	}
	text, err := json.Marshal(bulletin{n.node, h})
	if err == nil && len(text) > newsRoom {
		text, err = json.Marshal(bulletin{n.node, store.Hint{All: true}})
	}
	if err == nil {
		err = l.Notify(ctx, newsChannel, string(text))
	}
	if err != nil {
		n.log.Warn("other nodes were not told of changes; they find them when they look", "err", err)
	}
}

// hear tells the watchers what other nodes tell, and to look at everything
// when something may have been missed.
func (n *News) hear(ctx context.Context, l Line) {
	missed := false
	for wait := newsEvery; ctx.Err() == nil; wait = min(2*wait, newsWait) {
		err := l.Listen(ctx, newsChannel, func() {
			if missed {
				n.watchers.Tell(store.Hint{All: true})
			}
			missed, wait = true, newsEvery
		}, n.heard)
		if ctx.Err() != nil {
			return
		}
		n.log.Warn("lost the line on which other nodes tell of changes", "err", err)
		missed = true
		pause(ctx, wait)
	}
}

// heard passes on what another node tells.
func (n *News) heard(text string) {
	var b bulletin
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		b.Hint = store.Hint{All: true} // it is of another release
	}
	if b.Node != n.node {
		n.watchers.Tell(b.Hint)
	}
}

// pause waits for d or the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
