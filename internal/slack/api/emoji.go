package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// EmojiList reads the custom emoji of the workspace: to each name the address
// of its picture, or "alias:" and the name of another.
func (c *Client) EmojiList(ctx context.Context) (map[string]string, error) {
	var out struct {
		Emoji map[string]string `json:"emoji"`
	}
	if err := c.call(ctx, "emoji.list", url.Values{}, &out); err != nil {
		return nil, err
	}
	return out.Emoji, nil
}

// FetchPicture opens a picture that Slack shows to everybody. No token goes
// there, only Slack's hosts and that of the API are asked, and no redirect is
// followed. The caller closes the content.
func (c *Client) FetchPicture(ctx context.Context, address string) (Body, error) {
	const method = "picture"
	u, err := url.Parse(address)
	if err != nil || !c.trusted(u) && !c.shows(u) {
		return Body{}, &Error{Method: method, Kind: Refused, Err: ErrForeign}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Body{}, &Error{Method: method, Kind: Lost, Err: err}
	}
	resp, err := c.doer.http.Do(req)
	if err != nil {
		return Body{}, &Error{Method: method, Kind: Unknown, Err: err}
	}
	if err := fetchable(method, resp); err != nil {
		resp.Body.Close()
		return Body{}, err
	}
	return Body{Content: resp.Body, Type: resp.Header.Get("Content-Type"), Size: resp.ContentLength}, nil
}

// shows reports whether u is an address of the hosts that show Slack's
// pictures, such as emoji.slack-edge.com.
func (c *Client) shows(u *url.URL) bool {
	return u.Scheme == "https" && u.User == nil && strings.HasSuffix(strings.ToLower(u.Hostname()), ".slack-edge.com")
}
