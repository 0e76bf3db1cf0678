package client

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/world"
)

// postMessage sends what stands in a composer: words, files, or a command.
func (s *Server) postMessage(w http.ResponseWriter, r *http.Request, me *reader) error {
	d := person.Draft{
		User: me.me.ID, Channel: r.PathValue("channel"), ThreadTS: r.FormValue("thread_ts"),
		Broadcast: r.FormValue("broadcast") != "", Text: strings.TrimRight(r.FormValue("text"), " \n\t"),
	}
	files, err := s.keep(me, r.MultipartForm, "files")
	if err != nil {
		return err
	}
	d.Files = files
	m, err := s.people.Send(r.Context(), d)
	if _, refused := errors.AsType[person.Refusal](err); refused && m.TS == "" && strings.HasPrefix(d.Text, "/") {
		err = nil // Slack has told them in the channel
	}
	if err != nil {
		return err
	}
	w.Header().Set("X-Message-TS", m.TS)
	return done(w, "")
}

// keep stores the files of one field and returns their ids.
func (s *Server) keep(me *reader, form *multipart.Form, field string) ([]string, error) {
	if form == nil {
		return nil, nil
	}
	var ids []string
	for _, h := range form.File[field] {
		data, err := read(h)
		if err != nil {
			return nil, fmt.Errorf("read an uploaded file: %w", err)
		}
		f, err := s.world.AddFile(me.me.ID, h.Filename, data)
		if err != nil {
			return nil, err
		}
		ids = append(ids, f.ID)
	}
	return ids, nil
}

func read(h *multipart.FileHeader) ([]byte, error) {
	f, err := h.Open()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(f)
	return data, errors.Join(err, f.Close())
}

// getSource returns a message as its author would type it again.
func (s *Server) getSource(w http.ResponseWriter, r *http.Request, me *reader) error {
	m, err := s.world.Message(me.me.ID, r.PathValue("channel"), r.PathValue("ts"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = io.WriteString(w, me.text().Source(m.Text))
	return gone(err)
}

func (s *Server) postEdit(w http.ResponseWriter, r *http.Request, me *reader) error {
	_, err := s.people.Edit(me.me.ID, r.PathValue("channel"), r.PathValue("ts"), strings.TrimSpace(r.FormValue("text")))
	if err != nil {
		return err
	}
	return done(w, "")
}

func (s *Server) postDelete(w http.ResponseWriter, r *http.Request, me *reader) error {
	if err := s.world.Delete(me.me.ID, r.PathValue("channel"), r.PathValue("ts")); err != nil {
		return err
	}
	return done(w, "")
}

// postReact puts the reader's emoji under a message, or takes it away.
func (s *Server) postReact(w http.ResponseWriter, r *http.Request, me *reader) error {
	channel, ts, name := r.PathValue("channel"), r.PathValue("ts"), strings.Trim(r.FormValue("emoji"), ":")
	m, err := s.world.Message(me.me.ID, channel, ts)
	if err != nil {
		return err
	}
	has := slices.ContainsFunc(m.Reactions, func(x world.Reaction) bool { return x.Name == name && slices.Contains(x.Users, me.me.ID) })
	if has {
		err = s.world.Unreact(me.me.ID, channel, ts, name)
	} else {
		err = s.world.React(me.me.ID, channel, ts, name)
	}
	if err != nil {
		return err
	}
	return done(w, "")
}

// postPin pins a message, or unpins it.
func (s *Server) postPin(w http.ResponseWriter, r *http.Request, me *reader) error {
	channel, ts := r.PathValue("channel"), r.PathValue("ts")
	m, err := s.world.Message(me.me.ID, channel, ts)
	if err != nil {
		return err
	}
	if m.PinnedBy != "" {
		err = s.world.Unpin(me.me.ID, channel, ts)
	} else {
		err = s.world.Pin(me.me.ID, channel, ts)
	}
	if err != nil {
		return err
	}
	return done(w, "")
}

// postForward shares a message into another channel and leads there.
func (s *Server) postForward(w http.ResponseWriter, r *http.Request, me *reader) error {
	to := person.Draft{User: me.me.ID, Channel: r.FormValue("to"), Text: strings.TrimSpace(r.FormValue("text"))}
	if _, err := s.people.Forward(me.me.ID, r.PathValue("channel"), r.PathValue("ts"), to); err != nil {
		return err
	}
	return done(w, me.base+"/"+to.Channel)
}

func (s *Server) postDismiss(w http.ResponseWriter, r *http.Request, me *reader) error {
	if r.FormValue("ts") == "" {
		return errNotFound
	}
	if err := s.screens.Dismiss(me.me.ID, r.FormValue("ts")); err != nil {
		return err
	}
	return done(w, "")
}
