package upkeep_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
	"caseline/internal/upkeep"
)

var patience = desk.Patience{IdlePrompt: 30 * time.Minute, IdleEnd: time.Hour, AgentGone: 10 * time.Minute}

// A desktop is a real desk whose clock the test moves, kept up by two nodes.
type desktop struct {
	*testing.T
	store store.Store
	cases *casework.Service
	nodes []*upkeep.Upkeep
	now   time.Time
	count int
}

func newDesk(t *testing.T) *desktop {
	d := &desktop{T: t, store: storetest.SQLite(t), now: storetest.Start()}
	now := func() time.Time { return d.now }
	d.cases = casework.New(d.store, casework.Options{Now: now, Patience: patience})
	for range 2 {
		d.nodes = append(d.nodes, upkeep.New(d.store, d.cases, upkeep.Options{Now: now, Patience: patience}))
	}
	for _, id := range []desk.AgentID{"jane", "omar"} {
		d.update(func(tx store.Tx) error {
			return tx.SaveAgent(t.Context(), &desk.Agent{ID: id, Email: string(id) + "@example.com", Name: string(id), Role: desk.RoleAgent})
		})
	}
	return d
}

func (d *desktop) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desktop) update(fn func(store.Tx) error) {
	d.Helper()
	d.must(d.store.Update(d.Context(), fn))
}

func (d *desktop) origin() desk.Origin {
	d.count++
	return desk.Origin(fmt.Sprint("test:", d.count))
}

func (d *desktop) asks() desk.Case {
	d.Helper()
	c, err := d.cases.Open(d.Context(), casework.Open{
		Account: "111122223333", Workspace: "T1", Asked: "T1/C1", Requester: "T1/alice", Subject: "Build is stuck",
		Description: "Since ten.", Severity: desk.SeverityHigh, Chat: true, Origin: d.origin(),
	})
	d.must(err)
	return c
}

func (d *desktop) joins(c desk.Case, agent desk.AgentID) {
	d.Helper()
	_, err := d.cases.Join(d.Context(), casework.Join{Case: c.ID, Agent: desk.Agent{ID: agent, Name: string(agent)}, Origin: d.origin()})
	d.must(err)
}

// later moves the clock by minutes, and has both nodes sweep at once.
func (d *desktop) later(minutes float64) {
	d.Helper()
	d.now = d.now.Add(time.Duration(minutes * float64(time.Minute)))
	errs := make([]error, len(d.nodes))
	var both sync.WaitGroup
	for i, node := range d.nodes {
		both.Go(func() { errs[i] = node.Sweep(d.Context()) })
	}
	both.Wait()
	d.must(errors.Join(errs...))
}

// wantLog checks what the log tells of a case's chat, in short.
func (d *desktop) wantLog(c desk.Case, want ...string) {
	d.Helper()
	entries, err := d.store.Log(d.Context(), c.ID, 1, 100)
	d.must(err)
	var got []string
	for _, e := range entries {
		got = append(got, e.What)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		d.Errorf("log (-want +got):\n%s", diff)
	}
}

func (d *desktop) chat(c desk.Case) desk.ChatSession {
	d.Helper()
	got, err := d.store.Case(d.Context(), c.ID)
	d.must(err)
	return got.Chat
}

func (d *desktop) seen(agent desk.AgentID) {
	d.Helper()
	d.must(d.cases.SeeAgent(d.Context(), agent))
}

func TestB5_AQuietChatIsAskedOnceAndEnds(t *testing.T) {
	d := newDesk(t)
	c := d.asks()
	d.joins(c, "jane")
	for range 6 {
		d.seen("jane")
		d.later(5)
	}
	d.wantLog(c, "requested", "joined", "prompted")
	for range 6 {
		d.seen("jane")
		d.later(5)
	}
	d.wantLog(c, "requested", "joined", "prompted", "ended", "idle")
	if got := d.chat(c); got.Reason != desk.EndedIdle || got.EndedBy.Side != desk.SideSystem {
		t.Errorf("got reason %s by %s", got.Reason, got.EndedBy.Side)
	}
}

