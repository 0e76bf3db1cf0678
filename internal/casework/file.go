package casework

import (
	"context"
	"errors"
	"fmt"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// Attach is a file that an agent sends to the customer. Its bytes are kept
// already, under Hash.
type Attach struct {
	Case   desk.CaseID
	Agent  desk.Agent
	Name   string
	Hash   string // SHA-256 in hex
	Size   int64  // bytes
	Type   string // MIME type, sniffed
	Origin desk.Origin
}

// Attach adds an agent's file to the case log and queues giving it to Slack.
// When Slack has the bytes, showing it is queued behind the words that were
// sent before. Calling it again with the same Origin changes nothing.
func (s *Service) Attach(ctx context.Context, a Attach) error {
	now := s.now()
	f := desk.File{
		ID: s.newFileID(), Case: a.Case, Name: desk.FileName(a.Name),
		Type: a.Type, Size: a.Size, Hash: a.Hash, State: desk.FileSending,
	}
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, a.Case)
		if err != nil {
			return err
		}
		if seen, err := tx.Seen(ctx, a.Origin); seen || err != nil {
			return err
		}
		if err := mayAttach(ctx, tx, &c, f); err != nil {
			return err
		}
		entry, err := c.Attach(desk.ByAgent(a.Agent), f, a.Origin, now)
		if err != nil {
			return err
		}
		if err := tx.AppendLog(ctx, &entry); err != nil {
			return err
		}
		f.Seq = entry.Seq
		if err := tx.InsertFile(ctx, &f); err != nil {
			return err
		}
		if err := steps.Enqueue(ctx, tx, &c, steps.Carry(f)); err != nil {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("attach to case %s: %w", a.Case, err)
	}
	return nil
}

// mayAttach refuses a file that the account of a case does not take.
func mayAttach(ctx context.Context, tx store.Tx, c *desk.Case, f desk.File) error {
	policy, err := tx.Policy(ctx, c.Account)
	if err != nil {
		return err
	}
	if why := policy.Refuses(f.Name, f.Type, f.Size); why != "" {
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "file", Message: why}
	}
	return nil
}

// RetryFile tries again to fetch or to send a file that failed, because an
// agent asks for it. While it is on its way, or when it has arrived, nothing
// changes.
func (s *Service) RetryFile(ctx context.Context, id desk.FileID, by desk.Agent) error {
	f, err := s.store.File(ctx, id)
	if err != nil {
		return fmt.Errorf("retry file %s: %w", id, err)
	}
	before, err := s.store.Carrying(ctx, f.Case, []int64{f.Seq})
	if err != nil {
		return fmt.Errorf("retry file %s: %w", id, err)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, f.Case)
		if err != nil {
			return err
		}
		failed, err := tx.File(ctx, id)
		if err != nil {
			return err
		}
		again, changed := failed.Retry()
		if !changed {
			return nil
		}
		if err := c.MayRetry(desk.ByAgent(by), failed); err != nil {
			return err
		}
		if err := tx.SaveFile(ctx, &again); err != nil {
			return err
		}
		c.Touch(s.now())
		d := steps.Carry(again)
		d.Content.Again = true
		for _, b := range before {
			if b.Content.File == id && b.Content.In != "" {
				d.Content.In = b.Content.In
			}
		}
		if err := steps.Enqueue(ctx, tx, &c, d); err != nil {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("retry file %s: %w", id, err)
	}
	return nil
}

// uploaded writes down Slack's id of a file whose bytes Slack has, and queues
// showing it.
func uploaded(ctx context.Context, tx store.Tx, c *desk.Case, d desk.Delivery, slackID string) error {
	f, err := tx.File(ctx, d.Content.File)
	if err != nil {
		return err
	}
	f.SlackID = slackID
	if err := tx.SaveFile(ctx, &f); err != nil {
		return err
	}
	return steps.Enqueue(ctx, tx, c, desk.Delivery{Kind: desk.DeliverShare, Seq: d.Seq, Content: d.Content})
}

// shown marks an agent's file as being in Slack.
func shown(ctx context.Context, tx store.Tx, id desk.FileID) error {
	f, err := tx.File(ctx, id)
	if err != nil {
		return err
	}
	f.State, f.Reason = desk.FileReady, ""
	return tx.SaveFile(ctx, &f)
}

// notShown sends a file anew that Slack took and never showed; when that has
// happened before, it is given up.
func notShown(ctx context.Context, tx store.Tx, c *desk.Case, d desk.Delivery) error {
	f, err := tx.File(ctx, d.Content.File)
	if err != nil {
		return err
	}
	if d.Content.First != "" {
		return failFile(ctx, tx, f.ID, "Slack took the file twice and never showed it.")
	}
	again := steps.Carry(f)
	again.Content.First, f.SlackID = f.SlackID, ""
	if err := tx.SaveFile(ctx, &f); err != nil {
		return err
	}
	return steps.Enqueue(ctx, tx, c, again)
}

// fetchFailed writes down why a customer's file did not come, and tells the
// place, unless an agent only tried again.
func fetchFailed(ctx context.Context, tx store.Tx, c *desk.Case, d desk.Delivery, why string) error {
	if err := failFile(ctx, tx, d.Content.File, why); err != nil || d.Content.Again {
		return err
	}
	if f, err := tx.File(ctx, d.Content.File); err != nil || f.State == desk.FileErased {
		return err // nobody waits for it any more
	}
	return steps.NotTaken(ctx, tx, c, d.Seq, why)
}

func failFile(ctx context.Context, tx store.Tx, id desk.FileID, reason string) error {
	f, err := tx.File(ctx, id)
	if err != nil || f.State == desk.FileErased {
		return err
	}
	f.State, f.Reason = desk.FileFailed, reason
	return tx.SaveFile(ctx, &f)
}

// A FetchedFile is a file whose bytes are stored.
type FetchedFile struct {
	File desk.FileID
	Name string // as Slack says now; empty if it does not
	Hash string // SHA-256 in hex
	Size int64  // bytes
	Type string // MIME type, sniffed
}

// FileFetched marks a file as ready. It is called after the bytes are
// durable; calling it again changes nothing.
func (s *Service) FileFetched(ctx context.Context, f FetchedFile) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		known, err := tx.File(ctx, f.File)
		if err != nil {
			return err
		}
		c, err := tx.LockCase(ctx, known.Case)
		if err != nil {
			return err
		}
		switch known.State {
		case desk.FileReady:
			return nil
		case desk.FileErased:
			return tx.Discard(ctx, f.Hash) // its author deleted it meanwhile
		}
		known.State, known.Hash, known.Size, known.Type, known.Reason = desk.FileReady, f.Hash, f.Size, f.Type, ""
		if f.Name != "" {
			known.Name = desk.FileName(f.Name) // the message may have had no name of it
		}
		policy, err := tx.Policy(ctx, c.Account)
		if err != nil {
			return err
		}
		if why := policy.Refuses(known.Name, f.Type, f.Size); why != "" {
			known.State, known.Hash, known.Reason = desk.FileFailed, "", why
			if err := errors.Join(tx.Discard(ctx, f.Hash), steps.NotTaken(ctx, tx, &c, known.Seq, why)); err != nil {
				return err
			}
		}
		if err := tx.SaveFile(ctx, &known); err != nil {
			return err
		}
		c.Touch(s.now())
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("file %s fetched: %w", f.File, err)
	}
	return nil
}
