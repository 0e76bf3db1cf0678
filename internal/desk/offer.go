package desk

import (
	"slices"
	"time"
)

// An Offer asks one agent to take a waiting chat. The zero Offer asks nobody.
type Offer struct {
	Agent     AgentID
	Name      string
	At, Until time.Time
}

// A Pass notes that an agent did not take a chat that was offered to them, or
// gave it back.
type Pass struct {
	Agent AgentID
	At    time.Time
}

// Offered reports whether the chat waits and is offered to an agent at a time.
func (s ChatSession) Offered(to AgentID, now time.Time) bool {
	return s.State == ChatRequested && to != "" && s.Offer.Agent == to && now.Before(s.Offer.Until)
}

// MakeOffer offers a waiting chat to an agent until a time. changed is false when
// it does not wait, or is offered to somebody.
func (c *Case) MakeOffer(to Actor, until, now time.Time) (changed bool) {
	if c.Chat.State != ChatRequested || c.Chat.Offer != (Offer{}) {
		return false
	}
	c.Chat.Offer = Offer{Agent: AgentID(to.ID), Name: to.Name, At: now, Until: until}
	c.Touch(now)
	return true
}

// Pass takes back the offer to an agent who does not take the chat. changed is
// false when it is not offered to them.
func (c *Case) Pass(agent AgentID, now time.Time) (changed bool) {
	if c.Chat.State != ChatRequested || agent == "" || c.Chat.Offer.Agent != agent {
		return false
	}
	c.Chat.Offer = Offer{}
	c.Chat.pass(agent, now)
	c.Touch(now)
	return true
}

// pass notes that an agent was asked last at a time.
func (s *ChatSession) pass(agent AgentID, now time.Time) {
	s.Passed = slices.DeleteFunc(slices.Clone(s.Passed), func(p Pass) bool { return p.Agent == agent })
	s.Passed = append(s.Passed, Pass{agent, now})
}
