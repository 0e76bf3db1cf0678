package served

import "caseline/internal/desk"

// A NotifySeverity says of which cases a channel hears.
type NotifySeverity string

// Of which cases a channel hears.
const (
	NotifyAll  NotifySeverity = "all"
	NotifyHigh NotifySeverity = "high" // high, urgent and critical
	NotifyNone NotifySeverity = "none"
)

// Notify says what a configured channel is told of its account's cases.
type Notify struct {
	Severities NotifySeverity
	Opened     bool // new and reopened cases
	Answered   bool // correspondence
	Resolved   bool // resolved cases
}

// NotifyEverything tells a channel all there is to tell.
func NotifyEverything() Notify {
	return Notify{Severities: NotifyAll, Opened: true, Answered: true, Resolved: true}
}

// Validate refuses settings that contradict themselves.
func (n Notify) Validate() error {
	any := n.Opened || n.Answered || n.Resolved
	switch n.Severities {
	case NotifyAll, NotifyHigh:
		if !any {
			return refuseField("notify", "Choose what the channel is told: new and reopened cases, correspondence or resolved cases. Or let it be told of no cases.")
		}
		return nil
	case NotifyNone:
		if any {
			return refuseField("notify", "The channel is told of no cases, so it cannot be told what happens to them. Choose all or high-severity cases, or switch the rest off.")
		}
		return nil
	}
	return refuseField("notify", "Choose of which cases the channel is told: all, high or none.")
}

// News reports whether entry e of case c is news for any channel.
func News(c *desk.Case, e desk.Correspondence) bool { return NotifyEverything().Wants(c, e) }

// Wants reports whether entry e of case c is news for a channel set so. What is
// said in a running chat is not; the record of one that has ended is.
func (n Notify) Wants(c *desk.Case, e desk.Correspondence) bool {
	switch n.Severities {
	case NotifyAll:
	case NotifyHigh:
		if c.Severity.Rank() < desk.SeverityHigh.Rank() {
			return false
		}
	default:
		return false
	}
	switch e.Kind {
	case desk.KindMessage:
		return n.Opened && e.Seq == 1 || n.Answered && e.Marked(desk.MarkOutside)
	case desk.KindTranscript:
		return n.Answered
	case desk.KindStatus:
		return n.Opened && e.What == string(desk.StatusReopened) || n.Resolved && e.What == string(desk.StatusResolved)
	}
	return false
}
