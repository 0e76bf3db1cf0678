package carried_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/carried"
)

// What shows a message in Slack follows from the deliveries that carry it.
func TestShown(t *testing.T) {
	reply := desk.Delivery{ID: 1, Kind: desk.DeliverReply, Seq: 3, State: desk.DeliverySent, Receipt: "1.1 1.2", Part: 1}
	edit := func(state desk.DeliveryState, part int, receipt string) desk.Delivery {
		return desk.Delivery{ID: 2, Kind: desk.DeliverEdit, Seq: 4, State: state, Receipt: receipt, Part: part}
	}
	for name, tt := range map[string]struct {
		of   []desk.Delivery
		want []string
	}{
		"not yet":                {[]desk.Delivery{{Kind: desk.DeliverReply, State: desk.DeliveryPending}}, nil},
		"in two parts":           {[]desk.Delivery{reply}, []string{"1.1", "1.2"}},
		"made shorter":           {[]desk.Delivery{reply, edit(desk.DeliverySent, 1, "1.1")}, []string{"1.1"}},
		"made longer":            {[]desk.Delivery{reply, edit(desk.DeliverySent, 2, "1.1 1.2 1.9")}, []string{"1.1", "1.2", "1.9"}},
		"refused at the second":  {[]desk.Delivery{reply, edit(desk.DeliveryRefused, 1, "1.1")}, []string{"1.1", "1.2"}},
		"corrected below":        {[]desk.Delivery{reply, edit(desk.DeliveryRefused, 0, ""), {ID: 3, Kind: desk.DeliverReply, State: desk.DeliverySent, Receipt: "1.7"}}, []string{"1.7"}},
		"half removed":           {[]desk.Delivery{reply, {ID: 2, Kind: desk.DeliverRemove, State: desk.DeliveryRefused, Part: 1}}, []string{"1.2"}},
		"removed":                {[]desk.Delivery{reply, {ID: 2, Kind: desk.DeliverRemove, State: desk.DeliverySent, Part: 1}}, nil},
		"removed, never arrived": {[]desk.Delivery{{Kind: desk.DeliverReply, State: desk.DeliveryRefused}, {ID: 2, Kind: desk.DeliverRemove, State: desk.DeliverySent}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := carried.Shown(tt.of)
			if len(got) == 0 {
				got = nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
