package client

import (
	"bytes"
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"caseline/internal/slacksim/client/markup"
	"caseline/internal/slacksim/world"
)

// getSuggestions lists what a composer completes: commands, global shortcuts,
// people, channels and emoji.
func (s *Server) getSuggestions(w http.ResponseWriter, _ *http.Request, me *reader) error {
	type shortcut struct {
		App      string `json:"app"`
		Callback string `json:"callback"`
		Label    string `json:"label"`
		Extra    string `json:"extra"`
	}
	out := struct {
		Commands  []suggestion `json:"commands"`
		Shortcuts []shortcut   `json:"shortcuts"`
		People    []suggestion `json:"people"`
		Channels  []suggestion `json:"channels"`
		Emoji     []suggestion `json:"emoji"`
	}{}
	for _, a := range s.world.Apps.In(me.workspace.ID) {
		if me.me.Stranger() {
			break // commands and shortcuts are for the workspace's own people
		}
		for _, c := range a.Commands {
			out.Commands = append(out.Commands, suggestion{c.Command, strings.TrimSpace(c.Command + " " + c.UsageHint), c.Description + " · " + a.Name})
		}
		for _, sc := range a.Shortcuts {
			if !sc.OnMessage {
				out.Shortcuts = append(out.Shortcuts, shortcut{a.ID, sc.CallbackID, sc.Name, a.Name})
			}
		}
	}
	out.Commands = append(out.Commands, suggestion{"/me", "/me your message", "Say what you do"})
	for _, u := range me.users {
		if !u.Deleted {
			out.People = append(out.People, suggestion{"@" + u.Name, u.Shown(), "@" + u.Name})
		}
	}
	for _, g := range s.world.Groups(me.workspace.ID) {
		if g.Disabled == 0 {
			out.People = append(out.People, suggestion{"@" + g.Handle, g.Name, fmt.Sprintf("@%s · %d people", g.Handle, len(g.Members))})
		}
	}
	for _, word := range []string{"here", "channel"} {
		out.People = append(out.People, suggestion{"@" + word, "@" + word, "Notify everybody in this channel"})
	}
	for _, ch := range me.channels {
		if ch.Kind == world.Public || ch.Kind == world.Private {
			out.Channels = append(out.Channels, suggestion{"#" + ch.Name, "#" + ch.Name, ch.Purpose.Value})
		}
	}
	for name, picture := range markup.AllEmoji() {
		out.Emoji = append(out.Emoji, suggestion{":" + name + ":", picture, ":" + name + ":"})
	}
	for name := range me.workspace.Emoji {
		out.Emoji = append(out.Emoji, suggestion{":" + name + ":", name, ":" + name + ":"})
	}
	for _, list := range [][]suggestion{out.People, out.Channels, out.Emoji} {
		slices.SortFunc(list, func(a, b suggestion) int { return cmp.Compare(a.Value, b.Value) })
	}
	return writeJSON(w, out)
}

// safeImage reports whether browsers show pictures of a type without running
// anything in them.
func safeImage(mimetype string) bool {
	switch mimetype {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// getFile sends a file's content to somebody who may see it.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request, me *reader) error {
	id := r.PathValue("file")
	f, ok := s.world.File(id)
	if !ok || !s.world.MaySeeFile(me.me.ID, id) {
		return errNotFound
	}
	data, err := s.world.FileBytes(id)
	if err != nil {
		return errNotFound
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	kind := "attachment"
	if safeImage(f.Mimetype) {
		h.Set("Content-Type", f.Mimetype)
		if r.URL.Query().Get("download") == "" {
			kind = "inline"
		}
	}
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", mime.FormatMediaType(kind, map[string]string{"filename": f.Name}))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
	return nil
}
