package work

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"caseline/internal/casework/dispatch"
	"caseline/internal/console/drawn"
	"caseline/internal/desk"
	"caseline/internal/desk/routing"
	"caseline/internal/store"
)

// planned is how many waiting chats are looked at to tell whether the board has
// changed. When so many wait, the store is asked how many there are.
const planned = 300

// fresh is how long a board that nothing has changed may be shown: agents come and
// go without changing a case.
const fresh = time.Second

// A line is who waits: those on the board, how many there are in all, and since when
// the one does that has waited longest.
type line struct {
	dispatch.Board
	count int
	since time.Time
}

// A shownBoard is the board as it was read last, for all who look in the same moment.
type shownBoard struct {
	mu    sync.Mutex // guards what follows, while it is read: whoever else wants it waits for it
	of    []store.CaseHint
	count int // of all, when more wait than those
	board dispatch.Board
}

// board returns who waits, in the order in which they are served, and why.
func (l *Lists) board(ctx context.Context) (q line, err error) {
	hints, err := l.Read.WaitingHints(ctx, planned)
	if err != nil || len(hints) == 0 {
		return q, err
	}
	if len(hints) == planned {
		if q.count, q.since, err = l.Read.CountWaiting(ctx); err != nil {
			return q, err
		}
	}
	k := &l.shown
	k.mu.Lock()
	defer k.mu.Unlock()
	if age := l.Now().Sub(k.board.At); age < 0 || age >= fresh || q.count != k.count || !slices.Equal(hints, k.of) {
		b, err := l.look(ctx)
		if err != nil {
			return q, err
		}
		k.of, k.count, k.board = hints, q.count, b
	}
	q.Board = k.board
	if len(hints) < planned {
		q.count, q.since = len(q.Waiting), longest(q.Waiting)
	}
	return q, nil
}

// look reads the board.
func (l *Lists) look(ctx context.Context) (b dispatch.Board, err error) {
	if l.Board != nil {
		return l.Board(ctx)
	}
	b.Waiting, err = l.Read.Waiting(ctx, planned)
	return b, err
}

// longest is since when the one waits that has waited longest.
func longest(waiting []desk.Case) (since time.Time) {
	for i := range waiting {
		if at := waiting[i].Chat.Since(); since.IsZero() || at.Before(since) {
			since = at
		}
	}
	return since
}

// waiting puts what waits into a frame, and what of it is offered to its reader. It
// returns the cases of a page of the queue, or of its last if it has fewer.
func (f *Frame) waiting(ctx context.Context, l *Lists, page int) ([]*desk.Case, error) {
	if err := f.look(ctx, l); err != nil {
		return nil, err
	}
	b := f.line
	f.Queued, f.Longest = b.count, b.since
	for i := range b.Waiting {
		if c := &b.Waiting[i]; c.Chat.Offered(f.Me.ID, f.Now) {
			f.Offers = append(f.Offers, Offer{Case: c, Level: l.Level(c.Severity), Topic: l.topic(c).String()})
		}
	}
	slices.SortFunc(f.Offers, func(a, b Offer) int { return a.Chat.Offer.Until.Compare(b.Chat.Offer.Until) })
	f.QueuePage = max(1, min(page, f.pages()))
	return l.queue(ctx, b, (f.QueuePage-1)*Listed)
}

// look reads who waits, and why.
func (f *Frame) look(ctx context.Context, l *Lists) (err error) {
	if f.line, err = l.board(ctx); err != nil {
		return err
	}
	f.why = make(map[desk.CaseID]routing.Reason, len(f.line.Plan))
	for _, d := range f.line.Plan {
		f.why[d.Case] = d.Why
	}
	return nil
}

// Why says whose the waiting chat of a case is, or why it has no agent, to an agent.
func (l *Lists) Why(ctx context.Context, face drawn.Clockface, who desk.Agent, c *desk.Case) (string, error) {
	if c.Chat.State != desk.ChatRequested {
		return "", nil
	}
	f := Frame{Base: drawn.Base{Clockface: face}, Me: who}
	err := f.look(ctx, l)
	return f.WhyOf(c), err
}

// queue returns up to Listed cases of who waits, from a place on. Behind those on the
// board stand the others, in the store's order.
func (l *Lists) queue(ctx context.Context, q line, from int) ([]*desk.Case, error) {
	on := List(q.Waiting)
	if len(on) >= from+Listed || len(on) >= q.count {
		return on[min(from, len(on)):min(from+Listed, len(on))], nil
	}
	hints, err := l.Read.WaitingHints(ctx, q.count)
	if err != nil {
		return nil, err
	}
	have := make(map[desk.CaseID]bool, len(on))
	for _, c := range on {
		have[c.ID] = true
	}
	hints = slices.DeleteFunc(hints, func(h store.CaseHint) bool { return have[h.Case] })
	first, last := max(0, from-len(on)), from+Listed-len(on)
	behind, err := l.kept.lists(ctx, l.Read, hints[min(first, len(hints)):min(last, len(hints))])
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(on[min(from, len(on)):]), behind[0]...), nil
}

