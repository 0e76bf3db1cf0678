package record

import (
	"slices"

	"caseline/internal/desk"
)

// transcript gathers the chat that e closes.
func (b *builder) transcript(e desk.Correspondence) *TranscriptView {
	chat := b.chats[e.Chat]
	v := &TranscriptView{
		Case: e.Case, Chat: e.Chat, Messages: chat.Messages, Files: chat.Files, From: chat.JoinedAt, To: chat.EndedAt, Agent: chat.AgentName,
		Seq: e.Seq, Compared: chat.Tally.State, Statement: b.view.Told(chat.Tally.Statement()), Looks: b.view.Looks,
	}
	var entries []desk.Correspondence
	for _, entry := range b.Entries {
		if entry.Chat == e.Chat && entry.Kind == desk.KindNote {
			v.Notes = true
		}
		if entry.Chat == e.Chat && (entry.Kind == desk.KindMessage || entry.Kind == desk.KindFile) {
			entries = append(entries, entry)
		}
	}
	if v.Long = b.Partial[e.Chat] || len(entries) > MaxTranscript; v.Long {
		v.Notes = v.Notes || b.Partial[e.Chat]
		return v
	}
	slices.SortStableFunc(entries, func(x, y desk.Correspondence) int { return x.At.Compare(y.At) })
	for _, entry := range entries {
		v.Lines = append(v.Lines, b.transcriptLine(entry))
	}
	return v
}

func (b *builder) transcriptLine(e desk.Correspondence) Line {
	author := AuthorOf(b.view.Tongue, e.Author, b.People, b.view.Me)
	line := Line{At: e.At, Name: author.Name, Agent: author.Agent, External: author.External}
	r := b.Deletions.Read(e, b.changes[e.Seq])
	later := r.Versions
	switch {
	case r.Gone:
		line.Text = b.view.Told(desk.Stub(e))
	case e.Kind == desk.KindFile:
		line.Text, later = b.view.Say("File: %s", e.Text), nil
	case r.First:
		line.Text, later = b.view.Plain(later[0].Text), later[1:]
	}
	if e.Marked(desk.MarkMe) && line.Text != "" {
		line.Text = author.Name + " " + line.Text
	}
	if agent := b.awaited(e); agent != "" {
		line.Marks = append(line.Marks, Mark{What: b.view.Say("written before %s joined", agent)})
	}
	if e.Marked(desk.MarkThread) {
		line.Marks = append(line.Marks, Mark{What: b.view.Say("in a thread")})
	}
	for _, v := range later {
		line.Marks = append(line.Marks, Mark{What: b.view.Say("edited"), At: v.At, Text: b.view.Plain(v.Text)})
	}
	if !r.Deleted.IsZero() {
		mark := Mark{What: b.view.Say("deleted in Slack"), At: r.Deleted}
		switch {
		case b.ours(e.Seq):
			mark.What = b.view.Say("deleted")
		case r.Noticed:
			mark.What = b.view.Say("deleted in Slack, noticed")
		}
		line.Marks = append(line.Marks, mark)
	}
	return line
}
