package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// FetchPicture opens a picture that Slack shows to everybody: of a person, or a
// custom emoji. No token goes there, only Slack's hosts and that of the API are
// asked, and no redirect is followed. The caller closes the content, and bounds
// the time by ctx.
func (c *Client) FetchPicture(ctx context.Context, address string) (Body, error) {
	const method = "picture"
	u, err := url.Parse(address)
	if err != nil || !c.trusted(u) && !showsPictures(u) {
		return Body{}, &Error{Method: method, Kind: Refused, Err: ErrForeign}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Body{}, &Error{Method: method, Kind: Lost, Err: err}
	}
	return c.open(method, req, func() {})
}

// showsPictures reports whether u is an address of the hosts that show Slack's
// pictures, such as emoji.slack-edge.com, or of the one it has those from of
// people who gave it none.
func showsPictures(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && u.User == nil && (strings.HasSuffix(host, ".slack-edge.com") || host == "secure.gravatar.com")
}

// ErrNoPicture says that the content is something else.
var ErrNoPicture = errors.New("not a picture")

// Picture reads from the first bytes what kind of picture the content is, and
// returns it from its beginning. Anything else, which might carry a script, is
// refused with ErrNoPicture.
func (b Body) Picture() (content io.Reader, kind string, err error) {
	r := bufio.NewReader(b.Content)
	head, err := r.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	switch kind = http.DetectContentType(head); kind {
	case "image/png", "image/gif", "image/jpeg", "image/webp":
		return r, kind, nil
	}
	return nil, "", fmt.Errorf("it is %s: %w", kind, ErrNoPicture)
}
