package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
)

func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// march is a question about March 2026 in Paris, where the clock goes forward on
// the 29th.
func march(t *testing.T) Question {
	zone := paris(t)
	return Question{
		From: time.Date(2026, 3, 1, 0, 0, 0, 0, zone), To: time.Date(2026, 4, 1, 0, 0, 0, 0, zone), Zone: zone, By: ByAgent,
		Target: desk.Severity.FirstResponse, Now: time.Date(2026, 4, 10, 0, 0, 0, 0, zone),
	}
}

func TestStepsBeginWhereTheClockSaysSo(t *testing.T) {
	q := march(t)
	steps := q.Steps()
	if len(steps) != 31 || q.Step() != Daily || q.Days() != 31 {
		t.Fatalf("got %d steps of a %s for %d days, want 31 days", len(steps), q.Step(), q.Days())
	}
	for i, at := range steps {
		if local := at.In(q.Zone); local.Day() != i+1 || local.Hour() != 0 {
			t.Errorf("step %d begins at %s", i, local)
		}
	}
	q.To = time.Date(2026, 7, 1, 0, 0, 0, 0, q.Zone)
	for _, at := range q.Steps() {
		if local := at.In(q.Zone); local.Weekday() != time.Monday || local.Hour() != 0 {
			t.Errorf("a week begins at %s", local)
		}
	}
	q.From, q.To = time.Date(2026, 3, 29, 0, 0, 0, 0, q.Zone), time.Date(2026, 3, 30, 0, 0, 0, 0, q.Zone)
	if n := len(q.Steps()); n != 23 {
		t.Errorf("the day on which the clock goes forward has %d hours, want 23", n)
	}
	before := q.Before()
	if want := time.Date(2026, 3, 28, 0, 0, 0, 0, q.Zone); !before.From.Equal(want) || !before.To.Equal(q.From) {
		t.Errorf("the day before is from %s to %s", before.From, before.To)
	}
}

// A day that is not over is compared with as much of the one before.
func TestTheTimeBeforeIsAsLong(t *testing.T) {
	q := march(t)
	q.From, q.To = time.Date(2026, 3, 29, 0, 0, 0, 0, q.Zone), time.Date(2026, 3, 30, 0, 0, 0, 0, q.Zone) // the clock goes forward
	for _, tc := range []struct {
		now  time.Time
		want int
	}{
		{time.Date(2026, 3, 29, 9, 0, 0, 0, q.Zone), 2},
		{time.Date(2026, 3, 29, 9, 0, 1, 0, q.Zone), 3},
		{q.To, 4},
		{q.To.AddDate(0, 0, 9), 4},
	} {
		q.Now = tc.now
		a := Begin(q)
		for _, at := range []time.Time{
			time.Date(2026, 3, 28, 0, 0, 0, 0, q.Zone), time.Date(2026, 3, 28, 8, 59, 59, 0, q.Zone),
			time.Date(2026, 3, 28, 9, 0, 0, 0, q.Zone), time.Date(2026, 3, 28, 23, 0, 0, 0, q.Zone),
		} {
			a.Case(&CaseFact{OpenedAt: at, Severity: desk.SeverityHigh})
		}
		if a.Before.Opened != tc.want || a.Now.Opened != 0 {
			t.Errorf("at %s: %d before, want %d", tc.now, a.Before.Opened, tc.want)
		}
	}
}

