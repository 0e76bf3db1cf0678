package record_test

import (
	"testing"
	"time"

	"caseline/internal/console/record"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

func TestPostsThatWaitForSlackAreSaid(t *testing.T) {
	now := start()
	d := func(id desk.DeliveryID, state desk.DeliveryState, reason string, wait time.Duration) desk.Delivery {
		return desk.Delivery{ID: id, Lane: desk.CaseLane("c"), Case: "c", Seq: int64(id), State: state, Reason: reason, NotBefore: now.Add(wait)}
	}
	next := d(3, desk.DeliveryPending, "", 0)
	other := d(1, desk.DeliveryPending, desk.Paced, time.Minute)
	other.Lane = desk.NewsLane("c", "T1/C9")
	for name, tc := range map[string]struct {
		ds   []desk.Delivery
		want string
	}{
		"none":                  {nil, ""},
		"nothing waits":         {[]desk.Delivery{d(1, desk.DeliverySent, desk.Paced, time.Minute)}, ""},
		"two":                   {[]desk.Delivery{next, d(2, desk.DeliveryPending, desk.Paced, 1399*time.Millisecond)}, "2 posts waiting, next in 1.4 s"},
		"one":                   {[]desk.Delivery{d(2, desk.DeliveryPending, "ratelimited", 30*time.Second)}, "1 post waiting, next in 30 s"},
		"minutes":               {[]desk.Delivery{d(2, desk.DeliveryPending, "ratelimited", 150*time.Second)}, "1 post waiting, next in 3 min"},
		"nearly ten":            {[]desk.Delivery{d(2, desk.DeliveryPending, desk.Paced, 9950*time.Millisecond)}, "1 post waiting, next in 10.0 s"},
		"a second":              {[]desk.Delivery{d(2, desk.DeliveryPending, desk.Paced, time.Second), next}, ""},
		"past":                  {[]desk.Delivery{d(2, desk.DeliveryPending, desk.Paced, -time.Minute), next}, ""},
		"for another reason":    {[]desk.Delivery{d(2, desk.DeliveryPending, "internal_error", time.Minute), next}, ""},
		"it may have arrived":   {[]desk.Delivery{d(2, desk.DeliveryUnknown, desk.Paced, time.Minute), next}, ""},
		"behind what may have":  {[]desk.Delivery{d(2, desk.DeliveryUnknown, "", 0), d(3, desk.DeliveryPending, desk.Paced, time.Minute)}, ""},
		"elsewhere, of no chat": {[]desk.Delivery{other}, ""},
	} {
		if got := record.Waits(tongue.Tongue{}, tc.ds, now); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}
