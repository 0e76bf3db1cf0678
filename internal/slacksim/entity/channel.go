package entity

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A ChannelKind is what kind of conversation a channel is.
type ChannelKind string

// The kinds of channels.
const (
	Public  ChannelKind = "public"
	Private ChannelKind = "private"
	Direct  ChannelKind = "im"   // two people, or a person and a bot
	Group   ChannelKind = "mpim" // a direct message of several
)

// A Note is a channel's topic or purpose.
type Note struct {
	Value   string `json:"value"`
	Creator string `json:"creator"`
	LastSet int64  `json:"last_set"`
}

// A Channel is a conversation of any kind.
type Channel struct {
	ID        string      `json:"id"`
	Workspace string      `json:"workspace"`
	Name      string      `json:"name"` // empty for direct messages
	Kind      ChannelKind `json:"kind"`
	Creator   string      `json:"creator"`
	Created   int64       `json:"created"` // seconds
	Updated   int64       `json:"updated"` // milliseconds
	Archived  bool        `json:"archived,omitempty"`
	General   bool        `json:"general,omitempty"`
	Topic     Note        `json:"topic"`
	Purpose   Note        `json:"purpose"`
	Members   []string    `json:"members"` // in the order they came
	Previous  []string    `json:"previous_names,omitempty"`
	// Connected are the teams of other organisations that share the channel by
	// Slack Connect.
	Connected []string `json:"connected,omitempty"`
	// Formerly are the ids the channel had before it got another.
	Formerly []string `json:"formerly,omitempty"`
	// ReadOnly lets only admins post: apps and people are answered restricted_action.
	ReadOnly bool `json:"read_only,omitempty"`
}

// Has reports whether the user is a member.
func (ch Channel) Has(user string) bool { return slices.Contains(ch.Members, user) }

// VisibleTo reports whether the user can see that the channel exists: members
// see it, and everybody a public one but guests and people from elsewhere.
func (ch Channel) VisibleTo(u User) bool {
	return u.In(ch.Workspace) && (ch.Has(u.ID) || (!ch.Hidden() && !u.Confined()))
}

// Hidden reports whether only members can see that the channel exists.
func (ch Channel) Hidden() bool { return ch.Kind != Public }

var (
	channelName = regexp.MustCompile(`^[a-z0-9_-]+$`)
	onlyMarks   = regexp.MustCompile(`^[_-]+$`)
)

// CheckChannelName returns the error Slack has for a bad channel name, or nil.
func CheckChannelName(name string) error {
	switch {
	case name == "":
		return ErrNameRequired
	case utf8.RuneCountInString(name) > 80:
		return ErrNameMaxLength
	case strings.ToLower(name) != name || !channelName.MatchString(name):
		return ErrNameSpecials
	case onlyMarks.MatchString(name):
		return ErrNamePunctuation
	}
	return nil
}

// TypeName is what events call the kind of a channel.
func (ch Channel) TypeName() string {
	switch ch.Kind {
	case Private:
		return "group"
	case Direct:
		return "im"
	case Group:
		return "mpim"
	}
	return "channel"
}

// MessageEvent is the name under which apps subscribe to a channel's messages.
func (ch Channel) MessageEvent() string {
	switch ch.Kind {
	case Private:
		return "message.groups"
	case Direct:
		return "message.im"
	case Group:
		return "message.mpim"
	}
	return "message.channels"
}

// Prefix is the word that names of events and subtypes about the channel
// begin with.
func (ch Channel) Prefix() string {
	if ch.Kind == Private {
		return "group"
	}
	return "channel"
}

// Letter is what events about members call the kind of a channel.
func (ch Channel) Letter() string {
	if ch.Kind == Private {
		return "G"
	}
	return "C"
}

// With is the channel with one more member, Without the channel with one less.
func (ch Channel) With(user string) Channel {
	ch.Members = append(slices.Clone(ch.Members), user)
	return ch
}

// Without is the channel with one member less.
func (ch Channel) Without(user string) Channel {
	ch.Members = slices.DeleteFunc(slices.Clone(ch.Members), func(m string) bool { return m == user })
	return ch
}

// Wire is the channel as conversations.info has it for a viewer.
func (ch Channel) Wire(viewer string) map[string]any {
	out := map[string]any{
		"id": ch.ID, "created": ch.Created, "updated": ch.Updated, "creator": ch.Creator, "is_archived": ch.Archived,
		"is_channel": ch.Kind == Public || ch.Kind == Private, "is_group": ch.Kind == Private, "is_im": ch.Kind == Direct,
		"is_mpim": ch.Kind == Group, "is_private": ch.Hidden(), "is_general": ch.General, "is_shared": false,
		"is_org_shared": false, "is_ext_shared": false, "is_pending_ext_shared": false, "pending_shared": []string{},
		"context_team_id": ch.Workspace, "shared_team_ids": []string{ch.Workspace}, "parent_conversation": nil, "unlinked": 0,
	}
	if len(ch.Connected) > 0 {
		out["is_shared"], out["is_ext_shared"], out["conversation_host_id"] = true, true, ch.Workspace
		out["connected_team_ids"], out["internal_team_ids"] = ch.Connected, []string{ch.Workspace}
		out["shared_team_ids"] = append([]string{ch.Workspace}, ch.Connected...)
	}
	if ch.Kind == Direct {
		i := slices.IndexFunc(ch.Members, func(m string) bool { return m != viewer })
		if i < 0 {
			i = 0
		}
		out["user"], out["is_user_deleted"], out["is_open"], out["priority"] = ch.Members[i], false, true, 0
		return out
	}
	out["name"], out["name_normalized"] = ch.Name, ch.Name
	out["is_member"] = ch.Has(viewer)
	out["topic"], out["purpose"] = ch.Topic, ch.Purpose
	out["previous_names"] = append([]string{}, ch.Previous...)
	return out
}

// ByName orders channels by name, direct messages last.
func ByName(a, b Channel) int {
	return cmp.Or(cmp.Compare(boolInt(a.Name == ""), boolInt(b.Name == "")), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
