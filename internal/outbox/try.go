package outbox

import (
	"context"
	"errors"
	"log/slog"
	"math/bits"
	"time"

	"caseline/internal/desk"
	"caseline/internal/lanes"
)

const reasonPanic = "panic"

// try sends what was claimed, or looks for it, and says what that came to.
func (o *Outbox) try(ctx context.Context, t turn) (v desk.Verdict) {
	ctx, cancel := context.WithTimeoutCause(ctx, o.timeout(t.delivery), errTryTimeout)
	defer cancel()
	call, looked := o.sender.Send, t.delivery.State == desk.DeliveryUnknown
	if looked {
		call = o.sender.Look
	}
	err := lanes.Guard(func() error {
		v = call(ctx, t.delivery)
		return nil
	})
	if p, ok := errors.AsType[*lanes.PanicError](err); ok {
		o.opt.Log.Error("delivery made the program panic", slog.Int64("delivery", int64(t.delivery.ID)), slog.String("err", p.What+"\n"+p.Stack))
		v = desk.Verdict{Kind: desk.Unknown, Reason: reasonPanic}
	}
	return o.timed(t.delivery, v, looked)
}

// timed returns v with the time it lacks.
func (o *Outbox) timed(d desk.Delivery, v desk.Verdict, looked bool) desk.Verdict {
	now := o.opt.Now()
	tries := d.Attempts - d.Part // since something last went well, more or less
	switch v.Kind {
	case desk.Sent, desk.Refused:
		return v
	case desk.Retry:
		if v.At.After(now) {
			return v
		}
		v.At = now
		if !looked {
			v.At = now.Add(o.opt.Backoff.After(tries))
		}
		return v
	}
	v.Kind = desk.Unknown // whatever a Sender may have made up
	if looked && v.At.After(now) {
		return v
	}
	soonest := now.Add(o.opt.LookAfter)
	if looked {
		wait := lanes.Backoff{First: o.opt.LookAfter, Max: max(o.opt.LookAfter, o.opt.Backoff.Max)}
		soonest = now.Add(wait.After(tries))
	}
	if v.At.Before(soonest) {
		v.At = soonest
	}
	return v
}

// tell logs what a person may have to know: each refusal, and the first,
// second, fourth, eighth … try that did not settle the delivery.
func (o *Outbox) tell(t turn, v desk.Verdict) {
	d := t.delivery
	at := func() []any {
		return []any{
			slog.Int64("delivery", int64(d.ID)), slog.String("case", string(d.Case)), slog.String("lane", string(d.Lane)),
			slog.Int("attempt", d.Attempts), slog.String("err", v.Reason),
		}
	}
	switch tries := d.Attempts - d.Part; {
	case v.Kind == desk.Sent:
	case v.Kind == desk.Refused:
		o.opt.Log.Warn("delivery refused", at()...)
	case tries > 0 && bits.OnesCount(uint(tries)) > 1:
	case v.Kind == desk.Retry:
		o.opt.Log.Warn("delivery waits", at()...)
	case v.Kind == desk.Unknown:
		o.opt.Log.Warn("delivery may have arrived", at()...)
	}
}

// later returns the time a verdict puts the lane off to.
func later(v desk.Verdict, now time.Time) time.Time {
	if v.Kind == desk.Retry || v.Kind == desk.Unknown {
		return v.At
	}
	return now
}
