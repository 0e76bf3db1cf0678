package work

import (
	"context"
	"slices"
	"strconv"
	"time"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
)

// maxNamed is how many notes that name the reader are told of.
const maxNamed = 30

// own reads what the reader of a page keeps.
func (l *Lists) own(ctx context.Context, f *Frame) error {
	chosen, err := l.Read.Preferences(ctx, f.Me.ID)
	if err != nil {
		return err
	}
	f.Chosen = make(map[string]string, len(chosen))
	for _, p := range chosen {
		f.Chosen[p.Key] = p.Value
	}
	away, err := l.Read.Snoozes(ctx, f.Me.ID, f.Now)
	if err != nil {
		return err
	}
	f.Away = make(map[desk.CaseID]time.Time, len(away))
	for _, s := range away {
		f.Away[s.Case] = s.Until
	}
	marks, err := l.Read.ReadMarks(ctx, f.Me.ID)
	if err != nil {
		return err
	}
	f.read = make(map[desk.CaseID]int64, len(marks))
	for _, m := range marks {
		f.read[m.Case] = m.Seq
	}
	f.Named, err = l.Read.Mentions(ctx, f.Me.ID, maxNamed)
	return err
}

// UndoSeconds is for how long the reader can call back a message: what they chose,
// or else what the server is set to.
func (f Frame) UndoSeconds() int {
	if n, err := strconv.Atoi(f.Chosen["undo"]); err == nil {
		return n
	}
	return 5
}

// UndoChoices are the times that can be chosen.
func (f Frame) UndoChoices() []int { return []int{0, 3, 5, 10} }

// Snoozed are the cases that the reader has put away, the first to come back
// first.
func (l *Lists) Snoozed(ctx context.Context, f Frame) ([]Row, error) {
	ids := make([]desk.CaseID, 0, len(f.Away))
	for id := range f.Away {
		ids = append(ids, id)
	}
	cases, err := l.Read.Cases(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows, err := l.Rows(ctx, f.Me, List(cases))
	if err != nil {
		return nil, err
	}
	for i := range rows[0] {
		rows[0][i].Until = f.Away[rows[0][i].ID]
	}
	slices.SortFunc(rows[0], func(a, b Row) int { return a.Until.Compare(b.Until) })
	return rows[0], nil
}

// A NamedRow is a note that names the reader.
type NamedRow struct {
	Row
	Seq  int64
	From string // who wrote it
	Says string
	At   time.Time
}

// Mentions are the notes that name the reader, newest first.
func (l *Lists) Mentions(ctx context.Context, f Frame) ([]NamedRow, error) {
	ids := make([]desk.CaseID, len(f.Named))
	for i, m := range f.Named {
		ids[i] = m.Case
	}
	cases, err := l.Read.Cases(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows, err := l.Rows(ctx, f.Me, List(cases))
	if err != nil {
		return nil, err
	}
	var all []NamedRow
	for _, m := range f.Named {
		i := slices.IndexFunc(rows[0], func(r Row) bool { return r.ID == m.Case })
		if i < 0 {
			continue // the case is gone
		}
		e, err := l.Read.Entry(ctx, m.Case, m.Seq)
		if err != nil {
			return nil, err
		}
		all = append(all, NamedRow{Row: rows[0][i], Seq: m.Seq, From: e.Author.Name, Says: mrkdwn.Excerpt(e.Text, previewLength), At: e.At})
	}
	slices.SortStableFunc(all, func(a, b NamedRow) int { return b.At.Compare(a.At) })
	return all, nil
}
