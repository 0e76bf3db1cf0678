package tenants

import (
	"context"
	"errors"
	"slices"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/install"
)

// Start adds a tenant without asking Slack anything, if the workspace is known
// from before.
func (s *Set) Start(ctx context.Context, app install.App) error {
	word := s.lastWord(app.Workspace)
	self, err := s.known(ctx, app)
	if err != nil {
		s.Put(app)
		return nil // Slack says who we are there, when there is time to ask
	}
	client, err := api.New(app.Token, s.parts.Calls(app.Workspace, app.Team))
	if err != nil {
		return err
	}
	s.parts.Installed.Put(self)
	return s.add(newTenant(&s.parts, self, client, app), app, word)
}

// known is who our app is in a workspace as an earlier run wrote down, if it
// knew all that tells us from others.
func (s *Set) known(ctx context.Context, app install.App) (served.Workspace, error) {
	self, err := s.parts.Store.Workspace(ctx, app.Workspace)
	if err == nil && self.BotID == "" {
		err = desk.ErrNotFound
	}
	self.Enterprise = app.Enterprise
	return self, err
}

// Put adds a tenant, or has the one there is go on with another token. It returns
// at once: Slack is asked later who we are there.
func (s *Set) Put(app install.App) {
	w := app.Workspace
	s.mu.Lock()
	t := s.tenants[w]
	before := s.apps[w]
	same := t != nil && before == app
	if !same {
		s.coming[w] = app
		s.word[w]++
	}
	delete(s.leaving, w)
	s.mu.Unlock()
	if same {
		return
	}
	if t != nil && before.Team == app.Team {
		t.client.Renew(app.Token)
		s.parts.Gate.Heal(string(w)) // what the token before did not send
	}
	s.change()
}

// Remove takes the tenant of a workspace away, where our app is no more. It
// returns at once.
func (s *Set) Remove(w desk.WorkspaceID, reason string) {
	if t, app := s.serving(w); t != nil && app.Token == "" {
		return // it is that of slack.bot_token, which no installation gave
	}
	s.mu.Lock()
	delete(s.tenants, w)
	delete(s.apps, w)
	delete(s.coming, w)
	s.leaving[w] = reason
	s.word[w]++
	s.mu.Unlock()
	s.change()
}

// alone waits until nobody else admits a tenant or sees one off.
func (s *Set) alone(ctx context.Context) (done func(), err error) {
	select {
	case s.turn <- struct{}{}:
		return func() { <-s.turn }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// seeOff ends the chats of a workspace whose tenant was taken away.
func (s *Set) seeOff(ctx context.Context, w desk.WorkspaceID, why string) error {
	done, err := s.alone(ctx)
	if err != nil {
		return err
	}
	defer done()
	if back, err := s.back(ctx, w); err != nil || back {
		return err
	}
	self, _ := s.parts.Installed.Find(w)
	self.ID, self.State, self.Reason = w, served.WorkspaceDisconnected, why
	s.parts.Installed.Put(self)
	if err := s.parts.Cases.Disconnect(ctx, w, why); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.leaving, w)
	return nil
}

// back reports whether our app is in a workspace again: here, or by the word of
// another node, which the keeper passes on.
func (s *Set) back(ctx context.Context, w desk.WorkspaceID) (bool, error) {
	if s.of(w) != nil {
		return true, nil
	}
	all, err := s.parts.Store.Installations(ctx)
	return slices.ContainsFunc(all, func(i served.Installation) bool {
		return i.Gone == "" && (i.Workspace == w || slices.Contains(i.Reaches, w))
	}), err
}

// admit asks Slack who our app is in a workspace, and adds its tenant, unless
// there is one to which that makes no difference. It fails by errOvertaken when
// somebody has had another word since.
func (s *Set) admit(ctx context.Context, app install.App, since int) error {
	done, err := s.alone(ctx)
	if err != nil {
		return err
	}
	defer done()
	was, before := s.serving(app.Workspace)
	if s.lastWord(app.Workspace) != since {
		return errOvertaken // before anything of it is written down
	}
	if was != nil && before == app {
		return nil // somebody did meanwhile
	}
	client, err := api.New(app.Token, s.parts.Calls(app.Workspace, app.Team))
	if err != nil {
		return err
	}
	out, _ := s.parts.Installed.Find(app.Workspace)
	self, err := slack.Setup(ctx, client, s.parts.Store, s.parts.Installed, s.parts.Log)
	if err != nil {
		return errors.Join(err, s.refused(ctx, app, err))
	}
	if was != nil && before.Token != "" && before.Team == app.Team && was.self.BotID == self.BotID && was.self.BotUID == self.BotUID {
		if out.State == served.WorkspaceDisconnected {
			s.parts.Missed() // what nobody heard meanwhile
		}
		return s.settled(app.Workspace, app, since, func() { was.client.Renew(app.Token) })
	}
	if err := s.add(newTenant(&s.parts, self, client, app), app, since); err != nil {
		return err
	}
	s.parts.Missed() // what nobody heard meanwhile
	return nil
}

// refused has the keeper know that Slack does not take a token, or not there.
func (s *Set) refused(ctx context.Context, app install.App, err error) error {
	w := app.Workspace
	switch {
	case api.Expired(err):
		s.parts.Keeper.Doubt(w)
	case api.Ungranted(err):
		s.parts.relist()
	case api.ShutOut(err):
		return s.parts.Keeper.Gone(ctx, string(w), app.Enterprise, api.Code(err))
	}
	return nil
}

// Seek has a tenant for a workspace to which something came, if our app is
// installed there: another node may have heard of that a moment ago.
func (s *Set) Seek(ctx context.Context, w desk.WorkspaceID, enterprise string) error {
	if s.of(w) != nil || s.parts.Keeper == nil || w == "" {
		return nil
	}
	for {
		word := s.lastWord(w)
		app, ok, err := s.parts.Keeper.Resolve(ctx, string(w), enterprise)
		if err != nil || !ok {
			return err
		}
		if err := s.admit(ctx, app, word); !errors.Is(err, errOvertaken) {
			return err
		}
	}
}

// Relist has organisations asked into which of their workspaces we are let.
func (s *Set) Relist() { s.parts.relist() }

// Holder says which of some workspaces, or of all, a channel is of: of a chat's own
// that workspace, else the first in which it was set up.
func (s *Set) Holder(ctx context.Context, ch desk.ChannelID, among []desk.WorkspaceID) (desk.WorkspaceID, bool) {
	if len(among) == 0 {
		for _, t := range s.all() {
			among = append(among, t.self.ID)
		}
	}
	among = slices.DeleteFunc(slices.Clone(among), func(w desk.WorkspaceID) bool { return s.of(w) == nil })
	first := func(w desk.WorkspaceID) desk.ChannelID { return s.parts.Installed.Channels(w).First(ch) }
	for _, w := range among {
		if _, err := s.parts.Store.CaseAt(ctx, ident.Channel(w, first(w))); err == nil {
			return w, true
		}
	}
	for _, w := range slices.Sorted(slices.Values(among)) {
		if configs, err := s.parts.Store.ChannelsAt(ctx, w, first(w)); err == nil && len(configs) > 0 {
			return w, true
		}
	}
	return "", false
}
