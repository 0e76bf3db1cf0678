package scenario

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// A slowMail lets some posts lie inside Slack for a while after their caller
// was cut off: longer than the server waits before it looks for the first
// time, and less than it has to reckon with.
type slowMail struct {
	next http.Handler
	mu   sync.Mutex // guards rng and late, for a few instructions
	rng  *rand.Rand
	late int
	wg   sync.WaitGroup // the posts that lie
}

func newSlowMail(next http.Handler, seed uint64) *slowMail {
	return &slowMail{next: next, rng: rand.New(rand.NewPCG(seed, 3))}
}

func (s *slowMail) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/chat.postMessage") {
		s.next.ServeHTTP(w, r)
		return
	}
	lies, ok := s.draw()
	if !ok {
		s.next.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the caller was killed before it had said all
	}
	r = r.Clone(context.WithoutCancel(r.Context()))
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.wg.Go(func() {
		// The answer has nobody to go to, whatever it is, a panic included.
		defer func() { _ = recover() }()
		<-time.After(lies)
		// Nor does anybody hang up on it, should Slack never answer.
		ctx, cancel := context.WithTimeout(r.Context(), killTimeout)
		defer cancel()
		s.next.ServeHTTP(httptest.NewRecorder(), r.WithContext(ctx))
	})
	panic(http.ErrAbortHandler)
}

// draw decides whether a post lies, and how long.
func (s *slowMail) draw() (lies time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	chance, part := s.rng.Float64(), s.rng.Float64()
	if chance >= 0.01 {
		return 0, false
	}
	s.late++
	return killTimeout/3 + time.Duration(part*float64(killTimeout)/3), true
}
