package slacksim

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/consent"
	"caseline/internal/slacksim/dispatch"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/socket"
	"caseline/internal/slacksim/webapi"
	"caseline/internal/slacksim/world"
)

// Options are the switches of a Server. The zero value is a well-behaved Slack
// in memory.
type Options struct {
	Clock  clock.Clock  // clock.Real if nil
	Logger *slog.Logger // silent if nil
	// Dir keeps everything so that it survives a restart; empty is memory only.
	Dir string
	// BaseURL is where this Slack is served, without a trailing slash. If it is
	// empty, the first request tells.
	BaseURL string
	// Fail is told when a handle is asked for something impossible. It panics
	// if nil; tests pass something like t.Fatal.
	Fail func(error)

	// Noise and habits of Slack, see world.Options.
	Unfurl             bool
	ThreadCounters     bool
	ShareDelay         time.Duration
	EditWindow         time.Duration
	NoDeleteCustomised bool

	// Limits, see webapi.Options.
	PostsPerChannel int
	Tiers           bool
	Few             bool

	// Delivery, see dispatch.Options.
	Client      *http.Client
	Timeout     time.Duration
	RetryDelays []time.Duration
	Chaos       dispatch.Chaos
	Late        time.Duration
	AutoDisable bool
	Hourly      int
	// Seed is that of the choice among an app's sockets.
	Seed uint64
	// SocketPing is how often sockets are sent a ping; see socket.Options.
	SocketPing time.Duration

	// Calls and Attempts are told of every Web API call and every request to
	// an app; see JSONL.
	Calls    func(webapi.Call)
	Attempts func(dispatch.Attempt)
}

// A Server is one simulated Slack.
type Server struct {
	World    *world.World
	Screens  *screen.Screens
	People   *person.Client
	API      *webapi.API
	Dispatch *dispatch.Dispatcher
	Faults   *fault.Faults
	Sockets  *socket.Hub

	opts Options
	fail func(error)
	mux  *http.ServeMux

	mu       sync.Mutex        // guards all below, for a few instructions
	stops    map[string]func() // by outage that is on: what ends it
	calls    []webapi.Call
	attempts []dispatch.Attempt
}

// New returns a Server. Serve its Handler, and let it Run so that events are
// delivered. Close it at the end.
func New(o Options) (*Server, error) {
	w, err := world.Open(world.Options{
		Clock: o.Clock, Logger: o.Logger, Dir: o.Dir, Unfurl: o.Unfurl, ThreadCounters: o.ThreadCounters,
		ShareDelay: o.ShareDelay, EditWindow: o.EditWindow, NoDeleteCustomised: o.NoDeleteCustomised,
	})
	if err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Server{World: w, Screens: screen.New(w), Faults: new(fault.Faults), opts: o, fail: o.Fail, mux: http.NewServeMux(), stops: map[string]func(){}}
	if s.fail == nil {
		s.fail = func(err error) { panic("slacksim: " + err.Error()) }
	}
	s.Sockets = socket.New(w, socket.Options{Logger: o.Logger, Seed: o.Seed, Ping: o.SocketPing})
	s.Dispatch = dispatch.New(w, dispatch.Options{
		Logger: o.Logger, Client: o.Client, Timeout: o.Timeout, RetryDelays: o.RetryDelays, Chaos: o.Chaos,
		Sockets: s.Sockets, Late: o.Late, AutoDisable: o.AutoDisable, Hourly: o.Hourly,
		Journal: func(a dispatch.Attempt) { s.keepAttempt(a, o.Attempts) },
	})
	s.People = person.New(w, s.Screens, s.Dispatch, o.Logger)
	s.API = webapi.New(w, s.Screens, webapi.Options{
		Logger: o.Logger, Faults: s.Faults, PostsPerChannel: o.PostsPerChannel, Tiers: o.Tiers, Few: o.Few,
		Ticket:  s.Sockets.Ticket,
		Journal: func(c webapi.Call) { s.keepCall(c, o.Calls) },
	})
	api := s.API.Handler()
	for _, p := range webapi.Paths() {
		s.mux.Handle(p, api)
	}
	s.mux.Handle("GET /link/", s.Sockets)
	pages, err := consent.New(w)
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	for _, p := range consent.Paths() {
		s.mux.Handle(p, pages.Handler())
	}
	w.SetBaseURL(o.BaseURL)
	return s, nil
}

// Handler serves everything: the Web API, files, response URLs and what was
// mounted.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.World.BaseURL() == "" {
			s.World.SetBaseURL("http://" + r.Host)
		}
		s.mux.ServeHTTP(w, r)
	})
}

// Mount serves h at a pattern of http.ServeMux, next to what apps call. Mount
// before serving.
func (s *Server) Mount(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// SetBaseURL says where this Slack is served, without a trailing slash.
func (s *Server) SetBaseURL(url string) { s.World.SetBaseURL(url) }

// Run delivers events until ctx ends. The sockets of apps end with it.
func (s *Server) Run(ctx context.Context) error {
	defer s.Sockets.DropAll()
	return s.Dispatch.Run(ctx)
}

// Close writes what is left. Run must have returned and nobody may be served
// any more.
func (s *Server) Close() error {
	s.Sockets.Close()
	return s.World.Close()
}

// must reports what a handle could not do.
func (s *Server) must(err error) {
	if err != nil {
		s.fail(err)
	}
}
