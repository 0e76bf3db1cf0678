package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// FetchTimeout is how long a file may take to arrive, whatever its size.
const FetchTimeout = 5 * time.Minute

// A File is what is read of a file in Slack.
type File struct {
	ID       string
	Name     string
	Type     string // MIME type as Slack claims it
	Mode     string // hosted, snippet, external, tombstone, hidden_by_limit …
	Access   string // empty or visible; access_denied, file_not_found, check_file_info: not simply there
	External bool
	Size     int64
	URL      string              // where to fetch it
	Shares   map[string][]string // the messages that show it, by channel
}

// FileInfo reads one file.
func (c *Client) FileInfo(ctx context.Context, id string) (File, error) {
	var f *slack.File
	err := c.do(ctx, "files.info", func(ctx context.Context) (err error) {
		f, _, _, err = c.slack().GetFileInfoContext(ctx, id, 0, 0)
		return err
	})
	if err != nil {
		return File{}, err
	}
	return File{
		ID: f.ID, Name: f.Name, Type: f.Mimetype, Mode: f.Mode, Access: f.FileAccess, External: f.IsExternal,
		Size: int64(f.Size), URL: cmp.Or(f.URLPrivateDownload, f.URLPrivate), Shares: c.sharesOf(f.Shares),
	}, nil
}

func (c *Client) sharesOf(s slack.Share) map[string][]string {
	shares := map[string][]string{}
	for _, kind := range []map[string][]slack.ShareFileInfo{s.Public, s.Private} {
		for channel, messages := range kind {
			for _, m := range messages {
				shares[c.ours(channel)] = append(shares[c.ours(channel)], m.Ts)
			}
		}
	}
	return shares
}

// A Body is a file on its way here.
type Body struct {
	Content io.ReadCloser
	Type    string // the Content-Type header
	Size    int64  // the Content-Length header; -1 when there is none
}

// The ways in which a file does not come.
var (
	// ErrForeign means that the address is not one of Slack's, so the token
	// was not sent there.
	ErrForeign = errors.New("not an address of Slack")
	// ErrSignIn means that Slack wanted somebody to sign in: the app cannot
	// see the file, or not yet.
	ErrSignIn = errors.New("slack asked to sign in")
)

// Fetch opens a file's content. The token goes to Slack's hosts and that of
// the API only; a redirect is not followed. The caller closes the content.
func (c *Client) Fetch(ctx context.Context, address string) (Body, error) {
	const method = "file"
	u, err := url.Parse(address)
	if err != nil || !c.trusted(u) {
		return Body{}, &Error{Method: method, Kind: Refused, Err: ErrForeign}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, FetchTimeout, errFetchTimeout)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		cancel()
		return Body{}, &Error{Method: method, Kind: Lost, Err: err}
	}
	c.authorize(req)
	return c.open(method, req, cancel)
}

// open does a request for bytes. cancel ends its time; closing the content
// calls it.
func (c *Client) open(method string, req *http.Request, cancel context.CancelFunc) (Body, error) {
	resp, err := c.doer.http.Do(req)
	if err != nil {
		cancel()
		return Body{}, &Error{Method: method, Kind: Unknown, Err: nameless(err)}
	}
	if err := fetchable(method, resp); err != nil {
		resp.Body.Close()
		cancel()
		return Body{}, err
	}
	return Body{
		Content: &closer{ReadCloser: resp.Body, cancel: cancel},
		Type:    resp.Header.Get("Content-Type"), Size: resp.ContentLength,
	}, nil
}

func fetchable(method string, resp *http.Response) error {
	switch s := resp.StatusCode; {
	case s == http.StatusOK:
		return nil
	case s == http.StatusTooManyRequests:
		return &Error{Method: method, Kind: Limited, After: retryAfter(resp.Header)}
	case s/100 == 3:
		return &Error{Method: method, Kind: Refused, Err: ErrSignIn}
	case s/100 == 4:
		return &Error{Method: method, Kind: Refused, Err: fmt.Errorf("HTTP status %d", s)}
	default:
		return &Error{Method: method, Kind: Unknown, Err: fmt.Errorf("HTTP status %d", s)}
	}
}

// A closer ends a fetch's time when its content is closed.
type closer struct {
	io.ReadCloser
	cancel context.CancelFunc
}

// Close ends the fetch.
func (c *closer) Close() error {
	err := c.ReadCloser.Close()
	c.cancel()
	return err
}

// trusted reports whether u is an address of Slack's, or of the host that the
// API's calls go to anyway.
func (c *Client) trusted(u *url.URL) bool {
	if u.Scheme == c.base.Scheme && strings.EqualFold(u.Host, c.base.Host) {
		return true
	}
	host := strings.ToLower(u.Hostname())
	for _, domain := range []string{"slack.com", "slack-gov.com"} {
		if u.Scheme == "https" && u.User == nil && (host == domain || strings.HasSuffix(host, "."+domain)) {
			return true
		}
	}
	return false
}
