package simtest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// A Request is something an app was sent.
type Request struct {
	Path   string
	Query  url.Values
	Header http.Header
	Body   []byte
	At     time.Time
}

// Envelope is the body of an event.
func (r Request) Envelope() map[string]any {
	var out map[string]any
	if json.Unmarshal(r.Body, &out) != nil {
		return nil
	}
	return out
}

// Event is the event in the envelope.
func (r Request) Event() map[string]any {
	e, _ := r.Envelope()["event"].(map[string]any)
	return e
}

// Form is the body of a command.
func (r Request) Form() url.Values {
	v, err := url.ParseQuery(string(r.Body))
	if err != nil {
		return nil
	}
	return v
}

// Payload is the body of an interaction.
func (r Request) Payload() map[string]any {
	var out map[string]any
	if json.Unmarshal([]byte(r.Form().Get("payload")), &out) != nil {
		return nil
	}
	return out
}

// An App is a server that stands for an app: it keeps what it is sent and
// answers as it is told.
type App struct {
	URL string

	mu     sync.Mutex // guards all below, for a few instructions
	got    []Request
	wake   chan struct{} // closed and replaced whenever something came
	answer http.HandlerFunc
}

// NewApp starts an app for the length of a test. It answers everything with an
// empty 200 until Answer says otherwise.
func NewApp(t testing.TB) *App {
	t.Helper()
	a := &App{wake: make(chan struct{})}
	srv := httptest.NewServer(a)
	t.Cleanup(srv.Close)
	a.URL = srv.URL
	return a
}

// ServeHTTP takes one request.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // whoever sent it has gone
	}
	a.mu.Lock()
	a.got = append(a.got, Request{Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), Body: body, At: time.Now()})
	close(a.wake)
	a.wake = make(chan struct{})
	answer := a.answer
	a.mu.Unlock()
	if answer != nil {
		r.Form = Request{Body: body}.Form()
		answer(w, r)
	}
}

// Answer sets how the app answers from now on. The request's Form is filled in.
func (a *App) Answer(h http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = h
}

// Requests returns what the app was sent at a path, oldest first.
func (a *App) Requests(path string) []Request {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []Request
	for _, r := range a.got {
		if r.Path == path {
			out = append(out, r)
		}
	}
	return out
}

// Events returns the events the app was sent, of one type if it is not empty.
// Those sent again are in there again.
func (a *App) Events(kind string) []map[string]any {
	var out []map[string]any
	for _, r := range a.Requests("/events") {
		if e := r.Event(); kind == "" || e["type"] == kind {
			out = append(out, e)
		}
	}
	return out
}

// Wait returns when the app has been sent what cond looks for.
func (a *App) Wait(t testing.TB, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		a.mu.Lock()
		wake := a.wake
		a.mu.Unlock()
		if cond() {
			return
		}
		select {
		case <-wake:
		case <-ctx.Done():
			t.Fatal("the app was not sent what the test waits for")
		}
	}
}
