package scenario

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"caseline/internal/app/agent"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// kinds are where the chats of a story take place: at least one in a channel of
// its own, at least one in a thread of #ops.
func (s *siege) kinds() []desk.PlaceKind {
	third := []desk.PlaceKind{desk.PlaceChannel, desk.PlaceThread}[s.seed%2]
	return []desk.PlaceKind{desk.PlaceChannel, desk.PlaceThread, third}
}

func subjectOf(i int) string { return fmt.Sprintf("Build %d is stuck", i) }

// openCases lets Alice and Bob ask for chats, ends the server while it makes
// the places, and waits until they are there.
func (s *siege) openCases() {
	s.Helper()
	s.trouble()
	everybody := []*slacksim.User{s.alice, s.bob, s.chloe}
	for i, kind := range s.kinds() {
		s.kind = kind
		e := &exchange{n: i, kind: kind, people: everybody, hand: []*agent.Agent{s.jane, s.omar}[i%2]}
		if kind == desk.PlaceThread {
			e.people = everybody[:2] // Chloé is not in #ops
		}
		s.fills(everybody[i%2], subjectOf(i), "Live chat in Slack", e.people...)
		s.exchanges = append(s.exchanges, e)
	}
	rng := rand.New(rand.NewPCG(s.seed, 1))
	s.must(s.siegeOnce(s.ctx, moment{wait: upTo(rng, 80*time.Millisecond), down: upTo(rng, 50*time.Millisecond)}))
	for i, e := range s.exchanges {
		s.until("the place of chat "+subjectOf(i), func() bool { return s.find(e) })
	}
}

// find finds the place that the server has made for a chat, when it is ready.
func (s *siege) find(e *exchange) bool {
	e.h = s.house
	if e.kind == desk.PlaceThread {
		for _, m := range s.ops.All() {
			if number, ok := strings.CutPrefix(m.Text, "Case "); ok && m.BotID == s.bot.BotID && !m.IsReply() && strings.Contains(number, subjectOf(e.n)) {
				e.number, e.ch, e.root = number[:10], s.ops, s.ops.Message(m.TS)
				e.key = placeKey(s.ops.ID, m.TS)
				return true
			}
		}
		return false
	}
	for _, id := range s.chats(s.alice) {
		ch := s.ws.ChannelByID(id)
		pins := ch.Pins()
		if len(pins) == 0 || !strings.Contains(pins[0].Text, subjectOf(e.n)) {
			continue
		}
		for _, u := range e.people {
			if !ch.Now().Has(u.ID) {
				return false
			}
		}
		e.number, e.ch, e.key = strings.TrimPrefix(ch.Name(), "case-")[:10], ch, placeKey(id, "") // a suffix may follow
		return true
	}
	return false
}

// placeKey is by what the meter knows a chat.
func placeKey(channel, thread string) string { return channel + "/" + thread }

// all is everything in the chat's place, oldest first.
func (e *exchange) all() []world.Message {
	if e.root != nil {
		return e.ch.Thread(e.root.TS)
	}
	return e.ch.All()
}

// says reports whether a message in the place contains the text.
func (e *exchange) says(text string) bool {
	for _, m := range e.all() {
		if strings.Contains(m.Text, text) {
			return true
		}
	}
	return false
}

// over reports whether the place says that the chat has ended.
func (e *exchange) over() bool { return e.says("ended the chat") }
