package web_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"caseline/internal/web"
)

func TestRequestLogHasNoQuery(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h := web.Chain(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }),
		web.Log(log, time.Now))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/cases/1?code=secret", nil))
	got := out.String()
	if strings.Contains(got, "secret") || !strings.Contains(got, "path=/cases/1") || !strings.Contains(got, "status=418") {
		t.Errorf("got log %q", got)
	}
}

// Whoever reads the log cannot take up an invitation that its reader has not yet.
func TestTheLogHasNoLinkOfAnInvitation(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	kit := web.NewKit(log, nil)
	fails := kit.Handle(func(http.ResponseWriter, *http.Request) error { return errors.New("the disk is full") })
	web.Chain(fails, web.Log(log, time.Now)).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/invitations/SECRET", nil))
	if got := out.String(); strings.Contains(got, "SECRET") || strings.Count(got, "path=/invitations/…") != 2 {
		t.Errorf("got log %q", got)
	}
}

func TestCrossSitePostsAreRefused(t *testing.T) {
	kit := web.NewKit(slog.New(slog.DiscardHandler), nil)
	h := kit.SameOrigin(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for name, tc := range map[string]struct {
		method  string
		headers map[string]string
		want    int
	}{
		"our own form":       {"POST", map[string]string{"Sec-Fetch-Site": "same-origin"}, 204},
		"another site":       {"POST", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"another port":       {"POST", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		"old browser, other": {"POST", map[string]string{"Origin": "https://evil.example"}, 403},
		"old browser, ours":  {"POST", map[string]string{"Origin": "http://example.com"}, 204},
		"a link from there":  {"GET", map[string]string{"Sec-Fetch-Site": "cross-site"}, 204},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(tc.method, "http://example.com/", nil)
			for k, v := range tc.headers {
				r.Header.Set(k, v)
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Code != tc.want {
				t.Errorf("got %d, want %d", rec.Code, tc.want)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	serve := func(p web.Policy) http.Header {
		rec := httptest.NewRecorder()
		web.Chain(http.NotFoundHandler(), web.Headers(p)).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
		return rec.Header()
	}
	h := serve(web.Policy{})
	csp := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("got policy %q, want %q in it", csp, want)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Errorf("got policy %q with something unsafe", csp)
	}
	if got := h.Get("X-Content-Type-Options"); got != "nosniff" {
		t.Errorf("got %q, want nosniff", got)
	}
	framed := serve(web.Policy{Frames: []string{"http://127.0.0.1:9000"}, TLS: true})
	if got := framed.Get("Content-Security-Policy"); !strings.HasSuffix(got, "frame-ancestors http://127.0.0.1:9000") {
		t.Errorf("got policy %q, want the frame's origin", got)
	}
	if framed.Get("X-Frame-Options") != "" || framed.Get("Strict-Transport-Security") == "" {
		t.Errorf("got headers %v", framed)
	}
}

func TestBodiesAreCapped(t *testing.T) {
	kit := web.NewKit(slog.New(slog.DiscardHandler), nil)
	h := web.Chain(kit.Handle(func(_ http.ResponseWriter, r *http.Request) error {
		_, err := io.ReadAll(r.Body)
		return err
	}), web.LimitBody(10))
	for body, want := range map[string]int{"short": 200, "much too long": 413} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("POST", "/", strings.NewReader(body)))
		if rec.Code != want {
			t.Errorf("%q: got %d, want %d", body, rec.Code, want)
		}
	}
}
