package stream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/feed"
)

// A browser waits so long before it comes back, and up to spread longer, so that
// not all come at once to a server that has just started.
const (
	reconnect = time.Second
	spread    = 3 * time.Second
)

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
	Log *slog.Logger
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

// Serve begins the live stream of one reader and returns. The page fetches
// what it shows after each hello, so whatever happened before the stream began
// is not missed.
//
// The stream leaves net/http: with the goroutine of the request, whose stack
// has grown in finding out who asks, and with the buffers of the connection, a
// stream that has nothing to say would take several times as much memory.
func (s *Streams) Serve(w http.ResponseWriter, r *http.Request) error {
	ctx, leave, ok := s.join(context.WithoutCancel(r.Context()))
	if !ok {
		return &desk.Refusal{Kind: desk.ErrConflict, Message: "The console is stopping. Try again in a moment."}
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no")                 // proxies must not hold it back
	w.Header().Set("Cache-Control", "no-store, no-transform") // nor pack it
	if r.Method == http.MethodHead {
		leave()
		return nil
	}
	news := s.feed.Subscribe()
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		leave()
		return fmt.Errorf("take over the connection: %w", err)
	}
	out := &writer{conn: conn, now: s.opt.Now, patience: s.opt.Patience, rhythm: s.opt.Beat, rooms: &s.rooms, head: head(w.Header())}
	go func() { // left, and so joined by End
		defer leave()
		s.tell(ctx, out, news)
	}()
	return nil
}

// tell writes the stream until its reader leaves or is too slow, is signed out,
// or the streams end.
func (s *Streams) tell(ctx context.Context, out *writer, news *feed.Subscription) {
	ctx, gone := context.WithCancel(ctx)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer out.conn.Close()
	watching.Go(func() {
		defer gone()
		out.watch()
	})
	defer context.AfterFunc(ctx, out.cutOff)()
	if out.hello() != nil {
		return // a browser that left or does not read: it comes back by itself
	}
	beat, stop := s.beat(ctx)
	defer func() { stop() }()
	for {
		changes, err := news.Next(beat)
		switch {
		case errors.Is(err, errBeat):
			if !s.there(ctx) {
				return // signed out meanwhile, which the page finds when it comes back
			}
			stop()
			beat, stop = s.beat(ctx)
			err = out.beat()
		case err == nil:
			err = out.change(changes)
		}
		if err != nil {
			return // the browser left or is too slow, or the feed stops
		}
	}
}

// there asks whether the reader is there still, on a stack of its own, which
// is large and not kept.
func (s *Streams) there(ctx context.Context) bool {
	is := false
	var asking sync.WaitGroup
	asking.Go(func() {
		defer func() {
			if v := recover(); v != nil { // as net/http does for handlers: the others go on
				s.opt.Log.Error("panic in a stream", slog.Any("err", v), slog.String("stack", string(debug.Stack())))
			}
		}()
		is = s.opt.There(ctx) == nil
	})
	asking.Wait()
	return is
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

	rooms sync.Pool // of *[]byte, in which streams write

	mu     sync.Mutex // guards what follows, for map operations only
	ended  bool
	number int
	cancel map[int]context.CancelCauseFunc
	open   sync.WaitGroup // counted up only under mu, before ended
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
	s.open.Add(1)
	return ctx, func() {
		defer s.open.Done()
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

// End ends all streams, and those that come later at once, and returns when
// they have ended.
func (s *Streams) End() {
	s.endAll()
	s.open.Wait()
}

func (s *Streams) endAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	for _, cancel := range s.cancel {
		cancel(errEnded)
	}
}
