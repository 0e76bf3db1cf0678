package person

import (
	"strings"

	"caseline/internal/slacksim/world"
)

// Forward shares a message into another channel with a comment, as "Forward
// message" does. The shared words travel as an attachment.
func (c *Client) Forward(user, channel, ts string, to Draft) (world.Message, error) {
	u, _ := c.World.User(user)
	m, err := c.World.Message(user, channel, ts)
	if err != nil {
		return world.Message{}, err
	}
	author, _ := c.World.User(m.User)
	base := c.World.BaseURL()
	link := base + "/archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
	attachment := map[string]any{
		"id": 1, "fallback": m.Text, "ts": m.TS, "text": m.Text, "channel_id": channel, "channel_team": m.Workspace,
		"author_id": m.User, "author_name": author.Shown(), "author_subname": author.Shown(), "author_link": base + "/team/" + m.User,
		"from_url": link, "original_url": link, "is_msg_unfurl": true, "is_share": true, "mrkdwn_in": []any{"text"}, "footer": "Posted in Slack",
		"message_blocks": []any{map[string]any{"team": m.Workspace, "channel": channel, "ts": m.TS, "message": map[string]any{"blocks": m.Blocks}}},
	}
	p := world.Posting{Channel: to.Channel, User: user, ThreadTS: to.ThreadTS, ClientMsgID: c.clientMsgID(), Attachments: []map[string]any{attachment}, NoUnfurl: true}
	if to.Text != "" {
		p.Text, p.Blocks = c.typed(u.Workspace, to.Text)
	}
	return c.World.Post(p)
}
