package slacksim_test

import (
	"fmt"
	"slices"
	"testing"

	"caseline/internal/slacksim"
	"caseline/internal/slacksim/person"
	"caseline/internal/slacksim/world"
)

func TestUserGroups(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	g := s.ws.AddGroup("oncall", "On call", s.alice)
	ids := func() []string {
		var out []string
		for _, one := range s.ok(t, "usergroups.list")["usergroups"].([]any) {
			out = append(out, fmt.Sprint(one.(map[string]any)["handle"]))
		}
		return out
	}
	if got := ids(); !slices.Equal(got, []string{"oncall"}) {
		t.Errorf("usergroups.list = %v", got)
	}
	one := s.ok(t, "usergroups.list", "include_users", "true", "include_count", "true")["usergroups"].([]any)[0].(map[string]any)
	if one["id"] != g.ID || fmt.Sprint(one["users"]) != "["+s.alice.ID+"]" || one["user_count"] != 1.0 || one["date_delete"] != 0.0 {
		t.Errorf("group = %v", one)
	}
	g.Change(func(row *world.UserGroup) { row.Members = []string{s.bob.ID} })
	if got := s.ok(t, "usergroups.users.list", "usergroup", g.ID)["users"]; fmt.Sprint(got) != "["+s.bob.ID+"]" {
		t.Errorf("usergroups.users.list = %v", got)
	}
	s.refused(t, "no_such_subteam", "usergroups.users.list", "usergroup", "S0")
	m := s.ops.Post(s.alice, "help "+g.Mention()+" please")
	if want := "help <!subteam^" + g.ID + "> please"; m.Text() != want {
		t.Errorf("the mention is %q, want %q", m.Text(), want)
	}
	for _, l := range s.sim.World.Sidebar(s.bob.ID) {
		if l.Channel.ID == s.ops.ID && l.Mentions != 1 {
			t.Errorf("bob has %d mentions", l.Mentions)
		}
	}
	g.Change(func(row *world.UserGroup) { row.Disabled = 1 })
	if got := ids(); len(got) != 0 {
		t.Errorf("a group out of use is listed: %v", got)
	}
	s.quiet(t)
	changed := s.app.Events("subteam_members_changed")
	if len(s.app.Events("subteam_created")) != 1 || len(s.app.Events("subteam_updated")) != 2 || len(changed) != 1 {
		t.Fatalf("events: %v", changed)
	}
	if fmt.Sprint(changed[0]["added_users"], changed[0]["removed_users"]) != fmt.Sprint([]any{s.bob.ID}, []any{s.alice.ID}) {
		t.Errorf("subteam_members_changed = %v", changed[0])
	}
	s.ws.Configure(func(ws *world.Workspace) { ws.FreePlan = true })
	s.refused(t, "plan_upgrade_required", "usergroups.list")
}

func TestPeopleOfAnotherOrganisation(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	war := s.private("war-room")
	eve := s.ws.AddUser("eve", "Eve Far", slacksim.Of("T0FAR", "Fabrikam"), slacksim.Email("eve@fabrikam.example"))
	out := s.call(t, "conversations.invite", "channel", war.ID, "users", eve.ID)
	if out["error"] != "no_external_invite_permission" {
		t.Errorf("invited before the channel was shared: %v", out)
	}
	shared := war.Connect("T0FAR")
	if shared.ID == war.ID {
		t.Error("a private channel that is shared keeps its id")
	}
	shared.Invite(s.alice, eve)
	info := s.ok(t, "conversations.info", "channel", shared.ID)["channel"].(map[string]any)
	if info["is_ext_shared"] != true || fmt.Sprint(info["connected_team_ids"]) != "[T0FAR]" {
		t.Errorf("channel = %v", info)
	}
	u := s.ok(t, "users.info", "user", eve.ID)["user"].(map[string]any)
	if u["is_stranger"] != true || u["team_id"] != "T0FAR" || u["profile"].(map[string]any)["email"] != nil {
		t.Errorf("user = %v", u)
	}
	for _, m := range s.ok(t, "users.list")["members"].([]any) {
		if m.(map[string]any)["id"] == eve.ID {
			t.Error("users.list names somebody of another organisation")
		}
	}
	s.refused(t, "users_not_found", "users.lookupByEmail", "email", "eve@fabrikam.example")
	shared.Post(eve, "hello from afar")
	s.quiet(t)
	e := s.last(t, "message")
	if e["team"] != "T0FAR" || e["user_team"] != "T0FAR" || e["source_team"] != "T0FAR" || e["user_profile"] == nil {
		t.Errorf("message = %v", e)
	}
	for _, r := range s.app.Requests("/events") {
		if r.Event()["text"] != "hello from afar" {
			continue
		}
		if env := r.Envelope(); env["is_ext_shared_channel"] != true || env["team_id"] != s.ws.ID {
			t.Errorf("envelope = %v", env)
		}
	}
	if _, err := shared.Command(t.Context(), eve, "/support create"); err == nil {
		t.Error("somebody of another organisation ran a command")
	}
	if err := s.ws.Shortcut(t.Context(), eve, s.in, "case_create"); err == nil {
		t.Error("somebody of another organisation ran a shortcut")
	}
	if _, err := s.sim.People.Post(person.Draft{User: eve.ID, Channel: s.ops.ID, Text: "x"}); err == nil {
		t.Error("they see a channel that they are not in")
	}
	shared.Disconnect("T0FAR")
	if slices.Contains(shared.Members(), "eve") {
		t.Error("they are still in a channel that is not shared any more")
	}
	s.quiet(t)
	if len(s.app.Events("channel_shared")) != 1 || len(s.app.Events("channel_unshared")) != 1 || len(s.app.Events("channel_id_changed")) != 1 {
		t.Error("the app was not told of sharing, its end and the new id")
	}
}

func TestAPublicChannelIsMadePrivate(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	carol := s.ws.AddUser("carol", "Carol Out")
	s.ops.MakePrivate(s.alice)
	if _, err := s.sim.World.SeenChannel(carol.ID, s.ops.ID); err == nil {
		t.Error("somebody who is no member sees it still")
	}
	s.quiet(t)
	if e := s.last(t, "message"); e["subtype"] != "channel_convert_to_private" || e["channel_type"] != "group" {
		t.Errorf("the app heard %v", e)
	}
	info := s.ok(t, "conversations.info", "channel", s.ops.ID)["channel"].(map[string]any)
	if info["is_private"] != true {
		t.Errorf("channel = %v", info)
	}
}

func TestAGuestSeesOnlyTheirChannels(t *testing.T) {
	s := newStage(t, slacksim.Options{})
	dana := s.ws.AddUser("dana", "Dana Guest", slacksim.Guest)
	if _, err := s.sim.World.SeenChannel(dana.ID, s.ops.ID); err == nil {
		t.Error("a guest sees a channel that they are not in")
	}
	s.ops.Invite(s.alice, dana)
	if _, err := s.sim.World.SeenChannel(dana.ID, s.ops.ID); err != nil {
		t.Error(err)
	}
}
