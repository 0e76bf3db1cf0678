package drawn

import (
	"caseline/internal/desk"
)

// StatusName is a status for people.
func StatusName(s desk.Status) string {
	switch s {
	case desk.StatusUnassigned:
		return "Unassigned"
	case desk.StatusOpened:
		return "Opened"
	case desk.StatusWorkInProgress:
		return "In progress"
	case desk.StatusPendingCustomer:
		return "Waiting for customer"
	case desk.StatusCustomerAnswered:
		return "Customer answered"
	case desk.StatusReopened:
		return "Reopened"
	case desk.StatusResolved:
		return "Resolved"
	}
	return string(s)
}

// Lives says where a case's chat is: in a channel of its own, or in a thread;
// empty while it has no place.
func Lives(c desk.Case) string {
	switch {
	case c.Place == "":
		return ""
	case c.PlaceKind == desk.PlaceThread && c.ChatName == "":
		return "thread in Slack"
	case c.PlaceKind == desk.PlaceThread:
		return "thread in #" + c.ChatName
	case c.ChatName == "":
		return "channel in Slack"
	}
	return "#" + c.ChatName
}
