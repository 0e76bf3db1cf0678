package desk

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Answer returns the entry for words that are added to the case outside its
// chat: by an agent, or by a customer, who wrote them in the channel that is
// called via. Whose turn it is follows from them, unless a chat is running,
// in which it is everybody's.
func (c *Case) Answer(by Actor, text, via string, origin Origin, now time.Time) (Correspondence, error) {
	switch {
	case strings.TrimSpace(text) == "":
		return Correspondence{}, refuseField("text", "Write something before you send it.")
	case utf8.RuneCountInString(text) > MaxReply:
		return Correspondence{}, refuseField("text", "A reply may be %d characters long. Send it in parts or attach a file.", MaxReply)
	}
	if err := c.MayAnswer(); err != nil {
		return Correspondence{}, err
	}
	switch {
	case c.Chat.State == ChatInProgress:
	case by.Side == SideAgent:
		c.setStatus(StatusPendingCustomer)
	case c.Status == StatusPendingCustomer:
		c.setStatus(StatusCustomerAnswered)
	}
	return c.entry(Correspondence{Kind: KindMessage, What: MarkOutside, Author: by, Text: text, Via: via, Origin: origin}, now), nil
}

// MayAnswer says why nothing can be added to the case now.
func (c *Case) MayAnswer() error {
	if c.Open() {
		return nil
	}
	return refuse(ErrConflict, "Case %s is resolved, so nothing can be added to it. Reopen it first, or open a new case.", c.Number)
}

// Newsworthy reports whether the channel in which the case was opened is told
// of an entry: that the case was reopened, that something was added to it
// outside its chat, or that it is resolved. That it was opened is told by the
// link to it. In a thread of that very channel the case's own place tells it.
func (c *Case) Newsworthy(e Correspondence) bool {
	if c.HasPlace() && c.PlaceKind == PlaceThread {
		return false
	}
	switch e.Kind {
	case KindMessage, KindFile:
		return e.Marked(MarkOutside)
	case KindStatus:
		return e.What == string(StatusResolved) || e.What == string(StatusReopened)
	}
	return false
}
