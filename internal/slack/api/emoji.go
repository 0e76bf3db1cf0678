package api

import (
	"context"
	"net/url"
)

// EmojiList reads the custom emoji of the workspace: to each name the address
// of its picture, or "alias:" and the name of another.
func (c *Client) EmojiList(ctx context.Context) (map[string]string, error) {
	var out struct {
		Emoji map[string]string `json:"emoji"`
	}
	if err := c.call(ctx, "emoji.list", c.inTeam(url.Values{}), &out); err != nil {
		return nil, err
	}
	return out.Emoji, nil
}
