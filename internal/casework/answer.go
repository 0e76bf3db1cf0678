package casework

import (
	"context"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/store"
)

// Answer is what somebody adds to a case outside its chat.
type Answer struct {
	Case   desk.CaseID
	By     desk.Actor
	Text   string // Markdown
	Via    string // the channel of Slack it was written in, by name; empty for none
	Origin desk.Origin
}

// Answer adds words to a case outside its chat, and tells of them in the
// case's place and in the channel where it was opened. Calling it again with
// the same Origin changes nothing.
func (s *Service) Answer(ctx context.Context, a Answer) (c desk.Case, err error) {
	now := s.now()
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if c, err = tx.LockCase(ctx, a.Case); err != nil {
			return err
		}
		if seen, err := tx.Seen(ctx, a.Origin); seen || err != nil {
			return err
		}
		before := c.Status
		entry, err := c.Answer(a.By, a.Text, a.Via, a.Origin, now)
		if err != nil {
			return err
		}
		if err := noteActor(ctx, tx, a.By); err != nil {
			return err
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		if err := enqueue(ctx, tx, &c, news(&c, entry)...); err != nil {
			return err
		}
		if c.Status != before {
			if err := refreshCard(ctx, tx, &c); err != nil {
				return err
			}
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return desk.Case{}, fmt.Errorf("answer case %s: %w", a.Case, err)
	}
	return c, nil
}

// news are the deliveries that tell of entry e: in the case's place, if it
// has one, and in the channel where it was opened, if that is to hear of it.
func news(c *desk.Case, e desk.Correspondence) []desk.Delivery {
	var ds []desk.Delivery
	if c.HasPlace() {
		ds = append(ds, notice(c, e))
	}
	if c.Newsworthy(e) {
		ds = append(ds, desk.Delivery{Lane: desk.PlaceLane(c.Asked), Kind: desk.DeliverNotice, Place: c.Asked, Seq: e.Seq})
	}
	return ds
}
