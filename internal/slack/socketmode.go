package slack

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
	"caseline/internal/slack/front"
	"caseline/internal/slack/nap"
	"caseline/internal/slack/socket"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// A connector asks Slack for the address of a connection; an *api.Client with the
// app-level token is one.
type connector interface {
	OpenConnection(ctx context.Context) (address string, err error)
}

// OpenSocket returns the opener of Socket Mode's connections.
func OpenSocket(slack connector) socket.Opener {
	return func(ctx context.Context) (string, error) {
		address, err := slack.OpenConnection(ctx)
		if e, ok := errors.AsType[*api.Error](err); ok {
			open := &socket.OpenError{Lost: e.Kind == api.Lost, Err: err}
			switch e.Kind {
			case api.Limited:
				open.After = e.After
			case api.Refused:
				open.Code = e.Code
			case api.Lost, api.Unknown: // it is tried again
			}
			return "", open
		}
		return address, err
	}
}

// A renewer answers by the Web API of a workspace what is too large for a socket.
type renewer interface {
	UpdateNamed(ctx context.Context, w desk.WorkspaceID, name string, view any) error
	Respond(ctx context.Context, w desk.WorkspaceID, address string, a api.Answer) error
}

// A SocketIntake is an [Intake] for Socket Mode: what it answers fits into an ack,
// or comes another way. It is a socket.Intake.
type SocketIntake struct {
	intake *Intake
	slack  renewer
}

// NewSocketIntake returns intake for Socket Mode, with slack for what does not fit.
func NewSocketIntake(intake *Intake, slack renewer) *SocketIntake {
	return &SocketIntake{intake: intake, slack: slack}
}

// Event makes an event durable.
func (s *SocketIntake) Event(ctx context.Context, body []byte, retry int) error {
	return s.intake.Event(ctx, body, retry)
}

// Command answers a slash command. A long answer comes by its response_url.
func (s *SocketIntake) Command(ctx context.Context, command wire.Slash) socket.Answer {
	m := s.intake.Command(ctx, command)
	if m == nil {
		return socket.Answer{}
	}
	if payload, ok := fitting(private(*m)); ok {
		return socket.Answer{Payload: payload}
	}
	return socket.Answer{Then: func(ctx context.Context) {
		s.told(s.slack.Respond(ctx, desk.WorkspaceID(command.TeamID), command.ResponseURL, api.Answer{Type: "ephemeral", Text: m.Text, Blocks: m.Blocks}))
	}}
}

// Interaction answers what else people do. Of a list of options as many are
// offered as fit; a large view takes the place of a small one.
func (s *SocketIntake) Interaction(ctx context.Context, in wire.Interaction) socket.Answer {
	in = s.intake.locate(ctx, in)
	a := s.intake.Interaction(ctx, in)
	if a == nil {
		return socket.Answer{}
	}
	payload, ok := fitting(a)
	if ok {
		return socket.Answer{Payload: payload}
	}
	switch a := a.(type) {
	case front.Offer:
		payload, _ = fitting(cut(a))
		return socket.Answer{Payload: payload}
	case *front.FormAnswer:
		if a.View != nil && in.View != nil {
			return s.larger(in, a)
		}
	}
	s.intake.tally.Add("answer: too long") // unreachable: what else is answered is a sentence
	return socket.Answer{}
}

// larger answers with a view that says that more is coming, under a name by which
// the view that was meant takes its place. Slack knows the name when it has dealt
// with the ack.
func (s *SocketIntake) larger(in wire.Interaction, a *front.FormAnswer) socket.Answer {
	title := ""
	if a.View.Title != nil {
		title = a.View.Title.Text
	}
	meanwhile := view.Loading(title)
	meanwhile.ExternalID = "caseline-" + in.View.ID + "-" + in.View.Hash
	payload, ok := fitting(front.FormAnswer{Action: a.Action, View: &meanwhile})
	if !ok {
		return socket.Answer{} // unreachable: the view is small
	}
	next := *a.View
	next.ExternalID = meanwhile.ExternalID
	return socket.Answer{Payload: payload, Then: func(ctx context.Context) { s.told(s.renew(ctx, desk.WorkspaceID(in.Workspace()), title, next)) }}
}

// renewAgain is the pause before a view is updated again that Slack did not know,
// or did not take. It doubles, for the person may have closed the view.
const renewAgain = 200 * time.Millisecond

// renew makes a view what it was meant to be, while there is time.
func (s *SocketIntake) renew(ctx context.Context, w desk.WorkspaceID, title string, v view.View) error {
	for pause := renewAgain; ; pause *= 2 {
		err := s.slack.UpdateNamed(ctx, w, v.ExternalID, v)
		e, ok := errors.AsType[*api.Error](err)
		switch {
		case err == nil:
			return nil
		case ok && e.Kind == api.Refused && e.Code != "not_found" && e.Code != "view_not_found":
			sorry := view.Sorry(title, "Slack did not take what was to stand here. What you sent has arrived; close this to go on.")
			sorry.ExternalID = v.ExternalID
			return errors.Join(err, s.slack.UpdateNamed(ctx, w, v.ExternalID, sorry))
		}
		if ok && e.Kind == api.Limited {
			pause = max(pause, e.After)
		}
		if !nap.For(ctx, pause, nil, nil) {
			return err
		}
	}
}

// told logs that somebody did not get an answer.
func (s *SocketIntake) told(err error) {
	if err != nil {
		s.intake.tally.Add("answer: not sent")
		s.intake.opt.Log.Warn("an answer too large for Socket Mode was not taken either way", slog.Any("err", err))
	}
}

// cut returns as many of the options offered as fit, the first ones: they are the
// nearest to what was typed.
func cut(o front.Offer) front.Offer {
	for len(o.Options) > 0 {
		payload, ok := fitting(o)
		if ok {
			break
		}
		// As many as are too long on the average, and one at least.
		o.Options = o.Options[:min(len(o.Options)-1, len(o.Options)*socket.MaxPayload/len(payload))]
	}
	return o
}

// fitting returns v as JSON, and whether it fits into an ack.
func fitting(v any) (payload []byte, ok bool) {
	payload, err := wire.Encode(v)
	return payload, err == nil && len(payload) <= socket.MaxPayload // the error is unreachable: answers are made of text
}
