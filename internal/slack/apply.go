package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"caseline/internal/casework"
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/inbox"
	"caseline/internal/slack/ident"
	"caseline/internal/store"
)

// A recorder records what customers write.
type recorder interface {
	Record(ctx context.Context, tx store.Tx, m desk.Message) error
	Edit(ctx context.Context, tx store.Tx, r recording.Revision) error
	Delete(ctx context.Context, tx store.Tx, r recording.Revision) error
	Befall(ctx context.Context, tx store.Tx, t casework.Turn) error
	LoseCard(ctx context.Context, tx store.Tx, g casework.CardGone) error
	React(ctx context.Context, tx store.Tx, r recording.Reaction) error
	Move(ctx context.Context, tx store.Tx, m recording.Member) error
	Arrive(ctx context.Context, tx store.Tx, a casework.Arrival) error
	Renumber(ctx context.Context, tx store.Tx, r casework.Renumbering) error
}

// An Interpreter applies stored events. Its Apply is the inbox's.
type Interpreter struct {
	cases     recorder
	installed *ident.Installed
	known     registry
}

// A registry knows the workspaces that any node was ever installed in.
type registry interface {
	Workspace(ctx context.Context, id desk.WorkspaceID) (served.Workspace, error)
}

// NewInterpreter returns an Interpreter that records by cases. Of a workspace
// that is not installed here, which another node took the event of, known tells.
func NewInterpreter(cases recorder, installed *ident.Installed, known registry) *Interpreter {
	return &Interpreter{cases: cases, installed: installed, known: known}
}

// Apply does what an event asks for, in the update that marks it done. An
// event that asks for nothing is done. It is of the workspace in whose lane it is:
// see [Intake.holds].
func (i *Interpreter) Apply(ctx context.Context, tx store.Tx, e desk.Event) error {
	var unread error
	in, _ := ident.Split(e.Lane.Place())
	r, err := Interpret(e.Body, func(id desk.WorkspaceID) (w served.Workspace, ok bool) {
		id = cmp.Or(in.Workspace, id)
		if w, ok = i.installed.Find(id); ok {
			return w, true
		}
		w, unread = i.known.Workspace(ctx, id)
		return w, unread == nil
	}, i.installed.Channels)
	if unread != nil && !errors.Is(unread, desk.ErrNotFound) {
		return fmt.Errorf("read the workspace of an event: %w", unread)
	}
	if err != nil {
		// Its bytes will never read differently, so it is done too. The
		// ingress lets none such in.
		return &desk.Refusal{Kind: desk.ErrInvalid, Message: "This event is not readable: " + err.Error()}
	}
	r = r.from(e)
	if r.Message != nil {
		if err := i.cases.Record(ctx, tx, *r.Message); err != nil {
			return waits(err, soon)
		}
	}
	for _, edit := range r.Edits {
		if err := i.cases.Edit(ctx, tx, edit); err != nil {
			return err
		}
	}
	switch {
	case r.Deletion != nil:
		return i.cases.Delete(ctx, tx, *r.Deletion)
	case r.Turn != nil:
		if err := i.cases.Befall(ctx, tx, *r.Turn); err != nil || r.Arrival == nil {
			return err
		}
		return i.cases.Arrive(ctx, tx, *r.Arrival)
	case r.CardGone != nil:
		return i.cases.LoseCard(ctx, tx, *r.CardGone)
	case r.Reaction != nil:
		return i.react(ctx, tx, e, *r.Reaction)
	case r.Member != nil:
		return i.cases.Move(ctx, tx, *r.Member)
	case r.Renumber != nil:
		return i.cases.Renumber(ctx, tx, *r.Renumber)
	}
	return nil
}

// soon is when something early is tried again: Slack's answer to a call of ours is
// nearly always under way.
const soon = 250 * time.Millisecond

// waits makes of what came too early something that waits.
func waits(err error, in time.Duration) error {
	if errors.Is(err, recording.ErrEarly) {
		return &inbox.Later{In: in, Why: err.Error()}
	}
	return err
}

// react records a reaction. Where it must wait, it does so in the lane of the
// message that it is on, in which nothing else is, so that people's words go on.
func (i *Interpreter) react(ctx context.Context, tx store.Tx, e desk.Event, r recording.Reaction) error {
	err := i.cases.React(ctx, tx, r)
	in, _ := ident.Split(r.Place)
	in.Thread = r.Ts
	apart := desk.PlaceLane(in.Place())
	if !errors.Is(err, recording.ErrEarly) || e.Lane == apart {
		return waits(err, min(soon<<min(e.Attempts, 8), time.Minute))
	}
	_, err = tx.AddEvent(ctx, &desk.Event{
		Key: e.Key + ":apart", Lane: apart, Body: e.Body, ReceivedAt: e.ReceivedAt, State: desk.EventPending, NotBefore: e.ReceivedAt.Add(soon),
	})
	return err
}
