package forgetting

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"caseline/internal/casework/auditlog"
	"caseline/internal/desk"
	"caseline/internal/desk/keeping"
	"caseline/internal/desk/rights"
	"caseline/internal/desk/signin"
	"caseline/internal/store"
)

// What is audited here.
const (
	DidOrder = "person-erased"
	DidAgent = "agent-erased"
)

// saltKey names the server's secret for hashes of erased people.
const saltKey = "erasure"

// A Holder keeps something of people, and gives it up a piece at a time.
type Holder interface {
	// Name is the holder's in records; it stays the same over releases.
	Name() string
	// Erase erases a piece from a cursor on, empty at first. done says that
	// nothing is left; until then next is where to go on.
	Erase(ctx context.Context, tx store.Tx, who keeping.Names, cursor string) (next string, done bool, c keeping.Counts, err error)
}

// Options are what a Service can be given.
type Options struct {
	Now func() time.Time // default: the system clock
	// Split takes a person's key apart, and Person puts it together; package slack
	// knows how.
	Split  func(desk.PersonID) (w desk.WorkspaceID, user string, ok bool)
	Person func(w desk.WorkspaceID, user string) desk.PersonID
	// Holders have something of people besides what is erased anyway. They go
	// first, while people are still called as they were.
	Holders []Holder
	// Page is how many entries are erased at once; default 100.
	Page int
}

// A Service runs the use cases. It may be used by many goroutines. Make one with
// [New].
type Service struct {
	store   store.Store
	opt     Options
	holders []Holder
}

// New returns a Service on s.
func New(s store.Store, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Page <= 0 {
		o.Page = 100
	}
	holders := append(append([]Holder{}, o.Holders...), inCases{o.Page}, elsewhere{}, inExports{})
	return &Service{store: s, opt: o, holders: holders}
}

func (s *Service) now() time.Time { return s.opt.Now().UTC().Truncate(time.Microsecond) }

func refuse(kind error, field, message string) error {
	return &desk.Refusal{Kind: kind, Field: field, Message: message}
}

// Order has a person in Slack erased. typed must be their name, or their id if they
// have none. Ordering again what goes on changes nothing.
func (s *Service) Order(ctx context.Context, by desk.By, who desk.PersonID, typed string) (e keeping.Erasure, err error) {
	w, user, ok := s.opt.Split(who)
	if !ok {
		return e, refuse(desk.ErrNotFound, "", "There is no such person. Look for them by name or by Slack's id.")
	}
	known, err := s.store.People(ctx, []desk.PersonID{who})
	if err != nil {
		return e, fmt.Errorf("order an erasure: %w", err)
	}
	name := known[who].Name
	if err := confirmed(typed, name, user); err != nil {
		return e, err
	}
	if err := s.free(ctx, who); err != nil {
		return e, err
	}
	token := rand.Text()
	e = keeping.Erasure{Cause: keeping.ByWish, Subject: string(who), Called: name, Name: string(s.opt.Person(w, "UERASED"+token[:14]))}
	return s.begin(ctx, by, e, DidOrder, nil)
}

// confirmed refuses when what was typed to confirm does not name whom it is about.
func confirmed(typed string, names ...string) error {
	typed = strings.TrimSpace(typed)
	for _, n := range names {
		if n != "" && strings.EqualFold(typed, n) {
			return nil
		}
	}
	return refuse(desk.ErrInvalid, "typed", "This is not their name. Type it as it is written above, so that nobody else is erased by mistake.")
}

// free refuses while somebody has a live chat.
func (s *Service) free(ctx context.Context, who desk.PersonID) error {
	ids, err := s.store.CasesOf(ctx, who, 20) // those with a live chat come first
	if err != nil {
		return fmt.Errorf("look for live chats: %w", err)
	}
	cases, err := s.store.Cases(ctx, ids)
	if err != nil {
		return fmt.Errorf("look for live chats: %w", err)
	}
	for _, c := range cases {
		if c.Chat.State == desk.ChatRequested || c.Chat.State == desk.ChatInProgress {
			return refuse(desk.ErrConflict, "typed", fmt.Sprintf("They take part in case %s, whose chat is not over. End the chat first.", c.Number))
		}
	}
	return nil
}

