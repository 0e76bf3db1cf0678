package record

import (
	"cmp"
	"fmt"
	"strings"

	"caseline/internal/desk"
)

// maxPreview bounds the pictures that a page shows, in bytes.
const maxPreview = 10_000_000

// A FileView is a file as the log shows it.
type FileView struct {
	ID      desk.FileID
	Name    string
	State   desk.FileState
	Size    string // for people, e.g. "1.4 MB"
	Kind    string // a short word, e.g. "PNG"
	Here    bool   // its bytes are here, to be downloaded
	Image   bool   // safe to show in the page
	Doing   string // what is under way, or what did not happen
	Why     string // FileFailed, or what it waits for
	Settled bool
}

// file is a file as its entry shows it.
func (b *builder) file(e desk.Correspondence) *FileView {
	f := b.files[e.File]
	v := &FileView{
		ID: f.ID, Name: cmp.Or(f.Name, e.Text), State: f.State, Size: Size(f.Size), Kind: extension(cmp.Or(f.Name, e.Text)),
		Here: f.Hash != "", Image: Inline(f),
		Settled: f.State == desk.FileReady, // a failed one may be tried again
	}
	toSlack := e.Author.Side == desk.SideAgent
	switch f.State {
	case desk.FileFetching, desk.FileSending:
		v.Doing = "Fetching from Slack…"
		if toSlack {
			v.Doing = "Sending to Slack…"
		}
		v.Why = b.waiting[e.Seq]
	case desk.FileFailed:
		v.Doing = "Not fetched"
		if toSlack {
			v.Doing = "Not sent"
		}
		v.Why = strings.TrimSuffix(f.Reason, ".")
		if v.Why == "" || !strings.Contains(v.Why, " ") {
			v.Why = reason(v.Why)
		}
	case desk.FileReady:
		if toSlack {
			v.Doing = "In Slack"
		}
	}
	return v
}

// carries reports whether a delivery brings a file to the other side.
func carries(d desk.Delivery) bool {
	return d.Kind == desk.DeliverFetch || d.Kind == desk.DeliverUpload || d.Kind == desk.DeliverShare
}

// Inline reports whether a browser may show a file inside a page of ours: a
// picture, by its content, that cannot carry a script and is not too large.
func Inline(f desk.File) bool {
	if f.Hash == "" || f.Size > maxPreview {
		return false
	}
	switch f.Type {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// Size says a number of bytes in the unit people use.
func Size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

func extension(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 || len(name)-i > 6 || i == len(name)-1 {
		return "FILE"
	}
	return strings.ToUpper(name[i+1:])
}
