package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/roster"
)

// Work is of the teams that its agent is in and that take such cases; what has no
// agent is of all that take such cases.
func TestB12_WorkIsCountedForTheTeamsThatDoIt(t *testing.T) {
	teams := Teams([]roster.Team{
		{ID: "german", Skills: roster.Skills{Languages: []string{"de"}}, Members: []desk.AgentID{"jane", "omar"}},
		{ID: "web", Skills: roster.Skills{Services: []string{"web"}}, Members: []desk.AgentID{"jane"}},
		{ID: "mail", Skills: roster.Skills{Services: []string{"mail"}}, Members: []desk.AgentID{"lena"}},
	})
	for name, of := range map[string]struct {
		c     CaseFact
		agent desk.AgentID
		want  []roster.TeamID
	}{
		"of one of her teams":            {CaseFact{Service: "web", Language: "en"}, "jane", []roster.TeamID{"web"}},
		"of both":                        {CaseFact{Service: "web", Language: "de"}, "jane", []roster.TeamID{"german", "web"}},
		"of none, so of whose she is":    {CaseFact{Service: "mail", Language: "en"}, "jane", []roster.TeamID{"german", "web"}},
		"nobody's yet":                   {CaseFact{Service: "mail", Language: "de"}, "", []roster.TeamID{"german", "mail"}},
		"of somebody who is in no team":  {CaseFact{Service: "web", Language: "de"}, "ada", nil},
		"nobody's, and no team takes it": {CaseFact{Service: "phone", Language: "fr"}, "", nil},
	} {
		for range 2 { // what is remembered is the same
			if diff := cmp.Diff(of.want, teams(&of.c, of.agent)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
	count := func(filter roster.TeamID) map[string]int {
		q := march(t)
		q.By, q.Teams, q.Filter.Team = ByTeam, teams, filter
		a := Begin(q)
		at := q.From.Add(time.Hour)
		for _, c := range []CaseFact{
			{Case: "1", Service: "web", Language: "de", OpenedAt: at, AnsweredAt: at, AnsweredBy: "jane"},
			{Case: "2", Service: "web", Language: "de", OpenedAt: at, AnsweredAt: at, AnsweredBy: "omar"},
			{Case: "3", Service: "phone", Language: "en", OpenedAt: at},
		} {
			a.Case(&c)
		}
		got := map[string]int{"": a.Now.Opened}
		for _, g := range a.Groups() {
			got["of "+g.Key] = g.Opened
		}
		return got
	}
	for filter, want := range map[roster.TeamID]map[string]int{
		"":       {"": 3, "of german": 2, "of web": 1, "of ": 1},
		"german": {"": 2, "of german": 2, "of web": 1},
		"mail":   {"": 0},
	} {
		if diff := cmp.Diff(want, count(filter)); diff != "" {
			t.Errorf("team %q (-want +got):\n%s", filter, diff)
		}
	}
}

// Offers are counted at their agent, in the period in which they were made.
func TestB12_OffersAreCountedAtTheirAgent(t *testing.T) {
	q := march(t)
	a := Begin(q)
	at := q.From.Add(time.Hour)
	for i, end := range []OfferEnd{OfferAccepted, OfferPassed, OfferLapsed, OfferWithdrawn, OfferAccepted} {
		a.Offer(&OfferFact{Agent: "jane", At: at, EndedAt: at.Add(time.Duration(5+i) * time.Second), End: end}, &CaseFact{})
	}
	a.Offer(&OfferFact{Agent: "omar", At: at, EndedAt: at, End: OfferPassed}, &CaseFact{})
	a.Offer(&OfferFact{Agent: "omar", At: q.To, EndedAt: q.To, End: OfferPassed}, &CaseFact{})
	if a.Now.Offers != 6 {
		t.Errorf("%d offers, want 6", a.Now.Offers)
	}
	for _, g := range a.Groups() {
		got := []int{g.Offers, g.Accepted, g.Passed, g.Lapsed, g.Accepting.N()}
		want := map[string][]int{"jane": {5, 2, 1, 1, 2}, "omar": {1, 0, 1, 0, 0}}[g.Key]
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", g.Key, diff)
		}
		if median, ok := g.Accepting.Median(); g.Key == "jane" && (!ok || median != 5*time.Second) {
			t.Errorf("she accepts after %s", median)
		}
	}
}
