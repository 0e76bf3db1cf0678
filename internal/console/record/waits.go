package record

import (
	"fmt"
	"time"

	"caseline/internal/desk"
)

// waitShown is how long posts must have to wait for that to be shown: shorter
// waits are over before they are read.
const waitShown = time.Second

// Waits says how many of an agent's posts wait because Slack limits how fast we
// may post, and when the next goes; it is empty when none waits for longer than a
// second. It needs no more than the deliveries that a page shows anyway.
func Waits(deliveries []desk.Delivery, now time.Time) string {
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
		if posts[lane] == 1 {
			return "1 post waiting, next in " + span(wait)
		}
		return fmt.Sprintf("%d posts waiting, next in %s", posts[lane], span(wait))
	}
	return ""
}

// limited reports whether a delivery waits for no other reason than that Slack
// limits how fast we may call it.
func limited(reason string) bool {
	return reason == desk.Paced || reason == "ratelimited" || reason == "rate_limited"
}

// span is a wait as people read it, rounded up: 1.4 s, 12 s, 3 min.
func span(d time.Duration) string {
	up := func(unit time.Duration) int64 { return int64((d + unit - 1) / unit) }
	switch {
	case d < 10*time.Second:
		tenths := up(100 * time.Millisecond)
		return fmt.Sprintf("%d.%d s", tenths/10, tenths%10)
	case d < 100*time.Second:
		return fmt.Sprintf("%d s", up(time.Second))
	}
	return fmt.Sprintf("%d min", up(time.Minute))
}
