package setup

import (
	"cmp"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// called is how people know a workspace.
func called(w served.Workspace) string { return cmp.Or(strings.TrimSpace(w.Name), string(w.ID)) }

// may is a permission for people.
func may(p served.Permission) string {
	switch p {
	case served.MayRead:
		return "See cases"
	case served.MayCreate:
		return "Open cases"
	case served.MayReply:
		return "Answer cases"
	case served.MayResolve:
		return "Resolve cases"
	case served.MayChat:
		return "Start live chats"
	}
	return string(p)
}

// A channelRow is a configuration in a list.
type channelRow struct{ served.ChannelConfig }

// Title is how the channel is known here: by its name, or its id.
func (c channelRow) Title() string { return cmp.Or(c.Name, string(c.Channel)) }

// Path is where its settings are.
func (c channelRow) Path() string { return channelPath(c.ChannelConfig) }

// Can says in a few words what people there may do.
func (c channelRow) Can() string {
	text := ""
	switch preset(c.Permissions) {
	case served.PresetFull:
		text = "Full access"
	case served.PresetReadOnly:
		text = "Read only"
	default:
		var words []string
		for _, p := range c.Permissions {
			verb, _, _ := strings.Cut(may(p), " ")
			words = append(words, strings.ToLower(verb))
		}
		text = strings.Join(words, ", ")
		text = strings.Replace(text, "start", "chat", 1)
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	if len(c.Narrow) > 0 {
		text += ", some people only"
	}
	return text
}

// Hears says in a few words what the channel is told.
func (c channelRow) Hears() string {
	var of string
	switch c.Notify.Severities {
	case served.NotifyAll:
		of = "All cases"
	case served.NotifyHigh:
		of = "High severity"
	default:
		return "Told nothing"
	}
	var words []string
	for _, s := range []struct {
		on   bool
		word string
	}{{c.Notify.Opened, "new"}, {c.Notify.Answered, "correspondence"}, {c.Notify.Resolved, "resolved"}} {
		if s.on {
			words = append(words, s.word)
		}
	}
	if len(words) == 3 {
		return of
	}
	return of + ": " + strings.Join(words, ", ")
}

// A deed is what was done, for people.
type deed struct{ What, Label string }

// deeds are all, those about cases first.
func deeds() []deed {
	return []deed{
		{desk.DidOpen, "Opened the case"},
		{desk.DidRequest, "Asked for a chat"},
		{desk.DidCancel, "Cancelled the request for a chat"},
		{desk.DidJoin, "Joined the chat"},
		{desk.DidLeave, "Left the chat"},
		{desk.DidHand, "Handed the chat over"},
		{desk.DidReturn, "Put the chat back in the queue"},
		{desk.DidEnd, "Ended the chat"},
		{desk.DidAnswer, "Answered the case"},
		{desk.DidNote, "Wrote a note"},
		{desk.DidEdit, "Edited a message"},
		{desk.DidDelete, "Deleted a message"},
		{desk.DidResolve, "Resolved the case"},
		{desk.DidReopen, "Reopened the case"},
		{desk.DidSeverity, "Changed the severity"},
		{desk.DidShare, "Shared what was written while waiting"},
		{desk.DidKeep, "Kept private what was written while waiting"},
		{desk.DidContact, "Changed who hears by e-mail"},
		{desk.DidNotTell, "Could not tell a channel"},
		{desk.DidAddAccount, "Added the account"},
		{desk.DidRenameAccount, "Renamed the account"},
		{desk.DidSetDeletions, "Changed what becomes of deleted words"},
		{desk.DidLink, "Linked a workspace"},
		{desk.DidUnlink, "Unlinked a workspace"},
		{desk.DidInstall, "Installed the app in Slack"},
		{desk.DidUninstall, "Took note that the app is gone from Slack"},
		{desk.DidConfigure, "Added a channel"},
		{desk.DidChange, "Changed a channel"},
		{desk.DidRemove, "Removed a channel"},
		{desk.DidSignIn, "Signed in"},
		{desk.DidSignOut, "Signed out"},
		{desk.DidNotSignIn, "Refused a sign-in"},
		{desk.DidAddAgent, "Added an agent"},
		{desk.DidSetPassword, "Set an agent’s password"},
		{desk.DidSetRole, "Changed an agent’s role"},
		{desk.DidDisable, "Shut an agent out"},
		{desk.DidEnable, "Let an agent in again"},
		{desk.DidPicture, "Gave an agent a picture"},
		{desk.DidNoPicture, "Took an agent’s picture away"},
	}
}

// did is a deed for people.
func did(what string) string {
	for _, d := range deeds() {
		if d.What == what {
			return d.Label
		}
	}
	return what
}
