package record

import (
	"time"

	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

// waitShown is how long posts must have to wait for that to be shown: shorter
// waits are over before they are read.
const waitShown = time.Second

// Waits says how many of an agent's posts wait because Slack limits how fast we
// may post, and when the next goes; it is empty when none waits for longer than a
// second. It needs no more than the deliveries that a page shows anyway.
func Waits(t tongue.Tongue, deliveries []desk.Delivery, now time.Time) string {
	heads, posts := map[desk.Lane]desk.Delivery{}, map[desk.Lane]int{}
	for _, d := range deliveries {
		if d.State != desk.DeliveryPending && d.State != desk.DeliveryUnknown || d.Lane != desk.CaseLane(d.Case) {
			continue
		}
		if head, ok := heads[d.Lane]; !ok || d.ID < head.ID {
			heads[d.Lane] = d
		}
		posts[d.Lane]++
	}
	for lane, head := range heads { // of one case there is one
		wait := head.NotBefore.Sub(now)
		if head.State != desk.DeliveryPending || !limited(head.Reason) || wait <= waitShown {
			continue
		}
		return t.Say("%s, next in %s", t.Count(posts[lane], "1 post waiting", "%d posts waiting"), span(t, wait))
	}
	return ""
}

// limited reports whether a delivery waits for no other reason than that Slack
// limits how fast we may call it.
func limited(reason string) bool {
	return reason == desk.Paced || reason == "ratelimited" || reason == "rate_limited"
}

// span is a wait as people read it, rounded up: 1.4 s, 12 s, 3 min.
func span(t tongue.Tongue, d time.Duration) string {
	up := func(unit time.Duration) int64 { return int64((d + unit - 1) / unit) }
	switch {
	case d < 10*time.Second:
		return t.Say("%s s", t.Decimal(float64(up(100*time.Millisecond))/10, 1))
	case d < 100*time.Second:
		return t.Say("%d s", up(time.Second))
	}
	return t.Say("%d min", up(time.Minute))
}
