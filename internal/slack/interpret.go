package slack

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
)

// MetadataType is the type of the metadata that our messages carry; its
// payload's id is the delivery's correlation.
const MetadataType = "caseline_delivery"

// A Request is what an event asks of casework, in this order; nil is nothing.
// An edit or deletion brings the message it is about along, as it was before,
// in case that never arrived: recording it again changes nothing.
type Request struct {
	Message  *desk.Message
	Edit     *casework.Revision
	Deletion *casework.Revision
	Turn     *casework.Turn     // of the channel's fate
	CardGone *casework.CardGone // if that was a card
	Ignored  string             // why there is nothing
}

func ignored(why string) Request { return Request{Ignored: why} }

// Interpret turns an event, as Slack sent it, into a request. find says who
// our app is in a workspace. It is pure; the error says that the body is no
// event at all.
func Interpret(body []byte, find func(desk.WorkspaceID) (desk.Workspace, bool)) (Request, error) {
	envelope, event, err := wire.Decode(body)
	if err != nil {
		return Request{}, err
	}
	self, ok := find(desk.WorkspaceID(envelope.Workspace()))
	if !ok {
		return ignored("unknown workspace"), nil
	}
	m, ok := event.Content.(*wire.Message)
	switch {
	case !ok:
		return befall(self, event), nil
	case event.Type != "message":
		return ignored("not a message"), nil
	case !ident.Valid(m.Channel):
		return ignored("no channel"), nil
	}
	return reader{self: self, channel: desk.ChannelID(m.Channel)}.read(m), nil
}

// A reader reads the messages of one channel.
type reader struct {
	self    desk.Workspace
	channel desk.ChannelID
}

func (r reader) read(m *wire.Message) Request {
	switch g := genreOf(m.Subtype); {
	case g == genreChange:
		return r.change(m)
	case g == genreDeletion:
		return r.deletion(m)
	case convertsToPublic(m.Subtype):
		return r.madePublic(m)
	case g == genreSystem:
		return ignored("system message")
	case m.Hidden:
		return ignored("hidden")
	}
	if why := r.notPerson(m); why != "" {
		return ignored(why)
	}
	words, ok := r.message(m, m.Ts)
	if !ok {
		return ignored("no time")
	}
	if words.Text == "" && len(words.Files) == 0 {
		return ignored("empty")
	}
	return Request{Message: &words}
}

// notPerson says why m is not a person's message, or "" if it is.
func (r reader) notPerson(m *wire.Message) string {
	switch {
	case r.ours(m):
		return "echo"
	case m.BotID != "" || m.BotProfile != nil || genreOf(m.Subtype) == genreBot:
		return "bot"
	case m.User == "USLACKBOT" || m.User == "UREVOKEDU" || !ident.Valid(m.User):
		return "nobody"
	case genreOf(m.Subtype) == genreSystem:
		return "system message"
	}
	return ""
}

// ours reports whether our app posted m. Names say nothing: our posts go under
// the agents' names, and anybody may choose the same.
func (r reader) ours(m *wire.Message) bool {
	same := func(a, b string) bool { return a != "" && a == b }
	if same(m.BotID, r.self.BotID) || same(m.AppID, r.self.AppID) || same(m.User, r.self.BotUID) {
		return true
	}
	if p := m.BotProfile; p != nil && (same(p.ID, r.self.BotID) || same(p.AppID, r.self.AppID)) {
		return true
	}
	return m.Metadata != nil && m.Metadata.EventType == MetadataType
}

// message is m, posted at ts, as the desk takes it. ok is false when ts is no
// time.
func (r reader) message(m *wire.Message, ts wire.Ts) (words desk.Message, ok bool) {
	at, ok := instant(ts)
	if !ok {
		return desk.Message{}, false
	}
	origin := r.origin(ts)
	words = desk.Message{
		Place: ident.Channel(r.self.ID, r.channel), In: r.thread(m, ts), Author: ident.Person(r.self.ID, m.User),
		Text: mrkdwn.FromSlack(m.Text, m.Blocks), At: at, Origin: origin,
	}
	words.Thread = words.In != ""
	words.Names = r.names(words.Text)
	words.Files = newFiles(m.Files, origin)
	return words, true
}

