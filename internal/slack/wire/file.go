package wire

import (
	"encoding/json"

	"caseline/internal/slack/wire/lenient"
)

// A File is a file of a message. Trust neither Mimetype nor Filetype, and
// fetch nothing when Mode or FileAccess says that it is not simply there.
type File struct {
	ID                 string
	Name               string
	Title              string
	Mimetype           string
	Filetype           string
	Mode               string // "hosted", "snippet", "external", "tombstone", "hidden_by_limit", …
	FileAccess         string // "check_file_info": ask files.info first; "access_denied", "file_not_found"
	Size               int64
	Created            int64 // UTC seconds
	User               string
	UserTeam           string
	URLPrivate         string
	URLPrivateDownload string
	Permalink          string
	AltText            string
	ExternalType       string
	IsExternal         bool
}

func readFile(r *lenient.Reader, f *File) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "id":
			r.Str(&f.ID)
		case "name":
			r.Str(&f.Name)
		case "title":
			r.Str(&f.Title)
		case "mimetype":
			r.Str(&f.Mimetype)
		case "filetype":
			r.Str(&f.Filetype)
		case "mode":
			r.Str(&f.Mode)
		case "file_access":
			r.Str(&f.FileAccess)
		case "size":
			r.Num(&f.Size)
		case "created":
			r.Num(&f.Created)
		case "user":
			r.Str(&f.User)
		case "user_team":
			r.Str(&f.UserTeam)
		case "url_private":
			r.Str(&f.URLPrivate)
		case "url_private_download":
			r.Str(&f.URLPrivateDownload)
		case "permalink":
			r.Str(&f.Permalink)
		case "alt_txt":
			r.Str(&f.AltText)
		case "external_type":
			r.Str(&f.ExternalType)
		case "is_external":
			r.Flag(&f.IsExternal)
		default:
			r.Skip()
		}
	}
}

// An Attachment is a part under a message: a preview of a link, a forwarded
// message, or an app's old-style card.
type Attachment struct {
	Fallback    string
	Pretext     string
	Title       string
	TitleLink   string
	Text        string
	Footer      string
	FromURL     string
	ImageURL    string
	ServiceName string

	AuthorID      string // of a forwarded message, as AuthorName and what follows
	AuthorName    string
	AuthorSubname string
	ChannelID     string
	ChannelName   string
	Ts            Ts
	IsMsgUnfurl   bool // a message previewed or forwarded
	IsShare       bool // a message forwarded by hand
	IsReplyUnfurl bool
	Files         []File
	Blocks        json.RawMessage
	MessageBlocks json.RawMessage // [{team, channel, ts, message: {blocks}}]
}

// readAttachment reads the attachment that begins here.
func readAttachment(r *lenient.Reader, a *Attachment) {
	if !r.Object() {
		return
	}
	for key, ok := r.Field(); ok; key, ok = r.Field() {
		switch key {
		case "fallback":
			r.Str(&a.Fallback)
		case "pretext":
			r.Str(&a.Pretext)
		case "title":
			r.Str(&a.Title)
		case "title_link":
			r.Str(&a.TitleLink)
		case "text":
			r.Str(&a.Text)
		case "footer":
			r.Str(&a.Footer)
		case "from_url":
			r.Str(&a.FromURL)
		case "image_url":
			r.Str(&a.ImageURL)
		case "service_name":
			r.Str(&a.ServiceName)
		default:
			if !readForwarded(r, key, a) {
				r.Skip()
			}
		}
	}
}

// readForwarded reads the fields about a forwarded message, and reports whether
// key is one.
func readForwarded(r *lenient.Reader, key string, a *Attachment) bool {
	switch key {
	case "author_id":
		r.Str(&a.AuthorID)
	case "author_name":
		r.Str(&a.AuthorName)
	case "author_subname":
		r.Str(&a.AuthorSubname)
	case "channel_id":
		r.Str(&a.ChannelID)
	case "channel_name":
		r.Str(&a.ChannelName)
	case "ts":
		readTs(r, &a.Ts)
	case "is_msg_unfurl":
		r.Flag(&a.IsMsgUnfurl)
	case "is_share":
		r.Flag(&a.IsShare)
	case "is_reply_unfurl":
		r.Flag(&a.IsReplyUnfurl)
	case "files":
		lenient.Each(r, &a.Files, readFile)
	case "blocks":
		r.Raw(&a.Blocks)
	case "message_blocks":
		r.Raw(&a.MessageBlocks)
	default:
		return false
	}
	return true
}
