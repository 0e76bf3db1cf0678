package front

import (
	"context"
	"errors"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/served"
	"caseline/internal/slack/answering"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/reading"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// answerer opens the forms of replies and reopenings.
func (f *Front) answerer() answering.Answerer {
	return answering.Answerer{
		Cases: f.cases, Read: f.store, Slack: f.slack, Catalogue: func() *matters.Catalogue { return f.book.Catalogue() }, Private: f.private, Where: f.where, Mail: f.mail,
		Drafts: f.drafts, Share: f.sharer().Share, Sentence: f.sentence,
		Members: func(w desk.WorkspaceID, chosen []string, asks string) []desk.PersonID {
			self, _ := f.installed.Find(w) // filled knows that it is there
			return members(chosen, self, asks)
		},
		Reopenable: reading.Reopenable(f.reopenWithin, f.now), Now: f.now, Log: f.log, Foresee: f.foresee,
		Spot: func(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID, user string) (answering.Spot, error) {
			return f.spotOf(ctx, w, ch, user)
		},
	}
}

// spotOf is spot for what came back with a form.
func (f *Front) spotOf(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID, user string) (spot, error) {
	if _, known := f.installed.Find(w); !known || !ident.Valid(string(ch)) || !ident.Valid(user) {
		return spot{}, refuse(desk.ErrInvalid, "This form is too old to be used. Please open a new one.")
	}
	return f.spot(ctx, w, ch, ident.Person(w, user))
}

// reply opens the form of a reply to the case of this channel or to the one
// whose number was typed.
func (f *Front) reply(ctx context.Context, c call) (*view.Message, error) {
	found, err := f.find(ctx, c.spot, c.rest, c.Command+" reply", served.MayReply)
	if err != nil {
		return nil, err
	}
	if !found.Open() {
		m := f.closed(c.spot, found)
		return &m, nil
	}
	return nil, f.answerer().Reply(ctx, c.TriggerID, c.spot, found, false)
}

func (f *Front) pressReply(ctx context.Context, p press) error {
	if err := p.May(served.MayReply, p.c); err != nil {
		return err
	}
	if !p.c.Open() {
		f.tell(ctx, p.Interaction, f.closed(p.spot, p.c))
		return nil
	}
	return f.answerer().Reply(ctx, p.TriggerID, p.spot, p.c, false)
}

// closed says that nothing can be added to a resolved case, and offers what can
// be done instead.
func (f *Front) closed(at spot, c desk.Case) view.Message {
	if err := c.MayReopen(f.reopenWithin, f.now()); err != nil {
		return view.TooLate(c, f.sentence(err), at.May(served.MayCreate, c) == nil)
	}
	m := view.Say(f.sentence(c.MayAnswer()))
	m.Blocks = append(m.Blocks, view.Actions("case", view.ReopenButton(c)))
	return m
}

// reopen opens the form that opens the case of this channel again, or the one
// whose number was typed.
func (f *Front) reopen(ctx context.Context, c call) (*view.Message, error) {
	found, err := f.find(ctx, c.spot, c.rest, c.Command+" reopen", served.MayReply)
	if err != nil {
		return nil, err
	}
	err = f.answerer().Reopen(ctx, c.TriggerID, c.spot, found, false)
	if errors.Is(err, desk.ErrTooLate) {
		m := f.closed(c.spot, found)
		return &m, nil
	}
	return nil, err
}

func (f *Front) pressReopen(ctx context.Context, p press) error {
	err := f.answerer().Reopen(ctx, p.TriggerID, p.spot, p.c, false)
	if errors.Is(err, desk.ErrTooLate) {
		f.tell(ctx, p.Interaction, f.closed(p.spot, p.c))
		return nil
	}
	return err
}

// submitAnswer does what the form of a reply or a reopening says. Whatever is
// wrong is said beside what was entered, which stays.
func (f *Front) submitAnswer(ctx context.Context, in wire.Interaction) *FormAnswer {
	o := f.answerer().Submit(ctx, in)
	switch {
	case o.Err != nil:
		return &FormAnswer{Action: "errors", Errors: map[string]string{o.Field: f.sentence(o.Err)}}
	case o.Instead != nil:
		return &FormAnswer{Action: "update", View: o.Instead}
	case o.Clear:
		return &FormAnswer{Action: "clear"}
	}
	return nil
}
