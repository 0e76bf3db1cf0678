package scenario

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/dispatch"
	"caseline/internal/store/storetest"
)

// Slack gives events up without a word, and nothing else happens that would say
// so: no restart, no lost connection, no late event. A chat that goes on, or
// is quiet, has everything all the same.
func TestB8_AnEventThatNobodyMissesIsFoundWhileTheChatRuns(t *testing.T) {
	inBoth(t, func(h *house) {
		h.stopApp()
		h.cfg.Chat.CompareEvery = 2 * time.Second
		h.startApp()
		h.jane = h.signIn(janeEmail)
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		first := c.post(h.alice, "frist")
		c.recorded("frist")
		h.slack.Dispatch.SetChaos(dispatch.Chaos{Forgotten: 1})
		c.post(h.bob, "*lost* on the way")
		first.Edit(h.alice, "first")
		c.recorded("frist", "**lost** on the way")
		h.until("the edit is on the case", func() bool {
			for _, e := range c.log() {
				if e.Kind == desk.KindEdit && e.Text == "first" {
					return true
				}
			}
			return false
		})
		// A second loss, after the first was found.
		c.post(h.alice, "lost too")
		c.recorded("frist", "**lost** on the way", "lost too")
	})
}

// TestB8_B9_FifteenMessagesAMinute is about apps to which Slack shows 15 messages
// of a history in a minute and no more. What they were not told is found all the
// same, in its time, and words of agents are never late for it.
func TestB8_B9_FifteenMessagesAMinute(t *testing.T) {
	t.Parallel()
	for _, pace := range []config.Pace{config.PaceFew, config.PaceSlack} { // it is right too where nobody said so
		if testing.Short() && pace != config.PaceFew {
			continue
		}
		t.Run(string(pace), func(t *testing.T) {
			t.Parallel()
			url := storetest.SQLiteURL(t)
			synctest.Test(t, func(t *testing.T) {
				s, _ := newBubble(t, 1, url, func(o *slacksim.Options) { o.Few, o.Tiers = true, true }, func(cfg *config.Config) { cfg.Slack.Pace = pace })
				s.openChats()
				s.readFew()
			})
		})
	}
}

// readFew has Slack forget most of what is written in all chats.
func (s *siege) readFew() {
	s.Helper()
	var edited, deleted []*slacksim.Message
	for _, e := range s.exchanges {
		edited, deleted = append(edited, e.post(s.alice, "it hnags")), append(deleted, e.post(s.bob, "hunter2"))
	}
	time.Sleep(time.Second)
	s.slack.Dispatch.SetChaos(dispatch.Chaos{Forgotten: 1})
	const lost = 40
	for i := range lost {
		for n, e := range s.exchanges {
			e.post(s.alice, fmt.Sprintf("lost %02d", i))
			s.answersAtOnce(e, fmt.Sprintf("answer %d to %02d", n, i), i%5 == 0)
		}
	}
	for i := range s.exchanges {
		edited[i].Edit(s.alice, "it hangs")
		deleted[i].Delete(s.bob)
	}
	time.Sleep(time.Second)
	s.slack.Dispatch.SetChaos(dispatch.Chaos{})
	began := time.Now()
	for !s.all(func(e *exchange) bool { return e.found() == "hunter2, it hangs, 40 lost, 1 deletion" }) {
		time.Sleep(10 * time.Second)
		if time.Since(began) > 45*time.Minute {
			for _, e := range s.exchanges {
				s.Errorf("chat %d after 45 minutes: %s", e.n, e.found())
			}
			return
		}
		s.answersAtOnce(s.exchanges[0], "by the way, "+time.Since(began).String(), time.Since(began)%time.Minute == 0)
	}
	s.Logf("all found after %v", time.Since(began))
	for _, e := range s.exchanges {
		s.must(e.hand.End(s.ctx, e.number))
	}
	s.within(45*time.Minute, "everything is told and compared", s.settled)
	for _, e := range s.exchanges {
		if got := e.record().Chat.Tally; got.State != desk.TallyWhole || got.Slack != lost+1 || got.Case != lost+1 {
			s.Errorf("chat %d: %+v, want %d messages of as many", e.n, got, lost+1)
		}
	}
}

// answersAtOnce has the agent of a chat answer, if that is wanted, and looks that
// it is in Slack within the second that a channel's posts may be apart.
func (s *siege) answersAtOnce(e *exchange, text string, answers bool) {
	s.Helper()
	time.Sleep(time.Second)
	if !answers {
		return
	}
	s.must(e.hand.Reply(s.ctx, e.number, text, text))
	time.Sleep(time.Second)
	if !e.says(text) {
		s.Errorf("chat %d: %q is not in Slack after a second", e.n, text)
	}
}

func (s *siege) all(is func(e *exchange) bool) bool {
	for _, e := range s.exchanges {
		if !is(e) {
			return false
		}
	}
	return true
}

// found sums up what is on the case of readFew.
func (e *exchange) found() string {
	var first, hangs string
	lost, deletions := map[string]bool{}, 0
	for _, entry := range e.log() {
		switch {
		case strings.HasPrefix(entry.Text, "lost "):
			lost[entry.Text] = true
		case entry.Text == "hunter2":
			first = "hunter2, "
		case entry.Kind == desk.KindEdit && entry.Text == "it hangs":
			hangs = "it hangs, "
		case entry.Kind == desk.KindDeletion:
			deletions++
		}
	}
	return fmt.Sprintf("%s%s%d lost, %d deletion", first, hangs, len(lost), deletions)
}
