package console

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"caseline/internal/auth"
	"caseline/internal/casework/dispatch"
	"caseline/internal/console/acts"
	"caseline/internal/console/device"
	"caseline/internal/console/drawn"
	"caseline/internal/console/entrance"
	"caseline/internal/console/form"
	"caseline/internal/console/keep"
	"caseline/internal/console/outside"
	"caseline/internal/console/people"
	"caseline/internal/console/portrait"
	"caseline/internal/console/room"
	"caseline/internal/console/seek"
	"caseline/internal/console/setup"
	"caseline/internal/console/stream"
	"caseline/internal/console/tongue"
	"caseline/internal/console/ways"
	"caseline/internal/console/window"
	"caseline/internal/console/work"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/desk/rights"
	"caseline/internal/store"
	"caseline/internal/web"
)

// Reader is what the pages read.
type Reader interface {
	work.Reader
	store.AuditReader
	people.Reader
	store.SearchReader
	store.PreferenceReader
	Subscriptions(context.Context, desk.CaseID) ([]desk.Subscription, error)
	FactsOf(context.Context, desk.CaseID) (report.Facts, error)
	store.RosterReader
}

// Keeping are the use cases of what agents keep beside the cases.
type Keeping interface {
	acts.Keeping
	keep.Keeping
}

// Needs are what a Server cannot do without.
type Needs struct {
	Log   *slog.Logger
	Auth  *auth.Service
	Cases acts.Cases
	// Contacts say who hears of a case by mail.
	Contacts acts.Contacts
	Setup    setup.UseCases // for operators
	Keeping  Keeping        // what agents keep beside the cases
	Read     Reader
	Feed     stream.Feed // wakes the live streams
	// File opens the bytes of a file by their hash.
	File func(hash string) (io.ReadSeekCloser, error)
	// Keep keeps the bytes of a file of up to limit bytes.
	Keep func(ctx context.Context, r io.Reader, limit int64) (hash string, size int64, err error)
}

// Options are what a Server can be given; the zero value works.
type Options struct {
	Now func() time.Time // default: the system clock
	// Frames lists origins whose pages may show the console in a frame.
	Frames []string
	// TLS says that people reach the console over https only.
	TLS bool
	// Hints are lines for the sign-in page, for a demo that shows its
	// sign-ins to whoever looks.
	Hints []string
	// Person is the key of a workspace's user, for the names of those whom a
	// text mentions; package slack knows it. Default: nobody is known.
	Person func(w desk.WorkspaceID, user string) desk.PersonID
	// Address is where Slack opens a place; package slack knows it. Default:
	// pages do not lead there.
	Address func(desk.Place) string
	// Beat is how often an idle live stream shows that it lives; default 20 s.
	Beat time.Duration
	// Patience is how long one write to a browser's stream may take before the
	// browser is dropped, to come back and fetch what is new; default 10 s.
	Patience time.Duration
	// Emoji are the custom emoji of workspaces; default: names only.
	Emoji outside.Emoji
	// Mentions are the channels and user groups that texts mention; default:
	// none is known.
	Mentions outside.Mentions
	// Health says how things stand between us and Slack. Default: well.
	Health func() work.Health
	// Faces are the pictures of people in Slack. Default: there are none.
	Faces outside.Faces
	// Portraits are the pictures that agents choose. Default: nobody can.
	Portraits portrait.UseCases
	// Setup is what the operators' pages can be given; Person and Address are
	// as above.
	Setup setup.Options
	// Named returns a case with the names of what it is about in place of the
	// codes. Default: it stays as it is.
	Named func(desk.Case) desk.Case
	// Mail says that the addresses of cases get e-mail.
	Mail bool
	// Book has what cases can be about, to search by. Default: nothing.
	Book seek.Book
	// Level is what a severity is called and how soon it is answered; default: as
	// desk says.
	Level func(desk.Severity) desk.Level
	// Board is who waits, and why. Default: whoever waits, without a reason.
	Board func(context.Context) (dispatch.Board, error)
	// Rooms are further pages, by what they can do.
	Rooms []room.Room
	// MaxFile is how large a file may be that an agent sends, in bytes;
	// default 100 MB.
	MaxFile int64
	// Undo is for how many seconds a message can be called back before it is sent,
	// for agents who have not chosen; 0 is 5, and below 0 none.
	Undo int
}

// A Server serves the console.
type Server struct {
	Needs
	opt     Options
	kit     *web.Kit
	pages   *drawn.Pages
	streams *stream.Streams
	forms   *form.Reader
	work    *work.Lists
	setup   *setup.Pages
	rooms   []room.Room
	prose   outside.Prose
	devices device.Watch
}

