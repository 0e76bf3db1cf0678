package transcript

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

// A Source is what a transcript is made from.
type Source struct {
	Case    desk.Case
	Account string // the account's name
	Chat    desk.ChatSession
	Entries []desk.Correspondence // of the whole case; those of other chats are left out
	Files   []desk.File
	Notes   bool                    // with what agents wrote to each other: not for customers
	Name    func(desk.Actor) string // how a customer or agent is called
	Names   mrkdwn.Resolver         // of what the texts mention

	Deletions desk.DeletionPolicy   // of the account
	External  func(desk.Actor) bool // whether a customer is a guest or from another organisation; nil for nobody
}

// A Transcript is the record of one chat. Its JSON form is the export.
type Transcript struct {
	Case     string    `json:"case"` // the number people quote
	Subject  string    `json:"subject"`
	Account  string    `json:"account"`
	Chat     string    `json:"chat"`
	Agent    string    `json:"agent"`
	Joined   time.Time `json:"joined"`
	Ended    time.Time `json:"ended"`
	Reason   string    `json:"reason"`
	EndedBy  string    `json:"ended_by"`
	Messages int       `json:"messages"`
	Files    int       `json:"files"`
	Compared string    `json:"compared,omitempty"` // what the comparison with Slack's history showed; a sentence
	Lines    []Line    `json:"lines"`

	// Names are what the texts mention by Slack's ids: "<@U1>": "@Alice",
	// "<#C1>": "#plans", "<!subteam^S1>": "@ops".
	Names map[string]string `json:"names,omitempty"`

	Internal bool   `json:"internal,omitempty"` // it has notes in it, and so is not for customers
	SHA256   string `json:"sha256,omitempty"`   // of this object without this field
}

// A Line is one message or file.
type Line struct {
	At      time.Time `json:"at"`
	Side    string    `json:"side"` // customer or agent
	Author  string    `json:"author"`
	Waiting bool      `json:"waiting,omitempty"` // written before the agent joined
	Note    bool      `json:"note,omitempty"`    // internal: the customer never saw it
	Text    string    `json:"text,omitempty"`    // Markdown, as first written
	File    *File     `json:"file,omitempty"`
	Changes []Change  `json:"changes,omitempty"`

	External  bool       `json:"external,omitempty"` // a guest or from another organisation
	Emote     bool       `json:"emote,omitempty"`    // said with /me
	Thread    bool       `json:"thread,omitempty"`   // in a Slack thread of the chat's channel
	Answers   *Answered  `json:"answers,omitempty"`  // what it answers there
	Withheld  string     `json:"withheld,omitempty"` // why nothing of it is here
	Unknown   bool       `json:"unknown,omitempty"`  // the words as first written never arrived
	Reactions []Reaction `json:"reactions,omitempty"`
}

// An Answered is the line that a reply in a thread answers.
type Answered struct {
	At     time.Time `json:"at"`
	Author string    `json:"author"`
}

// A Reaction is an emoji under a line.
type Reaction struct {
	Name string   `json:"name"`
	By   []string `json:"by"`
}

// A File is a file of the chat.
type File struct {
	Name   string `json:"name"`
	Type   string `json:"type,omitempty"`
	Size   int64  `json:"size,omitempty"`   // bytes
	SHA256 string `json:"sha256,omitempty"` // empty while its bytes are not here
	State  string `json:"state"`
}

// A Change is an edit, with the new words, or a deletion.
type Change struct {
	At   time.Time `json:"at"`
	What string    `json:"what"` // edited or deleted
	// Noticed says that no event told of it: At is when it was found out.
	Noticed bool `json:"noticed,omitempty"`

	Text string         `json:"text,omitempty"`
	Diff []mrkdwn.Piece `json:"diff,omitempty"` // edited: the words that went and that came, when the earlier ones are here
}

// New returns the transcript of a chat that has ended.
func New(s Source) (Transcript, error) {
	if s.Chat.State != desk.ChatEnded || s.Chat.JoinedAt.IsZero() {
		return Transcript{}, &desk.Refusal{Kind: desk.ErrConflict, Message: "There is no transcript: the chat has not ended, or no agent had joined it."}
	}
	t := Transcript{
		Case: string(s.Case.Number), Subject: s.Case.Subject, Account: s.Account, Chat: string(s.Chat.ID),
		Agent: s.Chat.AgentName, Joined: s.Chat.JoinedAt.UTC(), Ended: s.Chat.EndedAt.UTC(),
		Reason: string(s.Chat.Reason), EndedBy: s.Name(s.Chat.EndedBy), Compared: s.Chat.Tally.Statement(), Lines: s.lines(),
	}
	for _, l := range t.Lines {
		switch {
		case l.File != nil:
			t.Files++
		case l.Note:
			t.Internal = true
		default:
			t.Messages++
		}
	}
	t.Names = mentioned(t.Lines, s.Names)
	sum, err := t.sum()
	if err != nil {
		return Transcript{}, fmt.Errorf("transcript of chat %s: %w", s.Chat.ID, err)
	}
	t.SHA256 = sum
	return t, nil
}

func (s Source) lines() []Line {
	b := newBuilder(s)
	var written []desk.Correspondence
	for _, e := range s.Entries {
		if e.Chat == s.Chat.ID && s.holds(e.Kind) {
			written = append(written, e)
		}
	}
	slices.SortStableFunc(written, func(a, b desk.Correspondence) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return int(a.Seq - b.Seq)
	})
	lines := make([]Line, len(written))
	for i, e := range written {
		lines[i] = b.line(e)
	}
	return lines
}

// holds reports whether entries of a kind are lines of the transcript.
func (s Source) holds(kind desk.EntryKind) bool {
	return kind == desk.KindMessage || kind == desk.KindFile || kind == desk.KindNote && s.Notes
}

// sum is the hash of everything but the hash.
func (t Transcript) sum() (string, error) {
	t.SHA256 = ""
	content, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), nil
}

// JSON returns the export as JSON, indented for people.
func (t Transcript) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("transcript of chat %s: %w", t.Chat, err)
	}
	return append(text, '\n'), nil
}

// ErrForged says that a transcript is not what its hash was taken of.
var ErrForged = errors.New("the content does not have the hash that it carries")

// Check reads an export in JSON and holds its content against its hash.
func Check(export []byte) (Transcript, error) {
	var t Transcript
	if err := json.Unmarshal(export, &t); err != nil {
		return Transcript{}, fmt.Errorf("read transcript: %w", err)
	}
	sum, err := t.sum()
	if err != nil {
		return Transcript{}, fmt.Errorf("read transcript: %w", err)
	}
	if sum != t.SHA256 {
		return Transcript{}, ErrForged
	}
	return t, nil
}
