package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/front"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/view"
	"caseline/internal/slack/wire"
)

func atNow() time.Time { return now }

// pressed hears for which workspaces something was pressed or typed.
type pressed struct{ in []string }

func (p *pressed) Command(_ context.Context, s wire.Slash) *view.Message {
	p.in = append(p.in, s.TeamID)
	return nil
}
func (p *pressed) Press(_ context.Context, i wire.Interaction) { p.in = append(p.in, i.Workspace()) }
func (p *pressed) Submit(_ context.Context, i wire.Interaction) *front.FormAnswer {
	p.in = append(p.in, i.Workspace())
	return nil
}
func (p *pressed) Shortcut(_ context.Context, i wire.Interaction) { p.in = append(p.in, i.Workspace()) }
func (p *pressed) Suggest(_ context.Context, i wire.Interaction) front.Offer {
	p.in = append(p.in, i.Workspace())
	return front.Offer{}
}

// TestInteractionsWithoutATeam finds the workspace of an interaction that Slack
// does not name: by the organisation, the person, the view and the channel, in
// this order, and never outside the organisation.
func TestInteractionsWithoutATeam(t *testing.T) {
	installed := ident.NewInstalled(
		served.Workspace{ID: "T1"}, served.Workspace{ID: "T2", Enterprise: "E2"},
		served.Workspace{ID: "T3", Enterprise: "E3"}, served.Workspace{ID: "T4", Enterprise: "E3"},
	)
	holder := func(_ context.Context, ch desk.ChannelID, among []desk.WorkspaceID) (desk.WorkspaceID, bool) {
		if ch == "C4" && (len(among) == 0 || slices.Contains(among, "T4")) {
			return "T4", true
		}
		return "", false
	}
	for _, tt := range []struct{ name, payload, want string }{
		{"a team", `"team":{"id":"T1"},"enterprise":{"id":"E2"}`, "T1"},
		{"an organisation of one workspace", `"team":null,"enterprise":{"id":"E2","name":"x"},"user":{"id":"U1","team_id":"T1"}`, "T2"},
		{"an organisation of two, the person's", `"team":null,"enterprise":{"id":"E3"},"user":{"id":"U1","team_id":"T4"},"view":{"app_installed_team_id":"T3"}`, "T4"},
		{"an organisation of two, a person of another workspace of ours", `"team":null,"enterprise":{"id":"E3"},"user":{"id":"U1","team_id":"T1"},"view":{"app_installed_team_id":"T3"}`, "T3"},
		{"an organisation of two, a person of the organisation", `"team":null,"enterprise":{"id":"E3"},"user":{"id":"W1","team_id":"E3"},"view":{"app_installed_team_id":"T4"}`, "T4"},
		{"an organisation of two, the channel's", `"team":null,"enterprise":{"id":"E3"},"user":{"id":"W1","team_id":"E3"},"channel":{"id":"C4"}`, "T4"},
		{"an organisation that nobody knows", `"team":null,"enterprise":{"id":"E9"},"user":{"id":"U1","team_id":"T9"},"channel":{"id":"C4"}`, "T9"},
		{"no organisation, the person's", `"user":{"id":"U1","team_id":"T1"},"view":{"app_installed_team_id":"T2"}`, "T1"},
		{"no organisation, the view's", `"user":{"id":"U1","team_id":"E3"},"view":{"app_installed_team_id":"T2"}`, "T2"},
		{"no organisation, the channel's", `"user":{"id":"U1"},"channel":{"id":"C4"}`, "T4"},
		{"nothing", `"user":{"id":"U1"},"channel":{"id":"C9"}`, ""},
		{"the person's, of a view that another of ours shows", `"team":{"id":"T2"},"user":{"id":"U1","team_id":"T2"},"view":{"app_installed_team_id":"T1"}`, "T1"},
		{"the person's, of a message that another of ours posted", `"team":{"id":"T2"},"user":{"id":"U1","team_id":"T2"},"message":{"team":"T1"}`, "T1"},
		{"the person's, of a message of a stranger's workspace", `"team":{"id":"T2"},"user":{"id":"U1","team_id":"T2"},"message":{"team":"T99"}`, "T2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &pressed{}
			in := NewIngress(wire.NewVerifier(secret), NewIntake(&kept{}, p, installed, IntakeOptions{Now: atNow, Holder: holder}))
			status, _ := serve(in, signedRequest("/slack/interactivity", "payload="+url.QueryEscape(`{"type":"block_actions",`+tt.payload+`}`)))
			if diff := cmp.Diff([]string{tt.want}, p.in); status != http.StatusOK || diff != "" {
				t.Errorf("status %d (-want +got):\n%s", status, diff)
			}
		})
	}
}

