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
	"caseline/internal/casework/recording"
	"caseline/internal/desk"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
	"caseline/internal/upkeep"
)

var patience = desk.Patience{IdlePrompt: 30 * time.Minute, IdleEnd: time.Hour, AgentGone: 10 * time.Minute}

// A desktop is a real desk whose clock the test moves, kept up by two nodes.
type desktop struct {
	*testing.T
	store  store.Store
	cases  *casework.Service
	nodes  []*upkeep.Upkeep
	now    time.Time
	count  int
	opened []desk.Case
	silent bool           // Slack does not answer
	lost   []desk.Message // in Slack's history of the first case's place, though no event told of them
}

func newDesk(t *testing.T, s store.Store) *desktop {
	d := &desktop{T: t, store: s, now: storetest.Start()}
	d.start()
	d.start()
	for _, id := range []desk.AgentID{"jane", "omar"} {
		d.update(func(tx store.Tx) error {
			return tx.SaveAgent(t.Context(), &desk.Agent{ID: id, Email: string(id) + "@example.com", Name: string(id), Role: desk.RoleAgent})
		})
	}
	d.sweep()
	return d
}

// start starts one more node.
func (d *desktop) start() {
	now := func() time.Time { return d.now }
	d.cases = casework.New(d.store, casework.Options{Now: now, Patience: patience})
	d.nodes = append(d.nodes, upkeep.New(d.store, d.cases, upkeep.Options{Now: now, Patience: patience}))
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
	d.opened = append(d.opened, c)
	d.deliver(desk.CaseLane(c.ID), desk.Verdict{Kind: desk.Sent, Receipt: "T1/CHAT" + string(c.Number)})
	return c
}

// deliver plays the outbox for the head of a lane, if there is one.
func (d *desktop) deliver(lane desk.Lane, v desk.Verdict) (was desk.Delivery) {
	d.Helper()
	d.update(func(tx store.Tx) error {
		head, _, err := tx.Head(d.Context(), lane)
		if errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		d.must(err)
		d.must(tx.Claim(d.Context(), head.ID, "me", time.Minute, d.now))
		head.TriedAt = d.now
		d.must(d.cases.Settled(d.Context(), tx, head, v))
		was = head.Settle(v, d.now)
		return tx.Settle(d.Context(), &was, "me")
	})
	return was
}

// read plays the outbox for readings of Slack's history, and tells how many
// there were.
func (d *desktop) read() (n int) {
	d.Helper()
	for _, c := range d.opened {
		if c.ID == d.opened[0].ID {
			_, err := d.cases.Backfill(d.Context(), recording.Excerpt{Case: c.ID, Chat: c.Chat.ID, Messages: d.lost})
			d.must(err)
		}
		for d.deliver(desk.HistoryLane(c.ID), desk.Verdict{Kind: desk.Sent}).Kind != "" {
			n++
		}
	}
	return n
}

func (d *desktop) joins(c desk.Case, agent desk.AgentID) {
	d.Helper()
	_, err := d.cases.Join(d.Context(), casework.Join{Case: c.ID, Agent: desk.Agent{ID: agent, Name: string(agent)}, Origin: d.origin()})
	d.must(err)
}

// later lets minutes pass, in which nodes sweep and Slack's history is read.
func (d *desktop) later(minutes float64) {
	d.Helper()
	for end := d.now.Add(time.Duration(minutes * float64(time.Minute))); d.now.Before(end); {
		if d.now = d.now.Add(time.Minute); d.now.After(end) {
			d.now = end
		}
		d.sweep()
		if !d.silent {
			d.read()
		}
	}
}

// sweep has all nodes sweep at once.
func (d *desktop) sweep() {
	d.Helper()
	errs := make([]error, len(d.nodes))
	var all sync.WaitGroup
	for i, node := range d.nodes {
		all.Go(func() { errs[i] = node.Sweep(d.Context()) })
	}
	all.Wait()
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
	d.update(func(tx store.Tx) error { return tx.SeeAgent(d.Context(), agent, d.now) })
}

func TestB5_AQuietChatIsAskedOnceAndEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		d := newDesk(t, s)
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
	})
}

