package outside

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

// Emoji are the custom emoji of workspaces.
type Emoji interface {
	// Find returns the common emoji that a name stands for, or whether it has a
	// picture; nothing when nobody knows it.
	Find(w desk.WorkspaceID, name string) (common string, pictured bool)
	// Picture opens the picture of a name, or wraps desk.ErrNotFound. Its type
	// is one that carries no script.
	Picture(ctx context.Context, w desk.WorkspaceID, name string) (content io.ReadSeekCloser, kind, hash string, err error)
}

// NoEmoji knows none.
type NoEmoji struct{}

func (NoEmoji) Find(desk.WorkspaceID, string) (common string, pictured bool) { return "", false }

func (NoEmoji) Picture(context.Context, desk.WorkspaceID, string) (content io.ReadSeekCloser, kind, hash string, err error) {
	return nil, "", "", desk.ErrNotFound
}

// Named resolves the custom emoji of a workspace. Their pictures are at our own
// address.
func Named(all Emoji, w desk.WorkspaceID) func(name string) (text, image string) {
	return func(name string) (text, image string) {
		common, pictured := all.Find(w, name)
		switch {
		case pictured:
			return "", "/emoji/" + url.PathEscape(string(w)) + "/" + url.PathEscape(name)
		case common != "":
			return mrkdwn.EmojiText(common), ""
		}
		return "", ""
	}
}

// ServeEmoji answers with a custom emoji's picture. Without one it is
// desk.ErrNotFound, and the browser shows the name.
func ServeEmoji(all Emoji, w http.ResponseWriter, r *http.Request) error {
	content, kind, hash, err := all.Picture(r.Context(), desk.WorkspaceID(r.PathValue("workspace")), r.PathValue("name"))
	if err != nil {
		return err
	}
	servePicture(w, r, content, kind, hash)
	return nil
}
