package front

import (
	"context"
	"errors"
	"log/slog"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/reading"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// reader shows cases.
func (f *Front) reader() reading.Reader {
	return reading.Reader{
		Level: f.level, Mentions: f.mentions,
		Read: f.store, Share: f.sharer().Share, Log: f.log, Where: f.where, Reopenable: reading.Reopenable(f.reopenWithin, f.now),
		Named: func(c desk.Case) desk.Case { return f.book.Catalogue().Named(c) },
	}
}

// Here is where the spot is.
func (s spot) Here() desk.Place { return s.place }

// May refuses what the person may not do here with a case.
func (s spot) May(p served.Permission, c desk.Case) error {
	if !s.reaches(c) {
		return refuse(desk.ErrForbidden, "Case "+string(c.Number)+" can no longer be reached from this channel.")
	}
	return s.require(p, c.Account)
}

// pressDetails opens the window that shows a case.
func (f *Front) pressDetails(ctx context.Context, p press) error {
	v, err := f.reader().View(ctx, p.spot, reading.Page{Case: p.c.ID, Place: p.place}, "")
	if err != nil {
		return err
	}
	return f.slack.OpenView(ctx, p.TriggerID, v)
}

// pressInCase does what is pressed in the window that shows a case, and returns
// how the window is to look now; the zero View if it stays as it is.
func (f *Front) pressInCase(ctx context.Context, in wire.Interaction) (view.View, error) {
	w := desk.WorkspaceID(in.Workspace())
	page, ok := reading.ReadPage(in.View)
	where, valid := ident.Split(page.Place)
	if !ok || !valid || where.Workspace != w {
		f.log.Warn("window not understood", slog.String("workspace", string(w)))
		return view.View{}, refuse(desk.ErrInvalid, "This window is too old to be used. Please open a new one.")
	}
	at, err := f.spotOf(ctx, w, where.Channel, in.User.ID)
	if err != nil {
		return view.View{}, err
	}
	if reading.Presses(in.Actions[0].ActionID) {
		return f.reader().Press(ctx, at, in)
	}
	c, err := f.store.Case(ctx, page.Case)
	if err != nil {
		return view.View{}, err
	}
	if err := at.May(served.MayRead, c); err != nil {
		return view.View{}, err
	}
	action := in.Actions[0]
	p := press{Interaction: in, spot: at, about: view.Press{Case: c.ID}, c: c, by: at.who,
		origin: ident.PressOrigin(w, in.User.ID, action.ActionID, string(action.ActionTs))}
	if action.ActionID == view.ActionRelated {
		return f.related(ctx, p)
	}
	note, err := f.doInCase(ctx, p)
	if _, refused := errors.AsType[*desk.Refusal](err); refused {
		note, err = f.sentence(err), nil
	}
	if err != nil || note == "" {
		return view.View{}, err
	}
	return f.reader().View(ctx, at, reading.Page{Case: c.ID, Place: page.Place, Shared: page.Shared}, note)
}

// doInCase does what is pressed with the case, and returns what there is to say
// about it.
func (f *Front) doInCase(ctx context.Context, p press) (note string, err error) {
	switch p.Actions[0].ActionID {
	case view.ActionReply:
		return "", f.answerer().Reply(ctx, p.TriggerID, p.spot, p.c, true)
	case view.ActionReopen:
		return "", f.answerer().Reopen(ctx, p.TriggerID, p.spot, p.c, true)
	case view.ActionResolve:
	default:
		return "", refuse(desk.ErrInvalid, "This button does nothing any more.")
	}
	if err := p.May(served.MayResolve, p.c); err != nil {
		return "", err
	}
	c, changed, err := f.cases.Resolve(ctx, casework.Resolve{
		Target: casework.Target{Case: p.c.ID, Where: p.place}, By: desk.ByCustomer(p.by), Origin: p.origin,
	})
	switch {
	case err != nil:
		return "", err
	case !changed:
		return "Case " + string(c.Number) + " is already resolved.", nil
	}
	return "Case " + string(c.Number) + " is resolved.", nil
}
