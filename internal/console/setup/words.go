package setup

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"caseline/internal/auth"
	"caseline/internal/casework/auditlog"
	"caseline/internal/casework/exporting"
	"caseline/internal/casework/forgetting"
	"caseline/internal/casework/keeping"
	"caseline/internal/casework/retention"
	"caseline/internal/casework/rosters"
	"caseline/internal/casework/setup"
	"caseline/internal/casework/versions"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
)

// called is how people know a workspace.
func called(w served.Workspace) string { return cmp.Or(strings.TrimSpace(w.Name), string(w.ID)) }

// may is a permission for people.
func may(p served.Permission) string {
	switch p {
	case served.MayRead:
		return tongue.Mark("See cases")
	case served.MayCreate:
		return tongue.Mark("Open cases")
	case served.MayReply:
		return tongue.Mark("Answer cases")
	case served.MayResolve:
		return tongue.Mark("Resolve cases")
	case served.MayChat:
		return tongue.Mark("Start live chats")
	}
	return string(p)
}

// A channelRow is a configuration in a list.
type channelRow struct {
	served.ChannelConfig
	t tongue.Tongue // the reader's
}

// Title is how the channel is known here: by its name, or its id.
func (c channelRow) Title() string { return cmp.Or(c.Name, string(c.Channel)) }

// Path is where its settings are.
func (c channelRow) Path() string { return channelPath(c.ChannelConfig) }

