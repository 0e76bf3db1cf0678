package api

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
)

// PublicChannels reads one page of the public channels of the workspace that are
// not archived. next is empty on the last page.
func (c *Client) PublicChannels(ctx context.Context, cursor string) (channels []Channel, next string, err error) {
	return c.listed(ctx, "conversations.list", "public_channel", "", cursor)
}

// OurPrivateChannels reads one page of the private channels, not archived,
// that the app is in. next is empty on the last page.
func (c *Client) OurPrivateChannels(ctx context.Context, cursor string) (channels []Channel, next string, err error) {
	return c.listed(ctx, "users.conversations", "private_channel", "", cursor)
}

// ChannelsOf reads one page of the channels, not archived, that a person is in:
// of the private ones those that the app is in too. next is empty on the last
// page.
func (c *Client) ChannelsOf(ctx context.Context, user, cursor string) (channels []Channel, next string, err error) {
	return c.listed(ctx, "users.conversations", "public_channel,private_channel", user, cursor)
}

// channelPage is how many channels one page asks for.
const channelPage = 500

// teamPage is how many workspaces one page asks for.
const teamPage = 200

func (c *Client) listed(ctx context.Context, method, kind, user, cursor string) (channels []Channel, next string, err error) {
	args := c.inTeam(url.Values{
		"types":            {kind},
		"exclude_archived": {"true"},
		"limit":            {strconv.Itoa(channelPage)},
	})
	if cursor != "" {
		args.Set("cursor", cursor)
	}
	if user != "" {
		args.Set("user", user)
	}
	var out struct {
		Channels []json.RawMessage `json:"channels"`
		Page     page              `json:"response_metadata"`
	}
	if err := c.call(ctx, method, args, &out); err != nil {
		return nil, "", err
	}
	for _, raw := range out.Channels {
		var ch Channel
		if json.Unmarshal(raw, &ch) == nil && ch.ID != "" {
			ch.ID = c.ours(ch.ID)
			channels = append(channels, ch)
		}
	}
	return channels, out.Page.Next, nil
}

// Teams reads one page of the workspaces of the organisation that the token lets
// us into. next is empty on the last page.
func (c *Client) Teams(ctx context.Context, cursor string) (teams []Team, next string, err error) {
	args := url.Values{"limit": {strconv.Itoa(teamPage)}}
	if cursor != "" {
		args.Set("cursor", cursor)
	}
	var out struct {
		Teams []struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"teams"`
		Page page `json:"response_metadata"`
	}
	if err := c.call(ctx, "auth.teams.list", args, &out); err != nil {
		return nil, "", err
	}
	for _, t := range out.Teams {
		teams = append(teams, Team{ID: t.ID, Name: t.Name})
	}
	return teams, out.Page.Next, nil
}
