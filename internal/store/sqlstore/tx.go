package sqlstore

import (
	"context"
	"errors"
	"fmt"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/audit"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/dialect"
	"caseline/internal/store/sqlstore/installs"
	"caseline/internal/store/sqlstore/keeping"
	"caseline/internal/store/sqlstore/parts"
	"caseline/internal/store/sqlstore/setup"
	"caseline/internal/store/sqlstore/stored"
)

// The parts that would have the same names.
type (
	partTx       = parts.Tx
	partReads    = parts.Reads
	installTx    = installs.Tx
	installReads = installs.Reads
)

// A tx is the store.Tx of one run of one update.
type tx struct {
	setup.Tx
	partTx
	installTx
	store   *Store
	session commit.Session
	hints   *touched
	cases   []stored.Case // locked or inserted here, as they are in the database
	failed  error         // an earlier statement's; nothing can succeed after it
}

// An asker is whoever can run a query: an update or a read.
type asker interface {
	query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error
}

func (t *tx) query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error {
	if err := t.stop(ctx); err != nil {
		return err
	}
	return t.note(t.session.Query(ctx, what, text, args, each))
}

// change is query for a statement that writes.
func (t *tx) change(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error {
	if err := t.stop(ctx); err != nil {
		return err
	}
	return t.note(t.session.Change(ctx, what, text, args, each))
}

func (t *tx) write(ctx context.Context, what commit.Op, text string, done func(int64) error, args ...any) error {
	if err := t.stop(ctx); err != nil {
		return err
	}
	return t.note(t.session.Write(ctx, what, text, args, done))
}

func (t *tx) insert(ctx context.Context, what commit.Op, text string, done func(int64), args ...any) error {
	if err := t.stop(ctx); err != nil {
		return err
	}
	return t.note(t.session.Insert(ctx, what, text, args, done))
}

// insertNow is insert for a caller who must know at once whether a row was
// added.
func (t *tx) insertNow(ctx context.Context, what commit.Op, text string, done func(int64), args ...any) error {
	if err := t.insert(ctx, what, text, done, args...); err != nil {
		return err
	}
	return t.note(t.session.Flush(ctx))
}

// stop says why nothing can be done any more, if so.
func (t *tx) stop(ctx context.Context) error {
	if t.failed == nil && ctx.Err() != nil {
		t.failed = context.Cause(ctx)
	}
	return t.failed
}

func (t *tx) note(err error) error {
	if err != nil && t.failed == nil {
		t.failed = err
	}
	return err
}

// outcome is what an update came to whose function returned err. A function
// cannot succeed past a statement that failed: with PostgreSQL the failure
// may show only later, so both databases treat it alike.
func (t *tx) outcome(err error) error {
	if err == nil || errors.Is(t.failed, commit.ErrBusy) {
		return t.failed
	}
	return err
}

// mustTouch returns an error that wraps desk.ErrConflict unless one row was
// touched.
func mustTouch(rows int64) error {
	if rows == 0 {
		return desk.ErrConflict
	}
	return nil
}

// missing says that there is no such thing.
func missing(what commit.Op) error { return fmt.Errorf("%s: %w", what, desk.ErrNotFound) }

// clocked adds the clock to the arguments where SQL cannot tell the time.
func (s *Store) clocked(args ...any) []any {
	if s.dialect.HasClock {
		return args
	}
	return append(args, s.now().UnixMicro())
}

// reads are the reader's half of a Store: each method is a transaction of its
// own beside the writers.
type reads struct {
	setup.Reads
	partReads
	installReads
	store *Store
}

func (r reads) query(ctx context.Context, what commit.Op, text string, args []any, each func(commit.Row) error) error {
	return r.store.db.Read(ctx, func(q commit.Session) error {
		return q.Query(ctx, what, text, args, each)
	})
}

// texts are the statements in which the dialects differ.
type texts struct {
	lockCase, lockCaseAt         lockTexts
	buckets, bucketsSkip         string
	head, claim, postpone        string
	claimRefresh                 string
	openLanes, mailLanes         string
	enqueue, enqueueOnce         string
	nextEvent, addEvent          string
	arriveIdle, arrive           string
	cases, people, running       string
	window                       windowTexts
	audit                        string
	setup                        setup.Texts
	eraseDeliveries, eraseEvents string
}

func newTexts(d dialect.Dialect) texts {
	return texts{
		lockCase:     newLockTexts(d, stored.ByID),
		lockCaseAt:   newLockTexts(d, stored.ByPlace),
		buckets:      bucketsText(d) + d.Lock,
		bucketsSkip:  bucketsText(d) + d.SkipLocked,
		head:         stored.HeadText(d),
		claim:        stored.ClaimText(d),
		claimRefresh: installs.ClaimText(d.Clock(3)),
		postpone:     stored.PostponeText(d),
		openLanes:    stored.OpenLanesText(d, " AND kind <> 'mail'"),
		mailLanes:    stored.OpenLanesText(d, " AND kind = 'mail'"),
		enqueue:      stored.InsertDelivery + d.ReturnID,
		enqueueOnce:  stored.InsertDeliveryOnce + d.ReturnID,
		nextEvent:    nextEventText(d),
		addEvent:     insertEvent + d.ReturnID,
		arriveIdle:   arriveIdleText(d),
		arrive:       arriveText(d),
		cases:        stored.SelectCase + " WHERE x.id " + d.IsIn,
		running:      runningText(d),
		people:       stored.SelectPeople + " WHERE id " + d.IsIn,
		window:       newWindowTexts(d),
		audit:        audit.Insert + d.ReturnID,
		setup:        setup.NewTexts(d.People),

		eraseDeliveries: keeping.EraseDeliveriesText(d),
		eraseEvents:     keeping.EraseEventsText(d),
	}
}
