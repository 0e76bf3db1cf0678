package ident

import (
	"strings"

	"caseline/internal/desk"
)

// MessageOrigin is where a message's entry comes from: slack:T1:C1:ts.
func MessageOrigin(w desk.WorkspaceID, ch desk.ChannelID, ts string) desk.Origin {
	return desk.Origin("slack:" + string(w) + ":" + string(ch) + ":" + ts)
}

// EditOrigin is where the entry of one edit of a message comes from. An edit
// that arrives twice, or comes again with a preview added, has the same.
func EditOrigin(message desk.Origin, edited string) desk.Origin {
	return message + ":edit:" + desk.Origin(edited)
}

// DeletionOrigin is where the entry of a message's deletion comes from. Slack
// may tell of one deletion twice, as a tombstone and as a deletion.
func DeletionOrigin(message desk.Origin) desk.Origin { return message + ":deleted" }

// FileOrigin is where the entry of a message's file comes from.
func FileOrigin(message desk.Origin, file string) desk.Origin {
	return message + ":" + desk.Origin(file)
}

// ReactionOrigin is where the entry of an emoji that was put on a message, or
// taken away, comes from.
func ReactionOrigin(message desk.Origin, user, emoji, at string) desk.Origin {
	return message + ":reaction:" + desk.Origin(user+":"+emoji+":"+at)
}

// MemberOrigin is where the entry of somebody's coming or leaving comes from.
func MemberOrigin(w desk.WorkspaceID, ch desk.ChannelID, user, at string) desk.Origin {
	return desk.Origin("slack:" + string(w) + ":" + string(ch) + ":member:" + user + ":" + at)
}

// CommandOrigin is where the entries of a slash command come from.
func CommandOrigin(w desk.WorkspaceID, trigger string) desk.Origin {
	return desk.Origin("slack:" + string(w) + ":command:" + trigger)
}

// PressOrigin is where the entries of a pressed button come from.
func PressOrigin(w desk.WorkspaceID, user, action, at string) desk.Origin {
	return desk.Origin("slack:" + string(w) + ":press:" + user + ":" + action + ":" + at)
}

// FormOrigin is where the entries of a submitted form come from. A form that
// is submitted twice has the same.
func FormOrigin(w desk.WorkspaceID, view string) desk.Origin {
	return desk.Origin("slack:" + string(w) + ":view:" + view)
}

// AddedOrigin is where the entry of a message comes from that somebody added to
// a case. Adding it again, whoever does, has the same; another case has another.
func AddedOrigin(message desk.Origin, id desk.CaseID) desk.Origin {
	return message + ":added:" + desk.Origin(id)
}

// workspaceOf is the workspace in which something of Slack's came about.
func workspaceOf(o desk.Origin) desk.WorkspaceID {
	w, _, _ := strings.Cut(strings.TrimPrefix(string(o), "slack:"), ":")
	return desk.WorkspaceID(w)
}
