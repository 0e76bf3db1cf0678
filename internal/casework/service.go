package casework

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"caseline/internal/casework/auditlog"
	"caseline/internal/casework/dispatch"
	"caseline/internal/casework/mailing"
	"caseline/internal/casework/news"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/desk/routing"
	"caseline/internal/store"
)

// A queue has the use cases of waiting chats.
type queue = dispatch.Service

// A Service runs the use cases on a store: those of packages recording and
// dispatch, and those here. It holds no state of its own and may be used by many goroutines.
type Service struct {
	*recording.Service
	*queue
	store        store.Store
	now          func() time.Time
	random       func() uint64
	tallyAfter   time.Duration
	patience     desk.Patience
	reopenWithin time.Duration
	news         news.Teller
	asksRating   bool
	prompt       Prompt
}

// A Prompt runs an update as the store does, and has what it leaves at the head
// of the lane tried at once.
type Prompt func(ctx context.Context, lane desk.Lane, update func(store.Tx) error) error

// Options are what a Service can be given; the zero value works.
type Options struct {
	Now    func() time.Time // default: the system clock
	Random func() uint64    // default: crypto/rand; for identifiers
	// TallyAfter is how long after a chat's end Slack's history is compared
	// with its record; default 30 s, for events that are late.
	TallyAfter time.Duration

	Patience     desk.Patience // how long running chats wait; the zero Patience waits for ever
	ReopenWithin time.Duration // how long a resolved case can be reopened; 0 is without limit

	// Channel spells a channel as a place. Without it no configured channel is
	// told of cases, and the one where a case was opened of everything.
	Channel func(desk.WorkspaceID, desk.ChannelID) desk.Place

	Mail bool // the addresses of cases get mail

	Prompt Prompt // for words that somebody waits for; default: the store's Update, and they wait for the outbox to hear of them

	AskRating bool          // people are asked how a chat was, when it has ended
	Routing   routing.Rules // how waiting chats are offered; the zero Rules offer none
}

// New returns a Service on s.
func New(s store.Store, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = random
	}
	if o.TallyAfter <= 0 {
		o.TallyAfter = 30 * time.Second
	}
	if o.Prompt == nil {
		o.Prompt = func(ctx context.Context, _ desk.Lane, update func(store.Tx) error) error {
			return s.Update(ctx, update)
		}
	}
	now := o.Now
	made := &Service{
		store:        auditlog.Witnessed{Store: s},
		now:          func() time.Time { return now().UTC().Truncate(time.Microsecond) },
		random:       o.Random,
		tallyAfter:   o.TallyAfter,
		patience:     o.Patience,
		reopenWithin: o.ReopenWithin,
		asksRating:   o.AskRating,
		prompt: func(ctx context.Context, lane desk.Lane, update func(store.Tx) error) error {
			return o.Prompt(ctx, lane, func(tx store.Tx) error { return update(auditlog.Witness(tx, "")) })
		},
		news: news.Teller{Place: o.Channel, Mail: mailing.Teller{On: o.Mail, After: o.TallyAfter}},
	}
	made.Service = recording.New(made.store, made.now, made.newFileID)
	made.queue = dispatch.New(made.store, o.Routing, made.now)
	return made
}

func random() uint64 {
	var b [8]byte
	rand.Read(b[:]) // never fails: the runtime stops the program first
	return binary.LittleEndian.Uint64(b[:])
}

func (s *Service) newChatID() desk.ChatID {
	return desk.ChatID(fmt.Sprintf("chat-%016x", s.random()))
}

func (s *Service) newFileID() desk.FileID {
	return desk.FileID(fmt.Sprintf("file-%016x", s.random()))
}

// A Target says which case is meant: by its ID, or by the place where its
// chat lives.
type Target struct {
	Case  desk.CaseID
	Place desk.Place
	Where desk.Place // in Slack, where somebody asks for something; empty elsewhere
}

// Seen is the chat as somebody who decided about it had read it. The zero Seen
// holds for any.
type Seen struct {
	Chat  desk.ChatID
	State desk.ChatState
	Agent desk.AgentID
}

// SeenIn is the chat of c as it stands.
func SeenIn(c *desk.Case) Seen { return Seen{c.Chat.ID, c.Chat.State, c.Chat.Agent} }

// Holds refuses a decision about a live chat that has changed since: what was
// allowed to the one who saw it waiting, or in their own hands, may not be once
// a colleague has joined or has it.
func (s Seen) Holds(c *desk.Case) error {
	if s == (Seen{}) || !c.Chat.Live() || s == SeenIn(c) {
		return nil
	}
	return &desk.Refusal{Kind: desk.ErrConflict, Message: "The chat has changed since you looked. Look again, then decide."}
}

func lock(ctx context.Context, tx store.Tx, t Target) (desk.Case, error) {
	auditlog.At(tx, t.Where)
	if t.Case != "" {
		return tx.LockCase(ctx, t.Case)
	}
	c, err := tx.LockCaseAt(ctx, t.Place)
	if errors.Is(err, desk.ErrNotFound) {
		return c, &desk.Refusal{Kind: desk.ErrNotFound, Message: "This is not a support chat. Go to the chat's channel, or name the case by its number."}
	}
	return c, err
}
