package web

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"caseline/internal/desk"
)

// A Kit turns handlers that return errors into http.Handlers.
type Kit struct {
	// Tell says a sentence in the language of who asked; nil says it as it is.
	Tell func(r *http.Request, sentence string) string

	log  *slog.Logger
	page ErrorPage
}

// A Problem is what a person is told when a request fails.
type Problem struct {
	Status  int
	Message string // a whole sentence
	Field   string // the form field it is about, or empty
}

// An ErrorPage writes p as a page, status included.
type ErrorPage func(w http.ResponseWriter, r *http.Request, p Problem)

// NewKit returns a Kit that logs to log and shows people page; nil means a
// plain text.
func NewKit(log *slog.Logger, page ErrorPage) *Kit {
	if page == nil {
		page = plain
	}
	return &Kit{log: log, page: page}
}

// Handle returns h as an http.Handler that answers h's errors.
func (k *Kit) Handle(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			k.Fail(w, r, err)
		}
	})
}

// Fail answers r with err. When the answer has begun, it can only be cut off
// so that the reader does not take it for whole.
func (k *Kit) Fail(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(err)
	switch {
	case p.Status < http.StatusInternalServerError:
	case r.Context().Err() != nil:
		p.Status = statusLeft // nobody reads the answer, and nothing is wrong here
	default:
		k.log.LogAttrs(r.Context(), slog.LevelError, "request failed",
			slog.String("method", r.Method), slog.String("path", pathOf(r)), slog.Any("err", err))
	}
	if begun(w) {
		panic(http.ErrAbortHandler) // recovered by net/http, which drops the connection
	}
	k.Show(w, r, p)
}

// Show answers r with a problem, as JSON to those who ask for that.
func (k *Kit) Show(w http.ResponseWriter, r *http.Request, p Problem) {
	if k.Tell != nil {
		p.Message = k.Tell(r, p.Message)
	}
	w.Header().Set("Cache-Control", "no-store")
	if WantsJSON(r) {
		WriteJSON(w, p.Status, struct {
			Error string `json:"error"`
			Field string `json:"field,omitempty"`
		}{p.Message, p.Field})
		return
	}
	k.page(w, r, p)
}

// statusLeft is what the log shows for somebody who did not wait.
const statusLeft = 499

// ProblemOf says what a person is told about err.
func ProblemOf(err error) Problem {
	p := Problem{Status: StatusOf(err), Message: "Internal error"}
	if refusal, ok := errors.AsType[*desk.Refusal](err); ok {
		p.Message, p.Field = refusal.Message, refusal.Field
		return p
	}
	if p.Status < http.StatusInternalServerError {
		p.Message = sentences[p.Status]
	}
	return p
}

// StatusOf is the one table from kinds of failure to HTTP statuses.
func StatusOf(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	for _, row := range statuses() {
		if errors.Is(err, row.kind) {
			return row.status
		}
	}
	return http.StatusInternalServerError
}

type statusRow struct {
	kind   error
	status int
}

func statuses() []statusRow {
	return []statusRow{
		{desk.ErrInvalid, http.StatusUnprocessableEntity},
		{desk.ErrNotFound, http.StatusNotFound},
		{desk.ErrConflict, http.StatusConflict},
		{desk.ErrTooLate, http.StatusConflict},
		{desk.ErrLimit, http.StatusConflict},
		{desk.ErrForbidden, http.StatusForbidden},
	}
}

// sentences are for failures that carry none of their own.
var sentences = map[int]string{
	http.StatusUnprocessableEntity:   "That could not be understood. Go back, check what you entered and try again.",
	http.StatusNotFound:              "There is nothing at this address. It may have been moved or never existed.",
	http.StatusConflict:              "Somebody else was faster, or things have changed since you looked. Reload and try again.",
	http.StatusForbidden:             "You may not do that.",
	http.StatusRequestEntityTooLarge: "That is too large to send.",
}

// WantsJSON reports whether r was made by a script of ours that reads JSON.
func WantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

// WriteJSON answers with v.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	// The status has gone out: an error here is a reader who left.
	_ = json.NewEncoder(w).Encode(v)
}

func plain(w http.ResponseWriter, _ *http.Request, p Problem) {
	http.Error(w, p.Message, p.Status)
}
