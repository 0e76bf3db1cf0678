package console

import (
	"context"

	"caseline/internal/casework/mailing"
	"caseline/internal/console/tongue"
	"caseline/internal/desk"
)

// A contact is an address of a case's CC as its page shows it.
type contact struct {
	Address string
	State   string // a few words; empty where no e-mail is sent
	Why     string // why the latest e-mail did not arrive
	Failed  bool
}

// contacts are the addresses of a case, with how each stands to e-mail about it.
func (s *Server) contacts(ctx context.Context, t tongue.Tongue, c desk.Case) ([]contact, error) {
	var known []desk.Subscription
	if s.opt.Mail && len(c.CC) > 0 {
		var err error
		if known, err = s.Read.Subscriptions(ctx, c.ID); err != nil {
			return nil, err
		}
	}
	all := make([]contact, len(c.CC))
	for i, address := range c.CC {
		all[i].Address = address
		if s.opt.Mail {
			all[i].stands(t, mailing.Of(known, address))
		}
	}
	return all, nil
}

func (c *contact) stands(t tongue.Tongue, s desk.Subscription) {
	switch {
	case !s.Left.IsZero():
		c.State = t.Say("Unsubscribed")
		return
	case s.State == desk.DeliveryRefused:
		c.State, c.Failed = t.Say("Not delivered"), true
	case s.State == desk.DeliveryUnknown:
		c.State = t.Say("May have arrived")
	case s.State == desk.DeliveryPending:
		c.State = t.Say("Waits for the mail server")
	default:
		c.State = t.Say("Gets e-mail")
		return
	}
	c.Why = t.Told(s.Reason)
}
