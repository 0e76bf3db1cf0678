package drawn

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"caseline/internal/console/record"
	"caseline/internal/console/tongue"
)

// An Entry is an item of the log ready to be drawn. It is flat, its times are
// written out and so is what it shares with its neighbours, because a page draws
// hundreds of them: a template looks up a plain field ten times faster than a
// method of something embedded, and each thing it puts in is escaped on its own.
type Entry struct {
	Whole template.HTML     // all of it, if it is plain; then the page needs nothing else
	Marks template.HTMLAttr // what the page's scripts know it by
	Seq   int64
	Token string
	Day   string

	Event, Message bool
	Plain          bool // a message of which there is nothing to show but the words
	Line           string
	Offered        string        // below the line
	Face, Head     template.HTML // the picture and the name of who wrote it
	Time, Gutter   template.HTML

	Body      template.HTML
	Revisions []revision
	Shorn     bool
	Deleted   template.HTML
	Noticed   bool // Deleted is when that was noticed
	Stub      string
	Thread    bool
	Answers   *record.Answered
	Reactions []reaction
	Ours      bool
	Address   string // of what the reader may do to the message; empty for nothing
	May       bool
	Retry     bool
	Delivery  *deliveryLine
	File      *record.FileView

	Transcript *record.TranscriptView
	Clock      Clockface // for the lines of a transcript
}

// Speaks is the language that the entry is drawn in.
func (e Entry) Speaks() tongue.Tongue { return e.Clock.Tongue }

type tag struct{ Class, Text, Title string }

type reaction struct {
	Emoji template.HTML
	Count int
	Title string // ":eyes:, Alice and Bob"
}

type revision struct {
	Body template.HTML
	Time template.HTML
	Last bool
}

type deliveryLine struct {
	State  string
	Text   string
	Before string // between text and time
	Time   template.HTML
	After  string
}

// stamped writes a time out as an element.
func (c Clockface) stamped(class string, t time.Time) template.HTML {
	return template.HTML(c.stamp(t).append(nil, class)) // see stamp
}

// A stamp is a time written out as an element, but for its class. All of it is
// ours, and the zone's name is escaped.
type stamp string

func (c Clockface) stamp(t time.Time) stamp {
	b := make([]byte, 0, 160)
	b = t.UTC().AppendFormat(append(b, `" datetime="`...), isoTime)
	b = append(append(b, `" title="`...), template.HTMLEscapeString(c.Full(t))...)
	b = t.In(c.Zone).AppendFormat(append(b, `">`...), hourMinute)
	return stamp(append(b, "</time>"...))
}

func (s stamp) append(to []byte, class string) []byte {
	return append(append(append(to, `<time class="`...), class...), s...)
}

// marksOf is what an entry is known by besides its numbers.
func marksOf(item *record.Item, face Clockface) marks {
	m := marks{Class: classOf(item), Day: face.DayKey(item.At), Author: item.Author.Key, May: item.May, Open: open(item)}
	if item.Opening {
		m.Author += " opening"
	}
	if item.Note {
		m.Author += " note"
	}
	if item.Whisper {
		m.Author += " whisper"
	}
	if item.Outside {
		m.Author += " outside"
	}
	if item.Waiting != "" {
		m.Author += " waiting"
	}
	if !item.Author.Me && (item.Kind == record.Message || item.Kind == record.File) {
		m.From = item.Author.Name
	}
	return m
}

func open(item *record.Item) bool {
	return item.Delivery != nil && !item.Delivery.Settled || item.File != nil && !item.File.Settled ||
		item.Transcript != nil && item.Transcript.Open()
}

// draw returns an item ready to be drawn, but for what it shares with others.
func draw(item *record.Item, face Clockface) Entry {
	e := Entry{
		Seq: item.Seq, Day: face.Day(item.At), Token: item.Token,
		Event: item.Kind == record.Event, Message: item.Kind == record.Message, Line: item.Line, Offered: item.Offered,
		Time: face.stamped("said-time", item.At), Body: item.Body, File: item.File, Transcript: item.Transcript, Clock: face,
	}
	if e.spoken() {
		e.Gutter = face.stamped("said-gutter", item.At)
	}
	e.Shorn, e.Stub, e.Thread, e.Answers = item.Shorn, item.Stub, item.Thread, item.Answers
	for _, r := range item.Reactions {
		e.Reactions = append(e.Reactions, reaction{Emoji: r.Emoji, Count: len(r.By), Title: face.Say("%s from %s", r.Name, Among(face.Tongue, r.By))})
	}
	for _, r := range item.Revisions {
		e.Revisions = append(e.Revisions, revision{Body: r.Body, Time: face.stamped("mark-time", r.At), Last: r.Last})
	}
	if !item.Deleted.IsZero() {
		e.Deleted, e.Noticed, e.Ours = face.stamped("mark-time", item.Deleted), item.Noticed, item.Ours
	}
	if item.May || item.Retry {
		e.Address, e.May, e.Retry = fmt.Sprintf("/cases/%s/words/%d", item.Case, item.Seq), item.May, item.Retry
	}
	if item.Delivery != nil {
		e.Delivery = deliveryLineOf(*item.Delivery, face)
	}
	e.Plain = plain(item)
	return e
}

