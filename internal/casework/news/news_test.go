package news_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

const acme = desk.AccountID("111122223333")

var jane = desk.Agent{ID: "agent-jane", Name: "Jane"}

// A bench is the use cases on a store, with channels configured.
type bench struct {
	*casework.Service
	t     *testing.T
	store store.Store
	n     int
}

func newBench(t *testing.T, s store.Store) *bench {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	b := &bench{t: t, store: s}
	b.Service = casework.New(s, casework.Options{Now: func() time.Time { return now }, Channel: spell})
	b.must(s.Update(t.Context(), func(tx store.Tx) error {
		return tx.SaveWorkspace(t.Context(), &served.Workspace{ID: "T1", BotID: "B1"})
	}))
	return b
}

func spell(w desk.WorkspaceID, ch desk.ChannelID) desk.Place {
	return desk.Place(string(w) + "/" + string(ch))
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) origin() desk.Origin { b.n++; return desk.Origin(fmt.Sprint("test:", b.n)) }

// configures sets a channel up for an account, or changes what it is told.
func (b *bench) configures(account desk.AccountID, w desk.WorkspaceID, ch desk.ChannelID, n served.Notify) {
	b.t.Helper()
	b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error {
		return tx.SaveChannel(b.t.Context(), &served.ChannelConfig{
			Account: account, Workspace: w, Channel: ch, Permissions: served.FullPermissions(), Notify: n,
		})
	}))
}

func (b *bench) opens(account desk.AccountID, severity desk.Severity, chat bool) desk.Case {
	b.t.Helper()
	c, err := b.Open(b.t.Context(), casework.Open{
		Account: account, Workspace: "T1", Asked: "T1/ASKED", Requester: "T1/alice",
		Subject: "Build is stuck", Description: "Since ten.", Severity: severity, Chat: chat, Origin: b.origin(),
	})
	b.must(err)
	return c
}

func (b *bench) answers(c desk.Case) {
	b.t.Helper()
	_, err := b.Answer(b.t.Context(), casework.Answer{Case: c.ID, Answer: desk.Answer{By: desk.ByAgent(jane), Text: "we know", Origin: b.origin()}})
	b.must(err)
}

func (b *bench) resolves(c desk.Case) {
	b.t.Helper()
	_, _, err := b.Resolve(b.t.Context(), casework.Resolve{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Origin: b.origin()})
	b.must(err)
}

func (b *bench) reopens(c desk.Case) {
	b.t.Helper()
	_, _, err := b.Reopen(b.t.Context(), casework.Reopen{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Origin: b.origin()})
	b.must(err)
}

// waits are the kinds of the entries of c that a channel is to be told of, by
// the delivery that carries them.
func (b *bench) waits(c desk.Case, place desk.Place) []string {
	b.t.Helper()
	lane, asked := desk.NewsLane(c.ID, place), place == c.Asked
	if asked {
		lane = desk.CaseLane(c.ID)
	}
	var told []string
	for id := desk.DeliveryID(1); ; id++ {
		d, err := b.store.Delivery(b.t.Context(), id)
		if err != nil {
			return told
		}
		if d.Case != c.ID || d.Lane != lane || asked && (d.Kind != desk.DeliverNotice || d.Place != place) {
			continue
		}
		seqs := d.Content.Seqs
		if asked {
			seqs = []int64{d.Seq}
		}
		var kinds []string
		for _, seq := range seqs {
			e, err := b.store.Entry(b.t.Context(), c.ID, seq)
			b.must(err)
			switch {
			case e.Seq == 1:
				kinds = append(kinds, "opened")
			case e.Kind == desk.KindStatus:
				kinds = append(kinds, e.What)
			default:
				kinds = append(kinds, string(e.Kind))
			}
		}
		told = append(told, strings.Join(kinds, "+"))
	}
}

func (b *bench) want(c desk.Case, place desk.Place, want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.waits(c, place)); diff != "" {
		b.t.Errorf("told in %s (-want +got):\n%s", place, diff)
	}
}

func TestEachSettingTellsOfEachEventThatItNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		b := newBench(t, s)
		events := []struct {
			name string
			is   func(served.Notify) bool
		}{
			{"opened", func(n served.Notify) bool { return n.Opened }},
			{"message", func(n served.Notify) bool { return n.Answered }},
			{"resolved", func(n served.Notify) bool { return n.Resolved }},
			{"reopened", func(n served.Notify) bool { return n.Opened }},
		}
		for i, severities := range []served.NotifySeverity{served.NotifyAll, served.NotifyHigh, served.NotifyNone} {
			for switches := range 8 {
				n := served.Notify{Severities: severities, Opened: switches&1 > 0, Answered: switches&2 > 0, Resolved: switches&4 > 0}
				if n.Validate() != nil {
					continue
				}
				account := desk.AccountID(fmt.Sprintf("%012d", 100+8*i+switches))
				b.configures(account, "T1", "C1", n)
				for _, severity := range []desk.Severity{desk.SeverityNormal, desk.SeverityHigh, desk.SeverityCritical} {
					c := b.opens(account, severity, false)
					b.answers(c)
					b.resolves(c)
					b.reopens(c)
					var want []string
					if severities == served.NotifyAll || severities == served.NotifyHigh && severity != desk.SeverityNormal {
						for _, e := range events {
							if e.is(n) {
								want = append(want, e.name)
							}
						}
					}
					got := b.waits(c, "T1/C1")
					if len(want) == 0 && len(got) == 0 {
						continue
					}
					if !slices.Equal(got, []string{strings.Join(want, "+")}) {
						t.Errorf("%+v, a case of severity %s: got %q, want %q in one", n, severity, got, want)
					}
				}
			}
		}
	})
}

