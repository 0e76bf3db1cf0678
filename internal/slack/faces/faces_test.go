package faces

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"caseline/internal/blob"
	"caseline/internal/desk"
	"caseline/internal/slack/api"
)

// A place serves whatever it is told, and counts.
type place struct {
	content []byte
	err     error
	asked   int
}

func (p *place) FetchPicture(context.Context, string) (api.Body, error) {
	p.asked++
	return api.Body{Content: io.NopCloser(bytes.NewReader(p.content))}, p.err
}

// A book says where the pictures are.
type book map[desk.PersonID]desk.Person

func (b book) People(context.Context, []desk.PersonID) (map[desk.PersonID]desk.Person, error) {
	return b, nil
}

func picture(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPicturesAreBroughtOnce(t *testing.T) {
	files, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	now := time.Unix(1_700_000_000, 0)
	slack, people := &place{content: picture(t, 8)}, book{"T1/U1": {Avatar: "https://a.slack-edge.com/1.png"}}
	g := New(slack, people, files, func() time.Time { return now })
	face := func(id desk.PersonID) ([]byte, string, error) {
		t.Helper()
		content, kind, hash, err := g.Face(t.Context(), id)
		if err != nil {
			return nil, "", err
		}
		defer content.Close()
		read, err := io.ReadAll(content)
		if err != nil || hash == "" {
			t.Errorf("got hash %q, %v", hash, err)
		}
		return read, kind, nil
	}
	for range 3 {
		if got, kind, err := face("T1/U1"); err != nil || kind != "image/png" || !bytes.Equal(got, slack.content) {
			t.Errorf("got %d bytes of %s, %v", len(got), kind, err)
		}
	}
	if slack.asked != 1 {
		t.Errorf("fetched %d times, want once", slack.asked)
	}
	if _, _, err := face("T1/U2"); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("without a picture: got %v", err)
	}
	// Another picture has another address.
	slack.content, people["T1/U1"] = picture(t, 9), desk.Person{Avatar: "https://a.slack-edge.com/2.png"}
	if got, _, err := face("T1/U1"); err != nil || !bytes.Equal(got, slack.content) {
		t.Errorf("after a change: got %d bytes, %v", len(got), err)
	}
	if slack.asked != 2 {
		t.Errorf("fetched %d times, want twice", slack.asked)
	}
}

func TestWhatIsNoPictureIsNotServed(t *testing.T) {
	for name, slack := range map[string]*place{
		"a page":    {content: []byte("<!DOCTYPE html><script>alert(1)</script>")},
		"a drawing": {content: []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`)},
		"nothing":   {},
		"too large": {content: append(picture(t, 8), strings.Repeat("x", maxPicture)...)},
		"no answer": {err: errors.New("nobody there")},
	} {
		t.Run(name, func(t *testing.T) {
			files, err := blob.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer files.Close()
			now := time.Unix(1_700_000_000, 0)
			g := New(slack, book{"T1/U1": {Avatar: "https://a.slack-edge.com/1.png"}}, files, func() time.Time { return now })
			for _, after := range []time.Duration{0, tryAgain / 2, tryAgain} {
				now = now.Add(after)
				if _, _, _, err := g.Face(t.Context(), "T1/U1"); !errors.Is(err, desk.ErrNotFound) {
					t.Errorf("got %v, want that there is none", err)
				}
			}
			if slack.asked != 2 {
				t.Errorf("asked %d times, want at once and after a while", slack.asked)
			}
		})
	}
}
