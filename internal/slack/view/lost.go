package view

import "caseline/internal/desk"

// lostWords says how a chat lost its place: who did what to it, or what was
// done when that is not known. thread says that it was a thread.
func lostWords(why desk.EndReason, thread bool, by desk.Actor, names Names) string {
	what, place := "", "its channel"
	switch why {
	case desk.EndedArchived:
		what = "archived"
	case desk.EndedDeleted:
		what = "deleted"
		if thread {
			place = "the first message of its thread"
		}
	case desk.EndedRemoved:
		what = "removed"
		if by.Side == desk.SideCustomer {
			return who(by, names) + " removed the app from its channel"
		}
		return "the app was removed from its channel"
	default:
		return "its place is gone"
	}
	if by.Side == desk.SideCustomer {
		return who(by, names) + " " + what + " " + place
	}
	return place + " was " + what
}

// lost tells the channel where a case was opened that its chat has lost its
// place, and offers a new one.
func lost(c desk.Case, chat desk.ChatSession, e desk.Correspondence, names Names) Message {
	why := lostWords(desk.EndReason(e.Text), c.PlaceKind == desk.PlaceThread, e.Author, names)
	text := "The live chat on case " + string(c.Number) + " ended because " + why + ". " + saved(chat) + "."
	if chat.JoinedAt.IsZero() {
		text = "The request for a live chat on case " + string(c.Number) + " was cancelled because " + why + ". Nothing was recorded."
	}
	if !c.Open() {
		return line(text)
	}
	m := line(text + " To talk again, invite an agent: the chat gets a new place.")
	m.Blocks = append(m.Blocks, actions("case", inviteButton(c)))
	return m
}

// offline tells, once we are back, that a chat ended while the app could not
// speak in the workspace.
func offline(c desk.Case, chat desk.ChatSession) Message {
	text := "The live chat on case " + string(c.Number) + " ended at " + clock(chat.EndedAt) +
		" because the app was disconnected from this workspace. " + saved(chat) + "."
	if chat.JoinedAt.IsZero() {
		text = "The request for a live chat on case " + string(c.Number) + " was cancelled at " + clock(chat.EndedAt) +
			" because the app was disconnected from this workspace. Nothing was recorded."
	}
	if !c.Open() {
		return line(text)
	}
	m := line(text + " To talk again, invite an agent.")
	m.Blocks = append(m.Blocks, actions("case", inviteButton(c)))
	return m
}
