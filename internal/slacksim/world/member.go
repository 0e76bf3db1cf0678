package world

import (
	"slices"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
)

// An InviteProblem says why one person could not be invited.
type InviteProblem struct {
	User string
	Err  entity.Err
}

// Invite adds people to a channel the actor is in. Unless force is set, one
// that cannot be added keeps all the others out too. The problems are returned
// also when some were added.
func (w *World) Invite(actor, channel string, users []string, force bool) (Channel, []InviteProblem, error) {
	var out Channel
	var problems []InviteProblem
	err := w.update(func(c *Change) error {
		ch, err := w.joined(actor, channel)
		switch {
		case err != nil:
			return err
		case ch.Archived:
			return entity.ErrIsArchived
		case ch.Kind == Direct || ch.Kind == Group:
			return entity.ErrNotSupported
		case w.users.Rows[actor].UltraRestricted:
			return entity.ErrUserRestricted
		}
		out = *ch
		var good []string
		for _, id := range users {
			if e := w.inviteProblem(actor, *ch, id); e != "" {
				problems = append(problems, InviteProblem{id, e})
			} else if !slices.Contains(good, id) {
				good = append(good, id)
			}
		}
		if len(problems) > 0 && !force {
			return nil
		}
		for _, id := range good {
			out = w.addMember(c, out, id, actor)
		}
		return nil
	})
	return out, problems, err
}

func (w *World) inviteProblem(actor string, ch Channel, user string) entity.Err {
	u := w.users.Rows[user]
	switch {
	case u == nil || !u.In(ch.Workspace):
		return entity.ErrUserNotFound
	case user == actor:
		return entity.ErrCantInviteSelf
	case ch.Has(user):
		return entity.ErrAlreadyInChannel
	case u.Stranger() && !slices.Contains(ch.Connected, u.Home):
		return entity.ErrNoExternalInvite
	case u.Deleted || user == Slackbot:
		return entity.ErrCantInvite
	case u.UltraRestricted && w.countChannels(user) > 0:
		return entity.ErrURAMaxChannels
	}
	return ""
}

func (w *World) countChannels(user string) int {
	n := 0
	for _, ch := range w.channels.Rows {
		if (ch.Kind == Public || ch.Kind == Private) && ch.Has(user) {
			n++
		}
	}
	return n
}

// Join adds the actor to a public channel. It reports whether they were in it
// already.
func (w *World) Join(actor, channel string) (ch Channel, already bool, err error) {
	err = w.update(func(c *Change) error {
		at, err := w.seen(actor, channel)
		switch {
		case err != nil:
			return err
		case at.Kind != Public:
			return entity.ErrNotSupported
		case at.Archived:
			return entity.ErrIsArchived
		}
		ch, already = *at, at.Has(actor)
		if !already {
			ch = w.addMember(c, ch, actor, "")
		}
		return nil
	})
	return ch, already, err
}

// addMember puts user into ch and tells everybody. The caller has checked that
// they may. Members of direct messages come and go without a word.
func (w *World) addMember(c *Change, ch Channel, user, inviter string) Channel {
	if ch.Kind == Direct || ch.Kind == Group {
		return ch
	}
	if ch.Has(user) {
		return ch
	}
	ch = ch.With(user)
	w.channels.Put(c.log, ch.ID, ch)
	extra := map[string]any{}
	if inviter != "" {
		extra["inviter"] = inviter
	}
	text := "<@" + user + "> has joined the channel"
	w.note(c, ch, user, ch.Prefix()+"_join", text, extra)
	body := map[string]any{"user": user, "channel": ch.ID, "channel_type": ch.Letter(), "team": w.users.Rows[user].Team()}
	if inviter != "" {
		body["inviter"] = inviter
	}
	c.emit(scope{workspace: ch.Workspace, channel: ch.ID}, "member_joined_channel", body)
	w.setMark(c, user, ch.ID, w.room(ch.ID).Latest())
	c.hint(feed.Sidebar, user)
	return ch
}

// Leave takes the actor out of a channel. It reports whether they were not in
// it anyway.
func (w *World) Leave(actor, channel string) (wasOut bool, err error) {
	err = w.update(func(c *Change) error {
		ch, err := w.seen(actor, channel)
		switch {
		case err != nil:
			return err
		case ch.Kind == Direct || ch.Kind == Group:
			return entity.ErrNotSupported
		case ch.Archived:
			return entity.ErrIsArchived
		case ch.General:
			return entity.ErrCantLeaveGeneral
		}
		if wasOut = !ch.Has(actor); wasOut {
			return nil
		}
		if len(ch.Members) == 1 && ch.Kind == Private {
			return entity.ErrLastMember
		}
		w.removeMember(c, *ch, actor, "")
		return nil
	})
	return wasOut, err
}

// Kick takes a person out of a channel the actor is in.
func (w *World) Kick(actor, channel, user string) error {
	return w.update(func(c *Change) error {
		ch, err := w.joined(actor, channel)
		switch {
		case err != nil:
			return err
		case ch.Kind == Direct || ch.Kind == Group:
			return entity.ErrNotSupported
		case w.users.Rows[user] == nil:
			return entity.ErrUserNotFound
		case user == actor:
			return entity.ErrCantKickSelf
		case ch.General:
			return entity.ErrCantKickGeneral
		case !ch.Has(user):
			return entity.ErrNotInChannel
		}
		w.removeMember(c, *ch, user, actor)
		return nil
	})
}

func (w *World) removeMember(c *Change, ch Channel, user, by string) {
	// The one who leaves still gets the events about it: they are sent to
	// whoever was a member when it happened.
	text := "<@" + user + "> has left the channel"
	if by != "" {
		text = "<@" + user + "> was removed from the channel by <@" + by + ">"
	}
	w.note(c, ch, user, ch.Prefix()+"_leave", text, nil)
	c.emit(scope{workspace: ch.Workspace, channel: ch.ID}, "member_left_channel", map[string]any{
		"user": user, "channel": ch.ID, "channel_type": ch.Letter(), "team": w.users.Rows[user].Team(),
	})
	if u := w.users.Rows[user]; u.Bot {
		c.emit(scope{workspace: ch.Workspace, app: u.AppID}, ch.Prefix()+"_left", map[string]any{"channel": ch.ID, "actor_id": by})
	}
	ch = ch.Without(user)
	w.channels.Put(c.log, ch.ID, ch)
	c.hint(feed.Sidebar, user)
	w.hintMembers(c, ch)
}

// Members returns the people and bots in a channel, in the order they came.
func (w *World) Members(channel string) []User {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []User
	if ch := w.channels.Rows[channel]; ch != nil {
		for _, id := range ch.Members {
			out = append(out, *w.users.Rows[id])
		}
	}
	return out
}
