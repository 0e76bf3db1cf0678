package console

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

// noEmoji knows none.
type noEmoji struct{}

func (noEmoji) Find(desk.WorkspaceID, string) (common string, pictured bool) { return "", false }

func (noEmoji) Picture(context.Context, desk.WorkspaceID, string) (content io.ReadSeekCloser, kind, hash string, err error) {
	return nil, "", "", desk.ErrNotFound
}

// emoji resolves the custom emoji of a workspace. Their pictures are at our own
// address.
func (s *Server) emoji(w desk.WorkspaceID) func(name string) (text, image string) {
	return func(name string) (text, image string) {
		common, pictured := s.opt.Emoji.Find(w, name)
		switch {
		case pictured:
			return "", "/emoji/" + url.PathEscape(string(w)) + "/" + url.PathEscape(name)
		case common != "":
			return mrkdwn.EmojiText(common), ""
		}
		return "", ""
	}
}

// getEmoji answers with a custom emoji's picture. Without one the browser shows
// the name.
func (s *Server) getEmoji(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	content, kind, hash, err := s.opt.Emoji.Picture(r.Context(), desk.WorkspaceID(r.PathValue("workspace")), r.PathValue("name"))
	if err != nil {
		return asMissing(err, "There is no such emoji.")
	}
	servePicture(w, r, content, kind, hash)
	return nil
}