// TestAWorkspaceInstalledAMomentAgo is looked up before what comes from it is
// dropped; if it cannot be, Slack is asked to send it again.
func TestAWorkspaceInstalledAMomentAgo(t *testing.T) {
	installed, k, p := ident.NewInstalled(), &kept{}, &pressed{}
	var sought []string
	down := errors.New("the database is down")
	in := NewIngress(wire.NewVerifier(secret), NewIntake(k, p, installed, IntakeOptions{Now: atNow, Seek: func(_ context.Context, w desk.WorkspaceID, enterprise string) error {
		sought = append(sought, string(w)+" "+enterprise)
		if w == "T1" && down == nil {
			installed.Put(self)
		}
		return down
	}}))
	event := func(team string) string {
		return `{"type":"event_callback","team_id":"` + team + `","enterprise_id":"E0","event_id":"Ev` + team + `","authorizations":[{"team_id":"` + team + `","enterprise_id":"E1"}],
			"event":{"type":"message","channel":"C1","ts":"1610241741.000200","user":"U1","text":"hi"}}`
	}
	if status, _ := serve(in, signedRequest("/slack/events", event("T1"))); status != http.StatusInternalServerError || len(k.events) > 0 {
		t.Errorf("when it cannot be looked up: got %d, %d events", status, len(k.events))
	}
	down = nil
	if status, _ := serve(in, signedRequest("/slack/events", event("T1"))); status != http.StatusOK || len(k.events) != 1 {
		t.Errorf("when it is found: got %d, %d events", status, len(k.events))
	}
	if status, _ := serve(in, signedRequest("/slack/events", event("T9"))); status != http.StatusOK || len(k.events) != 1 || in.Counts()["event: unknown workspace"] != 1 {
		t.Errorf("when it is nowhere: got %d, %d events, counted %v", status, len(k.events), in.Counts())
	}
	serve(in, signedRequest("/slack/commands", "command=/support&team_id=T5&enterprise_id=E5"))
	if want := []string{"T1 E1", "T1 E1", "T9 E1", "T5 E5"}; !slices.Equal(sought, want) || !slices.Equal(p.in, []string{"T5"}) {
		t.Errorf("sought %q, want %q", sought, want)
	}
}

// TestTheEndOfAnOrganisation makes all its workspaces doubtful, and is not taken
// for news of the others; that it lets us in elsewhere is passed on.
func TestTheEndOfAnOrganisation(t *testing.T) {
	installed := ident.NewInstalled(served.Workspace{ID: "T1"}, served.Workspace{ID: "T3", Enterprise: "E3"}, served.Workspace{ID: "T4", Enterprise: "E3"})
	var doubted []string
	relisted := 0
	in := NewIngress(wire.NewVerifier(secret), NewIntake(&kept{}, &pressed{}, installed, IntakeOptions{
		Now: atNow, Relist: func() { relisted++ }, Doubt: func(w desk.WorkspaceID) { doubted = append(doubted, string(w)) },
	}))
	tell := func(kind, outer string) {
		if status, body := serve(in, signedRequest("/slack/events", `{"type":"event_callback","event_id":"Ev1",`+outer+`,"event":{"type":"`+kind+`"}}`)); status != http.StatusOK {
			t.Errorf("%s: got %d %s", kind, status, body)
		}
	}
	tell("app_uninstalled", `"team_id":null,"enterprise_id":"E3"`)
	slices.Sort(doubted)
	if got := strings.Join(doubted, " "); got != "T3 T4" {
		t.Errorf("doubted %q, want the organisation's", got)
	}
	if relisted != 1 {
		t.Error("the organisation is not asked, should we be in none of its workspaces")
	}
	doubted = nil
	tell("tokens_revoked", `"team_id":"T1"`)
	if got := strings.Join(doubted, " "); got != "T1" {
		t.Errorf("doubted %q, want T1", got)
	}
	tell("team_access_granted", `"team_id":"T7","enterprise_id":"E3"`)
	tell("team_access_revoked", `"team_id":null,"enterprise_id":"E3"`)
	if relisted != 3 {
		t.Errorf("relisted %d times, want 3", relisted)
	}
}

