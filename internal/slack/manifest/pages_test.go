package manifest_test

import (
	"slices"
	"strings"
	"testing"

	"caseline/internal/slack/manifest"
)

// onSlacksPages are the bot scopes that Slack's pages name: of a method any of
// them will do, or the one that fits the kind of channel; of an event likewise.
// Written down apart from the table, so that a slip in one does not pass.
//
// Sources: the pages of the methods (May 2026), Slack's AsyncAPI description of
// events (2021) and the pages of newer ones.
const onSlacksPages = `
auth.test
bots.info users:read
chat.delete chat:write
chat.postEphemeral chat:write
chat.postMessage chat:write
chat.update chat:write
conversations.create channels:manage channels:write groups:write im:write mpim:write
conversations.history channels:history groups:history im:history mpim:history
conversations.info channels:read groups:read im:read mpim:read
conversations.invite channels:manage channels:write.invites groups:write groups:write.invites im:write mpim:write
conversations.list channels:read groups:read im:read mpim:read
conversations.replies channels:history groups:history im:history mpim:history
conversations.setTopic channels:manage channels:write.topic groups:write groups:write.topic im:write im:write.topic mpim:write mpim:write.topic
emoji.list emoji:read
files.completeUploadExternal files:write
files.getUploadURLExternal files:write
files.info files:read
pins.add pins:write
team.info team:read
usergroups.list usergroups:read
usergroups.users.list usergroups:read
users.conversations channels:read groups:read im:read mpim:read
users.info users:read
views.open
views.publish
views.push
views.update
auth.teams.list
app_home_opened
app_uninstalled
team_access_granted
team_access_revoked
tokens_revoked
channel_archive channels:read
channel_deleted channels:read
channel_left channels:read
channel_rename channels:read
channel_unarchive channels:read
channel_id_changed channels:read groups:read
emoji_changed emoji:read
group_archive groups:read
group_deleted groups:read
group_left groups:read
group_rename groups:read
group_unarchive groups:read
member_joined_channel channels:read groups:read
member_left_channel channels:read groups:read
message.channels channels:history
message.groups groups:history
message.im im:history
reaction_added reactions:read
reaction_removed reactions:read
subteam_created usergroups:read
subteam_members_changed usergroups:read
subteam_updated usergroups:read
user_change users:read
`

func TestScopesAreThoseOfSlacksPages(t *testing.T) {
	pages := map[string][]string{}
	for line := range strings.Lines(strings.TrimSpace(onSlacksPages)) {
		words := strings.Fields(line)
		pages[words[0]] = words[1:]
	}
	for _, u := range append(manifest.Methods(), manifest.Events()...) {
		named, known := pages[u.Name]
		if !known {
			t.Errorf("%s: write down here which scopes its page names", u.Name)
			continue
		}
		for _, s := range u.Scopes {
			if !slices.Contains(named, s) {
				t.Errorf("%s: the table has %s; its page names %v", u.Name, s, named)
			}
		}
		if len(named) > 0 && len(u.Scopes) == 0 {
			t.Errorf("%s: the table has no scope; its page names %v", u.Name, named)
		}
	}
}

// TestThePrivateKindIsAskedForBesideThePublic: a chat is in a private channel, and
// people ask in channels of both kinds.
func TestThePrivateKindIsAskedForBesideThePublic(t *testing.T) {
	public := strings.NewReplacer("channels:", "groups:")
	for _, u := range append(manifest.Methods(), manifest.Events()...) {
		for _, s := range u.Scopes {
			private := public.Replace(s)
			alone := strings.HasPrefix(u.Name, "channel_") && u.Name != "channel_id_changed" || u.Name == "message.channels" || u.Name == "conversations.list"
			if private != s && !slices.Contains(u.Scopes, private) && !alone {
				t.Errorf("%s needs %s and not %s", u.Name, s, private)
			}
		}
	}
	events := names(manifest.Events())
	for _, e := range events {
		if rest, ok := strings.CutPrefix(e, "channel_"); ok && e != "channel_id_changed" && !slices.Contains(events, "group_"+rest) {
			t.Errorf("%s is heard of, and not group_%s", e, rest)
		}
	}
}
