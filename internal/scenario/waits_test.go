package scenario

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/slacksim"
	"caseline/internal/store/storetest"
)

// Slack asks for a pause, for all of posting: each agent whose words wait is
// told how many and for how long, without asking, and until they are there.
func TestWordsThatSlackHoldsBackAreSaidOnTheCase(t *testing.T) {
	t.Parallel()
	url := storetest.SQLiteURL(t)
	synctest.Test(t, func(t *testing.T) {
		s, _ := newBubble(t, 1, url)
		s.openChats()
		time.Sleep(10 * time.Second)
		first, second := s.exchanges[0], s.exchanges[1]
		waits := func(e *exchange) string {
			t.Helper()
			_, line, _ := strings.Cut(e.page(), `id="waits"`)
			line, _, _ = strings.Cut(line, "</div>")
			_, line, _ = strings.Cut(line, "<span>")
			line, _, _ = strings.Cut(line, "</span>")
			return line
		}
		says := func(when string, want ...string) {
			t.Helper()
			for i, e := range s.exchanges {
				if got := waits(e); got != want[i] {
					t.Errorf("%s: chat %d says %q, want %q", when, e.n, got, want[i])
				}
			}
		}
		says("before", "", "")
		s.slack.RateLimit("chat.postMessage", 20, slacksim.Times(1))
		s.must(first.hand.Reply(s.ctx, first.number, "one", "one"))
		time.Sleep(time.Second)
		s.must(first.hand.Reply(s.ctx, first.number, "two", "two"))
		time.Sleep(time.Second)
		known := second.record().Revision
		s.must(second.hand.Reply(s.ctx, second.number, "three", "three"))
		time.Sleep(time.Second)
		says("while Slack wants a pause", "2 posts waiting, next in 17 s", "1 post waiting, next in 17 s")
		if got := second.record().Revision; got < known+2 { // one is what the agent wrote
			t.Errorf("the case is in revision %d, and was in %d before the agent wrote: no page would fetch what waits", got, known)
		}
		time.Sleep(20 * time.Second)
		says("after", "", "")
		if !first.says("one") || !first.says("two") || !second.says("three") {
			t.Error("not all of it is in Slack")
		}
	})
}
