package slack

import (
	"context"
	"log/slog"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/front"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/tally"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// maxBody is more than anything Slack sends. The largest is the edit of a
// message of full length: 40,000 characters, four times over, up to twelve
// bytes each.
const maxBody = 2 << 20

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

// IntakeOptions are what an Intake and its Ingress can do without.
type IntakeOptions struct {
	Log     *slog.Logger           // default: none
	Now     func() time.Time       // default: time.Now
	People  refresher              // default: none
	Groups  regrouper              // default: none
	Names   namer                  // of what texts mention; default: none
	Doubt   func(desk.WorkspaceID) // called when Slack says that it has shut us out; default: nothing
	MaxBody int64                  // bytes of a request over HTTP that are read; default 2 MiB

	// Missed is called when Slack lets us know that there are events which it
	// will never send, or may have given up; default: nobody is told. It must
	// return at once.
	Missed func()
	// Homes hears who looks at the app's home, and who writes to the app;
	// default: nobody is told.
	Homes homes
	// Relist is called when Slack says that an organisation lets us into other
	// workspaces of it; default: nobody is told. It must return at once.
	Relist func()
	// Emoji is called when Slack says that a workspace's own emoji changed;
	// default: nobody is told. It must return at once.
	Emoji func(desk.WorkspaceID)
	// Seek has a workspace known to which something came, if our app is installed
	// there: another node may have heard of that a moment ago. The organisation
	// is empty outside of one. Default: what is known is all there is.
	Seek func(ctx context.Context, w desk.WorkspaceID, enterprise string) error
	// Known tells of a workspace that any node was ever installed in; default: none
	// is known.
	Known registry
	// Holder says which of some workspaces a channel is of, as far as that is on
	// record; of all, if none are given. Default: that is not known.
	Holder func(ctx context.Context, ch desk.ChannelID, among []desk.WorkspaceID) (w desk.WorkspaceID, ok bool)
}

// An Intake does what follows from a verified delivery, whichever way it came.
// Make one with [NewIntake].
type Intake struct {
	inbox     accepter
	front     answerer
	installed *ident.Installed
	opt       IntakeOptions
	tally     tally.Tally
}

// NewIntake returns an Intake. Events go to inbox, all else to front.
func NewIntake(inbox accepter, front answerer, installed *ident.Installed, o IntakeOptions) *Intake {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Doubt == nil {
		o.Doubt = func(desk.WorkspaceID) {}
	}
	if o.MaxBody <= 0 {
		o.MaxBody = maxBody
	}
	if o.Names == nil {
		o.Names = noNames{}
	}
	if o.Emoji == nil {
		o.Emoji = func(desk.WorkspaceID) {}
	}
	if o.Relist == nil {
		o.Relist = func() {}
	}
	if o.Seek == nil {
		o.Seek = func(context.Context, desk.WorkspaceID, string) error { return nil }
	}
	if o.Holder == nil {
		o.Holder = func(context.Context, desk.ChannelID, []desk.WorkspaceID) (desk.WorkspaceID, bool) { return "", false }
	}
	if o.Missed == nil {
		o.Missed = func() {}
	}
	return &Intake{inbox: inbox, front: front, installed: installed, opt: o}
}

// Counts says how often each thing came that was not stored or done, and why:
// "event: bot", "unsigned".
func (in *Intake) Counts() map[string]int64 { return in.tally.Counts() }

// Command answers a slash command; nil is no answer.
func (in *Intake) Command(ctx context.Context, s wire.Slash) *view.Message {
	if s.SSLCheck {
		return nil
	}
	in.seek(ctx, s.TeamID, s.EnterpriseID)
	return in.front.Command(ctx, s)
}

// seek has a workspace known in which somebody waits for an answer. Should that
// fail, they are told that support is not set up, and try again.
func (in *Intake) seek(ctx context.Context, workspace, enterprise string) {
	if err := in.opt.Seek(ctx, desk.WorkspaceID(workspace), enterprise); err != nil {
		in.opt.Log.Warn("workspace not looked up", slog.String("workspace", workspace), slog.Any("err", err))
	}
}

// Interaction does what a pressed button, a submitted form, a shortcut or a
// menu being typed in asks for, in the workspace that locate found. The answer is nil, a *front.FormAnswer or a
// front.Offer.
func (in *Intake) Interaction(ctx context.Context, i wire.Interaction) any {
	switch i.Type {
	case wire.TypeBlockActions:
		in.front.Press(ctx, i)
	case wire.TypeViewSubmission:
		if a := in.front.Submit(ctx, i); a != nil {
			return a
		}
	case wire.TypeBlockSuggestion:
		return in.front.Suggest(ctx, i)
	case wire.TypeShortcut, wire.TypeMessageAction:
		in.front.Shortcut(ctx, i)
	default:
		in.tally.Add("interaction: not used")
		in.opt.Log.Debug("interaction dropped", slog.String("event", i.Type))
	}
	return nil
}
