package front

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// lookTime is how long asking about a channel may hold up a form, which has
// three seconds to open in.
const lookTime = time.Second

var errLookTime = errors.New("the channel was not described in time")

// private reports whether a channel is known to be private, as one must be
// whose threads chats may be in: in a public one everybody would read them.
func (f *Front) private(ctx context.Context, channel desk.Place) bool {
	at, ok := ident.Split(channel)
	if !ok {
		return false
	}
	ctx, cancel := context.WithTimeoutCause(ctx, lookTime, errLookTime)
	defer cancel()
	ch, err := f.slack.ChannelInfo(ctx, string(at.Channel))
	if err != nil {
		f.log.Warn("channel not described", slog.String("workspace", string(at.Workspace)), slog.Any("err", err))
	}
	return err == nil && ch.Private
}

// From is the channel that counts as asking for a chat on c here: the one that
// asked for its latest, if this is that one's own.
func (s spot) From(c desk.Case) desk.Place {
	if s.chat != nil && s.chat.ID == c.ID {
		return c.AskedIn()
	}
	return s.place
}

// where says where a case's chat is.
func (f *Front) where(c desk.Case) view.Where {
	at, _ := ident.Split(c.Place)
	at.Channel = f.installed.Channels(at.Workspace).Now(at.Channel)
	w := view.Where{Channel: string(at.Channel)}
	if self, ok := f.installed.Find(at.Workspace); ok && at.Thread != "" {
		w.Thread = at.Address(self.URL)
	}
	return w
}

// placeKind reads the last of the words after invite as a kind of place.
func placeKind(rest string) (kind desk.PlaceKind, before string) {
	words := strings.Fields(rest)
	if len(words) == 0 {
		return "", ""
	}
	switch strings.ToLower(words[len(words)-1]) {
	case "new-channel", "channel":
		kind = desk.PlaceChannel
	case "thread", "current-channel":
		kind = desk.PlaceThread
	default:
		return "", rest
	}
	return kind, strings.Join(words[:len(words)-1], " ")
}

// mayUse refuses a thread in a channel that is not private.
func (f *Front) mayUse(ctx context.Context, kind desk.PlaceKind, from desk.Place) error {
	if kind != desk.PlaceThread || f.private(ctx, from) {
		return nil
	}
	return refuse(desk.ErrForbidden, "A live chat can be in a thread of a private channel only, because in a public one everybody could read it. Ask for a new channel instead.")
}

// moved refuses what is pressed on a card in a place that the chat has left.
func (p press) moved(action string) error {
	switch action {
	case view.ActionEnd, view.ActionInvite, view.ActionElsewhere, view.ActionResolve:
	default:
		return nil
	}
	at, ok := ident.Split(p.c.Place)
	if ok && string(at.Channel) == p.Channel {
		in := p.Container
		if at.Thread == "" || string(in.ThreadTs) == at.Thread || string(in.MessageTs) == at.Thread {
			return nil
		}
	}
	switch {
	case !ok && !p.c.HasPlace():
		return nil // it has none to be pressed in
	case !ok:
		return refuse(desk.ErrConflict, "The live chat on case "+string(p.c.Number)+" is about to get a new place. Use the card there.")
	case at.Thread != "":
		return refuse(desk.ErrConflict, "The live chat on case "+string(p.c.Number)+" is now in a thread in "+called(p.c)+". Use the card there.")
	}
	return refuse(desk.ErrConflict, "The live chat on case "+string(p.c.Number)+" is now in "+called(p.c)+". Use the card there.")
}

// called is the name of the channel of a case's chat.
func called(c desk.Case) string {
	if c.ChatName == "" {
		return "another channel"
	}
	return "#" + c.ChatName
}

// Called is what people call the channel of the spot, as far as we know: the
// channel's name if it is the chat's of case c, or the name it was set up
// under.
func (s spot) Called(c desk.Case) string {
	if s.chat != nil && s.chat.ID == c.ID {
		return c.ChatName
	}
	config, _ := s.config(c.Account)
	return config.Name
}

// pressElsewhere opens the form in which the place of the next chat is chosen.
func (f *Front) pressElsewhere(ctx context.Context, p press) error {
	if err := p.require(served.MayChat, p.c.Account); err != nil {
		return err
	}
	if p.c.Chat.Live() {
		return refuse(desk.ErrConflict, already(p.c))
	}
	from := p.From(p.c)
	return f.slack.OpenView(ctx, p.TriggerID, view.PlaceForm(p.c, from, f.private(ctx, from)))
}

// submitPlace asks for an agent in the place that was chosen, or says why not.
func (f *Front) submitPlace(ctx context.Context, in wire.Interaction) *FormAnswer {
	if err := f.inviteElsewhere(ctx, in); err != nil {
		instead := view.Sorry("Not this time", f.sentence(err))
		return &FormAnswer{Action: "update", View: &instead}
	}
	return nil
}

func (f *Front) inviteElsewhere(ctx context.Context, in wire.Interaction) error {
	w := desk.WorkspaceID(in.Workspace())
	id, from, ok := view.ReadPlaceForm(in.View.PrivateMetadata)
	where, ok2 := ident.Split(from)
	if _, known := f.installed.Find(w); !known || !ok || !ok2 || where.Workspace != w || !ident.Valid(in.User.ID) {
		return refuse(desk.ErrInvalid, "This form is too old to be used. Please open a new one.")
	}
	at, err := f.spot(ctx, w, where.Channel, ident.Person(w, in.User.ID))
	if err != nil {
		return err
	}
	c, err := f.store.Case(ctx, id)
	if err != nil {
		return err
	}
	if !at.reaches(c) {
		return refuse(desk.ErrForbidden, "Case "+string(c.Number)+" can no longer be reached from this channel.")
	}
	if err := at.require(served.MayChat, c.Account); err != nil {
		return err
	}
	kind := desk.PlaceKind(in.View.State.Get(view.FieldPlace, view.FieldPlace).One())
	if err := f.mayUse(ctx, kind, from); err != nil { // the channel may have been made public meanwhile
		return err
	}
	c, changed, err := f.cases.Request(ctx, casework.Request{
		Target: casework.Target{Case: c.ID, Where: at.place}, By: ident.Person(w, in.User.ID), From: from,
		Kind: kind, Origin: ident.FormOrigin(w, in.View.ID),
	})
	if err == nil && !changed {
		return refuse(desk.ErrConflict, already(c))
	}
	return err
}
