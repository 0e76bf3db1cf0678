package webapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"caseline/internal/slacksim/blockkit"
	"caseline/internal/slacksim/compose"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/screen"
	"caseline/internal/slacksim/world"
)

const (
	maxText       = 40_000 // longer texts are cut
	maxUpdateText = 4_000
	maxMarkdown   = 12_000
	maxBlockText  = 13_200 // characters people read, in all blocks of a message
	maxAttached   = 100
	maxMetadata   = 8_000
)

// content is what chat methods have in common.
type content struct {
	text        *string
	blocks      []world.Block // nil if not given
	attachments []map[string]any
	metadata    *world.Metadata
}

func (c *call) content() (content, error) {
	var out content
	if c.args.has("text") {
		t := cut(c.args.str("text"))
		t = compose.Normalise(t)
		out.text = &t
	}
	if err := c.blocks(&out); err != nil {
		return out, err
	}
	if md := c.args.str("markdown_text"); md != "" {
		if out.text != nil || out.blocks != nil {
			return out, errors.New("markdown_text_conflict")
		}
		if utf8.RuneCountInString(md) > maxMarkdown {
			return out, errors.New("msg_too_long")
		}
		t := compose.Normalise(md)
		out.text = &t
		out.blocks = c.identified([]world.Block{{"type": "markdown", "text": md}})
	}
	if raw := c.args.raw("attachments"); len(raw) > 0 {
		if err := json.Unmarshal(raw, &out.attachments); err != nil {
			return out, errors.New("invalid_attachments")
		}
		if len(out.attachments) > maxAttached {
			return out, errors.New("too_many_attachments")
		}
	}
	return out, c.metadata(&out)
}

func (c *call) blocks(out *content) error {
	raw := c.args.raw("blocks")
	if len(raw) == 0 {
		return nil
	}
	if err := json.Unmarshal(raw, &out.blocks); err != nil {
		return errors.New("invalid_blocks_format")
	}
	if ps := blockkit.CheckMessage(out.blocks); len(ps) > 0 {
		return refusal{"invalid_blocks", answer{
			"errors": problemTexts(ps), "response_metadata": answer{"messages": blockkit.Strings(ps)},
		}}
	}
	if blockkit.TextLength(out.blocks) > maxBlockText {
		return errors.New("msg_blocks_too_long")
	}
	out.blocks = c.identified(out.blocks)
	return nil
}

func problemTexts(ps []blockkit.Problem) []string {
	out := make([]string, len(ps))
	for i, p := range ps {
		out[i] = fmt.Sprintf("%s [json-pointer:%s]", p.Text, p.Pointer)
	}
	return out
}

func (c *call) identified(blocks []world.Block) []world.Block {
	return blockkit.Identified(blocks, func() string { return c.api.world.NewID("b") })
}

func (c *call) metadata(out *content) error {
	raw := c.args.raw("metadata")
	if len(raw) == 0 {
		return nil
	}
	var m world.Metadata
	if err := json.Unmarshal(raw, &m); err != nil || (m.EventType == "" && m.EventPayload != nil) {
		return errors.New("invalid_metadata_format")
	}
	if len(raw) > maxMetadata {
		return errors.New("metadata_too_large")
	}
	out.metadata = &m
	return nil
}

func cut(s string) string {
	if utf8.RuneCountInString(s) <= maxText {
		return s
	}
	return string([]rune(s)[:maxText])
}

// channel finds the channel a call names: by id, by #name, or by the id of a
// person, whose direct message it then is.
func (c *call) channel() (string, error) {
	name := c.args.str("channel")
	switch {
	case name == "":
		return "", missing("channel")
	case strings.HasPrefix(name, "U") || strings.HasPrefix(name, "W"):
		if _, ok := c.api.world.User(name); !ok {
			return name, nil
		}
		ch, _, err := c.api.world.OpenDirect(c.in.BotUser, []string{name}, true)
		return ch.ID, err
	}
	if ch, ok := c.api.world.ChannelNamed(c.in.Workspace, strings.TrimPrefix(name, "#")); ok {
		return ch.ID, nil
	}
	return name, nil
}

