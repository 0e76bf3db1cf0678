package groups

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/wire"
	"caseline/internal/store"
)

const (
	freshFor = time.Hour        // how long what Slack said is believed
	askFor   = time.Second      // how long asking may hold up what somebody waits for
	retryIn  = 10 * time.Second // after a failure that may pass
)

var errAskFor = errors.New("slack did not name the user groups in time")

// A keeper holds what is known of user groups.
type keeper interface {
	Groups(ctx context.Context, w desk.WorkspaceID) ([]served.Group, error)
	GroupsOf(ctx context.Context, w desk.WorkspaceID, who desk.PersonID) ([]served.GroupID, error)
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// A lister asks Slack for the user groups.
type lister interface {
	UserGroups(ctx context.Context) ([]api.UserGroup, error)
}

// Options are what a Groups can do without.
type Options struct {
	Log *slog.Logger     // default: none
	Now func() time.Time // default: time.Now
}

// A Groups knows who is in which user group. It may be used by many goroutines.
// Make one with [New].
type Groups struct {
	store keeper
	slack lister
	opt   Options

	mu    sync.Mutex // guards known; held for one look or one write
	known map[desk.WorkspaceID]standing
}

// A standing is what we know of a workspace's user groups.
type standing struct {
	until time.Time // when Slack is to be asked again
	off   bool      // there are none for us
	read  bool      // Slack has named them since we started
}

// New returns a Groups that keeps what it learns in s.
func New(s keeper, slack lister, o Options) *Groups {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Groups{store: s, slack: slack, opt: o, known: map[desk.WorkspaceID]standing{}}
}

// GroupsOf returns the user groups of a workspace that a person is in. When
// Slack cannot be asked, what it said before counts; the error says that it
// never said anything.
func (g *Groups) GroupsOf(ctx context.Context, w desk.WorkspaceID, who desk.PersonID) ([]served.GroupID, error) {
	at := g.at(w)
	if !g.opt.Now().Before(at.until) {
		var err error
		if at, err = g.ask(ctx, w, at); err != nil {
			return nil, err
		}
	}
	if at.off {
		return nil, nil
	}
	return g.store.GroupsOf(ctx, w, who)
}

// Groups returns the user groups of a workspace, by handle, also those that were
// taken away. When Slack cannot be asked, what it said before counts.
func (g *Groups) Groups(ctx context.Context, w desk.WorkspaceID) ([]served.Group, error) {
	at := g.at(w)
	if !g.opt.Now().Before(at.until) {
		var err error
		if at, err = g.ask(ctx, w, at); err != nil {
			return nil, err
		}
	}
	if at.off {
		return nil, nil
	}
	return g.store.Groups(ctx, w)
}

func (g *Groups) at(w desk.WorkspaceID) standing {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.known[w]
}

func (g *Groups) put(w desk.WorkspaceID, at standing) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.known[w] = at
}

// ask asks Slack for all user groups and keeps them.
func (g *Groups) ask(ctx context.Context, w desk.WorkspaceID, at standing) (standing, error) {
	bound, cancel := context.WithTimeoutCause(ctx, askFor, errAskFor)
	defer cancel()
	all, err := g.slack.UserGroups(bound)
	now := g.opt.Now()
	switch code := api.Code(err); {
	case err == nil:
		if err := g.keep(ctx, w, all); err != nil {
			return at, fmt.Errorf("keep the user groups of %s: %w", w, err)
		}
		at = standing{until: now.Add(freshFor), read: true}
	case code == "plan_upgrade_required", code == "missing_scope", code == "not_allowed_token_type":
		g.opt.Log.Warn("user groups cannot be used here: nobody counts as being in one", slog.String("workspace", string(w)), slog.Any("err", err))
		at = standing{until: now.Add(freshFor), off: true}
	default:
		g.opt.Log.Warn("user groups not read", slog.String("workspace", string(w)), slog.Any("err", err))
		if !at.read {
			if old, readErr := g.store.Groups(ctx, w); readErr != nil || len(old) == 0 {
				return at, errors.Join(fmt.Errorf("user groups of %s: %w", w, err), readErr)
			}
		}
		at.until = now.Add(retryIn)
	}
	g.put(w, at)
	return at, nil
}

// keep keeps what Slack says of all user groups. It names those too that were
// taken away.
func (g *Groups) keep(ctx context.Context, w desk.WorkspaceID, all []api.UserGroup) error {
	return g.store.Update(ctx, func(tx store.Tx) error {
		for _, u := range all {
			if err := tx.SaveGroup(ctx, described(w, u.ID, u.Handle, u.Name, u.Disabled, u.Users)); err != nil {
				return err
			}
		}
		return nil
	})
}

func described(w desk.WorkspaceID, id, handle, name string, disabled bool, users []string) *served.Group {
	group := &served.Group{Workspace: w, ID: served.GroupID(id), Handle: handle, Name: name, Disabled: disabled}
	if !disabled {
		group.Members = people(w, users)
	}
	return group
}

func people(w desk.WorkspaceID, users []string) []desk.PersonID {
	var all []desk.PersonID
	for _, user := range users {
		if ident.Valid(user) {
			all = append(all, ident.Person(w, user))
		}
	}
	return all
}

// Changed takes in what Slack says of one user group, if anybody ever needed to
// know of them. What it does not say is asked for when it is needed.
func (g *Groups) Changed(ctx context.Context, w desk.WorkspaceID, c wire.GroupChange) error {
	known, err := g.store.Groups(ctx, w)
	if err != nil || len(known) == 0 && !g.at(w).read {
		return err
	}
	whole := c.Group.ID != "" && (c.Group.HasUsers || c.Group.Deleted())
	id := served.GroupID(c.Group.ID)
	if c.Group.ID == "" {
		id = served.GroupID(c.ID)
	}
	if !ident.Valid(string(id)) {
		return nil
	}
	if !whole && c.Group.ID != "" {
		at := g.at(w)
		at.until = time.Time{}
		g.put(w, at)
		return nil
	}
	return g.store.Update(ctx, func(tx store.Tx) error {
		if whole {
			return tx.SaveGroup(ctx, described(w, c.Group.ID, c.Group.Handle, c.Group.Name, c.Group.Deleted(), c.Group.Users))
		}
		return tx.MoveMembers(ctx, w, id, people(w, c.Added), people(w, c.Removed))
	})
}
