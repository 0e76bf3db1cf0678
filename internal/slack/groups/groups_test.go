package groups_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/api"
	"caseline/internal/slack/groups"
	"caseline/internal/slack/wire"
	"caseline/internal/store/storetest"
)

// A slack answers as it is told to.
type slack struct {
	asked int
	all   []api.UserGroup
	err   error
}

func (s *slack) UserGroups(context.Context) ([]api.UserGroup, error) {
	s.asked++
	return s.all, s.err
}

// A bench is a Groups with a clock and a Slack of its own.
type bench struct {
	*testing.T
	slack slack
	now   time.Time
	g     *groups.Groups
}

func newBench(t *testing.T) *bench {
	b := &bench{T: t, now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
	b.slack.all = []api.UserGroup{{ID: "S1", Handle: "leads", Users: []string{"U1", "U2"}}, {ID: "S2", Handle: "old", Disabled: true, Users: []string{"U1"}}}
	b.g = groups.New(storetest.SQLite(t), &b.slack, groups.Options{Now: func() time.Time { return b.now }})
	return b
}

// in checks which groups somebody is in, and how often Slack was asked until now.
func (b *bench) in(user string, asked int, want ...served.GroupID) {
	b.Helper()
	got, err := b.g.GroupsOf(b.Context(), "T1", desk.PersonID("T1/"+user))
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) || b.slack.asked != asked {
		b.Errorf("%s: got %v, %v after asking %d times; want %v after %d", user, got, err, b.slack.asked, want, asked)
	}
}

func (b *bench) change(c wire.GroupChange) {
	b.Helper()
	if err := b.g.Changed(b.Context(), "T1", c); err != nil {
		b.Fatal(err)
	}
}

func TestAllGroupsAreNamedAsSlackHasThem(t *testing.T) {
	b := newBench(t)
	for range 2 {
		all, err := b.g.Groups(t.Context(), "T1")
		if err != nil || len(all) != 2 || all[0].Handle != "leads" || len(all[0].Members) != 2 || !all[1].Disabled || b.slack.asked != 1 {
			t.Errorf("got %+v, %v after asking %d times", all, err, b.slack.asked)
		}
	}
	b.now, b.slack.err = b.now.Add(2*time.Hour), errors.New("down")
	if all, err := b.g.Groups(t.Context(), "T1"); err != nil || len(all) != 2 {
		t.Errorf("while Slack is down: got %v, %v", all, err)
	}
	other := newBench(t)
	other.slack.err = errors.New("down")
	if _, err := other.g.Groups(t.Context(), "T1"); err == nil {
		t.Error("nothing was ever said, and there is no error")
	}
}

func TestGroupsAreAskedForWhenTheyAreNeeded(t *testing.T) {
	b := newBench(t)
	b.change(wire.GroupChange{ID: "S1", Added: []string{"U9"}}) // nobody needs it yet
	if b.slack.asked != 0 {
		t.Error("Slack was asked before anybody needed to know")
	}
	b.in("U1", 1, "S1")
	b.in("U9", 1)
	b.now = b.now.Add(59 * time.Minute)
	b.in("U2", 1, "S1")
	b.slack.all[0].Users = []string{"U3"}
	b.now = b.now.Add(time.Minute)
	b.in("U2", 2)
	b.in("U3", 2, "S1")
}

func TestEventsKeepGroupsUpToDate(t *testing.T) {
	b := newBench(t)
	b.in("U1", 1, "S1")
	b.change(wire.GroupChange{ID: "S1", Added: []string{"U3", "odd one"}, Removed: []string{"U1"}})
	b.in("U1", 1)
	b.in("U3", 1, "S1")
	b.change(wire.GroupChange{Group: wire.UserGroup{ID: "S3", Handle: "new", Users: []string{"U1"}, HasUsers: true}})
	b.in("U1", 1, "S3")
	b.change(wire.GroupChange{Group: wire.UserGroup{ID: "S3", Handle: "new", DeleteAt: 1}})
	b.in("U1", 1)
	b.change(wire.GroupChange{Group: wire.UserGroup{ID: "S1", Handle: "renamed"}}) // it does not say who is in it
	b.in("U1", 2, "S1")
	b.change(wire.GroupChange{ID: "not an id", Added: []string{"U9"}})
	b.in("U9", 2)
}

func TestWhereThereAreNoGroupsNobodyIsInOne(t *testing.T) {
	for _, code := range []string{"plan_upgrade_required", "missing_scope"} {
		b := newBench(t)
		b.slack.err = &api.Error{Kind: api.Refused, Code: code}
		b.in("U1", 1)
		b.in("U1", 1)
		b.slack.err = nil
		b.now = b.now.Add(time.Hour)
		b.in("U1", 2, "S1")
		b.slack.err = &api.Error{Kind: api.Refused, Code: code} // they were taken away
		b.now = b.now.Add(time.Hour)
		b.in("U1", 3)
	}
}

// While Slack does not answer, what it said before counts. When it never said
// anything, nobody is told that they are in no group.
func TestWhatIsNotKnownIsNotGuessed(t *testing.T) {
	b := newBench(t)
	b.slack.err = &api.Error{Kind: api.Unknown, Err: errors.New("the line is dead")}
	if got, err := b.g.GroupsOf(t.Context(), "T1", "T1/U1"); err == nil {
		t.Errorf("got %v, want an error", got)
	}
	b.slack.err = nil
	b.in("U1", 2, "S1")
	b.slack.err = &api.Error{Kind: api.Limited, Code: "ratelimited"}
	b.now = b.now.Add(time.Hour)
	b.in("U1", 3, "S1")
	b.in("U1", 3, "S1") // it is left alone for a moment
	b.now = b.now.Add(10 * time.Second)
	b.in("U1", 4, "S1")
}
