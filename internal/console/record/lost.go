package record

import (
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

// lost says that a chat ended because its place is no longer open to us.
func (b *builder) lost(chat desk.ChatSession, why desk.EndReason, by desk.Actor, who string) string {
	t := b.view.Tongue
	if by.Side != desk.SideCustomer {
		who = ""
	}
	how := LostWords(t, why, b.Case.PlaceKind, who)
	if chat.JoinedAt.IsZero() {
		return t.Say("The request was cancelled: %s", how)
	}
	return t.Say("The chat ended: %s", how) + " · " + t.Say("%s saved", Counts(t, chat.Messages, chat.Files))
}

// LostWords says how a chat lost its place: that somebody archived its
// channel, or that it was archived when who is empty.
func LostWords(t tongue.Tongue, why desk.EndReason, kind desk.PlaceKind, who string) string {
	thread := kind == desk.PlaceThread
	switch {
	case why == desk.EndedOffline:
		return t.Say("the app was disconnected from the workspace")
	case why == desk.EndedRemoved && who != "":
		return t.Say("%s removed the app from its channel", who)
	case why == desk.EndedRemoved:
		return t.Say("the app was removed from its channel")
	case why == desk.EndedDeleted && thread && who != "":
		return t.Say("%s deleted the first message of its thread", who)
	case why == desk.EndedDeleted && thread:
		return t.Say("the first message of its thread was deleted")
	case why == desk.EndedDeleted && who != "":
		return t.Say("%s deleted its channel", who)
	case why == desk.EndedDeleted:
		return t.Say("its channel was deleted")
	case who != "":
		return t.Say("%s archived its channel", who)
	}
	return t.Say("its channel was archived")
}
