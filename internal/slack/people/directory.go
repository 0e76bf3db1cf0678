package people

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"caseline/internal/desk"
	"caseline/internal/pace"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/nap"
	"caseline/internal/slack/wire"
	"caseline/internal/store"
)

const (
	freshFor   = 24 * time.Hour   // how long a name is believed
	lookEvery  = 30 * time.Second // how often to look for what no hint told of
	peopleBite = 50               // people looked up before the list is read anew
	waitAfter  = 10 * time.Second // after a failure that may pass
	maxMissed  = time.Hour        // longest wait for somebody whom Slack keeps failing to describe
)

// A phonebook holds what is known of people.
type phonebook interface {
	People(ctx context.Context, ids []desk.PersonID) (map[desk.PersonID]desk.Person, error)
	StalePeople(ctx context.Context, begin string, before time.Time, limit int) ([]desk.Person, error)
	Watch(fn func(store.Hint)) (stop func())
}

// A namer stores what Slack says about somebody.
type namer interface {
	NamePerson(ctx context.Context, p desk.Person) error
}

// An informer asks Slack about a person.
type informer interface {
	UserInfo(ctx context.Context, id string) (api.User, error)
}

// Options are what a Directory can do without.
type Options struct {
	Log  *slog.Logger     // default: none
	Now  func() time.Time // default: time.Now
	Pace pace.Limit       // of users.info; default: Slack's
}

// A Directory learns the names and pictures of people in one workspace: of new ones at
// once, of the others every day and when Slack says that they changed. Make
// one with [New].
type Directory struct {
	workspace desk.WorkspaceID
	store     phonebook
	cases     namer
	slack     informer
	opt       Options

	missed map[desk.PersonID]miss // who could not be looked up; only Run touches it
}

// A miss is somebody whom Slack could not be asked about. The others go first,
// and each miss doubles the wait, so that one person holds up nobody else.
type miss struct {
	times int
	due   time.Time
}

// New returns a Directory of the people of w that s knows of.
func New(w desk.WorkspaceID, s phonebook, cases namer, slack informer, o Options) *Directory {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Pace == (pace.Limit{}) {
		o.Pace = pace.Slack().Rule("users.info").Method
	}
	return &Directory{workspace: w, store: s, cases: cases, slack: slack, opt: o, missed: map[desk.PersonID]miss{}}
}

// Run looks people up until ctx is done.
func (d *Directory) Run(ctx context.Context) error {
	wake := make(chan struct{}, 1)
	stop := d.store.Watch(func(h store.Hint) {
		if h.People || h.All {
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	})
	defer stop()
	b := []pace.Bucket{{Limit: d.opt.Pace}}
	for {
		again, hints := lookEvery, wake
		if wait := d.look(ctx, b); wait > 0 {
			again, hints = wait, nil // nothing is to be had before that
		}
		if !nap.For(ctx, again, hints, nil) {
			return nil
		}
	}
}

// look looks up who is not known or known from long ago. It returns how long
// to wait when it had to stop before the end.
func (d *Directory) look(ctx context.Context, b []pace.Bucket) (wait time.Duration) {
	for {
		people, err := d.store.StalePeople(ctx, ident.People(d.workspace), d.opt.Now().Add(-freshFor), peopleBite+len(d.missed))
		if err != nil {
			d.warn(ctx, err)
			return waitAfter
		}
		if people = d.due(people); len(people) == 0 {
			return 0
		}
		for _, p := range people {
			for wait := pace.Take(d.opt.Now().UnixMicro(), b); wait > 0; wait = pace.Take(d.opt.Now().UnixMicro(), b) {
				if !nap.For(ctx, wait, nil, nil) {
					return 0
				}
			}
			if wait := d.ask(ctx, p); wait > 0 || ctx.Err() != nil {
				return wait
			}
		}
	}
}

// due returns whom of people to ask about now, those never missed first.
func (d *Directory) due(people []desk.Person) []desk.Person {
	now := d.opt.Now()
	people = slices.DeleteFunc(people, func(p desk.Person) bool { return now.Before(d.missed[p.ID].due) })
	slices.SortStableFunc(people, func(a, b desk.Person) int { return d.missed[a.ID].times - d.missed[b.ID].times })
	return people
}

// miss notes that somebody could not be looked up.
func (d *Directory) miss(id desk.PersonID) {
	m := d.missed[id]
	wait := min(waitAfter<<min(m.times, 16), maxMissed)
	d.missed[id] = miss{times: m.times + 1, due: d.opt.Now().Add(wait)}
}

// ask asks Slack about one person and stores the answer. When Slack does not
// know the person, that is stored too, and asked again a day later.
func (d *Directory) ask(ctx context.Context, p desk.Person) (wait time.Duration) {
	w, user, ok := ident.SplitPerson(p.ID)
	if ok {
		u, err := d.slack.UserInfo(ctx, user)
		switch e, _ := errors.AsType[*api.Error](err); {
		case err == nil:
			p = described(p.ID, w, u)
		case e != nil && e.Kind == api.Limited:
			return max(e.After, time.Second)
		case e != nil && e.Kind == api.Refused && !ours(e.Code):
		default:
			d.warn(ctx, err)
			d.miss(p.ID)
			return waitAfter
		}
	}
	delete(d.missed, p.ID)
	if err := d.cases.NamePerson(ctx, p); err != nil {
		d.warn(ctx, err)
		return waitAfter
	}
	return 0
}

// ours reports whether an error is about us and not about the person asked for.
func ours(code string) bool {
	switch code {
	case "user_not_found", "user_not_visible", "users_not_found", "too_many_users":
		return false
	}
	return true
}

func (d *Directory) warn(ctx context.Context, err error) {
	if ctx.Err() == nil {
		d.opt.Log.Warn("people not looked up", slog.Any("err", err))
	}
}

func described(id desk.PersonID, w desk.WorkspaceID, u api.User) desk.Person {
	foreign := u.Foreign || u.Guest || u.TeamID != "" && u.TeamID != string(w)
	return desk.Person{ID: id, Name: u.Name, Avatar: u.Picture, External: foreign, Bot: u.Bot}
}

// Changed takes in what Slack says of a person, if it is one that we know.
func (d *Directory) Changed(ctx context.Context, w desk.WorkspaceID, u wire.User) error {
	id := ident.Person(w, u.ID)
	known, err := d.store.People(ctx, []desk.PersonID{id})
	if err != nil {
		return err
	}
	p, ok := known[id]
	if !ok || p.FetchedAt.IsZero() {
		return nil // nobody of ours, or about to be looked up
	}
	now := desk.Person{
		ID: id, Name: wireName(u), Avatar: u.Profile.Image, Bot: u.IsBot,
		External: u.IsStranger || u.IsRestricted || u.IsUltraRestricted || u.TeamID != "" && u.TeamID != string(w),
	}
	if now.Name == "" {
		now.Name = p.Name
	}
	if now.Name == p.Name && now.Avatar == p.Avatar && now.Bot == p.Bot && now.External == p.External {
		return nil // most changes are of a status or a time zone
	}
	return d.cases.NamePerson(ctx, now)
}

func wireName(u wire.User) string {
	for _, name := range []string{u.Profile.DisplayName, u.RealName, u.Profile.RealName, u.Name} {
		if name != "" {
			return name
		}
	}
	return ""
}
