package slack

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/nap"
)

const (
	askEvery   = 3 * time.Minute  // how often Slack is asked whether we are still let in
	askTimeout = 10 * time.Second // for one answer and what follows from it
)

var errAskTimeout = errors.New("slack did not say in time whether we are let in")

// A knocker asks Slack whose token we have.
type knocker interface {
	AuthTest(ctx context.Context) (api.Identity, error)
}

// An offliner does what follows from being shut out of a workspace, and from
// being let in again.
type offliner interface {
	Disconnect(ctx context.Context, id desk.WorkspaceID, reason string) error
	Reconnect(ctx context.Context, id desk.WorkspaceID) error
}

// WardenOptions are what a Warden can do without.
type WardenOptions struct {
	Log   *slog.Logger        // default: none
	Every time.Duration       // between two questions; default 3 minutes
	Out   func(reason string) // called when Slack says that we are shut out; default: nothing
	Back  func()              // called when we are let in again; default: nothing
	// Gone is told that Slack does not take the token, where somebody keeps our
	// installation: the token may have been replaced, and is refreshed then, or else
	// the workspace is served no more. default: we are shut out
	Gone  func(ctx context.Context, reason string) error
	Spoke func() // called when Slack answers after it did not, for it may have told nothing meanwhile; default: nothing
}

// A Warden knows whether Slack lets us into our workspace. Whatever makes
// somebody doubt it (an event, a refused call), only Slack's own answer counts.
// Make one with [NewWarden].
type Warden struct {
	slack     knocker
	cases     offliner
	installed *ident.Installed
	id        desk.WorkspaceID
	opt       WardenOptions
	doubt     chan struct{}
	silent    bool // the last question got no answer; only Run touches it
}

// NewWarden returns a Warden of the workspace id.
func NewWarden(slack knocker, cases offliner, installed *ident.Installed, id desk.WorkspaceID, o WardenOptions) *Warden {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Every <= 0 {
		o.Every = askEvery
	}
	if o.Out == nil {
		o.Out = func(string) {}
	}
	if o.Back == nil {
		o.Back = func() {}
	}
	if o.Spoke == nil {
		o.Spoke = func() {}
	}
	return &Warden{slack: slack, cases: cases, installed: installed, id: id, opt: o, doubt: make(chan struct{}, 1)}
}

// Doubt has Slack asked at once. It returns at once.
func (w *Warden) Doubt() {
	select {
	case w.doubt <- struct{}{}:
	default: // it will be asked anyway
	}
}

// Run asks Slack now and then, and when there is doubt, until ctx is done.
func (w *Warden) Run(ctx context.Context) error {
	for {
		if err := w.ask(ctx); err != nil && ctx.Err() == nil {
			w.opt.Log.Error("workspace's state not written down", slog.String("workspace", string(w.id)), slog.Any("err", err))
		}
		if !nap.For(ctx, w.opt.Every, w.doubt, nil) {
			return nil
		}
	}
}

// ask makes our state that which Slack's answer says. No answer says nothing.
func (w *Warden) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, askTimeout, errAskTimeout)
	defer cancel()
	_, err := w.slack.AuthTest(ctx)
	w.note(err)
	known, _ := w.installed.Find(w.id)
	switch {
	case err == nil && known.State == served.WorkspaceDisconnected:
		if err := w.cases.Reconnect(ctx, w.id); err != nil {
			return err
		}
		w.opt.Log.Info("slack lets us in again", slog.String("workspace", string(w.id)))
		known.State, known.Reason = served.WorkspaceConnected, ""
		w.installed.Put(known)
		w.opt.Back()
	case api.ShutOut(err) && w.opt.Gone != nil:
		return w.opt.Gone(ctx, api.Code(err))
	case api.ShutOut(err):
		if known.State == served.WorkspaceConnected {
			w.opt.Log.Error("slack has shut us out: chats end, and nothing is sent", slog.String("workspace", string(w.id)), slog.Any("err", err))
		}
		w.opt.Out(api.Code(err))
		known.State, known.Reason = served.WorkspaceDisconnected, api.Code(err)
		w.installed.Put(known)
		return w.cases.Disconnect(ctx, w.id, api.Code(err))
	}
	return nil
}

// note tells when Slack answers again after it did not.
func (w *Warden) note(err error) {
	e, ok := errors.AsType[*api.Error](err)
	silent := ok && (e.Kind == api.Unknown || e.Kind == api.Lost)
	if w.silent && !silent {
		w.opt.Spoke()
	}
	w.silent = silent
}
