package webapi

// methods is the table of all methods.
func methods() map[string]method {
	const (
		read  = "channels:read,groups:read,im:read,mpim:read"
		hist  = "channels:history,groups:history,im:history,mpim:history"
		write = "channels:manage,groups:write,im:write,mpim:write"
		topic = write + ",channels:write.topic,groups:write.topic,im:write.topic,mpim:write.topic"
	)
	post := oneOf(0, "chat:write", (*call).postMessage)
	post.perCh = true
	// Slack's page says tier 1, its SDKs' metadata 3: an app opens several at once.
	connect := oneOf(3, "connections:write", (*call).connectionsOpen)
	connect.ofApp = true
	authorizations := oneOf(0, "authorizations:read", (*call).eventAuthorizations)
	authorizations.ofApp = true
	withoutToken := func(tier int, do func(*call) (answer, error)) method { return method{do: do, tier: tier, open: true} }
	all := map[string]method{
		"api.test":   withoutToken(0, (*call).apiTest),
		"auth.test":  oneOf(0, "", (*call).authTest),
		"team.info":  oneOf(3, "team:read", (*call).teamInfo),
		"emoji.list": oneOf(2, "emoji:read", (*call).emojiList),
		"bots.info":  oneOf(3, "users:read", (*call).botsInfo),

		"auth.revoke":     oneOf(3, "", (*call).authRevoke),
		"auth.teams.list": oneOf(2, "", (*call).teamsList),

		"apps.connections.open":          connect,
		"apps.event.authorizations.list": authorizations,
		"apps.uninstall":                 oneOf(1, "", (*call).appsUninstall),
		"oauth.v2.access":                withoutToken(0, (*call).oauthAccess),
		"oauth.v2.exchange":              withoutToken(3, (*call).oauthExchange),

		"users.info":          oneOf(4, "users:read", (*call).usersInfo),
		"users.list":          oneOf(2, "users:read", (*call).usersList),
		"users.lookupByEmail": oneOf(3, "users:read.email", (*call).usersLookup),
		"users.conversations": oneOf(3, read, (*call).usersConversations),
		"users.getPresence":   oneOf(3, "users:read", (*call).presence),
		"users.profile.get":   oneOf(4, "users.profile:read", (*call).profile),

		"chat.postMessage":   post,
		"chat.update":        oneOf(3, "chat:write", (*call).update),
		"chat.delete":        oneOf(3, "chat:write", (*call).delete),
		"chat.postEphemeral": oneOf(4, "chat:write", (*call).postEphemeral),
		"chat.getPermalink":  oneOf(0, "", (*call).permalink),

		"conversations.create":     oneOf(2, "channels:manage,groups:write", (*call).create),
		"conversations.invite":     oneOf(3, write+",channels:write.invites,groups:write.invites", (*call).invite),
		"conversations.info":       oneOf(3, read, (*call).info),
		"conversations.list":       oneOf(2, read, (*call).list),
		"conversations.mark":       oneOf(3, write, (*call).mark),
		"conversations.members":    oneOf(4, read, (*call).members),
		"conversations.join":       oneOf(3, "channels:join", (*call).join),
		"conversations.leave":      oneOf(3, write, (*call).leave),
		"conversations.kick":       oneOf(3, write, (*call).kick),
		"conversations.open":       oneOf(3, write, (*call).open),
		"conversations.rename":     oneOf(2, write, (*call).rename),
		"conversations.setTopic":   oneOf(2, topic, (*call).setTopic),
		"conversations.setPurpose": oneOf(2, topic, (*call).setPurpose),
		"conversations.archive":    oneOf(2, write, (*call).archive),
		"conversations.unarchive":  oneOf(2, write, (*call).unarchive),
		"conversations.history":    oneOf(3, hist, (*call).history),
		"conversations.replies":    oneOf(3, hist, (*call).replies),

		"pins.add":         oneOf(2, "pins:write", (*call).pinAdd),
		"pins.remove":      oneOf(2, "pins:write", (*call).pinRemove),
		"pins.list":        oneOf(2, "pins:read", (*call).pinList),
		"reactions.add":    oneOf(3, "reactions:write", (*call).react),
		"reactions.remove": oneOf(2, "reactions:write", (*call).unreact),
		"reactions.get":    oneOf(3, "reactions:read", (*call).reactions),

		"usergroups.list":       oneOf(2, "usergroups:read", (*call).usergroups),
		"usergroups.users.list": oneOf(2, "usergroups:read", (*call).usergroupUsers),

		"views.open":    oneOf(4, "", (*call).viewsOpen),
		"views.push":    oneOf(4, "", (*call).viewsPush),
		"views.update":  oneOf(4, "", (*call).viewsUpdate),
		"views.publish": oneOf(4, "", (*call).viewsPublish),

		"files.getUploadURLExternal":   oneOf(4, "files:write", (*call).uploadURL),
		"files.completeUploadExternal": oneOf(4, "files:write", (*call).completeUpload),
		"files.info":                   oneOf(4, "files:read", (*call).fileInfo),
		"files.delete":                 oneOf(3, "files:write", (*call).fileDelete),
	}
	for _, name := range []string{"auth.test", "auth.revoke", "auth.teams.list", "apps.uninstall", "team.info"} {
		m := all[name]
		m.ofOrg = true
		all[name] = m
	}
	for _, name := range []string{
		"bots.info", "conversations.create", "conversations.list", "emoji.list", "users.list", "users.conversations", "usergroups.list", "usergroups.users.list",
	} {
		m := all[name]
		m.teamID = true
		all[name] = m
	}
	return all
}
