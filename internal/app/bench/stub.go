package bench

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A stub is the least Slack that the server can be measured against: it says
// yes to everything at once, and notes when words were posted.
type stub struct {
	serial atomic.Int64
	mu     sync.Mutex           // guards posted, for one look or one write
	posted map[string]time.Time // by a word in the text
}

const (
	benchTeam   = "T0BENCH"
	benchSecret = "bench-signing-secret"
	benchToken  = "xoxb-bench"
)

func newStub() *stub { return &stub{posted: map[string]time.Time{}} }

func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	w.Header().Set("Content-Type", "application/json")
	switch strings.TrimPrefix(r.URL.Path, "/api/") {
	case "auth.test":
		fmt.Fprintf(w, `{"ok":true,"url":"https://bench.slack.com/","team":"Bench","team_id":%q,"user":"caseline","user_id":"U0BOT","bot_id":"B0BOT","app_id":"A0BENCH"}`, benchTeam)
	case "team.info":
		fmt.Fprintf(w, `{"ok":true,"team":{"id":%q,"name":"Bench","domain":"bench"}}`, benchTeam)
	case "bots.info":
		fmt.Fprint(w, `{"ok":true,"bot":{"id":"B0BOT","app_id":"A0BENCH"}}`)
	case "conversations.info":
		fmt.Fprint(w, `{"ok":true,"channel":{"id":"C0ASKED","name":"ops","is_member":true,"is_private":true}}`)
	case "users.info":
		fmt.Fprint(w, `{"ok":true,"user":{"id":"U0ALICE","name":"alice","real_name":"Alice Martin","profile":{"display_name":"Alice"}}}`)
	case "chat.postMessage":
		if err := r.ParseForm(); err == nil {
			s.note(r.Form.Get("text"), now)
		}
		n := s.serial.Add(1)
		fmt.Fprintf(w, `{"ok":true,"channel":"C0","ts":"%d.%06d","message":{"ts":"%d.%06d"}}`, 1_900_000_000+n/1e6, n%1e6, 1_900_000_000+n/1e6, n%1e6)
	default:
		fmt.Fprint(w, `{"ok":true}`)
	}
}

func (s *stub) note(text string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posted[text] = at
}

// when returns when the text was posted.
func (s *stub) when(text string) (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.posted[text]
	return at, ok
}
