package api

import (
	"context"
	"net/url"
)

// OpenConnection returns the address of a new Socket Mode connection, which is
// good for one connection and must not be logged. The client's token must be the
// app-level one, with the scope connections:write.
func (c *Client) OpenConnection(ctx context.Context) (address string, err error) {
	const method = "apps.connections.open"
	var out struct {
		URL string `json:"url"`
	}
	if err := c.call(ctx, method, url.Values{}, &out); err != nil {
		return "", err
	}
	return out.URL, nil
}
