package console

import (
	"context"
	"errors"
	"net/http"

	"caseline/internal/casework/mailing"
	"caseline/internal/desk"
	"caseline/internal/web"
)

// Contacts are the use cases of who hears of a case by mail.
type Contacts interface {
	Add(context.Context, mailing.Change) error
	Remove(context.Context, mailing.Change) error
	Retry(context.Context, mailing.Change) error
}

// A contact is an address of a case's CC as its page shows it.
type contact struct {
	Address string
	State   string // a few words; empty where no e-mail is sent
	Why     string // why the latest e-mail did not arrive
	Failed  bool
}

// contacts are the addresses of a case, with how each stands to e-mail about it.
func (s *Server) contacts(ctx context.Context, c desk.Case) ([]contact, error) {
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
			all[i].stands(mailing.Of(known, address))
		}
	}
	return all, nil
}

func (c *contact) stands(s desk.Subscription) {
	switch {
	case !s.Left.IsZero():
		c.State = "Unsubscribed"
		return
	case s.State == desk.DeliveryRefused:
		c.State, c.Failed = "Not delivered", true
	case s.State == desk.DeliveryUnknown:
		c.State = "May have arrived"
	case s.State == desk.DeliveryPending:
		c.State = "Waits for the mail server"
	default:
		c.State = "Gets e-mail"
		return
	}
	c.Why = s.Reason
}

// postContacts adds the addresses in the field "add" to those that hear of the
// case, takes the one in "remove" out, or tries that in "again" again.
func (s *Server) postContacts(w http.ResponseWriter, r *http.Request, who desk.Agent) error {
	c, origin, err := s.wish(r)
	if err != nil {
		return err
	}
	do, typed := s.Contacts.Add, r.PostForm.Get("add")
	if gone := r.PostForm.Get("remove"); gone != "" {
		do, typed = s.Contacts.Remove, gone
	}
	if again := r.PostForm.Get("again"); again != "" {
		do, typed = s.Contacts.Retry, again
	}
	err = do(r.Context(), mailing.Change{Case: c.ID, By: who, Typed: typed, Origin: origin})
	if why, ok := errors.AsType[*desk.Refusal](err); ok && !web.WantsJSON(r) {
		return s.told(w, r, who, c, why)
	}
	if err != nil {
		return err
	}
	return s.done303(w, r, c)
}
