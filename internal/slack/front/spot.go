package front

import (
	"context"
	"errors"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
)

// A spot is the channel in which a person asked for something, and what they
// may do there, as of now.
type spot struct {
	place   desk.Place
	who     desk.PersonID
	configs []served.ChannelConfig // of the channel, by account; of the one that asked, for the case's account, if this is a chat's
	groups  []served.GroupID       // that the person is in, if it matters
	chat    *desk.Case             // whose chat is here; nil for none
}

// spot looks a channel up for a person. A chat's channel may do what the channel
// may that asked for the chat.
func (f *Front) spot(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID, who desk.PersonID) (s spot, err error) {
	ch = f.installed.Channels(w).First(ch)
	s = spot{place: ident.Channel(w, ch), who: who}
	c, err := f.store.CaseAt(ctx, s.place)
	switch {
	case err == nil:
		s.chat = &c
		err = f.askedIn(ctx, &s, c)
	case errors.Is(err, desk.ErrNotFound):
		s.configs, err = f.store.ChannelsAt(ctx, w, ch)
	}
	if err != nil {
		return spot{}, err
	}
	if slices.ContainsFunc(s.configs, served.ChannelConfig.NamesGroups) {
		if s.groups, err = f.store.GroupsOf(ctx, w, who); err != nil {
			return spot{}, err
		}
	}
	return s, nil
}

// askedIn gives s what the channel may that asked for the chat of c.
func (f *Front) askedIn(ctx context.Context, s *spot, c desk.Case) error {
	asked, ok := ident.Split(c.AskedIn())
	if !ok {
		return nil
	}
	config, err := f.store.Channel(ctx, c.Account, asked.Workspace, asked.Channel)
	if errors.Is(err, desk.ErrNotFound) {
		return nil
	}
	s.configs = []served.ChannelConfig{config}
	return err
}

func (s spot) configured() bool { return len(s.configs) > 0 }

// config is what an account configured here.
func (s spot) config(account desk.AccountID) (served.ChannelConfig, bool) {
	i := slices.IndexFunc(s.configs, func(c served.ChannelConfig) bool { return c.Account == account })
	if i < 0 {
		return served.ChannelConfig{}, false
	}
	return s.configs[i], true
}

// allowed asks one configuration.
func (s spot) allowed(c served.ChannelConfig, p served.Permission) error {
	return c.Require(p, s.who, func(g served.GroupID) bool { return slices.Contains(s.groups, g) })
}

// require refuses what the person may not do here with the cases of an account.
func (s spot) require(p served.Permission, account desk.AccountID) error {
	config, ok := s.config(account)
	if !ok {
		return refuse(desk.ErrForbidden, view.NotConfigured)
	}
	return s.allowed(config, p)
}

// requireAny refuses what the person may not do here with the cases of any
// account.
func (s spot) requireAny(p served.Permission) error {
	if !s.configured() {
		return refuse(desk.ErrForbidden, view.NotConfigured)
	}
	if len(s.may(p)) > 0 {
		return nil
	}
	return s.allowed(s.configs[0], p)
}

// may returns the configurations, by account, by which the person may do p.
func (s spot) may(p served.Permission) []served.ChannelConfig {
	var all []served.ChannelConfig
	for _, c := range s.configs {
		if s.allowed(c, p) == nil {
			all = append(all, c)
		}
	}
	return all
}

// reaches reports whether people here may know of the case at all.
func (s spot) reaches(c desk.Case) bool {
	_, ok := s.config(c.Account)
	return ok || s.chat != nil && s.chat.ID == c.ID
}

// find returns the case that is meant by what a person typed after a word, or
// by the channel when that is nothing, if p is allowed here with it. example is
// what to type.
func (f *Front) find(ctx context.Context, s spot, typed, example string, p served.Permission) (desk.Case, error) {
	if err := s.requireAny(p); err != nil {
		return desk.Case{}, err
	}
	if typed == "" {
		if s.chat != nil {
			return *s.chat, nil
		}
		return desk.Case{}, refuse(desk.ErrInvalid, "Say which case by its number, for example "+example+" 1234567890.")
	}
	number, ok := desk.ParseCaseNumber(typed)
	if !ok {
		return desk.Case{}, refuse(desk.ErrInvalid, "“"+typed+"” is not a case number. A case number has ten digits, for example 1234567890.")
	}
	c, err := f.store.CaseByNumber(ctx, number)
	if errors.Is(err, desk.ErrNotFound) || err == nil && !s.reaches(c) {
		return desk.Case{}, refuse(desk.ErrNotFound, "There is no case "+string(number)+" that can be seen from this channel.")
	}
	if err != nil {
		return desk.Case{}, err
	}
	return c, s.require(p, c.Account)
}

// accounts are those for which the person may open cases here, for a form to
// choose from.
func (f *Front) accounts(ctx context.Context, s spot) ([]served.Account, error) {
	var all []served.Account
	for _, c := range s.may(served.MayCreate) {
		a, err := f.store.Account(ctx, c.Account)
		if errors.Is(err, desk.ErrNotFound) {
			a, err = served.Account{ID: c.Account}, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// account is the one that a form of a new case is for: what was chosen in it or,
// where there was nothing to choose, the only one.
func (s spot) account(chosen string) (desk.AccountID, error) {
	if chosen != "" {
		return desk.AccountID(chosen), nil
	}
	switch all := s.may(served.MayCreate); len(all) {
	case 0:
		return "", s.requireAny(served.MayCreate)
	case 1:
		return all[0].Account, nil
	}
	return "", refuse(desk.ErrConflict, "Since you opened this form, this channel has come to serve several accounts. Please open a new one and choose.")
}

// newCase is the form of a new case as it opens here for the person.
func (f *Front) newCase(ctx context.Context, s spot, asked desk.Place) (view.NewCaseForm, error) {
	accounts, err := f.accounts(ctx, s)
	chat := len(s.may(served.MayChat)) > 0
	return view.NewCaseForm{NewCase: view.NewCase{Asked: asked}, Accounts: accounts, Chat: chat, Thread: chat && f.private(ctx, asked), Mail: f.mail}, err
}
