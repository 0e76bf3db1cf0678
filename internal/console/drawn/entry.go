package drawn

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"caseline/internal/console/record"
)

// An Entry is an item of the log ready to be drawn. It is flat, and its times
// are written out, because a page draws hundreds of them: a template looks up
// a plain field ten times faster than a method of something embedded.
type Entry struct {
	Seq    int64
	At     int64 // microseconds
	Class  string
	DayKey string
	Day    string
	Key    string // of the author, and what sets a message apart from the next
	Token  string
	Open   bool   // may still come further without a new entry
	From   string // who wrote it, unless the reader did

	Event, Message bool
	Line           string
	Face           string // classes of the avatar
	Initials       string
	Picture        string // its address; empty for none
	Name           string
	Unnamed        bool
	Tags           []tag
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
	var b strings.Builder
	b.WriteString(`<time class="` + class + `" datetime="`)
	b.WriteString(c.ISO(t))
	b.WriteString(`" title="`)
	b.WriteString(template.HTMLEscapeString(c.Full(t)))
	b.WriteString(`">`)
	b.WriteString(c.HM(t))
	b.WriteString("</time>")
	// All of it is ours, and the zone's name is escaped.
	return template.HTML(b.String())
}

func newEntry(item record.Item, face Clockface) Entry {
	a := item.Author
	e := Entry{
		Seq: item.Seq, At: item.At.UnixMicro(), DayKey: face.DayKey(item.At), Day: face.Day(item.At), Key: a.Key, Token: item.Token,
		Event: item.Kind == record.Event, Message: item.Kind == record.Message, Line: item.Line,
		Face: avatarClass(a), Initials: a.Initials, Picture: a.Picture, Name: a.Name, Unnamed: a.Unnamed, Tags: tagsOf(item),
		Time: face.stamped("said-time", item.At), Body: item.Body, File: item.File, Transcript: item.Transcript, Clock: face,
	}
	if e.spoken() {
		e.Gutter = face.stamped("said-gutter", item.At)
	}
	if item.Opening {
		e.Key += " opening"
	}
	if item.Note {
		e.Key += " note"
	}
	if item.Outside {
		e.Key += " outside"
	}
	if item.Waiting != "" {
		e.Key += " waiting"
	}
	if !a.Me && (item.Kind == record.Message || item.Kind == record.File) {
		e.From = a.Name
	}
	e.Shorn, e.Stub, e.Thread, e.Answers = item.Shorn, item.Stub, item.Thread, item.Answers
	for _, r := range item.Reactions {
		e.Reactions = append(e.Reactions, reaction{Emoji: r.Emoji, Count: len(r.By), Title: r.Name + " from " + Among(r.By)})
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
	e.Open = item.Delivery != nil && !item.Delivery.Settled || item.File != nil && !item.File.Settled ||
		item.Transcript != nil && item.Transcript.Open()
	e.Class = classOf(item)
	return e
}

func (e Entry) spoken() bool { return !e.Event && e.Transcript == nil }

func classOf(item record.Item) string {
	class := "entry entry-" + string(item.Kind)
	for _, more := range []struct {
		on   bool
		name string
	}{
		{item.Author.Agent, " by-agent"}, {item.Follows, " follows"}, {item.NewDay, " newday"}, {item.Note, " entry-note"},
		{item.Emote, " is-emote"}, {item.Stub != "", " is-stub"}, {item.Opening, " entry-opening"}, {item.Edited(), " is-edited"}, {!item.Deleted.IsZero(), " is-deleted"},
	} {
		if more.on {
			class += more.name
		}
	}
	return class
}

func tagsOf(item record.Item) []tag {
	var tags []tag
	switch {
	case item.Author.Me:
		tags = append(tags, tag{Class: "tag-agent", Text: "You"})
	case item.Author.Agent:
		tags = append(tags, tag{Class: "tag-agent", Text: "Support"})
	}
	if item.Author.External {
		tags = append(tags, tag{Class: "tag-external", Text: "External", Title: "A guest, or somebody from another organisation"})
	}
	if item.Opening {
		tags = append(tags, tag{Text: "opened the case"})
	}
	if item.Waiting != "" {
		tags = append(tags, tag{Text: "written before " + item.Waiting + " joined", Title: "Shared by its author after the agent joined"})
	}
	if item.Note {
		tags = append(tags, tag{Class: "tag-note", Text: "Internal note"})
	}
	if item.Outside {
		tags = append(tags, outsideTag(item))
	}
	return tags
}

func outsideTag(item record.Item) tag {
	t := tag{Text: "added to the case", Title: "Not said in a chat: everybody who follows the case is told"}
	if item.Via != "" {
		t.Text = "added from #" + item.Via
	}
	return t
}

// Among is a list of names as people write it.
func Among(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

func deliveryLineOf(d record.Delivery, face Clockface) *deliveryLine {
	line := &deliveryLine{State: d.State, Text: d.Text}
	switch {
	case d.Settled || d.State == "failed":
		line.Before, line.Time = " · ", face.stamped("delivery-time", d.At)
	case d.State == "waiting":
		line.Before, line.Time = " · next try ", face.stamped("delivery-time", d.At)
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

// Entries returns items ready to be drawn.
func Entries(items []record.Item, face Clockface) []Entry {
	out := make([]Entry, len(items))
	for i, item := range items {
		out[i] = newEntry(item, face)
	}
	return out
}
