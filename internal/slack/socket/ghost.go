package socket

import (
	"log/slog"
	"slices"
	"strconv"
	"time"
)

const (
	// ghostAfter is how long a count of Slack's that does not fit may last: Slack
	// learns of some ends later than we do.
	ghostAfter = time.Minute
	// ghostRest is how long it is then left alone, when replacing every connection
	// has not helped.
	ghostRest = 15 * time.Minute
	// crossing is how much later than Slack's count may come what Slack knew when
	// it counted: that it wants another connection to go too, or has closed it.
	crossing = 5 * time.Second
)

// A suspicion is that we hold a connection of which Slack knows nothing, or that
// Slack sends to one that nobody reads: a ghost, which swallows what is sent.
// Slack says how many there are only when another says hello.
type suspicion struct {
	odd    int       // hellos in a row whose count does not fit
	others int       // connections that are none of ours, and were there before
	again  time.Time // Slack is made to count again then; zero while its count fits
	number int       // what Slack counted last
	at     time.Time // then
}

// fits reports whether a count of Slack's fits those that we hold: no fewer than
// those that are to stay, and no more than all that have not ended.
func (k *keeper) fits(n int) bool {
	return n == 0 || n >= k.count(ready) && n <= k.count(known)+k.others
}

// crossed takes a doubt back when one connection less explains the count from
// which it came.
func (k *keeper) crossed(now time.Time) {
	if k.odd > 0 && now.Sub(k.at) < crossing && k.fits(k.number) {
		k.odd, k.again = 0, time.Time{}
	}
}

// counted compares the connections that Slack counted with those that we hold.
func (k *keeper) counted(now time.Time, n int) {
	least, most := k.count(ready), k.count(known)
	k.number, k.at = n, now
	if k.fits(n) {
		k.odd, k.again = 0, time.Time{}
		if n > 0 {
			k.others = min(k.others, max(0, n-least))
		}
		return
	}
	k.odd++
	says := slog.String("err", "slack counts "+strconv.Itoa(n)+", and we hold "+strconv.Itoa(most))
	switch {
	case k.odd <= k.opt.Connections:
		k.again = now.Add(ghostAfter)
		k.opt.Log.Debug("slack counts other connections than we hold", says)
	case n > most:
		k.odd, k.again, k.others = 0, time.Time{}, n-most
		k.opt.Log.Warn("other programs are connected by the same app-level token: what Slack sends goes to only one of them", says)
	default:
		k.again = now.Add(ghostRest)
		k.opt.Log.Error("slack knows fewer connections than we hold, whichever we replace", says)
	}
}

// doubt has the oldest connection replaced: should it be the ghost, that helps,
// and in any case Slack counts again.
func (k *keeper) doubt() {
	k.again, k.gap = time.Time{}, true
	if i := slices.IndexFunc(k.conns, ready); i >= 0 {
		k.opt.Log.Warn("a connection is replaced, for slack counts other connections than we hold")
		k.conns[i].going = true
	}
}
