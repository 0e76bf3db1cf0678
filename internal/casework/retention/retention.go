package retention

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/store"
)

// What is audited here.
const (
	DidSetPolicy = "account-policy"
	DidHold      = "case-held"
	DidRelease   = "case-released"
	DidExpire    = "content-erased"
)

// A Part keeps something of cases in rows of its own, and can give up what it has
// of one that is erased.
type Part interface {
	EraseCase(ctx context.Context, tx store.Tx, id desk.CaseID) (keeping.Counts, error)
}

// Options are what a Service can be given; the zero value works.
type Options struct {
	Now   func() time.Time // default: the system clock
	Parts []Part           // what else is erased with a case
	Page  int              // how many entries are erased at once; default 100
	Round int              // how many cases a sweep erases at the most; default 100
	Rest  time.Duration    // between two transactions; default 5 ms, so that others are not kept waiting
}

// A Service runs the use cases. It may be used by many goroutines. Make one with
// [New].
type Service struct {
	store store.Store
	opt   Options
}

// New returns a Service on s.
func New(s store.Store, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Page <= 0 {
		o.Page = 100
	}
	if o.Round <= 0 {
		o.Round = 100
	}
	if o.Rest <= 0 {
		o.Rest = 5 * time.Millisecond
	}
	return &Service{store: s, opt: o}
}

func (s *Service) now() time.Time { return s.opt.Now().UTC().Truncate(time.Microsecond) }

// SetPolicy sets what an account wants kept. The one that it has changes nothing.
func (s *Service) SetPolicy(ctx context.Context, by desk.By, p keeping.Policy) error {
	return s.ChangePolicy(ctx, by, p, nil)
}

// ChangePolicy is SetPolicy for who decided with a policy in view: still says
// whether one is that. When it is another by now, nothing changes.
func (s *Service) ChangePolicy(ctx context.Context, by desk.By, p keeping.Policy, still func(keeping.Policy) bool) error {
	p.Hold = strings.TrimSpace(p.Hold)
	if err := p.Validate(); err != nil {
		return err
	}
	now := s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.LockSetup(ctx); err != nil {
			return err
		}
		if _, err := tx.Account(ctx, p.Account); err != nil {
			return err
		}
		was, err := tx.Policy(ctx, p.Account)
		if err != nil {
			return err
		}
		if still != nil && !still(was) {
			return steps.Meanwhile()
		}
		changed := differences(was, p)
		if len(changed) == 0 {
			return nil
		}
		if err := tx.SavePolicy(ctx, &p); err != nil {
			return err
		}
		return tx.Audit(ctx, &desk.AuditEntry{At: now, By: by.Actor, Via: by.Via, What: DidSetPolicy, Account: p.Account, Detail: changed})
	})
	if err != nil {
		return fmt.Errorf("set the policy of account %s: %w", p.Account, err)
	}
	return nil
}

// differences says what changes from one policy to another, for the audit.
func differences(was, is keeping.Policy) map[string]string {
	changed := map[string]string{}
	for _, f := range []struct{ name, old, now string }{
		{"cases", days(was.Cases), days(is.Cases)}, {"files", days(was.Files), days(is.Files)},
		{"largest file", size(was.MaxFile), size(is.MaxFile)},
		{"kinds taken", strings.Join(was.Only, " "), strings.Join(is.Only, " ")},
		{"kinds refused", strings.Join(was.Never, " "), strings.Join(is.Never, " ")},
		{"hold", was.Hold, is.Hold},
	} {
		if f.old != f.now {
			changed[f.name] = orNone(f.old) + " → " + orNone(f.now)
		}
	}
	return changed
}

func days(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d days", n)
}

func size(n int64) string {
	if n == 0 {
		return ""
	}
	return keeping.Megabytes(n)
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// Hold keeps a case from being erased by time, for a reason.
func (s *Service) Hold(ctx context.Context, by desk.By, id desk.CaseID, reason string) error {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "reason", Message: "Write why the case must be kept, so that others know when it may go."}
	case len(reason) > 500:
		return &desk.Refusal{Kind: desk.ErrInvalid, Field: "reason", Message: "The reason is too long. Write it in 500 letters."}
	}
	return s.onCase(ctx, by, id, DidHold, map[string]string{"reason": reason}, func(tx store.Tx) error {
		return tx.SaveHold(ctx, &keeping.Hold{Case: id, Reason: reason, By: by.Actor, At: s.now()})
	})
}

// Release lets a case go with its time again.
func (s *Service) Release(ctx context.Context, by desk.By, id desk.CaseID) error {
	return s.onCase(ctx, by, id, DidRelease, nil, func(tx store.Tx) error { return tx.DropHold(ctx, id) })
}

func (s *Service) onCase(ctx context.Context, by desk.By, id desk.CaseID, what string, detail map[string]string, do func(store.Tx) error) error {
	now := s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		said := map[string]string{"number": string(c.Number)}
		for k, v := range detail {
			said[k] = v
		}
		return tx.Audit(ctx, &desk.AuditEntry{At: now, By: by.Actor, Via: by.Via, What: what, Account: c.Account, Case: id, Detail: said})
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", what, id, err)
	}
	return nil
}

// Forecast says what a policy would erase now, whether it is in force or not.
func (s *Service) Forecast(ctx context.Context, p keeping.Policy) (cases, files keeping.Forecast, err error) {
	for _, k := range []struct {
		kind keeping.Kind
		to   *keeping.Forecast
	}{{keeping.OfCases, &cases}, {keeping.OfFiles, &files}} {
		before, due := p.Before(k.kind, s.now())
		if !due {
			continue
		}
		f, err := s.store.Forecast(ctx, p.Account, k.kind, before)
		if err != nil {
			return cases, files, fmt.Errorf("forecast for account %s: %w", p.Account, err)
		}
		*k.to = f
	}
	return cases, files, nil
}

var errNotDue = errors.New("nothing of the case is due any more")
