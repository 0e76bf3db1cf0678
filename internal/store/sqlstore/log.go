package sqlstore

import (
	"context"
	"strconv"

	"caseline/internal/desk"
	"caseline/internal/store/sqlstore/commit"
	"caseline/internal/store/sqlstore/stored"
)

const (
	entryShown = stored.SelectEntry + `
	WHERE case_id = $1 AND (kind = 'file' AND origin LIKE $2 || ':%' OR seq IN
	(SELECT d.seq FROM deliveries d WHERE d.case_id = $1 AND d.seq > 0 AND d.kind IN ('reply', 'share')
	AND ' ' || d.receipt || ' ' LIKE '% ' || $3 || ' %')) ORDER BY seq LIMIT 1`

	seenOrigin = `SELECT 1 FROM correspondence WHERE origin = $1`

	countChat = `SELECT kind, count(*) FROM correspondence
	WHERE case_id = $1 AND chat = $2 AND kind IN ('message', 'file') GROUP BY kind`
)

// Seen reports whether an entry has the origin.
func (t *tx) Seen(ctx context.Context, origin desk.Origin) (bool, error) {
	return t.exists(ctx, commit.Op{Doing: "origin", ID: string(origin)}, seenOrigin, string(origin))
}

func (t *tx) exists(ctx context.Context, what commit.Op, text string, args ...any) (bool, error) {
	found := false
	err := t.query(ctx, what, text, args, func(commit.Row) error {
		found = true
		return nil
	})
	return found, err
}

// EntryFrom returns the entry with the origin.
func (t *tx) EntryFrom(ctx context.Context, origin desk.Origin) (desk.Correspondence, error) {
	return oneEntry(ctx, t, commit.Op{Doing: "entry from", ID: string(origin)}, stored.SelectEntry+" WHERE origin = $1", string(origin))
}

// EntryShown returns the entry that Slack shows at ts.
func (t *tx) EntryShown(ctx context.Context, id desk.CaseID, origin desk.Origin, ts string) (desk.Correspondence, error) {
	return oneEntry(ctx, t, commit.Op{Doing: "entry shown as", ID: string(origin)}, entryShown, string(id), string(origin), ts)
}

func oneEntry(ctx context.Context, q asker, what commit.Op, text string, args ...any) (e desk.Correspondence, err error) {
	err = one(ctx, q, what, text, args, func(from commit.Row) (err error) {
		e, err = stored.ScanEntry(from)
		return err
	})
	return e, err
}

// AppendLog adds an entry.
func (t *tx) AppendLog(ctx context.Context, e *desk.Correspondence) error {
	if err := t.write(ctx, appending(e), stored.InsertEntry, nil, stored.EntryArgs(e)...); err != nil {
		return err
	}
	return t.appended(ctx, e)
}

// appended has others know of an entry.
func (t *tx) appended(ctx context.Context, e *desk.Correspondence) error {
	if err := t.noteAuthor(ctx, e); err != nil {
		return err
	}
	return t.indexEntry(ctx, e)
}

// AppendOnce adds an entry unless its origin is there.
func (t *tx) AppendOnce(ctx context.Context, e *desk.Correspondence) (added bool, err error) {
	err = t.write(ctx, appending(e), stored.InsertEntryOnce, func(rows int64) error {
		added = rows > 0
		return nil
	}, stored.EntryArgs(e)...)
	if err == nil {
		err = t.note(t.session.Flush(ctx))
	}
	if err == nil && added {
		err = t.appended(ctx, e)
	}
	return added, err
}

func appending(e *desk.Correspondence) commit.Op {
	return commit.Op{Doing: "append to the log of", ID: string(e.Case)}
}

// CountChat counts the messages and files recorded in a chat.
func (t *tx) CountChat(ctx context.Context, id desk.CaseID, chat desk.ChatID) (messages, files int, err error) {
	err = t.query(ctx, commit.Op{Doing: "count chat", ID: string(chat)}, countChat, []any{string(id), string(chat)}, func(from commit.Row) error {
		var kind string
		var n int64
		err := from.Scan(&kind, &n)
		if desk.EntryKind(kind) == desk.KindFile {
			files = int(n)
		} else {
			messages = int(n)
		}
		return err
	})
	return messages, files, err
}

