package absence

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"caseline/internal/casework/erasure"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// A Sheet is what a page of Slack's history shows of a chat's place.
type Sheet struct {
	Case    desk.CaseID
	Chat    desk.ChatID
	Channel desk.Origin // with which the origins of its messages begin
	Thread  desk.Origin // the first message of the thread that was read; empty for the channel
	Alone   bool        // that thread is the place of the chat

	// Everything that stands in Slack from From to Until, both included, is
	// among Shown. Without a time the sheet tells of nothing but what is Gone.
	From, Until time.Time
	Shown       map[desk.Origin]bool
	Gone        []desk.Origin // of which Slack itself says that they were deleted

	// Told finds the stored events that tell of a message.
	Told func(message desk.Origin, at time.Time) desk.EventTrace
}

// A Service records what is absent. It may be used by many goroutines. Make one
// with [New].
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

// page is how many entries one read of a log takes in.
const page = 1000

// Notice records the deletion of what is on the case and not on the sheet. Doing
// so again changes nothing.
func (s *Service) Notice(ctx context.Context, sheet Sheet) error {
	missing, err := s.missing(ctx, sheet)
	if err != nil {
		return fmt.Errorf("look for what is absent from case %s: %w", sheet.Case, err)
	}
	if len(missing) == 0 {
		return nil
	}
	err = s.store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.LockCase(ctx, sheet.Case)
		if err != nil {
			return err
		}
		policy, err := erasure.Policy(ctx, tx, &c)
		if err != nil {
			return err
		}
		for _, e := range missing {
			if err := s.note(ctx, tx, &c, sheet, e, policy); err != nil {
				return err
			}
		}
		return tx.SaveCase(ctx, &c)
	})
	if err != nil {
		return fmt.Errorf("note what is absent from case %s: %w", sheet.Case, err)
	}
	return nil
}

// missing are the messages and files of the chat that a sheet lacks.
func (s *Service) missing(ctx context.Context, sheet Sheet) (missing []desk.Correspondence, err error) {
	entries := map[int64]desk.Correspondence{}
	for after := int64(0); ; {
		some, err := s.store.Log(ctx, sheet.Case, after, page)
		if err != nil {
			return nil, err
		}
		for _, e := range some {
			entries[e.Seq], after = e, e.Seq
			if sheet.lacks(e, entries[e.Refers]) {
				missing = append(missing, e)
			}
		}
		if len(some) < page {
			return missing, nil
		}
	}
}

// lacks reports whether an entry would be on the sheet if it stood in Slack, and
// is not. root is what it refers to, if anything.
func (s Sheet) lacks(e, root desk.Correspondence) bool {
	if e.Kind != desk.KindMessage && e.Kind != desk.KindFile || e.Chat != s.Chat || e.Author.Side != desk.SideCustomer || e.Marked(desk.MarkOutside) {
		return false
	}
	message, ok := s.message(e.Origin)
	if !ok || message == s.Thread {
		return false
	}
	for _, gone := range s.Gone {
		if gone == message {
			return true
		}
	}
	if s.From.IsZero() || e.At.Before(s.From) || e.At.After(s.Until) || s.Shown[message] {
		return false
	}
	switch {
	case s.Thread == "":
		return !e.Marked(desk.MarkThread) // replies stand in their thread
	case s.Alone:
		return true
	}
	of, ok := s.message(root.Origin)
	return e.Marked(desk.MarkThread) && ok && of == s.Thread
}

// message is the message whose words or file an entry with the origin is:
// Channel, and a timestamp.
func (s Sheet) message(o desk.Origin) (desk.Origin, bool) {
	rest, ok := strings.CutPrefix(string(o), string(s.Channel))
	ts, _, _ := strings.Cut(rest, ":")
	return s.Channel + desk.Origin(ts), ok && ts != "" && strings.Trim(ts, "0123456789.") == ""
}

// note records the deletion of an entry, unless that is known.
func (s *Service) note(ctx context.Context, tx store.Tx, c *desk.Case, sheet Sheet, e desk.Correspondence, policy desk.DeletionPolicy) error {
	origin := e.Origin + ":deleted" // as an event of it would be
	seen, err := tx.Seen(ctx, origin)
	if err != nil || seen {
		return err
	}
	old, err := tx.EntryFrom(ctx, e.Origin)
	if errors.Is(err, desk.ErrNotFound) {
		return nil // unreachable: entries are never deleted
	}
	if err != nil {
		return err
	}
	now := s.now()
	entry := c.Revise(old, desk.KindDeletion, "", "", now, origin, now)
	entry.What = desk.MarkNoticed
	if err := tx.AppendLog(ctx, &entry); err != nil {
		return err
	}
	if policy != desk.EraseDeleted {
		return nil
	}
	var told desk.EventTrace
	if message, ok := sheet.message(e.Origin); ok && sheet.Told != nil {
		told = sheet.Told(message, e.At)
	}
	return erasure.Erase(ctx, tx, old, told)
}
