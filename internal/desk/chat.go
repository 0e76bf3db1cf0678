package desk

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// A ChatState is where a chat session stands.
type ChatState string

// The states of a chat. The empty state means that there is none.
const (
	ChatNone       ChatState = ""
	ChatRequested  ChatState = "requested"
	ChatInProgress ChatState = "in-progress"
	ChatEnded      ChatState = "ended"
)

// A ChatEvent is what a KindChat entry tells.
type ChatEvent string

// The events of a chat's life.
const (
	EventRequested ChatEvent = "requested"
	EventCancelled ChatEvent = "cancelled"
	EventJoined    ChatEvent = "joined"
	EventEnded     ChatEvent = "ended"
	EventSecond    ChatEvent = "second"   // a further agent joined
	EventLeft      ChatEvent = "left"     // an agent who was not the only one left
	EventHanded    ChatEvent = "handed"   // its agent handed it over to another, or to the queue
	EventReturned  ChatEvent = "returned" // back in the queue because its agent was gone
	EventPrompted  ChatEvent = "prompted" // the customer was asked whether they are still there
	EventMoved     ChatEvent = "moved"    // to another place
	EventPublic    ChatEvent = "public"   // its channel was made public
)

// An EndReason says why a chat ended.
type EndReason string

// The reasons.
const (
	EndedByCustomer EndReason = "customer"
	EndedByAgent    EndReason = "agent"
	EndedResolved   EndReason = "resolved"
	EndedCancelled  EndReason = "cancelled"
	EndedNoPlace    EndReason = "no-place" // Slack refused to make the channel
	EndedIdle       EndReason = "idle"
	EndedArchived   EndReason = "archived"     // somebody archived the channel
	EndedDeleted    EndReason = "deleted"      // somebody deleted the channel, or the thread's first message
	EndedRemoved    EndReason = "removed"      // somebody removed the app from the channel
	EndedOffline    EndReason = "disconnected" // the app was uninstalled or its token revoked
)

// A ChatSession is a live stretch between customer and agents in one place:
// requested, then in progress, then ended.
type ChatSession struct {
	ID          ChatID
	Case        CaseID
	State       ChatState
	Requester   PersonID
	Agent       AgentID // who joined; empty before
	AgentName   string
	RequestedAt time.Time
	JoinedAt    time.Time // zero before
	EndedAt     time.Time // zero before
	Reason      EndReason
	EndedBy     Actor
	Messages    int        // recorded between join and end; counted at the end, and again when one comes late
	Files       int        // likewise
	Hinted      []PersonID // who wrote after the end and was told that nothing is recorded; MaxHinted at most

	Place      Place     // where it takes place; empty until made
	From       Place     // the channel where it was asked for, if that is not the one where the case was opened
	Others     []Actor   // agents who joined besides Agent, in order
	TurnedAt   time.Time // when it last changed hands: back to the queue, taken up again, or to another agent; zero for never
	Away       bool      // its agent's console has been gone for AwayAfter
	Turn       Turn      // while it waits: what its card says about the queue
	Offer      Offer     // while it waits: to one agent
	Passed     []Pass    // while it waits: who did not take it, the latest last
	Before     AgentID   // the agent whom the customer knows: of the case's chat before, or before it came back
	LastWordAt time.Time // of the newest word of a customer, or of their saying that they are still here; zero before the first
	PromptedAt time.Time // the customer was asked whether they are still there; zero when not, or since they spoke
	Returned   bool      // requested again because its agent left: the recording window is still open
	Returns    int       // how often it came back to the queue
	Waiting    Consent   // to share what was written before the agent joined
	Tally      Tally     // how Slack's history and the record compare, taken after the end

	ComparedAt time.Time  // Slack's history up to then was compared with the record while it runs; zero for never
	ComparedBy DeliveryID // the reading that did; 0 for none
}

