package desk

import (
	"slices"
	"time"
)

// Has reports whether an agent has joined the running chat, as its agent or
// besides.
func (s ChatSession) Has(agent AgentID) bool {
	return s.State == ChatInProgress && (s.Agent == agent || s.other(agent) >= 0)
}

func (s ChatSession) other(agent AgentID) int {
	return slices.IndexFunc(s.Others, func(a Actor) bool { return a.ID == string(agent) })
}

// Since is when the chat came into the hands it is in: those of the queue or
// of its agent.
func (s ChatSession) Since() time.Time {
	switch {
	case !s.TurnedAt.IsZero():
		return s.TurnedAt
	case s.State == ChatRequested || s.JoinedAt.IsZero():
		return s.RequestedAt
	}
	return s.JoinedAt
}

// JoinAlso brings a further agent into a running chat. An agent who is in it
// joining again changes nothing.
func (c *Case) JoinAlso(by Actor, origin Origin, now time.Time) (entry Correspondence, changed bool, err error) {
	switch {
	case c.Chat.State == ChatRequested:
		return Correspondence{}, false, refuse(ErrConflict, "No agent is in this chat any more. Join it as its agent.")
	case c.Chat.State != ChatInProgress:
		return Correspondence{}, false, refuse(ErrConflict, "The chat is over, so it cannot be joined.")
	case c.Chat.Has(AgentID(by.ID)):
		return Correspondence{}, false, nil
	}
	c.Chat.Others = append(slices.Clone(c.Chat.Others), by)
	return c.chatEntry(EventSecond, by, "", origin, now), true, nil
}

// Leave takes an agent out of a chat in which another one stays. When its
// agent leaves, the one who joined next goes on with it; their name is the
// entry's Text.
func (c *Case) Leave(by Actor, origin Origin, now time.Time) (entry Correspondence, changed bool, err error) {
	if !c.Chat.Has(AgentID(by.ID)) {
		return Correspondence{}, false, nil
	}
	if string(c.Chat.Agent) != by.ID {
		c.without(AgentID(by.ID))
		return c.chatEntry(EventLeft, by, "", origin, now), true, nil
	}
	if len(c.Chat.Others) == 0 {
		return Correspondence{}, false, refuse(ErrConflict, "You are the only agent in this chat. Hand it over, or end it.")
	}
	return c.succeed(by, origin, now), true, nil
}

// succeed makes the first of the others the chat's agent in place of who
// leaves.
func (c *Case) succeed(leaves Actor, origin Origin, now time.Time) Correspondence {
	next := c.Chat.Others[0]
	c.hand(next, now)
	return c.chatEntry(EventLeft, leaves, next.Name, origin, now)
}

// HandOver gives a running chat to another agent, whose name is the entry's
// Text, or back to the queue when to is nobody. Giving it to the agent who
// has it changes nothing.
func (c *Case) HandOver(by, to Actor, origin Origin, now time.Time) (entry Correspondence, changed bool, err error) {
	switch {
	case c.Chat.State == ChatRequested && to == Actor{} && c.Chat.Returned:
		return Correspondence{}, false, nil
	case c.Chat.State != ChatInProgress:
		return Correspondence{}, false, refuse(ErrConflict, "This chat is not running, so there is nothing to hand over.")
	case to.ID == string(c.Chat.Agent):
		return Correspondence{}, false, nil
	case to == Actor{} && len(c.Chat.Others) > 0:
		return Correspondence{}, false, refuse(ErrConflict, "%s is in this chat too. Hand it over to them.", c.Chat.Others[0].Name)
	case to == Actor{}:
		c.Chat.pass(c.Chat.Agent, now)
		c.requeue(now)
	default:
		c.hand(to, now)
	}
	return c.chatEntry(EventHanded, by, to.Name, origin, now), true, nil
}

// Return takes a running chat from an agent who is gone: the next one in it
// goes on, or else it is back in the queue.
func (c *Case) Return(origin Origin, now time.Time) Correspondence {
	gone := Actor{Side: SideAgent, ID: string(c.Chat.Agent), Name: c.Chat.AgentName}
	if len(c.Chat.Others) > 0 {
		return c.succeed(gone, origin, now)
	}
	c.requeue(now)
	return c.chatEntry(EventReturned, gone, "", origin, now)
}

// hand makes to the chat's agent.
func (c *Case) hand(to Actor, now time.Time) {
	if c.Chat.Agent != "" || c.Chat.Returned {
		c.Chat.TurnedAt = now
	}
	c.without(AgentID(to.ID))
	c.Chat.Agent, c.Chat.AgentName = AgentID(to.ID), to.Name
	c.Chat.Returned, c.Chat.Away, c.Chat.PromptedAt = false, false, time.Time{}
}

// requeue puts a running chat back into the queue; its recording window stays open.
func (c *Case) requeue(now time.Time) {
	c.Chat.Before, c.Chat.Returns = c.Chat.Agent, c.Chat.Returns+1
	c.Chat.State, c.Chat.Agent, c.Chat.AgentName, c.Chat.TurnedAt = ChatRequested, "", "", now
	c.Chat.Returned, c.Chat.Away, c.Chat.PromptedAt = true, false, time.Time{}
}

// without takes an agent from the others.
func (c *Case) without(agent AgentID) {
	if i := c.Chat.other(agent); i >= 0 {
		c.Chat.Others = slices.Delete(slices.Clone(c.Chat.Others), i, i+1)
	}
	if len(c.Chat.Others) == 0 {
		c.Chat.Others = nil
	}
}
