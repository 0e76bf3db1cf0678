package console

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/web"
)

const (
	maxFiles = 10              // sent at once
	bodyIdle = 1 * time.Minute // how long the bytes of a file may stop coming
)

// maxBody is how much a request may send: files have their own limit.
func (s *Server) maxBody(r *http.Request) int64 {
	if multipart(r) && (strings.HasSuffix(r.URL.Path, "/files") || strings.HasSuffix(r.URL.Path, "/replies")) {
		return maxFiles*s.opt.MaxFile + maxForm
	}
	return maxForm
}

func multipart(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// An upload is a form with files, whose bytes are kept already.
type upload struct {
	token, text string
	as          string // asNote when the text is for colleagues
	files       []casework.Attach
}

// readUpload reads a form as it comes, its files into the store, never into
// memory.
func (s *Server) readUpload(w http.ResponseWriter, r *http.Request) (upload, error) {
	var up upload
	parts, err := r.MultipartReader()
	if err != nil {
		return up, badForm(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return up, nil
		}
		if err != nil {
			return up, badForm(err)
		}
		switch {
		case part.FormName() == "file" && part.FileName() != "":
			if len(up.files) == maxFiles {
				return up, &desk.Refusal{Kind: desk.ErrInvalid, Field: "file", Message: fmt.Sprintf("Send at most %d files at once.", maxFiles)}
			}
			f, err := s.keep(w, r, part, part.FileName())
			if err != nil {
				return up, err
			}
			up.files = append(up.files, f)
		default:
			field := map[string]*string{"token": &up.token, "text": &up.text, "as": &up.as}[part.FormName()]
			if field == nil {
				continue
			}
			value, err := io.ReadAll(io.LimitReader(part, maxForm))
			if err != nil {
				return up, badForm(err)
			}
			*field = string(value)
		}
	}
}

// keep keeps one file of a form, under what it is by its content.
func (s *Server) keep(w http.ResponseWriter, r *http.Request, content io.Reader, name string) (casework.Attach, error) {
	name = desk.FileName(name)
	// The connection may have no deadlines; then a slow body is cut by others.
	body := bufio.NewReaderSize(&unhurried{r: content, more: func() {
		_ = http.NewResponseController(w).SetReadDeadline(s.opt.Now().Add(bodyIdle))
	}}, 64<<10)
	head, err := body.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return casework.Attach{}, badForm(err)
	}
	kind := http.DetectContentType(head)
	hash, size, err := s.Keep(r.Context(), body, s.opt.MaxFile)
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

// postFiles takes files for the customer, without words.
func (s *Server) postFiles(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, err := s.caseOf(r)
	if err != nil {
		return err
	}
	if err := c.MayWrite(desk.ByAgent(who)); err != nil {
		return err // before all the bytes have come
	}
	up, err := s.readUpload(w, r)
	if err != nil {
		return err
	}
	if len(up.files) == 0 {
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "file", Message: "Choose a file to send."}
	}
	if err := s.attach(r, c, who, up); err != nil {
		return err
	}
	return s.done303(w, r, c)
}

// attach sends the files of a form that is otherwise carried out.
func (s *Server) attach(r *http.Request, c desk.Case, who desk.Agent, up upload) error {
	origin, err := originOf(up.token)
	if err != nil {
		return err
	}
	for i, f := range up.files {
		f.Case, f.Agent, f.Origin = c.ID, who, origin
		if i > 0 || up.text != "" {
			f.Origin = desk.Origin(fmt.Sprintf("%s:%d", origin, i+1))
		}
		if err := s.Cases.Attach(r.Context(), f); err != nil {
			return err
		}
	}
	return nil
}

// postRetry tries a file again that did not arrive.
func (s *Server) postRetry(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	f, err := s.Read.File(r.Context(), desk.FileID(r.PathValue("id")))
	if err != nil {
		return asMissing(err, "There is no such file.")
	}
	c, err := s.Read.Case(r.Context(), f.Case)
	if err != nil {
		return err
	}
	if err := s.Cases.RetryFile(r.Context(), f.ID, who); err != nil {
		return err
	}
	return s.done303(w, r, c)
}

// wordsAndFiles reads the composer's form, with files or without.
func (s *Server) wordsAndFiles(w http.ResponseWriter, r *http.Request) (upload, error) {
	if multipart(r) {
		return s.readUpload(w, r)
	}
	if err := r.ParseForm(); err != nil {
		return upload{}, badForm(err)
	}
	return upload{token: r.PostForm.Get("token"), text: r.PostForm.Get("text"), as: r.PostForm.Get("as")}, nil
}

// typedOr shows a refused form again with its words, to those who sent it
// without a script.
func (s *Server) typedOr(w http.ResponseWriter, r *http.Request, who desk.Agent, typed string, err error) error {
	if refusal, ok := errors.AsType[*desk.Refusal](err); ok && !web.WantsJSON(r) {
		return s.typedAgain(w, r, who, typed, refusal)
	}
	return err
}
