package answering

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/served"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/reading"
	"caseline/internal/slack/view"
	"caseline/internal/slack/view/turn"
	"caseline/internal/slack/wire"
)

// A Window opens forms and answers privately.
type Window interface {
	OpenView(ctx context.Context, trigger string, view any) error
	PushView(ctx context.Context, trigger string, view any) error
	PostEphemeral(ctx context.Context, user string, p api.Post) error
}

// Drafts keep what was entered while it is reviewed; a [drafts.Service] does.
type Drafts interface {
	Keep(ctx context.Context, d personal.Draft) error
	Find(ctx context.Context, id string) (personal.Draft, error)
	Drop(ctx context.Context, id string) error
}

// A Spot is where somebody is, and what they may do there.
type Spot interface {
	reading.Spot
	From(c desk.Case) desk.Place // the channel that counts as asking for a chat there
	Called(c desk.Case) string   // what people call the channel
}

// An Answerer opens the forms and does what they say. Spot refuses where the app
// is not installed; Private reports whether a channel is known to be private.
type Answerer struct {
	Cases interface {
		Answer(ctx context.Context, a casework.Answer) (desk.Case, error)
	}
	Read interface {
		Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	}
	Slack      Window
	Catalogue  func() *matters.Catalogue
	Spot       func(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID, user string) (Spot, error)
	Private    func(ctx context.Context, channel desk.Place) bool
	Where      func(desk.Case) view.Where
	Reopenable func(desk.Case) error
	Drafts     Drafts
	Share      func(ctx context.Context, key string, p api.Post) error // once for a key; sharing.Sharer does
	Members    func(w desk.WorkspaceID, chosen []string, asks string) []desk.PersonID
	Sentence   func(error) string // what a person may read of an error
	Mail       bool               // additional contacts get e-mail
	Now        func() time.Time
	Foresee    func(ctx context.Context, c desk.Case) (desk.Turn, error) // whether nobody would be there for a chat
	Log        *slog.Logger
}

// Fills reports whether a form is one of these.
func Fills(v *wire.View) bool {
	return v != nil && (v.CallbackID == callbackReply || v.CallbackID == callbackReopen)
}

// Reply opens the form of a reply to a case. on tells that it is asked for in a
// window, which then stays below it.
func (a Answerer) Reply(ctx context.Context, trigger string, at Spot, c desk.Case, on bool) error {
	if err := at.May(served.MayReply, c); err != nil {
		return err
	}
	if err := c.MayAnswer(); err != nil {
		return err
	}
	return a.open(ctx, trigger, at, sheet{c: c, origin: origin{Pushed: on}})
}

// Reopen opens the form that opens a case again.
func (a Answerer) Reopen(ctx context.Context, trigger string, at Spot, c desk.Case, on bool) error {
	if err := at.May(served.MayReply, c); err != nil {
		return err
	}
	if c.Open() {
		return &desk.Refusal{Kind: desk.ErrConflict, Message: "Case " + string(c.Number) + " is already open."}
	}
	if err := a.Reopenable(c); err != nil {
		return err
	}
	return a.open(ctx, trigger, at, sheet{c: c, reopens: true, origin: origin{Pushed: on}})
}

func (a Answerer) open(ctx context.Context, trigger string, at Spot, s sheet) error {
	s.Case, s.Place, s.mail = s.c.ID, at.Here(), a.Mail
	where, _ := ident.Split(s.Place)
	s.in = where.Workspace
	s.entered = entered{Contact: view.ContactCase, Members: s.wanted()}
	s.chat = a.noChat(at, s.c)
	s.Thread = s.chat == "" && !s.c.Chat.Live() && a.Private(ctx, at.From(s.c))
	if s.Pushed {
		return a.Slack.PushView(ctx, trigger, s.view())
	}
	return a.Slack.OpenView(ctx, trigger, s.view())
}

// noChat says why somebody cannot ask for a live chat on a case; "" if they can.
func (a Answerer) noChat(at Spot, c desk.Case) string {
	if err := at.May(served.MayChat, c); err != nil {
		if r, ok := errors.AsType[*desk.Refusal](err); ok {
			return r.Message
		}
		return "A live chat cannot be started from this channel."
	}
	topics := a.Catalogue()
	l, ok := topics.Language(c.Language)
	if ok && slices.Contains(l.NoChat, c.IssueType) {
		return "There is no live chat in " + l.Name + " for " + topics.Topic(&c).IssueType + "."
	}
	return ""
}

