package console

import (
	"html/template"
	"strings"
	"testing"
	"time"

	"caseline/internal/console/drawn"
	"caseline/internal/console/record"
)

// TestPlainEntriesAreWhatTheTemplateMakesOfThem has what entries share drawn
// once, with names that try to be more than text.
func TestPlainEntriesAreWhatTheTemplateMakesOfThem(t *testing.T) {
	p, err := newPages()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var items []record.Item
	for i, name := range []string{"Alice", `"><script>alert(1)</script>`, "Alice", "O\x00'Neil & <b>", "Alice"} {
		item := record.Item{Seq: int64(i + 1), At: at.Add(time.Duration(i) * time.Minute), Kind: record.Message, Body: template.HTML("<p>words " + name[:1] + "</p>")}
		item.Author.Name, item.Author.Key, item.Author.Initials, item.Author.Picture = name, "key "+name, name[:1], "javascript:alert(2)"
		item.Follows = i == 4
		items = append(items, item)
	}
	entries, err := p.Entries("case", items, drawn.Clockface{Zone: time.UTC, Now: at})
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		got := string(e.Whole)
		e.Whole = ""
		var want string
		err := p.Render("case", "entry-drawn", e, func(body []byte) error {
			want = string(body)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got != want || got == "" {
			t.Errorf("entry %d: got %s, want %s", i, got, want)
		}
		if !strings.Contains(got, string(items[i].Body)) || strings.Contains(got, "<script") || strings.Contains(got, "<b>") || strings.Contains(got, "javascript:") || strings.ContainsRune(got, 0) {
			t.Errorf("entry %d: %s", i, got)
		}
	}
}

// A log that is drawn in pieces is its entries one after the other.
func TestALogIsItsEntries(t *testing.T) {
	p, err := newPages()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	var items []record.Item
	for i := range 100 {
		item := record.Item{
			Seq: int64(i + 1), At: at.Add(time.Duration(i) * time.Hour), Kind: record.Message, Body: template.HTML(strings.Repeat("<p>words</p>", i)),
			Thread: i%7 == 1, Follows: i%3 == 1, Note: i%11 == 1,
		}
		if i%5 == 1 {
			item.Kind, item.Line = record.Event, "Alice <left>"
		}
		if i%13 == 1 {
			item.Token = "token"
		}
		item.Author.Name = []string{"Alice", "Bob <b>"}[i/8%2]
		items = append(items, item)
	}
	face := drawn.Clockface{Zone: time.FixedZone("<east>", 9*60*60), Now: at}
	entries, err := p.Entries("case", items, face)
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, e := range entries {
		if err := p.Render("case", "entry", e, func(body []byte) error { want.Write(body); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	pieces, err := p.Log("case", items, face)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, piece := range pieces {
		got.WriteString(string(piece))
	}
	if len(pieces) < 2 || got.String() != want.String() {
		t.Errorf("got %d pieces:\n%s\nwant\n%s", len(pieces), &got, &want)
	}
}
