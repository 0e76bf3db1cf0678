package desk

import "time"

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
	c.hear(c.Chat.ID, now)
	c.Touch(now)
	return true
}

// hear notes that a customer said something at a time.
func (c *Case) hear(chat ChatID, at time.Time) {
	if chat != c.Chat.ID || !at.After(c.Chat.LastWordAt) {
		return
	}
	c.Chat.LastWordAt, c.Chat.PromptedAt = at, time.Time{}
}

// absent is how long the agent has not been there, whose console was last
// seen at a time. One who has just come may not have a console open yet.
func (s ChatSession) absent(seen, now time.Time) time.Duration {
	if since := s.Since(); since.After(seen) {
		seen = since
	}
	return now.Sub(seen)
}

// Misses reports whether the chat has waited long enough for its agent, whose
// console was last seen at a time.
func (s ChatSession) Misses(p Patience, seen, now time.Time) bool {
	return s.State == ChatInProgress && p.AgentGone > 0 && s.absent(seen, now) >= p.AgentGone
}

// SeeAgent notes whether the console of the chat's agent, last seen at a time,
// is away. changed is false when that was known.
func (c *Case) SeeAgent(seen, now time.Time) (changed bool) {
	away := c.Chat.State == ChatInProgress && c.Chat.absent(seen, now) >= AwayAfter
	if away == c.Chat.Away {
		return false
	}
	c.Chat.Away = away
	c.Touch(now)
	return true
}
