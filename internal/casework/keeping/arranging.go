package keeping

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/rights"
	"caseline/internal/store"
)

// Opened forgets where an agent is named in notes of a case, which they have open
// now.
func (s *Service) Opened(ctx context.Context, a desk.AgentID, id desk.CaseID) error {
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.DropMentions(ctx, a, id) })
	if err != nil {
		return fmt.Errorf("open mentions in case %s: %w", id, err)
	}
	return nil
}

// maxSnooze is how long a case can be put away.
const maxSnooze = 366 * 24 * time.Hour

// Snooze keeps a case out of an agent's lists until a time, or until the customer
// has written.
func (s *Service) Snooze(ctx context.Context, who desk.Agent, id desk.CaseID, until time.Time) error {
	return s.SnoozeAfter(ctx, who, id, until, math.MaxInt64)
}

// SnoozeAfter is Snooze by an agent who has seen the case up to an entry: what the
// customer wrote after it brings the case back at once.
func (s *Service) SnoozeAfter(ctx context.Context, who desk.Agent, id desk.CaseID, until time.Time, seen int64) error {
	now := s.now()
	switch {
	case !until.After(now):
		return refuse(desk.ErrInvalid, "until", "This time is over. Choose a later one.")
	case until.Sub(now) > maxSnooze:
		return refuse(desk.ErrInvalid, "until", "A case can be put away for a year at most. Choose an earlier time.")
	}
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.PurgeSnoozes(ctx, who.ID, now); err != nil {
			return err
		}
		return tx.SaveSnooze(ctx, &personal.Snooze{Agent: who.ID, Case: id, Until: until.UTC().Truncate(time.Microsecond), Seq: min(seen, c.LastSeq)})
	})
	if err != nil {
		return fmt.Errorf("snooze case %s: %w", id, err)
	}
	return nil
}

// Wake has a case back in an agent's lists.
func (s *Service) Wake(ctx context.Context, who desk.Agent, id desk.CaseID) error {
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.DropSnooze(ctx, who.ID, id) })
	if err != nil {
		return fmt.Errorf("wake case %s: %w", id, err)
	}
	return nil
}

// SaveView keeps a search under a name: for an agent, or for everybody, which is
// for leads. One of the same name is replaced.
func (s *Service) SaveView(ctx context.Context, who desk.Agent, v personal.View) error {
	v.Name = strings.TrimSpace(v.Name)
	switch {
	case v.Name == "":
		return refuse(desk.ErrInvalid, "name", "Give the view a name.")
	case utf8.RuneCountInString(v.Name) > personal.MaxCanned:
		return refuse(desk.ErrInvalid, "name", "The name may be 40 characters long. Shorten it.")
	case v.Query == "":
		return refuse(desk.ErrInvalid, "name", "Search for something or choose a filter first. That is what a view keeps.")
	case v.Agent != who.ID && !rights.May(who, rights.Lead):
		return refuse(desk.ErrForbidden, "all", "Views for everybody are made by leads. Keep it for yourself, or ask one of them.")
	}
	v.ID = personal.ViewID(rand.Text())
	all, err := s.store.Views(ctx, who.ID)
	if err != nil {
		return fmt.Errorf("save view: %w", err)
	}
	for _, other := range all {
		if other.Agent == v.Agent && other.Name == v.Name {
			v.ID = other.ID
		}
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.SaveView(ctx, &v); err != nil || v.Agent != "" {
			return err
		}
		return s.audit(ctx, tx, who, DidSaveView, map[string]string{"name": v.Name})
	})
	if errors.Is(err, desk.ErrConflict) {
		return refuse(desk.ErrConflict, "name", "Somebody has just made a view with this name. Choose another.")
	}
	if err != nil {
		return fmt.Errorf("save view %s: %w", v.ID, err)
	}
	return nil
}

// DropView forgets a view.
func (s *Service) DropView(ctx context.Context, who desk.Agent, id personal.ViewID) error {
	v, err := s.store.View(ctx, id)
	switch {
	case errors.Is(err, desk.ErrNotFound) || err == nil && v.Agent != "" && v.Agent != who.ID:
		return refuse(desk.ErrNotFound, "", "There is no such view any more.")
	case err != nil:
		return err
	case v.Agent == "" && !rights.May(who, rights.Lead):
		return refuse(desk.ErrForbidden, "", "Views for everybody are changed by leads. Ask one of them.")
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.DropView(ctx, id); err != nil || v.Agent != "" {
			return err
		}
		return s.audit(ctx, tx, who, DidDropView, map[string]string{"name": v.Name})
	})
	if err != nil {
		return fmt.Errorf("drop view %s: %w", id, err)
	}
	return nil
}

// How long it is believed that somebody looks or types who does not say so again.
const (
	LookLife   = time.Minute
	TypingLife = 8 * time.Second
)

// A Glance is what a page says of its reader.
type Glance struct {
	Agent  desk.AgentID
	Case   desk.CaseID
	Page   string // of one tab
	Typing bool
	Gone   bool // the page is closed or hidden
}

// Look notes that an agent has a case open, and returns who has, the agent
// among them. Others are told only where there are any, and of changes only: most
// cases have one reader, who says again each half a minute that they are there.
func (s *Service) Look(ctx context.Context, g Glance) ([]personal.Look, error) {
	now := s.now()
	there, err := s.store.Looks(ctx, g.Case, now)
	if err != nil {
		return nil, fmt.Errorf("look at case %s: %w", g.Case, err)
	}
	look := personal.Look{Case: g.Case, Agent: g.Agent, Page: g.Page, ExpiresAt: now.Add(LookLife)}
	if g.Typing {
		look.TypingUntil = now.Add(TypingLife)
	}
	if g.Gone {
		look.ExpiresAt = now
	}
	was, others := false, false
	var is []personal.Look
	for _, l := range there {
		if l.Agent != g.Agent {
			others = true
		}
		if l.Agent == g.Agent && l.Page == g.Page {
			was = l.TypingUntil.After(now) == g.Typing
			continue
		}
		is = append(is, l)
	}
	if !g.Gone {
		is = append(is, look)
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		if g.Gone {
			if err := tx.PurgeLooks(ctx, now.Add(-LookLife)); err != nil {
				return err
			}
		}
		if others && (!was || g.Gone) {
			tx.TellLooks(g.Case)
		}
		return tx.SaveLook(ctx, &look)
	})
	if err != nil {
		return nil, fmt.Errorf("look at case %s: %w", g.Case, err)
	}
	return is, nil
}
