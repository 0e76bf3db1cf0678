package keeping

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/rights"
	"caseline/internal/store"
)

// What is audited: only what others see.
const (
	DidSaveReply = "canned-reply-saved"
	DidDropReply = "canned-reply-removed"
	DidSaveView  = "view-saved"
	DidDropView  = "view-removed"
)

// A Service keeps what agents keep. It may be used by many goroutines. Make one
// with New.
type Service struct {
	store store.Store
	now   func() time.Time
}

// New returns a Service on s; now tells the time, by default the system clock.
func New(s store.Store, now func() time.Time) *Service {
	if now == nil {
		now = time.Now
	}
	return &Service{store: s, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

func refuse(kind error, field, message string) error {
	return &desk.Refusal{Kind: kind, Field: field, Message: message}
}

// Prefer keeps how an agent wants something to be.
func (s *Service) Prefer(ctx context.Context, p personal.Preference) error {
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.SavePreference(ctx, &p) })
	if err != nil {
		return fmt.Errorf("preference %s of agent %s: %w", p.Key, p.Agent, err)
	}
	return nil
}

// Jot keeps what an agent has typed for a case, in place of what is there; without
// words nothing is kept. Of two devices the one that wrote last has its words kept.
// Jot returns the revision, which is above j's.
func (s *Service) Jot(ctx context.Context, j personal.Jotting) (revision int64, err error) {
	if len(j.Text) > 4*desk.MaxReply {
		return 0, refuse(desk.ErrInvalid, "text", "This is too long to be kept. Send it in parts.")
	}
	there, err := s.store.Jotting(ctx, j.Agent, j.Case)
	if err != nil {
		return 0, fmt.Errorf("jotting for case %s: %w", j.Case, err)
	}
	j.Revision = max(s.now().UnixMicro(), j.Revision+1, there.Revision+1) // clocks of nodes differ
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if j.Text == "" {
			return tx.DropJotting(ctx, j.Agent, j.Case, j.Revision)
		}
		return tx.SaveJotting(ctx, &j)
	})
	if err != nil {
		return 0, fmt.Errorf("jotting for case %s: %w", j.Case, err)
	}
	return j.Revision, nil
}

// Sent forgets what an agent has typed for a case, up to a revision: it was sent.
func (s *Service) Sent(ctx context.Context, a desk.AgentID, id desk.CaseID, last int64) error {
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.DropJotting(ctx, a, id, last) })
	if err != nil {
		return fmt.Errorf("sent jotting for case %s: %w", id, err)
	}
	return nil
}

// SaveReply adds a canned reply, or replaces the one with its ID. Those that
// others use are for leads.
func (s *Service) SaveReply(ctx context.Context, who desk.Agent, c personal.Canned) error {
	return s.ChangeReply(ctx, who, c, nil)
}

// ChangeReply is SaveReply for who decided with a reply in view: still says whether
// one is that. When it is another by now, nothing changes.
func (s *Service) ChangeReply(ctx context.Context, who desk.Agent, c personal.Canned, still func(personal.Canned) bool) error {
	if err := c.Check(); err != nil {
		return err
	}
	var old personal.Canned
	if c.ID != "" {
		var err error
		if old, err = s.replyOf(ctx, who, c.ID); err != nil {
			return err
		}
	} else {
		c.ID = personal.CannedID(rand.Text())
	}
	if c.Agent != who.ID && !rights.May(who, rights.Lead) {
		return refuse(desk.ErrForbidden, "for", "Replies that others use are written by leads. Keep it for yourself, or ask one of them.")
	}
	c.ChangedAt = s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if still != nil && old.ID != "" {
			if err := unchanged(ctx, tx, c.ID, still); err != nil {
				return err
			}
		}
		if err := tx.SaveCanned(ctx, &c); err != nil {
			return err
		}
		if c.Agent != "" && (old.ID == "" || old.Agent != "") {
			return nil
		}
		return s.audit(ctx, tx, who, DidSaveReply, map[string]string{"name": c.Name, "team": string(c.Team)})
	})
	if why, ok := errors.AsType[*desk.Refusal](err); ok {
		return why
	}
	if errors.Is(err, desk.ErrConflict) {
		return refuse(desk.ErrConflict, "name", "There is a reply with this name already. Choose another name, or change that one.")
	}
	if err != nil {
		return fmt.Errorf("save canned reply %s: %w", c.ID, err)
	}
	return nil
}

// unchanged refuses when a reply is another than somebody had in view. Others who
// ask so wait.
func unchanged(ctx context.Context, tx store.Tx, id personal.CannedID, still func(personal.Canned) bool) error {
	if err := tx.LockSetup(ctx); err != nil {
		return err
	}
	now, err := tx.Canned(ctx, id)
	if err == nil && !still(now) {
		return steps.Meanwhile()
	}
	if errors.Is(err, desk.ErrNotFound) {
		return refuse(desk.ErrNotFound, "", "There is no such reply any more.")
	}
	return err
}

// replyOf is a canned reply that an agent may change.
func (s *Service) replyOf(ctx context.Context, who desk.Agent, id personal.CannedID) (personal.Canned, error) {
	c, err := s.store.Canned(ctx, id)
	switch {
	case errors.Is(err, desk.ErrNotFound) || err == nil && c.Agent != "" && c.Agent != who.ID:
		return c, refuse(desk.ErrNotFound, "", "There is no such reply any more.")
	case err != nil:
		return c, err
	case c.Agent == "" && !rights.May(who, rights.Lead):
		return c, refuse(desk.ErrForbidden, "", "Replies that others use are changed by leads. Ask one of them.")
	}
	return c, nil
}

// DropReply forgets a canned reply.
func (s *Service) DropReply(ctx context.Context, who desk.Agent, id personal.CannedID) error {
	c, err := s.replyOf(ctx, who, id)
	if err != nil {
		return err
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.DropCanned(ctx, id); err != nil || c.Agent != "" {
			return err
		}
		return s.audit(ctx, tx, who, DidDropReply, map[string]string{"name": c.Name, "team": string(c.Team)})
	})
	if err != nil {
		return fmt.Errorf("drop canned reply %s: %w", id, err)
	}
	return nil
}

func (s *Service) audit(ctx context.Context, tx store.Tx, who desk.Agent, did string, detail map[string]string) error {
	if detail["team"] == "" {
		delete(detail, "team")
	}
	return tx.Audit(ctx, &desk.AuditEntry{At: s.now(), By: desk.ByAgent(who), Via: desk.ViaConsole, What: did, Detail: detail})
}
