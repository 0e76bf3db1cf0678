package desk

import (
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A FileState says how far a file has come.
type FileState string

// The states of a file. A customer's file is fetched from Slack, an agent's is
// sent there; either can fail and be tried again.
const (
	FileFetching FileState = "fetching"
	FileSending  FileState = "sending"
	FileReady    FileState = "ready" // on both sides
	FileFailed   FileState = "failed"
	FileErased   FileState = "erased" // its author deleted it, and its account wants it gone: nothing of it is left
)

// A File is a file of a case. Its bytes are in package blob under Hash.
type File struct {
	ID      FileID
	Case    CaseID
	Seq     int64  // the entry that shows it
	SlackID string // of an agent's file: empty until Slack has its bytes
	Name    string
	Type    string // MIME type, sniffed once the bytes are here
	Size    int64  // bytes
	Hash    string // SHA-256 of the content in hex; empty until the bytes are here
	State   FileState
	Reason  string // FileFailed: a sentence for people
}

// ToSlack reports whether a file that has not arrived goes to Slack and does
// not come from there: its bytes were here from the first.
func (f File) ToSlack() bool { return f.State == FileSending || f.State == FileFailed && f.Hash != "" }

// Retry returns the file on its way again. changed is false when it did not
// fail, so that pressing twice tries once.
func (f File) Retry() (again File, changed bool) {
	if f.State != FileFailed {
		return f, false
	}
	again = f
	again.State, again.Reason = FileFetching, ""
	if f.ToSlack() {
		again.State, again.SlackID = FileSending, ""
	}
	return again, true
}

// A Discard is the hash of bytes that nothing has needed for a moment.
type Discard struct {
	Hash   string
	Needed bool // a file or an emoji has them
}

// MaxFileName is how long a file's name may be, in bytes.
const MaxFileName = 200

// FileName makes a name that people and systems can bear of whatever a file is
// called: no folders, nothing unprintable or that turns the text around, not
// too long, never empty. The ending stays.
func FileName(name string) string {
	name = strings.ToValidUTF8(strings.ReplaceAll(name, "\\", "/"), "")
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r) || strings.ContainsRune(`"<>|:*?`, r):
			return -1
		}
		return r
	}, path.Base(name))
	name = strings.TrimSpace(strings.Join(strings.Fields(name), " "))
	if strings.Trim(name, "./ ") == "" {
		return "file"
	}
	ending := path.Ext(name)
	if len(ending) > 20 {
		ending = ""
	}
	stem := name[:len(name)-len(ending)]
	for len(stem)+len(ending) > MaxFileName {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = strings.TrimRight(stem[:len(stem)-size], " ")
	}
	return stem + ending
}

// Attach returns the entry for an agent's file. Like words, it goes to the
// customer.
func (c *Case) Attach(by Actor, f File, origin Origin, now time.Time) (Correspondence, error) {
	if f.Size == 0 {
		return Correspondence{}, refuseField("file", "%s is empty, and Slack takes no empty files.", f.Name)
	}
	if err := c.MayWrite(by); err != nil {
		return Correspondence{}, err
	}
	return c.entry(Correspondence{
		Kind: KindFile, Chat: c.Chat.ID, Author: by, Text: f.Name, File: f.ID, Origin: origin,
	}, now), nil
}

// MayRetry refuses to send an agent's file again to those who may not write to
// the customer. A customer's file can always be fetched.
func (c *Case) MayRetry(by Actor, f File) error {
	if !f.ToSlack() {
		return nil
	}
	return c.MayWrite(by)
}
