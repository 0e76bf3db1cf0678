package slacksim

import "strings"

// AllScopes are the bot scopes of an app that does everything this Slack knows.
func AllScopes() []string {
	return strings.Fields(`app_mentions:read channels:history channels:join channels:manage channels:read
		chat:write chat:write.customize commands emoji:read files:read files:write groups:history groups:read groups:write
		im:history im:read im:write mpim:history mpim:read mpim:write pins:read pins:write
		reactions:read reactions:write team:read usergroups:read users.profile:read users:read users:read.email`)
}

// AllEvents are the bot events such an app subscribes to.
func AllEvents() []string {
	return strings.Fields(`app_home_opened app_mention app_uninstalled channel_archive channel_created channel_deleted channel_id_changed
		channel_left channel_rename channel_shared channel_unarchive channel_unshared emoji_changed file_deleted file_shared grid_migration_finished grid_migration_started group_archive group_deleted group_left
		group_rename group_unarchive member_joined_channel member_left_channel message.channels message.groups
		message.im message.mpim pin_added pin_removed reaction_added reaction_removed
		subteam_created subteam_members_changed subteam_updated team_access_granted team_access_revoked team_join tokens_revoked user_change`)
}
