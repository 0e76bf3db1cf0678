package send

import (
	"context"
	"time"

	"caseline/internal/casework/absence"
	"caseline/internal/desk"
	"caseline/internal/slack"
	"caseline/internal/slack/absent"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
)

// shown is what a page of a history was asked for, and shows.
func shown(r reading, span api.Span, asked time.Time, messages []api.Message, next string) absent.Page {
	p := absent.Page{Thread: span.Thread, Edge: r.walk.edge, Oldest: span.Oldest, Latest: span.Latest, Last: next == "", Asked: asked}
	for _, m := range messages {
		p.Ts = append(p.Ts, m.Ts)
	}
	return p
}

// miss has the deletion recorded of what is on the case and not on a page.
func (s *Sender) miss(ctx context.Context, r reading, p absent.Page, page []slack.Recalled) error {
	if r.Kind != desk.DeliverTally && r.Kind != desk.DeliverCatchUp {
		return nil // what was written while waiting is no part of the record
	}
	origin := func(ts string) desk.Origin { return ident.MessageOrigin(s.self.ID, r.at.Channel, ts) }
	sheet := absence.Sheet{
		Case: r.Case, Chat: r.chat.ID, Channel: origin(""), Alone: r.at.Thread != "", Shown: map[desk.Origin]bool{}, Told: absent.Told(ident.Channel(s.self.ID, r.at.Channel)),
	}
	if p.Thread != "" {
		sheet.Thread = origin(p.Thread)
	}
	if from, until, ok := p.Tells(); ok {
		sheet.From, sheet.Until = from, until
	}
	for _, ts := range p.Ts {
		sheet.Shown[origin(ts)] = true
	}
	for _, m := range page {
		if m.Gone {
			sheet.Gone = append(sheet.Gone, origin(string(m.Ts)))
		}
	}
	if sheet.From.IsZero() && len(sheet.Gone) == 0 {
		return nil
	}
	return s.opt.Absent(ctx, sheet)
}