// OrderAgent has an agent's account made nameless. Their words stay where they are.
func (s *Service) OrderAgent(ctx context.Context, by desk.By, id desk.AgentID, typed string) (e keeping.Erasure, err error) {
	a, err := s.store.Agent(ctx, id)
	if err != nil {
		return e, fmt.Errorf("order to erase an agent: %w", err)
	}
	if err := confirmed(typed, a.Name, a.Email); err != nil {
		return e, err
	}
	if by.Actor.ID == string(id) {
		return e, refuse(desk.ErrForbidden, "typed", "This is your own account. Ask another operator.")
	}
	chats, err := s.store.ChatsOf(ctx, id, 1)
	if err != nil {
		return e, fmt.Errorf("order to erase an agent: %w", err)
	}
	if len(chats) > 0 {
		return e, refuse(desk.ErrConflict, "typed", fmt.Sprintf("They are in the chat of case %s. Hand it over or end it first.", chats[0].Number))
	}
	earlier, err := s.earlier(ctx, a)
	if err != nil {
		return e, err
	}
	all, err := s.store.Agents(ctx)
	if err != nil {
		return e, fmt.Errorf("order to erase an agent: %w", err)
	}
	invitations, err := s.store.Invitations(ctx)
	if err != nil {
		return e, fmt.Errorf("order to erase an agent: %w", err)
	}
	e = keeping.Erasure{Cause: keeping.OfAgents, Subject: string(id), Called: strings.Join(append([]string{a.Name, a.Email}, earlier...), "\n"), Name: keeping.FormerAgent}
	return s.begin(ctx, by, e, DidAgent, func(tx store.Tx) error {
		a, others, err := store.LockOperators(ctx, tx, all, id)
		if err != nil {
			return err
		}
		if rights.Operates(a) {
			if others == 0 {
				return refuse(desk.ErrConflict, "typed", fmt.Sprintf("%s is the last operator. Make somebody else one first.", a.Name))
			}
			for _, i := range signin.MadeBy(invitations, all, a) {
				if err := tx.DropInvitation(ctx, i.ID); err != nil {
					return err
				}
			}
		}
		a.Name, a.Email, a.PasswordHash, a.Disabled, a.Presence = keeping.FormerAgent, "former-"+strings.ToLower(string(id))+"@invalid", "", true, desk.Away
		return errors.Join(tx.SaveAgent(ctx, &a), tx.DropPortrait(ctx, id))
	})
}

// renamings is how many renamings of agents are looked through for earlier names.
const renamings = 10_000

