package emojis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
)

// maxPicture is the most that a picture may have; Slack takes 128 KB.
const maxPicture = 512 << 10

const pictureTimeout = 7 * time.Second

var errPictureTimeout = errors.New("the picture did not arrive in time")

// A shelf keeps bytes.
type shelf interface {
	Put(ctx context.Context, r io.Reader, limit int64) (hash string, size int64, err error)
	Open(hash string) (*os.File, error)
}

// Picture returns the picture of an emoji, bringing it here if it is to be shown
// for the first time. It wraps desk.ErrNotFound when there is none. The caller
// closes the content.
func (b *Book) Picture(ctx context.Context, w desk.WorkspaceID, name string) (content io.ReadSeekCloser, kind, hash string, err error) {
	e, _, ok := b.look(name)
	if w != b.workspace || !ok {
		return nil, "", "", fmt.Errorf("emoji of workspace %s: %w", w, desk.ErrNotFound)
	}
	file, err := b.open(e.Hash)
	if errors.Is(err, desk.ErrNotFound) {
		if err := b.bring(ctx, &e); err != nil {
			return nil, "", "", fmt.Errorf("picture of an emoji: %w", err)
		}
		file, err = b.open(e.Hash)
	}
	if err != nil {
		return nil, "", "", err
	}
	return file, e.Type, e.Hash, nil
}

func (b *Book) open(hash string) (*os.File, error) {
	if hash == "" {
		return nil, desk.ErrNotFound
	}
	return b.blobs.Open(hash)
}

// bring fetches the picture of e and keeps it.
func (b *Book) bring(ctx context.Context, e *served.CustomEmoji) error {
	ctx, cancel := context.WithTimeoutCause(ctx, pictureTimeout, errPictureTimeout)
	defer cancel()
	body, err := b.slack.FetchPicture(ctx, e.URL)
	if err != nil {
		return err
	}
	defer body.Content.Close()
	content, kind, err := body.Picture()
	if errors.Is(err, api.ErrNoPicture) {
		return fmt.Errorf("%w: %w", desk.ErrNotFound, err)
	}
	if err != nil {
		return err
	}
	e.Type = kind
	if e.Hash, _, err = b.blobs.Put(ctx, content, maxPicture); err != nil {
		return err
	}
	if err := b.keep.KeepEmoji(ctx, b.workspace, []served.CustomEmoji{*e}, nil); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known[e.Name].URL == e.URL {
		b.known[e.Name] = *e
	}
	return nil
}
