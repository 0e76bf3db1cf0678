package manifest

import "slices"

// A Use is something that we do with Slack, and the scopes it takes: all of
// them. Where a use is for public and for private channels, Slack asks for the
// scope of the one at hand.
type Use struct {
	Name   string // of a method such as chat.postMessage, of an event, or of a part of the app
	Scopes []string
}

// A Scope is a scope that the app asks for.
type Scope struct {
	Name     string
	Optional bool   // whoever installs the app may decline it
	Without  string // what does not work without it: a sentence
}

// methods are the methods of the Web API that package api calls. Source of the
// scopes: Slack's pages of the methods, as of May 2026.
var methods = []Use{
	{"auth.teams.list", nil},
	{"auth.test", nil},
	{"bots.info", []string{"users:read"}},
	{"chat.delete", []string{"chat:write"}},
	{"chat.postEphemeral", []string{"chat:write"}},
	{"chat.postMessage", []string{"chat:write"}},
	{"chat.update", []string{"chat:write"}},
	{"conversations.create", []string{"groups:write"}}, // chats' channels are private
	{"conversations.history", []string{"channels:history", "groups:history"}},
	{"conversations.info", []string{"channels:read", "groups:read"}},
	{"conversations.invite", []string{"groups:write"}},
	{"conversations.list", []string{"channels:read"}},
	{"conversations.replies", []string{"channels:history", "groups:history"}},
	{"conversations.setTopic", []string{"groups:write"}},
	{"emoji.list", []string{"emoji:read"}},
	{"files.completeUploadExternal", []string{"files:write"}},
	{"files.getUploadURLExternal", []string{"files:write"}},
	{"files.info", []string{"files:read"}},
	{"pins.add", []string{"pins:write"}},
	{"team.info", []string{"team:read"}},
	{"usergroups.list", []string{"usergroups:read"}},
	{"usergroups.users.list", []string{"usergroups:read"}},
	{"users.conversations", []string{"channels:read", "groups:read"}},
	{"users.info", []string{"users:read"}},
	{"views.open", nil},
	{"views.publish", nil},
	{"views.push", nil},
	{"views.update", nil},
}

// appMethods are called with the app-level token, whose scope the manifest
// cannot ask for.
var appMethods = []Use{
	{"apps.connections.open", []string{"connections:write"}},
}

// secretMethods are called with the app's own id and secret, without a token.
var secretMethods = []Use{
	{"oauth.v2.access", nil},
}

// events are the bot events that package slack handles, as a manifest names
// them: there a message is one of four. Source of the scopes: Slack's AsyncAPI
// description and the pages of newer events.
var events = []Use{
	{"app_home_opened", nil},
	{"app_uninstalled", nil},
	{"channel_archive", []string{"channels:read"}},
	{"channel_deleted", []string{"channels:read"}},
	// Its page does not print the scope; it tells of private channels too.
	{"channel_id_changed", []string{"channels:read", "groups:read"}},
	{"channel_left", []string{"channels:read"}},
	{"channel_rename", []string{"channels:read"}},
	{"channel_unarchive", []string{"channels:read"}},
	{"emoji_changed", []string{"emoji:read"}},
	{"group_archive", []string{"groups:read"}},
	{"group_deleted", []string{"groups:read"}},
	{"group_left", []string{"groups:read"}},
	{"group_rename", []string{"groups:read"}},
	{"group_unarchive", []string{"groups:read"}},
	{"member_joined_channel", []string{"channels:read", "groups:read"}},
	{"member_left_channel", []string{"channels:read", "groups:read"}},
	{"message.channels", []string{"channels:history"}},
	{"message.groups", []string{"groups:history"}},
	{"message.im", []string{"im:history"}},
	{"reaction_added", []string{"reactions:read"}},
	{"reaction_removed", []string{"reactions:read"}},
	{"subteam_created", []string{"usergroups:read"}},
	{"subteam_members_changed", []string{"usergroups:read"}},
	{"subteam_updated", []string{"usergroups:read"}},
	{"team_access_granted", nil}, // their pages print no scope
	{"team_access_revoked", nil},
	{"tokens_revoked", nil},
	{"user_change", []string{"users:read"}},
}

// features are what else takes a scope: no method or event of its own does.
var features = []Use{
	{"slash command and shortcuts", []string{"commands"}},
	{"agents' words under their own names", []string{"chat:write.customize"}},
	{"fetching files", []string{"files:read"}},
}

// scopes are all that the app asks for, in Slack's order. Optional are those
// without which the rest goes on.
var scopes = []Scope{
	{"channels:history", false, "What is written in a chat in a public channel's thread does not reach the case."},
	{"channels:read", false, "Whether a public channel exists and the app is in it is not known, and operators are shown no list of channels."},
	{"chat:write", false, "Nothing that agents write reaches Slack."},
	{"chat:write.customize", true, "Agents' words stand under the app's name and begin with theirs."},
	{"commands", false, "The slash command and the shortcuts do not exist."},
	{"emoji:read", true, "The workspace's own emoji are shown to agents by their names."},
	{"files:read", false, "Files that people share in a chat are not kept on the case."},
	{"files:write", false, "Files that agents send do not reach Slack."},
	{"groups:history", false, "What is written in a chat in a private channel, where most are, does not reach the case."},
	{"groups:read", false, "What becomes of a chat's channel is not noticed, and private channels cannot be checked."},
	{"groups:write", false, "No chat gets a channel of its own."},
	{"im:history", true, "People who write to the app itself are not told where to write."},
	{"pins:write", true, "The card with a chat's buttons is not pinned in its channel."},
	{"reactions:read", true, "Agents do not see people's reactions."},
	{"team:read", true, "The workspace is called by the name that Slack gives with the token."},
	{"usergroups:read", true, "Permissions cannot be narrowed to user groups, and those that people mention have no names."},
	{"users:read", false, "People have no names and no pictures in the console."},
}

// Methods returns the methods that are called with the bot token.
func Methods() []Use { return slices.Clone(methods) }

// AppMethods returns the methods that are called with the app-level token.
func AppMethods() []Use { return slices.Clone(appMethods) }

// SecretMethods returns the methods that are called with the app's own secret.
func SecretMethods() []Use { return slices.Clone(secretMethods) }

// Events returns the bot events that are subscribed to.
func Events() []Use { return slices.Clone(events) }

// Features returns what else takes a scope.
func Features() []Use { return slices.Clone(features) }

// Scopes returns the scopes that the app asks for.
func Scopes() []Scope { return slices.Clone(scopes) }

// A Grant is what was granted of the scopes, against what is asked for.
type Grant struct {
	Missing  []Scope  // without which the app does not do what it is for
	Declined []Scope  // optional ones that were not granted
	Unneeded []string // granted, and nothing needs them
}

// Granted compares the scopes of a token with those that are asked for.
func Granted(have []string) Grant {
	var g Grant
	for _, s := range scopes {
		switch {
		case slices.Contains(have, s.Name):
		case s.Optional:
			g.Declined = append(g.Declined, s)
		default:
			g.Missing = append(g.Missing, s)
		}
	}
	for _, name := range have {
		if !slices.ContainsFunc(scopes, func(s Scope) bool { return s.Name == name }) {
			g.Unneeded = append(g.Unneeded, name)
		}
	}
	return g
}
