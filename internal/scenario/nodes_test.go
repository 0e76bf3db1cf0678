package scenario

import (
	"strings"
	"testing"

	"caseline/internal/app/agent"
	"caseline/internal/store/storetest"
)

// TestB14_TwoNodesServeOneDatabase has Slack send to one node while the agent
// sits at another: what is written goes through both, once, and goes on when
// the first is stopped.
func TestB14_TwoNodesServeOneDatabase(t *testing.T) {
	t.Parallel()
	h := newHouse(t, storetest.PostgresURL(t))
	ln := listen(t)
	there := h.cfg
	there.Listen = ln.Addr().String()
	beside, stop := h.starts(there, ln)
	t.Cleanup(func() { h.must(stop()) })
	omar, err := agent.SignIn(h.ctx, "http://"+there.Listen, omarEmail, password)
	h.must(err)

	c := h.asks(h.alice, "Build is stuck")
	h.must(omar.Join(h.ctx, c.number))
	c.says("Omar from Support joined")
	c.post(h.alice, "it hangs at step 3")
	h.until("what Slack sent to one node is on the page of the other", func() bool {
		page, err := omar.Page(h.ctx, "/cases/"+c.number)
		h.must(err)
		return strings.Contains(page, "it hangs at step 3")
	})
	h.must(omar.Reply(h.ctx, c.number, "r1", "looking at it now"))
	c.says("looking at it now")
	c.post(h.alice, "thank you")
	h.quiet()

	h.stopApp()
	h.app = beside
	h.must(omar.Reply(h.ctx, c.number, "r2", "still here"))
	c.says("still here")
	c.recorded("it hangs at step 3", "looking at it now", "thank you", "still here")
	for _, text := range []string{"looking at it now", "still here", "Omar from Support joined"} {
		n := 0
		for _, m := range c.messages() {
			if strings.Contains(m.Text, text) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("got %d messages with %q, want 1", n, text)
		}
	}
}
