package work

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"caseline/internal/casework/dispatch"
	"caseline/internal/desk"
	"caseline/internal/desk/routing"
	"caseline/internal/store"
)

// planned is how many waiting chats are looked at to tell whether the board has
// changed.
const planned = 300

// fresh is how long a board that nothing has changed may be shown: agents come and
// go without changing a case.
const fresh = time.Second

// A shownBoard is the board as it was read last, for all who look in the same moment.
type shownBoard struct {
	mu    sync.Mutex // guards what follows, while it is read: whoever else wants it waits for it
	of    []store.CaseHint
	board dispatch.Board
}

// board returns who waits, in the order in which they are served, and why.
func (l *Lists) board(ctx context.Context) (dispatch.Board, error) {
	hints, err := l.Read.WaitingHints(ctx, planned)
	if err != nil || len(hints) == 0 {
		return dispatch.Board{}, err
	}
	if l.Board == nil {
		b := dispatch.Board{}
		b.Waiting, err = l.Read.Waiting(ctx, Listed)
		return b, err
	}
	k := &l.shown
	k.mu.Lock()
	defer k.mu.Unlock()
	if age := l.Now().Sub(k.board.At); age >= 0 && age < fresh && slices.Equal(hints, k.of) {
		return k.board, nil
	}
	b, err := l.Board(ctx)
	if err == nil {
		k.of, k.board = hints, b
	}
	return b, err
}

// waiting puts what waits into a frame, and what of it is offered to its reader.
func (f *Frame) waiting(ctx context.Context, l *Lists) ([]*desk.Case, error) {
	b, err := l.board(ctx)
	if err != nil {
		return nil, err
	}
	f.why = make(map[desk.CaseID]routing.Reason, len(b.Plan))
	for _, d := range b.Plan {
		f.why[d.Case] = d.Why
	}
	for i := range b.Waiting {
		if c := &b.Waiting[i]; c.Chat.Offered(f.Me.ID, f.Now) {
			f.Offers = append(f.Offers, Offer{Case: c, Level: l.Level(c.Severity), Topic: l.topic(c).String()})
		}
	}
	slices.SortFunc(f.Offers, func(a, b Offer) int { return a.Chat.Offer.Until.Compare(b.Chat.Offer.Until) })
	return List(b.Waiting[:min(len(b.Waiting), Listed)]), nil
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
func (f Frame) Why(r *Row) string {
	why := f.why[r.ID]
	switch why.Kind {
	case routing.Offered:
		if r.Chat.Offer.Agent == f.Me.ID {
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
