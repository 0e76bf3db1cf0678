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
)

// A Source is what a transcript is made from.
type Source struct {
	Case    desk.Case
	Account string // the account's name
	Chat    desk.ChatSession
	Entries []desk.Correspondence // of the whole case; those of other chats are left out
	Files   []desk.File
	Name    func(desk.Actor) string // how a customer or agent is called
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
	SHA256   string    `json:"sha256,omitempty"` // of this object without this field
}

// A Line is one message or file.
type Line struct {
	At      time.Time `json:"at"`
	Side    string    `json:"side"` // customer or agent
	Author  string    `json:"author"`
	Waiting bool      `json:"waiting,omitempty"` // written before the agent joined
	Text    string    `json:"text,omitempty"`    // Markdown, as first written
	File    *File     `json:"file,omitempty"`
	Changes []Change  `json:"changes,omitempty"`
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
	Text string    `json:"text,omitempty"`
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
		if l.File != nil {
			t.Files++
		} else {
			t.Messages++
		}
	}
	sum, err := t.sum()
	if err != nil {
		return Transcript{}, fmt.Errorf("transcript of chat %s: %w", s.Chat.ID, err)
	}
	t.SHA256 = sum
	return t, nil
}

func (s Source) lines() []Line {
	changes := map[int64][]Change{}
	for _, e := range s.Entries {
		switch e.Kind {
		case desk.KindEdit:
			changes[e.Refers] = append(changes[e.Refers], Change{At: e.At.UTC(), What: "edited", Text: e.Text})
		case desk.KindDeletion:
			changes[e.Refers] = append(changes[e.Refers], Change{At: e.At.UTC(), What: "deleted"})
		default:
		}
	}
	files := map[desk.FileID]desk.File{}
	for _, f := range s.Files {
		files[f.ID] = f
	}
	var written []desk.Correspondence
	for _, e := range s.Entries {
		if e.Chat == s.Chat.ID && (e.Kind == desk.KindMessage || e.Kind == desk.KindFile) {
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
		lines[i] = Line{
			At: e.At.UTC(), Side: string(e.Author.Side), Author: s.Name(e.Author), Text: e.Text,
			Waiting: e.Marked(desk.MarkWaiting), Changes: changes[e.Seq],
		}
		slices.SortStableFunc(lines[i].Changes, func(a, b Change) int { return a.At.Compare(b.At) })
		if e.Kind == desk.KindFile {
			f := files[e.File]
			lines[i].Text = ""
			lines[i].File = &File{Name: e.Text, Type: f.Type, Size: f.Size, SHA256: f.Hash, State: string(f.State)}
		}
	}
	return lines
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
