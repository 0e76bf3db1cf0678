package emojis_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/blob"
	"caseline/internal/casework/emoji"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/emojis"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// A slack has emoji, and what comes from the address of each picture.
type slack struct {
	list     map[string]string
	pictures map[string]string
	err      error
	lists    int
	fetches  int
}

func (s *slack) EmojiList(context.Context) (map[string]string, error) {
	s.lists++
	return s.list, s.err
}

func (s *slack) FetchPicture(_ context.Context, address string) (api.Body, error) {
	s.fetches++
	content, ok := s.pictures[address]
	if !ok {
		return api.Body{}, &api.Error{Method: "picture", Kind: api.Refused, Err: errors.New("HTTP status 404")}
	}
	return api.Body{Content: io.NopCloser(strings.NewReader(content))}, nil
}

func (s *slack) Lacks(string) bool { return false }

const png = "\x89PNG\x0D\x0A\x1A\x0A"

// newBook returns a book that has read its list once.
func newBook(t *testing.T, s *slack, db store.Store) *emojis.Book {
	t.Helper()
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := emojis.New("T1", s, db, emoji.NewKeeper(db), files, emojis.Options{})
	if err := b.Load(t.Context()); !errors.Is(err, s.err) {
		t.Fatal(err)
	}
	return b
}

func TestOnlyPicturesAreServed(t *testing.T) {
	s := &slack{
		list: map[string]string{"blob": "https://x/blob", "page": "https://x/page", "svg": "https://x/svg", "large": "https://x/large", "lost": "https://x/lost"},
		pictures: map[string]string{
			"https://x/blob": png + "picture", "https://x/page": "<!doctype html><script>", "https://x/svg": `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`,
			"https://x/large": png + strings.Repeat("x", 600<<10),
		},
	}
	b := newBook(t, s, storetest.SQLite(t))
	for name, want := range map[string]bool{"blob": true, "page": false, "svg": false, "large": false, "lost": false, "none": false} {
		content, kind, hash, err := b.Picture(t.Context(), "T1", name)
		if (err == nil) != want {
			t.Errorf("%s: got %v", name, err)
		}
		if err != nil {
			continue
		}
		got, err := io.ReadAll(content)
		if err != nil || !bytes.Equal(got, []byte(png+"picture")) || kind != "image/png" || hash == "" {
			t.Errorf("%s: got %q, %s, %v", name, got, kind, err)
		}
		content.Close()
	}
	fetched := s.fetches
	if content, _, _, err := b.Picture(t.Context(), "T1", "blob"); err != nil || s.fetches != fetched {
		t.Errorf("a second time: got %v, and it was fetched again: %v", err, s.fetches != fetched)
	} else {
		content.Close()
	}
	if _, _, _, err := b.Picture(t.Context(), "T2", "blob"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("of another workspace: got %v", err)
	}
}

func TestAliases(t *testing.T) {
	s := &slack{list: map[string]string{
		"blob": "https://x/blob", "two": "alias:blob", "three": "alias:two", "yes": "alias:thumbsup", "loop": "alias:pool", "pool": "alias:loop",
	}}
	b := newBook(t, s, storetest.SQLite(t))
	for name, want := range map[string]struct {
		common   string
		pictured bool
	}{"blob": {"", true}, "two": {"", true}, "three": {"", true}, "yes": {"thumbsup", false}, "loop": {"", false}, "none": {"", false}} {
		if common, pictured := b.Find("T1", name); common != want.common || pictured != want.pictured {
			t.Errorf("%s: got %q, %v, want %+v", name, common, pictured, want)
		}
	}
}

// What was known before is known at the start, even when Slack says nothing; a
// changed picture is fetched anew, and what is gone is forgotten.
func TestTheListIsKeptAndReplaced(t *testing.T) {
	db := storetest.SQLite(t)
	s := &slack{list: map[string]string{"blob": "https://x/1", "old": "https://x/old"}, pictures: map[string]string{"https://x/1": png + "1", "https://x/2": png + "2"}}
	content, _, first, err := newBook(t, s, db).Picture(t.Context(), "T1", "blob")
	if err != nil {
		t.Fatal(err)
	}
	content.Close()
	s.err = errors.New("no answer")
	if _, known := newBook(t, s, db).Find("T1", "old"); !known {
		t.Error("what was known is forgotten because Slack gave no answer")
	}
	s.err, s.list = nil, map[string]string{"blob": "https://x/2"}
	newBook(t, s, db)
	all, err := db.CustomEmoji(t.Context(), "T1")
	if err != nil || len(all) != 1 || all[0].URL != "https://x/2" || all[0].Hash != "" {
		t.Errorf("kept: got %+v, %v", all, err)
	}
	discards, err := db.Discards(t.Context(), 9)
	if err != nil || len(discards) != 1 || discards[0] != (desk.Discard{Hash: first}) {
		t.Errorf("discarded: got %+v, %v, want the first picture", discards, err)
	}
}

// An unknown name has the list read again once in a while, and no more often.
func TestUnknownNamesDoNotFloodSlack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slack{list: map[string]string{"blob": "https://x/blob"}}
		b := emojis.New("T1", s, quiet{}, quiet{}, nil, emojis.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+30*time.Second)
		defer cancel()
		done := make(chan error, 1)
		go func() { done <- b.Run(ctx) }()
		for ctx.Err() == nil {
			b.Find("T1", "nobody-knows-it")
			time.Sleep(time.Second)
		}
		if err := <-done; err != nil || s.lists < 9 || s.lists > 12 {
			t.Errorf("got %v and %d lists in ten minutes", err, s.lists)
		}
	})
}

// A quiet keeps nothing.
type quiet struct{}

func (quiet) CustomEmoji(context.Context, desk.WorkspaceID) ([]served.CustomEmoji, error) {
	return nil, nil
}
func (quiet) KeepEmoji(context.Context, desk.WorkspaceID, []served.CustomEmoji, []served.CustomEmoji) error {
	return nil
}
