package transcript

import (
	"caseline/internal/desk"
	"caseline/internal/desk/reacted"
	"caseline/internal/mrkdwn"
)

// A builder makes lines of the entries of a case.
type builder struct {
	Source
	entries   map[int64]desk.Correspondence
	changes   map[int64][]desk.Correspondence // edits and deletions, by what they refer to
	reactions map[int64][]desk.Correspondence
	files     map[desk.FileID]desk.File
}

func newBuilder(s Source) *builder {
	b := &builder{
		Source: s, entries: map[int64]desk.Correspondence{}, changes: map[int64][]desk.Correspondence{},
		reactions: map[int64][]desk.Correspondence{}, files: map[desk.FileID]desk.File{},
	}
	for _, e := range s.Entries {
		b.entries[e.Seq] = e
		switch e.Kind {
		case desk.KindEdit, desk.KindDeletion:
			b.changes[e.Refers] = append(b.changes[e.Refers], e)
		case desk.KindReaction:
			b.reactions[e.Refers] = append(b.reactions[e.Refers], e)
		default:
		}
	}
	for _, f := range s.Files {
		b.files[f.ID] = f
	}
	return b
}

// line is what is kept of an entry, as far as its account lets agents see it.
func (b *builder) line(e desk.Correspondence) Line {
	l := Line{
		At: e.At.UTC(), Side: string(e.Author.Side), Author: b.Name(e.Author), External: b.External != nil && b.External(e.Author),
		Waiting: e.Marked(desk.MarkWaiting), Emote: e.Marked(desk.MarkMe), Thread: e.Marked(desk.MarkThread),
		Note: e.Kind == desk.KindNote,
	}
	if root, ok := b.entries[e.Refers]; ok && l.Thread {
		l.Answers = &Answered{At: root.At.UTC(), Author: b.Name(root.Author)}
	}
	r := b.Deletions.Read(e, b.changes[e.Seq])
	switch {
	case r.Gone:
		l.Withheld = desk.Stub(e)
		if e.Kind == desk.KindFile {
			l.File = &File{State: "deleted"} // which counts
		}
	case e.Kind == desk.KindFile:
		f := b.files[e.File]
		l.File = &File{Name: e.Text, Type: f.Type, Size: f.Size, SHA256: f.Hash, State: string(f.State)}
	default:
		l.say(r)
	}
	if !r.Deleted.IsZero() {
		l.Changes = append(l.Changes, Change{At: r.Deleted.UTC(), What: "deleted", Noticed: r.Noticed})
	}
	if r.Gone {
		return l
	}
	for _, emoji := range reacted.As(b.reactions[e.Seq]) {
		x := Reaction{Name: emoji.Name}
		for _, by := range emoji.By {
			x.By = append(x.By, b.Name(by))
		}
		l.Reactions = append(l.Reactions, x)
	}
	return l
}

// say fills in the words and what became of them.
func (l *Line) say(r desk.Reading) {
	later := r.Versions
	if r.First {
		l.Text, later = later[0].Text, later[1:]
	}
	l.Unknown = !r.First && !r.Shorn
	for i, v := range later {
		c := Change{At: v.At.UTC(), What: "edited", Text: v.Text}
		if before := len(r.Versions) - len(later) + i - 1; before >= 0 {
			c.Diff = mrkdwn.Diff(r.Versions[before].Text, v.Text)
		}
		l.Changes = append(l.Changes, c)
	}
}
