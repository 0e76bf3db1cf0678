package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"

	"caseline/internal/slacksim"
)

const maxBody = 1 << 20

// A Server answers under /_sim/. Create it with New.
type Server struct {
	sim *slacksim.Server

	mu     sync.Mutex // guards faults, for a few instructions
	faults map[string]func()
	added  int // faults so far
}

// New returns the admin API of a simulated Slack.
func New(sim *slacksim.Server) *Server {
	return &Server{sim: sim, faults: map[string]func(){}}
}

// A failure is an error with the status that it is answered with.
type failure struct {
	status int
	reason string
}

func (f failure) Error() string { return f.reason }

func missing(what, name string) error {
	return failure{http.StatusNotFound, fmt.Sprintf("there is no %s %q", what, name)}
}

func unreadable(format string, a ...any) error {
	return failure{http.StatusBadRequest, fmt.Sprintf(format, a...)}
}

// An address is one entry of the table: what it does, and with which fields.
type address struct {
	pattern, does, takes string
	do                   func(r *http.Request) (any, error)
}

func (s *Server) addresses() []address {
	return append([]address{
		{"GET /_sim/state", "everything: workspaces, people, channels, messages, apps, sockets", "", s.getState},
		{"GET /_sim/screen", "what stands before a person: the form on top, messages only they see", "?person= &workspace=", s.getScreen},
		{"GET /_sim/clock", "the simulation's time", "", s.getClock},
		{"POST /_sim/clock", "move a clock that stands still", "advance, as 90s or 1h", s.postClock},
		{"POST /_sim/wait", "wait until everything is delivered", "timeout, 10s if empty", s.postWait},

		{"POST /_sim/post", "write", "person, channel (a name, an id, or @name for a direct message), text, thread_ts", s.postPost},
		{"POST /_sim/edit", "edit a message", "person, channel, ts, text", s.postEdit},
		{"POST /_sim/delete", "delete a message", "person, channel, ts", s.postDelete},
		{"POST /_sim/react", "put an emoji under a message", "person, channel, ts, emoji", s.postReact},
		{"POST /_sim/command", "run a slash command", "person, channel, text with the slash", s.postCommand},
		{"POST /_sim/shortcut", "run a shortcut", "person, callback_id, app if several have it; channel and ts for one on a message", s.postShortcut},
		{"POST /_sim/press", "press a button, or pick in a menu", "person, what (action_id or what is written on it), picks; channel and ts for a message, ephemeral, home with an app's id, or none for the form", s.postPress},
		{"POST /_sim/fill", "fill in a field of the form", "person, what (block_id, action_id or label), picks", s.postFill},
		{"POST /_sim/search", "type into a menu of the form that the app answers", "person, what, text", s.postSearch},
		{"POST /_sim/submit", "send the form", "person", s.postSubmit},
		{"POST /_sim/close", "close the form", "person, all for the whole stack", s.postClose},
		{"POST /_sim/home", "visit an app's home tab", "person, app", s.postHome},

		{"POST /_sim/faults", "let calls of the Web API fail", "method (chat.postMessage, chat.*, *, upload, download, response_url), channel, kind (lost, landed, 429, 500, 503, slow, invalid_json, html, hang, error), nth, times (-1 all), delay, retry_after, error, probability, seed", s.postFault},
		{"DELETE /_sim/faults", "take faults away", "?id= or all", s.deleteFaults},
		{"POST /_sim/chaos", "let events go wrong by chance; empty ends it", "seed, duplicate, duplicate_new, reorder, window, delay, pause, lost, landed, forgotten, types", s.postChaos},
		{"POST /_sim/outages", "switch what can go wrong with the whole", "name, on", s.postOutage},
		{"GET /_sim/sockets", "the sockets of apps", "?app=", s.getSockets},
		{"POST /_sim/sockets", "let sockets go wrong", "do (ghost, drop: connection; warn, refresh, enable, disable, delay, redeliver: app), connection, app, delay, times", s.postSockets},
		{"POST /_sim/verify", "ask an app's events address for the challenge, as Slack does before it takes the address", "app", s.postVerify},
		{"POST /_sim/events", "switch an app's events, or its Delayed Events, on or off", "app, on, delayed", s.postEvents},
	}, s.placeAddresses()...)
}

// Handler serves everything under /_sim/.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, a := range s.addresses() {
		mux.HandleFunc(a.pattern, func(w http.ResponseWriter, r *http.Request) {
			out, err := a.do(r)
			reply(w, out, err)
		})
	}
	mux.HandleFunc("GET /_sim/{$}", s.list)
	mux.HandleFunc("GET /_sim/journal", s.getJournal)
	mux.HandleFunc("/_sim/", func(w http.ResponseWriter, r *http.Request) {
		reply(w, nil, missing("address", r.Method+" "+r.URL.Path))
	})
	return guard(http.NewCrossOriginProtection().Handler(mux))
}

// guard serves only this machine, under its own names.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		site := r.Header.Get("Sec-Fetch-Site")
		if !loopback(r.Host) || !loopback(r.RemoteAddr) || site == "cross-site" || site == "same-site" {
			reply(w, nil, failure{http.StatusForbidden, "only this machine is served, at a loopback address, and no other site"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// loopback reports whether host, with or without a port, is this machine.
func loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.Unmap().IsLoopback()
}

func (s *Server) list(w http.ResponseWriter, _ *http.Request) {
	type line struct {
		Address string `json:"address"`
		Does    string `json:"does"`
		Takes   string `json:"takes,omitempty"`
	}
	out := []line{{"GET /_sim/journal", "every call and every request to an app, a line of JSON each", "?since=, a time as RFC 3339 has it"}}
	for _, a := range s.addresses() {
		out = append(out, line{a.pattern, a.does, a.takes})
	}
	reply(w, map[string]any{"addresses": out}, nil)
}

// reply answers with what came of a request.
func reply(w http.ResponseWriter, out any, err error) {
	status := http.StatusOK
	if err != nil {
		status = http.StatusUnprocessableEntity
		if f, ok := errors.AsType[failure](err); ok {
			status = f.status
		}
		out = map[string]any{"ok": false, "error": err.Error()}
	} else if out == nil {
		out = map[string]any{"ok": true}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	// The caller may be gone; there is nobody left to tell.
	_ = e.Encode(out)
}

// read reads a body strictly: a field that is not known is a mistake that one
// wants to hear of.
func read(r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return unreadable("the body cannot be read: %v", err)
	}
	return nil
}