func (c *call) icons() *world.Icons {
	if e := c.args.str("icon_emoji"); e != "" {
		return &world.Icons{Emoji: e}
	}
	if u := c.args.str("icon_url"); u != "" {
		return &world.Icons{URL: u}
	}
	return nil
}

func (c *call) postMessage() (answer, error) {
	in, err := c.content()
	if err != nil {
		return nil, err
	}
	channel, err := c.channel()
	if err != nil {
		return nil, err
	}
	p := world.Posting{
		Channel: channel, User: c.in.BotUser, ThreadTS: c.args.str("thread_ts"), Broadcast: c.args.yes("reply_broadcast"),
		Blocks: in.blocks, Attachments: in.attachments, Metadata: in.metadata,
		Username: c.args.str("username"), Icons: c.icons(), NoUnfurl: !c.args.yes("unfurl_links"),
	}
	if in.text != nil {
		p.Text = *in.text
	}
	if p.Username != "" || p.Icons != nil {
		if err := c.needs("chat:write.customize"); err != nil {
			return nil, err
		}
	}
	if ch, ok := c.api.world.Channel(channel); ok && ch.Kind == world.Public {
		p.Anywhere = c.in.Allows("chat:write.public")
	}
	m, err := c.api.world.Post(p)
	if err != nil {
		return nil, err
	}
	return answer{"channel": channel, "ts": m.TS, "message": m.Wire(true)}, nil
}

func (c *call) update() (answer, error) {
	in, err := c.content()
	if err != nil {
		return nil, err
	}
	channel, ts := c.args.str("channel"), c.args.str("ts")
	switch {
	case channel == "":
		return nil, missing("channel")
	case ts == "":
		return nil, missing("ts")
	case in.text != nil && utf8.RuneCountInString(c.args.str("text")) > maxUpdateText:
		return nil, errors.New("msg_too_long")
	case in.text == nil && in.blocks == nil && in.attachments == nil && in.metadata == nil:
		return nil, entity.ErrNoText
	}
	r := world.Revision{Text: in.text, Metadata: in.metadata, Quiet: len(in.blocks) > 0}
	if in.blocks != nil || in.text != nil {
		r.Blocks = &in.blocks // text alone takes the blocks away
	}
	if in.attachments != nil {
		r.Attachments = &in.attachments
	}
	m, err := c.api.world.Edit(c.in.BotUser, channel, ts, r)
	if err != nil {
		return nil, err
	}
	return answer{"channel": channel, "ts": ts, "text": m.Text, "message": m.Wire(true)}, nil
}

func (c *call) delete() (answer, error) {
	channel, ts := c.args.str("channel"), c.args.str("ts")
	if channel == "" || ts == "" {
		return nil, missing("channel, ts")
	}
	if err := c.api.world.Delete(c.in.BotUser, channel, ts); err != nil {
		return nil, err
	}
	return answer{"channel": channel, "ts": ts}, nil
}

func (c *call) postEphemeral() (answer, error) {
	in, err := c.content()
	if err != nil {
		return nil, err
	}
	channel, err := c.channel()
	if err != nil {
		return nil, err
	}
	if c.args.str("user") == "" {
		return nil, missing("user")
	}
	e := screen.Ephemeral{
		Channel: channel, ThreadTS: c.args.str("thread_ts"), User: c.args.str("user"), App: c.in.App, BotUser: c.in.BotUser,
		Username: c.args.str("username"), Icons: c.icons(), Blocks: in.blocks, Attachments: in.attachments,
	}
	if in.text != nil {
		e.Text = *in.text
	}
	e, err = c.api.screens.SendEphemeral(e)
	if err != nil {
		return nil, err
	}
	return answer{"message_ts": e.ID}, nil
}

func (c *call) permalink() (answer, error) {
	channel, ts := c.args.str("channel"), c.args.str("message_ts")
	m, err := c.api.world.Message(c.in.BotUser, channel, ts)
	if err != nil {
		return nil, err
	}
	link := c.api.world.BaseURL() + "/archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
	if m.IsReply() {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + channel
	}
	return answer{"channel": channel, "permalink": link}, nil
}
