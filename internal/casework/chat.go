package casework

import (
	"context"
	"fmt"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/casework/rating"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store"
)

// Request asks for a live chat on an existing case.
type Request struct {
	Target
	By     desk.PersonID
	Kind   desk.PlaceKind // of the place it is to have; empty for the place it has
	From   desk.Place     // the channel where it is asked for; empty for the one where the case was opened
	Origin desk.Origin

	Members []desk.PersonID // wanted in the chat, in place of those before; nil keeps them
}

// Request asks for an agent, in the place the case already has or in a new
// one. changed is false when a chat was live already.
func (s *Service) Request(ctx context.Context, r Request) (c desk.Case, changed bool, err error) {
	chat := s.newChatID()
	q, err := s.Board(ctx)
	if err != nil {
		return desk.Case{}, false, fmt.Errorf("request chat: %w", err)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if c, err = lock(ctx, tx, r.Target); err != nil {
			return err
		}
		if changed = !c.Chat.Live(); !changed {
			return nil
		}
		if err := s.request(ctx, tx, &c, chat, r); err != nil {
			return err
		}
		q.Tell(&c, s.now())
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return desk.Case{}, false, fmt.Errorf("request chat on case %s: %w", c.ID, err)
	}
	return c, changed, nil
}

// request queues what makes the place, or says in the place it has that an
// agent was asked for. The caller saves the case.
func (s *Service) request(ctx context.Context, tx store.Tx, c *desk.Case, id desk.ChatID, r Request) error {
	if c.Chat.Live() {
		return nil
	}
	left, card, fresh := c.Choose(r.Kind)
	entry, _, err := c.Request(id, r.By, r.Origin, s.now())
	if err != nil {
		return err
	}
	if r.From != c.Asked {
		c.Chat.From = r.From
	}
	added := c.Want(r.Members)
	if err := steps.NotePeople(ctx, tx, append(added, r.By)...); err != nil {
		return err
	}
	if err := tx.AppendLog(ctx, &entry); err != nil {
		return err
	}
	if !fresh {
		return again(ctx, tx, c, entry, added)
	}
	if err := steps.Enqueue(ctx, tx, c, makes(c, r, entry)...); err != nil || left == "" {
		return err
	}
	return s.leave(ctx, tx, c, left, card, r)
}

// again says in the place that the case has that an agent was asked for, and
// has the people join it who are wanted there now. In a thread they are
// mentioned when an agent joins.
func again(ctx context.Context, tx store.Tx, c *desk.Case, entry desk.Correspondence, added []desk.PersonID) error {
	told := []desk.Delivery{steps.Notice(c, entry)}
	if c.PlaceKind == desk.PlaceChannel && len(added) > 0 {
		told = append(told, desk.Delivery{Kind: desk.DeliverInvite, Content: desk.Content{Users: added}})
	}
	if err := steps.Enqueue(ctx, tx, c, told...); err != nil {
		return err
	}
	return steps.RefreshCard(ctx, tx, c)
}

// End is somebody's wish to end a chat or cancel its request.
type End struct {
	Target
	Seen   Seen
	By     desk.Actor
	Reason desk.EndReason
	Origin desk.Origin
}

// End ends the chat: the recording window closes, the transcript becomes an
// entry of the case, and place and card say so. changed is false when there
// was nothing to end.
func (s *Service) End(ctx context.Context, e End) (c desk.Case, changed bool, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if c, err = lock(ctx, tx, e.Target); err != nil {
			return err
		}
		if err := e.Seen.Holds(&c); err != nil {
			return err
		}
		if changed, err = s.end(ctx, tx, &c, e.By, e.Reason, e.Origin); err != nil || !changed {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return desk.Case{}, false, fmt.Errorf("end chat of case %s: %w", c.ID, err)
	}
	return c, changed, nil
}

