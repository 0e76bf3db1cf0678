package scenario

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/config"
	"caseline/internal/slacksim"
	"caseline/internal/store/storetest"
)

// What Slack did not tell of is on the cases as soon as its storm of refusals is
// over: a reading that waits goes when Slack lets it, and one that nothing else
// gave cause for begins a minute after. No comparison would find it here.
func TestB8_AfterAStormOfRefusalsNothingIsMissing(t *testing.T) {
	t.Parallel()
	const asks = 30 // seconds
	for _, tt := range []struct {
		name   string
		begin  func(s *siege, l *line) (end func()) // words are lost until its end, when the storm rages
		inTime time.Duration                        // after the storm
	}{
		{"it held back the reading of what was missed", func(s *siege, l *line) func() {
			mend := cutLine(s, l)
			time.Sleep(8 * time.Minute) // Slack tries for six
			end := s.storm(asks, "conversations.history", "conversations.replies")
			mend()
			time.Sleep(10 * time.Minute)
			return end
		}, (asks + 5) * time.Second},
		{"Slack forgot meanwhile", func(s *siege, _ *line) func() {
			remember, end := s.forget(), s.storm(asks, "chat.postMessage")
			time.Sleep(10 * time.Minute)
			return func() { remember(); end() }
		}, (asks + 65) * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			url := storetest.SQLiteURL(t)
			synctest.Test(t, func(t *testing.T) {
				s, l := newBubble(t, 1, url, func(cfg *config.Config) { cfg.Chat.CompareEvery = 0 })
				s.openChats()
				time.Sleep(2 * time.Minute) // what a start reads has been read
				time.AfterFunc(time.Minute, func() {
					for _, e := range s.exchanges {
						e.post(s.alice, "do you hear me?")
						s.must(e.hand.Reply(s.ctx, e.number, "r1", "not a word"))
					}
				})
				end := tt.begin(s, l)
				for _, e := range s.exchanges {
					if got := e.words(); slices.Contains(got, "do you hear me?") {
						t.Fatalf("it is known already, so this shows nothing: %q", got)
					}
				}
				end()
				s.within(tt.inTime, "what was said is on the cases", func() bool {
					return s.all(func(e *exchange) bool { return slices.Contains(e.words(), "do you hear me?") })
				})
				s.within(time.Minute, "the agent's words are in Slack", func() bool {
					return s.all(func(e *exchange) bool { return e.says("not a word") })
				})
			})
		})
	}
}

// storm answers calls with 429, and asks to wait for so many seconds.
func (s *siege) storm(asks int, methods ...string) (end func()) {
	var ends []func()
	for _, m := range methods {
		ends = append(ends, s.slack.RateLimit(m, asks, slacksim.Always))
	}
	return func() {
		for _, end := range ends {
			end()
		}
	}
}

// forget has Slack give up all events at once, though it answers calls.
func (s *siege) forget() (end func()) {
	forgetful := s.chaos(1)
	forgetful.Forgotten = 1
	s.slack.Dispatch.SetChaos(forgetful)
	return func() { s.slack.Dispatch.SetChaos(s.chaos(2)) }
}
