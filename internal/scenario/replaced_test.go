package scenario

import (
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/store/storetest"
)

// TestB8_ATokenThatWasReplacedEndsNoChat has the answers to two refreshes lost, one
// after the other: each gave a new token, and no more than two live, so that the one
// that the server has is taken no more. It asks again with the same refresh token.
func TestB8_ATokenThatWasReplacedEndsNoChat(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: a day in virtual time")
	}
	t.Parallel()
	url := storetest.SQLiteURL(t)
	synctest.Test(t, func(t *testing.T) {
		s, _ := newBubble(t, 1, url, byOAuth, func(h *house) { h.rotates, h.poll = true, 30*time.Second }, func(cfg *config.Config) {
			cfg.Chat.IdlePrompt, cfg.Chat.IdleEnd, cfg.Limits.SessionTTL = 0, 0, 240*time.Hour
		})
		acme, bolt := two(s.house)
		chats := []*chat{acme.asks(acme.alice, "Build is stuck").joins(), bolt.asks(bolt.alice, "Bolts are loose").joins()}
		time.Sleep(9*time.Hour + 45*time.Minute) // tokens live twelve, and are refreshed at least two before
		mend := s.slack.Fail("oauth.v2.access", slacksim.Landed, slacksim.Always)
		for begun := len(s.slack.Calls("oauth.v2.access")); len(s.slack.Calls("oauth.v2.access")) < begun+3; { // two of one workspace at least
			time.Sleep(100 * time.Millisecond)
		}
		for _, c := range chats {
			s.must(s.jane.Reply(s.ctx, c.number, "1", "We are at it."))
		}
		time.Sleep(time.Second)
		refused := 0
		for _, c := range s.slack.Calls("") {
			if c.Error == "token_revoked" {
				refused++
			}
		}
		if refused == 0 {
			t.Error("the token is taken, so this shows nothing")
		}
		mend()
		time.Sleep(5 * time.Minute)
		for _, c := range chats {
			c.says("We are at it.")
			if got := c.record().Chat.State; got != desk.ChatInProgress {
				t.Errorf("the chat is %s", got)
			}
		}
	})
}
