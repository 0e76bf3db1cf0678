package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"github.com/slack-go/slack"
)

// A Channel is what is read of a channel.
type Channel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Creator  string `json:"creator"`
	Topic    string `json:"-"`         // from ChannelInfo only
	IsMember bool   `json:"is_member"` // the app is in it
	Private  bool   `json:"is_private"`
	Archived bool   `json:"is_archived"`
}

// CreateChannel makes a private channel and returns it with the name that
// Slack gave it.
func (c *Client) CreateChannel(ctx context.Context, name string) (Channel, error) {
	var made *slack.Channel
	err := c.do(ctx, "conversations.create", func(ctx context.Context) (err error) {
		made, err = c.slack().CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: name, IsPrivate: true, TeamID: c.team})
		if err == nil && made.ID == "" {
			err = errors.New("answer has no channel")
		}
		return err
	})
	if err != nil {
		return Channel{}, err
	}
	return fromSlack(made), nil
}

// ChannelInfo reads one channel.
func (c *Client) ChannelInfo(ctx context.Context, id string) (Channel, error) {
	var found *slack.Channel
	err := c.do(ctx, "conversations.info", func(ctx context.Context) (err error) {
		found, err = c.slack().GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: c.inSlack(id)})
		return err
	})
	if err != nil {
		return Channel{}, err
	}
	ch := fromSlack(found)
	ch.ID = id
	ch.Topic = found.Topic.Value
	return ch, nil
}

func fromSlack(ch *slack.Channel) Channel {
	return Channel{
		ID: ch.ID, Name: ch.Name, Creator: ch.Creator,
		IsMember: ch.IsMember, Private: ch.IsPrivate, Archived: ch.IsArchived,
	}
}

// MaxInvited is how many people one call of Invite takes.
const MaxInvited = 30

// A Declined is a person that Slack would not add to a channel.
type Declined struct {
	User string `json:"user"`
	Code string `json:"error"`
}

// Invite adds people to a channel, those it can, and returns the others. It
// returns an error when nobody could be asked for.
func (c *Client) Invite(ctx context.Context, channel string, users []string) ([]Declined, error) {
	args := url.Values{"channel": {channel}, "users": {strings.Join(users, ",")}, "force": {"true"}}
	var out struct {
		Errors declinedList `json:"errors"`
	}
	err := c.call(ctx, "conversations.invite", args, &out)
	if refused, ok := errors.AsType[*refusedAnswer](err); ok {
		// Some versions of the answer are not ok when one of many was declined.
		if json.Unmarshal(refused.body, &out) == nil && len(out.Errors) > 0 {
			return out.Errors, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return out.Errors, nil
}

// A declinedList reads as empty what is no list: Slack has been seen to send
// an empty object.
type declinedList []Declined

func (l *declinedList) UnmarshalJSON(data []byte) error {
	var list []Declined
	if json.Unmarshal(data, &list) != nil {
		return nil
	}
	for _, d := range list {
		if d.Code != "" {
			*l = append(*l, d)
		}
	}
	return nil
}

// SetTopic sets a channel's topic, at most 250 characters of Slack's mrkdwn.
func (c *Client) SetTopic(ctx context.Context, channel, topic string) error {
	return c.do(ctx, "conversations.setTopic", func(ctx context.Context) error {
		_, err := c.slack().SetTopicOfConversationContext(ctx, c.inSlack(channel), topic)
		return err
	})
}

// Pin pins a message.
func (c *Client) Pin(ctx context.Context, channel, ts string) error {
	return c.do(ctx, "pins.add", func(ctx context.Context) error {
		return c.slack().AddPinContext(ctx, c.inSlack(channel), slack.NewRefToMessage(c.inSlack(channel), ts))
	})
}
