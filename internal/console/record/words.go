package record

import (
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/reacted"
)

// words fills in what a message said, then and later, as far as that may be
// seen.
func (b *builder) words(item *Item, e desk.Correspondence) {
	r := b.Deletions.Read(e, b.changes[e.Seq])
	item.Deleted, item.Noticed, item.Shorn = r.Deleted, r.Noticed, r.Shorn
	if r.Gone {
		item.Stub = b.view.Told(desk.Stub(e))
		return
	}
	later := r.Versions
	if r.First {
		item.Body, later = b.html(e, later[0].Text), later[1:]
	}
	for i, v := range later {
		revision := Revision{At: v.At, Body: b.html(e, v.Text), Last: i == len(later)-1}
		switch {
		case i > 0:
			_, revision.Body = b.view.Redline(later[i-1].Text, v.Text)
		case r.First:
			item.Body, revision.Body = b.view.Redline(r.Versions[0].Text, v.Text)
		}
		item.Revisions = append(item.Revisions, revision)
	}
}

// around fills in what stands around a message or file: what it answers, and
// the reactions to it.
func (b *builder) around(item *Item, e desk.Correspondence) {
	item.Thread = e.Marked(desk.MarkThread)
	if root, ok := b.entries[e.Refers]; ok && item.Thread {
		item.Answers = &Answered{Case: root.Case, Seq: root.Seq, Name: AuthorOf(b.view.Tongue, root.Author, b.People, b.view.Me).Name, Text: b.beginning(root)}
	}
	if item.Stub == "" {
		item.Reactions = b.reacted(e.Seq)
	}
}

// maxBeginning is how many characters of what is answered a reply repeats.
const maxBeginning = 90

func (b *builder) beginning(e desk.Correspondence) string {
	if e.Kind == desk.KindFile {
		if b.Deletions.Read(e, b.changes[e.Seq]).Gone {
			return ""
		}
		return e.Text
	}
	versions := b.Deletions.Read(e, b.changes[e.Seq]).Versions
	if len(versions) == 0 {
		return ""
	}
	text := strings.Join(strings.Fields(b.view.Plain(versions[0].Text)), " ")
	if runes := []rune(text); len(runes) > maxBeginning {
		return strings.TrimSpace(string(runes[:maxBeginning])) + "…"
	}
	return text
}

// reacted gathers the reactions to an entry as they stand.
func (b *builder) reacted(seq int64) []Reaction {
	var out []Reaction
	for _, emoji := range reacted.As(b.reactions[seq]) {
		r := Reaction{Emoji: b.view.Emoji(emoji.Name), Name: ":" + emoji.Name + ":"}
		for _, by := range emoji.By {
			r.By = append(r.By, AuthorOf(b.view.Tongue, by, b.People, b.view.Me).Name)
		}
		out = append(out, r)
	}
	return out
}
