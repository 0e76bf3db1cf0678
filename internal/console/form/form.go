package form

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
)

const (
	MaxFiles   = 10              // sent at once
	maxPicture = 4 << 20         // of an agent, in bytes
	maxForm    = 1 << 20         // besides files, in bytes: a reply of full length, several bytes a character, and its escapes
	bodyIdle   = 1 * time.Minute // how long the bytes of a file may stop coming
)

// A Reader reads forms, and keeps the files in them.
type Reader struct {
	Now     func() time.Time
	MaxFile int64 // bytes
	// Keep keeps the bytes of a file of up to limit bytes.
	Keep func(ctx context.Context, r io.Reader, limit int64) (hash string, size int64, err error)
}

// MaxBody is how much a request may send: files have their own limit.
func (rd *Reader) MaxBody(r *http.Request) int64 {
	if multipart(r) && strings.HasSuffix(r.URL.Path, "/me/picture") {
		return maxPicture + maxForm
	}
	if multipart(r) && (strings.HasSuffix(r.URL.Path, "/files") || strings.HasSuffix(r.URL.Path, "/replies")) {
		return MaxFiles*rd.MaxFile + maxForm
	}
	return maxForm
}

func multipart(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// Sent is what a composer sent. The bytes of its files are kept already.
type Sent struct {
	Token, Text string
	As          string // AsNote when the text is for colleagues
	Files       []casework.Attach
}

// AsNote is what the field "as" of a composer says when what was typed is for
// colleagues. A form whose sender chose that never goes to the customer, to
// whichever address a browser without a script sent it.
const AsNote = "note"

// Upload reads a form as it comes, its files into the store, never into
// memory.
func (rd *Reader) Upload(w http.ResponseWriter, r *http.Request) (Sent, error) {
	var up Sent
	parts, err := r.MultipartReader()
	if err != nil {
		return up, Bad(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return up, nil
		}
		if err != nil {
			return up, Bad(err)
		}
		switch {
		case part.FormName() == "file" && part.FileName() != "":
			if len(up.Files) == MaxFiles {
				return up, &desk.Refusal{Kind: desk.ErrInvalid, Field: "file", Message: fmt.Sprintf("Send at most %d files at once.", MaxFiles)}
			}
			f, err := rd.keep(w, r, part, part.FileName())
			if err != nil {
				return up, err
			}
			up.Files = append(up.Files, f)
		default:
			field := map[string]*string{"token": &up.Token, "text": &up.Text, "as": &up.As}[part.FormName()]
			if field == nil {
				continue
			}
			value, err := io.ReadAll(io.LimitReader(part, maxForm))
			if err != nil {
				return up, Bad(err)
			}
			*field = string(value)
		}
	}
}

// keep keeps one file of a form, under what it is by its content.
func (rd *Reader) keep(w http.ResponseWriter, r *http.Request, content io.Reader, name string) (casework.Attach, error) {
	name = desk.FileName(name)
	// The connection may have no deadlines; then a slow body is cut by others.
	body := bufio.NewReaderSize(&unhurried{r: content, more: func() {
		_ = http.NewResponseController(w).SetReadDeadline(rd.Now().Add(bodyIdle))
	}}, 64<<10)
	head, err := body.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return casework.Attach{}, Bad(err)
	}
	kind := http.DetectContentType(head)
	hash, size, err := rd.Keep(r.Context(), body, rd.MaxFile)
	if refusal, ok := errors.AsType[*desk.Refusal](err); ok { // too large
		return casework.Attach{}, &desk.Refusal{Kind: refusal.Kind, Field: "file", Message: name + " was not sent. " + refusal.Message}
	}
	if err != nil {
		return casework.Attach{}, fmt.Errorf("keep an uploaded file: %w", err)
	}
	return casework.Attach{Name: name, Hash: hash, Size: size, Type: kind}, nil
}

// An unhurried reader asks for more time as long as bytes come.
type unhurried struct {
	r    io.Reader
	more func()
}

func (u *unhurried) Read(p []byte) (int, error) {
	u.more()
	return u.r.Read(p)
}

// Message reads the composer's form, with files or without.
func (rd *Reader) Message(w http.ResponseWriter, r *http.Request) (Sent, error) {
	if multipart(r) {
		return rd.Upload(w, r)
	}
	if err := r.ParseForm(); err != nil {
		return Sent{}, Bad(err)
	}
	return Sent{Token: r.PostForm.Get("token"), Text: r.PostForm.Get("text"), As: r.PostForm.Get("as")}, nil
}

// Origin is where the entries of a form with a token come from.
func Origin(token string) (desk.Origin, error) {
	if !goodToken(token) {
		return "", &desk.Refusal{Kind: desk.ErrInvalid, Message: "The form is incomplete. Reload the page and try again."}
	}
	return desk.Origin("console:" + token), nil
}

// Instant reads a time in microseconds; nothing is no time.
func Instant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	us, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, &desk.Refusal{Kind: desk.ErrInvalid, Message: "The form is incomplete. Reload the page and try again."}
	}
	return time.UnixMicro(us).UTC(), nil
}

func goodToken(token string) bool {
	if len(token) < 16 || len(token) > 64 {
		return false
	}
	return strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Bad is the error of a form that could not be read.
func Bad(err error) error {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return err
	}
	return &desk.Refusal{Kind: desk.ErrInvalid, Message: "The form could not be read. Go back and send it again."}
}

// Missing gives a not-found error a sentence.
func Missing(err error, sentence string) error {
	if errors.Is(err, desk.ErrNotFound) {
		return &desk.Refusal{Kind: desk.ErrNotFound, Message: sentence}
	}
	return err
}
