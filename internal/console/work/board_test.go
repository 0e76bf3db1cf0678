package work

import (
	"context"
	"testing"
	"time"

	"caseline/internal/casework/dispatch"
	"caseline/internal/console/drawn"
	"caseline/internal/desk"
	"caseline/internal/desk/routing"
	"caseline/internal/store"
)

// A deskside reads hints, and counts how often the board is read.
type deskside struct {
	Reader
	hints []store.CaseHint
	board dispatch.Board
	read  int
	limit int
}

func (d *deskside) WaitingHints(_ context.Context, limit int) ([]store.CaseHint, error) {
	d.limit = limit
	return d.hints, nil
}

func (d *deskside) look(context.Context) (dispatch.Board, error) {
	d.read++
	return d.board, nil
}

// The board is read when a waiting case has changed, or after a second: a thousand
// agents look at the same moment.
func TestTheBoardIsReadOnceForAll(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	d := &deskside{}
	l := &Lists{Read: d, Now: func() time.Time { return now }, Board: d.look}
	for _, look := range []struct {
		about string
		after time.Duration
		hints []store.CaseHint
		read  int
	}{
		{"nobody waits", 0, nil, 0},
		{"one waits", 0, []store.CaseHint{{Case: "a", Revision: 1}}, 1},
		{"the same", 900 * time.Millisecond, []store.CaseHint{{Case: "a", Revision: 1}}, 1},
		{"it changes", 0, []store.CaseHint{{Case: "a", Revision: 2}}, 2},
		{"a second later", time.Second, []store.CaseHint{{Case: "a", Revision: 2}}, 3},
	} {
		now = now.Add(look.after)
		d.hints, d.board = look.hints, dispatch.Board{At: now}
		if _, err := l.board(t.Context()); err != nil || d.read != look.read || d.limit <= Listed {
			t.Errorf("%s: read %d times by %d hints, %v; want %d", look.about, d.read, d.limit, err, look.read)
		}
	}
}

// Each reason why a chat waits has words of its own.
func TestEachReasonHasWords(t *testing.T) {
	now := time.Date(2026, 3, 6, 20, 0, 0, 0, time.UTC)
	until := time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)
	c := desk.Case{ID: "c", Chat: desk.ChatSession{State: desk.ChatRequested, Offer: desk.Offer{Agent: "omar", Name: "Omar"}}}
	seen := map[string]bool{}
	for _, tt := range []struct {
		why  routing.Reason
		me   desk.AgentID
		want string
	}{
		{routing.Reason{Kind: routing.Offered, Name: "Omar"}, "jane", "Offered to Omar"},
		{routing.Reason{Kind: routing.Offered, Name: "Omar"}, "omar", "Offered to you"},
		{routing.Reason{Kind: routing.ByHand}, "jane", "Anybody can take it"},
		{routing.Reason{Kind: routing.Closed}, "jane", "Outside hours"},
		{routing.Reason{Kind: routing.Closed, Until: until}, "jane", "Outside hours until Monday 08:00"},
		{routing.Reason{Kind: routing.Closed, Until: now.Add(time.Hour)}, "jane", "Outside hours until 21:00"},
		{routing.Reason{Kind: routing.Closed, Until: until.AddDate(0, 1, 0)}, "jane", "Outside hours until 9 April 08:00"},
		{routing.Reason{Kind: routing.NoLanguage}, "jane", "Nobody answers in its language"},
		{routing.Reason{Kind: routing.NoSkill}, "jane", "Nobody has the skills for it"},
		{routing.Reason{Kind: routing.NobodyHere}, "jane", "Nobody who can take it is online"},
		{routing.Reason{Kind: routing.Full}, "jane", "Everybody who can take it is busy"},
		{routing.Reason{Kind: routing.Asked}, "jane", "Agents are being asked about another chat"},
		{routing.Reason{Kind: routing.AllPassed, Name: "Omar", Until: now.Add(time.Minute)}, "jane", "Not taken by Omar; asked again at 20:01"},
		{routing.Reason{Kind: routing.AllPassed, Name: "Omar", More: 2, Until: now.Add(time.Minute)}, "jane", "Not taken by Omar +2; asked again at 20:01"},
		{routing.Reason{Kind: routing.Behind}, "jane", "Others go first"},
	} {
		f := Frame{Base: drawn.Base{Clockface: drawn.Clockface{Zone: time.UTC, Now: now}}, Me: desk.Agent{ID: tt.me}, why: map[desk.CaseID]routing.Reason{"c": tt.why}}
		got := f.Why(&Row{Case: &c})
		if got != tt.want || seen[got] {
			t.Errorf("%+v: got %q, want %q", tt.why, got, tt.want)
		}
		seen[got] = true
	}
}
