package signin

import (
	"time"

	"caseline/internal/desk"
)

// A Way is how an agent came in.
type Way string

// The ways.
const (
	Password Way = "password"
	Factor2  Way = "password and code" // a password and a second factor
	OIDC     Way = "oidc"              // another server said who they are
)

// Seldom is how often it is noted that a sign-in is used.
const Seldom = time.Minute

// A Session is one sign-in of an agent, in one browser.
type Session struct {
	ID      string // not the cookie's token, and no secret
	Agent   desk.AgentID
	Began   time.Time
	Seen    time.Time // to the minute
	Expires time.Time
	Address string // where it came from
	Browser string // such as Firefox; empty when that is not known
	Device  string // such as Windows; likewise
	Way     Way
}

// DidRename is what the audit says when an agent got another name.
const DidRename = "agent-renamed"

// Lasts is how long an invitation can be taken up.
const Lasts = 7 * 24 * time.Hour

// LinkPath is where the links of invitations lead, before their secret.
const LinkPath = "/invitations/"

// Mailed says whether the link of an invitation could be mailed.
type Mailed string

// What came of mailing a link; empty where none was to be mailed.
const (
	MailSent   Mailed = "sent"
	MailFailed Mailed = "failed"
)

// An Invitation lets one person in who has its link, once: somebody new, or an
// agent who chooses a new password.
type Invitation struct {
	ID      string
	Hash    string // of the link's secret
	Email   string // lower case
	Role    desk.Role
	Agent   desk.AgentID // who is there already; empty for somebody new
	By      string       // the name of who invited
	Inviter desk.AgentID // who invited; empty where that is not known
	Mailed  Mailed       // whether the link was mailed
	At      time.Time
	Expires time.Time
}

// A Factor is an agent's second factor: a program that shows codes.
type Factor struct {
	Agent  desk.AgentID
	Secret string // sealed
	Since  time.Time
	Step   int64    // the latest time step of which a code was taken
	Spare  []string // hashes of the recovery codes that are left
}

// An Identity is who an agent is to another server.
type Identity struct {
	Issuer, Subject string
	Agent           desk.AgentID
	Since           time.Time
}
