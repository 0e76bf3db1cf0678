package window

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"caseline/internal/console/record"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
	"caseline/internal/store"
)

// A Reader reads windows of logs.
type Reader struct {
	Store interface {
		store.CaseReader
		store.LogReader
		store.DeliveryReader
		store.PeopleReader
		store.SetupReader
		Agents(ctx context.Context) ([]desk.Agent, error)
		RatingsOf(ctx context.Context, id desk.CaseID) ([]report.Rating, error)
		OffersOf(ctx context.Context, id desk.CaseID) ([]report.OfferFact, error)
	}
	// Person is the key of a workspace's user, for the names of those whom a
	// text mentions.
	Person func(w desk.WorkspaceID, user string) desk.PersonID
	// Learn looks up the channels and user groups that texts mention. It may
	// take a moment.
	Learn func(ctx context.Context, w desk.WorkspaceID, texts []string)
}

// A Log is as much of a case's log as is to be drawn, with what its
// entries need of the rest.
type Log struct {
	record.Source
	Draw  map[int64]bool // the entries to be drawn; the others are here for them
	Floor int64          // the Seq up to which the log is further up; 0: it begins here
	Last  int64          // the Seq up to which the log was looked at
	More  bool           // the log goes on after Last

	Ratings []report.Rating // what people said of the case's chats
}

func newLog(c desk.Case) Log {
	return Log{Source: record.Source{Case: c, Partial: map[desk.ChatID]bool{}}, Draw: map[int64]bool{}}
}

// add takes in entries that are not there yet.
func (l *Log) add(entries ...desk.Correspondence) {
	for _, e := range entries {
		i, there := slices.BinarySearchFunc(l.Entries, e.Seq, func(have desk.Correspondence, seq int64) int { return cmp.Compare(have.Seq, seq) })
		if !there {
			l.Entries = slices.Insert(l.Entries, i, e)
		}
	}
}

func (l *Log) seqs() []int64 {
	seqs := make([]int64, len(l.Entries))
	for i, e := range l.Entries {
		seqs[i] = e.Seq
	}
	return seqs
}

// lacking are those of seqs whose entries are not there.
func (l *Log) lacking(seqs map[int64]bool) []int64 {
	seqs = maps.Clone(seqs)
	delete(seqs, 0)
	for _, e := range l.Entries {
		delete(seqs, e.Seq)
	}
	return slices.Sorted(maps.Keys(seqs))
}

// Begun is how many items of a log a page begins with: more than most screens show, and
// no more than that, because each of them is waited for. A page on a screen that shows
// more asks for what stands before once it is there.
const Begun = 32

// Further is how many items a page adds at a time as its reader goes back.
const Further = 50

// Chunk is how many entries one read takes in.
const Chunk = 1000

// Before reads the newest items below a Seq, at most so many. Items are taken in the
// order in which they were recorded, because that is how the log is kept.
func (r Reader) Before(ctx context.Context, c desk.Case, before int64, most int) (Log, error) {
	log := newLog(c)
	log.Last = before - 1
	entries, err := r.Store.LogBefore(ctx, c.ID, before, most+1)
	if err != nil {
		return log, err
	}
	if len(entries) > most {
		entries = entries[1:]
		log.Floor = entries[0].Seq - 1
	}
	for _, e := range entries {
		log.Draw[e.Seq] = true
	}
	log.Entries = entries
	if err := r.surround(ctx, &log); err != nil {
		return log, err
	}
	return log, r.complete(ctx, &log)
}

