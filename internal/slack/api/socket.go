package api

import (
	"context"
	"errors"
	"net/url"
)

// OpenSocket asks for the address of one connection in Socket Mode. The client
// must have been made with an app-level token (xapp-…). The address works once,
// for a short while, and is as good as a token; asking and not connecting does
// no harm.
func (c *Client) OpenSocket(ctx context.Context) (address string, err error) {
	const method = "apps.connections.open"
	var out struct {
		URL string `json:"url"`
	}
	if err := c.call(ctx, method, url.Values{}, &out); err != nil {
		return "", err
	}
	if out.URL == "" {
		return "", &Error{Method: method, Kind: Unknown, Err: errors.New("answer has no address")}
	}
	return out.URL, nil
}