// A filled is a form that came back.
type filled struct {
	sheet
	at   Spot
	user string
	view *wire.View
}

// filled reads a form that came back, and asks again what is allowed. With an
// error it has the step, and what of the rest is known.
func (a Answerer) filled(ctx context.Context, in wire.Interaction) (f filled, err error) {
	w := desk.WorkspaceID(in.Workspace())
	o, ok := readOrigin(in.View)
	where, valid := ident.Split(o.Place)
	if !ok || !valid || where.Workspace != w {
		return f, &desk.Refusal{Kind: desk.ErrInvalid, Message: "This form is too old to be used. Please copy your text and open a new one."}
	}
	f = filled{user: in.User.ID, view: in.View}
	f.in, f.origin, f.reopens, f.mail = w, o, in.View.CallbackID == callbackReopen, a.Mail
	if f.at, err = a.Spot(ctx, w, where.Channel, in.User.ID); err != nil {
		return f, err
	}
	f.c, err = a.Read.Case(ctx, o.Case)
	if errors.Is(err, desk.ErrNotFound) {
		return f, &desk.Refusal{Kind: desk.ErrForbidden, Message: "This case can no longer be reached from this channel."}
	}
	if err != nil {
		return f, err
	}
	f.chat, f.where = a.noChat(f.at, f.c), a.Where(f.c)
	if f.away, err = a.away(ctx, f.c); err != nil {
		return f, err
	}
	if err := a.recall(ctx, &f); err != nil {
		return f, err
	}
	return f, f.at.May(served.MayReply, f.c)
}

func (f filled) typed(block, action string) string { return f.view.State.Get(block, action).One() }

// away says that nobody is there now for a case; empty if somebody is.
func (a Answerer) away(ctx context.Context, c desk.Case) (string, error) {
	topics := a.Catalogue()
	if h, always := topics.HoursOf(c.IssueType, c.Language); !always {
		if open, next := h.Next(a.Now()); !open {
			return view.Away(topics.Topic(&c), next, "You can ask for a chat all the same."), nil
		}
	}
	t, err := a.Foresee(ctx, c)
	return turn.Ahead(t), err
}

// Choose is a form after something was chosen or pressed in it. What was
// entered stays, because Slack keeps it by the fields' names.
func (a Answerer) Choose(ctx context.Context, in wire.Interaction) (view.View, error) {
	f, err := a.filled(ctx, in)
	if err != nil && f.Step == stepReview {
		return a.back(f, err), nil
	}
	if err != nil {
		return view.View{}, err
	}
	switch action := in.Actions[0]; action.ActionID {
	case view.ActionContact:
		f.Contact = action.One()
	case actionEdit:
		f.Step = ""
	case actionShow:
		return a.show(ctx, f), nil
	default:
		return view.View{}, nil
	}
	return f.sheet.view(), nil
}

// An Outcome is what becomes of a form that was sent: errors beside its fields,
// a view in its place, or it closes, with the windows below it.
type Outcome struct {
	Field   string // that Err is about; one of those that the form shows
	Err     error
	Instead *view.View
	Clear   bool
}

// Submit goes on to the review of what was entered, or does what was reviewed.
func (a Answerer) Submit(ctx context.Context, in wire.Interaction) Outcome {
	f, err := a.filled(ctx, in)
	if err == nil && f.reopens {
		err = a.Reopenable(f.c)
	}
	switch {
	case err != nil:
	case f.Step == stepReview:
		if err = a.answer(ctx, f); err == nil {
			return Outcome{Clear: f.Pushed}
		}
	default:
		if err = a.keep(ctx, f); err == nil {
			f.Step = stepReview
			next := f.sheet.view()
			return Outcome{Instead: &next}
		}
	}
	switch {
	case errors.Is(err, desk.ErrTooLate):
		instead := a.tooLate(f, err)
		return Outcome{Instead: &instead}
	case f.Step == stepReview:
		instead := a.back(f, err)
		return Outcome{Instead: &instead}
	}
	o := Outcome{Field: view.FieldText, Err: err}
	if r, ok := errors.AsType[*desk.Refusal](err); ok && f.shows(r.Field) {
		o.Field = r.Field
	}
	return o
}

