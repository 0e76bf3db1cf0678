package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const faceTimeout = 7 * time.Second

var errFaceTimeout = errors.New("the picture did not arrive in time")

// FetchFace opens a person's picture, which Slack shows to everybody: no token
// goes there. Only hosts that Slack keeps pictures at are asked, and no
// redirect is followed. The caller closes the content.
func (c *Client) FetchFace(ctx context.Context, address string) (Body, error) {
	const method = "face"
	u, err := url.Parse(address)
	if err != nil || !c.trusted(u) && !facesAt(u) {
		return Body{}, &Error{Method: method, Kind: Refused, Err: ErrForeign}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, faceTimeout, errFaceTimeout)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		cancel()
		return Body{}, &Error{Method: method, Kind: Lost, Err: err}
	}
	return c.open(method, req, cancel)
}

// facesAt reports whether u is an address of Slack's store of pictures, or of
// the one it uses for people who have given it none.
func facesAt(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && u.User == nil && (strings.HasSuffix(host, ".slack-edge.com") || host == "secure.gravatar.com")
}
