package inbox

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"caseline/internal/desk"
	"caseline/internal/lanes"
	"caseline/internal/store"
)

// maxReason bounds what is kept of an error, in bytes.
const maxReason = 500

// A Later is why an event is not applied yet though nothing has failed. It is
// tried again as long as it is returned: whoever does so puts an end to it.
type Later struct {
	In  time.Duration // tried again not before
	Why string
}

// Error says why the event waits.
func (l *Later) Error() string { return l.Why }

// guarded applies an event; a panic is an error like any other.
func (b *Inbox) guarded(ctx context.Context, tx store.Tx, e desk.Event) error {
	return lanes.Guard(func() error { return b.apply(ctx, tx, e) })
}

// judge returns e after a try that failed.
func (b *Inbox) judge(e desk.Event, failed error) desk.Event {
	e.Attempts++
	e.Reason = failed.Error()
	if len(e.Reason) > maxReason {
		e.Reason = strings.ToValidUTF8(e.Reason[:maxReason], "")
	}
	if _, refused := errors.AsType[*desk.Refusal](failed); refused {
		// A rule said no, and would say so again.
		e.State = desk.EventDone
		return e
	}
	e.State = desk.EventPending
	if later, ok := errors.AsType[*Later](failed); ok {
		e.NotBefore = b.opt.Now().Add(later.In)
		return e
	}
	if e.Attempts >= b.opt.Attempts {
		e.State = desk.EventDead
		return e
	}
	e.NotBefore = b.opt.Now().Add(b.opt.Backoff.After(e.Attempts))
	return e
}

// tell logs and counts a failed try whose judgement is stored.
func (b *Inbox) tell(e desk.Event, failed error) {
	at := []any{slog.Int64("event", int64(e.ID)), slog.String("lane", string(e.Lane)), slog.Int("attempt", e.Attempts), slog.Any("err", failed)}
	if _, ok := errors.AsType[*Later](failed); ok {
		b.opt.Log.Debug("event waits", at...)
		return
	}
	if p, ok := errors.AsType[*lanes.PanicError](failed); ok {
		b.opt.Log.Error("event made the program panic", slog.Int64("event", int64(e.ID)), slog.String("err", p.What+"\n"+p.Stack))
	}
	switch e.State {
	case desk.EventDone:
		b.counted.refused.Add(1)
		b.opt.Log.Info("event refused", at...)
	case desk.EventDead:
		b.counted.failed.Add(1)
		b.counted.dead.Add(1)
		b.opt.Log.Error("event given up", at...)
	case desk.EventPending:
		b.counted.failed.Add(1)
		b.opt.Log.Warn("event not applied yet", at...)
	}
}
