package served

import (
	"slices"
	"strings"
	"unicode/utf8"

	"caseline/internal/desk"
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

// ReadOnly is the preset that allows to see cases and to change none.
func ReadOnly() []Permission { return []Permission{MayRead} }

// The names of the presets.
const (
	PresetFull     = "full"
	PresetReadOnly = "read-only"
)

// Permissions reads a preset's name or a list of permissions, in any order, as
// they are kept.
func Permissions(words ...string) ([]Permission, error) {
	var asked []Permission
	for _, word := range words {
		switch p := Permission(strings.ToLower(strings.TrimSpace(word))); {
		case p == PresetFull:
			asked = append(asked, FullPermissions()...)
		case p == PresetReadOnly:
			asked = append(asked, ReadOnly()...)
		case slices.Contains(FullPermissions(), p):
			asked = append(asked, p)
		default:
			return nil, refuseField("permissions", "“%s” is not a permission. There are read, create, reply, resolve and chat, and the presets read-only and full.", word)
		}
	}
	if len(asked) == 0 {
		return nil, refuseField("permissions", "Choose what people in the channel may do: the preset read-only or full, or some of read, create, reply, resolve and chat.")
	}
	return slices.DeleteFunc(FullPermissions(), func(p Permission) bool { return !slices.Contains(asked, p) }), nil
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

// A Narrowing is a permission that not everybody in the channel has: only these
// people, and those in these user groups.
type Narrowing struct {
	Permission Permission
	People     []desk.PersonID
	Groups     []GroupID
}

// A ChannelConfig joins an account and a Slack channel. Its key is account,
// workspace and channel.
type ChannelConfig struct {
	Account     desk.AccountID
	Workspace   desk.WorkspaceID
	Channel     desk.ChannelID
	Name        string // shown on our side only; may be empty
	Permissions []Permission
	Notify      Notify
	Narrow      []Narrowing // of permissions that the channel has; several of one permission add up
}

// MaxChannelName is how many characters a configuration's name may have.
const MaxChannelName = 256

// Validate refuses what cannot be a configuration.
func (c ChannelConfig) Validate() error {
	if id := string(c.Channel); id == "" || len(id) > MaxChannelName || strings.ContainsFunc(id, notInID) {
		return refuseField("channel", "Name the channel by its id, such as C0123456789, or by its link. Slack shows both at the end of the channel's details.")
	}
	if utf8.RuneCountInString(c.Name) > MaxChannelName {
		return refuseField("name", "A configuration's name may be %d characters long. Choose a shorter one.", MaxChannelName)
	}
	words := make([]string, len(c.Permissions))
	for i, p := range c.Permissions {
		words[i] = string(p)
	}
	if _, err := Permissions(words...); err != nil {
		return err
	}
	for _, n := range c.Narrow {
		switch {
		case !slices.Contains(FullPermissions(), n.Permission):
			return refuseField("narrow", "“%s” is not a permission. There are read, create, reply, resolve and chat.", n.Permission)
		case len(n.People) == 0 && len(n.Groups) == 0:
			return refuseField("narrow", "Name a person or a user group who may %s. If nobody may, take the permission away from the channel.", n.Permission.verb())
		}
	}
	return c.Notify.Validate()
}

// notInID reports whether a rune has no place in an id of Slack.
func notInID(r rune) bool {
	return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
}

// Allows reports whether people in the channel may do p, if they are not
// narrowed.
func (c ChannelConfig) Allows(p Permission) bool { return slices.Contains(c.Permissions, p) }

// NamesGroups reports whether some permission is for a user group, so that it
// must be known who is in which.
func (c ChannelConfig) NamesGroups() bool {
	return slices.ContainsFunc(c.Narrow, func(n Narrowing) bool { return len(n.Groups) > 0 })
}

// Require refuses, in a sentence for the person who asked, what the channel may
// not do, or they may not. in tells the user groups they are in; nil is none.
func (c ChannelConfig) Require(p Permission, who desk.PersonID, in func(GroupID) bool) error {
	if !c.Allows(p) {
		return refuse(desk.ErrForbidden, "This channel may not %s. Ask the person who set up support here for the “%s” permission.", p.verb(), p)
	}
	narrowed := false
	for _, n := range c.Narrow {
		if n.Permission != p {
			continue
		}
		if slices.Contains(n.People, who) || in != nil && slices.ContainsFunc(n.Groups, in) {
			return nil
		}
		narrowed = true
	}
	if narrowed {
		return refuse(desk.ErrForbidden, "In this channel only some people may %s, and you are not one of them. Ask the person who set up support here for the “%s” permission.", p.verb(), p)
	}
	return nil
}

// GroupID is Slack's id of a user group (S…), opaque.
type GroupID string

// A Group is what we know of a user group in Slack. Like a Person it is a
// cache.
type Group struct {
	Workspace desk.WorkspaceID
	ID        GroupID
	Handle    string // without the @
	Name      string
	Disabled  bool            // Slack keeps the groups that were taken away; nobody is in them
	Members   []desk.PersonID // by id
}

// SetupLimits bound what may be configured.
type SetupLimits struct{ WorkspacesPerAccount, ChannelsPerAccount, AccountsPerChannel int }

// DefaultSetupLimits are those of the contract.
func DefaultSetupLimits() SetupLimits {
	return SetupLimits{WorkspacesPerAccount: 5, ChannelsPerAccount: 20, AccountsPerChannel: 100}
}
