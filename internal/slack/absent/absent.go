package absent

import (
	"time"

	"caseline/internal/desk"
	"caseline/internal/slack/wire"
)

const (
	// Settle is how old a message is at least when its absence says something:
	// until then Slack may not show it yet.
	Settle = 10 * time.Second
	// Hidden is how old messages are that a plan may hide (90 days, as is
	// commonly said), less a margin. Slack shows the first message of a thread
	// ahead of each page; younger than this, nothing below it is hidden.
	Hidden = 80 * 24 * time.Hour
	// clockSlack is how far behind Slack's clock ours may have been when the
	// event of a message came in.
	clockSlack = 10 * time.Minute
)

// Told finds the stored events that tell of the messages in a channel.
func Told(channel desk.Place) func(message desk.Origin, at time.Time) desk.EventTrace {
	return func(_ desk.Origin, at time.Time) desk.EventTrace {
		return desk.EventTrace{Lane: desk.PlaceLane(channel), Since: at.Add(-clockSlack), Ts: string(wire.TsOf(at.UnixMicro()))}
	}
}

// A Page is what one call of conversations.history or conversations.replies
// answered.
type Page struct {
	Thread string    // the first message of the thread that was read; empty for a channel
	Edge   string    // where the page before ended, as Next says; empty for the first page
	Oldest string    // what was asked for, included; empty for the beginning
	Latest string    // what was asked for, included; empty for now
	Last   bool      // there are no more pages
	Asked  time.Time // when the call was made
	Ts     []string  // of all messages on it, also of those that are ours; empty for one that could not be read
}

// Next is where the page ended: the Edge of the one after it.
func (p Page) Next() string {
	oldest, newest := p.ends()
	end := oldest
	if p.Thread != "" {
		end = newest
	}
	if end == "" {
		return p.Edge
	}
	return end
}

// Tells returns the time, both ends included, of which the page shows
// everything that there is. ok is false when there is none.
func (p Page) Tells() (from, until time.Time, ok bool) {
	oldest, newest := p.ends()
	if oldest == "" || !p.readable() {
		return from, until, false
	}
	low, high := oldest, newest
	if p.Thread == "" {
		// Newest first: from where the page before ended, or the latest that was
		// asked for, down to the oldest on it.
		high = first(p.Edge, p.Latest, newest)
	} else {
		// Oldest first, up to the newest on it, or all that was asked for.
		low = first(p.Edge, p.beginning(), oldest)
		if p.Last {
			high = first(p.Latest, newest)
		}
	}
	from, ok1 := at(low)
	until, ok2 := at(high)
	switch edge, ok := at(p.Edge); { // which was on the page before
	case ok && p.Thread == "":
		until = edge.Add(-time.Microsecond)
	case ok:
		from = edge.Add(time.Microsecond)
	}
	if settled := p.Asked.Add(-Settle); until.After(settled) {
		until = settled
	}
	if wire.Ts(oldest).Before(wire.Ts(low)) || wire.Ts(high).Before(wire.Ts(newest)) {
		return from, until, false // the page is not what was asked for
	}
	return from, until, ok1 && ok2 && !until.Before(from)
}

// beginning is from where the first page of a thread shows all of it, or empty.
func (p Page) beginning() string {
	root, ok := at(p.Thread)
	if !ok || p.Asked.Sub(root) > Hidden {
		return ""
	}
	for _, ts := range p.Ts {
		if wire.Ts(ts).Compare(wire.Ts(p.Thread)) == 0 {
			return first(p.Oldest, p.Thread)
		}
	}
	return ""
}

// ends are the oldest and the newest message on the page, but for the first of
// its thread, which stands ahead of each page of that.
func (p Page) ends() (oldest, newest string) {
	for _, ts := range p.Ts {
		if ts == "" || p.Thread != "" && wire.Ts(ts).Compare(wire.Ts(p.Thread)) == 0 {
			continue
		}
		if oldest == "" || wire.Ts(ts).Before(wire.Ts(oldest)) {
			oldest = ts
		}
		if newest == "" || wire.Ts(newest).Before(wire.Ts(ts)) {
			newest = ts
		}
	}
	return oldest, newest
}

// readable reports whether it is known of each message when it was written.
func (p Page) readable() bool {
	for _, ts := range p.Ts {
		if _, ok := at(ts); !ok {
			return false
		}
	}
	return true
}

func at(ts string) (time.Time, bool) {
	micros, ok := wire.Ts(ts).Micros()
	return time.UnixMicro(micros).UTC(), ok
}

// first is the first that is not empty.
func first(of ...string) string {
	for _, s := range of {
		if s != "" {
			return s
		}
	}
	return ""
}
