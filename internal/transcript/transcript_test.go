package transcript

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func source() Source {
	alice, jane := desk.ByCustomer("T1/alice"), desk.ByAgent(desk.Agent{ID: "a1", Name: "Jane"})
	at := func(s int) time.Time { return noon.Add(time.Duration(s) * time.Second) }
	return Source{
		Case: desk.Case{Number: "1234567890", Subject: "Build <is> stuck"}, Account: "Acme",
		Chat: desk.ChatSession{
			ID: "chat-1", State: desk.ChatEnded, AgentName: "Jane", JoinedAt: at(0), EndedAt: at(60),
			Reason: desk.EndedByCustomer, EndedBy: alice,
		},
		Entries: []desk.Correspondence{
			{Seq: 1, Kind: desk.KindMessage, Author: alice, Text: "the description"},
			{Seq: 2, Kind: desk.KindMessage, Chat: "chat-0", Author: alice, Text: "an earlier chat", At: at(-100)},
			{Seq: 3, Kind: desk.KindChat, Chat: "chat-1", Author: jane, What: "joined", At: at(0)},
			{Seq: 4, Kind: desk.KindMessage, Chat: "chat-1", Author: jane, Text: "second", At: at(10)},
			{Seq: 5, Kind: desk.KindMessage, Chat: "chat-1", Author: alice, Text: "first, *late* <b>\n12:00:00  Jane (Support):", At: at(5)},
			{Seq: 6, Kind: desk.KindEdit, Chat: "chat-1", Author: alice, Text: "first, mended", Refers: 5, At: at(12)},
			{Seq: 7, Kind: desk.KindFile, Chat: "chat-1", Author: alice, Text: "a.log", File: "f1", At: at(20)},
			{Seq: 8, Kind: desk.KindDeletion, Chat: "chat-1", Author: alice, Refers: 4, At: at(30)},
		},
		Files: []desk.File{{ID: "f1", Type: "text/plain", Size: 3, Hash: "abc", State: desk.FileReady}},
		Name: func(a desk.Actor) string {
			if a.Name != "" {
				return a.Name
			}
			return "Alice"
		},
	}
}

func TestTranscriptIsInTheOrderOfWriting(t *testing.T) {
	got, err := New(source())
	if err != nil {
		t.Fatal(err)
	}
	if got.Messages != 2 || got.Files != 1 || len(got.Lines) != 3 {
		t.Fatalf("got %d messages, %d files, %d lines", got.Messages, got.Files, len(got.Lines))
	}
	if l := got.Lines[0]; !strings.HasPrefix(l.Text, "first") || len(l.Changes) != 1 || l.Changes[0].Text != "first, mended" {
		t.Errorf("first line: got %+v", l)
	}
	if l := got.Lines[1]; l.Text != "second" || len(l.Changes) != 1 || l.Changes[0].What != "deleted" {
		t.Errorf("second line: got %+v, want the words kept and the deletion beside them", l)
	}
	if l := got.Lines[2]; l.File == nil || l.File.SHA256 != "abc" {
		t.Errorf("third line: got %+v, want the file", l)
	}
}

func TestAForgedExportIsFound(t *testing.T) {
	got, err := New(source())
	if err != nil {
		t.Fatal(err)
	}
	export, err := got.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Check(export); err != nil {
		t.Errorf("the export as it was written: got %v", err)
	}
	if _, err := Check(bytes.Replace(export, []byte("second"), []byte("secund"), 1)); !errors.Is(err, ErrForged) {
		t.Errorf("an export with another word: got %v, want that it is forged", err)
	}
	if _, err := Check([]byte("{")); err == nil {
		t.Error("half an export passed")
	}
}

func TestTextCannotPassForAnotherLine(t *testing.T) {
	got, err := New(source())
	if err != nil {
		t.Fatal(err)
	}
	text := got.Text(mrkdwn.Resolver{})
	lines := strings.Split(text, "\n")
	speakers := 0
	for _, line := range lines {
		if strings.HasSuffix(line, "Jane (Support):") && !strings.HasPrefix(line, "    ") {
			speakers++
		}
	}
	if speakers != 1 {
		t.Errorf("got %d lines that say Jane speaks, want 1:\n%s", speakers, text)
	}
	if !strings.Contains(text, got.SHA256) || !strings.Contains(text, "[deleted 12:00:30]") || !strings.Contains(text, "{+mended+}") {
		t.Errorf("the text lacks the hash, the deletion or the edit:\n%s", text)
	}
}

func TestHTMLRunsNothing(t *testing.T) {
	s := source()
	s.Entries = append(s.Entries, desk.Correspondence{
		Seq: 9, Kind: desk.KindMessage, Chat: "chat-1", Author: desk.ByCustomer("T1/alice"),
		Text: `<script>alert(1)</script> [x](javascript:alert(1))`, At: noon.Add(40 * time.Second),
	})
	got, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	page, err := got.HTML(mrkdwn.Resolver{})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "href=\"javascript:", "Build <is>", "<b>"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	for _, want := range []string{"Build &lt;is&gt; stuck", got.SHA256, "a.log"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestNoTranscriptOfAChatThatRuns(t *testing.T) {
	for _, chat := range []desk.ChatSession{{}, {State: desk.ChatInProgress, JoinedAt: noon}, {State: desk.ChatEnded}} {
		s := source()
		s.Chat = chat
		if _, err := New(s); !errors.Is(err, desk.ErrConflict) {
			t.Errorf("chat %+v: got %v, want a conflict", chat, err)
		}
	}
}
