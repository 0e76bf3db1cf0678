package working

import (
	"context"
	"fmt"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/store"
	"caseline/internal/store/sqlstore/commit"
)

const (
	saveSnooze = `INSERT INTO snoozes (agent, case_id, until, seq) VALUES ($1, $2, $3, $4)
	ON CONFLICT (agent, case_id) DO UPDATE SET until = excluded.until, seq = excluded.seq`
	purgeSnoozes = `DELETE FROM snoozes WHERE agent = $1 AND until <= $2`
	dropSnooze   = `DELETE FROM snoozes WHERE agent = $1 AND case_id = $2`
	// A case has few entries after the one at which it was put away. The customer's words
	// bring it back, and so do a chat that comes into other hands, which may be the
	// agent's, and what a lead whispers to them.
	selectSnoozes = `SELECT s.case_id, s.until, s.seq FROM snoozes s WHERE s.agent = $1 AND s.until > $2
	AND NOT EXISTS (SELECT 1 FROM correspondence e WHERE e.case_id = s.case_id AND e.seq > s.seq
		AND (e.side = 'customer' AND e.kind NOT IN ('reaction', 'deletion') OR e.kind = 'chat' AND e.what IN ('handed', 'left')
			OR e.kind = 'note' AND e.what = 'whisper'))
	ORDER BY s.until, s.case_id`

	saveView = `INSERT INTO views (id, agent, name, query) VALUES ($1, $2, $3, $4)
	ON CONFLICT (id) DO UPDATE SET agent = excluded.agent, name = excluded.name, query = excluded.query`
	dropView    = `DELETE FROM views WHERE id = $1`
	selectViews = `SELECT id, agent, name, query FROM views WHERE agent = '' OR agent = $1 ORDER BY name, id`
	selectView  = `SELECT id, agent, name, query FROM views WHERE id = $1`

	saveLook = `INSERT INTO looks (case_id, agent, page, expires_at, typing_until) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (case_id, agent, page) DO UPDATE SET expires_at = excluded.expires_at, typing_until = excluded.typing_until`
	purgeLooks  = `DELETE FROM looks WHERE expires_at <= $1`
	selectLooks = `SELECT agent, page, expires_at, typing_until FROM looks WHERE case_id = $1 AND expires_at > $2 ORDER BY agent, page`

	selectOfPerson  = `SELECT number, subject, status, created_at FROM cases WHERE requester = $1 AND id <> $2 ORDER BY created_at DESC LIMIT $3`
	selectOfAccount = `SELECT number, subject, status, created_at FROM cases WHERE account = $1 AND id <> $2 ORDER BY created_at DESC LIMIT $3`
)

// SaveSnooze keeps a case out of an agent's lists.
func (t Tx) SaveSnooze(ctx context.Context, s *personal.Snooze) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "save snooze", ID: string(s.Case)}, saveSnooze, string(s.Agent), string(s.Case), s.Until.UnixMicro(), s.Seq)
}

// DropSnooze has it back there.
func (t Tx) DropSnooze(ctx context.Context, a desk.AgentID, id desk.CaseID) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "drop snooze", ID: string(id)}, dropSnooze, string(a), string(id))
}

// PurgeSnoozes forgets those of an agent whose time has come.
func (t Tx) PurgeSnoozes(ctx context.Context, a desk.AgentID, now time.Time) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "purge snoozes", ID: string(a)}, purgeSnoozes, string(a), now.UnixMicro())
}

// Snoozes returns the cases that an agent does not want to see at a time.
func (r Reads) Snoozes(ctx context.Context, a desk.AgentID, now time.Time) (all []personal.Snooze, err error) {
	err = r.Working.Query(ctx, commit.Op{Doing: "snoozes of agent", ID: string(a)}, selectSnoozes, []any{string(a), now.UnixMicro()}, func(from commit.Row) error {
		s := personal.Snooze{Agent: a}
		var until int64
		err := from.Scan((*string)(&s.Case), &until, &s.Seq)
		s.Until = time.UnixMicro(until).UTC()
		all = append(all, s)
		return err
	})
	return all, err
}

