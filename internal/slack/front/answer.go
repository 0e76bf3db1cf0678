package front

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// reply opens the form of a reply to the case of this channel or to the one
// whose number was typed.
func (f *Front) reply(ctx context.Context, c call) (*view.Message, error) {
	found, err := f.find(ctx, c.spot, c.rest, c.Command+" reply", served.MayReply)
	if err != nil {
		return nil, err
	}
	return nil, f.replyForm(ctx, c.TriggerID, c.spot, found)
}

func (f *Front) pressReply(ctx context.Context, p press) error {
	if err := p.require(served.MayReply, p.c.Account); err != nil {
		return err
	}
	return f.replyForm(ctx, p.TriggerID, p.spot, p.c)
}

// replyForm opens the form. It brings back which case it is about, and the
// place where it was asked for, in which it must still be allowed when it is
// submitted.
func (f *Front) replyForm(ctx context.Context, trigger string, at spot, c desk.Case) error {
	if err := c.MayAnswer(); err != nil {
		return err
	}
	return f.slack.OpenView(ctx, trigger, view.ReplyForm(c, string(c.ID)+" "+string(at.place)))
}

// submitReply adds what was written in the form to its case. Whatever is
// wrong is said beside the text, which stays.
func (f *Front) submitReply(ctx context.Context, in wire.Interaction) *FormAnswer {
	if err := f.answer(ctx, in); err != nil {
		return &FormAnswer{Action: "errors", Errors: map[string]string{view.FieldText: f.sentence(err)}}
	}
	return nil
}

func (f *Front) answer(ctx context.Context, in wire.Interaction) error {
	w := desk.WorkspaceID(in.Workspace())
	id, place, _ := strings.Cut(in.View.PrivateMetadata, " ")
	where, ok := ident.Split(desk.Place(place))
	if _, known := f.installed.Find(w); !known || !ok || where.Workspace != w || !ident.Valid(in.User.ID) {
		f.log.Warn("form not understood", slog.String("workspace", string(w)))
		return refuse(desk.ErrInvalid, "This form is too old to be used. Please copy your text and open a new one.")
	}
	at, err := f.spot(ctx, w, where.Channel, ident.Person(w, in.User.ID))
	if err != nil {
		return err
	}
	if !at.configured() {
		return at.requireAny(served.MayReply)
	}
	c, err := f.store.Case(ctx, desk.CaseID(id))
	if errors.Is(err, desk.ErrNotFound) || err == nil && !at.reaches(c) {
		return refuse(desk.ErrForbidden, "This case can no longer be reached from this channel.")
	}
	if err != nil {
		return err
	}
	if err := at.require(served.MayReply, c.Account); err != nil {
		return err
	}
	typed, origin := in.View.State.Get(view.FieldText, view.FieldText).One(), ident.FormOrigin(w, in.View.ID)
	c, err = f.cases.Answer(ctx, casework.Answer{Case: c.ID, Where: at.place, Answer: desk.Answer{
		By: desk.ByCustomer(ident.Person(w, in.User.ID)), Via: at.called(c), Origin: origin,
		Text:  mrkdwn.FromSlack(mrkdwn.Escape(typed), nil),
		Files: ident.Files(in.View.State.Get(view.FieldFiles, view.FieldFiles).Files, origin),
	}})
	if err == nil && at.place != c.Asked && (at.chat == nil || at.chat.ID != c.ID) {
		f.confirm(ctx, in.User.ID, where, "Your reply is on case "+string(c.Number)+". Support was told.")
	}
	return err
}

// called is what people call the channel of the spot, as far as we know: the
// channel's name if it is the chat's of case c, or the name it was set up
// under.
func (s spot) called(c desk.Case) string {
	if s.chat != nil && s.chat.ID == c.ID {
		return c.ChatName
	}
	config, _ := s.config(c.Account)
	return config.Name
}

// confirm tells somebody privately what was done, where nothing else shows
// it. It may be lost.
func (f *Front) confirm(ctx context.Context, user string, at ident.Where, sentence string) {
	m := view.Say(sentence)
	err := f.slack.PostEphemeral(ctx, user, api.Post{Channel: string(at.Channel), Thread: at.Thread, Text: m.Text, Blocks: m.Blocks})
	if err != nil {
		f.log.Warn("private answer not sent", slog.String("workspace", string(at.Workspace)), slog.Any("err", err))
	}
}
