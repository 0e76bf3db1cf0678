package setup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

// A Service runs the use cases on a store. It may be used by many goroutines.
// Make one with [New].
type Service struct {
	store  store.Store
	place  func(desk.WorkspaceID, desk.ChannelID) desk.Place
	now    func() time.Time
	limits served.SetupLimits
}

// Options are what a Service can be given; the zero value works.
type Options struct {
	Now    func() time.Time   // default: the system clock
	Limits served.SetupLimits // those that are 0 are as in served.DefaultSetupLimits
}

// New returns a Service on s. place is how a channel is written as a place.
func New(s store.Store, place func(desk.WorkspaceID, desk.ChannelID) desk.Place, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	now, usual := o.Now, served.DefaultSetupLimits()
	for _, l := range []struct{ have, usual *int }{
		{&o.Limits.WorkspacesPerAccount, &usual.WorkspacesPerAccount},
		{&o.Limits.ChannelsPerAccount, &usual.ChannelsPerAccount},
		{&o.Limits.AccountsPerChannel, &usual.AccountsPerChannel},
	} {
		if *l.have <= 0 {
			*l.have = *l.usual
		}
	}
	return &Service{
		store: s, place: place, limits: o.Limits,
		now: func() time.Time { return now().UTC().Truncate(time.Microsecond) },
	}
}

// A deed is a change as the audit has it. Without a What nothing was changed.
type deed struct {
	what    string
	account desk.AccountID
	detail  map[string]string
}

// change runs a use case: fn does it and says what it did.
func (s *Service) change(ctx context.Context, by desk.By, fn func(tx store.Tx) (deed, error)) error {
	now := s.now()
	return s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.LockSetup(ctx); err != nil {
			return err
		}
		d, err := fn(tx)
		if err != nil || d.what == "" {
			return err
		}
		return tx.Audit(ctx, &desk.AuditEntry{At: now, By: by.Actor, Via: by.Via, What: d.what, Account: d.account, Detail: d.detail})
	})
}

func refuse(kind error, format string, args ...any) *desk.Refusal {
	return &desk.Refusal{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// account returns an account, or refuses for there is none.
func account(ctx context.Context, tx store.Tx, id desk.AccountID) (served.Account, error) {
	a, err := tx.Account(ctx, id)
	if errors.Is(err, desk.ErrNotFound) {
		return a, refuse(desk.ErrNotFound, "There is no account %s. Add it first.", id)
	}
	return a, err
}

// aliasFree refuses an alias that another account has, whatever its capitals.
func aliasFree(ctx context.Context, tx store.Tx, id desk.AccountID, alias string) error {
	if alias == "" {
		return nil
	}
	all, err := tx.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.ID != id && strings.EqualFold(a.Name, alias) {
			return &desk.Refusal{Kind: desk.ErrConflict, Field: "name", Message: fmt.Sprintf("Account %s is called “%s” already. Choose another name, so that people can tell them apart.", a.ID, a.Name)}
		}
	}
	return nil
}

// AddAccount is the wish for a new account.
type AddAccount struct {
	By    desk.By
	ID    string // as typed
	Alias string // as typed; may be empty
}

// AddAccount adds an account.
func (s *Service) AddAccount(ctx context.Context, w AddAccount) (served.Account, error) {
	a, err := served.NewAccount(w.ID, w.Alias)
	if err != nil {
		return served.Account{}, err
	}
	err = s.change(ctx, w.By, func(tx store.Tx) (deed, error) {
		switch _, err := tx.Account(ctx, a.ID); {
		case err == nil:
			return deed{}, refuse(desk.ErrConflict, "There is an account %s already. Choose other digits, or rename that one.", a.ID)
		case !errors.Is(err, desk.ErrNotFound):
			return deed{}, err
		}
		if err := aliasFree(ctx, tx, a.ID, a.Name); err != nil {
			return deed{}, err
		}
		return deed{desk.DidAddAccount, a.ID, map[string]string{"name": a.Name}}, tx.SaveAccount(ctx, &a)
	})
	if err != nil {
		return served.Account{}, fmt.Errorf("add account %s: %w", a.ID, err)
	}
	return a, nil
}

// RenameAccount is the wish for another alias of an account.
type RenameAccount struct {
	By      desk.By
	Account desk.AccountID
	Alias   string // as typed; empty takes the alias away
}

// RenameAccount gives an account another alias. The one it has changes nothing.
func (s *Service) RenameAccount(ctx context.Context, w RenameAccount) (a served.Account, err error) {
	alias, err := served.Alias(w.Alias)
	if err != nil {
		return served.Account{}, err
	}
	err = s.change(ctx, w.By, func(tx store.Tx) (deed, error) {
		if a, err = account(ctx, tx, w.Account); err != nil || a.Name == alias {
			return deed{}, err
		}
		if err := aliasFree(ctx, tx, a.ID, alias); err != nil {
			return deed{}, err
		}
		did := deed{desk.DidRenameAccount, a.ID, map[string]string{"name": became(a.Name, alias)}}
		a.Name = alias
		return did, tx.SaveAccount(ctx, &a)
	})
	if err != nil {
		return served.Account{}, fmt.Errorf("rename account %s: %w", w.Account, err)
	}
	return a, nil
}

// became is how the audit tells of a changed text.
func became(old, now string) string {
	const none = "none"
	if old == "" {
		old = none
	}
	if now == "" {
		now = none
	}
	return old + " → " + now
}