// SaveView adds or replaces a view.
func (t Tx) SaveView(ctx context.Context, v *personal.View) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "save view", ID: string(v.ID)}, saveView, string(v.ID), string(v.Agent), v.Name, v.Query)
}

// DropView forgets a view.
func (t Tx) DropView(ctx context.Context, id personal.ViewID) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "drop view", ID: string(id)}, dropView, string(id))
}

// Views returns everybody's and an agent's own.
func (r Reads) Views(ctx context.Context, a desk.AgentID) ([]personal.View, error) {
	return r.views(ctx, commit.Op{Doing: "views of agent", ID: string(a)}, selectViews, string(a))
}

// View returns one.
func (r Reads) View(ctx context.Context, id personal.ViewID) (personal.View, error) {
	all, err := r.views(ctx, commit.Op{Doing: "view", ID: string(id)}, selectView, string(id))
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("view %s: %w", id, desk.ErrNotFound)
	}
	if err != nil {
		return personal.View{}, err
	}
	return all[0], nil
}

func (r Reads) views(ctx context.Context, what commit.Op, text, arg string) (all []personal.View, err error) {
	err = r.Working.Query(ctx, what, text, []any{arg}, func(from commit.Row) error {
		var v personal.View
		err := from.Scan((*string)(&v.ID), (*string)(&v.Agent), &v.Name, &v.Query)
		all = append(all, v)
		return err
	})
	return all, err
}

// SaveLook adds or replaces where an agent looks.
func (t Tx) SaveLook(ctx context.Context, l *personal.Look) error {
	typing := int64(0)
	if !l.TypingUntil.IsZero() {
		typing = l.TypingUntil.UnixMicro()
	}
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "save look", ID: string(l.Case)}, saveLook, string(l.Case), string(l.Agent), l.Page, l.ExpiresAt.UnixMicro(), typing)
}

// PurgeLooks forgets those that have expired at a time.
func (t Tx) PurgeLooks(ctx context.Context, now time.Time) error {
	return t.WorkingTo.Write(ctx, commit.Op{Doing: "purge", ID: "looks"}, purgeLooks, now.UnixMicro())
}

// TellLooks gives a hint that who looks at a case has changed.
func (t Tx) TellLooks(id desk.CaseID) { t.WorkingTo.HintLooks(id) }

// Looks returns who has a case open at a time.
func (r Reads) Looks(ctx context.Context, id desk.CaseID, now time.Time) (all []personal.Look, err error) {
	err = r.Working.Query(ctx, commit.Op{Doing: "looks at case", ID: string(id)}, selectLooks, []any{string(id), now.UnixMicro()}, func(from commit.Row) error {
		l := personal.Look{Case: id}
		var expires, typing int64
		err := from.Scan((*string)(&l.Agent), &l.Page, &expires, &typing)
		l.ExpiresAt = time.UnixMicro(expires).UTC()
		if typing > 0 {
			l.TypingUntil = time.UnixMicro(typing).UTC()
		}
		all = append(all, l)
		return err
	})
	return all, err
}

// EarlierOf returns cases of a person other than one, newest first.
func (r Reads) EarlierOf(ctx context.Context, p desk.PersonID, but desk.CaseID, limit int) ([]store.Earlier, error) {
	return r.earlier(ctx, commit.Op{Doing: "cases of person", ID: string(p)}, selectOfPerson, string(p), string(but), int64(limit))
}

// EarlierIn returns cases of an account other than one, newest first.
func (r Reads) EarlierIn(ctx context.Context, account desk.AccountID, but desk.CaseID, limit int) ([]store.Earlier, error) {
	return r.earlier(ctx, commit.Op{Doing: "cases of account", ID: string(account)}, selectOfAccount, string(account), string(but), int64(limit))
}

func (r Reads) earlier(ctx context.Context, what commit.Op, text string, args ...any) (all []store.Earlier, err error) {
	err = r.Working.Query(ctx, what, text, args, func(from commit.Row) error {
		var e store.Earlier
		var created int64
		err := from.Scan((*string)(&e.Number), &e.Subject, (*string)(&e.Status), &created)
		e.CreatedAt = time.UnixMicro(created).UTC()
		all = append(all, e)
		return err
	})
	return all, err
}
