package front

import (
	"context"
	"log/slog"
	"strconv"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/home"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// noHome is what people are told where they cannot ask for something without a
// channel.
const noHome = "Support cannot be reached from here. Use the commands in a channel where it is set up."

// pressHome does what a button on somebody's home says. What opens no form and
// is refused says so in a window: a home is no place for sentences.
func (f *Front) pressHome(ctx context.Context, in wire.Interaction) {
	w := desk.WorkspaceID(in.Workspace())
	if _, known := f.installed.Find(w); !known || !ident.Valid(in.User.ID) || f.reach == nil {
		f.log.Warn("button not understood", slog.String("workspace", string(w)))
		return
	}
	title := f.pressTitle(in)
	if in.Actions[0].ActionID == home.ActionCreate {
		title = view.TitleCreate
	}
	err := f.slack.While(ctx, in.TriggerID, title, f.sentence, func() error { return f.doAtHome(ctx, w, in) })
	if err == nil {
		return
	}
	said := f.sentence(err)
	if title != "" || f.slack.OpenView(ctx, in.TriggerID, view.Sorry("Not this time", said)) != nil {
		f.direct(ctx, in, view.Say(said))
	}
}

func (f *Front) doAtHome(ctx context.Context, w desk.WorkspaceID, in wire.Interaction) error {
	action := in.Actions[0]
	switch action.ActionID {
	case home.ActionCreate:
		return f.createAnywhere(ctx, w, in)
	case home.ActionNext, home.ActionPrevious:
		page, err := strconv.Atoi(action.One())
		if err != nil || f.homes == nil {
			return refuse(desk.ErrInvalid, "This button does nothing any more.")
		}
		return f.homes.Open(ctx, w, in.User.ID, page)
	}
	p, err := f.atHome(ctx, w, in)
	if err != nil {
		return err
	}
	switch action.ActionID {
	case view.ActionDetails:
		return f.pressDetails(ctx, p)
	case view.ActionReply:
		return f.pressReply(ctx, p)
	case view.ActionResolve:
		return f.pressResolve(ctx, p)
	}
	return refuse(desk.ErrInvalid, "This button does nothing any more.")
}

// atHome is a press on somebody's home, as if it were made in the channel where
// they stand to the case: the one that asked for it or, if they are not in that,
// its chat's.
func (f *Front) atHome(ctx context.Context, w desk.WorkspaceID, in wire.Interaction) (press, error) {
	action := in.Actions[0]
	about, ok := view.ReadPress(action.One())
	if !ok {
		return press{}, refuse(desk.ErrInvalid, "This button does nothing any more.")
	}
	c, err := f.store.Case(ctx, about.Case)
	if err != nil {
		return press{}, err
	}
	standing, err := f.reach.Of(ctx, w, in.User.ID)
	if err != nil {
		return press{}, err
	}
	channel, err := standing.At(c)
	if err != nil {
		return press{}, err
	}
	at, err := f.spot(ctx, w, channel, ident.Person(w, in.User.ID))
	if err != nil {
		return press{}, err
	}
	if !at.reaches(c) {
		return press{}, refuse(desk.ErrForbidden, "Support is no longer set up in the channel of case "+string(c.Number)+".")
	}
	in.Channel = string(channel)
	return press{
		Interaction: in, spot: at, about: about, c: c, by: ident.Person(w, in.User.ID),
		origin: ident.PressOrigin(w, in.User.ID, action.ActionID, string(action.ActionTs)),
	}, nil
}

// createAnywhere opens the form of a new case for somebody who is in no channel:
// on their home, or by a shortcut. Where they could open it in several channels
// they are asked first.
func (f *Front) createAnywhere(ctx context.Context, w desk.WorkspaceID, in wire.Interaction) error {
	if f.reach == nil {
		return refuse(desk.ErrForbidden, noHome)
	}
	standing, err := f.reach.Of(ctx, w, in.User.ID)
	if err != nil {
		return err
	}
	channels, err := standing.MayCreate()
	if err != nil {
		return err
	}
	if len(channels) > 1 {
		var options []view.Option
		for _, ch := range channels {
			options = append(options, view.Choice("#"+ch.Name, string(ch.ID)))
		}
		return f.slack.OpenView(ctx, in.TriggerID, view.WhereForm(options))
	}
	form, err := f.createIn(ctx, w, channels[0].ID, in.User.ID)
	if err != nil {
		return err
	}
	return f.slack.OpenView(ctx, in.TriggerID, form)
}

// createIn is the form of a new case in a channel.
func (f *Front) createIn(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID, user string) (view.View, error) {
	who := ident.Person(w, user)
	at, err := f.spot(ctx, w, ch, who)
	if err != nil {
		return view.View{}, err
	}
	if err := at.requireAny(served.MayCreate); err != nil {
		return view.View{}, err
	}
	form, err := f.newCase(ctx, at, at.place)
	if err != nil {
		return view.View{}, err
	}
	f.offer(ctx, &form, who)
	return view.CreateForm(form, view.StepWhat), nil
}

// submitWhere goes on to the form of a new case in the channel that was chosen,
// if the person is in it and may still open one there.
func (f *Front) submitWhere(ctx context.Context, in wire.Interaction) *FormAnswer {
	next, err := f.chosenWhere(ctx, in)
	if err != nil {
		return &FormAnswer{Action: "errors", Errors: map[string]string{view.FieldWhere: f.sentence(err)}}
	}
	return &FormAnswer{Action: "update", View: &next}
}

func (f *Front) chosenWhere(ctx context.Context, in wire.Interaction) (view.View, error) {
	w, chosen := desk.WorkspaceID(in.Workspace()), desk.ChannelID(in.View.State.Get(view.FieldWhere, view.FieldWhere).One())
	if _, known := f.installed.Find(w); !known || !ident.Valid(in.User.ID) || f.reach == nil {
		return view.View{}, refuse(desk.ErrInvalid, "This form is too old to be used. Please open a new one.")
	}
	standing, err := f.reach.Of(ctx, w, in.User.ID)
	if err != nil {
		return view.View{}, err
	}
	channels, err := standing.MayCreate()
	if err != nil {
		return view.View{}, err
	}
	for _, ch := range channels {
		if ch.ID == chosen {
			return f.createIn(ctx, w, ch.ID, in.User.ID)
		}
	}
	return view.View{}, refuse(desk.ErrForbidden, "You can no longer open a case in this channel. Choose another.")
}
