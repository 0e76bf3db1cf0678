package person

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"caseline/internal/slacksim/compose"
	"caseline/internal/slacksim/world"
)

// A Draft is what somebody is about to send.
type Draft struct {
	User      string
	Channel   string
	ThreadTS  string   // to reply in a thread
	Broadcast bool     // "Also send to #channel"
	Text      string   // as typed
	Files     []string // ids of files from World.AddFile
}

// Send does what the client's send button does: a text that begins with a
// slash runs a command, any other is posted. Only a posted message is returned.
func (c *Client) Send(ctx context.Context, d Draft) (world.Message, error) {
	word, rest, _ := strings.Cut(strings.TrimSpace(d.Text), " ")
	switch {
	case word == "/me":
		d.Text = rest
		return c.post(d, true)
	case strings.HasPrefix(word, "/") && len(word) > 1 && !strings.Contains(word[1:], "/") && len(d.Files) == 0:
		return world.Message{}, c.Command(ctx, d.User, d.Channel, d.ThreadTS, d.Text)
	}
	return c.post(d, false)
}

// Post posts a message as it was typed.
func (c *Client) Post(d Draft) (world.Message, error) { return c.post(d, false) }

func (c *Client) post(d Draft, me bool) (world.Message, error) {
	u, _ := c.World.User(d.User)
	p := world.Posting{
		Channel: d.Channel, User: d.User, ThreadTS: d.ThreadTS, Broadcast: d.Broadcast,
		FileIDs: d.Files, ClientMsgID: c.clientMsgID(), Me: me,
	}
	if d.Text != "" {
		p.Text, p.Blocks = c.typed(u.Workspace, d.Text)
	}
	return c.World.Post(p)
}

func (c *Client) typed(workspace, text string) (string, []world.Block) {
	out, blocks := compose.Typed(text, c.names(workspace))
	for _, b := range blocks {
		b["block_id"] = c.World.NewID("b")
	}
	return out, blocks
}

// Edit replaces the words of a person's own message.
func (c *Client) Edit(user, channel, ts, text string) (world.Message, error) {
	u, _ := c.World.User(user)
	out, blocks := c.typed(u.Workspace, text)
	if m, err := c.World.Message(user, channel, ts); err == nil && m.Text == out {
		return m, nil // nothing to change, nobody to tell
	}
	return c.World.Edit(user, channel, ts, world.Revision{Text: &out, Blocks: &blocks})
}

// clientMsgID is the id that a person's client gives a message before it is
// sent. It looks random and is the same in every run.
func (c *Client) clientMsgID() string {
	h := sha256.Sum256([]byte(c.World.NewID("client")))
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
