package record

import (
	"slices"
	"strings"
	"time"

	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

// together is how soon after another a message goes on from it without its
// author being named again. The pages' script has the same number.
const together = 5 * time.Minute

// MaxTranscript is how many lines a transcript repeats.
const MaxTranscript = 300

// consoleOrigin begins the origin of what came from an agent's browser.
const consoleOrigin = "console:"

// Items returns what the log shows, in the order in which people wrote: late
// arrivals slot in where they belong.
func Items(src Source, v View) []Item {
	b := newBuilder(src, v)
	var shown []desk.Correspondence
	for _, e := range src.Entries {
		if b.shows(e) && (v.Only == nil || v.Only[e.Seq]) {
			shown = append(shown, e)
		}
	}
	slices.SortStableFunc(shown, func(x, y desk.Correspondence) int {
		if c := x.At.Compare(y.At); c != 0 {
			return c
		}
		return int(x.Seq - y.Seq)
	})
	items := make([]Item, len(shown))
	for i, e := range shown {
		items[i] = b.item(e)
	}
	arrange(items, v.Zone)
	return items
}

// arrange marks where days begin and where an author goes on.
func arrange(items []Item, zone *time.Location) {
	for i := range items {
		item := &items[i]
		if i == 0 {
			item.NewDay = true
			continue
		}
		before := items[i-1]
		item.NewDay = !sameDay(before.At.In(zone), item.At.In(zone))
		item.Follows = !item.NewDay && spoken(before) && spoken(*item) && before.Author.Key == item.Author.Key &&
			before.Opening == item.Opening && before.Note == item.Note && before.Whisper == item.Whisper && before.Outside == item.Outside && before.Waiting == item.Waiting &&
			item.At.Sub(before.At) <= together
	}
}

func spoken(i Item) bool { return i.Kind == Message || i.Kind == File }

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

type builder struct {
	Source
	view       View
	entries    map[int64]desk.Correspondence
	changes    map[int64][]desk.Correspondence // edits and deletions, by what they refer to
	reactions  map[int64][]desk.Correspondence // likewise
	files      map[desk.FileID]desk.File
	deliveries map[int64]desk.Delivery
	waiting    map[int64]string // why a file waits, by its entry
	chats      map[desk.ChatID]desk.ChatSession
}

func newBuilder(src Source, v View) *builder {
	b := &builder{
		Source: src, view: v,
		entries: map[int64]desk.Correspondence{}, changes: map[int64][]desk.Correspondence{}, reactions: map[int64][]desk.Correspondence{},
		files: map[desk.FileID]desk.File{}, deliveries: map[int64]desk.Delivery{}, waiting: map[int64]string{}, chats: map[desk.ChatID]desk.ChatSession{},
	}
	for _, e := range src.Entries {
		b.entries[e.Seq] = e
		switch e.Kind {
		case desk.KindEdit, desk.KindDeletion:
			b.changes[e.Refers] = append(b.changes[e.Refers], e)
		case desk.KindReaction:
			b.reactions[e.Refers] = append(b.reactions[e.Refers], e)
		default:
		}
	}
	for _, changes := range b.changes {
		slices.SortStableFunc(changes, func(x, y desk.Correspondence) int { return x.At.Compare(y.At) })
	}
	for _, f := range src.Files {
		b.files[f.ID] = f
	}
	carrying := map[int64][]desk.Delivery{}
	for _, d := range src.Deliveries {
		if d.CarriesWords() {
			of := d.Seq
			if e := b.entries[d.Seq]; e.Kind == desk.KindEdit || e.Kind == desk.KindDeletion {
				of = e.Refers
			}
			carrying[of] = append(carrying[of], d)
		}
		if d.Kind == desk.DeliverNotice && b.entries[d.Seq].Marked(desk.MarkOutside) {
			b.deliveries[d.Seq] = telling(b.deliveries[d.Seq], d)
		}
		if carries(d) && d.SettledAt.IsZero() && d.Reason != "" {
			b.waiting[d.Seq] = reason(b.view.Tongue, d.Reason)
		}
	}
	for seq, ds := range carrying {
		b.deliveries[seq] = latest(ds)
	}
	for _, chat := range src.Chats {
		b.chats[chat.ID] = chat
	}
	return b
}

// shows reports whether e is an item of its own, and not part of the one that
// it changes.
func (b *builder) shows(e desk.Correspondence) bool {
	switch e.Kind {
	case desk.KindEdit, desk.KindDeletion:
		_, known := b.entries[e.Refers]
		return !known
	case desk.KindReaction:
		return false
	default:
		return true
	}
}

// item returns what e looks like.
func (b *builder) item(e desk.Correspondence) Item {
	item := Item{Case: e.Case, Seq: e.Seq, At: e.At, Author: AuthorOf(b.view.Tongue, e.Author, b.People, b.view.Me), Waiting: b.awaited(e), Outside: e.Marked(desk.MarkOutside), Via: e.Via}
	switch e.Kind {
	case desk.KindMessage, desk.KindNote:
		b.message(&item, e)
	case desk.KindFile:
		item.Kind, item.File = File, b.file(e)
		r := b.Deletions.Read(e, b.changes[e.Seq])
		if r.Gone {
			item.File, item.Stub = nil, b.view.Told(desk.Stub(e))
		}
		item.Deleted, item.Noticed = r.Deleted, r.Noticed
		item.Ours = b.ours(e.Seq)
		item.Token = consoleToken(e)
		b.around(&item, e)
	case desk.KindChat, desk.KindStatus:
		item.Kind, item.Line, item.Offered = Event, b.line(e, item.Author.Name), b.offered(e)
	case desk.KindContact:
		item.Kind, item.Line = Event, b.contactLine(e, item.Author.Name)
	case desk.KindMember:
		item.Kind, item.Line = Event, b.view.Say("%s joined the channel", item.Author.Name)
		if e.What == desk.MemberLeft {
			item.Line = b.view.Say("%s left the channel", item.Author.Name)
		}
	case desk.KindTranscript:
		item.Kind, item.Transcript = Transcript, b.transcript(e)
	case desk.KindEdit:
		item.Kind, item.Line = Event, b.view.Say("%s edited an earlier message", item.Author.Name)
	case desk.KindDeletion:
		item.Kind, item.Line = Event, b.view.Say("%s deleted an earlier message", item.Author.Name)
		if !item.Author.Agent {
			item.Line = b.view.Say("%s deleted an earlier message in Slack", item.Author.Name)
		}
	}
	return item
}

func (b *builder) message(item *Item, e desk.Correspondence) {
	item.Kind = Message
	item.Opening, item.Note, item.Emote = e.Seq == 1, e.Kind == desk.KindNote, e.Marked(desk.MarkMe)
	item.Whisper = item.Note && e.Marked(desk.MarkWhisper)
	b.words(item, e)
	item.Ours = b.ours(e.Seq)
	if d, ok := b.deliveries[e.Seq]; ok && e.Author.Side == desk.SideAgent {
		item.Delivery = deliveryOf(b.view.Tongue, d)
	}
	own := e.Kind == desk.KindMessage && item.Author.Me && e.Chat != "" && e.Chat == b.view.Chat
	item.May = own && item.Deleted.IsZero()
	if own && item.Delivery != nil && item.Delivery.State == "failed" {
		item.Retry, item.Delivery.Settled = true, false
	}
	item.Token = consoleToken(e)
	b.around(item, e)
}

// awaited is who had not joined yet when e was written, if its author shared it
// later; empty for everything else. The one who joined may have handed the chat
// over since.
func (b *builder) awaited(e desk.Correspondence) string {
	if !e.Marked(desk.MarkWaiting) {
		return ""
	}
	for _, joined := range b.Entries {
		if joined.Chat == e.Chat && joined.Kind == desk.KindChat && joined.What == string(desk.EventJoined) {
			return joined.Author.Name
		}
	}
	if name := b.chats[e.Chat].AgentName; name != "" {
		return name
	}
	return b.view.Say("an agent")
}

// consoleToken is what an agent's browser called an entry; empty for others.
func consoleToken(e desk.Correspondence) string {
	token, ours := strings.CutPrefix(string(e.Origin), consoleOrigin)
	if !ours {
		return ""
	}
	return token
}

// ours reports whether an agent deleted an entry, and not a customer in Slack.
func (b *builder) ours(seq int64) bool {
	return slices.ContainsFunc(b.changes[seq], func(c desk.Correspondence) bool {
		return c.Kind == desk.KindDeletion && c.Author.Side == desk.SideAgent
	})
}

// Counts says how much a chat's record holds.
func Counts(t tongue.Tongue, messages, files int) string {
	text := t.Count(messages, "1 message", "%d messages")
	if files > 0 {
		return t.Say("%s and %s", text, t.Count(files, "1 file", "%d files"))
	}
	return text
}
