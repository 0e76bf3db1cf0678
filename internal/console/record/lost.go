package record

import "caseline/internal/desk"

// lost says that a chat ended because its place is no longer open to us.
func (b *builder) lost(chat desk.ChatSession, why desk.EndReason, by desk.Actor, who string) string {
	if by.Side != desk.SideCustomer {
		who = ""
	}
	text := "The chat ended: " + LostWords(why, b.Case.PlaceKind, who)
	if chat.JoinedAt.IsZero() {
		return "The request was cancelled: " + LostWords(why, b.Case.PlaceKind, who)
	}
	return text + " · " + Counts(chat.Messages, chat.Files) + " saved"
}

// LostWords says how a chat lost its place: that somebody archived its
// channel, or that it was archived when who is empty.
func LostWords(why desk.EndReason, kind desk.PlaceKind, who string) string {
	what, place := "archived", "its channel"
	switch {
	case why == desk.EndedOffline:
		return "the app was disconnected from the workspace"
	case why == desk.EndedRemoved && who != "":
		return who + " removed the app from its channel"
	case why == desk.EndedRemoved:
		return "the app was removed from its channel"
	case why == desk.EndedDeleted && kind == desk.PlaceThread:
		what, place = "deleted", "the first message of its thread"
	case why == desk.EndedDeleted:
		what = "deleted"
	}
	if who != "" {
		return who + " " + what + " " + place
	}
	return place + " was " + what
}
