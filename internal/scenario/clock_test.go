package scenario

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// A lockedBuffer may be written to and read by several goroutines.
type lockedBuffer struct {
	mu  sync.Mutex // guards buf, for one write or one look
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestAWrongClockIsTold(t *testing.T) {
	each(t, func(h *house) {
		for _, tt := range []struct {
			off  time.Duration // our clock
			want string        // on every page; empty for nothing
		}{{0, ""}, {-20 * time.Second, "seconds behind Slack’s"}, {20 * time.Second, "seconds ahead of Slack’s"}} {
			h.stopApp()
			var log lockedBuffer
			h.log = slog.New(slog.NewTextHandler(&log, nil))
			h.now = func() time.Time { return time.Now().Add(tt.off) }
			h.startApp()
			page, err := h.jane.Page(h.ctx, "/")
			h.must(err)
			if said := strings.Contains(page, "This server’s clock is"); said != (tt.want != "") || !strings.Contains(page, tt.want) {
				t.Errorf("off by %v: the page says so: %v, want %q", tt.off, said, tt.want)
			}
			if tt.want != "" {
				h.until("it is logged", func() bool { return strings.Contains(log.String(), "this server's clock is wrong") })
			} else if strings.Contains(log.String(), "clock") {
				t.Errorf("a right clock is logged: %s", log.String())
			}
		}
	})
}