// TestTheFirstAuthorizationDecides has a message in a channel that two workspaces
// of ours share, by a person of one of them: it is of the one that Slack delivers
// it for, whose person its author is there, too.
func TestTheFirstAuthorizationDecides(t *testing.T) {
	two := ident.NewInstalled(self, served.Workspace{ID: "T2", BotID: "B2", BotUID: "U9"})
	for first, second := range map[string]string{"T1": "T2", "T2": "T1"} {
		k := &kept{}
		in := NewIngress(wire.NewVerifier(secret), NewIntake(k, &pressed{}, two, IntakeOptions{Now: atNow}))
		body := `{"type":"event_callback","team_id":"` + second + `","context_team_id":"` + second + `","event_id":"Ev1","is_ext_shared_channel":true,
			"authorizations":[{"team_id":"` + first + `"},{"team_id":"` + second + `"}],
			"event":{"type":"message","channel":"C1","ts":"1610241741.000200","user":"U5","user_team":"` + second + `","text":"hi"}}`
		if status, _ := serve(in, signedRequest("/slack/events", body)); status != http.StatusOK || len(k.events) != 1 {
			t.Fatalf("got %d, %d events", status, len(k.events))
		}
		w := desk.WorkspaceID(first)
		if want := desk.PlaceLane(ident.Channel(w, "C1")); k.events[0].Lane != want {
			t.Errorf("got lane %s, want %s", k.events[0].Lane, want)
		}
		r, err := Interpret(k.events[0].Body, two.Find, two.Channels)
		if err != nil || r.Message == nil || r.Message.Place != ident.Channel(w, "C1") || r.Message.Author != ident.Person(w, "U5") {
			t.Errorf("got %+v, %v, want a message of %s", r.Message, err, first)
		}
	}
}

