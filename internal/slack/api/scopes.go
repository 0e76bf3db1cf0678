package api

import "slices"

// Scopes are the scopes that the token has, as Slack's newest answer said;
// known is false before the first.
func (c *Client) Scopes() (scopes []string, known bool) {
	have := c.scopes.Load()
	if have == nil {
		return nil, false
	}
	return slices.Clone(*have), true
}
