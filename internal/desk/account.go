package desk

import "strings"

// An Account is an organisation that is supported.
type Account struct {
	ID   AccountID // 12 digits
	Name string    // the alias, 1–30 word characters, - and space; may be empty

	Deletions DeletionPolicy // empty is KeepDeleted
}

// A DeletionPolicy says what becomes of recorded words whose author deletes
// them in Slack, and of the earlier words of an edited message.
type DeletionPolicy string

// The policies.
const (
	KeepDeleted  DeletionPolicy = "keep"  // shown, marked as deleted
	HideDeleted  DeletionPolicy = "hide"  // kept, but agents do not see them
	EraseDeleted DeletionPolicy = "erase" // erased from the record; a stub stays
)

// Title is how people know the account: its alias, or its id.
func (a Account) Title() string {
	if a.Name != "" {
		return a.Name
	}
	return string(a.ID)
}

// A Workspace is a Slack team in which the app is installed.
type Workspace struct {
	ID     WorkspaceID
	Name   string
	URL    string // https://acme.slack.com/
	AppID  string // our app there, A…
	BotID  string // our bot there, B…
	BotUID string // our bot's user there, U…

	State  WorkspaceState
	Reason string // why it is disconnected; Slack's word
}

// A WorkspaceState says whether we may speak in a workspace.
type WorkspaceState string

// The states of a workspace.
const (
	WorkspaceConnected    WorkspaceState = ""
	WorkspaceDisconnected WorkspaceState = "disconnected" // uninstalled, or the token was revoked
)

// A Permission is one thing that everybody in a configured channel may do.
type Permission string

// The permissions.
const (
	MayRead    Permission = "read"
	MayCreate  Permission = "create"
	MayReply   Permission = "reply"
	MayResolve Permission = "resolve"
	MayChat    Permission = "chat"
)

// FullPermissions is the preset that allows everything.
func FullPermissions() []Permission {
	return []Permission{MayRead, MayCreate, MayReply, MayResolve, MayChat}
}

// A ChannelConfig joins an account and a Slack channel.
type ChannelConfig struct {
	Account     AccountID
	Workspace   WorkspaceID
	Channel     ChannelID
	Name        string // shown on our side only; may be empty
	Permissions []Permission
}

// Allows reports whether people in the channel may do p.
func (c ChannelConfig) Allows(p Permission) bool {
	for _, have := range c.Permissions {
		if have == p {
			return true
		}
	}
	return false
}

// Require refuses, in a sentence for the person who asked, what the channel
// may not do.
func (c ChannelConfig) Require(p Permission) error {
	if c.Allows(p) {
		return nil
	}
	return refuse(ErrForbidden, "This channel may not %s. Ask the person who set up support here for the “%s” permission.", p.verb(), p)
}

func (p Permission) verb() string {
	switch p {
	case MayCreate:
		return "open cases"
	case MayReply:
		return "answer cases"
	case MayResolve:
		return "resolve cases"
	case MayChat:
		return "start a live chat"
	case MayRead:
		return "see cases"
	}
	return strings.ToLower(string(p))
}
