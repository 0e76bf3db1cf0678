package seek

import (
	"context"
	"fmt"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/sought"
)

// A Book has what cases can be about; a catalogue's does.
type Book interface {
	Catalogue() *matters.Catalogue
	Matters(typed string, limit int) []matters.Matter
}

// People finds people by id, and by what is typed of their name.
type People interface {
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
	PeopleCalled(ctx context.Context, typed string, limit int) ([]desk.Person, error)
}

// maxMeant is how many services or people what is typed may mean.
const maxMeant = 100

// services are those that are meant: one by its codes, or all that fit what is
// typed. Codes that fit nothing are of a service that is gone from the
// catalogue, whose cases keep them.
func (s Seek) services(b Book) ([]sought.Service, error) {
	if s.Service == "" {
		return nil, nil
	}
	one, isOne := sought.ParseService(s.Service)
	if _, known := b.Catalogue().Service(one.IssueType, one.Code); known {
		return []sought.Service{one}, nil
	}
	fit := b.Matters(s.Service, maxMeant+1)
	var all, exactly []sought.Service
	for _, m := range fit {
		service := sought.Service{IssueType: m.IssueType.Code, Code: m.Service.Code}
		all = append(all, service)
		if strings.EqualFold(m.Label(), strings.TrimSpace(s.Service)) {
			exactly = append(exactly, service)
		}
	}
	switch {
	case len(exactly) > 0:
		return exactly, nil
	case len(all) == 0 && isOne:
		return []sought.Service{one}, nil
	case len(all) == 0:
		return nil, wrong("service", "No service is called “%s”. Type a part of its name.", s.Service)
	case len(all) > maxMeant:
		return nil, wrong("service", "More than %d services fit “%s”. Type more of the name.", maxMeant, s.Service)
	}
	return all, nil
}

// requesters are those who are meant: one by the id, or all of a name. Somebody
// who is called exactly so is meant alone.
func (s Seek) requesters(ctx context.Context, in People) ([]desk.PersonID, error) {
	if s.Requester == "" {
		return nil, nil
	}
	known, err := in.People(ctx, []desk.PersonID{desk.PersonID(s.Requester)})
	if err != nil {
		return nil, err
	}
	if len(known) > 0 {
		return []desk.PersonID{desk.PersonID(s.Requester)}, nil
	}
	called, err := in.PeopleCalled(ctx, s.Requester, maxMeant+1)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(s.Requester), "@"))
	var all, exactly []desk.PersonID
	for _, p := range called {
		all = append(all, p.ID)
		if strings.EqualFold(strings.TrimSpace(p.Name), name) {
			exactly = append(exactly, p.ID)
		}
	}
	switch {
	case len(called) > maxMeant:
		return nil, wrong("requester", "More than %d people are called “%s”. Type more of the name.", maxMeant, s.Requester)
	case len(exactly) > 0:
		return exactly, nil
	case len(all) == 0:
		return nil, wrong("requester", "Nobody is called “%s”. Type how a name begins, as Slack shows it.", s.Requester)
	}
	return all, nil
}

func wrong(field, format string, args ...any) *desk.Refusal {
	return &desk.Refusal{Kind: desk.ErrInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}
