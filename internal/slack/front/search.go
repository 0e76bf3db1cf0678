package front

import (
	"context"

	"caseline/internal/desk"
	"caseline/internal/desk/matters"
	"caseline/internal/desk/served"
	"caseline/internal/slack/finding"
	"caseline/internal/slack/ident"
)

// finder searches as a person may from where they are.
func (f *Front) finder() finding.Finder {
	return finding.Finder{Read: f.store, Slack: f.slack, Share: f.sharer().Share, Log: f.log, Spot: f.mayRead, Mentions: f.mentions, Catalogue: f.catalogue}
}

func (f *Front) catalogue() *matters.Catalogue {
	if f.book == nil {
		return &matters.Catalogue{}
	}
	return f.book.Catalogue()
}

// mayRead says whose cases a person may see in a channel.
func (f *Front) mayRead(ctx context.Context, w desk.WorkspaceID, ch desk.ChannelID, user string) (finding.Spot, error) {
	if _, known := f.installed.Find(w); !known || !ident.Valid(string(ch)) || !ident.Valid(user) {
		return finding.Spot{}, refuse(desk.ErrInvalid, "This does nothing any more.")
	}
	at, err := f.spot(ctx, w, ch, ident.Person(w, user))
	if err == nil {
		err = at.requireAny(served.MayRead)
	}
	s := finding.Spot{Place: at.place}
	for _, c := range at.may(served.MayRead) {
		s.Accounts = append(s.Accounts, c.Account)
	}
	return s, err
}
