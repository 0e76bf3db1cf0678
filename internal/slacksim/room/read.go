package room

import (
	"cmp"
	"slices"
	"strings"

	"caseline/internal/slacksim/entity"
)

// Window returns what the channel itself shows of a span, newest first, and
// whether there is more of it.
func (r *Room) Window(s entity.Span) (found []*entity.Message, more bool) {
	in := s.Contains()
	for _, m := range slices.Backward(r.All) {
		if !m.InChannel() || !in(m.TS) {
			continue
		}
		if s.Limit > 0 && len(found) == s.Limit {
			return found, true
		}
		found = append(found, m)
	}
	return found, false
}

// Thread returns a parent and its replies in a span, oldest first, and whether
// there is more. The parent comes first whatever the span and does not count
// for the limit. Asked for a reply, it gives just that, as Slack does; nothing
// if there is no such message.
func (r *Room) Thread(root string, s entity.Span) (found []*entity.Message, more bool) {
	parent := r.ByTS[root]
	if parent == nil {
		return nil, false
	}
	found = []*entity.Message{parent}
	if parent.IsReply() {
		return found, false
	}
	in := s.Contains()
	for _, m := range r.Threads[root] {
		if !in(m.TS) {
			continue
		}
		if s.Limit > 0 && len(found) > s.Limit {
			return found, true
		}
		found = append(found, m)
	}
	return found, false
}

// Pins returns the pinned messages, the one pinned last first.
func (r *Room) Pins() []*entity.Message {
	var out []*entity.Message
	for _, m := range slices.Backward(r.All) {
		if m.PinnedBy != "" {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b *entity.Message) int { return cmp.Compare(b.PinnedAt, a.PinnedAt) })
	return out
}

// News counts the messages of others that a user has not read, and those of
// them that call the user by one of the names given, as in <@U…>.
func (r *Room) News(user, read string, names []string) (unread, mentions int) {
	for _, m := range slices.Backward(r.All) {
		if entity.CompareTS(m.TS, read) <= 0 {
			break
		}
		if m.User == user || m.System() || !m.InChannel() {
			continue
		}
		unread++
		if slices.ContainsFunc(names, func(n string) bool { return strings.Contains(m.Text, n) }) {
			mentions++
		}
	}
	return unread, mentions
}

// Counted returns a message with what its thread adds to it.
func (r *Room) Counted(m *entity.Message) entity.Message {
	out := *m
	replies := r.Threads[m.TS]
	out.ReplyCount = len(replies)
	for _, reply := range replies {
		by := cmp.Or(reply.User, reply.BotID)
		if len(out.ReplyUsers) < 5 && !slices.Contains(out.ReplyUsers, by) {
			out.ReplyUsers = append(out.ReplyUsers, by)
		}
		out.Latest = reply.TS
	}
	return out
}