// plain reports whether an item is a message of which there is nothing to show but
// the words.
func plain(i *record.Item) bool {
	return i.Kind == record.Message && !i.Thread && i.Stub == "" && len(i.Revisions) == 0 && len(i.Reactions) == 0 && i.Deleted.IsZero() &&
		i.Delivery == nil && !i.May && !i.Retry
}

func (e Entry) spoken() bool { return !e.Event && e.Transcript == nil }

func classOf(item *record.Item) string {
	class := "entry entry-" + string(item.Kind)
	for _, more := range []struct {
		on   bool
		name string
	}{
		{item.Author.Agent, " by-agent"}, {item.Follows, " follows"}, {item.NewDay, " newday"}, {item.Note, " entry-note"}, {item.Whisper, " entry-whisper"},
		{item.Emote, " is-emote"}, {item.Stub != "", " is-stub"}, {item.Opening, " entry-opening"}, {item.Edited(), " is-edited"}, {!item.Deleted.IsZero(), " is-deleted"},
	} {
		if more.on {
			class += more.name
		}
	}
	return class
}

func tagsOf(t tongue.Tongue, item *record.Item) []tag {
	var tags []tag
	switch {
	case item.Author.Me:
		tags = append(tags, tag{Class: "tag-agent", Text: t.Say("You")})
	case item.Author.Agent:
		tags = append(tags, tag{Class: "tag-agent", Text: t.Say("Support")})
	}
	if item.Author.External {
		tags = append(tags, tag{Class: "tag-external", Text: t.Say("External"), Title: t.Say("A guest, or somebody from another organisation")})
	}
	if item.Opening {
		tags = append(tags, tag{Text: t.Say("opened the case")})
	}
	if item.Waiting != "" {
		tags = append(tags, tag{Text: t.Say("written before %s joined", item.Waiting), Title: t.Say("Shared by its author after the agent joined")})
	}
	switch {
	case item.Whisper:
		tags = append(tags, tag{Class: "tag-whisper", Text: t.Say("Whispered"), Title: t.Say("From a lead to the agents in this chat. It never goes to Slack.")})
	case item.Note:
		tags = append(tags, tag{Class: "tag-note", Text: t.Say("Internal note")})
	}
	if item.Outside {
		tags = append(tags, outsideTag(t, item))
	}
	return tags
}

func outsideTag(t tongue.Tongue, item *record.Item) tag {
	tag := tag{Text: t.Say("added to the case"), Title: t.Say("Not said in a chat: everybody who follows the case is told")}
	if item.Via != "" {
		tag.Text = t.Say("added from #%s", item.Via)
	}
	return tag
}

// Among is a list of names as people write it.
func Among(t tongue.Tongue, names []string) string {
	if n := len(names); n > 1 {
		return t.Say("%s and %s", strings.Join(names[:n-1], ", "), names[n-1])
	}
	return strings.Join(names, "")
}

func deliveryLineOf(d record.Delivery, face Clockface) *deliveryLine {
	line := &deliveryLine{State: d.State, Text: d.Text}
	switch {
	case d.Settled || d.State == "failed":
		line.Before, line.Time = " · ", face.stamped("delivery-time", d.At)
	case d.State == "waiting":
		line.Before, line.Time = " · "+face.Say("next try")+" ", face.stamped("delivery-time", d.At)
	default:
		line.After = "…"
	}
	return line
}

// avatarClass is how the initials of somebody are drawn.
func avatarClass(a record.Author) string {
	switch {
	case a.Agent:
		return "tone-agent"
	case a.System:
		return "tone-system"
	}
	return "tone-" + string(rune('0'+a.Tone))
}
