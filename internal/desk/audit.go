package desk

import (
	"cmp"
	"strconv"
	"time"
)

// An AuditEntry says who did what, where and when. Entries are never changed.
type AuditEntry struct {
	ID      int64 // the database's number, in order of writing
	At      time.Time
	By      Actor
	Where   Place  // in Slack; empty for the console and the command line, see Via
	Via     string // one of the ways below
	What    string // one of the deeds below
	Account AccountID
	Case    CaseID // empty when it is about the setup
	Detail  map[string]string
}

// The ways in which something is done.
const (
	ViaSlack   = "slack"
	ViaConsole = "console"
	ViaCommand = "command line"
	ViaSystem  = "" // by itself
)

// What is done to a case.
const (
	DidOpen     = "case-opened"
	DidRequest  = "chat-requested"
	DidCancel   = "chat-cancelled"
	DidJoin     = "agent-joined"
	DidLeave    = "agent-left"
	DidHand     = "chat-handed-over"
	DidReturn   = "chat-returned"
	DidEnd      = "chat-ended"
	DidAnswer   = "case-answered"
	DidNote     = "note-written"
	DidEdit     = "entry-edited"
	DidDelete   = "entry-deleted"
	DidResolve  = "case-resolved"
	DidReopen   = "case-reopened"
	DidSeverity = "severity-changed"
)

// What is done to the setup.
const (
	DidAddAccount    = "account-added"
	DidRenameAccount = "account-renamed"
	DidLink          = "workspace-linked"
	DidUnlink        = "workspace-unlinked"
	DidConfigure     = "channel-configured"
	DidChange        = "channel-changed"
	DidRemove        = "channel-removed"
)

// An AuditFilter says which entries are looked for; what is empty does not
// matter.
type AuditFilter struct {
	What     string
	Account  AccountID
	Case     CaseID
	By       string    // an actor's id
	From, To time.Time // At in [From, To)
}

// Deed is what an entry of a case's log means in the audit, with what there is
// to say besides; empty for what nobody did to the case, such as words in its
// chat. It quotes nobody.
func (e Correspondence) Deed() (what string, detail map[string]string) {
	detail = map[string]string{}
	switch e.Kind {
	case KindMessage:
		what = e.messageDeed()
	case KindNote:
		what = DidNote
	case KindEdit, KindDeletion:
		if e.Author.Side == SideAgent {
			what = map[EntryKind]string{KindEdit: DidEdit, KindDeletion: DidDelete}[e.Kind]
			detail["of"] = strconv.FormatInt(e.Refers, 10)
		}
	case KindStatus:
		switch e.What {
		case string(StatusResolved):
			what = DidResolve
		case string(StatusReopened):
			what = DidReopen
		case ChangedSeverity:
			what, detail["severity"] = DidSeverity, e.Text
		}
	case KindChat:
		if what = chatDeed(ChatEvent(e.What)); what != "" {
			detail["chat"] = string(e.Chat)
		}
		switch what {
		case DidEnd, DidCancel:
			detail["reason"] = e.Text
		case DidHand:
			detail["to"] = cmp.Or(e.Text, "the queue")
		}
	case KindFile, KindTranscript, KindReaction, KindMember:
	}
	return what, detail
}

func (e Correspondence) messageDeed() string {
	switch {
	case e.Marked(MarkOutside):
		return DidAnswer
	case e.Seq == 1:
		return DidOpen
	}
	return ""
}

func chatDeed(event ChatEvent) string {
	switch event {
	case EventRequested:
		return DidRequest
	case EventCancelled:
		return DidCancel
	case EventJoined, EventSecond:
		return DidJoin
	case EventLeft:
		return DidLeave
	case EventHanded:
		return DidHand
	case EventReturned:
		return DidReturn
	case EventEnded:
		return DidEnd
	case EventPrompted, EventMoved, EventPublic:
	}
	return ""
}
