package slacksim

import (
	"encoding/json"
	"io"
	"slices"
	"sync"

	"caseline/internal/slacksim/dispatch"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/webapi"
)

// keep is how many calls and attempts a server remembers.
const keep = 20_000

func (s *Server) keepCall(c webapi.Call, also func(webapi.Call)) {
	s.mu.Lock()
	s.calls = tail(append(s.calls, c))
	s.mu.Unlock()
	if also != nil {
		also(c)
	}
	s.World.Hint(feed.Hint{Kind: feed.Journal})
}

func (s *Server) keepAttempt(a dispatch.Attempt, also func(dispatch.Attempt)) {
	s.mu.Lock()
	s.attempts = tail(append(s.attempts, a))
	s.mu.Unlock()
	if also != nil {
		also(a)
	}
	s.World.Hint(feed.Hint{Kind: feed.Journal})
}

// tail drops the older half of a list that has grown too long.
func tail[T any](list []T) []T {
	if len(list) <= 2*keep {
		return list
	}
	return slices.Clone(list[keep:])
}

// Calls returns the calls of a Web API method, oldest first; of all methods if
// it is empty. "upload", "download" and "response_url" are methods too.
func (s *Server) Calls(method string) []webapi.Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []webapi.Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// Attempts returns the requests sent to apps, oldest first.
func (s *Server) Attempts() []dispatch.Attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.attempts)
}

// JSONL returns a function for Options.Calls or Options.Attempts that writes
// one JSON line each. What cannot be written is lost.
func JSONL[T any](w io.Writer) func(T) {
	var mu sync.Mutex
	return func(v T) {
		raw, err := json.Marshal(v)
		if err != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		_, _ = w.Write(append(raw, '\n'))
	}
}
