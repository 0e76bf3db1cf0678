package entity

import (
	"cmp"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
)

// A Share is one message that shows a file.
type Share struct {
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts,omitempty"`
}

// A File is something uploaded. Its bytes are kept apart.
type File struct {
	ID        string             `json:"id"`
	Workspace string             `json:"workspace"`
	User      string             `json:"user"`
	Name      string             `json:"name"`
	Title     string             `json:"title"`
	AltText   string             `json:"alt_text,omitempty"`
	Mimetype  string             `json:"mimetype"`
	Size      int                `json:"size"`
	Created   int64              `json:"created"`
	Shares    map[string][]Share `json:"shares,omitempty"` // by channel
	Completed bool               `json:"completed,omitempty"`
	Deleted   bool               `json:"deleted,omitempty"`
	// Given are the bots that got the file with a form.
	Given []string `json:"given,omitempty"`
	// Hold makes messages show only {"file_access":"check_file_info"}, as
	// Slack Connect does: the rest comes from files.info.
	Hold bool `json:"hold,omitempty"`
	// Truncated cuts every download of the file at half its size.
	Truncated bool `json:"truncated,omitempty"`
	// Claims are what Slack says of the file in place of the truth, by field:
	// mode, file_access, is_external, url_private_download, size.
	Claims map[string]any `json:"claims,omitempty"`

	URL         string   `json:"-"` // the page's address of the bytes, for those who may see it
	DownloadURL string   `json:"-"`
	Permalink   string   `json:"-"`
	Private     []string `json:"-"` // which of the channels in Shares are hidden ones
}

// Filetype is Slack's short name of the kind of file.
func (f File) Filetype() string {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(f.Name), "."))
	switch ext {
	case "":
		return "binary"
	case "jpeg":
		return "jpg"
	case "txt", "log":
		return "text"
	}
	return ext
}

// Image reports whether the client can show the file as a picture.
func (f File) Image() bool { return strings.HasPrefix(f.Mimetype, "image/") }

// Wire is the file as messages have it: where it must be looked up, or is
// gone, little more than that.
func (f File) Wire() map[string]any {
	switch {
	case f.Deleted:
		return map[string]any{"id": f.ID, "mode": "tombstone"}
	case f.Hold:
		return map[string]any{"id": f.ID, "mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0, "user": ""}
	}
	return f.FullWire()
}

// FullWire is the file as files.info has it.
func (f File) FullWire() map[string]any {
	public, private := map[string]any{}, map[string]any{}
	channels, groups, ims := []string{}, []string{}, []string{}
	for id, shares := range f.Shares {
		if slices.Contains(f.Private, id) {
			private[id] = shares
			groups = append(groups, id)
		} else {
			public[id] = shares
			channels = append(channels, id)
		}
	}
	shares := map[string]any{}
	if len(public) > 0 {
		shares["public"] = public
	}
	if len(private) > 0 {
		shares["private"] = private
	}
	out := map[string]any{
		"id": f.ID, "created": f.Created, "timestamp": f.Created, "name": f.Name, "title": f.Title,
		"mimetype": f.Mimetype, "filetype": f.Filetype(), "pretty_type": cmp.Or(f.Filetype(), "Binary"), "user": f.User,
		"user_team": f.Workspace, "editable": false, "size": f.Size, "mode": "hosted", "is_external": false, "external_type": "",
		"is_public": len(public) > 0, "public_url_shared": false, "display_as_bot": false, "username": "",
		"url_private": f.URL, "url_private_download": f.DownloadURL, "permalink": f.Permalink,
		"media_display_type": "unknown", "is_starred": false, "has_rich_preview": false, "file_access": "visible",
		"shares": shares, "channels": channels, "groups": groups, "ims": ims, "comments_count": 0, "alt_txt": f.AltText,
	}
	maps.Copy(out, f.Claims)
	return out
}

// Mimetype is what Slack takes a file for, by its name or else its content.
func Mimetype(name string, data []byte) string {
	known := map[string]string{
		".txt": "text/plain", ".log": "text/plain", ".md": "text/markdown", ".csv": "text/csv", ".json": "application/json",
		".html": "text/html", ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml",
	}
	if t := known[strings.ToLower(filepath.Ext(name))]; t != "" {
		return t
	}
	t, _, _ := strings.Cut(http.DetectContentType(data), ";")
	return t
}
