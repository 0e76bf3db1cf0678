package slack

import (
	"cmp"
	"time"

	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/slack/content"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// change reads a message_changed. Most of them are no edits: Slack added a
// preview or counted a reply.
func (r reader) change(m *wire.Message) Request {
	now := m.Message
	if now == nil {
		return ignored("no message")
	}
	if now.Subtype == "tombstone" {
		return r.deletion(m)
	}
	if why := r.notPerson(now); why != "" {
		return ignored(why)
	}
	target := m.Target()
	written, ok := instant(target)
	if !ok {
		return ignored("no time")
	}
	q := Request{}
	q.Message, q.Edits = r.before(m, target, written)
	if q.Message != nil {
		q.Message.Files = merged(q.Message.Files, r.files(now, target))
	}
	edit := r.edit(now, m, target, written)
	edited := edit != nil && (m.Previous == nil || content.Words(m.Previous) != edit.Text)
	if edited {
		q.Edits = append(q.Edits, *edit)
	}
	if edited && q.Message != nil && q.Message.Text == "" {
		q.Message.Blank = true
	}
	if gone := r.goneFiles(m, target); len(gone) > 0 {
		at, _ := instant(cmp.Or(m.EventTs, m.Ts))
		q.Deletion = &recording.Revision{
			Place: ident.Channel(r.self.ID, r.channel), In: r.thread(m, target), By: ident.Person(r.self.ID, now.User), Files: gone, At: at,
			Ts: string(target),
		}
	}
	switch {
	case edited, q.Deletion != nil, q.Message != nil && len(now.Files) > len(m.Previous.Files):
		return q
	case now.Edited == nil:
		return ignored("not an edit")
	case edit == nil:
		return ignored("no time")
	}
	return ignored("same words")
}

// edit is the edit that gave the message now its words, heard of by m, or nil.
func (r reader) edit(now, m *wire.Message, target wire.Ts, written time.Time) *recording.Revision {
	if now.Edited == nil {
		return nil
	}
	edited, ok := instant(now.Edited.Ts)
	if !ok {
		return nil
	}
	of, text := r.origin(target), content.Words(now)
	return &recording.Revision{
		Place: ident.Channel(r.self.ID, r.channel), In: r.thread(m, target), Of: of, By: ident.Person(r.self.ID, now.User),
		Text: text, Names: r.names(text), At: editedAt(written, edited, m), Origin: ident.EditOrigin(of, string(now.Edited.Ts)), Ts: string(target),
	}
}

// editedAt is when a message was edited. Slack writes that down in whole
// seconds, rounded down, which may lie before the message itself or before
// the agent's joining; the event tells it to the microsecond, unless it is
// about something later.
func editedAt(written, edited time.Time, m *wire.Message) time.Time {
	latest := edited.Add(time.Second - time.Microsecond)
	for _, ts := range []wire.Ts{m.EventTs, m.Ts} {
		if at, ok := instant(ts); ok && !at.Before(edited) && at.Before(latest) {
			latest = at
		}
	}
	if latest.Before(written) {
		return written
	}
	return latest
}

// deletion reads a message_deleted, or a message that became a tombstone
// because it has replies.
func (r reader) deletion(m *wire.Message) Request {
	was := m.Previous
	if was != nil && r.ours(was) {
		return r.cardGone(m)
	}
	if was != nil && (was.BotID != "" || genreOf(was.Subtype) == genreBot) {
		return ignored("bot")
	}
	target := m.Target()
	at, ok := instant(cmp.Or(m.EventTs, m.Ts))
	written, ok2 := instant(target)
	if !ok || !ok2 {
		return ignored("no time")
	}
	of := r.origin(target)
	d := recording.Revision{
		Place: ident.Channel(r.self.ID, r.channel), In: r.thread(m, target), Of: of, At: at, Origin: ident.DeletionOrigin(of), Ts: string(target),
	}
	before, edits := r.before(m, target, written)
	if before != nil {
		d.By = before.Author
		for _, f := range r.files(was, target) {
			d.Files = append(d.Files, f.Origin)
		}
	}
	return Request{Message: before, Edits: edits, Deletion: &d}
}

// before is the message that m is about as it was, if m says and a person
// wrote it. When it had been edited already, its first words are not known: it
// comes without words, and with the edit that gave it those it had.
func (r reader) before(m *wire.Message, target wire.Ts, written time.Time) (*desk.Message, []recording.Revision) {
	if m.Previous == nil || r.notPerson(m.Previous) != "" {
		return nil, nil
	}
	words, ok := r.message(m.Previous, target)
	if !ok {
		return nil, nil
	}
	earlier := r.edit(m.Previous, m, target, written)
	if earlier == nil {
		return &words, nil
	}
	words.Text, words.Blank = "", true
	return &words, []recording.Revision{*earlier}
}
