package casework

import (
	"context"
	"fmt"
	"strings"

	"caseline/internal/casework/auditlog"
	"caseline/internal/casework/dispatch"
	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// Answer is what somebody adds to a case outside its chat.
type Answer struct {
	Case  desk.CaseID
	Where desk.Place // in Slack, where it is written; empty elsewhere
	desk.Answer
	Reopen bool     // open the case again first, if it is resolved
	Chat   *Request // and ask for a live chat; nil for none. Its Target does not count
}

// Answer adds words, and files that are still in Slack, to a case outside its
// chat, and tells of them in the case's place and in the channel where it was
// opened. Calling it again with the same Origin changes nothing.
func (s *Service) Answer(ctx context.Context, a Answer) (c desk.Case, err error) {
	ids := make([]desk.FileID, len(a.Files))
	for i := range ids {
		ids[i] = s.newFileID()
	}
	chat, q := s.newChatID(), dispatch.Board{}
	if a.Chat != nil {
		if q, err = s.Board(ctx); err != nil {
			return desk.Case{}, fmt.Errorf("answer case %s: %w", a.Case, err)
		}
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		auditlog.At(tx, a.Where)
		if c, err = tx.LockCase(ctx, a.Case); err != nil {
			return err
		}
		if seen, err := tx.Seen(ctx, a.Origin); seen || err != nil {
			return err
		}
		if a.Reopen {
			if _, err := s.reopen(ctx, tx, &c, a.By, a.Origin+":reopened"); err != nil {
				return err
			}
		}
		if err := s.answer(ctx, tx, &c, a.Answer, ids); err != nil || a.Chat == nil || c.Chat.Live() {
			return err
		}
		if err := s.request(ctx, tx, &c, chat, *a.Chat); err != nil {
			return err
		}
		q.Tell(&c, s.now())
		return tx.SaveCase(ctx, &c)
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
	if err := steps.NoteActor(ctx, tx, a.By); err != nil {
		return err
	}
	for i := range entries {
		if err := tx.AppendLog(ctx, &entries[i]); err != nil {
			return err
		}
	}
	var names []string
	for i, f := range a.Files {
		if err := steps.Fetch(ctx, tx, c, ids[i], entries[i+1].Seq, f); err != nil {
			return err
		}
		names = append(names, desk.FileName(f.Name))
	}
	if err := s.tell(ctx, tx, c, entries[0], strings.Join(names, ", ")); err != nil {
		return err
	}
	if c.Status != before {
		if err := steps.RefreshCard(ctx, tx, c); err != nil {
			return err
		}
	}
	return tx.SaveCase(ctx, c)
}

// tell queues telling of entry e: in the case's place, in the channel where it
// was opened, and in the channels that are configured for its account, if they
// want to hear of it. files are the names of those that came with it.
func (s *Service) tell(ctx context.Context, tx store.Tx, c *desk.Case, e desk.Correspondence, files string) error {
	wanted, err := s.news.Tell(ctx, tx, c, e)
	if err != nil {
		return err
	}
	var told []desk.Delivery
	if c.HasPlace() || wanted || !e.Newsworthy() {
		told = append(told, steps.Notice(c, e))
	}
	if c.HasPlace() && e.Newsworthy() && wanted {
		told = append(told, steps.Asked(c, e))
	}
	for i := range told {
		told[i].Content.Files = files
	}
	return steps.Enqueue(ctx, tx, c, told...)
}
