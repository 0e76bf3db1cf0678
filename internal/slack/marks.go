package slack

import (
	"strings"
	"unicode"

	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// reaction reads an emoji that somebody put on a message or took away.
func (r reader) reaction(event wire.Event, x *wire.Reaction) Request {
	at, ok := instant(event.EventTs)
	_, ok2 := instant(x.Item.Ts)
	switch {
	case x.Item.Type != "message" || !ok || !ok2 || !emojiName(x.Name) || !ident.Valid(string(r.channel)):
		return ignored("no message")
	case x.User == r.self.BotUID:
		return ignored("echo")
	case !ident.Valid(x.User):
		return ignored("nobody")
	}
	what := desk.ReactionAdded
	if event.Type == "reaction_removed" {
		what = desk.ReactionRemoved
	}
	of := r.origin(x.Item.Ts)
	return Request{Reaction: &recording.Reaction{
		Place: ident.Channel(r.self.ID, r.channel), Of: of, Ts: string(x.Item.Ts), By: ident.Person(r.self.ID, x.User),
		Emoji: x.Name, What: what, At: at, Origin: ident.ReactionOrigin(of, x.User, x.Name, string(event.EventTs)),
	}}
}

// emojiName reports whether name can be one of an emoji.
func emojiName(name string) bool {
	return name != "" && len(name) <= 200 && !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

// member reads that somebody else than we came to a channel or left it.
func (r reader) member(event wire.Event, x *wire.Membership) Request {
	at, ok := instant(event.EventTs)
	switch {
	case !ok || !ident.Valid(string(r.channel)):
		return ignored("no channel")
	case !ident.Valid(x.User) || x.User == "USLACKBOT":
		return ignored("nobody")
	}
	what := desk.MemberJoined
	if event.Type == "member_left_channel" {
		what = desk.MemberLeft
	}
	return Request{Member: &recording.Member{
		Place: ident.Channel(r.self.ID, r.channel), Who: ident.Person(r.self.ID, x.User), What: what, At: at,
		Origin: ident.MemberOrigin(r.self.ID, r.channel, x.User, string(event.EventTs)),
	}}
}