// end is End inside a transaction. The caller saves the case.
func (s *Service) end(ctx context.Context, tx store.Tx, c *desk.Case, by desk.Actor, why desk.EndReason, origin desk.Origin) (bool, error) {
	now := s.now()
	recorded := c.Chat.Live() && !c.Chat.JoinedAt.IsZero()
	stood := c.Chat
	entry, changed := c.End(by, why, origin, now)
	if !changed {
		return false, nil
	}
	if err := steps.OfferEnded(ctx, tx, stood, report.OfferWithdrawn, now); err != nil {
		return false, err
	}
	if err := steps.NoteActor(ctx, tx, by); err != nil {
		return false, err
	}
	if err := tx.AppendLog(ctx, &entry); err != nil {
		return false, err
	}
	wanted := false
	if recorded {
		var err error
		if wanted, err = s.transcribe(ctx, tx, c, origin); err != nil {
			return false, err
		}
	}
	if why == desk.EndedNoPlace {
		return true, nil // there is nowhere to say it
	}
	if why == desk.EndedOffline {
		if err := steps.Enqueue(ctx, tx, c, steps.Asked(c, entry)); err != nil {
			return false, err
		}
	}
	if why.Lost() {
		return true, steps.Enqueue(ctx, tx, c, steps.Asked(c, entry))
	}
	told := []desk.Delivery{steps.Notice(c, entry)}
	if wanted && why != desk.EndedOffline {
		told = append(told, steps.Asked(c, desk.Correspondence{Seq: c.LastSeq})) // the transcript
	}
	asks := s.asksRating && recorded && why != desk.EndedOffline
	if asks {
		var err error
		if asks, err = rating.Asks(ctx, tx, c.Account); err != nil {
			return false, err
		}
	}
	if asks {
		told = append(told, desk.Delivery{Kind: desk.DeliverNotice, Place: steps.WhereChat(c, c.Chat), Content: desk.Content{What: report.AskRating, Chat: c.Chat.ID}})
	}
	if err := steps.Enqueue(ctx, tx, c, told...); err != nil {
		return false, err
	}
	return true, steps.RefreshCard(ctx, tx, c)
}

// transcribe adds the transcript of the chat that has just ended to the log and
// has the channels told that are configured for the account. wanted reports
// whether the one where the case was opened wants to hear of it.
func (s *Service) transcribe(ctx context.Context, tx store.Tx, c *desk.Case, origin desk.Origin) (wanted bool, err error) {
	messages, files, err := tx.CountChat(ctx, c.ID, c.Chat.ID)
	if err != nil {
		return false, err
	}
	transcript := c.Transcript(messages, files, origin+":transcript", s.now())
	if err := tx.AppendLog(ctx, &transcript); err != nil {
		return false, err
	}
	if err := s.tally(ctx, tx, c, &c.Chat, transcript.Seq, s.tallyAfter); err != nil {
		return false, err
	}
	return s.news.Tell(ctx, tx, c, transcript)
}

// Resolve is somebody's wish to resolve a case.
type Resolve struct {
	Target
	Seen   Seen
	By     desk.Actor
	Origin desk.Origin
}

// Resolve ends a live chat, then resolves the case. changed is false when it
// was resolved already.
func (s *Service) Resolve(ctx context.Context, r Resolve) (c desk.Case, changed bool, err error) {
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if c, err = lock(ctx, tx, r.Target); err != nil {
			return err
		}
		if err := r.Seen.Holds(&c); err != nil {
			return err
		}
		if _, err := s.end(ctx, tx, &c, r.By, desk.EndedResolved, r.Origin+":end"); err != nil {
			return err
		}
		var entry desk.Correspondence
		if entry, changed = c.Resolve(r.By, r.Origin, s.now()); !changed {
			return nil
		}
		if err := steps.NoteActor(ctx, tx, r.By); err != nil {
			return err
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, &c, entry, ""); err != nil {
			return err
		}
		if err := steps.RefreshCard(ctx, tx, &c); err != nil {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return desk.Case{}, false, fmt.Errorf("resolve case %s: %w", c.ID, err)
	}
	return c, changed, nil
}