// earlier are the names that an agent had before: they stand where chats were
// handed to them.
func (s *Service) earlier(ctx context.Context, a desk.Agent) (names []string, err error) {
	err = auditlog.Each(ctx, s.store, desk.AuditFilter{What: signin.DidRename}, renamings, func(e desk.AuditEntry) error {
		if was := e.Detail["from"]; e.Detail["agent"] == a.Email && was != "" && !slices.Contains(names, was) {
			names = append(names, was)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("order to erase an agent: %w", err)
	}
	return names, nil
}

// begin stores an order, unless one about the same person goes on.
func (s *Service) begin(ctx context.Context, by desk.By, e keeping.Erasure, what string, first func(store.Tx) error) (keeping.Erasure, error) {
	e.ID, e.By, e.Begun, e.Counts = strings.ToLower(rand.Text()[:16]), by.Actor, s.now(), keeping.Counts{}
	fresh := rand.Text()
	err := s.store.Update(ctx, func(tx store.Tx) error {
		if first != nil {
			if err := first(tx); err != nil {
				return err
			}
		}
		salt, err := tx.Key(ctx, saltKey, fresh)
		if err != nil {
			return err
		}
		e.Hash = keeping.HashOf(salt, e.Subject)
		before, err := tx.ErasuresOf(ctx, e.Hash)
		if err != nil {
			return err
		}
		for _, b := range before {
			if b.Ended.IsZero() {
				e = b
				return nil
			}
		}
		if err := tx.SaveErasure(ctx, &e); err != nil {
			return err
		}
		return tx.Audit(ctx, &desk.AuditEntry{At: e.Begun, By: by.Actor, Via: by.Via, What: what, Detail: map[string]string{"record": e.ID}})
	})
	if err != nil {
		return e, fmt.Errorf("order an erasure: %w", err)
	}
	return e, nil
}

// Erased returns the records about somebody by their key: a person's, or an
// agent's.
func (s *Service) Erased(ctx context.Context, key string) ([]keeping.Erasure, error) {
	fresh, salt := rand.Text(), ""
	err := s.store.Update(ctx, func(tx store.Tx) (err error) {
		salt, err = tx.Key(ctx, saltKey, fresh)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for an erasure: %w", err)
	}
	return s.store.ErasuresOf(ctx, keeping.HashOf(salt, key))
}

// Sweep carries out up to steps pieces of what was ordered. more says that
// something is left.
func (s *Service) Sweep(ctx context.Context, steps int) (more bool, err error) {
	open, err := s.store.OpenErasures(ctx, 10)
	if err != nil {
		return false, fmt.Errorf("read what is to be erased: %w", err)
	}
	var failed []error
	for _, e := range open {
		for err == nil && e.Ended.IsZero() {
			if steps--; steps < 0 {
				return true, errors.Join(failed...)
			}
			e, err = s.Step(ctx, e)
		}
		if errors.Is(err, desk.ErrConflict) || errors.Is(err, errPending) { // another node goes on with it, or it waits
			err = nil
		}
		failed, err = append(failed, err), nil
	}
	return false, errors.Join(failed...)
}

// Step carries out one piece of an order, and returns how far it is then.
func (s *Service) Step(ctx context.Context, e keeping.Erasure) (keeping.Erasure, error) {
	who, err := s.names(e)
	if err != nil {
		return e, err
	}
	now := s.now()
	after := e
	err = s.store.Update(ctx, func(tx store.Tx) error {
		after = e
		after.Step++
		h := s.holder(e.Holder)
		if e.Holder == "" {
			if pending, err := tx.EventsPending(ctx, who); pending || err != nil {
				return errors.Join(err, errPending)
			}
		}
		next, done, counts, err := h.Erase(ctx, tx, who, e.Cursor)
		if err != nil {
			return err
		}
		after.Holder, after.Cursor, after.Counts = h.Name(), next, e.Counts.Plus(counts)
		pending, err := s.anew(ctx, tx, who, h, e.Cursor, done)
		if err != nil {
			return err
		}
		if pending {
			after.Holder, after.Cursor = "", ""
		} else if done {
			after.Cursor = ""
			if after.Holder = s.following(h); after.Holder == "" {
				after.Ended, after.Subject, after.Called = now, "", ""
			}
		}
		return tx.SaveErasure(ctx, &after)
	})
	if err != nil {
		return e, fmt.Errorf("erasure %s: %w", e.ID, err)
	}
	return after, nil
}

// errPending is why an erasure waits: something that Slack told of whom it is about is
// still to be applied, and would be kept after it.
var errPending = errors.New("an event about them is still to be applied")

// anew reports whether an erasure begins once more, because such an event came in
// meanwhile: as what is outside of cases is begun with, among it the events, and when it
// is done.
func (s *Service) anew(ctx context.Context, tx store.Tx, who keeping.Names, h Holder, cursor string, done bool) (bool, error) {
	if h.Name() != (elsewhere{}).Name() || cursor != "" && !done {
		return false, nil
	}
	return tx.EventsPending(ctx, who)
}

// holder returns a holder by its name; the first for one that is not known: erasing
// again does no harm.
func (s *Service) holder(name string) Holder {
	for _, h := range s.holders {
		if h.Name() == name {
			return h
		}
	}
	return s.holders[0]
}

// following names the holder after one, or nothing after the last.
func (s *Service) following(h Holder) string {
	for i, other := range s.holders[:len(s.holders)-1] {
		if other.Name() == h.Name() {
			return s.holders[i+1].Name()
		}
	}
	return ""
}

// names are how whom an order is about is called, before and after.
func (s *Service) names(e keeping.Erasure) (keeping.Names, error) {
	if e.Cause == keeping.OfAgents {
		called := append(strings.Split(e.Called, "\n"), "")
		return keeping.Names{Agent: desk.AgentID(e.Subject), Name: called[0], Email: called[1], Earlier: called[2:]}, nil
	}
	_, user, ok := s.opt.Split(desk.PersonID(e.Subject))
	_, asUser, ok2 := s.opt.Split(desk.PersonID(e.Name))
	if !ok || !ok2 {
		return keeping.Names{}, fmt.Errorf("erasure %s: it names nobody", e.ID)
	}
	return keeping.Names{ID: desk.PersonID(e.Subject), User: user, Name: e.Called, As: desk.PersonID(e.Name), AsUser: asUser}, nil
}
