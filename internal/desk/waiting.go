package desk

import "time"

// A Consent is what the requester said about words written while waiting.
type Consent string

// The consents. Empty means that nothing was asked.
const (
	ConsentAsked  Consent = "asked"
	ConsentShared Consent = "shared"
	ConsentKept   Consent = "kept"
)

// Awaited reports whether something written at t was written while nobody had
// joined the chat yet.
func (s ChatSession) Awaited(t time.Time) bool {
	return !t.Before(s.RequestedAt) && t.Before(s.JoinedAt)
}

// Decide takes what the requester says about the words that they wrote while
// they waited in a chat: whether to share them. They decide once, and while
// the chat runs.
func (c *Case) Decide(chat ChatID, by PersonID, share bool, now time.Time) error {
	s := &c.Chat
	switch {
	case s.ID != chat || s.State != ChatInProgress:
		return refuse(ErrConflict, "The chat is over, so nothing was shared.")
	case s.Requester != by:
		return refuse(ErrForbidden, "Only the person who asked for the chat can decide this.")
	case s.Waiting == ConsentShared:
		return refuse(ErrConflict, "You have already shared what you wrote while waiting.")
	case s.Waiting == ConsentKept:
		return refuse(ErrConflict, "You have already decided to keep it private, so nothing was shared. What you want Support to read you can write again.")
	}
	s.Waiting = ConsentKept
	if share {
		s.Waiting = ConsentShared
	}
	c.Touch(now)
	return nil
}