// TestEventsOfASharedChannelComeToOneWorkspace: Slack sends one event of a channel
// that several of our workspaces share, and names any of them.
func TestEventsOfASharedChannelComeToOneWorkspace(t *testing.T) {
	installed := ident.NewInstalled(
		served.Workspace{ID: "T1", BotUID: "U0ONE"}, served.Workspace{ID: "T2", BotUID: "U0TWO"},
		served.Workspace{ID: "T3", Enterprise: "E3"}, served.Workspace{ID: "T4", Enterprise: "E3"},
	)
	holder := func(_ context.Context, ch desk.ChannelID, among []desk.WorkspaceID) (desk.WorkspaceID, bool) {
		w := desk.WorkspaceID("T" + strings.TrimPrefix(string(ch), "C"))
		return w, slices.Contains(among, w)
	}
	message := `"type":"message","channel":"C%s","user":"U1","text":"hi","ts":"1610241741.000200"`
	for _, tt := range []struct{ name, named, more, event, want string }{
		{"words", "T2", `"is_ext_shared_channel":true`, fmt.Sprintf(message, "1"), "T1/C1"},
		{"words, named as it is", "T1", `"is_ext_shared_channel":true`, fmt.Sprintf(message, "1"), "T1/C1"},
		{"words that nobody has a place for", "T2", `"is_ext_shared_channel":true`, fmt.Sprintf(message, "9"), "T2/C9"},
		{"words in a channel that is not shared", "T2", `"is_ext_shared_channel":false`, fmt.Sprintf(message, "1"), "T2/C1"},
		{"an edit", "T2", `"is_ext_shared_channel":true`, `"type":"message","subtype":"message_changed","channel":"C1","ts":"1.2","message":{"user":"U1","ts":"1.1","text":"x"}`, "T1/C1"},
		{"a reaction", "T2", `"is_ext_shared_channel":true`, `"type":"reaction_added","user":"U1","reaction":"x","item":{"type":"message","channel":"C1","ts":"1.2"}`, "T1/C1"},
		{"a person who joins", "T2", `"is_ext_shared_channel":true`, `"type":"member_joined_channel","user":"U1","channel":"C1"`, "T1/C1"},
		{"our app, which joins", "T2", `"is_ext_shared_channel":true`, `"type":"member_joined_channel","user":"U0TWO","channel":"C1"`, "T2/C1"},
		{"what happens to the channel is each side's own", "T2", `"is_ext_shared_channel":true`, `"type":"channel_archive","channel":"C1","user":"U1"`, "T2/C1"},
		{"words in an organisation", "T3", `"enterprise_id":"E3"`, fmt.Sprintf(message, "4"), "T4/C4"},
		{"words in an organisation, of a channel elsewhere", "T3", `"enterprise_id":"E3"`, fmt.Sprintf(message, "1"), "T3/C1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := &kept{}
			in := NewIngress(wire.NewVerifier(secret), NewIntake(k, &pressed{}, installed, IntakeOptions{Now: atNow, Holder: holder}))
			status, _ := serve(in, signedRequest("/slack/events", fmt.Sprintf(`{"type":"event_callback","event_id":"Ev1","team_id":%q,%s,"event":{%s}}`, tt.named, tt.more, tt.event)))
			if status != http.StatusOK || len(k.events) != 1 || k.events[0].Lane != desk.PlaceLane(desk.Place(tt.want)) {
				t.Fatalf("status %d, stored %+v, want it in the lane of %s", status, k.events, tt.want)
			}
		})
	}
}

// known is the record of workspaces.
type known map[desk.WorkspaceID]served.Workspace

func (k known) Workspace(_ context.Context, id desk.WorkspaceID) (served.Workspace, error) {
	w, ok := k[id]
	if !ok {
		return served.Workspace{}, desk.ErrNotFound
	}
	return w, nil
}

// TestEventsOfAWorkspaceWhoseTokenDoesNotOpenAreStored: Slack gives up what is
// refused for hours, and then the subscription, which is that of all workspaces.
func TestEventsOfAWorkspaceWhoseTokenDoesNotOpenAreStored(t *testing.T) {
	k := &kept{}
	in := NewIngress(wire.NewVerifier(secret), NewIntake(k, &pressed{}, ident.NewInstalled(), IntakeOptions{
		Now: atNow, Seek: func(context.Context, desk.WorkspaceID, string) error { return errors.New("sealed with another key") },
		Known: known{"T1": {ID: "T1", BotID: "B1"}, "T2": {ID: "T2"}},
	}))
	for _, tt := range []struct {
		name, team, author string
		status, stored     int
	}{
		{"a person's words", "T1", `"user":"U1"`, http.StatusOK, 1},
		{"our own", "T1", `"user":"U0","bot_id":"B1"`, http.StatusOK, 0},
		{"words where nobody knows who we are", "T2", `"user":"U1"`, http.StatusInternalServerError, 0},
		{"words where we never were", "T3", `"user":"U1"`, http.StatusInternalServerError, 0},
	} {
		k.events = nil
		status, _ := serve(in, signedRequest("/slack/events", `{"type":"event_callback","team_id":"`+tt.team+`","event_id":"Ev1",
			"event":{"type":"message","channel":"C1","ts":"1610241741.000200","text":"hi",`+tt.author+`}}`))
		if status != tt.status || len(k.events) != tt.stored {
			t.Errorf("%s: got %d, stored %d; want %d, %d", tt.name, status, len(k.events), tt.status, tt.stored)
		}
	}
}
