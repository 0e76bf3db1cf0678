package record

import (
	"cmp"
	"strings"
	"time"

	"caseline/internal/console/tongue"
	"caseline/internal/desk"
	"caseline/internal/desk/report"
)

// An Offered is an offer that has ended, and what its agent is called.
type Offered struct {
	report.OfferFact
	Name string
}

// EndsWaiting reports whether an entry ends the waiting of a chat, or may.
func EndsWaiting(e desk.Correspondence) bool {
	if e.Kind != desk.KindChat {
		return false
	}
	switch desk.ChatEvent(e.What) {
	case desk.EventJoined, desk.EventCancelled, desk.EventEnded:
		return true
	}
	return false
}

// offered says to whom a chat was offered while it waited for what e tells; empty
// for nobody and for what ends no waiting. Each offer is told once, at the first
// such entry from its end on.
func (b *builder) offered(e desk.Correspondence) string {
	if len(b.Offers) == 0 || !EndsWaiting(e) {
		return ""
	}
	var since time.Time
	for _, before := range b.Entries {
		if before.Seq < e.Seq && before.Chat == e.Chat && EndsWaiting(before) {
			since = before.At
		}
	}
	var all []string
	for _, o := range b.Offers {
		if o.Chat == e.Chat && o.EndedAt.After(since) && !o.EndedAt.After(e.At) {
			all = append(all, offeredWords(b.view.Tongue, o))
		}
	}
	return strings.Join(all, " · ")
}

func offeredWords(t tongue.Tongue, o Offered) string {
	name, after := cmp.Or(o.Name, t.Say("an agent")), briefly(t, o.After())
	switch o.End {
	case report.OfferAccepted:
		return t.Say("Offered to %s, accepted after %s", name, after)
	case report.OfferPassed:
		return t.Say("Offered to %s, passed after %s", name, after)
	case report.OfferLapsed:
		return t.Say("Offered to %s, not answered in %s", name, after)
	case report.OfferWithdrawn:
	}
	return t.Say("Offered to %s for %s", name, after)
}

// briefly is a duration of some seconds or minutes.
func briefly(t tongue.Tongue, d time.Duration) string {
	d = d.Round(time.Second)
	if d < 2*time.Minute {
		return t.Say("%d s", int(d/time.Second))
	}
	return t.Say("%d min", int(d.Round(time.Minute)/time.Minute))
}
