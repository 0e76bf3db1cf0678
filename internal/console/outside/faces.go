package outside

import (
	"context"
	"io"
	"net/http"
	"time"

	"caseline/internal/desk"
)

// Faces are the pictures of people.
type Faces interface {
	// Face opens a person's picture, or wraps desk.ErrNotFound. Its type is one
	// that carries no script.
	Face(ctx context.Context, id desk.PersonID) (content io.ReadSeekCloser, kind, hash string, err error)
}

// NoFaces has none.
type NoFaces struct{}

func (NoFaces) Face(context.Context, desk.PersonID) (content io.ReadSeekCloser, kind, hash string, err error) {
	return nil, "", "", desk.ErrNotFound
}

// ServeFace answers with a person's picture. Without one it is desk.ErrNotFound,
// and the page shows initials.
func ServeFace(all Faces, w http.ResponseWriter, r *http.Request) error {
	content, kind, hash, err := all.Face(r.Context(), desk.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	servePicture(w, r, content, kind, hash)
	return nil
}

// servePicture answers with a picture that was made elsewhere, and closes it.
func servePicture(w http.ResponseWriter, r *http.Request, content io.ReadSeekCloser, kind, hash string) {
	defer content.Close() // read only: nothing to lose
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("ETag", `"`+hash+`"`)
	http.ServeContent(w, r, "", time.Time{}, content)
}
