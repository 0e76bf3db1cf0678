package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"caseline/internal/desk/signin"
)

// Chain puts middleware around h; the first is outermost.
func Chain(h http.Handler, around ...func(http.Handler) http.Handler) http.Handler {
	for i := len(around) - 1; i >= 0; i-- {
		h = around[i](h)
	}
	return h
}

// Log logs every request when it is done. Queries are left out: they can
// hold what nobody should read in a log.
func Log(log *slog.Logger, now func() time.Time) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began, rec := now(), &recorder{ResponseWriter: w}
			defer func() {
				log.LogAttrs(r.Context(), slog.LevelDebug, "request",
					slog.String("method", r.Method), slog.String("path", pathOf(r)),
					slog.Int("status", rec.code()), slog.Duration("took", now().Sub(began)))
			}()
			next.ServeHTTP(rec, r)
		})
	}
}

// pathOf is a request's path for the log. The secret of an invitation's link is in
// its path, and is left out.
func pathOf(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, signin.LinkPath) {
		return signin.LinkPath + "…"
	}
	return r.URL.Path
}

// Recover answers a panic as an internal error, with the stack in the log.
func (k *Kit) Recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := w.(*recorder); !ok {
			w = &recorder{ResponseWriter: w} // so that Fail knows whether the answer has begun
		}
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				k.Fail(w, r, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// LimitBody refuses to read more than n bytes of a request's body.
func LimitBody(n int64) func(http.Handler) http.Handler {
	return LimitBodies(func(*http.Request) int64 { return n })
}

// LimitBodies is LimitBody with a limit that depends on the request.
func LimitBodies(limit func(*http.Request) int64) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.MaxBytesHandler(next, limit(r)).ServeHTTP(w, r)
		})
	}
}

// SameOrigin refuses requests that change something and come from another
// site's page.
func (k *Kit) SameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k.Show(w, r, Problem{
			Status:  http.StatusForbidden,
			Message: "This request came from another site, so it was not carried out. Open the console itself and try again.",
		})
	}))
	return protection.Handler(next)
}

// A recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int // 0 until the answer begins
}

func (rec *recorder) WriteHeader(status int) {
	if rec.status == 0 && status >= http.StatusOK {
		rec.status = status
	}
	rec.ResponseWriter.WriteHeader(status)
}

func (rec *recorder) Write(b []byte) (int, error) {
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	return rec.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach flushing and deadlines.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }

func (rec *recorder) code() int {
	if rec.status == 0 {
		return http.StatusOK // what net/http sends for an empty answer
	}
	return rec.status
}

// begun reports whether an answer has gone out on w, as far as the recorder
// around it can tell.
func begun(w http.ResponseWriter) bool {
	for {
		switch v := w.(type) {
		case *recorder:
			return v.status != 0
		case interface{ Unwrap() http.ResponseWriter }:
			w = v.Unwrap()
		default:
			return false
		}
	}
}
