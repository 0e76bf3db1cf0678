package dispatch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/casework/internal/steps"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/routing"
	"caseline/internal/store"
)

// A Service runs the use cases of waiting chats. It holds no state of its own and
// may be used by many goroutines.
type Service struct {
	store store.Store
	rules routing.Rules
	now   func() time.Time
}

// New returns a Service on s.
func New(s store.Store, rules routing.Rules, now func() time.Time) *Service {
	return &Service{store: s, rules: rules, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }}
}

// Board returns who waits, and why.
func (s *Service) Board(ctx context.Context) (Board, error) {
	return Look(ctx, s.store, s.rules, s.now())
}

// Sweep does what is planned for the waiting chats. next is when something is due
// again by itself, or zero. One chat that fails does not keep the others from
// being offered.
func (s *Service) Sweep(ctx context.Context) (next time.Time, err error) {
	some, err := s.store.WaitingHints(ctx, 1)
	if err != nil || len(some) == 0 {
		return time.Time{}, err
	}
	b, err := s.Board(ctx)
	if err != nil {
		return time.Time{}, err
	}
	var failed []error
	for _, d := range b.Plan {
		if d.Lapsed {
			failed = append(failed, s.lapse(ctx, d))
		}
	}
	for _, d := range b.Plan {
		if d.To != (desk.Actor{}) {
			failed = append(failed, s.offer(ctx, b, d))
		}
		if at := d.Why.Until; !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, errors.Join(failed...)
}

// Wake has wake called after each commit that may change the plan, until stop is
// called. wake must return at once.
func (s *Service) Wake(wake func()) (stop func()) {
	return s.store.Watch(func(h store.Hint) {
		if h.All || h.Agents || len(h.Cases) > 0 {
			wake()
		}
	})
}

// lapse takes back an offer, if it still is what was decided about.
func (s *Service) lapse(ctx context.Context, d routing.Decision) error {
	return s.change(ctx, d.Case, func(tx store.Tx, c *desk.Case) (bool, error) {
		if c.Chat.Offer != d.Seen {
			return false, nil
		}
		return s.pass(ctx, tx, c, d.Seen.Agent, report.OfferLapsed)
	})
}

// offer offers a chat to an agent, unless something has happened to either of
// them since.
func (s *Service) offer(ctx context.Context, b Board, d routing.Decision) error {
	return s.change(ctx, d.Case, func(tx store.Tx, c *desk.Case) (bool, error) {
		now, to := s.now(), desk.AgentID(d.To.ID)
		if c.Chat.State != desk.ChatRequested || c.Chat.Offer != (desk.Offer{}) {
			return false, nil
		}
		agent, err := tx.LockAgent(ctx, to)
		if err != nil || !rights.May(agent, rights.Answer) || roster.There(agent, now) != desk.Online {
			return false, err
		}
		load, err := tx.LoadOf(ctx, to)
		if err != nil || load.Offers > 0 || load.Chats >= b.seat(to).Holds() {
			return false, err
		}
		if !c.MakeOffer(desk.ByAgent(agent), d.Until, now) {
			return false, nil
		}
		return true, tx.NoteOffered(ctx, to, now)
	})
}

func (b Board) seat(id desk.AgentID) roster.Seat {
	for _, a := range b.floor.Agents {
		if a.ID == id {
			return a.Seat
		}
	}
	return roster.Seat{}
}

// change changes a locked case and saves it, if it did.
func (s *Service) change(ctx context.Context, id desk.CaseID, do func(tx store.Tx, c *desk.Case) (bool, error)) error {
	err := s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, id)
		if err != nil {
			return err
		}
		if changed, err := do(tx, &c); err != nil || !changed {
			return err
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("offer the chat of case %s: %w", id, err)
	}
	return nil
}

// Pass notes that an agent does not take a chat that is offered to them. Passing
// twice, or one that is offered no longer, changes nothing.
func (s *Service) Pass(ctx context.Context, id desk.CaseID, agent desk.AgentID) error {
	return s.change(ctx, id, func(tx store.Tx, c *desk.Case) (bool, error) { return s.pass(ctx, tx, c, agent, report.OfferPassed) })
}