// MaxHinted is how many people are told that a chat is over who write after its
// end.
const MaxHinted = 200

// AskedIn is the channel where the case's latest chat was asked for: what may be
// done there may be done in the chat's place.
func (c *Case) AskedIn() Place { return cmp.Or(c.Chat.From, c.Asked) }

// Live reports whether the chat is asked for or running.
func (s ChatSession) Live() bool { return s.State == ChatRequested || s.State == ChatInProgress }

// Covers reports whether something written at t belongs to the chat: between
// join and end, both included, whenever it arrives. This is the recording
// window; nothing outside it is ever recorded.
func (s ChatSession) Covers(t time.Time) bool {
	if s.JoinedAt.IsZero() || t.Before(s.JoinedAt) {
		return false
	}
	return s.EndedAt.IsZero() || !t.After(s.EndedAt)
}

// CardState names what of the case its card shows and can change: while it is
// the same, the card need not be updated.
func (c *Case) CardState() string {
	s := c.Chat
	return fmt.Sprintf("%s %s %s %v %v %s %s", s.ID, s.State, s.Agent, s.Others, s.Turn.said(), c.Status, c.Severity)
}

// Request asks for a chat. While one is live nothing changes.
func (c *Case) Request(id ChatID, by PersonID, origin Origin, now time.Time) (entry Correspondence, changed bool, err error) {
	if c.Chat.Live() {
		return Correspondence{}, false, nil
	}
	if !c.Open() {
		return Correspondence{}, false, refuse(ErrConflict, "Case %s is resolved. Reopen it first, then ask for a chat.", c.Number)
	}
	c.Chat = ChatSession{ID: id, Case: c.ID, State: ChatRequested, Requester: by, RequestedAt: now, Place: c.Place, Before: cmp.Or(c.Chat.Agent, c.Chat.Before)}
	return c.chatEntry(EventRequested, ByCustomer(by), "", origin, now), true, nil
}

// Want has these people wanted in the case's chats, in place of those before;
// nil changes nothing. added are those who were not wanted before.
func (c *Case) Want(members []PersonID) (added []PersonID) {
	if members == nil {
		return nil
	}
	for _, m := range members {
		if !slices.Contains(c.Members, m) {
			added = append(added, m)
		}
	}
	c.Members = members
	return added
}

// Moved returns the entry that tells that the chat just asked for is in another
// place than those before.
func (c *Case) Moved(by PersonID, origin Origin, now time.Time) Correspondence {
	return c.chatEntry(EventMoved, ByCustomer(by), string(c.PlaceKind), origin, now)
}

// JoinedAgain is the Text of an EventJoined entry when the chat had come back
// to the queue: its recording window was open all the time.
const JoinedAgain = "again"

// Join brings an agent into a requested chat and opens the recording window,
// unless the chat came back to the queue and it is open still. An agent who is
// in the chat joining again changes nothing; another one is told who was
// first.
func (c *Case) Join(by Actor, origin Origin, now time.Time) (entry Correspondence, changed bool, err error) {
	switch c.Chat.State {
	case ChatRequested:
	case ChatInProgress:
		if c.Chat.Has(AgentID(by.ID)) {
			return Correspondence{}, false, nil
		}
		return Correspondence{}, false, refuse(ErrConflict, "%s has already joined this chat. You can join as a second agent.", c.Chat.AgentName)
	default:
		return Correspondence{}, false, refuse(ErrConflict, "Nobody is waiting on this case any more: the request was cancelled or the chat has ended.")
	}
	text := ""
	if c.Chat.Returned {
		text = JoinedAgain
	} else {
		c.Chat.JoinedAt = now
	}
	c.Chat.State = ChatInProgress
	c.Chat.leaveQueue()
	c.hand(by, now)
	c.setStatus(StatusWorkInProgress)
	return c.chatEntry(EventJoined, by, text, origin, now), true, nil
}

