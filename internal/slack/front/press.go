package front

import (
	"context"
	"log/slog"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/finding"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/rating"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// A press is a button that somebody pressed, with what it is about.
type press struct {
	wire.Interaction
	spot
	about  view.Press
	c      desk.Case
	by     desk.PersonID
	origin desk.Origin
}

// Press does what a pressed button says. Its effect shows on the card and in
// the place; when there is none, the person is told privately why.
func (f *Front) Press(ctx context.Context, in wire.Interaction) {
	if len(in.Actions) == 0 {
		return
	}
	switch {
	case in.View != nil && in.View.Type == "home":
		f.pressHome(ctx, in)
		return
	case in.View != nil:
		f.choose(ctx, in)
		return
	}
	err := f.slack.While(ctx, in.TriggerID, f.pressTitle(in), f.sentence, func() error { return f.press(ctx, in) })
	if err != nil {
		f.tell(ctx, in, view.Say(f.sentence(err)))
	}
}

// pressTitle is what the form is called that a button opens; empty for one that
// opens none.
func (f *Front) pressTitle(in wire.Interaction) string {
	if _, ok := f.installed.Find(desk.WorkspaceID(in.Workspace())); !ok {
		return ""
	}
	switch in.Actions[0].ActionID {
	case view.ActionReply:
		return view.TitleReply
	case view.ActionReopen:
		return view.TitleReopen
	case view.ActionDetails:
		return view.TitleDetails
	case view.ActionElsewhere:
		return view.TitlePlace
	case view.ActionRelated:
		return view.TitleCreate
	case view.ActionSearchEdit:
		return view.TitleSearch
	}
	return rating.FormTitle(in.Actions[0].ActionID)
}

func (f *Front) press(ctx context.Context, in wire.Interaction) error {
	action := in.Actions[0]
	if finding.Presses(action.ActionID) {
		return f.finder().Press(ctx, in)
	}
	about, ok := view.ReadPress(action.One())
	w := desk.WorkspaceID(in.Workspace())
	if _, known := f.installed.Find(w); !ok || !known || !ident.Valid(in.Channel) || !ident.Valid(in.User.ID) {
		f.log.Warn("button not understood", slog.String("event", action.ActionID))
		return refuse(desk.ErrInvalid, "This button does nothing any more.")
	}
	in.Channel = string(f.installed.Channels(w).First(desk.ChannelID(in.Channel)))
	at, err := f.spot(ctx, w, desk.ChannelID(in.Channel), ident.Person(w, in.User.ID))
	if err != nil {
		return err
	}
	c, err := f.store.Case(ctx, about.Case)
	if err != nil {
		return err
	}
	if !at.reaches(c) {
		return refuse(desk.ErrForbidden, "Case "+string(c.Number)+" can no longer be reached from this channel.")
	}
	p := press{
		Interaction: in, spot: at, about: about, c: c, by: ident.Person(w, in.User.ID),
		origin: ident.PressOrigin(w, in.User.ID, action.ActionID, string(action.ActionTs)),
	}
	if err := p.moved(action.ActionID); err != nil {
		return err
	}
	switch action.ActionID {
	case view.ActionEnd:
		return f.pressEnd(ctx, p)
	case view.ActionInvite:
		return f.pressInvite(ctx, p)
	case view.ActionElsewhere:
		return f.pressElsewhere(ctx, p)
	case view.ActionReopen:
		return f.pressReopen(ctx, p)
	case view.ActionRelated:
		return f.pressRelated(ctx, p)
	case view.ActionStill:
		return f.pressStill(ctx, p)
	case view.ActionResolve:
		return f.pressResolve(ctx, p)
	case view.ActionReply:
		return f.pressReply(ctx, p)
	case view.ActionDetails:
		return f.pressDetails(ctx, p)
	case view.ActionShare, view.ActionKeep:
		return f.pressWaiting(ctx, p, action.ActionID == view.ActionShare)
	}
	if rating.Presses(action.ActionID) {
		return f.rater().Press(ctx, in, about, p.by)
	}
	return refuse(desk.ErrInvalid, "This button does nothing any more.")
}

func (f *Front) pressEnd(ctx context.Context, p press) error {
	if p.c.Chat.ID != p.about.Chat {
		return refuse(desk.ErrConflict, "This card shows an earlier chat, which has already ended.")
	}
	_, changed, err := f.cases.End(ctx, casework.End{
		Target: casework.Target{Case: p.c.ID, Where: p.place}, By: desk.ByCustomer(p.by), Reason: desk.EndedByCustomer, Origin: p.origin,
	})
	if err == nil && !changed {
		return refuse(desk.ErrConflict, "The chat has already ended.")
	}
	return err
}

func (f *Front) pressInvite(ctx context.Context, p press) error {
	if err := p.require(served.MayChat, p.c.Account); err != nil {
		return err
	}
	c, changed, err := f.cases.Request(ctx, casework.Request{
		Target: casework.Target{Case: p.c.ID, Where: p.place}, By: p.by, From: p.From(p.c), Origin: p.origin,
	})
	if err == nil && !changed {
		return refuse(desk.ErrConflict, already(c))
	}
	return err
}

func (f *Front) pressResolve(ctx context.Context, p press) error {
	if err := p.require(served.MayResolve, p.c.Account); err != nil {
		return err
	}
	c, changed, err := f.cases.Resolve(ctx, casework.Resolve{
		Target: casework.Target{Case: p.c.ID, Where: p.place}, By: desk.ByCustomer(p.by), Origin: p.origin,
	})
	if err == nil && !changed {
		return refuse(desk.ErrConflict, "Case "+string(c.Number)+" is already resolved.")
	}
	return err
}

// tell tells the person who pressed a button something privately: by the
// button's own address or, when that is used up, as a message that only they
// see.
func (f *Front) tell(ctx context.Context, in wire.Interaction, m view.Message) {
	thread := threadOf(in)
	if in.ResponseURL != "" {
		err := f.slack.Respond(ctx, in.ResponseURL, api.Answer{Type: "ephemeral", Thread: thread, Text: m.Text, Blocks: m.Blocks})
		if err == nil {
			return
		}
		f.log.Debug("response_url not usable", slog.Any("err", err))
	}
	if in.Channel == "" {
		return
	}
	err := f.slack.PostEphemeral(ctx, in.User.ID, api.Post{Channel: in.Channel, Thread: thread, Text: m.Text, Blocks: m.Blocks})
	if err != nil {
		f.log.Warn("private answer not sent", slog.String("workspace", in.Workspace()), slog.Any("err", err))
	}
}

// direct tells somebody something in their messages with the app: they are in no
// channel. (Slack: chat.postMessage takes a person's id for that.)
func (f *Front) direct(ctx context.Context, in wire.Interaction, m view.Message) {
	if _, err := f.slack.PostMessage(ctx, api.Post{Channel: in.User.ID, Text: m.Text, Blocks: m.Blocks}); err != nil {
		f.log.Warn("private answer not sent", slog.String("workspace", in.Workspace()), slog.Any("err", err))
	}
}

// threadOf is the thread in which a button was pressed, or empty. What begins a
// thread stands in the channel too, where most people press it: they would not
// see an answer in the thread.
func threadOf(in wire.Interaction) string {
	if in.Container.ThreadTs == in.Container.MessageTs {
		return ""
	}
	return string(in.Container.ThreadTs)
}