// News reads what is to be drawn anew by a page that shows the log up to
// the Seq after: what is new, what that changes, the transcripts of chats it
// belongs to and the lines that count what they hold, and the entries in open.
// Entries are numbered without a gap in the order of their commits, so nothing
// is missed that is older than the last.
func (r Reader) News(ctx context.Context, c desk.Case, after int64, open []int64) (Log, error) {
	log := newLog(c)
	log.Last = after
	fresh, err := r.Store.Log(ctx, c.ID, after, Chunk)
	if err != nil {
		return log, err
	}
	if n := len(fresh); n > 0 {
		log.Last, log.More = fresh[n-1].Seq, n == Chunk
	}
	log.Entries = fresh
	touched := map[desk.ChatID]bool{}
	for _, e := range fresh {
		touched[e.Chat] = true
		if changes(e) {
			log.Draw[e.Refers] = true
		} else {
			log.Draw[e.Seq] = true
		}
	}
	if err := r.surround(ctx, &log); err != nil {
		return log, err
	}
	if err := r.drawChats(ctx, &log, touched); err != nil {
		return log, err
	}
	for _, seq := range open {
		log.Draw[seq] = true
	}
	older, err := r.Store.Entries(ctx, c.ID, log.lacking(log.Draw))
	if err != nil {
		return log, err
	}
	log.add(older...)
	for _, e := range older {
		if changes(e) {
			delete(log.Draw, e.Seq) // no page shows it as an item of its own
		}
	}
	return log, r.complete(ctx, &log)
}

// changes reports whether e shows only in what it refers to.
func changes(e desk.Correspondence) bool {
	return e.Kind == desk.KindEdit || e.Kind == desk.KindDeletion || e.Kind == desk.KindReaction
}

// drawChats draws anew what tells of the chats that have ended and were touched
// since.
func (r Reader) drawChats(ctx context.Context, log *Log, touched map[desk.ChatID]bool) error {
	ended := func(chat desk.ChatSession) bool { return touched[chat.ID] && chat.State == desk.ChatEnded }
	if !slices.ContainsFunc(log.Chats, ended) {
		return nil
	}
	tell, err := r.Store.ChatLog(ctx, log.Case.ID)
	for _, e := range tell {
		counts := e.Kind == desk.KindTranscript || e.Kind == desk.KindChat && e.What == string(desk.EventEnded)
		if counts && touched[e.Chat] {
			log.Draw[e.Seq] = true
			log.add(e)
		}
	}
	return err
}

// complete reads what the entries to be drawn need.
func (r Reader) complete(ctx context.Context, log *Log) (err error) {
	id := log.Case.ID
	if err := r.readTranscripts(ctx, log); err != nil {
		return err
	}
	if err := r.readOffers(ctx, log); err != nil {
		return err
	}
	answered := map[int64]bool{}
	for _, e := range log.Entries {
		if log.Draw[e.Seq] {
			answered[e.Refers] = true
		}
	}
	roots, err := r.Store.Entries(ctx, id, log.lacking(answered))
	if err != nil {
		return err
	}
	log.add(roots...)
	changing, err := r.Store.ChangesOf(ctx, id, log.seqs())
	if err != nil {
		return err
	}
	log.add(changing...)
	var files, carried []int64
	for _, e := range log.Entries {
		if log.Draw[e.Seq] && e.File != "" {
			files = append(files, e.Seq)
		}
		if (log.Draw[e.Seq] || changes(e) && log.Draw[e.Refers]) && travels(e) {
			carried = append(carried, e.Seq)
		}
	}
	if log.Files, err = r.Store.FilesOf(ctx, id, files); err != nil {
		return err
	}
	if log.Deliveries, err = r.Store.Carrying(ctx, id, carried); err != nil {
		return err
	}
	if log.names() {
		if log.Agents, err = r.Store.Agents(ctx); err != nil {
			return err
		}
	}
	return r.learn(ctx, log)
}

// names reports whether a note that is drawn may name somebody.
func (l *Log) names() bool {
	return slices.ContainsFunc(l.Entries, func(e desk.Correspondence) bool {
		return l.Draw[e.Seq] && e.Kind == desk.KindNote && strings.Contains(e.Text, "@")
	})
}

