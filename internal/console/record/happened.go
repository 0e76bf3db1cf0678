package record

import (
	"fmt"

	"caseline/internal/desk"
)

// line says what happened in a few words.
func (b *builder) line(e desk.Correspondence, who string) string {
	if e.Kind == desk.KindStatus {
		return statusLine(e, who)
	}
	chat, why := b.chats[e.Chat], desk.EndReason(e.Text)
	if why.Lost() || why == desk.EndedOffline {
		return b.lost(chat, why, e.Author, who)
	}
	switch desk.ChatEvent(e.What) {
	case desk.EventRequested:
		return who + " asked for a live chat"
	case desk.EventCancelled:
		if why == desk.EndedNoPlace {
			return "The chat could not start: Slack did not let us make its channel"
		}
		return who + " cancelled the request"
	case desk.EventEnded:
		ended := "Ended by " + who
		if why == desk.EndedIdle {
			ended = "Ended because nobody wrote any more"
		}
		return ended + " · " + Counts(chat.Messages, chat.Files) + " saved"
	case desk.EventPrompted:
		return who + " asked in Slack whether anybody is still there"
	case desk.EventMoved:
		return who + " asked for it in another place: " + placeWords(desk.PlaceKind(e.Text))
	case desk.EventPublic:
		return who + " made the chat’s channel public: everybody in their workspace can read it now"
	case desk.EventJoined, desk.EventSecond, desk.EventLeft, desk.EventHanded, desk.EventReturned:
		return HandsWords(e, who)
	}
	return fmt.Sprintf("%s: %s", who, e.What)
}

// HandsWords says how a chat came into other hands; empty for entries that tell
// something else. The name in the entry's Text is an agent's.
func HandsWords(e desk.Correspondence, who string) string {
	switch event := desk.ChatEvent(e.What); {
	case e.Kind != desk.KindChat:
		return ""
	case event == desk.EventJoined && e.Text == desk.JoinedAgain:
		return who + " joined and goes on with this chat"
	case event == desk.EventJoined:
		return who + " joined"
	case event == desk.EventSecond:
		return who + " joined as a second agent"
	case event == desk.EventLeft && e.Text == "":
		return who + " left"
	case event == desk.EventLeft:
		return who + " left · " + e.Text + " goes on with this chat"
	case event == desk.EventHanded && e.Text == "":
		return who + " handed this chat back to the queue"
	case event == desk.EventHanded:
		return who + " handed this chat over to " + e.Text
	case event == desk.EventReturned:
		return who + "’s console lost the connection · this chat is back in the queue"
	}
	return ""
}

func statusLine(e desk.Correspondence, who string) string {
	switch e.What {
	case string(desk.StatusResolved):
		return who + " resolved the case"
	case string(desk.StatusReopened):
		return who + " reopened the case"
	case desk.ChangedSeverity:
		return who + " changed the severity to " + SeverityName(desk.Severity(e.Text))
	}
	return fmt.Sprintf("%s set the case to %s", who, e.What)
}

// contactLine says who hears of the case by mail from now on, or no more.
func contactLine(e desk.Correspondence, who string) string {
	switch e.What {
	case desk.ContactAdded:
		return who + " added " + e.Text + " to those who hear of this case"
	case desk.ContactRemoved:
		return who + " took " + e.Text + " out of those who hear of this case"
	}
	return e.Text + " unsubscribed from e-mail about this case"
}

func placeWords(kind desk.PlaceKind) string {
	if kind == desk.PlaceThread {
		return "a thread"
	}
	return "a channel of its own"
}

// SeverityName is a severity for people.
func SeverityName(s desk.Severity) string {
	switch s {
	case desk.SeverityLow:
		return "Low"
	case desk.SeverityNormal:
		return "Normal"
	case desk.SeverityHigh:
		return "High"
	case desk.SeverityUrgent:
		return "Urgent"
	case desk.SeverityCritical:
		return "Critical"
	}
	return string(s)
}
