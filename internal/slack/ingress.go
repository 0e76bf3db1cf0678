package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/front"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

const (
	// maxBody is more than anything Slack sends. The largest is the edit of a
	// message of full length: 40,000 characters, four times over, up to twelve
	// bytes each.
	maxBody = 2 << 20
	// answerTime leaves half a second of Slack's three for the way there and back.
	answerTime = 2500 * time.Millisecond
)

var errAnswerTime = errors.New("slack waits no longer")

// An accepter stores events.
type accepter interface {
	Accept(ctx context.Context, e desk.Event) (added bool, err error)
}

// An answerer answers people; a [front.Front] is one.
type answerer interface {
	Command(ctx context.Context, s wire.Slash) *view.Message
	Press(ctx context.Context, in wire.Interaction)
	Submit(ctx context.Context, in wire.Interaction) *front.FormAnswer
	Shortcut(ctx context.Context, in wire.Interaction)
	Suggest(ctx context.Context, in wire.Interaction) front.Offer
}

// A refresher hears that Slack changed what is known of a person.
type refresher interface {
	Changed(ctx context.Context, w desk.WorkspaceID, u wire.User) error
}

// A regrouper hears that Slack changed a user group.
type regrouper interface {
	Changed(ctx context.Context, w desk.WorkspaceID, c wire.GroupChange) error
}

// homes show people their home tab; a [home.Home] does.
type homes interface {
	Open(ctx context.Context, w desk.WorkspaceID, user string, page int) error
	Wrote(w desk.WorkspaceID, user, channel string)
}

// A namer hears that what texts mention may be called otherwise.
type namer interface {
	Renamed(w desk.WorkspaceID, channel string)
	Closed(w desk.WorkspaceID, channel string)
	Regrouped(w desk.WorkspaceID)
}

// noNames are of nothing.
type noNames struct{}

func (noNames) Renamed(desk.WorkspaceID, string) {}
func (noNames) Closed(desk.WorkspaceID, string)  {}
func (noNames) Regrouped(desk.WorkspaceID)       {}

// IngressOptions are what an Ingress can do without.
type IngressOptions struct {
	Log     *slog.Logger     // default: none
	Now     func() time.Time // default: time.Now
	People  refresher        // default: none
	Groups  regrouper        // default: none
	Names   namer            // of what texts mention; default: none
	Doubt   func()           // called when Slack says that it has shut us out; default: nothing
	MaxBody int64            // bytes of a request that are read; default 2 MiB

	// Missed is called when Slack lets us know that there are events which it
	// will never send, or may have given up; default: nobody is told. It must
	// return at once.
	Missed func()
	// Homes hears who looks at the app's home, and who writes to the app;
	// default: nobody is told.
	Homes homes
	// Emoji is called when Slack says that the workspace's own emoji changed;
	// default: nobody is told. It must return at once.
	Emoji func()
}

// An Ingress takes in what Slack sends over HTTP. Make one with [NewIngress].
type Ingress struct {
	verifier  *wire.Verifier
	inbox     accepter
	front     answerer
	installed *ident.Installed
	opt       IngressOptions
	tally     tally
	mux       http.ServeMux
}

// NewIngress returns an Ingress for requests that verifier lets pass. Events
// go to inbox, all else to front.
func NewIngress(verifier *wire.Verifier, inbox accepter, front answerer, installed *ident.Installed, o IngressOptions) *Ingress {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Doubt == nil {
		o.Doubt = func() {}
	}
	if o.MaxBody <= 0 {
		o.MaxBody = maxBody
	}
	if o.Names == nil {
		o.Names = noNames{}
	}
	if o.Emoji == nil {
		o.Emoji = func() {}
	}
	if o.Missed == nil {
		o.Missed = func() {}
	}
	in := &Ingress{verifier: verifier, inbox: inbox, front: front, installed: installed, opt: o}
	in.mux.Handle("POST /slack/events", in.signed(in.events))
	in.mux.Handle("POST /slack/commands", in.signed(in.command))
	in.mux.Handle("POST /slack/interactivity", in.signed(in.interaction))
	in.mux.Handle("POST /slack/options", in.signed(in.interaction))
	return in
}

// missedRetry is which try of an event tells that earlier ones may have been
// given up. Slack's first retry comes at once; a later one says that for a
// minute or longer nothing reached us.
const missedRetry = 2

// ServeHTTP serves POST /slack/events, /slack/commands, /slack/interactivity
// and /slack/options, whose requests are interactions too.
func (in *Ingress) ServeHTTP(w http.ResponseWriter, r *http.Request) { in.mux.ServeHTTP(w, r) }

// Counts says how often each thing came that was not stored or done, and why:
// "event: bot", "unsigned".
func (in *Ingress) Counts() map[string]int64 { return in.tally.counts() }

// A handler answers a request that is Slack's, within answerTime.
type handler func(ctx context.Context, w http.ResponseWriter, body []byte)

// signed lets a request through to h when its body is signed.
func (in *Ingress) signed(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, in.opt.MaxBody))
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			in.opt.Log.Warn("request too large", slog.Any("err", err))
			in.refuse(w, http.StatusRequestEntityTooLarge, "too large", "The request is larger than limits.max_body in the configuration allows.")
			return
		}
		if err != nil {
			in.refuse(w, http.StatusBadRequest, "cut off", "The request did not arrive whole.")
			return
		}
		err = in.verifier.Verify(r.Header.Get(wire.HeaderTimestamp), r.Header.Get(wire.HeaderSignature), body, in.opt.Now())
		if err != nil {
			in.unsigned(w, err)
			return
		}
		if n, err := strconv.Atoi(r.Header.Get(wire.HeaderRetryNum)); err == nil && n >= missedRetry {
			in.opt.Missed()
		}
		// What Slack has sent is dealt with even if Slack hangs up meanwhile.
		ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(r.Context()), answerTime, errAnswerTime)
		defer cancel()
		h(ctx, w, body)
	})
}

// unsigned refuses a request that is not Slack's, and tells an operator who
// looks for the reason.
func (in *Ingress) unsigned(w http.ResponseWriter, err error) {
	in.opt.Log.Warn("request refused", slog.Any("err", err))
	sentence := "The request's signature does not match: check the signing secret in the configuration."
	switch {
	case errors.Is(err, wire.ErrUnsigned):
		sentence = "The request is not signed. This address takes requests from Slack only."
	case errors.Is(err, wire.ErrStale):
		sentence = "The request's timestamp is more than five minutes from this server's clock: check the clock."
	}
	in.refuse(w, http.StatusUnauthorized, "unsigned", sentence)
}

func (in *Ingress) refuse(w http.ResponseWriter, status int, why, sentence string) {
	in.tally.add(why)
	http.Error(w, sentence, status)
}

// answerJSON writes v with status 200.
func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.Encode(v) // Slack may have hung up; nothing follows from it
}

// A tally counts by a word.
type tally struct {
	mu sync.Mutex // guards n; held for one count
	n  map[string]int64
}

func (t *tally) add(word string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == nil {
		t.n = map[string]int64{}
	}
	t.n[word]++
}

func (t *tally) counts() map[string]int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.n)
}
