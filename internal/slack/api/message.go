package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
)

// A Post is a message to send.
type Post struct {
	Channel  string
	Thread   string // the first message's timestamp; empty for none
	Text     string // in Slack's mrkdwn; with blocks only notifications show it
	Blocks   any    // marshalled; nil for none
	Username string // shown as the author; needs chat:write.customize
	IconURL  string // likewise
	Metadata *Metadata
}

// Metadata is what a message carries for its app. Every app and person in the
// workspace can read it.
type Metadata struct {
	Type    string            `json:"event_type"`
	Payload map[string]string `json:"event_payload"`
}

// A Message is what is read of a message in a history.
type Message struct {
	Ts       string
	BotID    string
	Metadata Metadata
	Files    []string // Slack's ids of those it shows
	Raw      json.RawMessage
}

func (p Post) args() (url.Values, error) {
	args := url.Values{
		"channel":      {p.Channel},
		"text":         {p.Text},
		"unfurl_links": {"false"},
		"unfurl_media": {"false"},
	}
	for key, value := range map[string]string{"thread_ts": p.Thread, "username": p.Username, "icon_url": p.IconURL} {
		if value != "" {
			args.Set(key, value)
		}
	}
	if p.Blocks != nil {
		blocks, err := jsonText(p.Blocks)
		if err != nil {
			return nil, err
		}
		args.Set("blocks", blocks)
	}
	if p.Metadata != nil {
		metadata, err := jsonText(p.Metadata)
		if err != nil {
			return nil, err
		}
		args.Set("metadata", metadata)
	}
	return args, nil
}

// PostMessage posts p and returns the message's timestamp.
func (c *Client) PostMessage(ctx context.Context, p Post) (ts string, err error) {
	const method = "chat.postMessage"
	args, err := p.args()
	if err != nil {
		return "", &Error{Method: method, Kind: Lost, Err: err}
	}
	var out struct {
		Ts string `json:"ts"`
	}
	if err := c.call(ctx, method, args, &out); err != nil {
		return "", err
	}
	if out.Ts == "" {
		return "", &Error{Method: method, Kind: Unknown, Err: errors.New("answer has no timestamp")}
	}
	return out.Ts, nil
}

// UpdateMessage makes the message at ts what p says. The author's name, the
// picture and the thread stay.
func (c *Client) UpdateMessage(ctx context.Context, ts string, p Post) error {
	const method = "chat.update"
	p.Thread, p.Username, p.IconURL = "", "", ""
	args, err := p.args()
	if err != nil {
		return &Error{Method: method, Kind: Lost, Err: err}
	}
	args.Del("unfurl_links")
	args.Del("unfurl_media")
	args.Set("ts", ts)
	return c.call(ctx, method, args, nil)
}

// DeleteMessage takes away the message at ts.
func (c *Client) DeleteMessage(ctx context.Context, channel, ts string) error {
	return c.call(ctx, "chat.delete", url.Values{"channel": {channel}, "ts": {ts}}, nil)
}

// PostEphemeral shows p to one person in the channel, who may never see it.
func (c *Client) PostEphemeral(ctx context.Context, user string, p Post) error {
	const method = "chat.postEphemeral"
	p.Metadata = nil
	args, err := p.args()
	if err != nil {
		return &Error{Method: method, Kind: Lost, Err: err}
	}
	args.Set("user", user)
	return c.call(ctx, method, args, nil)
}

// A Span says which part of a history to read: of a channel newest first, of a
// thread oldest first, with its first message ahead of each page.
type Span struct {
	Channel string
	Thread  string // read this thread instead of the channel
	Oldest  string // not before this timestamp; empty: from the beginning
	Latest  string // not after this timestamp; empty: up to now
	Limit   int    // of one page
	Cursor  string // of the next page, from the page before
}

// History reads one page of a channel's messages or of a thread, with their
// metadata. next is empty on the last page. Of a message that cannot be read
// there is nothing but Raw.
func (c *Client) History(ctx context.Context, s Span) (messages []Message, next string, err error) {
	method := "conversations.history"
	args := url.Values{
		"channel":              {s.Channel},
		"inclusive":            {"true"},
		"include_all_metadata": {"true"},
		"limit":                {strconv.Itoa(s.Limit)},
	}
	for key, value := range map[string]string{"oldest": s.Oldest, "latest": s.Latest, "cursor": s.Cursor} {
		if value != "" {
			args.Set(key, value)
		}
	}
	if s.Thread != "" {
		method = "conversations.replies"
		args.Set("ts", s.Thread)
	}
	var out struct {
		Messages []json.RawMessage `json:"messages"`
		Page     page              `json:"response_metadata"`
	}
	if err := c.call(ctx, method, args, &out); err != nil {
		return nil, "", err
	}
	for _, raw := range out.Messages {
		m, ok := readMessage(raw)
		if !ok {
			m.Raw = raw
		}
		messages = append(messages, m)
	}
	return messages, out.Page.Next, nil
}

type page struct {
	Next string `json:"next_cursor"`
}

func readMessage(raw json.RawMessage) (Message, bool) {
	var m struct {
		Ts    string `json:"ts"`
		BotID string `json:"bot_id"`
		Files []struct {
			ID string `json:"id"`
		} `json:"files"`
		Metadata struct {
			Type    string                     `json:"event_type"`
			Payload map[string]json.RawMessage `json:"event_payload"`
		} `json:"metadata"`
	}
	if json.Unmarshal(raw, &m) != nil || m.Ts == "" {
		return Message{}, false
	}
	read := Message{Ts: m.Ts, BotID: m.BotID, Raw: raw, Metadata: Metadata{Type: m.Metadata.Type, Payload: map[string]string{}}}
	for _, f := range m.Files {
		read.Files = append(read.Files, f.ID)
	}
	for key, value := range m.Metadata.Payload {
		var s string
		if json.Unmarshal(value, &s) == nil {
			read.Metadata.Payload[key] = s
		}
	}
	return read, true
}