// While Slack is silent nobody can tell whether people write, so nobody is
// asked and no chat ends, whichever of the two is due.
func TestB5_NobodyIsIdleWhileSlackIsSilent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		d := newDesk(t, s)
		c := d.asks()
		d.joins(c, "jane")
		wait := func(minutes int) {
			for range minutes {
				d.seen("jane")
				d.later(1)
			}
		}
		d.silent = true
		wait(80)
		d.wantLog(c, "requested", "joined")
		d.lost = append(d.lost, desk.Message{Place: "T1/CHAT", Author: "T1/alice", Text: "are you there?", At: d.now.Add(-time.Minute), Origin: "m1"})
		d.nodes = nil // the server is started anew
		d.start()
		d.sweep()
		if n := d.read(); n != 1 {
			t.Errorf("the history was read %d times, want once though two nodes asked for it for an hour", n)
		}
		d.silent = false
		wait(28)
		d.wantLog(c, "requested", "joined", "")
		wait(1)
		d.wantLog(c, "requested", "joined", "", "prompted")
		d.silent = true
		wait(90)
		d.lost = append(d.lost, desk.Message{Place: "T1/CHAT", Author: "T1/alice", Text: "yes", At: d.now.Add(-time.Minute), Origin: "m2"})
		d.silent = false
		wait(1)
		d.wantLog(c, "requested", "joined", "", "prompted", "")
		wait(59)
		d.wantLog(c, "requested", "joined", "", "prompted", "", "prompted", "ended", "idle")
	})
}

func TestB5_AnAgentWhoIsGoneLosesTheChatToTheQueue(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
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

// Agents could not be seen while the server was down, or stood still, so they
// have as long as ever to be seen again after it.
func TestB5_AgentsHaveTimeToComeBackAfterTheServerWasDown(t *testing.T) {
	for name, begin := range map[string]func(d *desktop){
		"started anew": func(d *desktop) {
			d.nodes = nil
			d.start()
			d.start()
		},
		"stood still": func(*desktop) {},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s store.Store) {
				d := newDesk(t, s)
				back, gone := d.asks(), d.asks()
				d.joins(back, "jane")
				d.joins(gone, "omar")
				d.seen("jane")
				d.seen("omar")
				d.later(2)
				d.now = d.now.Add(45 * time.Minute)
				d.silent = true // it is not about idle chats
				begin(d)
				d.sweep()
				d.later(1.9)
				if !d.chat(gone).Away {
					t.Error("who was away when the server went down is back unseen")
				}
				d.later(6)
				d.seen("jane")
				d.later(2)
				d.wantLog(gone, "requested", "joined")
				d.later(0.1)
				d.wantLog(gone, "requested", "joined", "returned")
				d.wantLog(back, "requested", "joined")
			})
		})
	}
}

// An agent who was there when the server went down is not shown as away before
// they had the time to connect.
func TestB5_NobodyIsAwayBecauseTheServerWasDown(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	c := d.asks()
	d.joins(c, "jane")
	d.seen("jane")
	d.later(1)
	d.now = d.now.Add(5 * time.Minute)
	d.nodes = nil
	d.start()
	d.sweep()
	d.later(1.9)
	if d.chat(c).Away {
		t.Error("away before two minutes in which she could be seen")
	}
	d.later(0.1)
	if !d.chat(c).Away {
		t.Error("not away after two minutes")
	}
}

// A node that has just started asks for patience, and one that has served all
// the time need not have any.
func TestB5_ANodeThatStartsKeepsNobodyWaiting(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
	c := d.asks()
	d.joins(c, "jane")
	d.seen("jane")
	d.later(9)
	d.start()
	d.later(1)
	d.wantLog(c, "requested", "joined", "returned")
}

func TestB5_TurnsAreToldWhenTheyChange(t *testing.T) {
	d := newDesk(t, storetest.SQLite(t))
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
func (c *counter) MindIdle(context.Context, desk.CaseID) error             { return nil }
func (c *counter) MindAgent(context.Context, desk.CaseID, time.Time) error { return nil }
func (c *counter) Agents(context.Context) ([]desk.Agent, error) {
	return nil, errors.New("no database")
}
func (c *counter) Discards(context.Context, int) ([]desk.Discard, error) { return nil, nil }
func (c *counter) KeepDiscarded(context.Context, string) error           { return nil }
func (c *counter) Running(context.Context, desk.Lookout, desk.CaseID, int) ([]desk.Case, error) {
	return nil, nil
}

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
