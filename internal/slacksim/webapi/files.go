package webapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/compose"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
)

const maxUpload = 256 << 20

func (c *call) uploadURL() (answer, error) {
	name := c.args.str("filename")
	size, err := strconv.Atoi(c.args.str("length"))
	switch {
	case name == "":
		return nil, missing("filename")
	case err != nil || size <= 0:
		return nil, missing("length")
	case len([]rune(c.args.str("alt_txt"))) > 1000:
		return nil, errors.New("alt_text_too_large")
	}
	f, ticket, err := c.api.world.NewUpload(c.in.BotUser, name, c.args.str("alt_txt"), size)
	if err != nil {
		return nil, err
	}
	return answer{"upload_url": c.api.world.BaseURL() + "/upload/v1/" + ticket, "file_id": f.ID}, nil
}

func (c *call) completeUpload() (answer, error) {
	var given []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if err := json.Unmarshal(c.args.raw("files"), &given); err != nil || len(given) == 0 {
		return nil, missing("files")
	}
	titles := map[string]string{}
	var ids []string
	for _, f := range given {
		titles[f.ID] = f.Title
		ids = append(ids, f.ID)
	}
	p, err := c.sharing()
	if err != nil {
		return nil, err
	}
	if p != nil {
		// Slack has been seen to say ok and never to show the file.
		if rule, struck := c.api.faults.Decide("share", p.Channel); struck && rule.Method == "share" {
			c.note.Fault, p = "share lost", nil
		}
	}
	files, err := c.api.world.CompleteUpload(titles, ids, p)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(files))
	for i, f := range files {
		out[i] = f.FullWire() // its shares are still empty
	}
	return answer{"files": out}, nil
}

// sharing reads where uploaded files are to be shown; nil if nowhere.
func (c *call) sharing() (*world.Posting, error) {
	channels := c.args.list("channels")
	if id := c.args.str("channel_id"); id != "" {
		channels = []string{id}
	}
	if len(channels) == 0 {
		return nil, nil
	}
	if len(channels) > 1 {
		return nil, errors.New("channels_limit_exceeded")
	}
	p := &world.Posting{
		Channel: channels[0], User: c.in.BotUser, ThreadTS: c.args.str("thread_ts"),
		Text: compose.Normalise(c.args.str("initial_comment")), NoUnfurl: true,
	}
	if raw := c.args.raw("blocks"); len(raw) > 0 {
		if err := json.Unmarshal(raw, &p.Blocks); err != nil || len(blockkit.CheckMessage(p.Blocks)) > 0 {
			return nil, errors.New("invalid_blocks")
		}
		p.Blocks = c.identified(p.Blocks)
	}
	return p, nil
}

func (c *call) fileInfo() (answer, error) {
	id := c.args.str("file")
	if id == "" {
		return nil, missing("file")
	}
	f, ok := c.api.world.File(id)
	switch {
	case !ok || !c.api.world.MaySeeFile(c.in.BotUser, id):
		return nil, entity.ErrFileNotFound
	case f.Deleted:
		return nil, entity.ErrFileDeleted
	}
	return answer{"file": f.FullWire(), "comments": []any{}, "response_metadata": answer{"next_cursor": ""}}, nil
}

func (c *call) fileDelete() (answer, error) {
	err := c.api.world.DeleteFile(c.in.BotUser, c.args.str("file"))
	if errors.Is(err, entity.ErrCantDelete) {
		err = errors.New("cant_delete_file")
	}
	return nil, err
}

// serveUpload takes the bytes of an upload, as the body or as one file of a
// multipart form. The address itself is the permission.
func (a *API) serveUpload(w http.ResponseWriter, r *http.Request) {
	note := Call{At: a.clock.Now(), Method: "upload"}
	defer func() { a.journal(note) }()
	rule, struck := a.faults.Decide("upload", "")
	if struck {
		note.Fault = string(rule.When) + " " + string(rule.How)
		a.wait(r, rule)
		if rule.When == fault.Lost {
			// Until the body is read the server does not notice a caller who gives up.
			_, _ = io.Copy(io.Discard, r.Body)
			a.fail(w, r, rule)
			return
		}
	}
	data, err := readUpload(w, r)
	if err == nil {
		_, err = a.world.Upload(r.PathValue("ticket"), data)
	}
	note.Applied = err == nil
	if struck && rule.When == fault.Landed {
		a.fail(w, r, rule)
		return
	}
	if err != nil {
		note.Error = err.Error()
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	note.OK = true
	fmt.Fprintf(w, "OK - %d", len(data))
}

func readUpload(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return io.ReadAll(r.Body)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		p, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if p.FileName() != "" || p.FormName() == "file" || p.FormName() == "filename" {
			return io.ReadAll(p)
		}
	}
}

// serveFile gives a file to a bot that may see it. All others are sent to the
// sign-in page, as browsers are.
func (a *API) serveFile(w http.ResponseWriter, r *http.Request) {
	note := Call{At: a.clock.Now(), Method: "download"}
	defer func() { a.journal(note) }()
	_, id, _ := strings.Cut(r.PathValue("id"), "-")
	rule, struck := a.faults.Decide("download", "")
	if struck {
		note.Fault = string(rule.When) + " " + string(rule.How)
		a.wait(r, rule)
		if rule.When != fault.Never && rule.How != fault.Short {
			a.fail(w, r, rule)
			return
		}
	}
	in, err := a.world.Apps.ByToken(bearer(r, args{"token": r.URL.Query().Get("t")}), a.clock.Now())
	note.App, note.Args = in.App, args{"file": id}
	if err != nil || !in.Allows("files:read") || !a.world.MaySeeFile(in.BotUser, id) {
		http.Redirect(w, r, "/signin?redir="+url.QueryEscape(r.URL.Path), http.StatusFound)
		return
	}
	f, _ := a.world.File(id)
	data, err := a.world.FileBytes(id)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	note.OK, note.Applied = true, true
	if struck && rule.How == fault.Short {
		data = data[:len(data)/2]
	}
	SendFile(w, f, data, strings.Contains(r.URL.Path, "/download/"))
}

// SendFile writes a file's content as Slack's file host does. Files marked
// Truncated break off in the middle.
func SendFile(w http.ResponseWriter, f world.File, data []byte, attachment bool) {
	h := w.Header()
	h.Set("Content-Type", f.Mimetype)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("X-Content-Type-Options", "nosniff")
	if attachment {
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename*=UTF-8''%s", url.PathEscape(f.Name)))
	}
	if f.Truncated {
		data = data[:len(data)/2]
	}
	// A reader that went away needs no answer.
	_, _ = w.Write(data)
	if f.Truncated {
		panic(http.ErrAbortHandler)
	}
}

// serveSignIn is the page that those without access end up at.
func serveSignIn(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, "<!DOCTYPE html>\n<html><head><title>Sign in | Slack</title></head><body><h1>Sign in to your workspace</h1></body></html>\n")
}