// New returns a Server.
func New(n Needs, o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Beat == 0 {
		o.Beat = 20 * time.Second
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	if o.MaxFile == 0 {
		o.MaxFile = 100 << 20
	}
	if o.Emoji == nil {
		o.Emoji = outside.NoEmoji{}
	}
	if o.Portraits == nil {
		o.Portraits = portrait.None{}
	}
	if o.Mentions == nil {
		o.Mentions = outside.NoMentions{}
	}
	if o.Level == nil {
		o.Level = desk.Severity.Level
	}
	if o.Named == nil {
		o.Named = func(c desk.Case) desk.Case { return c }
	}
	if o.Book == nil {
		o.Book = nothing{}
	}
	if o.Health == nil {
		o.Health = func() work.Health { return work.Health{} }
	}
	if o.Person == nil {
		o.Person = func(desk.WorkspaceID, string) desk.PersonID { return "" }
	}
	if o.Faces == nil {
		o.Faces = outside.NoFaces{}
	}
	if o.Address == nil {
		o.Address = func(desk.Place) string { return "" }
	}
	p, err := newPages()
	if err != nil {
		return nil, err
	}
	s := &Server{
		Needs: n, opt: o, pages: p,
		forms: &form.Reader{Now: o.Now, MaxFile: o.MaxFile, Keep: n.Keep},
		work:  &work.Lists{Read: n.Read, Now: o.Now, Level: o.Level, Health: o.Health, Mail: o.Mail, Board: o.Board, Named: o.Named},
	}
	o.Setup.Person, o.Setup.Address = o.Person, o.Address
	s.setup = setup.New(setup.Needs{Do: n.Setup, Read: n.Read, Frame: s.work.Frame, Show: s.show}, o.Setup)
	s.streams = stream.New(n.Feed, stream.Options{Log: n.Log, Now: o.Now, Beat: o.Beat, Patience: o.Patience, There: s.there})
	s.kit = web.NewKit(n.Log, s.errorPage)
	s.kit.Tell = func(r *http.Request, sentence string) string { return tongue.Of(r).Told(sentence) }
	s.rooms = append([]room.Room{
		keep.Room{Log: n.Log, Do: n.Keeping, Cases: n.Cases, Read: n.Read, Undo: o.Undo}, entrance.Pages{Auth: n.Auth, Log: n.Log, Hints: o.Hints, Left: s.left}, s.people(),
	}, o.Rooms...)
	return s, nil
}

func (s *Server) windows() window.Reader {
	return window.Reader{Store: s.Read, Person: s.opt.Person, Learn: s.opt.Mentions.Learn}
}

// Handler returns the whole console, with its middleware.
func (s *Server) Handler() http.Handler {
	return web.Chain(s.routes(),
		web.Log(s.Log, s.opt.Now),
		s.kit.Recover,
		web.Headers(web.Policy{Frames: s.opt.Frames, TLS: s.opt.TLS}),
		web.LimitBodies(s.forms.MaxBody),
		s.kit.SameOrigin,
	)
}

// EndStreams ends the live streams, which otherwise last as long as their
// pages, and returns when they have ended. Their connections are no longer the
// http.Server's: give it to http.Server.RegisterOnShutdown, and call it once more
// when that has shut down.
func (s *Server) EndStreams() { s.streams.End() }

// A handler answers a request of an agent.
type handler = room.Handler

// agents lets only agents through to h; others are sent to sign in.
func (s *Server) agents(h handler) http.Handler {
	return s.kit.Handle(s.Auth.Load(func(w http.ResponseWriter, r *http.Request) error {
		who, err := s.Auth.Agent(r.Context())
		if errors.Is(err, auth.ErrSignedOut) {
			entrance.SignedOut(s.kit, w, r)
			return nil
		}
		if err != nil {
			return err
		}
		r = device.Load(w, r, s.opt.TLS)
		if err := s.see(r.Context(), who); err != nil {
			return err
		}
		if r, err = s.spoken(r, who); err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-store")
		if err := h(w, r, who); err != nil {
			s.kit.Fail(w, r, err) // here, where it is known in which language
		}
		return nil
	}))
}

// spoken has an agent's request answered in the language that they chose, or
// else in their browser's.
func (s *Server) spoken(r *http.Request, who desk.Agent) (*http.Request, error) {
	code, err := s.Read.Preference(r.Context(), who.ID, ways.Tongue)
	if err != nil {
		return r, err
	}
	t, ok := tongue.By(code)
	if !ok {
		t = tongue.Of(r)
	}
	return r.WithContext(tongue.With(r.Context(), t)), nil
}

// only lets those agents through to h who have a right.
func (s *Server) only(may rights.Right, h handler) http.Handler {
	return s.agents(func(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
		if !rights.May(who, may) {
			return rights.Refused(may)
		}
		return h(w, r, who)
	})
}

// see notes that the agent's console is connected: whoever opens a page or
// holds the live stream is there, and keeps their chats.
func (s *Server) see(ctx context.Context, who desk.Agent) error {
	if at, due := s.devices.Due(ctx, who, s.opt.Now()); due {
		return s.Cases.See(ctx, at)
	}
	return nil
}

// left notes that an agent signed out in the browser of a request.
func (s *Server) left(r *http.Request, who desk.AgentID) error {
	d := device.Of(r)
	d.Agent = who
	return s.Cases.Left(r.Context(), d)
}

// there notes that the agent who holds a stream is there still. It fails when
// they are signed out.
func (s *Server) there(ctx context.Context) error {
	who, err := s.Auth.Agent(ctx)
	if err != nil {
		return err
	}
	return s.see(ctx, who)
}

// anyone is for the pages before signing in.
func (s *Server) anyone(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return s.kit.Handle(s.Auth.Load(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "no-store")
		return h(w, r)
	}))
}
