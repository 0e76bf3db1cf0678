package casework

import (
	"context"
	"fmt"
	"strings"

	"caseline/internal/casework/auditlog"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// Answer is what somebody adds to a case outside its chat.
type Answer struct {
	Case  desk.CaseID
	Where desk.Place // in Slack, where it is written; empty elsewhere
	desk.Answer
}

// Answer adds words, and files that are still in Slack, to a case outside its
// chat, and tells of them in the case's place and in the channel where it was
// opened. Calling it again with the same Origin changes nothing.
func (s *Service) Answer(ctx context.Context, a Answer) (c desk.Case, err error) {
	ids := make([]desk.FileID, len(a.Files))
	for i := range ids {
		ids[i] = s.newFileID()
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		auditlog.At(tx, a.Where)
		if c, err = tx.LockCase(ctx, a.Case); err != nil {
			return err
		}
		if seen, err := tx.Seen(ctx, a.Origin); seen || err != nil {
			return err
		}
		return s.answer(ctx, tx, &c, a.Answer, ids)
	})
	if err != nil {
		return desk.Case{}, fmt.Errorf("answer case %s: %w", a.Case, err)
	}
	return c, nil
}

func (s *Service) answer(ctx context.Context, tx store.Tx, c *desk.Case, a desk.Answer, ids []desk.FileID) error {
	before := c.Status
	entries, err := c.Answer(a, ids, s.now())
	if err != nil {
		return err
	}
	if err := noteActor(ctx, tx, a.By); err != nil {
		return err
	}
	for i := range entries {
		if err := tx.AppendLog(ctx, &entries[i]); err != nil {
			return err
		}
	}
	var names []string
	for i, f := range a.Files {
		if err := s.fetch(ctx, tx, c, ids[i], entries[i+1].Seq, f); err != nil {
			return err
		}
		names = append(names, desk.FileName(f.Name))
	}
	told := news(c, entries[0])
	for i := range told {
		told[i].Content.Files = strings.Join(names, ", ")
	}
	if err := enqueue(ctx, tx, c, told...); err != nil {
		return err
	}
	if c.Status != before {
		if err := refreshCard(ctx, tx, c); err != nil {
			return err
		}
	}
	return tx.SaveCase(ctx, c)
}

// news are the deliveries that tell of entry e: in the case's place, and in
// the channel where it was opened, if that is to hear of it.
func news(c *desk.Case, e desk.Correspondence) []desk.Delivery {
	ds := []desk.Delivery{notice(c, e)}
	if c.HasPlace() && e.Newsworthy() {
		ds = append(ds, asked(c, e))
	}
	return ds
}