// newFiles are the files that came with what has the origin.
func newFiles(files []wire.File, with desk.Origin) (found []desk.NewFile) {
	for _, f := range files {
		if f.Mode == "tombstone" || !ident.Valid(f.ID) {
			continue // deleted before we heard of it
		}
		found = append(found, desk.NewFile{
			SlackID: f.ID, Name: cmp.Or(f.Name, f.Title, "file"), Type: f.Mimetype, Size: max(f.Size, 0),
			Origin: ident.FileOrigin(with, f.ID),
		})
	}
	return found
}

// thread is the thread in which the message at ts is a reply, as m says, or
// empty. Edits and deletions say so in the message that they are about.
func (r reader) thread(m *wire.Message, ts wire.Ts) desk.Place {
	root := m.Thread()
	if _, ok := instant(root); !ok || root.Compare(ts) == 0 {
		return ""
	}
	return ident.Where{Workspace: r.self.ID, Channel: r.channel, Thread: string(root)}.Place()
}

// maxNames is how many people of one message are looked up.
const maxNames = 50

// names lists whom a text mentions.
func (r reader) names(text string) []desk.PersonID {
	var people []desk.PersonID
	for before, rest, found := strings.Cut(text, "<@"); found && len(people) < maxNames; before, rest, found = strings.Cut(rest, "<@") {
		end := strings.IndexAny(rest, ">|")
		if end < 0 || strings.HasSuffix(before, `\`) || !ident.Valid(rest[:end]) {
			continue // words that only look like it
		}
		if p := ident.Person(r.self.ID, rest[:end]); !slices.Contains(people, p) {
			people = append(people, p)
		}
	}
	return people
}

func (r reader) origin(ts wire.Ts) desk.Origin {
	return ident.MessageOrigin(r.self.ID, r.channel, string(ts))
}

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
	if now.Edited == nil {
		return ignored("not an edit")
	}
	target := m.Target()
	written, ok := instant(target)
	edited, ok2 := instant(now.Edited.Ts)
	if !ok || !ok2 {
		return ignored("no time")
	}
	text := mrkdwn.FromSlack(now.Text, now.Blocks)
	before := r.before(m, target)
	if before != nil && before.Text == text {
		return ignored("same words")
	}
	of := r.origin(target)
	return Request{Message: before, Edit: &casework.Revision{
		Place: ident.Channel(r.self.ID, r.channel), In: r.thread(m, target), Of: of,
		By: ident.Person(r.self.ID, now.User), Text: text, Names: r.names(text),
		At: editedAt(written, edited, m), Origin: ident.EditOrigin(of, string(now.Edited.Ts)),
	}}
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
	if _, ok2 := instant(target); !ok || !ok2 {
		return ignored("no time")
	}
	of := r.origin(target)
	d := casework.Revision{
		Place: ident.Channel(r.self.ID, r.channel), In: r.thread(m, target), Of: of, At: at, Origin: ident.DeletionOrigin(of),
	}
	before := r.before(m, target)
	if before != nil {
		d.By = before.Author
	}
	return Request{Message: before, Deletion: &d}
}

// before is the message that m is about as it was, if m says and a person
// wrote it.
func (r reader) before(m *wire.Message, target wire.Ts) *desk.Message {
	if m.Previous == nil || r.notPerson(m.Previous) != "" {
		return nil
	}
	words, ok := r.message(m.Previous, target)
	if !ok {
		return nil
	}
	return &words
}

func instant(ts wire.Ts) (time.Time, bool) {
	micros, ok := ts.Micros()
	return time.UnixMicro(micros).UTC(), ok
}
