package desk

import "time"

// A Person is what we know of somebody in Slack. It is a cache: Slack is the
// source, and names are resolved when a page is drawn.
type Person struct {
	ID        PersonID
	Name      string // display name; empty until fetched
	Avatar    string // URL of a picture; may be empty
	External  bool   // guest or from another organisation
	Bot       bool
	FetchedAt time.Time // zero until fetched
}

// A Role is what an agent's sign-in may do; package rights says what.
type Role string

// The roles.
const (
	RoleAgent    Role = "agent"
	RoleLead     Role = "lead"     // runs the team
	RoleOperator Role = "operator" // runs the server
	RoleAuditor  Role = "auditor"  // sees everything and changes nothing
)

// Presence says whether an agent takes chats.
type Presence string

// The presences.
const (
	Online Presence = "online"
	Away   Presence = "away"
)

// An Agent answers in the console.
type Agent struct {
	ID           AgentID
	Email        string // lower case, unique; the sign-in
	Name         string // shown in Slack, followed by "(Support)"
	PasswordHash string // argon2id, PHC string
	Role         Role
	Presence     Presence
	Disabled     bool
	CreatedAt    time.Time
	SeenAt       time.Time // when their console was last connected, to the half minute; zero for never
}

// A Side says on whose behalf somebody speaks.
type Side string

// The sides.
const (
	SideCustomer Side = "customer"
	SideAgent    Side = "agent"
	SideSystem   Side = "system"
)

// An Actor is who did something. ID is a PersonID or an AgentID by Side; Name
// is a snapshot and may be empty for customers, whose names are resolved when
// shown.
type Actor struct {
	Side Side
	ID   string
	Name string
}

// ByCustomer is the actor for a person in Slack.
func ByCustomer(id PersonID) Actor { return Actor{Side: SideCustomer, ID: string(id)} }

// ByAgent is the actor for an agent.
func ByAgent(a Agent) Actor { return Actor{Side: SideAgent, ID: string(a.ID), Name: a.Name} }

// BySystem is the actor for what happens by itself.
func BySystem() Actor { return Actor{Side: SideSystem} }