// An Offer is a waiting chat that is offered to the reader.
type Offer struct {
	*desk.Case // others may be reading it
	Level      desk.Level
	Topic      string
}

// Token is what joining by this offer is called: pressing twice joins once.
func (o Offer) Token() string {
	return "offer-" + string(o.Chat.ID) + "-" + o.Made()
}

// Made is when the offer was made, in microseconds: who accepts says which they mean.
func (o Offer) Made() string { return strconv.FormatInt(o.Chat.Offer.At.UnixMicro(), 10) }

// Left is how long there is to answer, in seconds.
func (f Frame) Left(o Offer) int {
	return int(max(0, o.Chat.Offer.Until.Sub(f.Now)) / time.Second)
}

// Asked is how long there was to answer, in seconds.
func (o Offer) Asked() int { return int(o.Chat.Offer.Until.Sub(o.Chat.Offer.At) / time.Second) }

// topic is what a waiting case is about, in short: its service and its language.
func (l *Lists) topic(c *desk.Case) desk.Topic {
	named := *c
	if l.Named != nil {
		named = l.Named(*c)
	}
	return desk.Topic{Service: named.Service, Language: named.Language}
}

// Why says whose a waiting chat is, or why it has no agent.
func (f Frame) Why(r *Row) string { return f.says(r.Case, f.reason(r.ID)) }

// WhyOf says so of a case, and until when it is offered; nothing of one that does not
// wait.
func (f Frame) WhyOf(c *desk.Case) string {
	if c.Chat.State != desk.ChatRequested {
		return ""
	}
	why := f.reason(c.ID)
	switch {
	case why.Kind != routing.Offered || why.Until.IsZero():
		return f.says(c, why)
	case c.Chat.Offer.Agent == f.Me.ID:
		return f.Say("Offered to you until %s", f.HMS(why.Until))
	}
	return f.Say("Offered to %s until %s", why.Name, f.HMS(why.Until))
}

// Explain has rows of cases that wait say why.
func (f Frame) Explain(rows []Row) {
	for i := range rows {
		rows[i].Why = f.WhyOf(rows[i].Case)
	}
}

// WhyAt is WhyOf for the script of a page whose case waits.
func (f Frame) WhyAt(id desk.CaseID) string {
	for i := range f.line.Waiting {
		if c := &f.line.Waiting[i]; c.ID == id {
			return f.WhyOf(c)
		}
	}
	return f.says(&desk.Case{}, f.reason(id))
}

// reason is why a waiting chat has no agent. One for which nothing is planned, though
// more wait than are planned for, stands behind those.
func (f Frame) reason(id desk.CaseID) routing.Reason {
	why, planned := f.why[id]
	if !planned && f.line.count > len(f.line.Waiting) {
		why.Kind = routing.Behind
	}
	return why
}

// says puts the reason why a case waits into words.
func (f Frame) says(c *desk.Case, why routing.Reason) string {
	switch why.Kind {
	case routing.Offered:
		if c.Chat.Offer.Agent == f.Me.ID {
			return f.Say("Offered to you")
		}
		return f.Say("Offered to %s", why.Name)
	case routing.ByHand:
		return f.Say("Anybody can take it")
	case routing.Closed:
		if why.Until.IsZero() {
			return f.Say("Outside hours")
		}
		return f.Say("Outside hours until %s", f.soon(why.Until))
	case routing.NoLanguage:
		return f.Say("Nobody answers in its language")
	case routing.NoSkill:
		return f.Say("Nobody has the skills for it")
	case routing.NobodyHere:
		return f.Say("Nobody who can take it is online")
	case routing.Full:
		return f.Say("Everybody who can take it is busy")
	case routing.Asked:
		return f.Say("Agents are being asked about another chat")
	case routing.AllPassed:
		who := why.Name
		if why.More > 0 {
			who = fmt.Sprintf("%s +%d", who, why.More)
		}
		return f.Say("Not taken by %s; asked again at %s", who, f.HM(why.Until))
	case routing.Behind:
		return f.Say("Others go first")
	}
	return ""
}

// soon is a time within a week, with its day if that is not today.
func (f Frame) soon(t time.Time) string {
	if f.DayKey(t) == f.DayKey(f.Now) {
		return f.HM(t)
	}
	if t.Sub(f.Now) < 6*24*time.Hour {
		return f.Date(t.In(f.Zone), "Monday 15:04")
	}
	return f.Date(t.In(f.Zone), "2 January 15:04")
}
