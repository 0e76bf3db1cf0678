package scenario

import (
	"strings"
	"testing"

	"caseline/internal/app"
	"caseline/internal/slacksim"
)

// A server restarted while Slack's Web API is down must still take events in
// and let agents work; a first start cannot know who it is, and says so.
func TestB8_ARestartDoesNotNeedSlack(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.quiet()
		h.stopApp()
		restore := h.slack.Fail("*", slacksim.Lost, slacksim.Always)
		h.startApp()
		c.ch.Post(h.alice, "said while the Web API is down")
		c.recorded("said while the Web API is down")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "I read you"))
		restore()
		c.says("I read you")
	})
}

func TestAFirstStartWithoutSlackSaysSo(t *testing.T) {
	h := &house{T: t, ctx: t.Context()}
	dead := listen(t)
	h.url = "http://" + dead.Addr().String()
	h.must(dead.Close())
	h.ops = &slacksim.Channel{ID: "C1"}
	_, err := app.New(t.Context(), h.config("", dead.Addr().String()), app.Options{})
	if err == nil || !strings.Contains(err.Error(), "greet slack") {
		t.Errorf("got %v, want that Slack could not be greeted", err)
	}
}
