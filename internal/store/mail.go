package store

import (
	"context"
	"time"

	"caseline/internal/desk"
)

// MailReader reads who gets mail about cases.
type MailReader interface {
	// Subscriptions returns what is known of how addresses stand to the mail
	// about a case, by address. Of one that was never sent any there is nothing.
	Subscriptions(ctx context.Context, id desk.CaseID) ([]desk.Subscription, error)
	// MailLanes is OpenLanes for the lanes of mail, which that leaves out.
	MailLanes(ctx context.Context, limit int) ([]LaneDue, error)
	// MailBacklog counts the mail that was due before a time and has not gone,
	// and says since when the oldest of it waits.
	MailBacklog(ctx context.Context, before time.Time) (waiting int, oldest time.Time, err error)
}

// MailTx writes who gets mail about cases.
type MailTx interface {
	Subscriptions(ctx context.Context, id desk.CaseID) ([]desk.Subscription, error)
	// SaveSubscription adds or replaces what is known of an address; the case
	// must be locked.
	SaveSubscription(ctx context.Context, id desk.CaseID, s *desk.Subscription) error
	// ForgetSubscription takes it back.
	ForgetSubscription(ctx context.Context, id desk.CaseID, address string) error
	// RefusedMail returns the latest entries of a case that were never mailed in
	// a lane because that was refused, in order.
	RefusedMail(ctx context.Context, id desk.CaseID, lane desk.Lane, limit int) (seqs []int64, err error)
	// Key returns the secret of a name, the same for all nodes: fresh, if it has
	// none yet.
	Key(ctx context.Context, name, fresh string) (string, error)
}
