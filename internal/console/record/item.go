package record

import (
	"html/template"
	"time"

	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

// A Kind is what an item looks like.
type Kind string

// The kinds of items.
const (
	Message    Kind = "message"
	File       Kind = "file"
	Event      Kind = "event" // one quiet line
	Transcript Kind = "transcript"
)

// An Item is one thing in the log that people see. Its Seq is that of the
// entry it stands for; edits and deletions are part of the item they change.
type Item struct {
	Case    desk.CaseID
	Seq     int64
	Kind    Kind
	At      time.Time
	Author  Author
	NewDay  bool // the first of its day in the reader's time zone
	Follows bool // goes on from the item before: the author need not be named again

	Body      template.HTML // Message: the words as first written, with those marked that were changed; empty if they are not known or not to be seen
	Opening   bool          // Message: the case's description
	Note      bool          // Message: for colleagues only
	Whisper   bool          // Message: a note of a lead to the agents of the chat
	Outside   bool          // Message and File: added to the case outside its chat
	Via       string        // Message and File: the channel of Slack in which it was added
	Revisions []Revision    // Message: later words, oldest first
	Waiting   string        // Message and File: who had not joined yet when it was written; empty if somebody had
	Shorn     bool          // Message: edited, and its earlier words are not to be seen
	Deleted   time.Time     // when it was deleted in Slack; zero if it was not
	Stub      string        // why nothing of it is to be seen; empty if it is
	Emote     bool          // Message: said with /me
	Thread    bool          // Message and File: in a Slack thread of the chat's channel
	Answers   *Answered     // Message and File: what it answers there, if that is known
	Reactions []Reaction    // Message and File
	Noticed   bool          // Deleted is when that was noticed
	Ours      bool          // it was deleted by the agent who wrote it
	May       bool          // Message: the reader may change and delete it
	Retry     bool          // Message: the reader may send again what Slack refused
	Delivery  *Delivery     // Message of an agent: how far it has come
	Token     string        // Message of an agent: what their browser called it

	File       *FileView
	Line       string // Event: a sentence without its full stop
	Offered    string // Event: to whom a chat was offered before
	Transcript *TranscriptView
}

// Edited reports whether the words were changed.
func (i Item) Edited() bool { return len(i.Revisions) > 0 }

// An Answered is what a reply in a thread answers.
type Answered struct {
	Case desk.CaseID
	Seq  int64
	Name string // of who wrote it
	Text string // its beginning
}

// A Reaction is an emoji under a message.
type Reaction struct {
	Emoji template.HTML
	Name  string   // as people write it, with colons
	By    []string // names, in the order in which they came
}

// A Revision is what a message said after an edit.
type Revision struct {
	At   time.Time
	Body template.HTML // with the words marked that are new
	Last bool          // the words that stand
}

// An Author is who wrote an item.
type Author struct {
	Key      string // the same for the same person
	Name     string
	Initials string
	Picture  string // its address; empty for none
	Tone     int    // 1–8, for the colour of the initials
	Agent    bool
	System   bool
	External bool // a guest or somebody from another organisation
	Me       bool
	Unnamed  bool // Slack has not told us the name yet
}

// A TranscriptView is the whole record of one chat.
type TranscriptView struct {
	Case     desk.CaseID
	Chat     desk.ChatID
	Messages int
	Files    int
	Notes    bool // some were written beside it, for colleagues only, or may have been
	From, To time.Time
	Agent    string
	Lines    []Line
	Long     bool // too long to repeat; Lines is empty

	Seq       int64           // of the entry that closes the chat
	Compared  desk.TallyState // how far the comparison with Slack's history has come
	Statement string          // what came of it
	Looks     bool            // the reader may not have it compared again
}

// Open reports whether the comparison may still come further.
func (t TranscriptView) Open() bool { return t.Compared == desk.TallyDue || t.Again() }

// Again reports whether comparing once more may show something else.
func (t TranscriptView) Again() bool {
	return t.Compared == desk.TallyFailed || t.Compared == desk.TallyDiffers
}

// A Line is one line of a transcript.
type Line struct {
	At       time.Time
	Name     string
	Agent    bool
	External bool
	Text     string
	Marks    []Mark
}

// A Mark is what is special about a line, or happened to it later.
type Mark struct {
	What string    // such as "edited" or "deleted in Slack"
	At   time.Time // zero for what happened at no time of its own
	Text string    // the new words, for an edit
}

// View is how one reader sees the log.
type View struct {
	tongue.Tongue
	Me    desk.AgentID
	Looks bool        // they only look: nothing is theirs to press
	Chat  desk.ChatID // the chat that is running, in which people may change what they said; empty for none
	Zone  *time.Location
	HTML  func(markdown string) template.HTML
	// Redline returns two versions with the words marked that differ.
	Redline func(earlier, later string) (was, now template.HTML)
	Emoji   func(name string) template.HTML
	Plain   func(markdown string) string

	// Only names the items that are wanted, by Seq; nil for all.
	Only map[int64]bool
}

// Source is what the items are made of.
type Source struct {
	Case       desk.Case
	Deletions  desk.DeletionPolicy   // of the case's account
	Entries    []desk.Correspondence // in order of Seq: the wanted items, with what they refer to and all that changes either
	Partial    map[desk.ChatID]bool  // chats that transcripts cannot be made of, because Entries lacks some of theirs
	Chats      []desk.ChatSession
	People     map[desk.PersonID]desk.Person
	Files      []desk.File
	Deliveries []desk.Delivery
	Offers     []Offered    // that ended before what is shown, the first to end first
	Agents     []desk.Agent // whom notes may name; empty where none does
}