// Can says in a few words what people there may do.
func (c channelRow) Can() string {
	text := ""
	switch preset(c.Permissions) {
	case served.PresetFull:
		text = c.t.Say("Full access")
	case served.PresetReadOnly:
		text = c.t.Say("Read only")
	default:
		var words []string
		for _, p := range c.Permissions {
			words = append(words, c.t.Text(verb(p)))
		}
		text = strings.Join(words, ", ")
		first, size := utf8.DecodeRuneInString(text)
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	if len(c.Narrow) > 0 {
		return c.t.Say("%s, some people only", text)
	}
	return text
}

// verb is a permission in a word.
func verb(p served.Permission) string {
	switch p {
	case served.MayRead:
		return tongue.Mark("see")
	case served.MayCreate:
		return tongue.Mark("open")
	case served.MayReply:
		return tongue.Mark("answer")
	case served.MayResolve:
		return tongue.Mark("resolve")
	case served.MayChat:
		return tongue.Mark("chat")
	}
	return string(p)
}

// Hears says in a few words what the channel is told.
func (c channelRow) Hears() string {
	var of string
	switch c.Notify.Severities {
	case served.NotifyAll:
		of = c.t.Say("All cases")
	case served.NotifyHigh:
		of = c.t.Say("High severity")
	default:
		return c.t.Say("Told nothing")
	}
	var words []string
	for _, s := range []struct {
		on   bool
		word string
	}{{c.Notify.Opened, tongue.Mark("new")}, {c.Notify.Answered, tongue.Mark("correspondence")}, {c.Notify.Resolved, tongue.Mark("resolved")}} {
		if s.on {
			words = append(words, c.t.Text(s.word))
		}
	}
	if len(words) == 3 {
		return of
	}
	return c.t.Say("%s: %s", of, strings.Join(words, ", "))
}

// A deed is what was done, for people.
type deed struct{ What, Label string }

// deeds are all, those about cases first.
func deeds() []deed {
	return []deed{
		{desk.DidOpen, tongue.Mark("Opened the case")},
		{desk.DidRequest, tongue.Mark("Asked for a chat")},
		{desk.DidCancel, tongue.Mark("Cancelled the request for a chat")},
		{desk.DidJoin, tongue.Mark("Joined the chat")},
		{desk.DidLeave, tongue.Mark("Left the chat")},
		{desk.DidHand, tongue.Mark("Handed the chat over")},
		{desk.DidReturn, tongue.Mark("Put the chat back in the queue")},
		{desk.DidEnd, tongue.Mark("Ended the chat")},
		{desk.DidAnswer, tongue.Mark("Answered the case")},
		{desk.DidNote, tongue.Mark("Wrote a note")},
		{auditlog.DidWhisper, tongue.Mark("Whispered to the agents of a chat")},
		{desk.DidEdit, tongue.Mark("Edited a message")},
		{desk.DidDelete, tongue.Mark("Deleted a message")},
		{desk.DidResolve, tongue.Mark("Resolved the case")},
		{desk.DidReopen, tongue.Mark("Reopened the case")},
		{desk.DidSeverity, tongue.Mark("Changed the severity")},
		{desk.DidShare, tongue.Mark("Shared what was written while waiting")},
		{desk.DidKeep, tongue.Mark("Kept private what was written while waiting")},
		{desk.DidContact, tongue.Mark("Changed who hears by e-mail")},
		{desk.DidNotTell, tongue.Mark("Could not tell a channel")},
		{retention.DidHold, tongue.Mark("Held the case")},
		{retention.DidRelease, tongue.Mark("Let the case go with its time")},
		{retention.DidExpire, tongue.Mark("Erased what had had its time")},
		{desk.DidAddAccount, tongue.Mark("Added the account")},
		{desk.DidRenameAccount, tongue.Mark("Renamed the account")},
		{desk.DidSetDeletions, tongue.Mark("Changed what becomes of deleted words")},
		{setup.DidSetAsking, tongue.Mark("Changed whether people are asked how a chat was")},
		{retention.DidSetPolicy, tongue.Mark("Changed what the account keeps")},
		{versions.DidSave, tongue.Mark("Saved the catalogue")},
		{exporting.DidAsk, tongue.Mark("Asked for an export of the account")},
		{exporting.DidDownload, tongue.Mark("Downloaded an export")},
		{exporting.DidDrop, tongue.Mark("Removed an export")},
		{auditlog.DidTakeReport, tongue.Mark("Downloaded a report")},
		{forgetting.DidOrder, tongue.Mark("Erased a person")},
		{forgetting.DidAgent, tongue.Mark("Made an agent nameless")},
		{desk.DidLink, tongue.Mark("Linked a workspace")},
		{desk.DidUnlink, tongue.Mark("Unlinked a workspace")},
		{desk.DidInstall, tongue.Mark("Installed the app in Slack")},
		{desk.DidUninstall, tongue.Mark("Took note that the app is gone from Slack")},
		{desk.DidConfigure, tongue.Mark("Added a channel")},
		{desk.DidChange, tongue.Mark("Changed a channel")},
		{desk.DidRemove, tongue.Mark("Removed a channel")},
		{desk.DidSignIn, tongue.Mark("Signed in")},
		{desk.DidSignOut, tongue.Mark("Signed out")},
		{desk.DidNotSignIn, tongue.Mark("Refused a sign-in")},
		{desk.DidAddAgent, tongue.Mark("Added an agent")},
		{desk.DidSetPassword, tongue.Mark("Set an agent’s password")},
		{desk.DidSetRole, tongue.Mark("Changed an agent’s role")},
		{desk.DidDisable, tongue.Mark("Shut an agent out")},
		{desk.DidEnable, tongue.Mark("Let an agent in again")},
		{auth.DidInvite, tongue.Mark("Invited somebody")},
		{auth.DidWithdraw, tongue.Mark("Withdrew an invitation")},
		{auth.DidAccept, tongue.Mark("Took an invitation up")},
		{auth.DidRename, tongue.Mark("Renamed an agent")},
		{auth.DidSetFactor, tongue.Mark("Set up a second factor")},
		{auth.DidRemoveFactor, tongue.Mark("Removed a second factor")},
		{auth.DidRenewSpare, tongue.Mark("Made new recovery codes")},
		{auth.DidUseSpare, tongue.Mark("Used a recovery code")},
		{auth.DidEndSignIns, tongue.Mark("Ended sign-ins")},
		{auth.DidMeetIdentity, tongue.Mark("Signed in elsewhere for the first time")},
		{keeping.DidSaveReply, tongue.Mark("Wrote a canned reply")},
		{keeping.DidDropReply, tongue.Mark("Removed a canned reply")},
		{keeping.DidSaveView, tongue.Mark("Made a view for everybody")},
		{keeping.DidDropView, tongue.Mark("Removed a view for everybody")},
		{rosters.DidAddTeam, tongue.Mark("Added a team")},
		{rosters.DidChangeTeam, tongue.Mark("Changed a team")},
		{rosters.DidRemoveTeam, tongue.Mark("Removed a team")},
		{rosters.DidSeat, tongue.Mark("Changed what an agent takes on")},
		{desk.DidPicture, tongue.Mark("Gave an agent a picture")},
		{desk.DidNoPicture, tongue.Mark("Took an agent’s picture away")},
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