// pass takes back the offer to an agent, and keeps what became of it.
func (s *Service) pass(ctx context.Context, tx store.Tx, c *desk.Case, agent desk.AgentID, how report.OfferEnd) (changed bool, err error) {
	stood, now := c.Chat, s.now()
	if !c.Pass(agent, now) {
		return false, nil
	}
	return true, steps.OfferEnded(ctx, tx, stood, how, now)
}

// TellTurns has the cards of waiting chats say their turns, and whether anybody is
// there, where that has changed. It updates one case at a time.
func (s *Service) TellTurns(ctx context.Context) error {
	some, err := s.store.WaitingHints(ctx, 1)
	if err != nil || len(some) == 0 {
		return err
	}
	b, err := s.Board(ctx)
	if err != nil {
		return err
	}
	for i, c := range b.Waiting[:min(len(b.Waiting), desk.Queued)] {
		turn := b.turn(i, b.Plan[i].Why, b.At.Sub(c.Chat.Since()))
		if !c.TellTurn(turn, s.now()) {
			continue
		}
		err := s.change(ctx, c.ID, func(tx store.Tx, c *desk.Case) (bool, error) {
			if !c.TellTurn(turn, s.now()) {
				return false, nil
			}
			return true, steps.RefreshCard(ctx, tx, c)
		})
		if err != nil {
			return fmt.Errorf("tell case %s its turn: %w", c.ID, err)
		}
	}
	return nil
}

// Foresee says whether nobody would be there for a chat about c if it were asked for
// now, and when somebody is again if that is known.
func (s *Service) Foresee(ctx context.Context, c desk.Case) (desk.Turn, error) {
	now := s.now()
	f, err := floor(ctx, s.store, now)
	if err != nil {
		return desk.Turn{}, fmt.Errorf("read who answers: %w", err)
	}
	c.Chat = desk.ChatSession{State: desk.ChatRequested, RequestedAt: now}
	t := foreseen(s.rules.Plan(f, []desk.Case{c}, now)[0].Why)
	t.ToldAt = now
	return t, nil
}

// See notes that an agent's console is connected in a browser. Within
// desk.SeenEvery it writes once.
func (s *Service) See(ctx context.Context, d roster.Device) error {
	d.SeenAt = s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.SeeAgent(ctx, d.Agent, d.SeenAt); err != nil || d.ID == "" {
			return err
		}
		return tx.SeeDevice(ctx, &d)
	})
	if err != nil {
		return fmt.Errorf("see agent %s: %w", d.Agent, err)
	}
	return nil
}

// Attend notes that somebody is at a browser of an agent.
func (s *Service) Attend(ctx context.Context, d roster.Device) error {
	if d.ID == "" {
		return nil // it keeps no cookie, so it is not known again
	}
	d.SeenAt, d.LookedAt = s.now(), s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.LookAtDevice(ctx, &d) })
	if err != nil {
		return fmt.Errorf("agent %s is there: %w", d.Agent, err)
	}
	return nil
}

// Left notes that an agent has signed out in a browser. Where no other of theirs is
// connected, they are offline at once.
func (s *Service) Left(ctx context.Context, d roster.Device) error {
	now := s.now()
	err := s.store.Update(ctx, func(tx store.Tx) error {
		a, err := tx.LockAgent(ctx, d.Agent)
		if err != nil {
			return err
		}
		gone := now.Add(-roster.OfflineAfter)
		others, err := tx.DropDevice(ctx, &d, gone)
		if err != nil || others > 0 || !a.SeenAt.After(gone) {
			return err
		}
		a.SeenAt = gone
		return tx.SaveAgent(ctx, &a)
	})
	if err != nil {
		return fmt.Errorf("agent %s leaves: %w", d.Agent, err)
	}
	return nil
}

// devicesKept is how long a browser that is not seen any more is remembered.
const devicesKept = 24 * time.Hour

// ForgetDevices forgets the browsers that were not seen for long.
func (s *Service) ForgetDevices(ctx context.Context) error {
	err := s.store.Update(ctx, func(tx store.Tx) error { return tx.PurgeDevices(ctx, s.now().Add(-devicesKept)) })
	if err != nil {
		return fmt.Errorf("forget devices: %w", err)
	}
	return nil
}
