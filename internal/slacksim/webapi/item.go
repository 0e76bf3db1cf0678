package webapi

import (
	"errors"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

// item reads which message a call about pins or reactions is about.
func (c *call) item() (channel, ts string, err error) {
	channel, ts = c.args.str("channel"), c.args.str("timestamp")
	switch {
	case channel == "":
		return "", "", missing("channel")
	case ts == "":
		return "", "", errors.New("no_item_specified")
	}
	if _, ok := entity.ParseTS(ts); !ok {
		return "", "", errors.New("bad_timestamp")
	}
	return channel, ts, nil
}

// onItem runs an operation on the message a call is about.
func (c *call) onItem(do func(actor, channel, ts string) error) (answer, error) {
	channel, ts, err := c.item()
	if err != nil {
		return nil, err
	}
	return nil, do(c.in.BotUser, channel, ts)
}

func (c *call) pinAdd() (answer, error)    { return c.onItem(c.api.world.Pin) }
func (c *call) pinRemove() (answer, error) { return c.onItem(c.api.world.Unpin) }

func (c *call) pinList() (answer, error) {
	channel := c.args.str("channel")
	if channel == "" {
		return nil, missing("channel")
	}
	pins, err := c.api.world.Pins(c.in.BotUser, channel)
	if err != nil {
		return nil, err
	}
	items := []any{}
	for _, m := range pins {
		items = append(items, answer{
			"type": "message", "channel": channel, "created": m.PinnedAt, "created_by": m.PinnedBy, "message": m.Wire(false),
		})
	}
	return answer{"items": items}, nil
}

func (c *call) react() (answer, error) {
	return c.onItem(func(actor, channel, ts string) error {
		return c.api.world.React(actor, channel, ts, c.args.str("name"))
	})
}

func (c *call) unreact() (answer, error) {
	return c.onItem(func(actor, channel, ts string) error {
		return c.api.world.Unreact(actor, channel, ts, c.args.str("name"))
	})
}

func (c *call) reactions() (answer, error) {
	channel, ts, err := c.item()
	if err != nil {
		return nil, err
	}
	var m world.Message
	if m, err = c.api.world.Message(c.in.BotUser, channel, ts); err != nil {
		return nil, err
	}
	return answer{"type": "message", "channel": channel, "message": m.Wire(false)}, nil
}
