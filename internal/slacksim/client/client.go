package client

import (
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/client/kit"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

// Options are the switches of a Server. The zero value works.
type Options struct {
	Logger *slog.Logger   // silent if nil
	Zone   *time.Location // of the times shown; time.Local if nil
	// FrameAncestors lists the origins whose pages may show these in a frame,
	// as CSP writes them. Empty means none.
	FrameAncestors []string
	// ImageOrigins lists the origins that pictures in messages may come from,
	// besides our own.
	ImageOrigins []string
	MaxUpload    int64 // bytes of one request with files; 100 MB if zero
	// Server is whose outages can be switched and whose calls are shown in the
	// simulation's pane; both are left out if it is nil.
	Server    *slacksim.Server
	Heartbeat time.Duration // how often the live stream says that it lives; 20 s if zero
}

// A Server serves the pages. Create it with New.
type Server struct {
	opts    Options
	log     *slog.Logger
	people  *person.Client
	world   *world.World
	screens *screen.Screens
	kit     *kit.Kit
	pages   *template.Template
	assets  *assets
	stop    func()
	stopped chan struct{} // closed by Stop
}

// New returns the pages for the people of a simulated Slack.
func New(people *person.Client, o Options) (*Server, error) {
	k, err := kit.New()
	if err != nil {
		return nil, err
	}
	pages, err := template.ParseFS(files, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the pages of the client: %w", err)
	}
	a, err := newAssets()
	if err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = 100 << 20
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 20 * time.Second
	}
	stopped := make(chan struct{})
	return &Server{
		opts: o, log: o.Logger, people: people, world: people.World, screens: people.Screens, kit: k, pages: pages, assets: a,
		stop: sync.OnceFunc(func() { close(stopped) }), stopped: stopped,
	}, nil
}

// Stop ends the live streams, so that a server can shut down. Give it to
// http.Server.RegisterOnShutdown.
func (s *Server) Stop() { s.stop() }

// Handler serves everything under /client/, and under /archives/, where
// permalinks lead.
func (s *Server) Handler() http.Handler {
	pages := http.NewServeMux()
	for pattern, h := range s.routes() {
		pages.Handle(pattern, s.handle(h))
	}
	mux := http.NewServeMux() // no workspace is called assets
	mux.Handle("GET /client/assets/{hash}/{file}", s.assets)
	mux.Handle("/", pages)
	return s.headers(http.NewCrossOriginProtection().Handler(mux))
}

type handler func(w http.ResponseWriter, r *http.Request) error

// routes is the table of everything the client serves.
func (s *Server) routes() map[string]handler {
	const me, channel, message = "/client/{ws}/{person}", "/client/{ws}/{person}/{channel}", "/client/{ws}/{person}/{channel}/m/{ts}"
	return map[string]handler{
		"GET /client/{$}":                    s.getStart,
		"GET /client/{ws}":                   s.getStart,
		"GET /archives/{channel}/{p}":        s.getArchive,
		"GET " + me:                          s.as(s.getPerson),
		"GET " + channel:                     s.as(s.getChannel),
		"GET " + me + "/apps/{app}":          s.as(s.getApp),
		"GET " + me + "/stream":              s.as(s.getStream),
		"GET " + me + "/suggestions":         s.as(s.getSuggestions),
		"GET " + me + "/files/{file}/{name}": s.as(s.getFile),
		"GET " + message + "/source":         s.as(s.getSource),

		"POST " + channel + "/messages": s.as(s.postMessage),
		"POST " + channel + "/read":     s.as(s.postRead),
		"POST " + channel + "/join":     s.as(s.postJoin),
		"POST " + channel + "/leave":    s.as(s.postLeave),
		"POST " + channel + "/people":   s.as(s.postPeople),
		"POST " + channel + "/topic":    s.as(s.postTopic),
		"POST " + message + "/edit":     s.as(s.postEdit),
		"POST " + message + "/delete":   s.as(s.postDelete),
		"POST " + message + "/react":    s.as(s.postReact),
		"POST " + message + "/pin":      s.as(s.postPin),
		"POST " + message + "/forward":  s.as(s.postForward),
		"POST " + message + "/shortcut": s.as(s.postMessageShortcut),

		"POST " + me + "/simulation":          s.as(s.postSimulation),
		"POST " + me + "/channels":            s.as(s.postChannels),
		"POST " + me + "/direct":              s.as(s.postDirect),
		"POST " + me + "/shortcut":            s.as(s.postShortcut),
		"POST " + me + "/dismiss":             s.as(s.postDismiss),
		"POST " + me + "/fill":                s.as(s.postFill),
		"POST " + me + "/suggest":             s.as(s.postSuggest),
		"POST " + me + "/views/{view}/submit": s.as(s.postSubmit),
		"POST " + me + "/views/{view}/close":  s.as(s.postClose),
		"POST " + me + "/apps/{app}/opened":   s.as(s.postOpened),
	}
}
