package slack

import (
	"context"
	"errors"

	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
)

// A spot is the channel in which a person asked for something, and what is
// allowed there.
type spot struct {
	place      desk.Place
	configured bool
	config     desk.ChannelConfig // of the channel; of the one that asked, if this is a chat's
	chat       *desk.Case         // whose chat is here; nil for none
}

// spot looks a channel up. A chat's channel may do what the channel may that
// asked for the chat, as of now.
func (f *Front) spot(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID) (spot, error) {
	s := spot{place: ident.Channel(w, ch)}
	c, err := f.store.CaseAt(ctx, s.place)
	switch {
	case err == nil:
		s.chat = &c
		asked, ok := ident.Split(c.Asked)
		if !ok {
			return s, nil
		}
		w, ch = asked.Workspace, asked.Channel
	case !errors.Is(err, desk.ErrNotFound):
		return spot{}, err
	}
	s.config, err = f.store.Channel(ctx, w, ch)
	if errors.Is(err, desk.ErrNotFound) {
		return s, nil
	}
	s.configured = err == nil
	return s, err
}

// require refuses what may not be done here.
func (s spot) require(p desk.Permission) error {
	if !s.configured {
		return refuse(desk.ErrForbidden, view.NotConfigured)
	}
	return s.config.Require(p)
}

// reaches reports whether people here may know of the case at all.
func (s spot) reaches(c desk.Case) bool {
	return s.chat != nil && s.chat.ID == c.ID || s.configured && s.config.Account == c.Account
}

// find returns the case that is meant by what a person typed after a word, or
// by the channel when that is nothing, if p is allowed here. example is what
// to type.
func (f *Front) find(ctx context.Context, s spot, typed, example string, p desk.Permission) (desk.Case, error) {
	if err := s.require(p); err != nil {
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
	return c, err
}
