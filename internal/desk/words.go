package desk

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// What deliveries of an agent's words are refused with, and their Content.What,
// when Slack will not have a message changed.
const (
	Unchangeable = "unchangeable" // why a DeliverEdit or DeliverRemove is refused: Slack keeps the message as it is
	Corrected    = "corrected"    // a DeliverReply that says in a new message what an edit could not change
	Withdrawn    = "withdrawn"    // a DeliverNotice that tells of a message which could not be removed
)

// Amend returns the entry for new words that an agent gives to old, a message
// of theirs; changes are its edits and deletions so far. changed is false when
// it says just that already.
func (c *Case) Amend(by Actor, old Correspondence, changes []Correspondence, text string, origin Origin, now time.Time) (entry Correspondence, changed bool, err error) {
	switch {
	case strings.TrimSpace(text) == "":
		return Correspondence{}, false, refuseField("text", "Write what it should say, or delete the message.")
	case utf8.RuneCountInString(text) > MaxReply:
		return Correspondence{}, false, refuseField("text", "A reply may be %d characters long. Shorten it, or attach a file.", MaxReply)
	}
	if err := c.MayAmend(by, old); err != nil {
		return Correspondence{}, false, err
	}
	if deleted(changes) {
		return Correspondence{}, false, refuse(ErrConflict, "This message is deleted. Write a new one.")
	}
	if Wording(old, changes) == text {
		return Correspondence{}, false, nil
	}
	return c.entry(Correspondence{Kind: KindEdit, Chat: old.Chat, Author: by, Text: text, Refers: old.Seq, Origin: origin}, now), true, nil
}

// Withdraw returns the entry for an agent's deletion of old, a message of
// theirs. Deleting it again changes nothing.
func (c *Case) Withdraw(by Actor, old Correspondence, changes []Correspondence, origin Origin, now time.Time) (entry Correspondence, changed bool, err error) {
	if err := c.MayAmend(by, old); err != nil {
		return Correspondence{}, false, err
	}
	if deleted(changes) {
		return Correspondence{}, false, nil
	}
	return c.entry(Correspondence{Kind: KindDeletion, Chat: old.Chat, Author: by, Refers: old.Seq, Origin: origin}, now), true, nil
}

// MayAmend says why somebody may not change or delete a message: it must be
// their own, and of the chat that is running. What was said in a chat that is
// over is on record.
func (c *Case) MayAmend(by Actor, old Correspondence) error {
	switch {
	case old.Kind != KindMessage || old.Author.Side != SideAgent || old.Author.ID != by.ID:
		return refuse(ErrForbidden, "Only the agent who wrote a message can change or delete it.")
	case old.Chat == "":
		return refuse(ErrConflict, "What was added to the case stays as it is. Add a correction.")
	case old.Chat != c.Chat.ID || c.Chat.State != ChatInProgress:
		return refuse(ErrConflict, "The chat is no longer running, so its messages stay as they are.")
	}
	return nil
}

// Wording is what a message says after its changes.
func Wording(e Correspondence, changes []Correspondence) string {
	for _, change := range slices.Backward(changes) {
		if change.Kind == KindEdit {
			return change.Text
		}
	}
	return e.Text
}

func deleted(changes []Correspondence) bool {
	return slices.ContainsFunc(changes, func(e Correspondence) bool { return e.Kind == KindDeletion })
}

// Note returns the entry for an agent's words to colleagues. They never leave:
// any agent may write them at any time. While a chat lives they belong to it.
func (c *Case) Note(by Actor, text string, origin Origin, now time.Time) (Correspondence, error) {
	switch {
	case strings.TrimSpace(text) == "":
		return Correspondence{}, refuseField("text", "Write something before you save the note.")
	case utf8.RuneCountInString(text) > MaxReply:
		return Correspondence{}, refuseField("text", "A note may be %d characters long. Save it in parts.", MaxReply)
	}
	note := Correspondence{Kind: KindNote, Author: by, Text: text, Origin: origin}
	if c.Chat.Live() {
		note.Chat = c.Chat.ID
	}
	return c.entry(note, now), nil
}

// CarriesWords reports whether d brings an agent's words, or a change of them,
// into Slack.
func (d Delivery) CarriesWords() bool {
	switch d.Kind {
	case DeliverReply, DeliverEdit, DeliverRemove:
		return true
	case DeliverNotice:
		return d.Content.What == Withdrawn
	default:
		return false
	}
}

// Retry returns the delivery that tries once more what the last of those that
// carry a message was refused. ok is false when it was not refused. Of a text
// in parts, those that are in Slack are not sent again.
func (c *Case) Retry(carrying []Delivery) (again Delivery, ok bool) {
	if len(carrying) == 0 {
		return Delivery{}, false
	}
	last := carrying[len(carrying)-1]
	if last.State != DeliveryRefused {
		return Delivery{}, false
	}
	again = Delivery{Kind: last.Kind, Seq: last.Seq, Place: last.Place, Content: last.Content}
	if last.Kind == DeliverReply {
		again.Part, again.Receipt = last.Part, last.Receipt
	}
	return again, true
}
