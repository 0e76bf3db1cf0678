package desk

import (
	"slices"
	"strings"
	"time"
)

// An EntryKind is the kind of a Correspondence.
type EntryKind string

const (
	KindMessage    EntryKind = "message"    // words of a customer or an agent
	KindEdit       EntryKind = "edit"       // new words for the entry Refers
	KindDeletion   EntryKind = "deletion"   // the entry Refers was deleted in Slack
	KindFile       EntryKind = "file"       // one file
	KindNote       EntryKind = "note"       // internal, never leaves
	KindChat       EntryKind = "chat"       // the chat's life: What is a ChatEvent
	KindStatus     EntryKind = "status"     // the case's status: What is a Status
	KindTranscript EntryKind = "transcript" // a chat ended and its record is whole
	KindReaction   EntryKind = "reaction"   // Text is an emoji's name, What a ReactionEvent, on the entry Refers
	KindContact    EntryKind = "contact"    // Text is an address of the case's CC: What is one of the words below
	KindMember     EntryKind = "member"     // Author came to the place or left it: What is a MemberEvent
)

// What a KindReaction entry tells.
const (
	ReactionAdded   = "added"
	ReactionRemoved = "removed"
)

// What a KindContact entry tells.
const (
	ContactAdded   = "added"
	ContactRemoved = "removed"
	ContactLeft    = "unsubscribed"
)

// What a KindMember entry tells.
const (
	MemberJoined = "joined"
	MemberLeft   = "left"
)

// Marks of a KindMessage or KindFile entry, MarkNoticed of a KindDeletion: words
// in What, space between.
const (
	MarkMe      = "me"      // said with /me
	MarkThread  = "thread"  // in a Slack thread of the chat's channel; Refers is its root, if that is recorded
	MarkWaiting = "waiting" // written before the agent joined, shared by the requester
	MarkOutside = "outside" // added to the case outside its chat
	MarkNoticed = "noticed" // no event told of it: At is when it was found out
	MarkWhisper = "whisper" // a KindNote of a lead to the agents of the chat
	MarkErased  = "erased"  // its content was erased because its author deleted it; on a KindEdit too
	MarkExpired = "expired" // besides MarkErased: because its account keeps cases for a time only
	MarkWished  = "wished"  // besides MarkErased: because its author asked to be erased
)

// A Correspondence is one immutable entry in a case's log. Edits and
// deletions are new entries that refer to old ones. Only what accounts want
// erased is blanked.
type Correspondence struct {
	Case       CaseID
	Seq        int64 // 1, 2, 3 … within the case, in order of recording
	Chat       ChatID
	Kind       EntryKind
	What       string // KindChat and KindStatus: what happened; KindMessage, KindFile and KindEdit: marks
	Author     Actor
	Text       string    // canonical Markdown (package mrkdwn)
	Refers     int64     // Seq of the entry it edits, deletes or answers; 0 for none
	File       FileID    // KindFile
	Via        string    // MarkOutside: the channel of Slack it was written in, as it was called then; empty for none
	At         time.Time // when it was written: Slack's timestamp, or ours
	RecordedAt time.Time // when we stored it
	Origin     Origin
}

// Marked reports whether e carries a mark.
func (e Correspondence) Marked(mark string) bool {
	return slices.Contains(strings.Fields(e.What), mark)
}

// A Message is something a customer wrote in Slack, as casework gets it.
type Message struct {
	Place  Place // the channel
	In     Place // the thread, for a reply: it may be the place of a chat; empty outside threads
	Author PersonID
	Called string // what Slack calls the author with the message, where it may not say elsewhere: somebody of another organisation; else empty
	Text   string // canonical Markdown
	At     time.Time
	Me     bool   // said with /me
	Thread bool   // written as a reply in a Slack thread of a chat channel
	Root   Origin // of that thread's first message
	Refers int64  // the entry for Root, once casework has found it; 0 for none
	Blank  bool   // has an entry even without words: those that it had first are not known, or were none, and later ones are
	Files  []NewFile
	Names  []PersonID // whom the text mentions, to be shown by name
	Origin Origin
	Told   EventTrace // of the stored events that tell of it; zero for none

	Waiting bool // written before the agent joined, and shared by its author
}

// marks are the words in What of the entries that record m.
func (m Message) marks() string {
	var marks []string
	if m.Me {
		marks = append(marks, MarkMe)
	}
	if m.Thread {
		marks = append(marks, MarkThread)
	}
	if m.Waiting {
		marks = append(marks, MarkWaiting)
	}
	return strings.Join(marks, " ")
}

// A NewFile is a file that a message carries, still in Slack.
type NewFile struct {
	SlackID string
	Name    string
	Type    string      // MIME type as Slack claims it; not to be trusted
	Size    int64       // bytes, as Slack claims
	In      WorkspaceID // whose Slack has it; empty is the case's
	Origin  Origin
}
