package portrait

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
)

// Path is where anybody finds a picture: Path + token + Ending.
const (
	Path   = "/portraits/"
	Ending = ".png"
)

// Address is where agents find the picture of one of them. It is always there:
// who has none has one that is clear.
func Address(a desk.AgentID) string { return "/agents/" + string(a) + "/picture" }

// UseCases are what agents can ask for.
type UseCases interface {
	Choose(ctx context.Context, by desk.By, a desk.Agent, r io.Reader) error
	Drop(ctx context.Context, by desk.By, a desk.Agent) error
	Of(ctx context.Context, a desk.AgentID) (personal.Portrait, error)
	At(ctx context.Context, token string) (personal.Portrait, error)
}

// None is for a console in which nobody can have a picture.
type None struct{}

// Choose refuses.
func (None) Choose(context.Context, desk.By, desk.Agent, io.Reader) error {
	return &desk.Refusal{Kind: desk.ErrForbidden, Message: "Pictures cannot be chosen here."}
}

// Drop has nothing to do.
func (None) Drop(context.Context, desk.By, desk.Agent) error { return nil }

// Of finds none.
func (None) Of(context.Context, desk.AgentID) (personal.Portrait, error) {
	return personal.Portrait{}, desk.ErrNotFound
}

// At finds none.
func (None) At(context.Context, string) (personal.Portrait, error) {
	return personal.Portrait{}, desk.ErrNotFound
}

// Pages answer the addresses of pictures.
type Pages struct {
	Do UseCases
	// Again shows the page of one's own with what is wrong with a picture.
	Again func(w http.ResponseWriter, r *http.Request, who desk.Agent, status int, problem string) error
}

// A Handler answers a request of an agent.
type Handler func(w http.ResponseWriter, r *http.Request, who desk.Agent) error

// Routes are the addresses for agents.
func (p Pages) Routes() map[string]Handler {
	return map[string]Handler{
		"POST /me/picture":         p.postPicture,
		"POST /me/picture/delete":  p.postDelete,
		"GET /agents/{id}/picture": p.getPicture,
	}
}

// postPicture takes the picture in the field "picture".
func (p Pages) postPicture(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	err := p.choose(r, who)
	if refusal, ok := errors.AsType[*desk.Refusal](err); ok && errors.Is(err, desk.ErrInvalid) {
		return p.Again(w, r, who, http.StatusUnprocessableEntity, refusal.Message)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/me", http.StatusSeeOther)
	return nil
}

func (p Pages) choose(r *http.Request, who desk.Agent) error {
	lacking := &desk.Refusal{Kind: desk.ErrInvalid, Field: "picture", Message: "Choose a picture."}
	parts, err := r.MultipartReader()
	if err != nil {
		return lacking
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return lacking
		case err != nil:
			return &desk.Refusal{Kind: desk.ErrInvalid, Field: "picture", Message: "The picture did not arrive whole. Try it again."}
		case part.FormName() == "picture" && part.FileName() != "":
			return p.Do.Choose(r.Context(), themselves(who), who, part)
		}
	}
}

// themselves is an agent who does something to their own picture.
func themselves(who desk.Agent) desk.By {
	return desk.By{Actor: desk.ByAgent(who), Via: desk.ViaConsole}
}

func (p Pages) postDelete(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	if err := p.Do.Drop(r.Context(), themselves(who), who); err != nil {
		return err
	}
	http.Redirect(w, r, "/me", http.StatusSeeOther)
	return nil
}

// getPicture answers agents with the picture of one of them, which browsers ask
// for again each time: it may have changed.
func (p Pages) getPicture(w http.ResponseWriter, r *http.Request, _ desk.Agent) error {
	portrait, err := p.Do.Of(r.Context(), desk.AgentID(r.PathValue("id")))
	if errors.Is(err, desk.ErrNotFound) {
		portrait, err = personal.Portrait{Token: "none", PNG: nobody()}, nil
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	serve(w, r, portrait)
	return nil
}

// GetPublic answers anybody, such as Slack's servers. What an address shows never
// changes.
func (p Pages) GetPublic(w http.ResponseWriter, r *http.Request) error {
	token, ok := strings.CutSuffix(r.PathValue("file"), Ending)
	if !ok || token == "" {
		return fmt.Errorf("picture: %w", desk.ErrNotFound)
	}
	portrait, err := p.Do.At(r.Context(), token)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("X-Robots-Tag", "noindex")
	serve(w, r, portrait)
	return nil
}

func serve(w http.ResponseWriter, r *http.Request, p personal.Portrait) {
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("ETag", `"`+p.Token+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(p.PNG))
}

// nobody is a picture of one clear pixel, through which initials show.
func nobody() []byte {
	png, _ := hex.DecodeString("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b4944415478da636000020000050001e9fadcd80000000049454e44ae426082") // it is as it is
	return png
}
