package webapi

import (
	"errors"

	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/world"
)

const (
	maxHistory = 999
	fewAtOnce  = 15
)

// span reads the arguments that say which messages to give.
func (c *call) span(fallback int) (world.Span, error) {
	s := world.Span{Oldest: c.args.str("oldest"), Latest: c.args.str("latest"), Inclusive: c.args.yes("inclusive")}
	if _, ok := entity.ParseTS(s.Oldest); s.Oldest != "" && !ok {
		return s, errors.New("invalid_ts_oldest")
	}
	if _, ok := entity.ParseTS(s.Latest); s.Latest != "" && !ok {
		return s, errors.New("invalid_ts_latest")
	}
	n, err := c.args.number("limit", fallback)
	if err != nil {
		return s, errors.New("invalid_limit")
	}
	if n == 0 {
		n = fallback
	}
	s.Limit = min(n, fallback*10, 1000)
	if c.api.few {
		s.Limit = min(s.Limit, fewAtOnce)
	}
	return s, nil
}

func (c *call) history() (answer, error) {
	ch, err := c.seen("history")
	if err != nil {
		return nil, err
	}
	if !ch.Has(c.in.BotUser) {
		return nil, entity.ErrNotInChannel
	}
	s, err := c.span(100)
	if err != nil {
		return nil, err
	}
	s.Limit = min(s.Limit, maxHistory)
	at, err := c.openCursor("next_ts")
	if err != nil {
		return nil, err
	}
	s.Before = at // the cursor is the last message given
	ms, more, err := c.api.world.Messages(c.in.BotUser, ch.ID, s)
	if err != nil {
		return nil, err
	}
	pins, err := c.api.world.Pins(c.in.BotUser, ch.ID)
	if err != nil {
		return nil, err
	}
	out := answer{"messages": c.wires(ms), "has_more": more, "pin_count": len(pins), "channel_actions_ts": nil, "channel_actions_count": 0}
	if more {
		out["response_metadata"] = answer{"next_cursor": cursor("next_ts", ms[len(ms)-1].TS)}
	}
	return out, nil
}

func (c *call) replies() (answer, error) {
	ch, err := c.seen("history")
	if err != nil {
		return nil, err
	}
	if c.args.str("ts") == "" {
		return nil, missing("ts")
	}
	if !ch.Has(c.in.BotUser) {
		return nil, entity.ErrNotInChannel
	}
	s, err := c.span(1000)
	if err != nil {
		return nil, err
	}
	at, err := c.openCursor("next_ts")
	if err != nil {
		return nil, err
	}
	s.After = at
	ms, more, err := c.api.world.Thread(c.in.BotUser, ch.ID, c.args.str("ts"), s)
	if err != nil {
		return nil, err
	}
	out := answer{"messages": c.wires(ms), "has_more": more}
	if more {
		out["response_metadata"] = answer{"next_cursor": cursor("next_ts", ms[len(ms)-1].TS)}
	}
	return out, nil
}

func (c *call) wires(ms []world.Message) []any {
	out := make([]any, len(ms))
	for i, m := range ms {
		w := m.Wire(c.args.yes("include_all_metadata"))
		if m.IsReply() {
			if parent, err := c.api.world.Message(c.in.BotUser, m.Channel, m.ThreadTS); err == nil && parent.User != "" {
				w["parent_user_id"] = parent.User
			}
		}
		out[i] = w
	}
	return out
}