// travels reports whether an item shows how far e has come: not what a customer
// wrote in the chat, which comes from where it would go.
func travels(e desk.Correspondence) bool {
	return e.Kind != desk.KindMessage || e.Author.Side != desk.SideCustomer || e.Marked(desk.MarkOutside)
}

// surround reads what a log is shown by, whatever is in it. Like deliveries and
// files, chats are read after the log: they can only be ahead of it.
func (r Reader) surround(ctx context.Context, log *Log) error {
	account, err := r.Store.Account(ctx, log.Case.Account)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return err
	}
	log.Deletions = account.Deletions
	if log.Chats, err = r.Store.Chats(ctx, log.Case.ID); err != nil || !ended(log.Chats) {
		return err
	}
	log.Ratings, err = r.Store.RatingsOf(ctx, log.Case.ID)
	return err
}

// maxSpread is how many entries are read for one transcript at most.
const maxSpread = 2000

// readTranscripts reads the chats whose transcripts are to be drawn, as far as
// a transcript repeats them.
func (r Reader) readTranscripts(ctx context.Context, log *Log) error {
	var closing []desk.Correspondence
	for _, e := range log.Entries {
		if e.Kind == desk.KindTranscript && log.Draw[e.Seq] {
			closing = append(closing, e)
		}
	}
	shared := slices.ContainsFunc(log.Entries, func(e desk.Correspondence) bool { return e.Marked(desk.MarkWaiting) })
	if len(closing) == 0 && !shared {
		return nil
	}
	tell, err := r.Store.ChatLog(ctx, log.Case.ID)
	if err != nil {
		return err
	}
	log.add(tell...) // a message that was shared later names who joined after it
	for _, e := range closing {
		i := slices.IndexFunc(tell, func(first desk.Correspondence) bool { return first.Chat == e.Chat })
		if err := r.readChat(ctx, log, tell[i].Seq, e); err != nil { // e itself is in tell
			return err
		}
	}
	return nil
}

// readChat reads the chat that an entry closes, from its first entry on, or
// notes that it is not whole. Most of it stands before its end, but what came
// late stands after it.
func (r Reader) readChat(ctx context.Context, log *Log, first int64, end desk.Correspondence) error {
	i := slices.IndexFunc(log.Chats, func(chat desk.ChatSession) bool { return chat.ID == end.Chat })
	if i < 0 {
		return nil // unreachable: a chat that ended is one of the case's
	}
	lacking := log.Chats[i].Messages + log.Chats[i].Files
	if lacking > record.MaxTranscript {
		log.Partial[end.Chat] = true
		return nil
	}
	for after, read := first-1, 0; lacking > 0 || after < end.Seq; {
		part, err := r.Store.Log(ctx, log.Case.ID, after, int(min(Chunk, max(Further, end.Seq-after))))
		if err != nil {
			return err
		}
		for _, e := range part {
			if e.Chat != end.Chat {
				continue
			}
			switch e.Kind {
			case desk.KindMessage, desk.KindFile:
				lacking--
				log.add(e)
			case desk.KindNote:
				log.add(e)
			default:
			}
		}
		if read += len(part); len(part) == 0 || read >= maxSpread {
			break
		}
		after = part[len(part)-1].Seq
	}
	log.Partial[end.Chat] = lacking > 0
	return nil
}

// Whole reads all of a log, for what is kept and not shown.
func (r Reader) Whole(ctx context.Context, c desk.Case) (Log, error) {
	log := newLog(c)
	if err := r.surround(ctx, &log); err != nil {
		return log, err
	}
	for {
		entries, err := r.Store.Log(ctx, c.ID, log.Last, Chunk)
		if err != nil {
			return log, err
		}
		log.Entries = append(log.Entries, entries...)
		if len(entries) < Chunk {
			break
		}
		log.Last = entries[len(entries)-1].Seq
	}
	var err error
	if log.Files, err = r.Store.Files(ctx, c.ID); err != nil {
		return log, err
	}
	return log, r.learn(ctx, &log)
}
