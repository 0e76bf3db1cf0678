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
		Seq: e.Seq, Compared: chat.Tally.State, Statement: chat.Tally.Statement(),
	}
	var entries []desk.Correspondence
	for _, entry := range b.Entries {
		if entry.Chat == e.Chat && (entry.Kind == desk.KindMessage || entry.Kind == desk.KindFile) {
			entries = append(entries, entry)
		}
	}
	if v.Long = len(entries) > maxTranscript; v.Long {
		return v
	}
	slices.SortStableFunc(entries, func(x, y desk.Correspondence) int { return x.At.Compare(y.At) })
	for _, entry := range entries {
		v.Lines = append(v.Lines, b.transcriptLine(entry))
	}
	return v
}

func (b *builder) transcriptLine(e desk.Correspondence) Line {
	author := AuthorOf(e.Author, b.People, b.view.Me)
	line := Line{At: e.At, Name: author.Name, Agent: author.Agent, Text: b.view.Plain(e.Text)}
	if e.Kind == desk.KindFile {
		line.Text = "File: " + e.Text
	}
	if agent := b.awaited(e); agent != "" {
		line.Marks = append(line.Marks, Mark{What: "written before " + agent + " joined"})
	}
	for _, change := range b.changes[e.Seq] {
		mark := Mark{What: "deleted in Slack", At: change.At}
		if change.Kind == desk.KindEdit {
			mark.What, mark.Text = "edited", b.view.Plain(change.Text)
		}
		line.Marks = append(line.Marks, mark)
	}
	return line
}
