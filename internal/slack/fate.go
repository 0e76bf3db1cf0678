package slack

import (
	"cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// tellsFate reports whether an event that is no message tells of a channel's
// fate.
func tellsFate(p wire.Peeked, self served.Workspace) bool {
	if p.EventType == "member_left_channel" || p.EventType == "member_joined_channel" {
		return p.User == self.BotUID
	}
	return fateOf(p.EventType) != ""
}

// fateOf is what an event's type tells of a channel, "" for nothing. Slack has
// two names for each: channel_ for public ones, group_ for private ones.
func fateOf(eventType string) desk.Fate {
	switch eventType {
	case "channel_archive", "group_archive":
		return desk.FateArchived
	case "channel_unarchive", "group_unarchive":
		return desk.FateBack
	case "channel_deleted", "group_deleted":
		return desk.FateDeleted
	case "channel_left", "group_left":
		return desk.FateRemoved
	case "channel_rename", "group_rename":
		return desk.FateRenamed
	}
	return ""
}

// convertsToPublic reports whether a message of this subtype is Slack's line
// that a private channel was made public.
func convertsToPublic(subtype string) bool {
	return subtype == "channel_convert_to_public" || subtype == "group_convert_to_public"
}

// befall reads an event that is not a message.
func befall(self served.Workspace, e wire.Event, ids *ident.Channels) Request {
	t := casework.Turn{Fate: fateOf(e.Type)}
	var channel, by string
	switch c := e.Content.(type) {
	case *wire.ChannelChange:
		channel, by, t.Name = c.Channel, c.User, c.Name
	case *wire.Membership:
		if c.User != self.BotUID {
			return ignored("not a message")
		}
		channel, by = c.Channel, c.Inviter
		t.Fate = desk.FateRemoved
		if e.Type == "member_joined_channel" {
			t.Fate = desk.FateBack
		}
	}
	if t.Fate == "" {
		return ignored("not a message")
	}
	if !ident.Valid(channel) {
		return ignored("no channel")
	}
	first := ids.First(desk.ChannelID(channel))
	t.Place = ident.Channel(self.ID, first)
	r := turn(self, first, by, e.EventTs, t)
	if r.Turn != nil && e.Type == "member_joined_channel" && r.Turn.By.Side == desk.SideCustomer {
		r.Arrival = &casework.Arrival{Workspace: self.ID, Channel: first, Place: t.Place, By: desk.PersonID(r.Turn.By.ID)}
	}
	return r
}

// turn is t with who did it and when. Without a time it cannot be told from
// old news, so it is left to the next call in that channel to find out.
func turn(self served.Workspace, channel desk.ChannelID, by string, ts wire.Ts, t casework.Turn) Request {
	at, ok := instant(ts)
	if !ok {
		return ignored("no time")
	}
	t.At, t.By = at, who(self, by)
	t.Origin = ident.MessageOrigin(self.ID, channel, string(ts)) + desk.Origin(":"+t.Fate)
	return Request{Turn: &t}
}

// who is a person of Slack as an actor; the system if it is nobody we could
// name, or our own app.
func who(self served.Workspace, user string) desk.Actor {
	if !ident.Valid(user) || user == "USLACKBOT" || user == self.BotUID {
		return desk.BySystem()
	}
	return desk.ByCustomer(ident.Person(self.ID, user))
}

// madePublic reads Slack's line that a private channel was made public.
func (r reader) madePublic(m *wire.Message) Request {
	return turn(r.self, r.channel, m.User, m.Ts, casework.Turn{
		Place: ident.Channel(r.self.ID, r.channel), Fate: desk.FatePublic,
	})
}

// cardGone reads the deletion of a message of ours. Slack does not say who
// deleted it.
func (r reader) cardGone(m *wire.Message) Request {
	at, ok := instant(cmp.Or(m.EventTs, m.Ts))
	target := m.Target()
	if _, ok2 := instant(target); !ok || !ok2 {
		return ignored("no time")
	}
	return Request{CardGone: &casework.CardGone{
		Place:  ident.Channel(r.self.ID, r.channel),
		Thread: ident.Where{Workspace: r.self.ID, Channel: r.channel, Thread: string(target)}.Place(),
		TS:     string(target), At: at, By: desk.BySystem(),
		Origin: ident.DeletionOrigin(r.origin(target)),
	}}
}
