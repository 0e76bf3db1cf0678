package demo

import (
	"context"
	"time"

	"caseline/internal/desk"
)

func (p *play) askThread(ctx context.Context) error {
	bob := p.people[1]
	p.scene = &scene{shownSlack: map[string]bool{}, place: p.channel}
	p.cases = append(p.cases, p.scene)
	err := p.asks(ctx, bob,
		[]string{"Subject", "The staging database is slow"},
		[]string{"Description", "Queries take seconds."},
		[]string{"Contact method", "Live chat in Slack"},
		[]string{"Where to chat", "Current channel"},
		[]string{"People to add to the chat", p.people[2].Name},
	)
	if err != nil {
		return err
	}
	if err := p.until(ctx, "the case's first message in #ops", func() bool {
		cases, err := p.app.Store.RecentCases(ctx, time.Time{}, 1)
		if err != nil || len(cases) == 0 || cases[0].PlaceKind != desk.PlaceThread || cases[0].Card == "" {
			return false
		}
		p.number, p.root = string(cases[0].Number), cases[0].Card
		return true
	}); err != nil {
		return err
	}
	return p.queued(ctx)
}

func (p *play) talkThread(ctx context.Context) error {
	bob, chloe := p.people[1], p.people[2]
	if err := p.jane.Join(ctx, p.number); err != nil {
		return err
	}
	if err := p.inPlace(ctx, "Jane from Support joined"); err != nil {
		return err
	}
	p.post(chloe, "It is the nightly report")
	p.channel.Post(bob, "Nobody at Support reads this")
	if err := p.until(ctx, "Chloé's words on the record", func() bool { return p.count(ctx, desk.KindMessage) == 2 }); err != nil {
		return err
	}
	if err := p.jane.Reply(ctx, p.number, "t1", "Stopped it. Is it fast again?"); err != nil {
		return err
	}
	if err := p.inPlace(ctx, "Stopped it."); err != nil {
		return err
	}
	p.post(bob, "It is. Thank you!")
	if err := p.quiet(ctx); err != nil {
		return err
	}
	if err := p.presses(ctx, bob, "Resolve case"); err != nil {
		return err
	}
	if err := p.quiet(ctx); err != nil {
		return err
	}
	return p.compared(ctx)
}
