package drawn

import (
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

// StatusName is a status for people.
func StatusName(s desk.Status) string {
	switch s {
	case desk.StatusUnassigned:
		return tongue.Mark("Unassigned")
	case desk.StatusOpened:
		return tongue.Mark("Opened")
	case desk.StatusWorkInProgress:
		return tongue.Mark("In progress")
	case desk.StatusPendingCustomer:
		return tongue.Mark("Waiting for customer")
	case desk.StatusCustomerAnswered:
		return tongue.Mark("Customer answered")
	case desk.StatusReopened:
		return tongue.Mark("Reopened")
	case desk.StatusResolved:
		return tongue.Mark("Resolved")
	}
	return string(s)
}

// Lives says where a case's chat is: in a channel of its own, or in a thread;
// empty while it has no place.
func Lives(t tongue.Tongue, c desk.Case) string {
	switch {
	case c.Place == "":
		return ""
	case c.PlaceKind == desk.PlaceThread && c.ChatName == "":
		return t.Say("thread in Slack")
	case c.PlaceKind == desk.PlaceThread:
		return t.Say("thread in #%s", c.ChatName)
	case c.ChatName == "":
		return t.Say("channel in Slack")
	}
	return "#" + c.ChatName
}
