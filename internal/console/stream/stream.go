package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/feed"
)

// A change is what one event of the stream says: how far cases have come and
// what else is to be looked at, never any content.
type change struct {
	Cases  []caseChange `json:"cases,omitempty"`
	Agents bool         `json:"agents,omitempty"`
	People bool         `json:"people,omitempty"`
	Reload bool         `json:"reload,omitempty"`
}

type caseChange struct {
	Case     desk.CaseID `json:"case"`
	Seq      int64       `json:"seq"`
	Revision int64       `json:"revision"`
}

// reconnect is how long a browser waits before it comes back.
const reconnect = 2 * time.Second

var (
	errBeat  = errors.New("time for a beat")
	errEnded = errors.New("the streams are ended")
)

// A Feed wakes the streams.
type Feed interface {
	Subscribe() *feed.Subscription
}

// Options are how streams are kept.
type Options struct {
	Now func() time.Time
	// Beat is how often a stream shows that it lives, and how often it is looked
	// whether its reader is there still.
	Beat time.Duration
	// Patience is how long one write to a browser may take before the browser is
	// dropped, to come back and fetch what is new.
	Patience time.Duration
	// There notes that the reader of a stream is there; it fails when they are
	// signed out.
	There func(context.Context) error
}

// Serve is the live stream of one reader. The page fetches what it shows after
// each hello, so whatever happened before the stream began is not missed.
func (s *Streams) Serve(w http.ResponseWriter, r *http.Request) error {
	ctx, leave, ok := s.join(r.Context())
	if !ok {
		return &desk.Refusal{Kind: desk.ErrConflict, Message: "The console is stopping. Try again in a moment."}
	}
	defer leave()
	news := s.feed.Subscribe()
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no") // proxies must not hold it back
	out := &writer{w: w, ctl: http.NewResponseController(w), now: s.opt.Now, patience: s.opt.Patience}
	if err := out.write(fmt.Sprintf("retry: %d\n\n", reconnect.Milliseconds())); err != nil {
		return nil // a browser that left or does not read: it comes back by itself
	}
	if err := out.send("hello", struct{}{}); err != nil {
		return nil
	}
	beat, stop := s.beat(ctx)
	defer func() { stop() }()
	for {
		changes, err := news.Next(beat)
		switch {
		case errors.Is(err, errBeat):
			if s.opt.There(ctx) != nil {
				return nil // signed out meanwhile, which the page finds when it comes back
			}
			stop()
			beat, stop = s.beat(ctx)
			err = out.write(": beat\n\n")
		case err == nil:
			err = out.send("change", summed(changes))
		}
		if err != nil {
			return nil // the browser left or is too slow, or the feed stops
		}
	}
}

// beat returns a context that ends when it is time to show that the stream
// lives, and to look whether its reader is there still. It outlives the changes
// that come meanwhile, because thousands of streams wait for each.
func (s *Streams) beat(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, s.opt.Beat, errBeat)
}

// Streams are the live streams of a console.
type Streams struct {
	feed Feed
	opt  Options

	mu     sync.Mutex // guards what follows, for map operations only
	ended  bool
	number int
	cancel map[int]context.CancelCauseFunc
}

// New returns Streams of what a feed tells.
func New(f Feed, o Options) *Streams {
	return &Streams{feed: f, opt: o, cancel: map[int]context.CancelCauseFunc{}}
}

// join returns a context that ends with the streams; ok is false when they
// have ended already.
func (s *Streams) join(parent context.Context) (ctx context.Context, leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return nil, nil, false
	}
	ctx, cancel := context.WithCancelCause(parent)
	s.number++
	number := s.number
	s.cancel[number] = cancel
	return ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.cancel, number)
		cancel(nil)
	}, true
}

// Open is how many streams there are.
func (s *Streams) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.cancel)
}

// End ends all streams, and those that come later at once.
func (s *Streams) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	for _, cancel := range s.cancel {
		cancel(errEnded)
	}
}

// A writer writes server-sent events.
type writer struct {
	w        http.ResponseWriter
	ctl      *http.ResponseController
	now      func() time.Time
	patience time.Duration
	text     []byte // room for the next event
}

// send writes one event and sees that it leaves.
func (o *writer) send(event string, data any) error {
	body, err := json.Marshal(data)
	if err != nil {
		return err
	}
	o.text = fmt.Appendf(o.text[:0], "id: %d\nevent: %s\ndata: %s\n\n", o.now().UnixMicro(), event, body)
	return o.flush(o.text)
}

func (o *writer) write(text string) error { return o.flush([]byte(text)) }

func (o *writer) flush(text []byte) error {
	// The connection goes by the system's clock, whatever ours says.
	if err := o.ctl.SetWriteDeadline(time.Now().Add(o.patience)); err != nil {
		return err
	}
	if _, err := o.w.Write(text); err != nil {
		return err
	}
	return o.ctl.Flush()
}

func summed(changes []feed.Change) change {
	var c change
	for _, one := range changes {
		switch {
		case one.Case != "":
			c.Cases = append(c.Cases, caseChange{one.Case, one.Seq, one.Revision})
		default:
			c.Agents, c.People, c.Reload = c.Agents || one.Agents, c.People || one.People, c.Reload || one.Reload
		}
	}
	return c
}
