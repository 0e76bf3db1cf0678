package adding

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/sought"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// Callback is what the form is called when it comes back.
const Callback = "message_add"

// Its fields.
const (
	FieldCase = "case"
	FieldNote = "note"
)

// What is offered for the case.
const (
	maxOffered = 50
	maxNote    = 3000
)

// A Reader finds cases.
type Reader interface {
	Search(ctx context.Context, q sought.Query) (sought.Found, error)
	Case(ctx context.Context, id desk.CaseID) (desk.Case, error)
	Chats(ctx context.Context, id desk.CaseID) ([]desk.ChatSession, error)
}

// useCases are what is done with a message.
type useCases interface {
	Answer(ctx context.Context, a casework.Answer) (desk.Case, error)
}

// A Spot is where somebody is, and to whose cases they may add there: it has an
// account at least.
type Spot struct {
	Place    desk.Place
	Accounts []desk.AccountID
	Called   string     // the channel, as far as we know
	Chat     *desk.Case // whose chat is here; nil for none
}

// An Adder adds messages to cases. Spot refuses where a person may add to none,
// or the app is not installed.
type Adder struct {
	Read  Reader
	Cases useCases
	Look
	Draft drafts
	Spot  func(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID, user string) (Spot, error)
}

// Form is the form for a message that somebody used the shortcut on.
func (a Adder) Form(ctx context.Context, in wire.Interaction, m Message) (view.View, error) {
	at, err := a.Spot(ctx, m.Where.Workspace, m.Where.Channel, in.User.ID)
	if err != nil {
		return view.View{}, err
	}
	if m, err = a.At(ctx, m); err != nil {
		return view.View{}, err
	}
	key := Key(m.Where.Workspace, in.TriggerID)
	if err := Keep(ctx, a.Draft, key, ident.Person(m.Where.Workspace, in.User.ID), m); err != nil {
		return view.View{}, err
	}
	return form(m, key, at.Chat), nil
}

// form asks for the case, of which the one whose chat is here is offered first.
func form(m Message, key string, chat *desk.Case) view.View {
	least := 0
	pick := &view.Element{Type: "external_select", MinQuery: &least, Placeholder: view.Plain("Type a number or words of its subject", 150)}
	if chat != nil && chat.Open() {
		here := option(*chat)
		pick.InitialOption = &here
	}
	which := view.Input(FieldCase, "Case", pick)
	which.Hint = view.Plain("Open cases to which you may add from this channel.", 200)
	note := view.Input(FieldNote, "Your note", &view.Element{
		Type: "plain_text_input", Multiline: true, MaxLength: maxNote, Placeholder: view.Plain("What Support should know about it", 150),
	})
	note.Optional = true
	shown := mrkdwn.Excerpt(m.Text, 300)
	blocks := []view.Block{view.Section(view.Plain(shown, 400))}
	if n := len(m.Files); n > 0 {
		var names []string
		for _, f := range m.Files {
			names = append(names, desk.FileName(f.Name))
		}
		blocks = append(blocks, view.Context(view.Plain("With "+strings.Join(names, ", "), 500)))
	}
	return view.View{
		Type: "modal", CallbackID: Callback, PrivateMetadata: string(m.Where.Channel) + " " + key,
		Title: view.Plain(view.TitleAdd, 24), Submit: view.Plain("Add", 24), Close: view.Plain("Cancel", 24),
		Blocks: append(blocks, which, note),
	}
}

func option(c desk.Case) view.Option {
	return view.Choice(string(c.Number)+" · "+c.Subject, string(c.ID))
}

// Suggest offers the open cases that fit what was typed: the number's beginning,
// or words. Nothing is offered where nothing may be added.
func (a Adder) Suggest(ctx context.Context, in wire.Interaction) []view.Option {
	found, err := a.suggest(ctx, in)
	if _, refused := errors.AsType[*desk.Refusal](err); err != nil && !refused {
		a.Log.Warn("cases not offered", slog.Any("err", err))
	}
	return found
}

