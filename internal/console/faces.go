package console

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

// noFaces has none.
type noFaces struct{}

func (noFaces) Face(context.Context, desk.PersonID) (content io.ReadSeekCloser, kind, hash string, err error) {
	return nil, "", "", desk.ErrNotFound
}

// getFace answers with a person's picture. Without one the page shows initials.
func (s *Server) getFace(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	content, kind, hash, err := s.opt.Faces.Face(r.Context(), desk.PersonID(r.PathValue("id")))
	if err != nil {
		return asMissing(err, "There is no such picture.")
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