// End ends the chat, or cancels a request that no agent ever answered. When
// nothing is live it reports that nothing changed.
func (c *Case) End(by Actor, reason EndReason, origin Origin, now time.Time) (entry Correspondence, changed bool) {
	if !c.Chat.Live() {
		return Correspondence{}, false
	}
	event := EventEnded
	if c.Chat.JoinedAt.IsZero() {
		event = EventCancelled
		if reason == EndedByCustomer || reason == EndedByAgent {
			reason = EndedCancelled
		}
	}
	c.Chat.State, c.Chat.EndedAt, c.Chat.Reason, c.Chat.EndedBy = ChatEnded, now, reason, by
	c.Chat.Returned, c.Chat.Away, c.Chat.PromptedAt = false, false, time.Time{}
	c.Chat.leaveQueue()
	return c.chatEntry(event, by, string(reason), origin, now), true
}

// Transcript returns the entry that stands for the whole record of the chat
// that just ended, with how much it holds.
func (c *Case) Transcript(messages, files int, origin Origin, now time.Time) Correspondence {
	c.Chat.Messages, c.Chat.Files = messages, files
	return c.entry(Correspondence{
		Kind: KindTranscript, Chat: c.Chat.ID, Author: BySystem(), What: string(c.Chat.Reason), Origin: origin,
	}, now)
}

func (c *Case) chatEntry(event ChatEvent, by Actor, text string, origin Origin, now time.Time) Correspondence {
	return c.entry(Correspondence{
		Kind: KindChat, What: string(event), Chat: c.Chat.ID, Author: by, Text: text, Origin: origin,
	}, now)
}

// Record returns the entries for a customer's message of a chat that covers
// it: one for the words, if there are any or later ones are known, and one for
// each file. The caller has found the chat and seen that the origin is new.
func (c *Case) Record(chat ChatSession, m Message, files []FileID, now time.Time) []Correspondence {
	c.Hear(chat.ID, m.At)
	said := Correspondence{
		Kind: KindMessage, What: m.marks(), Chat: chat.ID, Author: ByCustomer(m.Author), Text: m.Text, Refers: m.Refers, At: m.At, Origin: m.Origin,
	}
	var entries []Correspondence
	if m.Text != "" || m.Blank {
		entries = append(entries, c.entry(said, now))
	}
	for i, f := range m.Files {
		file := said
		file.Kind, file.Text, file.File, file.Origin = KindFile, f.Name, files[i], f.Origin
		entries = append(entries, c.entry(file, now))
	}
	return entries
}

// Revise returns the entry for an edit (KindEdit, with the new words) or a
// deletion (KindDeletion) of an earlier entry.
func (c *Case) Revise(old Correspondence, kind EntryKind, by PersonID, text string, at time.Time, origin Origin, now time.Time) Correspondence {
	return c.entry(Correspondence{
		Kind: kind, Chat: old.Chat, Author: ByCustomer(by), Text: text, Refers: old.Seq, At: at, Origin: origin,
	}, now)
}

// React returns the entry for an emoji that somebody put on an earlier entry,
// or took away: What is a ReactionAdded or ReactionRemoved.
func (c *Case) React(chat ChatSession, on Correspondence, by PersonID, what, emoji string, at time.Time, origin Origin, now time.Time) Correspondence {
	return c.entry(Correspondence{
		Kind: KindReaction, What: what, Chat: chat.ID, Author: ByCustomer(by), Text: emoji, Refers: on.Seq, At: at, Origin: origin,
	}, now)
}

// Move returns the entry for somebody who came to the chat's channel or left
// it: What is a MemberJoined or MemberLeft.
func (c *Case) Move(chat ChatSession, who PersonID, what string, at time.Time, origin Origin, now time.Time) Correspondence {
	return c.entry(Correspondence{Kind: KindMember, What: what, Chat: chat.ID, Author: ByCustomer(who), At: at, Origin: origin}, now)
}