func TestB5_AnAgentWhoIsGoneLosesTheChatToTheQueue(t *testing.T) {
	d := newDesk(t)
	c := d.asks()
	d.joins(c, "jane")
	d.seen("jane")
	d.later(1.9)
	if d.chat(c).Away {
		t.Error("away before two minutes")
	}
	d.later(0.2)
	if !d.chat(c).Away {
		t.Error("not away after two minutes")
	}
	d.seen("jane")
	d.later(0.1)
	if d.chat(c).Away {
		t.Error("still away though seen again")
	}
	d.later(10)
	d.wantLog(c, "requested", "joined", "returned")
	other := d.asks()
	d.now = d.now.Add(time.Second)
	waiting, err := d.store.Waiting(t.Context(), 9)
	d.must(err)
	if len(waiting) != 2 || waiting[0].ID != c.ID || waiting[1].ID != other.ID {
		t.Errorf("the chat that came back is not at the front: %v", waiting)
	}
	d.joins(c, "omar")
	d.later(1)
	d.wantLog(c, "requested", "joined", "returned", "joined")
}

func TestB5_TurnsAreToldWhenTheyChange(t *testing.T) {
	d := newDesk(t)
	next := d.asks()
	d.now = d.now.Add(time.Second)
	last := d.asks()
	turn := func(c desk.Case) int { return d.chat(c).Turn.Position }
	if turn(next) != 1 || turn(last) != 2 {
		t.Errorf("got turns %d and %d at once, want 1 and 2", turn(next), turn(last))
	}
	d.joins(next, "jane")
	d.later(0.1)
	if got := turn(last); got != 2 {
		t.Errorf("got turn %d within half a minute, want it left alone", got)
	}
	d.later(0.5)
	if got := turn(last); got != 1 {
		t.Errorf("got turn %d, want to be next", got)
	}
	before := d.chat(last)
	d.later(5)
	if diff := cmp.Diff(before, d.chat(last)); diff != "" {
		t.Errorf("told without a change (-before +after):\n%s", diff)
	}
}

// A counter counts the sweeps, and fails them all.
type counter struct{ turns int }

func (c *counter) TellTurns(context.Context) error {
	c.turns++
	return errors.New("no database")
}
func (c *counter) MindIdle(context.Context, desk.CaseID) error  { return nil }
func (c *counter) MindAgent(context.Context, desk.CaseID) error { return nil }
func (c *counter) Agents(context.Context) ([]desk.Agent, error) {
	return nil, errors.New("no database")
}
func (c *counter) Discards(context.Context, int) ([]desk.Discard, error)          { return nil, nil }
func (c *counter) KeepDiscarded(context.Context, string) error                    { return nil }
func (c *counter) Running(context.Context, desk.CaseID, int) ([]desk.Case, error) { return nil, nil }

func TestWhatHasHadItsTimeIsPurgedOnceAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Minute)
		defer cancel()
		_ = upkeep.New(&counter{}, &counter{}, upkeep.Options{Purge: func(context.Context) error {
			if calls++; calls == 2 {
				return errors.New("no database")
			}
			return nil
		}}).Run(ctx)
		if calls != 4 { // at once, after an hour, again because that failed, and an hour later
			t.Errorf("purged %d times in two and a half hours, want 4", calls)
		}
	})
}

func TestRunSweepsUntilItIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 20 {
			c := &counter{}
			ctx, cancel := context.WithTimeout(t.Context(), 61*time.Second)
			if err := upkeep.New(c, c, upkeep.Options{}).Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			cancel()
			if c.turns != 13 {
				t.Errorf("got %d sweeps in a minute, want 13 although all fail", c.turns)
			}
		}
	})
}
