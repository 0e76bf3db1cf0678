package scenario

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/slacksim/world"
)

// renumbers gives the chat's channel another id in Slack.
func (c *chat) renumbers() {
	c.h.Helper()
	old := c.ch
	c.ch = c.ch.ChangeID()
	if c.root != nil {
		c.root = c.ch.Message(c.root.TS)
	}
	if c.h.ops.ID == old.ID {
		c.h.ops = c.ch
	}
}

// endsWhole ends the chat: what was written is on record once, all of
// what Slack has.
func (c *chat) endsWhole(words ...string) {
	c.h.Helper()
	c.h.must(c.card().Press(c.h.ctx, c.h.alice, "End chat"))
	c.h.until("compared", func() bool { return c.record().Chat.Tally.State == desk.TallyWhole })
	c.recorded(words...)
	if t := c.record().Chat.Tally; t.Slack != t.Case {
		c.h.Errorf("got %+v, want all of Slack's history on the case", t)
	}
}

func TestB8_AChatGoesOnWhenItsChannelGetsAnotherID(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		before := c.post(h.alice, "it stops at step three")
		c.recorded("it stops at step three")
		c.renumbers()
		h.quiet()
		c.post(h.alice, "still there?")
		c.recorded("it stops at step three", "still there?")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "yes, I am"))
		c.says("yes, I am")
		c.ch.Message(before.TS).Edit(h.alice, "it stops at step four")
		c.has(desk.KindEdit, 1)
		h.stopApp() // what it knows it must know after a restart
		h.startApp()
		c.post(h.alice, "and now?")
		c.recorded("it stops at step three", "still there?", "yes, I am", "and now?")
		c.renumbers() // once more
		h.quiet()
		c.post(h.alice, "and now again?")
		c.recorded("it stops at step three", "still there?", "yes, I am", "and now?", "and now again?")
		if at := c.record().Place; strings.Contains(string(at), c.ch.ID) {
			t.Errorf("the place is called %s: it should have kept its name", at)
		}
		if page := c.page(); !strings.Contains(page, "/archives/"+c.ch.ID) {
			t.Error("the page does not lead to the channel as Slack calls it now")
		}
		c.endsWhole("it stops at step three", "still there?", "yes, I am", "and now?", "and now again?")
	})
}

func TestB8_WhatIsWrittenBeforeWeKnowOfTheOtherIDIsFetched(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "one")
		c.recorded("one")
		h.quiet()
		old := c.ch
		h.stopApp()
		c.renumbers()
		h.until("slack gives the event up", func() bool { return h.slack.Quiesce(h.ctx) == nil })
		h.startApp()
		c.post(h.alice, "two") // in a channel that nobody knows
		h.until("the event came", func() bool { return h.slack.Quiesce(h.ctx) == nil })
		c.recorded("one")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "three")) // into one that is not there
		h.until("tried", func() bool {
			ds, err := h.app.Store.DeliveriesOf(h.ctx, c.record().ID, 0)
			h.must(err)
			return len(ds) > 0 && ds[len(ds)-1].Reason == "channel_not_found"
		})
		for range 2 {
			h.tells(fmt.Sprintf(`{"type":"channel_id_changed","old_channel_id":"%s","new_channel_id":"%s","event_ts":"%d.000100"}`,
				old.ID, c.ch.ID, time.Now().Unix()))
		}
		c.says("three")
		c.recorded("one", "two", "three")
		c.post(h.alice, "four")
		c.recorded("one", "two", "three", "four")
		c.endsWhole("one", "two", "three", "four")
	})
}

// tells sends the server an event as Slack would.
func (h *house) tells(event string) {
	h.Helper()
	sum := sha256.Sum256([]byte(event))
	body := fmt.Sprintf(`{"type":"event_callback","team_id":%q,"api_app_id":%q,"event_id":"Ev%x","event":%s}`, h.ws.ID, h.bot.ID, sum[:6], event)
	at := fmt.Sprint(time.Now().Unix())
	mac := hmac.New(sha256.New, []byte("shh"))
	mac.Write([]byte("v0:" + at + ":" + body))
	req, err := http.NewRequestWithContext(h.ctx, http.MethodPost, h.url+"/slack/events", strings.NewReader(body))
	h.must(err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Slack-Request-Timestamp", at)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := http.DefaultClient.Do(req)
	h.must(err)
	h.must(resp.Body.Close())
	if resp.StatusCode != http.StatusOK {
		h.Fatalf("the event was answered with %s", resp.Status)
	}
}

func TestTheConfiguredChannelGetsAnotherID(t *testing.T) {
	each(t, func(h *house) {
		h.ops = h.ops.ChangeID()
		h.quiet()
		c := h.asks(h.alice, "Build is stuck").joins()
		if h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, c.number) }) == nil {
			t.Error("the channel that asked hears nothing of it")
		}
		h.stopApp()
		h.cfg.Channels[0].ID = h.ops.ID // the operator keeps the configuration true
		h.startApp()
		h.asks(h.bob, "Build is stuck again").joins()
	})
}