// A channel that hears of what is severe hears of a case from when it is.
func TestASeverityThatIsChangedLaterCounts(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	b.configures(acme, "T1", "C1", served.Notify{Severities: served.NotifyHigh, Opened: true, Answered: true, Resolved: true})
	c := b.opens(acme, desk.SeverityLow, false)
	b.answers(c)
	b.want(c, "T1/C1")
	set := func(s desk.Severity) {
		_, err := b.SetSeverity(t.Context(), casework.SetSeverity{Case: c.ID, By: jane, Severity: s, Origin: b.origin()})
		b.must(err)
	}
	set(desk.SeverityUrgent)
	b.answers(c)
	set(desk.SeverityLow)
	b.resolves(c)
	b.want(c, "T1/C1", "message")
}

func TestTwoAccountsInOneChannelHearEachOfItsOwn(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	const bolt = desk.AccountID("444455556666")
	b.configures(acme, "T1", "C1", served.NotifyEverything())
	b.configures(bolt, "T1", "C1", served.Notify{Severities: served.NotifyAll, Resolved: true})
	one, two := b.opens(acme, desk.SeverityLow, false), b.opens(bolt, desk.SeverityLow, false)
	b.answers(one)
	b.answers(two)
	b.resolves(two)
	b.want(one, "T1/C1", "opened+message")
	b.want(two, "T1/C1", "resolved")
}

func TestWorkspacesWithoutTheAppAreNotTold(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	b.configures(acme, "T1", "C1", served.NotifyEverything())
	b.configures(acme, "T2", "C2", served.NotifyEverything()) // never installed
	c := b.opens(acme, desk.SeverityLow, false)
	b.want(c, "T1/C1", "opened")
	b.want(c, "T2/C2")
}

// The channel where a case was opened is told as it is set; what begins the
// thread there, and the chat's place, are told whatever it is.
func TestTheChannelWhereACaseWasOpenedIsToldAsItIsSet(t *testing.T) {
	for _, tc := range []struct {
		name string
		n    served.Notify
		want []string
	}{
		{"everything", served.NotifyEverything(), []string{"transcript", "message", "resolved", "reopened"}},
		{"resolved", served.Notify{Severities: served.NotifyAll, Resolved: true}, []string{"resolved"}},
		{"high", served.Notify{Severities: served.NotifyHigh, Opened: true, Answered: true, Resolved: true}, nil},
		{"none", served.Notify{Severities: served.NotifyNone}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t, storetest.SQLite(t))
			b.configures(acme, "T1", "ASKED", tc.n)
			c := b.opens(acme, desk.SeverityLow, true)
			_, err := b.Join(t.Context(), casework.Join{Case: c.ID, Agent: jane, Origin: b.origin()})
			b.must(err)
			_, _, err = b.End(t.Context(), casework.End{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Reason: desk.EndedByAgent, Origin: b.origin()})
			b.must(err)
			b.answers(c)
			b.resolves(c)
			b.reopens(c)
			b.want(c, "T1/ASKED", tc.want...)
			ds, err := b.store.DeliveriesOf(t.Context(), c.ID, 0)
			b.must(err)
			place := 0
			for _, d := range ds {
				if d.Kind == desk.DeliverNotice && d.Place == "" {
					place++
				}
			}
			if place != 5 {
				t.Errorf("the chat's place is told %d things, want that Jane joined, the end, the answer, resolved and reopened", place)
			}
		})
	}
}

// What is said in a chat is no news; its transcript is.
func TestAChatIsNewsWhenItHasEnded(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	b.configures(acme, "T1", "C1", served.NotifyEverything())
	c := b.opens(acme, desk.SeverityLow, true)
	_, err := b.Join(t.Context(), casework.Join{Case: c.ID, Agent: jane, Origin: b.origin()})
	b.must(err)
	b.must(b.Reply(t.Context(), casework.Reply{Case: c.ID, Agent: jane, Text: "hello", Origin: b.origin()}))
	b.want(c, "T1/C1", "opened")
	b.resolves(c)
	b.want(c, "T1/C1", "opened+transcript+resolved")
}

func TestWhatSlackRefusesIsInTheAudit(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	b.configures(acme, "T1", "C1", served.NotifyEverything())
	c := b.opens(acme, desk.SeverityLow, false)
	b.must(b.store.Update(t.Context(), func(tx store.Tx) error {
		d, _, err := tx.Head(t.Context(), desk.NewsLane(c.ID, "T1/C1"))
		if err != nil {
			return err
		}
		return b.Settled(t.Context(), tx, d, desk.Verdict{Kind: desk.Refused, Reason: "is_archived"})
	}))
	got, err := b.store.Audit(t.Context(), desk.AuditFilter{What: desk.DidNotTell}, 0, 9)
	b.must(err)
	if len(got) != 1 || got[0].Where != "T1/C1" || got[0].Case != c.ID || got[0].Detail["reason"] != "is_archived" || got[0].Detail["number"] != string(c.Number) {
		t.Errorf("got %+v", got)
	}
}
