package tenants_test

import (
	"testing"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
)

// An installation that is no more takes away no workspace that slack.bot_token
// serves.
func TestNoInstallationTakesAwayWhatTheBotTokenServes(t *testing.T) {
	s := newStreet(t)
	client, err := api.New(s.bots[s.acme].Token, api.Options{BaseURL: s.sim.World.BaseURL() + "/api/"})
	s.must(err)
	s.set.Add(served.Workspace{ID: desk.WorkspaceID(s.acme.ID), BotID: "B1", BotUID: "U1"}, client)
	s.set.Remove(desk.WorkspaceID(s.acme.ID), "app_uninstalled")
	if _, _, err := s.set.Public(t.Context(), desk.WorkspaceID(s.acme.ID)); err != nil {
		t.Errorf("it is served no more: %v", err)
	}
}
