package record

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

// A Delivery says how far an agent's words have come in Slack.
type Delivery struct {
	State   string // sending, waiting, checking, sent or failed
	Text    string // short, for under the message
	At      time.Time
	Settled bool // nothing will change any more
}

func deliveryOf(t tongue.Tongue, d desk.Delivery) *Delivery {
	says := sayingOf(d)
	switch d.State {
	case desk.DeliverySent:
		return &Delivery{State: "sent", Text: t.Text(says.sent), At: d.SettledAt, Settled: true}
	case desk.DeliveryRefused:
		return &Delivery{State: "failed", Text: t.Say("%s: %s", t.Text(says.failed), reason(t, d.Reason)), At: d.SettledAt, Settled: true}
	case desk.DeliveryUnknown:
		return &Delivery{State: "checking", Text: t.Say("Checking whether it arrived in Slack"), At: d.NotBefore}
	case desk.DeliveryPending:
	}
	if d.Reason != "" {
		return &Delivery{State: "waiting", Text: t.Say("Waiting: %s", reason(t, d.Reason)), At: d.NotBefore}
	}
	return &Delivery{State: "sending", Text: t.Text(says.sending), At: d.CreatedAt}
}

type saying struct{ sending, sent, failed string }

// sayingOf is how the states of a delivery are called: of words, or of what
// their author changed about them.
func sayingOf(d desk.Delivery) saying {
	switch {
	case d.Content.What == desk.Corrected:
		return saying{tongue.Mark("Slack keeps the first words. Sending a correction"), tongue.Mark("Slack keeps the first words. The correction is in Slack"), tongue.Mark("Correction not delivered")}
	case d.Content.What == desk.Withdrawn:
		return saying{tongue.Mark("Slack keeps the message. Sending a note"), tongue.Mark("Slack keeps the message. A note there says that it was taken back"), tongue.Mark("Not removed from Slack")}
	case d.Kind == desk.DeliverEdit:
		return saying{tongue.Mark("Changing it in Slack"), tongue.Mark("Changed in Slack"), tongue.Mark("Not changed in Slack")}
	case d.Kind == desk.DeliverRemove:
		return saying{tongue.Mark("Removing it from Slack"), tongue.Mark("Removed from Slack"), tongue.Mark("Not removed from Slack")}
	}
	return saying{tongue.Mark("Sending"), tongue.Mark("In Slack"), tongue.Mark("Not delivered")}
}

// latest is the one of the deliveries that carry a message which tells how far
// it has come: the first that is on its way, or else the last.
func latest(ds []desk.Delivery) desk.Delivery {
	ds = slices.SortedFunc(slices.Values(ds), func(a, b desk.Delivery) int { return cmp.Compare(a.ID, b.ID) })
	for _, d := range ds {
		if d.State == desk.DeliveryPending || d.State == desk.DeliveryUnknown {
			return d
		}
	}
	return ds[len(ds)-1]
}

// telling is the one of two deliveries of an entry that tells how far it has
// come: what was added outside the chat goes to two places, and has arrived
// when nothing is on its way and one of them has it.
func telling(a, b desk.Delivery) desk.Delivery {
	rank := func(d desk.Delivery) int {
		switch d.State {
		case desk.DeliveryUnknown:
			return 4
		case desk.DeliveryPending:
			return 3
		case desk.DeliverySent:
			return 2
		case desk.DeliveryRefused:
			return 1
		}
		return 0
	}
	if rank(a) > rank(b) {
		return a
	}
	return b
}

// reason is what Slack's error names, and ours, mean to an agent.
func reason(t tongue.Tongue, name string) string {
	switch name {
	case "":
		return t.Say("Slack did not say why")
	case desk.Paced:
		return t.Say("Slack takes only so many posts at a time")
	case "ratelimited", "rate_limited":
		return t.Say("Slack asked us to slow down")
	case "channel_not_found", "not_in_channel", "no_place":
		return t.Say("the chat’s channel is no longer open to us")
	case desk.Unchangeable:
		return t.Say("Slack keeps the message as it is")
	case "is_archived":
		return t.Say("the chat’s channel was archived")
	case "account_inactive", "invalid_auth", "not_authed", "token_revoked", "token_expired", "app_uninstalled":
		return t.Say("the app was removed from the workspace")
	case "restricted_action", "missing_scope", "no_permission", "ekm_access_denied":
		return t.Say("the workspace does not allow it")
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org":
		return t.Say("Slack has a problem at the moment")
	}
	if strings.Contains(name, ": lost") || strings.Contains(name, ": unknown") {
		return t.Say("Slack does not answer")
	}
	if strings.Contains(name, " ") {
		return strings.TrimSuffix(t.Told(name), ".") // a sentence of ours
	}
	return t.Say("Slack answered “%s”", name)
}
