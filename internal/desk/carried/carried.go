package carried

import (
	"slices"
	"strings"

	"caseline/internal/desk"
)

// By returns, of a case's deliveries, those that carry an agent's
// message: its words, and its edits and deletions, whose Seq is among changes.
// They are in the order in which they were queued.
func By(seq int64, changes []desk.Correspondence, all []desk.Delivery) []desk.Delivery {
	of := map[int64]bool{seq: true}
	for _, change := range changes {
		of[change.Seq] = true
	}
	var out []desk.Delivery
	for _, d := range all {
		if of[d.Seq] && d.CarriesWords() {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b desk.Delivery) int { return int(a.ID - b.ID) })
	return out
}

// Shown returns the ts of each of Slack's messages that show an agent's
// message after the deliveries that carry it, in order.
func Shown(carrying []desk.Delivery) []string {
	var shown []string
	for _, d := range carrying {
		receipts := strings.Fields(d.Receipt)
		done := d.Part // changes work through the messages one after the other
		if d.State == desk.DeliverySent {
			done = len(shown)
		}
		switch d.Kind {
		case desk.DeliverReply:
			if len(receipts) > 0 {
				shown = receipts
			}
		case desk.DeliverEdit:
			shown = append(receipts, shown[min(done, len(shown)):]...)
		case desk.DeliverRemove:
			shown = shown[min(done, len(shown)):]
		default:
		}
	}
	return shown
}