// shows reports whether the form that came back has a field.
func (f filled) shows(field string) bool {
	return f.view != nil && slices.ContainsFunc(f.view.State, func(e wire.Entered) bool { return e.BlockID == field })
}

// tooLate says that a case can no longer be reopened, and offers one that
// follows it to those who may open cases.
func (a Answerer) tooLate(f filled, err error) view.View {
	var buttons []*view.Element
	if f.at.May(served.MayCreate, f.c) == nil {
		buttons = append(buttons, view.RelatedButton(f.c))
	}
	sentence := "Case " + string(f.c.Number) + " can no longer be reopened."
	if r, ok := errors.AsType[*desk.Refusal](err); ok {
		sentence = r.Message
	}
	return reading.Stopped(f.c, f.Place, sentence, buttons...)
}

// asked is what was entered, as it is added to the case.
func (a Answerer) asked(ctx context.Context, f filled) (casework.Answer, error) {
	cc, err := desk.ReadCC(f.CC)
	if err != nil {
		return casework.Answer{}, err
	}
	by, from := ident.Person(f.in, f.user), f.named()
	answer := casework.Answer{Case: f.c.ID, Where: f.at.Here(), Reopen: f.reopens, Answer: desk.Answer{
		By: desk.ByCustomer(by), Via: f.at.Called(f.c), Origin: from, CC: cc,
		Text: mrkdwn.FromSlack(mrkdwn.Escape(f.Text), nil), Files: f.Files,
	}}
	if f.Contact != view.ContactChat {
		return answer, nil
	}
	kind, err := a.place(ctx, f)
	if err != nil {
		return casework.Answer{}, err
	}
	answer.Chat = &casework.Request{By: by, Kind: kind, From: f.at.From(f.c), Origin: from + ":chat"}
	if f.members() {
		answer.Chat.Members = append([]desk.PersonID{}, a.Members(f.in, f.Members, f.user)...) // none are none, and not those before
	}
	return answer, nil
}

// named is what everything is named after that the form adds.
func (f filled) named() desk.Origin { return ident.FormOrigin(f.in, f.view.ID) }

// answer adds what was entered to the case.
func (a Answerer) answer(ctx context.Context, f filled) error {
	answer, err := a.asked(ctx, f)
	if err != nil {
		return err
	}
	c, err := a.Cases.Answer(ctx, answer)
	if err != nil {
		return err
	}
	if err := a.Drafts.Drop(ctx, f.draftID()); err != nil {
		a.Log.Warn("draft not dropped", slog.Any("err", err)) // it goes after a day
	}
	a.confirm(ctx, f, c, answer.Chat != nil)
	return nil
}

// place is the kind of the place that is chosen for a chat; empty for the one
// that the case has.
func (a Answerer) place(ctx context.Context, f filled) (desk.PlaceKind, error) {
	if f.chat != "" {
		return "", &desk.Refusal{Kind: desk.ErrForbidden, Field: view.FieldContact, Message: f.chat}
	}
	chosen := f.Chosen
	if chosen == samePlace || chosen == "" && f.c.HasPlace() {
		return "", nil
	}
	kind := cmp.Or(desk.PlaceKind(chosen), desk.PlaceChannel)
	if kind == desk.PlaceThread && !a.Private(ctx, f.at.From(f.c)) {
		return "", &desk.Refusal{Kind: desk.ErrForbidden, Field: view.FieldPlace,
			Message: "A live chat can be in a thread of a private channel only, because in a public one everybody could read it. Choose a new channel instead."}
	}
	return kind, nil
}

// confirm tells who sent a form what came of it, which the form itself cannot
// show. It may be lost.
func (a Answerer) confirm(ctx context.Context, f filled, c desk.Case, chat bool) {
	text := "Your reply is on case " + string(c.Number) + ". Support was told."
	if f.reopens {
		text = "Case " + string(c.Number) + " is open again, with your message. Support was told."
	}
	if chat {
		text += " An agent was asked to join the live chat."
	}
	m := view.Say(text)
	where, _ := ident.Split(f.Place)
	err := a.Slack.PostEphemeral(ctx, f.user, api.Post{Channel: string(where.Channel), Text: m.Text, Blocks: m.Blocks})
	if err != nil {
		a.Log.Warn("private answer not sent", slog.String("workspace", string(f.in)), slog.Any("err", err))
	}
}
