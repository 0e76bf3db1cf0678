package faces

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/api"
)

const (
	maxPicture = 1 << 20          // bytes; those of 192 pixels have far fewer
	tryAgain   = 10 * time.Minute // after a picture did not come
	atOnce     = 4                // pictures that are fetched together

	pictureTimeout = 7 * time.Second
)

var errPictureTimeout = errors.New("the picture did not arrive in time")

// A fetcher opens pictures in Slack.
type fetcher interface {
	FetchPicture(ctx context.Context, address string) (api.Body, error)
}

// A reader knows where people's pictures are.
type reader interface {
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
}

// A shelf keeps bytes.
type shelf interface {
	Put(ctx context.Context, r io.Reader, limit int64) (hash string, size int64, err error)
	Open(hash string) (*os.File, error)
}

// A face is a picture that was brought here, or was not to be had.
type face struct {
	address string
	hash    string // empty: it did not come
	kind    string // its type, which carries no script
	tried   time.Time
}

// A Gallery has the pictures of people. It may be used by many goroutines. Make
// one with [New].
type Gallery struct {
	slack fetcher
	read  reader
	blobs shelf
	now   func() time.Time
	turns chan struct{} // as many as pictures may be fetched together

	mu    sync.Mutex // guards known, for a look or a change
	known map[desk.PersonID]face
}

// New returns a Gallery that knows no picture yet. now may be nil.
func New(slack fetcher, read reader, blobs shelf, now func() time.Time) *Gallery {
	if now == nil {
		now = time.Now
	}
	return &Gallery{
		slack: slack, read: read, blobs: blobs, now: now,
		turns: make(chan struct{}, atOnce), known: map[desk.PersonID]face{},
	}
}

// Face opens a person's picture, bringing it here if it is to be shown for the
// first time. It wraps desk.ErrNotFound when there is none. The caller closes
// the content.
func (g *Gallery) Face(ctx context.Context, id desk.PersonID) (content io.ReadSeekCloser, kind, hash string, err error) {
	people, err := g.read.People(ctx, []desk.PersonID{id})
	if err != nil {
		return nil, "", "", fmt.Errorf("picture of a person: %w", err)
	}
	address := people[id].Avatar
	if address == "" {
		return nil, "", "", fmt.Errorf("picture of a person: %w", desk.ErrNotFound)
	}
	f := g.look(id)
	if f.address == address && f.hash != "" {
		file, err := g.blobs.Open(f.hash)
		if err == nil || !errors.Is(err, desk.ErrNotFound) {
			return file, f.kind, f.hash, err
		}
	}
	if f.address == address && f.hash == "" && g.now().Sub(f.tried) < tryAgain {
		return nil, "", "", fmt.Errorf("picture of a person, which did not come lately: %w", desk.ErrNotFound)
	}
	if f, err = g.bring(ctx, address); err != nil {
		if ctx.Err() == nil {
			g.keep(id, face{address: address, tried: g.now()})
		}
		return nil, "", "", fmt.Errorf("picture of a person: %w: %w", desk.ErrNotFound, err)
	}
	g.keep(id, f)
	file, err := g.blobs.Open(f.hash)
	return file, f.kind, f.hash, err
}

func (g *Gallery) look(id desk.PersonID) face {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.known[id]
}

func (g *Gallery) keep(id desk.PersonID, f face) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known[id] = f
}

// bring fetches a picture and keeps its bytes.
func (g *Gallery) bring(ctx context.Context, address string) (face, error) {
	select {
	case g.turns <- struct{}{}:
		defer func() { <-g.turns }()
	case <-ctx.Done():
		return face{}, context.Cause(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, pictureTimeout, errPictureTimeout)
	defer cancel()
	body, err := g.slack.FetchPicture(ctx, address)
	if err != nil {
		return face{}, err
	}
	defer body.Content.Close()
	content, kind, err := body.Picture()
	if err != nil {
		return face{}, err
	}
	f := face{address: address, tried: g.now(), kind: kind}
	f.hash, _, err = g.blobs.Put(ctx, content, maxPicture)
	return f, err
}
