package slack

import (
	"slices"
	"strings"
	"time"

	"caseline/internal/casework"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/content"
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
	Edits    []recording.Revision // oldest first
	Deletion *recording.Revision
	Turn     *casework.Turn     // of the channel's fate
	Arrival  *casework.Arrival  // of the app in the channel, with that turn
	CardGone *casework.CardGone // if that was a card
	Reaction *recording.Reaction
	Member   *recording.Member
	Renumber *casework.Renumbering
	Ignored  string // why there is nothing
}

// from returns r as told by a stored event.
func (r Request) from(e desk.Event) Request {
	if r.Message != nil {
		r.Message.Told = trace(e, wire.TsOf(r.Message.At.UnixMicro()))
	}
	for i := range r.Edits {
		r.Edits[i].Told = trace(e, wire.Ts(r.Edits[i].Ts))
	}
	if r.Deletion != nil {
		r.Deletion.Told = trace(e, wire.Ts(r.Deletion.Ts))
	}
	return r
}

// clockSlack is how far behind Slack's clock ours may have been when the event
// of a message came in; a signature allows for half of it.
const clockSlack = 10 * time.Minute

// trace finds the events that tell of a message, of which e is one.
func trace(e desk.Event, ts wire.Ts) desk.EventTrace {
	written, _ := instant(ts)
	return desk.EventTrace{Lane: e.Lane, Since: written.Add(-clockSlack), Ts: string(ts), Event: e.ID}
}

func ignored(why string) Request { return Request{Ignored: why} }

// Interpret turns an event, as Slack sent it, into a request. find says who
// our app is in a workspace, and ids what we call its channels. It is pure; the
// error says that the body is no event at all.
func Interpret(body []byte, find func(desk.WorkspaceID) (served.Workspace, bool), ids func(desk.WorkspaceID) *ident.Channels) (Request, error) {
	envelope, event, err := wire.Decode(body)
	if err != nil {
		return Request{}, err
	}
	self, ok := find(desk.WorkspaceID(envelope.Workspace()))
	if !ok {
		return ignored("unknown workspace"), nil
	}
	of := ids(self.ID)
	in := func(channel string) reader { return reader{self: self, channel: of.First(desk.ChannelID(channel))} }
	switch content := event.Content.(type) {
	case *wire.Message:
		if event.Type != "message" {
			return ignored("not a message"), nil // a mention of us comes as a message too
		}
		if !ident.Valid(content.Channel) {
			return ignored("no channel"), nil
		}
		return in(content.Channel).read(content), nil
	case *wire.Reaction:
		return in(content.Item.Channel).reaction(event, content), nil
	case *wire.Membership:
		if content.User == self.BotUID {
			return befall(self, event, of), nil
		}
		return in(content.Channel).member(event, content), nil
	}
	if event.Type == channelIDChanged {
		return renumber(self, event, of), nil
	}
	return befall(self, event, of), nil
}

// A reader reads the messages of one channel.
type reader struct {
	self    served.Workspace
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
		Text: content.Words(m), Me: m.Subtype == "me_message", At: at, Origin: origin,
	}
	if words.Thread = words.In != ""; words.Thread {
		words.Root = r.origin(m.Thread())
	}
	words.Names = r.names(words.Text)
	words.Files = ident.Files(m.Files, origin)
	return words, true
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

func instant(ts wire.Ts) (time.Time, bool) {
	micros, ok := ts.Micros()
	return time.UnixMicro(micros).UTC(), ok
}
