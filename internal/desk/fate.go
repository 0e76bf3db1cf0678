package desk

import (
	"strings"
	"time"
)

// A Fate is what became, in Slack, of a channel in which chats may take place.
type Fate string

// The fates.
const (
	FateArchived Fate = "archived"
	FateDeleted  Fate = "deleted"
	FateRemoved  Fate = "removed" // our app was taken out of it
	FateBack     Fate = "back"    // it is open to us again
	FatePublic   Fate = "public"
	FateRenamed  Fate = "renamed"
)

// A ChannelChange says that Slack gave a channel another id.
type ChannelChange struct {
	Workspace     WorkspaceID
	Before, After ChannelID
	At            time.Time
}

// Ends returns why a chat ends in a place of this fate, or "" if it goes on.
func (f Fate) Ends() EndReason {
	switch f {
	case FateArchived:
		return EndedArchived
	case FateDeleted:
		return EndedDeleted
	case FateRemoved:
		return EndedRemoved
	case FateBack, FatePublic, FateRenamed:
	}
	return ""
}

// Lost reports whether a chat ended because its place is no longer open to us,
// so that nothing can be said there.
func (r EndReason) Lost() bool {
	return r == EndedArchived || r == EndedDeleted || r == EndedRemoved
}

// LosePlace notes that the case's place is no longer open to us, so that the
// next request asks for a new one. A live chat must have been ended first. Where
// the first message of a thread is gone, the next word about the case begins
// another: below what is gone nobody would find it.
func (c *Case) LosePlace(why EndReason, now time.Time) {
	if why == EndedDeleted && c.Thread != "" && strings.HasSuffix(string(c.Place), "/"+c.Thread) {
		c.Thread = ""
	}
	c.Place = ""
	c.Touch(now)
}

// RegainPlace notes that a place that was lost is open to us again. It reports
// false when the case has found another meanwhile, or one is being made.
func (c *Case) RegainPlace(place Place, now time.Time) bool {
	if c.HasPlace() || c.Chat.Place != place {
		return false
	}
	c.Place = place
	c.Touch(now)
	return true
}

// MadePublic returns the entry that says that anybody in the workspace can now
// read in the case's place.
func (c *Case) MadePublic(by Actor, origin Origin, now time.Time) Correspondence {
	return c.chatEntry(EventPublic, by, "", origin, now)
}
