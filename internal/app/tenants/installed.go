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
	s.add(newTenant(&s.parts, self, client, app), app)
	return nil
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
	if s.of(w) != nil {
		return nil // it is back
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

// admit asks Slack who our app is in a workspace, and adds its tenant, unless
// there is one to which that makes no difference.
func (s *Set) admit(ctx context.Context, app install.App) error {
	done, err := s.alone(ctx)
	if err != nil {
		return err
	}
	defer done()
	was, before := s.serving(app.Workspace)
	if was != nil && before == app {
		return nil // somebody did meanwhile
	}
	client, err := api.New(app.Token, s.parts.Calls(app.Workspace, app.Team))
	if err != nil {
		return err
	}
	self, err := slack.Setup(ctx, client, s.parts.Store, s.parts.Installed, s.parts.Log)
	if err != nil {
		return errors.Join(err, s.refused(ctx, app, err))
	}
	if was != nil && before.Token != "" && before.Team == app.Team && was.self.BotID == self.BotID && was.self.BotUID == self.BotUID {
		was.client.Renew(app.Token)
		s.settled(app.Workspace, app)
		return nil
	}
	s.add(newTenant(&s.parts, self, client, app), app)
	s.parts.Missed() // what nobody heard meanwhile
	return nil
}

// refused has the keeper know that Slack does not take a token.
func (s *Set) refused(ctx context.Context, app install.App, err error) error {
	w := app.Workspace
	switch {
	case api.Expired(err):
		s.parts.Keeper.Doubt(w)
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
	app, ok, err := s.parts.Keeper.Resolve(ctx, string(w), enterprise)
	if err != nil || !ok {
		return err
	}
	return s.admit(ctx, app)
}

// Relist has organisations asked into which of their workspaces we are let.
func (s *Set) Relist() {
	if s.parts.Keeper != nil {
		s.parts.Keeper.Relist()
	}
}

// Holder says which of some workspaces, or of all, a channel is of: the first that
// it was set up in, or that has a chat there.
func (s *Set) Holder(ctx context.Context, ch desk.ChannelID, among []desk.WorkspaceID) (desk.WorkspaceID, bool) {
	if len(among) == 0 {
		for _, t := range s.all() {
			among = append(among, t.self.ID)
		}
	}
	for _, w := range slices.Sorted(slices.Values(among)) {
		first := s.parts.Installed.Channels(w).First(ch)
		if configs, err := s.parts.Store.ChannelsAt(ctx, w, first); err == nil && len(configs) > 0 {
			return w, true
		}
		if _, err := s.parts.Store.CaseAt(ctx, ident.Channel(w, first)); err == nil {
			return w, true
		}
	}
	return "", false
}
