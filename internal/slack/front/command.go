package front

import (
	"context"
	"strings"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

// A call is a slash command with what it is about.
type call struct {
	wire.Slash
	spot
	by     desk.PersonID
	rest   string // what follows the word
	origin desk.Origin
}

// Command does what a slash command says and returns the private answer; nil
// when a form opened instead. It takes no longer than ctx allows.
func (f *Front) Command(ctx context.Context, s wire.Slash) *view.Message {
	m, err := f.run(ctx, s)
	if err != nil {
		said := view.Say(f.sentence(err))
		return &said
	}
	return m
}

func (f *Front) run(ctx context.Context, s wire.Slash) (*view.Message, error) {
	w := desk.WorkspaceID(s.TeamID)
	if _, ok := f.installed.Find(w); !ok || !ident.Valid(s.ChannelID) || !ident.Valid(s.UserID) {
		return nil, refuse(desk.ErrForbidden, "Support is not set up in this workspace.")
	}
	at, err := f.spot(ctx, w, desk.ChannelID(s.ChannelID), ident.Person(w, s.UserID))
	if err != nil {
		return nil, err
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(s.Text), " ")
	c := call{
		Slash: s, spot: at, by: ident.Person(w, s.UserID), rest: strings.TrimSpace(rest),
		origin: ident.CommandOrigin(w, s.TriggerID),
	}
	switch strings.ToLower(word) {
	case "create", "create-case":
		return nil, f.create(ctx, c)
	case "reply", "reply-case", "answer":
		return f.reply(ctx, c)
	case "endchat", "end-chat", "end":
		return f.endchat(ctx, c)
	case "resolve", "resolve-case":
		return f.resolve(ctx, c)
	case "reopen", "reopen-case":
		return f.reopen(ctx, c)
	case "invite":
		return f.invite(ctx, c)
	case "status", "status-case":
		return f.status(ctx, c)
	case "search", "search-case":
		return f.finder().Command(ctx, s, c.rest)
	case "", "help":
		return c.help(""), nil
	}
	return c.help("“" + word + "” is not something that " + s.Command + " can do."), nil
}

// help lists what works in c's channel.
func (c call) help(problem string) *view.Message {
	h := view.Here{
		Command: c.Command, Configured: c.configured() || c.chat != nil, Chat: c.chat != nil,
		MayCreate: c.requireAny(served.MayCreate) == nil, MayChat: c.requireAny(served.MayChat) == nil,
		MayReply: c.requireAny(served.MayReply) == nil, MayResolve: c.requireAny(served.MayResolve) == nil, MayRead: c.requireAny(served.MayRead) == nil,
	}
	if c.chat != nil {
		h.Live, h.Open = c.chat.Chat.Live(), c.chat.Open()
	}
	m := view.Help(problem, h)
	return &m
}

// create opens the form of a new case.
func (f *Front) create(ctx context.Context, c call) error {
	if c.chat != nil {
		return refuse(desk.ErrConflict, "This channel is for case "+string(c.chat.Number)+". Open a new case in the channel where that one was opened.")
	}
	if err := c.requireAny(served.MayCreate); err != nil {
		return err
	}
	form, err := f.newCase(ctx, c.spot, c.place)
	if err != nil {
		return err
	}
	form.Subject = c.rest
	f.offer(ctx, &form, c.by)
	return f.slack.OpenView(ctx, c.TriggerID, view.CreateForm(form, view.StepWhat))
}

// endchat ends the chat of this channel, which anybody in it may, or that of
// the case whose number was typed.
func (f *Front) endchat(ctx context.Context, c call) (*view.Message, error) {
	var found desk.Case
	if c.chat != nil && c.rest == "" {
		found = *c.chat
	} else {
		var err error
		if found, err = f.find(ctx, c.spot, c.rest, c.Command+" endchat", served.MayChat); err != nil {
			return nil, err
		}
	}
	ended, changed, err := f.cases.End(ctx, casework.End{
		Target: casework.Target{Case: found.ID, Where: c.place}, By: desk.ByCustomer(c.by), Reason: desk.EndedByCustomer, Origin: c.origin,
	})
	switch {
	case err != nil:
		return nil, err
	case !changed:
		return say("There is no chat to end on case " + string(ended.Number) + ": " + noChat(ended)), nil
	case ended.Chat.JoinedAt.IsZero():
		return say("The request for an agent on case " + string(ended.Number) + " is cancelled."), nil
	}
	return say("The chat on case " + string(ended.Number) + " has ended and is saved to the case."), nil
}

// noChat says why a chat is not live.
func noChat(c desk.Case) string {
	if c.Chat.State == desk.ChatNone {
		return "none was asked for."
	}
	return "it has already ended."
}

func (f *Front) resolve(ctx context.Context, c call) (*view.Message, error) {
	found, err := f.find(ctx, c.spot, c.rest, c.Command+" resolve", served.MayResolve)
	if err != nil {
		return nil, err
	}
	_, changed, err := f.cases.Resolve(ctx, casework.Resolve{
		Target: casework.Target{Case: found.ID, Where: c.place}, By: desk.ByCustomer(c.by), Origin: c.origin,
	})
	switch {
	case err != nil:
		return nil, err
	case !changed:
		return say("Case " + string(found.Number) + " is already resolved."), nil
	}
	return say("Case " + string(found.Number) + " is resolved."), nil
}

func (f *Front) invite(ctx context.Context, c call) (*view.Message, error) {
	kind, typed := placeKind(c.rest)
	found, err := f.find(ctx, c.spot, typed, c.Command+" invite", served.MayChat)
	if err != nil {
		return nil, err
	}
	from := c.from(found)
	if err := f.mayUse(ctx, kind, from); err != nil {
		return nil, err
	}
	asked, changed, err := f.cases.Request(ctx, casework.Request{
		Target: casework.Target{Case: found.ID, Where: c.place}, By: c.by, Kind: kind, From: from, Origin: c.origin,
	})
	if err != nil {
		return nil, err
	}
	if !changed {
		return say(already(asked)), nil
	}
	return say("Support was asked to join the chat on case " + string(found.Number) + "."), nil
}

// already says why asking for an agent changed nothing.
func already(c desk.Case) string {
	if c.Chat.State == desk.ChatInProgress {
		return c.Chat.AgentName + " from Support is already in the chat on case " + string(c.Number) + "."
	}
	return "Support was already asked to join the chat on case " + string(c.Number) + ". An agent joins as soon as one is free."
}

func (f *Front) status(ctx context.Context, c call) (*view.Message, error) {
	found, err := f.find(ctx, c.spot, c.rest, c.Command+" status", served.MayRead)
	if err != nil {
		return nil, err
	}
	m := view.StatusLine(found, f.where(found), f.names(ctx, found, nil))
	return &m, nil
}

func say(sentence string) *view.Message {
	m := view.Say(sentence)
	return &m
}