func (a Adder) suggest(ctx context.Context, in wire.Interaction) ([]view.Option, error) {
	if in.View == nil {
		return nil, nil
	}
	channel, _, _ := strings.Cut(in.View.PrivateMetadata, " ")
	at, err := a.Spot(ctx, desk.WorkspaceID(in.Workspace()), desk.ChannelID(channel), in.User.ID)
	if err != nil {
		return nil, err
	}
	q := sought.Query{Accounts: at.Accounts, Statuses: desk.OpenStatuses(), Limit: maxOffered}
	newest, err := a.Read.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	var all []view.Option
	add := func(c desk.Case) {
		o := option(c)
		if len(all) < maxOffered && !slices.ContainsFunc(all, func(have view.Option) bool { return have.Value == o.Value }) {
			all = append(all, o)
		}
	}
	typed := strings.ToLower(strings.TrimSpace(in.Typed))
	for _, hit := range newest.Hits {
		if strings.HasPrefix(string(hit.Case.Number), typed) || strings.Contains(strings.ToLower(hit.Case.Subject), typed) {
			add(hit.Case)
		}
	}
	if typed == "" {
		return all, nil
	}
	q.Text = in.Typed
	more, err := a.Read.Search(ctx, q)
	if _, refused := errors.AsType[*desk.Refusal](err); err != nil && !refused {
		return all, err
	}
	for _, hit := range more.Hits {
		add(hit.Case)
	}
	return all, nil
}

// Submit adds a form's message to the case that was chosen, and returns a window
// that says so. With an error it names the field that the error is about.
func (a Adder) Submit(ctx context.Context, in wire.Interaction) (done view.View, field string, err error) {
	said, err := a.submit(ctx, in)
	if err != nil {
		return view.View{}, FieldCase, err
	}
	return view.Sorry(view.TitleAdd, said), "", nil
}

func (a Adder) submit(ctx context.Context, in wire.Interaction) (said string, err error) {
	w := desk.WorkspaceID(in.Workspace())
	channel, key, _ := strings.Cut(in.View.PrivateMetadata, " ")
	at, err := a.Spot(ctx, w, desk.ChannelID(channel), in.User.ID)
	if err != nil {
		return "", err
	}
	who := ident.Person(w, in.User.ID)
	m, err := Kept(ctx, a.Draft, key, who)
	if err != nil {
		return "", err
	}
	c, err := a.Read.Case(ctx, desk.CaseID(in.View.State.Get(FieldCase, FieldCase).One()))
	if errors.Is(err, desk.ErrNotFound) || err == nil && !slices.Contains(at.Accounts, c.Account) {
		return "", refuse(desk.ErrForbidden, "You may not add to this case from here. Choose another.")
	}
	if err != nil {
		return "", err
	}
	if err := There(ctx, a.Slack, m, a.Log); err != nil {
		return "", err
	}
	already := "This message is on case " + string(c.Number) + " already. To say more about it, reply to the case."
	if recorded, err := a.recorded(ctx, c, m); recorded || err != nil {
		return already, err
	}
	before, origin := c.LastSeq, ident.AddedOrigin(m.Origin(), c.ID)
	note := mrkdwn.FromSlack(mrkdwn.Escape(strings.TrimSpace(in.View.State.Get(FieldNote, FieldNote).One())), nil)
	c, err = a.Cases.Answer(ctx, casework.Answer{Case: c.ID, Where: at.Place, Answer: desk.Answer{
		By: desk.ByCustomer(who), Via: at.Called, Text: m.Quoted(note), Files: ident.Files(m.Files, origin), Origin: origin,
	}})
	switch {
	case err != nil:
		return "", err
	case c.LastSeq == before:
		return already, nil
	}
	return "The message is on case " + string(c.Number) + ". Support was told.", nil
}

// recorded reports whether a message was written in a chat of the case, and so is
// on it.
func (a Adder) recorded(ctx context.Context, c desk.Case, m Message) (bool, error) {
	at, ok := ident.Split(c.Place)
	if !ok || m.App || at.Channel != m.Where.Channel || at.Thread != "" && at.Thread != m.Where.Thread {
		return false, nil
	}
	micros, _ := wire.Ts(m.Ts).Micros()
	written := time.UnixMicro(micros)
	chats, err := a.Read.Chats(ctx, c.ID)
	return slices.ContainsFunc(chats, func(s desk.ChatSession) bool {
		return !s.JoinedAt.IsZero() && !written.Before(s.JoinedAt) && (s.EndedAt.IsZero() || !written.After(s.EndedAt))
	}), err
}
