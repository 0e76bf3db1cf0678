package record

import (
	"cmp"
	"strings"

	"caseline/internal/console/tongue"
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
	Looks   bool // the reader may not have it tried again
}

// file is a file as its entry shows it.
func (b *builder) file(e desk.Correspondence) *FileView {
	f := b.files[e.File]
	v := &FileView{
		ID: f.ID, Name: cmp.Or(f.Name, e.Text), State: f.State, Size: Size(b.view.Tongue, f.Size), Kind: extension(cmp.Or(f.Name, e.Text)),
		Here: f.Hash != "", Image: Inline(f), Looks: b.view.Looks,
		Settled: f.State == desk.FileReady, // a failed one may be tried again
	}
	toSlack := e.Author.Side == desk.SideAgent
	switch f.State {
	case desk.FileFetching, desk.FileSending:
		v.Doing = b.view.Say("Fetching from Slack…")
		if toSlack {
			v.Doing = b.view.Say("Sending to Slack…")
		}
		v.Why = b.waiting[e.Seq]
	case desk.FileFailed:
		v.Doing = b.view.Say("Not fetched")
		if toSlack {
			v.Doing = b.view.Say("Not sent")
		}
		v.Why = reason(b.view.Tongue, f.Reason)
	case desk.FileReady:
		if toSlack {
			v.Doing = b.view.Say("In Slack")
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
func Size(t tongue.Tongue, n int64) string {
	switch {
	case n < 1000:
		return t.Say("%d B", n)
	case n < 1_000_000:
		return t.Say("%s kB", t.Decimal(float64(n)/1e3, 0))
	case n < 1_000_000_000:
		return t.Say("%s MB", t.Decimal(float64(n)/1e6, 1))
	}
	return t.Say("%s GB", t.Decimal(float64(n)/1e9, 1))
}

func extension(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 || len(name)-i > 6 || i == len(name)-1 {
		return "FILE"
	}
	return strings.ToUpper(name[i+1:])
}