// Log returns entries of a case in order of Seq.
func (r reads) Log(ctx context.Context, id desk.CaseID, after int64, limit int) ([]desk.Correspondence, error) {
	var entries []desk.Correspondence
	err := r.query(ctx, commit.Op{Doing: "log of", ID: string(id)}, stored.SelectEntry+" WHERE case_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
		[]any{string(id), after, int64(limit)}, func(from commit.Row) error {
			e, err := stored.ScanEntry(from)
			entries = append(entries, e)
			return err
		})
	return entries, err
}

// Entry returns one entry of a case.
func (r reads) Entry(ctx context.Context, id desk.CaseID, seq int64) (desk.Correspondence, error) {
	return entry(ctx, r, id, seq)
}

// Entry returns one entry of a case.
func (t *tx) Entry(ctx context.Context, id desk.CaseID, seq int64) (desk.Correspondence, error) {
	return entry(ctx, t, id, seq)
}

func entry(ctx context.Context, q asker, id desk.CaseID, seq int64) (desk.Correspondence, error) {
	what := commit.Op{Doing: "entry " + strconv.FormatInt(seq, 10) + " of", ID: string(id)}
	return oneEntry(ctx, q, what, stored.SelectEntry+" WHERE case_id = $1 AND seq = $2", string(id), seq)
}

// Changes returns the edits and deletions of an entry.
func (r reads) Changes(ctx context.Context, id desk.CaseID, seq int64) ([]desk.Correspondence, error) {
	return changes(ctx, r, r.store.texts.window.changesOfOne, id, seq)
}

// Changes returns the edits and deletions of an entry.
func (t *tx) Changes(ctx context.Context, id desk.CaseID, seq int64) ([]desk.Correspondence, error) {
	return changes(ctx, t, t.store.texts.window.changesOfOne, id, seq)
}

func changes(ctx context.Context, q asker, text string, id desk.CaseID, seq int64) ([]desk.Correspondence, error) {
	var entries []desk.Correspondence
	what := commit.Op{Doing: "changes of entry " + strconv.FormatInt(seq, 10) + " of", ID: string(id)}
	err := q.query(ctx, what, text, []any{string(id), seq}, func(from commit.Row) error {
		e, err := stored.ScanEntry(from)
		entries = append(entries, e)
		return err
	})
	return entries, err
}

// InsertFile adds a file of a case.
func (t *tx) InsertFile(ctx context.Context, f *desk.File) error {
	return t.write(ctx, commit.Op{Doing: "insert file", ID: string(f.ID)}, stored.InsertFile, nil,
		string(f.ID), string(f.Case), f.Seq, f.SlackID, f.Name, f.Type, f.Size, f.Hash, string(f.State), f.Reason)
}

// SaveFile writes what can change of a file.
func (t *tx) SaveFile(ctx context.Context, f *desk.File) error {
	return t.write(ctx, commit.Op{Doing: "save file", ID: string(f.ID)}, stored.UpdateFile, mustTouch,
		string(f.ID), f.Seq, f.SlackID, f.Name, f.Type, f.Size, f.Hash, string(f.State), f.Reason)
}

// File returns a file for changing.
func (t *tx) File(ctx context.Context, id desk.FileID) (desk.File, error) { return file(ctx, t, id) }

// File returns a file.
func (r reads) File(ctx context.Context, id desk.FileID) (desk.File, error) { return file(ctx, r, id) }

func file(ctx context.Context, q asker, id desk.FileID) (f desk.File, err error) {
	err = one(ctx, q, commit.Op{Doing: "file", ID: string(id)}, stored.SelectFile+" WHERE id = $1", []any{string(id)}, func(from commit.Row) (err error) {
		f, err = stored.ScanFile(from)
		return err
	})
	return f, err
}

// Files returns the files of a case in the order of its log.
func (r reads) Files(ctx context.Context, id desk.CaseID) ([]desk.File, error) {
	var files []desk.File
	err := r.query(ctx, commit.Op{Doing: "files of", ID: string(id)}, stored.SelectFile+" WHERE case_id = $1 ORDER BY seq, id", []any{string(id)}, func(from commit.Row) error {
		f, err := stored.ScanFile(from)
		files = append(files, f)
		return err
	})
	return files, err
}
