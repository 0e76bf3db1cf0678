package reading

import (
	"context"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/slack/view"
)

// An item is something somebody said, with its newest words and its files, or
// files alone.
type item struct {
	entry   desk.Correspondence // with the words of its last edit
	edited  bool
	deleted bool
	files   []desk.File
	seqs    []int64 // of the entries of the files
}

// perPage is how many items a page has.
const perPage = 5

// How much of a log is looked through for a page: agents' notes and what
// happened to the chat are not on it.
const (
	stretch      = 60
	maxStretches = 20
)

// items returns up to n items of a case from before a Seq, the newest first, and
// the Seq below which there may be more; 0 for none.
func (r Reader) items(ctx context.Context, c desk.Case, before int64, n int) (found []item, next int64, err error) {
	more := true
	for range maxStretches {
		entries, err := r.Read.LogBefore(ctx, c.ID, before, stretch)
		if err != nil {
			return nil, 0, err
		}
		more = len(entries) == stretch
		for i := len(entries) - 1; i >= 0 && len(found) <= n+view.MaxFiles; i-- {
			before = entries[i].Seq
			if found = gather(found, entries[i]); len(found) > n && entries[i].Kind == desk.KindMessage {
				break
			}
		}
		if !more || len(found) > n {
			break
		}
	}
	switch {
	case len(found) > n:
		next = found[n-1].lowest()
		found = found[:n]
	case more:
		next = before
	}
	return found, next, r.complete(ctx, c, found)
}

// gather adds an entry to what was found after it in the log. A file that came
// with words stands with them: its origin begins with theirs.
func gather(found []item, e desk.Correspondence) []item {
	switch e.Kind {
	case desk.KindFile:
		return append(found, item{entry: e, seqs: []int64{e.Seq}})
	case desk.KindMessage:
	default:
		return found
	}
	said := item{entry: e}
	for n := len(found); n > 0; n = len(found) {
		last := found[n-1]
		if last.entry.Kind != desk.KindFile || !strings.HasPrefix(string(last.entry.Origin), string(e.Origin)+":") {
			break
		}
		said.seqs = append(said.seqs, last.seqs...) // they were met from the last to the first
		found = found[:n-1]
	}
	return append(found, said)
}

// lowest is the Seq of the item's first entry.
func (i item) lowest() int64 { return i.entry.Seq }

// item returns what one entry says now, with its files.
func (r Reader) item(ctx context.Context, c desk.Case, seq int64) (item, error) {
	e, err := r.Read.Entry(ctx, c.ID, seq)
	if err != nil {
		return item{}, err
	}
	if e.Kind != desk.KindMessage && e.Kind != desk.KindFile {
		return item{}, desk.ErrNotFound // a note, say
	}
	one := []item{{entry: e}}
	if e.Kind == desk.KindFile {
		one[0].seqs = []int64{seq}
	} else if one[0].seqs, err = r.filesAfter(ctx, c, e); err != nil {
		return item{}, err
	}
	err = r.complete(ctx, c, one)
	return one[0], err
}

// filesAfter are the entries of the files that came with words.
func (r Reader) filesAfter(ctx context.Context, c desk.Case, e desk.Correspondence) (seqs []int64, err error) {
	entries, err := r.Read.LogBefore(ctx, c.ID, min(c.LastSeq, e.Seq+stretch)+1, stretch)
	for _, f := range entries {
		if f.Kind == desk.KindFile && strings.HasPrefix(string(f.Origin), string(e.Origin)+":") {
			seqs = append(seqs, f.Seq)
		}
	}
	return seqs, err
}

// complete gives items their newest words and their files.
func (r Reader) complete(ctx context.Context, c desk.Case, found []item) error {
	var said, files []int64
	for _, i := range found {
		said, files = append(said, i.entry.Seq), append(files, i.seqs...)
	}
	changes, err := r.Read.ChangesOf(ctx, c.ID, said)
	if err != nil {
		return err
	}
	held, err := r.Read.FilesOf(ctx, c.ID, files)
	if err != nil {
		return err
	}
	for n := range found {
		i := &found[n]
		i.change(changes)
		for _, seq := range i.seqs {
			for _, f := range held {
				if f.Seq == seq {
					i.files = append(i.files, f)
				}
			}
		}
	}
	return nil
}

// change takes in the edits and the deletion of the item. Edits may come in any
// order; the one that was written last counts.
func (i *item) change(changes []desk.Correspondence) {
	var last desk.Correspondence
	for _, e := range changes {
		switch {
		case e.Refers != i.entry.Seq:
		case e.Kind == desk.KindDeletion:
			i.deleted = true
		case e.Kind == desk.KindEdit && !e.At.Before(last.At):
			last = e
		}
	}
	if last.Seq > 0 {
		i.edited = true
		i.entry.Text = last.Text
	}
	i.deleted = i.deleted || i.entry.Marked(desk.MarkErased)
}
