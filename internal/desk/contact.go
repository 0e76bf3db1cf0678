package desk

import (
	"slices"
	"time"
)

// A Subscription is how an address in a case's CC stands to the mail about it.
type Subscription struct {
	Address string
	Left    time.Time     // when its reader unsubscribed; zero while it gets mail
	State   DeliveryState // of the latest mail; empty while there was none
	Reason  string        // why that waits or was refused
	At      time.Time     // when it came to that
}

// Contact changes who hears of the case besides its requester, as what says,
// and returns the entry that tells of it. Adding an address that is there is
// for one whose reader had unsubscribed.
func (c *Case) Contact(what, address string, by Actor, origin Origin, now time.Time) (Correspondence, error) {
	switch {
	case what == ContactRemoved:
		c.CC = slices.DeleteFunc(slices.Clone(c.CC), func(a string) bool { return a == address })
	case !slices.Contains(c.CC, address):
		all := append(slices.Clone(c.CC), address)
		if err := checkCC(all); err != nil {
			return Correspondence{}, err
		}
		c.CC = all
	}
	return c.entry(Correspondence{Kind: KindContact, What: what, Author: by, Text: address, Origin: origin}, now), nil
}
