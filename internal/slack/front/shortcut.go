package front

import (
	"cmp"
	"context"
	"log/slog"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/adding"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/manifest"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// What the app's shortcuts are called in its manifest.
const (
	ShortcutCreate      = manifest.ShortcutCreate
	ShortcutFromMessage = manifest.ShortcutFromMessage
	ShortcutAddMessage  = manifest.ShortcutAddMessage
)

// Shortcut does what a shortcut says: it opens a form, which says so if that is
// refused.
func (f *Front) Shortcut(ctx context.Context, in wire.Interaction) {
	w := desk.WorkspaceID(in.Workspace())
	_, known := f.installed.Find(w)
	title := map[string]string{
		ShortcutCreate: view.TitleCreate, ShortcutFromMessage: view.TitleCreate, ShortcutAddMessage: view.TitleAdd,
	}[in.CallbackID]
	if !known || !ident.Valid(in.User.ID) || title == "" {
		f.log.Warn("shortcut not understood", slog.String("workspace", string(w)), slog.String("event", in.CallbackID))
		return
	}
	err := f.slack.While(ctx, in.TriggerID, title, f.sentence, func() error {
		switch in.CallbackID {
		case ShortcutFromMessage:
			return f.createFromMessage(ctx, w, in)
		case ShortcutAddMessage:
			return f.addMessage(ctx, w, in)
		}
		return f.createAnywhere(ctx, w, in)
	})
	switch {
	case err == nil:
	case in.Channel == "":
		f.direct(ctx, in, view.Say(f.sentence(err)))
	default:
		f.tell(ctx, in, view.Say(f.sentence(err)))
	}
}

// message reads what a message shortcut was used on.
func (f *Front) message(w desk.WorkspaceID, in wire.Interaction) (adding.Message, error) {
	if !ident.Valid(in.Channel) {
		return adding.Message{}, refuse(desk.ErrForbidden, view.NotConfigured)
	}
	self, _ := f.installed.Find(w)
	return adding.Read(in, f.installed.Channels(w).First(desk.ChannelID(in.Channel)), self.URL)
}

// createFromMessage opens the form of a new case that begins with a message.
func (f *Front) createFromMessage(ctx context.Context, w desk.WorkspaceID, in wire.Interaction) error {
	m, err := f.message(w, in)
	if err != nil {
		return err
	}
	who := ident.Person(w, in.User.ID)
	at, err := f.spot(ctx, w, m.Where.Channel, who)
	if err != nil {
		return err
	}
	if at.chat != nil {
		return chatHere(*at.chat)
	}
	if err := at.requireAny(served.MayCreate); err != nil {
		return err
	}
	if m, err = f.look().At(ctx, m); err != nil {
		return err
	}
	form, err := f.newCase(ctx, at, at.place)
	if err != nil {
		return err
	}
	form.Message = adding.Key(w, in.TriggerID)
	if err := adding.Keep(ctx, f.drafts, form.Message, who, m); err != nil {
		return err
	}
	begin(m, &form.NewCase)
	form.Description = form.Source.Shown
	return f.slack.OpenView(ctx, in.TriggerID, view.CreateForm(form, view.StepWhat))
}

// takeMessage has a form be about the message that it was opened from.
func (f *Front) takeMessage(ctx context.Context, key string, who desk.PersonID, n *view.NewCase) error {
	m, err := adding.Kept(ctx, f.drafts, key, who)
	if err != nil {
		return err
	}
	begin(m, n)
	return nil
}

// begin has a new case begin with a message, whose files come along.
func begin(m adding.Message, n *view.NewCase) {
	text := m.Text
	if text != "" {
		text += "\n\n"
	}
	text += m.Source()
	n.Source = &view.Source{
		Shown: view.Beginning(mrkdwn.Plain(text, mrkdwn.Resolver{})), Markdown: text, Files: ident.Files(m.Files, m.Origin()),
	}
	n.Carried = nil
	for _, file := range n.Source.Files {
		n.Carried = append(n.Carried, file.SlackID)
	}
}

// addMessage opens the form that adds a message to a case.
func (f *Front) addMessage(ctx context.Context, w desk.WorkspaceID, in wire.Interaction) error {
	m, err := f.message(w, in)
	if err != nil {
		return err
	}
	form, err := f.adder().Form(ctx, in, m)
	if err != nil {
		return err
	}
	return f.slack.OpenView(ctx, in.TriggerID, form)
}

// submitAdd adds the message to the case that was chosen. The form becomes a
// window that says so.
func (f *Front) submitAdd(ctx context.Context, in wire.Interaction) *FormAnswer {
	done, field, err := f.adder().Submit(ctx, in)
	if err != nil {
		return &FormAnswer{Action: "errors", Errors: map[string]string{field: f.sentence(err)}}
	}
	return &FormAnswer{Action: "update", View: &done}
}

func (f *Front) look() adding.Look {
	return adding.Look{Slack: f.slack, Known: f.store, Log: f.log}
}

func (f *Front) adder() adding.Adder {
	return adding.Adder{Read: f.store, Cases: f.cases, Look: f.look(), Draft: f.drafts, Spot: f.mayAdd}
}

// mayAdd says to whose cases a person may add in a channel.
func (f *Front) mayAdd(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID, user string) (adding.Spot, error) {
	if _, known := f.installed.Find(w); !known || !ident.Valid(string(ch)) || !ident.Valid(user) {
		return adding.Spot{}, refuse(desk.ErrInvalid, "This does nothing any more.")
	}
	at, err := f.spot(ctx, w, ch, ident.Person(w, user))
	if err == nil {
		err = at.requireAny(served.MayReply)
	}
	s := adding.Spot{Place: at.place, Chat: at.chat}
	for _, c := range at.may(served.MayReply) {
		s.Accounts = append(s.Accounts, c.Account)
		s.Called = cmp.Or(s.Called, c.Name)
	}
	if at.chat != nil {
		s.Called = at.chat.ChatName
	}
	return s, err
}
