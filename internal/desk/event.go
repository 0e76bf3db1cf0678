package desk

import "time"

// An EventState says how far a stored event has come.
type EventState string

// The states of an event.
const (
	EventPending EventState = "pending" // stored, not yet applied
	EventDone    EventState = "done"
	EventDead    EventState = "dead" // failed too often; kept for people to look at
)

// An EventTrace finds the events that tell of one message of Slack.
type EventTrace struct {
	Lane  Lane
	Since time.Time // none was received before
	Ts    string    // the message, as Slack spells it
	Event EventID   // is one of them, whatever it says; 0 for none
}

// An Event is what Slack told us, kept before it is believed.
type Event struct {
	ID         EventID
	Key        string // unique per delivery of Slack, e.g. slack:T1:Ev1
	Lane       Lane
	Body       []byte // the raw bytes
	ReceivedAt time.Time
	State      EventState
	Attempts   int
	NotBefore  time.Time
	Reason     string // why the last attempt failed
}
