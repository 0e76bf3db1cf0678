package webapi

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/oauth"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// Options are the switches of an API.
type Options struct {
	Logger *slog.Logger
	Faults *fault.Faults
	// Journal is told of every call after it was answered.
	Journal func(Call)
	// Ticket returns a ticket for a socket of an app; without it there is no
	// apps.connections.open.
	Ticket func(app string) string
	// PostsPerChannel limits posts to one per second and channel, after a burst
	// of so many; zero means no limit.
	PostsPerChannel int
	// Tiers switches Slack's limits per method and minute on.
	Tiers bool
	// Few is the mode of new commercial apps: conversations.history and replies
	// once a minute, and at most fifteen messages each.
	Few bool
}

// A Call is one request to the Web API, as the journal has it.
type Call struct {
	At        time.Time      `json:"at"`
	Method    string         `json:"method"`
	App       string         `json:"app,omitempty"`
	Workspace string         `json:"workspace,omitempty"`
	Args      map[string]any `json:"args,omitempty"` // without the token
	Applied   bool           `json:"applied"`        // it took effect, whatever the caller saw
	OK        bool           `json:"ok"`             // the caller was told that it did
	Error     string         `json:"error,omitempty"`
	Fault     string         `json:"fault,omitempty"`
	TS        string         `json:"ts,omitempty"` // of the message that was posted or changed
}

// An API answers apps.
type API struct {
	world   *world.World
	screens *screen.Screens
	clock   clock.Clock
	log     *slog.Logger
	faults  *fault.Faults
	journal func(Call)
	ticket  func(app string) string
	limits  *limits
	few     bool
	methods map[string]method
}

// New returns the API of a world.
func New(w *world.World, s *screen.Screens, o Options) *API {
	a := &API{
		world: w, screens: s, clock: w.Clock(), log: o.Logger, faults: o.Faults, journal: o.Journal,
		ticket: o.Ticket, limits: newLimits(w.Clock(), o), few: o.Few,
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.faults == nil {
		a.faults = new(fault.Faults)
	}
	if a.journal == nil {
		a.journal = func(Call) {}
	}
	a.methods = methods()
	return a
}

// Paths are the patterns under which the Handler is to be served.
func Paths() []string {
	return []string{"/api/", "/upload/v1/", "/files-pri/", "/signin", "/avatars/", "/emoji/", "/commands/", "/actions/", "/app/"}
}

// Handler serves everything that apps call.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", a.serveMethod)
	mux.HandleFunc("POST /upload/v1/{ticket}", a.serveUpload)
	mux.HandleFunc("GET /files-pri/{id}/{name}", a.serveFile)
	mux.HandleFunc("GET /signin", serveSignIn)
	mux.HandleFunc("GET /avatars/{color}/{file}", serveAvatar)
	mux.HandleFunc("GET /emoji/{workspace}/{name}/{file}", a.serveEmoji)
	mux.HandleFunc("GET /files-pri/{id}/download/{name}", a.serveFile)
	for _, kind := range []string{"commands", "actions", "app"} {
		mux.HandleFunc("POST /"+kind+"/{workspace}/{token}", a.serveResponse)
	}
	return mux
}

// SetPostsPerChannel changes the limit of posts per channel and second.
func (a *API) SetPostsPerChannel(burst int) { a.limits.set(burst, a.limits.tiersOn()) }

// SetTiers switches the limits per method on or off.
func (a *API) SetTiers(on bool) { a.limits.set(a.limits.burstNow(), on) }

// A method is one entry of the table of methods.
type method struct {
	do     func(*call) (answer, error)
	tier   int      // calls a minute: 1, 2, 3, 4; 0 for the special ones
	scopes []string // any of these; none needed if empty
	perCh  bool     // counts against the limit of its channel
	ofApp  bool     // called with an app-level token
	open   bool     // called without a token
	teamID bool     // with an organisation's token it must say of which workspace
	ofOrg  bool     // it concerns an organisation's whole installation
}

type answer = map[string]any

// A call is a request to one method while it is answered.
type call struct {
	api  *API
	name string
	in   world.Installation
	app  world.App // of methods that are called with an app-level token
	args args
	note *Call

	token  string
	client oauth.Client // of methods by which apps are installed
}

// refusal is an error with more to say than its name.
type refusal struct {
	name string
	more answer
}

func (r refusal) Error() string { return r.name }

// invalid refuses a call with messages that say what is wrong.
func invalid(name string, messages ...string) error {
	return refusal{name, answer{"response_metadata": answer{"messages": messages}}}
}

func missing(arg string) error {
	return invalid("invalid_arguments", "[ERROR] missing required field: "+arg)
}

// oneOf makes a method with scopes.
func oneOf(tier int, scopes string, do func(*call) (answer, error)) method {
	m := method{do: do, tier: tier}
	if scopes != "" {
		m.scopes = strings.Split(scopes, ",")
	}
	return m
}
