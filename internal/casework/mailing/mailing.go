package mailing

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"caseline/internal/casework/auditlog"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Service runs the use cases of who gets mail about a case.
type Service struct {
	store store.Store
	now   func() time.Time
}

// New returns a Service on s. now is the clock.
func New(s store.Store, now func() time.Time) *Service {
	return &Service{store: auditlog.Witnessed{Store: s}, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// A Change is an agent's wish to add addresses to a case's CC, or to take one
// out.
type Change struct {
	Case   desk.CaseID
	By     desk.Agent
	Typed  string // the addresses, as they were typed
	Origin desk.Origin
}

// Add adds addresses to those that hear of a case. One whose reader had
// unsubscribed gets mail again. What is there already changes nothing.
func (s *Service) Add(ctx context.Context, w Change) error {
	return s.change(ctx, w, desk.ContactAdded)
}

// Remove takes addresses out of those that hear of a case. What is not there
// changes nothing.
func (s *Service) Remove(ctx context.Context, w Change) error {
	return s.change(ctx, w, desk.ContactRemoved)
}

func (s *Service) change(ctx context.Context, w Change, what string) error {
	all, err := desk.ReadCC(w.Typed)
	if err == nil && len(all) == 0 {
		err = &desk.Refusal{Kind: desk.ErrInvalid, Field: "cc", Message: "Write an e-mail address such as jane@example.com."}
	}
	if err != nil {
		return err
	}
	return s.update(ctx, w.Case, func(tx store.Tx, c *desk.Case) error {
		known, err := tx.Subscriptions(ctx, c.ID)
		if err != nil {
			return err
		}
		for _, address := range all {
			there, gone := slices.Contains(c.CC, address), !Of(known, address).Left.IsZero()
			if what == desk.ContactAdded && there && !gone || what == desk.ContactRemoved && !there {
				continue
			}
			// What was known of it is over: it begins anew, or ends.
			if err := tx.ForgetSubscription(ctx, c.ID, address); err != nil {
				return err
			}
			origin := w.Origin + desk.Origin(":"+what+":"+address)
			if err := s.note(ctx, tx, c, what, address, desk.ByAgent(w.By), origin); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unsubscribe notes that the reader of an address wants no more mail about a
// case. changed is false when it gets none.
func (s *Service) Unsubscribe(ctx context.Context, id desk.CaseID, address string) (changed bool, err error) {
	// The press of a link has no name of its own, and may come twice.
	origin := desk.Origin("mail:" + rand.Text())
	err = s.update(ctx, id, func(tx store.Tx, c *desk.Case) error {
		changed = false
		known, err := tx.Subscriptions(ctx, c.ID)
		if err != nil {
			return err
		}
		sub := Of(known, address)
		if !slices.Contains(c.CC, address) || !sub.Left.IsZero() {
			return nil
		}
		sub.Left, changed = s.now(), true
		if err := tx.SaveSubscription(ctx, c.ID, &sub); err != nil {
			return err
		}
		return s.note(ctx, tx, c, desk.ContactLeft, address, desk.BySystem(), origin)
	})
	return changed, err
}

// maxAgain is how many mails that were refused are sent again at once.
const maxAgain = 20

// Retry sends an address again what was refused and never arrived: the latest of
// it, in order. While something is on its way, or nothing was refused, nothing
// changes.
func (s *Service) Retry(ctx context.Context, w Change) error {
	return s.update(ctx, w.Case, func(tx store.Tx, c *desk.Case) error {
		known, err := tx.Subscriptions(ctx, c.ID)
		if err != nil {
			return err
		}
		sub := Of(known, w.Typed)
		if !slices.Contains(c.CC, w.Typed) || !sub.Left.IsZero() || sub.State != desk.DeliveryRefused {
			return nil
		}
		seqs, err := tx.RefusedMail(ctx, c.ID, desk.MailLane(c.ID, w.Typed), maxAgain)
		if err != nil {
			return err
		}
		c.Touch(s.now()) // from when the mail is tried
		for _, seq := range seqs {
			if err := enqueue(ctx, tx, c, w.Typed, seq, s.now()); err != nil {
				return err
			}
		}
		sub.State, sub.Reason, sub.At = desk.DeliveryPending, "", s.now()
		return tx.SaveSubscription(ctx, c.ID, &sub)
	})
}

// note changes the case and says so in its log.
func (s *Service) note(ctx context.Context, tx store.Tx, c *desk.Case, what, address string, by desk.Actor, origin desk.Origin) error {
	seen, err := tx.Seen(ctx, origin)
	if err != nil || seen {
		return err
	}
	entry, err := c.Contact(what, address, by, origin, s.now())
	if err != nil {
		return err
	}
	return tx.AppendLog(ctx, &entry)
}

// update runs do on a case, locked, and saves it.
func (s *Service) update(ctx context.Context, id desk.CaseID, do func(tx store.Tx, c *desk.Case) error) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		if err := do(tx, &c); err != nil {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("change who hears of case %s by mail: %w", id, err)
	}
	return nil
}

// Settled notes what became of a mail, for the case's page. The outbox calls it
// in the transaction that settles d.
func (s *Service) Settled(ctx context.Context, tx store.Tx, d desk.Delivery, v desk.Verdict) error {
	c, err := tx.LockCase(ctx, d.Case)
	if err != nil {
		return err
	}
	known, err := tx.Subscriptions(ctx, c.ID)
	if err != nil {
		return err
	}
	if v.Kind == desk.Sent && v.Receipt == "" || !slices.Contains(c.CC, d.Content.To) {
		return nil // it was not to be sent any more
	}
	sub := Of(known, d.Content.To)
	sub.State, sub.Reason, sub.At = d.Settle(v, s.now()).State, v.Reason, s.now()
	if err := tx.SaveSubscription(ctx, c.ID, &sub); err != nil {
		return err
	}
	c.Touch(s.now())
	return tx.SaveCase(ctx, &c)
}

// keyName is the name of the secret by which links in mail are signed.
const keyName = "mail"

// Key returns the secret by which links in mail are signed. The first call ever
// makes it.
func (s *Service) Key(ctx context.Context) (key string, err error) {
	fresh := rand.Text() + rand.Text()
	err = s.store.Update(ctx, func(tx store.Tx) error {
		key, err = tx.Key(ctx, keyName, fresh)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the key of mail: %w", err)
	}
	return key, nil
}
