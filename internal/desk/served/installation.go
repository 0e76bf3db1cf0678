package served

import (
	"time"

	"caseline/internal/desk"
)

// An InstallationID names an installation: by the workspace it is in, or by the
// organisation when it is in all of them.
type InstallationID string

// An Installation is our app as Slack gave it out by OAuth: in one workspace, or
// in an organisation, for those of its workspaces that the organisation lets it
// into. It stays known when it is no more.
type Installation struct {
	ID         InstallationID
	Enterprise string           // the organisation's id; empty outside one
	Workspace  desk.WorkspaceID // empty when it is the whole organisation's
	Name       string           // of the workspace or the organisation
	AppID      string
	BotUID     string
	Scopes     []string           // granted
	Reaches    []desk.WorkspaceID // of an organisation's: the workspaces it is let into, by id

	Token   string    // sealed; empty when the installation is no more
	Refresh string    // sealed; empty without token rotation
	Expires time.Time // of Token; zero is never

	InstalledBy string // Slack's id of the person
	InstalledAt time.Time
	Gone        string    // why it is no more: Slack's word; empty while it is
	Version     int64     // grows with each change
	RefreshBy   time.Time // until then somebody is refreshing it, by the database's clock
}

// Of returns what the installation's two secrets are sealed about, so that none
// opens in another's place.
func (id InstallationID) Of() (token, refresh string) {
	return "bot token of " + string(id), "refresh token of " + string(id)
}

// Wide reports whether the installation is a whole organisation's.
func (i Installation) Wide() bool { return i.Workspace == "" }

// An InstallState is one begun installation. Whoever comes back from Slack must
// bring it, from the browser that began it, and once.
type InstallState struct {
	Hash    string // of what Slack carries there and back
	Browser string // hash of the cookie of the browser that began
	Expires time.Time
	Used    bool
}
