package home

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
)

const (
	believed = 30 * time.Second // how long what Slack said of a person's channels counts
	maxKnown = 2000             // people whose channels are remembered
	maxPages = 10               // of a person's channels
)

// A lookup reads what somebody may do.
type lookup interface {
	AccountsIn(ctx context.Context, w desk.WorkspaceID) ([]served.Account, error)
	ChannelsOf(ctx context.Context, account desk.AccountID) ([]served.ChannelConfig, error)
	GroupsOf(ctx context.Context, w desk.WorkspaceID, who desk.PersonID) ([]served.GroupID, error)
}

// A roll says in which channels a person is.
type roll interface {
	ChannelsOf(ctx context.Context, user, cursor string) (channels []api.Channel, next string, err error)
}

// A Reach knows what people may do who are in no channel just now. It may be
// used by many goroutines. Make one with [NewReach].
type Reach struct {
	store lookup
	slack roll
	now   func() time.Time

	mu    sync.Mutex // guards known; held for one look or one write
	known map[desk.PersonID]membership
}

// A membership is what Slack said of a person's channels: their names by id.
type membership struct {
	names map[desk.ChannelID]string
	until time.Time
}

// NewReach returns a Reach; now tells the time, by default the system clock.
func NewReach(store lookup, slack roll, now func() time.Time) *Reach {
	if now == nil {
		now = time.Now
	}
	return &Reach{store: store, slack: slack, now: now, known: map[desk.PersonID]membership{}}
}

// A Standing is what a person may do in a workspace, as of now.
type Standing struct {
	who     desk.PersonID
	in      map[desk.ChannelID]string // the names of the channels they are in
	configs []served.ChannelConfig    // of the workspace
	groups  []served.GroupID          // that the person is in, if it matters
}

// Of asks what a person may do.
func (r *Reach) Of(ctx context.Context, w desk.WorkspaceID, user string) (Standing, error) {
	s := Standing{who: ident.Person(w, user)}
	accounts, err := r.store.AccountsIn(ctx, w)
	if err != nil {
		return s, err
	}
	for _, a := range accounts {
		configs, err := r.store.ChannelsOf(ctx, a.ID)
		if err != nil {
			return s, err
		}
		s.configs = append(s.configs, slices.DeleteFunc(configs, func(c served.ChannelConfig) bool { return c.Workspace != w })...)
	}
	if len(s.configs) == 0 {
		return s, nil
	}
	if slices.ContainsFunc(s.configs, served.ChannelConfig.NamesGroups) {
		if s.groups, err = r.store.GroupsOf(ctx, w, s.who); err != nil {
			return s, err
		}
	}
	s.in, err = r.channels(ctx, s.who, user)
	return s, err
}

// channels are those that a person is in, as Slack said lately.
func (r *Reach) channels(ctx context.Context, who desk.PersonID, user string) (map[desk.ChannelID]string, error) {
	r.mu.Lock()
	m, ok := r.known[who]
	r.mu.Unlock()
	if ok && r.now().Before(m.until) {
		return m.names, nil
	}
	m = membership{names: map[desk.ChannelID]string{}, until: r.now().Add(believed)}
	cursor := ""
	for range maxPages {
		page, next, err := r.slack.ChannelsOf(ctx, user, cursor)
		if err != nil {
			return nil, fmt.Errorf("ask for a person's channels: %w", err)
		}
		for _, ch := range page {
			m.names[desk.ChannelID(ch.ID)] = ch.Name
		}
		if cursor = next; next == "" {
			break
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.known) >= maxKnown {
		clear(r.known)
	}
	r.known[who] = m
	return m.names, nil
}

// Forget has Slack asked again which channels a person is in.
func (r *Reach) Forget(who desk.PersonID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, who)
}

func (s Standing) allowed(c served.ChannelConfig, p served.Permission) error {
	return c.Require(p, s.who, func(g served.GroupID) bool { return slices.Contains(s.groups, g) })
}

// At is the channel in which the person stands to a case: the one that asked for
// its chat, its chat's, or the one where it was opened.
func (s Standing) At(c desk.Case) (desk.ChannelID, error) {
	at, _, err := s.stands(c)
	return at, err
}

// stands is At with the channel that allows: a chat's has the permissions of the
// one that asked.
func (s Standing) stands(c desk.Case) (at, by desk.ChannelID, err error) {
	asked, _ := ident.Split(c.AskedIn())
	opened, _ := ident.Split(c.Asked)
	place, _ := ident.Split(c.Place)
	for _, one := range [][2]desk.ChannelID{{asked.Channel, asked.Channel}, {place.Channel, asked.Channel}, {opened.Channel, opened.Channel}} {
		if _, in := s.in[one[0]]; in {
			return one[0], one[1], nil
		}
	}
	return "", "", refuse(desk.ErrForbidden, "You are no longer in a channel from which case "+string(c.Number)+" can be reached.")
}

// Require refuses what the person may not do with a case.
func (s Standing) Require(p served.Permission, c desk.Case) error {
	_, by, err := s.stands(c)
	if err != nil {
		return err
	}
	for _, config := range s.configs {
		if config.Account == c.Account && config.Channel == by {
			return s.allowed(config, p)
		}
	}
	return refuse(desk.ErrForbidden, "Support is no longer set up in the channel of case "+string(c.Number)+".")
}

// A Channel is one in which a person may open cases.
type Channel struct {
	ID   desk.ChannelID
	Name string
}

// MayCreate are the channels in which the person may open cases, by name; a
// refusal says why there are none.
func (s Standing) MayCreate() ([]Channel, error) {
	var all []Channel
	why := refuse(desk.ErrForbidden, "Support is not set up in this workspace yet. Ask the person who runs it.")
	if len(s.configs) > 0 {
		why = refuse(desk.ErrForbidden, "Cases are opened in channels where support is set up, and you are in none of them. Ask somebody who is to add you.")
	}
	for _, c := range s.configs {
		name, in := s.in[c.Channel]
		if !in {
			continue
		}
		if err := s.allowed(c, served.MayCreate); err != nil {
			if r, ok := errors.AsType[*desk.Refusal](err); ok {
				why = refuse(r.Kind, "In the channels that you are in you may not open cases. Ask the person who set up support there for the “create” permission.")
			}
			continue
		}
		if !slices.ContainsFunc(all, func(k Channel) bool { return k.ID == c.Channel }) {
			all = append(all, Channel{ID: c.Channel, Name: name})
		}
	}
	slices.SortFunc(all, func(a, b Channel) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	if len(all) == 0 {
		return nil, why
	}
	return all, nil
}

func refuse(kind error, sentence string) *desk.Refusal {
	return &desk.Refusal{Kind: kind, Message: sentence}
}
