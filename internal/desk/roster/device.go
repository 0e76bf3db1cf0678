package roster

import (
	"slices"
	"time"

	"caseline/internal/desk"
)

// A Device is a browser in which an agent has the console open, or had.
type Device struct {
	Agent  desk.AgentID
	ID     string // of the browser, the same in all its tabs
	Phone  bool
	SeenAt time.Time // when it was last connected, to desk.SeenEvery

	LookedAt time.Time // when somebody did something there last, to some minutes; zero for never
}

// LooksAwayAfter is how long nobody may do anything at an agent's devices until they
// look away. What browsers say of it lags by two minutes.
const LooksAwayAfter = 5 * time.Minute

// OfflineAfter is how long no device of an agent may be seen until the agent is
// offline. What is kept of when they were seen lags by desk.SeenEvery.
const OfflineAfter = time.Minute

// Offline is the presence of an agent who has no console open, whatever they
// chose. It is never chosen.
const Offline desk.Presence = "offline"

// There is the presence of an agent at a time: what they chose, while they have
// a console open.
func There(a desk.Agent, now time.Time) desk.Presence {
	switch {
	case a.SeenAt.IsZero() || now.Sub(a.SeenAt) >= OfflineAfter:
		return Offline
	case a.Presence == desk.Away:
		return desk.Away
	}
	return desk.Online
}

// Connected returns those of an agent's devices at which they are seen at a time.
func Connected(devices []Device, a desk.AgentID, now time.Time) []Device {
	return slices.DeleteFunc(slices.Clone(devices), func(d Device) bool {
		return d.Agent != a || now.Sub(d.SeenAt) >= OfflineAfter
	})
}

// Attentive reports whether somebody is at one of the devices at which an agent is
// seen at a time.
func Attentive(devices []Device, a desk.AgentID, now time.Time) bool {
	return slices.ContainsFunc(devices, func(d Device) bool {
		return d.Agent == a && now.Sub(d.SeenAt) < OfflineAfter && !d.LookedAt.IsZero() && now.Sub(d.LookedAt) < LooksAwayAfter
	})
}
