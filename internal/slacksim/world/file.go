package world

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path/filepath"
	"slices"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/feed"
	"caseline/internal/slacksim/keep"
)

// showFile fills in the file's addresses. The world's mutex is held.
func (w *World) showFile(f File) File {
	name := url.PathEscape(f.Name)
	f.URL = fmt.Sprintf("%s/files-pri/%s-%s/%s", w.base, f.Workspace, f.ID, name)
	f.DownloadURL = fmt.Sprintf("%s/files-pri/%s-%s/download/%s", w.base, f.Workspace, f.ID, name)
	f.Permalink = fmt.Sprintf("%s/files/%s/%s/%s", w.base, f.User, f.ID, name)
	for _, id := range slices.Sorted(maps.Keys(f.Shares)) {
		if ch := w.channels.Rows[id]; ch != nil && ch.Hidden() {
			f.Private = append(f.Private, id)
		}
	}
	return f
}

// File returns the file with that id.
func (w *World) File(id string) (File, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, ok := keep.Deref(w.files.Rows[id])
	if !ok {
		return File{}, false
	}
	return w.showFile(f), true
}

// MaySeeFile reports whether a person or bot can read a file: theirs, one
// shared in a channel they see, or one they got with a form.
func (w *World) MaySeeFile(viewer, id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.maySeeFile(viewer, id)
}

func (w *World) maySeeFile(viewer, id string) bool {
	f := w.files.Rows[id]
	if f == nil {
		return false
	}
	if f.User == viewer || slices.Contains(f.Given, viewer) {
		return true
	}
	for channel := range f.Shares {
		if _, err := w.seen(viewer, channel); err == nil {
			return true
		}
	}
	return false
}

// NewUpload begins an upload and returns the file and the ticket under which
// its bytes are to be sent.
func (w *World) NewUpload(user, name, altText string, size int) (f File, ticket string, err error) {
	err = w.update(func(c *Change) error {
		u := w.users.Rows[user]
		if u == nil {
			return entity.ErrUserNotFound
		}
		f = File{
			ID: w.newID("F"), Workspace: u.Workspace, User: user, Name: filepath.Base(cmp.Or(name, "file")),
			AltText: altText, Size: size, Created: w.clock.Now().Unix(),
		}
		f.Title = f.Name
		ticket = w.newID("CwAB")
		w.uploads[ticket] = f.ID
		w.files.Put(c.log, f.ID, f)
		return nil
	})
	return f, ticket, err
}

// Upload stores the bytes of an upload that was begun.
func (w *World) Upload(ticket string, data []byte) (File, error) {
	var out File
	err := w.update(func(c *Change) error {
		f := w.files.Rows[w.uploads[ticket]]
		if f == nil || f.Completed {
			return entity.ErrFileNotFound
		}
		out = *f
		out.Size = len(data)
		out.Mimetype = entity.Mimetype(f.Name, data)
		if err := w.bytes.Put(f.ID, data); err != nil {
			return err
		}
		w.files.Put(c.log, f.ID, out)
		return nil
	})
	return out, err
}

// FileBytes returns the content of a file.
func (w *World) FileBytes(id string) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files.Rows[id]
	if f == nil {
		return nil, entity.ErrFileNotFound
	}
	if f.Deleted {
		return nil, entity.ErrFileDeleted
	}
	data, err := w.bytes.Get(id)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, entity.ErrFileNotFound
	}
	return data, err
}

// CompleteUpload ends uploads: gives them titles and, if the posting names a
// channel, shares them there in one message, a little later.
func (w *World) CompleteUpload(titles map[string]string, ids []string, p *Posting) ([]File, error) {
	var out []File
	err := w.update(func(c *Change) error {
		for _, id := range ids {
			if f := w.files.Rows[id]; f == nil || f.Completed || f.Mimetype == "" {
				return entity.ErrFileNotFound
			}
		}
		if p != nil {
			p.FileIDs = ids
			if err := w.mayPost(*p); err != nil {
				return err
			}
		}
		for _, id := range ids {
			f := *w.files.Rows[id]
			f.Completed = true
			f.Title = cmp.Or(titles[id], f.Title)
			w.files.Put(c.log, id, f)
			out = append(out, w.showFile(f))
		}
		if p != nil {
			due := w.clock.Now().Add(w.opts.ShareDelay)
			w.shares.Put(c.log, w.newID("S"), share{Due: due.UnixMicro(), Posting: *p})
			c.hint(feed.Events, "")
		}
		return nil
	})
	return out, err
}

// A share is a file's message that is still to appear.
type share struct {
	Due     int64   `json:"due"` // microseconds
	Posting Posting `json:"posting"`
}

// ShareDue posts the file messages whose time has come and says when the next
// one is due, if there is one.
func (w *World) ShareDue() (next int64, waiting bool) {
	now := w.clock.Now().UnixMicro()
	// Posting cannot fail here but for the journal, which update reports.
	_ = w.update(func(c *Change) error {
		for _, id := range slices.Sorted(maps.Keys(w.shares.Rows)) {
			s := *w.shares.Rows[id]
			if s.Due > now {
				if !waiting || s.Due < next {
					next, waiting = s.Due, true
				}
				continue
			}
			w.shares.Drop(c.log, id)
			if w.mayPost(s.Posting) == nil {
				w.post(c, s.Posting)
			}
			c.hint(feed.Events, "")
		}
		return nil
	})
	return next, waiting
}

// shareFiles notes in each file of a message that the message shows it.
func (w *World) shareFiles(c *Change, m Message) {
	for _, id := range m.FileIDs {
		if w.files.Rows[id] == nil {
			continue
		}
		f := w.files.Rows[id].Shared(m)
		w.files.Put(c.log, id, f)
	}
}

// AddFile uploads a file at once, as a person's client does before the message
// with it is sent.
func (w *World) AddFile(user, name string, data []byte) (File, error) {
	_, ticket, err := w.NewUpload(user, name, "", len(data))
	if err != nil {
		return File{}, err
	}
	f, err := w.Upload(ticket, data)
	if err != nil {
		return File{}, err
	}
	done, err := w.CompleteUpload(nil, []string{f.ID}, nil)
	if err != nil {
		return File{}, err
	}
	return done[0], nil
}

// DeleteFile deletes a file that the actor uploaded. Its messages keep a
// tombstone of it.
func (w *World) DeleteFile(actor, id string) error {
	return w.update(func(c *Change) error {
		f := w.files.Rows[id]
		switch {
		case f == nil:
			return entity.ErrFileNotFound
		case f.Deleted:
			return entity.ErrFileDeleted
		case f.User != actor && !w.users.Rows[actor].Admin:
			return entity.ErrCantDelete
		}
		gone := *f
		gone.Deleted = true
		w.files.Put(c.log, id, gone)
		for channel := range f.Shares {
			c.hint(feed.Channel, channel)
			c.emit(scope{workspace: f.Workspace, channel: channel}, "file_deleted", map[string]any{"file_id": id, "channel_ids": []string{channel}})
		}
		return nil
	})
}

// ChangeFile alters the switches of a file: Given, Hold and Truncated.
func (w *World) ChangeFile(id string, alter func(*File)) error {
	return w.update(func(c *Change) error {
		if w.files.Rows[id] == nil {
			return entity.ErrFileNotFound
		}
		f := *w.files.Rows[id]
		alter(&f)
		w.files.Put(c.log, id, f)
		return nil
	})
}
