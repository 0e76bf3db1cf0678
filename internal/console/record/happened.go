package record

import (
	"fmt"

	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

// line says what happened in a few words.
func (b *builder) line(e desk.Correspondence, who string) string {
	t := b.view.Tongue
	if e.Kind == desk.KindStatus {
		return statusLine(t, e, who)
	}
	chat, why := b.chats[e.Chat], desk.EndReason(e.Text)
	if why.Lost() || why == desk.EndedOffline {
		return b.lost(chat, why, e.Author, who)
	}
	switch desk.ChatEvent(e.What) {
	case desk.EventRequested:
		return t.Say("%s asked for a live chat", who)
	case desk.EventCancelled:
		if why == desk.EndedNoPlace {
			return t.Say("The chat could not start: Slack did not let us make its channel")
		}
		return t.Say("%s cancelled the request", who)
	case desk.EventEnded:
		ended := t.Say("Ended by %s", who)
		if why == desk.EndedIdle {
			ended = t.Say("Ended because nobody wrote any more")
		}
		return ended + " · " + t.Say("%s saved", Counts(t, chat.Messages, chat.Files))
	case desk.EventPrompted:
		return t.Say("%s asked in Slack whether anybody is still there", who)
	case desk.EventMoved:
		if desk.PlaceKind(e.Text) == desk.PlaceThread {
			return t.Say("%s asked for it in another place: a thread", who)
		}
		return t.Say("%s asked for it in another place: a channel of its own", who)
	case desk.EventPublic:
		return t.Say("%s made the chat’s channel public: everybody in their workspace can read it now", who)
	case desk.EventJoined, desk.EventSecond, desk.EventLeft, desk.EventHanded, desk.EventReturned:
		return HandsWords(t, e, who)
	}
	return fmt.Sprintf("%s: %s", who, e.What)
}

// HandsWords says how a chat came into other hands; empty for entries that tell
// something else. The name in the entry's Text is an agent's.
func HandsWords(t tongue.Tongue, e desk.Correspondence, who string) string {
	switch event := desk.ChatEvent(e.What); {
	case e.Kind != desk.KindChat:
		return ""
	case event == desk.EventJoined && e.Text == desk.JoinedAgain:
		return t.Say("%s joined and goes on with this chat", who)
	case event == desk.EventJoined:
		return t.Say("%s joined", who)
	case event == desk.EventSecond:
		return t.Say("%s joined as a second agent", who)
	case event == desk.EventLeft && e.Text == "":
		return t.Say("%s left", who)
	case event == desk.EventLeft:
		return t.Say("%s left · %s goes on with this chat", who, e.Text)
	case event == desk.EventHanded && e.Text == "":
		return t.Say("%s handed this chat back to the queue", who)
	case event == desk.EventHanded:
		return t.Say("%s handed this chat over to %s", who, e.Text)
	case event == desk.EventReturned:
		return t.Say("%s’s console lost the connection · this chat is back in the queue", who)
	}
	return ""
}

func statusLine(t tongue.Tongue, e desk.Correspondence, who string) string {
	switch e.What {
	case string(desk.StatusResolved):
		return t.Say("%s resolved the case", who)
	case string(desk.StatusReopened):
		return t.Say("%s reopened the case", who)
	case desk.ChangedSeverity:
		return t.Say("%s changed the severity to %s", who, t.Text(SeverityName(desk.Severity(e.Text))))
	}
	return t.Say("%s set the case to %s", who, e.What)
}

// contactLine says who hears of the case by mail from now on, or no more.
func (b *builder) contactLine(e desk.Correspondence, who string) string {
	t := b.view.Tongue
	switch e.What {
	case desk.ContactAdded:
		return t.Say("%s added %s to those who hear of this case", who, e.Text)
	case desk.ContactRemoved:
		return t.Say("%s took %s out of those who hear of this case", who, e.Text)
	}
	return t.Say("%s unsubscribed from e-mail about this case", e.Text)
}

// SeverityName is a severity for people.
func SeverityName(s desk.Severity) string {
	switch s {
	case desk.SeverityLow:
		return tongue.Mark("Low")
	case desk.SeverityNormal:
		return tongue.Mark("Normal")
	case desk.SeverityHigh:
		return tongue.Mark("High")
	case desk.SeverityUrgent:
		return tongue.Mark("Urgent")
	case desk.SeverityCritical:
		return tongue.Mark("Critical")
	}
	return string(s)
}
