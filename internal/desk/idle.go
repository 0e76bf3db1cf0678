package desk

import (
	"slices"
	"time"
)

// A Patience says how long a running chat waits for those in it. Zero waits
// for ever.
type Patience struct {
	IdlePrompt time.Duration // without a customer's word until they are asked whether they are still there
	IdleEnd    time.Duration // without a customer's word until the chat ends
	AgentGone  time.Duration // without its agent's console until it is back in the queue
}

// AwayAfter is how long an agent's console may be gone before others are told.
const AwayAfter = 2 * time.Minute

// SeenEvery is how exactly Agent.SeenAt is kept.
const SeenEvery = 30 * time.Second

// quiet is since when no customer has said a word to the agent who is there.
func (s ChatSession) quiet() time.Time {
	if since := s.Since(); since.After(s.LastWordAt) {
		return since
	}
	return s.LastWordAt
}

// Prompts reports whether the customers are to be asked now whether they are
// still there.
func (s ChatSession) Prompts(p Patience, now time.Time) bool {
	return s.State == ChatInProgress && p.IdlePrompt > 0 && s.PromptedAt.IsZero() && now.Sub(s.quiet()) >= p.IdlePrompt
}

// Expires reports whether the chat ends now because no customer says a word.
// Nobody's chat ends before they were asked, and had the time to answer.
func (s ChatSession) Expires(p Patience, now time.Time) bool {
	if s.State != ChatInProgress || p.IdleEnd <= 0 || now.Sub(s.quiet()) < p.IdleEnd {
		return false
	}
	asks := p.IdlePrompt > 0 && p.IdlePrompt < p.IdleEnd
	return !asks || !s.PromptedAt.IsZero() && now.Sub(s.PromptedAt) >= p.IdleEnd-p.IdlePrompt
}

// Prompt asks the customers whether they are still there.
func (c *Case) Prompt(origin Origin, now time.Time) Correspondence {
	c.Chat.PromptedAt = now
	return c.chatEntry(EventPrompted, BySystem(), "", origin, now)
}

// StillHere answers a Prompt. changed is false when there is none to answer.
func (c *Case) StillHere(now time.Time) (changed bool) {
	if c.Chat.State != ChatInProgress || c.Chat.PromptedAt.IsZero() {
		return false
	}
	c.Hear(c.Chat.ID, now)
	c.Touch(now)
	return true
}

// Hear notes that a customer said something at a time. changed is false when
// something newer was heard.
func (c *Case) Hear(chat ChatID, at time.Time) (changed bool) {
	if chat != c.Chat.ID || !at.After(c.Chat.LastWordAt) {
		return false
	}
	c.Chat.LastWordAt, c.Chat.PromptedAt = at, time.Time{}
	return true
}

// A Sight is what is known of an agent's console.
type Sight struct {
	Seen  time.Time // when it was last connected; zero for never
	Since time.Time // since when it would have been seen: before, the server did not serve
}

// absent is how long the agent has not been there. One who has just come may
// not have a console open yet.
func (s ChatSession) absent(agent Sight, now time.Time) time.Duration {
	return now.Sub(slices.MaxFunc([]time.Time{agent.Seen, agent.Since, s.Since()}, time.Time.Compare))
}

// A Lookout says in which running chats something may be due: where no agent has
// joined and no customer has said a word after Quiet, where the agent is none of
// Present, and where the agent is noted to be away.
type Lookout struct {
	Quiet   time.Time // zero: quiet chats go on
	Present []AgentID
}

// Lookout is what to look for at a time, when the server has served since
// another. It may find more than is due, and never less.
func (p Patience) Lookout(agents []Agent, since, now time.Time) Lookout {
	var l Lookout
	if quiet := soonest(p.IdlePrompt, p.IdleEnd); quiet > 0 {
		l.Quiet = now.Add(-quiet)
	}
	missed := soonest(p.AgentGone, AwayAfter)
	for _, a := range agents {
		if now.Sub(a.SeenAt) < missed || now.Sub(since) < missed {
			l.Present = append(l.Present, a.ID)
		}
	}
	return l
}

// soonest is the shorter of two waits of which zero is for ever.
func soonest(a, b time.Duration) time.Duration {
	if a <= 0 || b > 0 && b < a {
		return b
	}
	return a
}

// Misses reports whether the chat has waited long enough for its agent. While
// the server did not serve, nobody is missed.
func (s ChatSession) Misses(p Patience, agent Sight, now time.Time) bool {
	return s.State == ChatInProgress && p.AgentGone > 0 && s.absent(agent, now) >= p.AgentGone
}

// SeeAgent notes whether the console of the chat's agent is away. changed is
// false when that was known. Only one who is seen is back.
func (c *Case) SeeAgent(agent Sight, now time.Time) (changed bool) {
	if c.Chat.Away {
		agent.Since = time.Time{}
	}
	away := c.Chat.State == ChatInProgress && c.Chat.absent(agent, now) >= AwayAfter
	if away == c.Chat.Away {
		return false
	}
	c.Chat.Away = away
	c.Touch(now)
	return true
}
