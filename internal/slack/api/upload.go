package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// UploadTimeout is how long the bytes of a file may take to reach Slack.
const UploadTimeout = 5 * time.Minute

var errUploadTimeout = errors.New("the file did not reach slack in time")

// UploadURL begins an upload of size bytes, more than none: it returns the
// address to send them to and Slack's id of the file. Beginning one that is
// never completed does no harm.
func (c *Client) UploadURL(ctx context.Context, name string, size int64) (address, id string, err error) {
	const method = "files.getUploadURLExternal"
	var out struct {
		Address string `json:"upload_url"`
		ID      string `json:"file_id"`
	}
	if err := c.call(ctx, method, url.Values{"filename": {name}, "length": {strconv.FormatInt(size, 10)}}, &out); err != nil {
		return "", "", err
	}
	if out.Address == "" || out.ID == "" {
		return "", "", &Error{Method: method, Kind: Unknown, Err: errors.New("answer has no upload address")}
	}
	return out.Address, out.ID, nil
}

// Upload sends size bytes of r to an address from UploadURL. The address is
// the permission, so no token goes there, and it must be one of Slack's.
func (c *Client) Upload(ctx context.Context, address string, r io.Reader, size int64) error {
	const method = "upload"
	if u, err := url.Parse(address); err != nil || !c.trusted(u) {
		return &Error{Method: method, Kind: Refused, Err: ErrForeign}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, UploadTimeout, errUploadTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, io.NopCloser(r))
	if err != nil {
		return &Error{Method: method, Kind: Lost, Err: err}
	}
	req.ContentLength = size
	req.Header.Set("Content-Type", "application/octet-stream")
	resp, err := c.doer.http.Do(req)
	if err != nil {
		return &Error{Method: method, Kind: Unknown, Err: nameless(err)}
	}
	defer resp.Body.Close()
	return taken(method, resp, size)
}

// taken reads the answer to an upload: "OK - " and how many bytes came.
func taken(method string, resp *http.Response, size int64) error {
	switch s := resp.StatusCode; {
	case s == http.StatusTooManyRequests:
		return &Error{Method: method, Kind: Limited, After: retryAfter(resp.Header)}
	case s != http.StatusOK:
		return &Error{Method: method, Kind: Unknown, Err: fmt.Errorf("HTTP status %d", s)}
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 256))
	if err != nil {
		return &Error{Method: method, Kind: Unknown, Err: err}
	}
	count, ok := strings.CutPrefix(strings.TrimSpace(string(answer)), "OK")
	if !ok {
		return &Error{Method: method, Kind: Unknown, Err: errors.New("answer is not Slack's")}
	}
	n, err := strconv.ParseInt(strings.TrimLeft(count, " -"), 10, 64)
	if err == nil && n != size {
		return &Error{Method: method, Kind: Unknown, Err: fmt.Errorf("%d of %d bytes came", n, size)}
	}
	return nil
}

// A Sharing shows an uploaded file.
type Sharing struct {
	File    string // Slack's id
	Title   string
	Channel string
	Thread  string // the first message's timestamp; empty for none
	Comment string // in Slack's mrkdwn, above the file
}

// CompleteUpload ends an upload and shows the file, a little after Slack has
// answered. It works once for a file; after that the code is file_not_found.
func (c *Client) CompleteUpload(ctx context.Context, s Sharing) error {
	const method = "files.completeUploadExternal"
	list, err := jsonText([]map[string]string{{"id": s.File, "title": s.Title}})
	if err != nil {
		return &Error{Method: method, Kind: Lost, Err: err}
	}
	args := url.Values{"files": {list}, "channel_id": {s.Channel}, "initial_comment": {s.Comment}}
	if s.Thread != "" {
		args.Set("thread_ts", s.Thread)
	}
	return c.call(ctx, method, args, nil)
}
