package store

import (
	"context"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
)

// RosterReader reads who answers what, and where agents are seen.
type RosterReader interface {
	// Teams returns all of them, by name.
	Teams(ctx context.Context) ([]roster.Team, error)
	// Seats returns those that somebody has described, by agent.
	Seats(ctx context.Context) ([]roster.Seat, error)
	// Devices returns those that were seen at or after a time, by agent, each
	// agent's latest first.
	Devices(ctx context.Context, since time.Time) ([]roster.Device, error)
	// LongestWaiting returns up to limit cases whose chat is requested, by since
	// when.
	LongestWaiting(ctx context.Context, limit int) ([]desk.Case, error)
	// CountWaiting counts the cases whose chat is requested, and returns since when
	// the one has waited that has waited longest, as the chat's Since has it; zero
	// when there is none.
	CountWaiting(ctx context.Context) (n int, since time.Time, err error)
	// Loads returns how much the agents have in hand who have something, or had, by
	// agent.
	Loads(ctx context.Context) ([]Load, error)
}

// A Load is how much an agent has in hand.
type Load struct {
	Agent  desk.AgentID
	Chats  int       // in progress, of which they are the agent
	Offers int       // waiting chats that are offered to them
	Last   time.Time // when they joined one of those or were offered one; zero for never
}

// RosterTx writes who answers what, and where agents are seen. What it reads is
// as it is inside the update.
type RosterTx interface {
	Teams(ctx context.Context) ([]roster.Team, error)
	Seats(ctx context.Context) ([]roster.Seat, error)
	// SaveTeam adds or replaces a team. desk.ErrConflict when another has its name.
	SaveTeam(ctx context.Context, t *roster.Team) error
	DropTeam(ctx context.Context, id roster.TeamID) error
	SaveSeat(ctx context.Context, s *roster.Seat) error
	// SeeDevice notes that a device was connected at a time, if it was last seen
	// desk.SeenEvery before that or earlier. It gives a hint of one that was not
	// seen for roster.OfflineAfter.
	SeeDevice(ctx context.Context, d *roster.Device) error
	// LookAtDevice notes when somebody did something at a device. It gives no hint.
	LookAtDevice(ctx context.Context, d *roster.Device) error
	// DropDevice forgets a device, and returns how many others of its agent were
	// seen at or after a time.
	DropDevice(ctx context.Context, d *roster.Device, since time.Time) (others int, err error)
	// PurgeDevices forgets those that were last seen before a time.
	PurgeDevices(ctx context.Context, before time.Time) error
	// LoadOf returns how much an agent has in hand. Whoever decides by that locks
	// the agent first.
	LoadOf(ctx context.Context, a desk.AgentID) (Load, error)
	// NoteOffered notes when a chat was last offered to an agent.
	NoteOffered(ctx context.Context, a desk.AgentID, at time.Time) error
}
