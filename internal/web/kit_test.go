package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"caseline/internal/desk"
	"caseline/internal/web"
)

func TestErrorsBecomeStatuses(t *testing.T) {
	for name, tc := range map[string]struct {
		err     error
		status  int
		message string
	}{
		"invalid":   {desk.ErrInvalid, 422, "That could not be understood. Go back, check what you entered and try again."},
		"not found": {fmt.Errorf("case 7: %w", desk.ErrNotFound), 404, "There is nothing at this address. It may have been moved or never existed."},
		"conflict":  {&desk.Refusal{Kind: desk.ErrConflict, Message: "Jane has already joined this chat."}, 409, "Jane has already joined this chat."},
		"forbidden": {fmt.Errorf("x: %w", &desk.Refusal{Kind: desk.ErrForbidden, Message: "No."}), 403, "No."},
		"too large": {&http.MaxBytesError{Limit: 3}, 413, "That is too large to send."},
		"unknown":   {errors.New("disk on fire at /var/secret"), 500, "Internal error"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			kit := web.NewKit(slog.New(slog.NewTextHandler(&log, nil)), nil)
			h := kit.Handle(func(http.ResponseWriter, *http.Request) error { return tc.err })
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest("GET", "/x?token=hunter2", nil))
			if got := rec.Code; got != tc.status {
				t.Errorf("got status %d, want %d", got, tc.status)
			}
			if got := strings.TrimSpace(rec.Body.String()); got != tc.message {
				t.Errorf("got message %q, want %q", got, tc.message)
			}
			if logged := strings.Contains(log.String(), "disk on fire"); logged != (tc.status == 500) {
				t.Errorf("got log %q", log.String())
			}
			if strings.Contains(log.String(), "hunter2") {
				t.Errorf("the log has the query: %q", log.String())
			}
		})
	}
}

func TestScriptsGetErrorsAsJSON(t *testing.T) {
	kit := web.NewKit(slog.New(slog.DiscardHandler), nil)
	h := kit.Handle(func(http.ResponseWriter, *http.Request) error {
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "text", Message: "Write something."}
	})
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Accept", "application/json")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	want := `{"error":"Write something.","field":"text"}`
	if got := strings.TrimSpace(rec.Body.String()); got != want || rec.Code != 422 {
		t.Errorf("got %d %s, want 422 %s", rec.Code, got, want)
	}
}

func TestPanicIsAnInternalError(t *testing.T) {
	var log bytes.Buffer
	kit := web.NewKit(slog.New(slog.NewTextHandler(&log, nil)), nil)
	h := kit.Recover(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("boom") }))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if rec.Code != 500 || !strings.Contains(log.String(), "boom") || !strings.Contains(log.String(), "kit_test.go") {
		t.Errorf("got status %d and log %q, want 500 and the panic with its stack", rec.Code, log.String())
	}
}

// A failure in the middle of an answer must not look like a whole one.
func TestFailureAfterTheAnswerBegan(t *testing.T) {
	kit := web.NewKit(slog.New(slog.DiscardHandler), nil)
	server := httptest.NewServer(kit.Recover(kit.Handle(func(w http.ResponseWriter, r *http.Request) error {
		fmt.Fprint(w, "half of ")
		if err := http.NewResponseController(w).Flush(); err != nil {
			return err
		}
		return errors.New("lost the rest")
	})))
	t.Cleanup(server.Close)
	res, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil {
		t.Errorf("got %q and no error, want the connection cut", body)
	}
}

func TestWhoLeftIsNotOurFailure(t *testing.T) {
	var log bytes.Buffer
	kit := web.NewKit(slog.New(slog.NewTextHandler(&log, nil)), nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h := kit.Handle(func(_ http.ResponseWriter, r *http.Request) error { return r.Context().Err() })
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil).WithContext(ctx))
	if log.Len() > 0 {
		t.Errorf("got log %q, want none", log.String())
	}
}