func TestAnAnswerCountsWhatTheWordsSay(t *testing.T) {
	q := march(t)
	at := func(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, q.Zone) }
	a := Begin(q)
	high := func(c CaseFact) CaseFact {
		c.Severity, c.Account = desk.SeverityHigh, "acme" // answered within 4 h
		return c
	}
	one := high(CaseFact{OpenedAt: at(2, 9), AnsweredAt: at(2, 10), AnsweredBy: "jane", Agent: "omar", SettledAt: at(3, 9), ResolvedAt: at(5, 9), Reopened: 1})
	late := high(CaseFact{OpenedAt: at(2, 9), AnsweredAt: at(2, 17), AnsweredBy: "jane", Agent: "jane"})
	never := high(CaseFact{OpenedAt: at(31, 23)})
	earlier := high(CaseFact{OpenedAt: at(-3, 9), SettledAt: at(4, 9), ResolvedAt: at(4, 9), Agent: "jane"})
	for _, c := range []CaseFact{one, late, never, earlier} {
		a.Case(&c)
	}
	chat := ChatFact{Chat: "k1", Agent: "omar", RequestedAt: at(2, 9), JoinedAt: at(2, 10), EndedAt: at(2, 13), Handled: 2 * time.Hour}
	gone := ChatFact{Chat: "k2", RequestedAt: at(2, 9), EndedAt: at(2, 10), Reason: desk.EndedCancelled}
	a.Chat(&chat, &one)
	a.Chat(&gone, &one)
	a.Rating(&Rating{Score: 4, Remark: "quick"}, &chat, &one)
	a.Rating(&Rating{Score: 1}, &chat, &one)

	type row struct {
		Opened, Resolved, Settled, Reopened, Met, Missed, Chats, Joined, Cancelled, Ended int
		First, Wait, Handling, Resolution                                                 time.Duration
		Score                                                                             float64
	}
	rowOf := func(t Totals) row {
		r := row{Opened: t.Opened, Resolved: t.Resolved, Settled: t.Settled, Reopened: t.Reopened, Met: t.Met, Missed: t.Missed, Chats: t.Chats, Joined: t.Joined, Cancelled: t.Cancelled, Ended: t.Ended}
		r.First, _ = t.First.Median()
		r.Wait, _ = t.Wait.Median()
		r.Handling, _ = t.Handling.Median()
		r.Resolution, _ = t.Resolution.P90()
		r.Score, _ = t.Score()
		return r
	}
	want := row{3, 2, 2, 1, 1, 2, 2, 1, 1, 1, time.Hour, time.Hour, 2 * time.Hour, 7 * 24 * time.Hour, 2.5}
	if diff := cmp.Diff(want, rowOf(a.Now)); diff != "" {
		t.Errorf("March (-want +got):\n%s", diff)
	}
	if a.Before.Opened != 1 || a.Before.Resolved != 0 {
		t.Errorf("before: %d opened, %d resolved, want 1 and 0", a.Before.Opened, a.Before.Resolved)
	}
	groups := map[string]row{}
	for _, g := range a.Groups() {
		groups[g.Key] = rowOf(g.Totals)
	}
	wantGroups := map[string]row{
		"jane": {Opened: 2, Met: 1, Missed: 1, First: time.Hour, Resolved: 1, Settled: 1, Resolution: 7 * 24 * time.Hour},
		"omar": {Resolved: 1, Settled: 1, Reopened: 1, Chats: 1, Joined: 1, Ended: 1, Wait: time.Hour, Handling: 2 * time.Hour, Resolution: 3 * 24 * time.Hour, Score: 2.5},
		"":     {Opened: 1, Missed: 1, Chats: 1, Cancelled: 1},
	}
	if diff := cmp.Diff(wantGroups, groups); diff != "" {
		t.Errorf("by agent (-want +got):\n%s", diff)
	}
	if n := a.Week[0][9]; n != 4 { // two cases and two chats on Monday at nine
		t.Errorf("Monday at nine: %d, want 4", n)
	}
	if a.Parts[1].Opened != 2 || a.Parts[30].Opened != 1 || a.Parts[0].Opened != 0 {
		t.Error("the days do not have what was opened on them")
	}
	if len(a.Said) != 1 || a.Said[0].Remark != "quick" {
		t.Errorf("comments: %v", a.Said)
	}
}

func TestAFilterLeavesOut(t *testing.T) {
	for name, c := range map[string]struct {
		filter Filter
		want   int
	}{
		"nothing":         {Filter{}, 1},
		"another account": {Filter{Account: "other"}, 0},
		"the account":     {Filter{Account: "acme", Service: "build", Severity: desk.SeverityHigh, Language: "en", Agent: "jane"}, 1},
		"another agent":   {Filter{Agent: "omar"}, 0},
		"another service": {Filter{Service: "deploy"}, 0},
	} {
		q := march(t)
		q.Filter = c.filter
		a := Begin(q)
		a.Case(&CaseFact{Account: "acme", Service: "build", Severity: desk.SeverityHigh, Language: "en", OpenedAt: q.From, AnsweredAt: q.From, AnsweredBy: "jane"})
		if a.Now.Opened != c.want {
			t.Errorf("%s: %d, want %d", name, a.Now.Opened, c.want)
		}
	}
}

func TestSpreads(t *testing.T) {
	var s Spread
	if _, ok := s.Median(); ok {
		t.Error("nothing has a median")
	}
	for i := range 10 {
		s.add(time.Duration(10-i) * time.Second)
	}
	median, _ := s.Median()
	p90, _ := s.P90()
	if median != 5*time.Second || p90 != 9*time.Second {
		t.Errorf("got %s and %s, want 5s and 9s", median, p90)
	}
}

func TestB12_ARatingCanBeChangedForThreeDays(t *testing.T) {
	given := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	first, changed, err := Rate(Rating{}, Rating{Score: 2, Remark: " slow "}, given)
	if err != nil || !changed || first.Remark != "slow" || !first.GivenAt.Equal(given) {
		t.Fatalf("first: %+v, %v, %v", first, changed, err)
	}
	if _, changed, err := Rate(first, Rating{Score: 2}, given.Add(time.Hour)); changed || err != nil {
		t.Errorf("the same again: %v, %v", changed, err)
	}
	second, changed, err := Rate(first, Rating{Score: 5}, given.Add(RatingOpen))
	if err != nil || !changed || second.Score != 5 || second.Remark != "slow" || !second.GivenAt.Equal(given) {
		t.Errorf("changed: %+v, %v, %v", second, changed, err)
	}
	if _, _, err := Rate(first, Rating{Score: 5}, given.Add(RatingOpen+time.Second)); err == nil {
		t.Error("changed after three days")
	}
	for _, score := range []int{0, 6, -1} {
		if _, _, err := Rate(Rating{}, Rating{Score: score}, given); err == nil {
			t.Errorf("score %d was taken", score)
		}
	}
}
