package desk

import (
	"fmt"
	"time"
)

// ReopenWithin is how long after a case was resolved it can be reopened,
// unless the operator says otherwise.
const ReopenWithin = 14 * 24 * time.Hour

// ChangedSeverity is the What of a KindStatus entry whose Text is the case's
// new severity.
const ChangedSeverity = "severity"

// Reopen opens a resolved case again, within a time after it was resolved;
// zero is without limit. On an open case nothing changes. After that time it
// is refused with ErrTooLate: a new case is offered then that follows it.
func (c *Case) Reopen(by Actor, within time.Duration, origin Origin, now time.Time) (entry Correspondence, changed bool, err error) {
	if c.Open() {
		return Correspondence{}, false, nil
	}
	if err := c.MayReopen(within, now); err != nil {
		return Correspondence{}, false, err
	}
	c.Status, c.ResolvedAt = StatusReopened, time.Time{}
	return c.entry(Correspondence{Kind: KindStatus, What: string(StatusReopened), Author: by, Origin: origin}, now), true, nil
}

// MayReopen says why a resolved case cannot be reopened any more.
func (c *Case) MayReopen(within time.Duration, now time.Time) error {
	if c.Open() || within <= 0 || now.Sub(c.ResolvedAt) <= within {
		return nil
	}
	return refuse(ErrTooLate, "Case %s was resolved more than %s ago and can no longer be reopened. Create a new case that follows it.", c.Number, inDays(within))
}

// SetSeverity changes how much the case hurts. Setting the one it has changes
// nothing.
func (c *Case) SetSeverity(by Actor, s Severity, origin Origin, now time.Time) (entry Correspondence, changed bool, err error) {
	switch {
	case s.Rank() == 0:
		return Correspondence{}, false, refuseField("severity", "Choose a severity.")
	case !c.Open():
		return Correspondence{}, false, refuse(ErrConflict, "Case %s is resolved. Reopen it first, then change its severity.", c.Number)
	case s == c.Severity:
		return Correspondence{}, false, nil
	}
	c.Severity = s
	return c.entry(Correspondence{Kind: KindStatus, What: ChangedSeverity, Text: string(s), Author: by, Origin: origin}, now), true, nil
}

func inDays(d time.Duration) string {
	if days := int(d / (24 * time.Hour)); days != 1 {
		return fmt.Sprintf("%d days", days)
	}
	return "a day"
}
