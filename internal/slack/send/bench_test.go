package send_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"caseline/internal/blob"
	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack"
	"caseline/internal/slack/api"
	"caseline/internal/slack/ident"
	"caseline/internal/slack/send"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/clock"
	"caseline/internal/slacksim/simtest"
	"caseline/internal/slacksim/world"
	"caseline/internal/store"
	"caseline/internal/store/storetest"
)

// A bench is a Sender on a real store and a simulated Slack, with a clock that
// the test moves. It plays the outbox.
type bench struct {
	t      *testing.T
	sim    *slacksim.Server
	ws     *slacksim.Workspace
	app    *slacksim.Installed
	alice  *slacksim.User
	bob    *slacksim.User
	ops    *slacksim.Channel
	client *api.Client
	store  store.Store
	cases  *casework.Service
	sender *send.Sender
	self   served.Workspace
	blobs  *blob.Folder
	now    time.Time
	tries  int
	slow   *clock.Manual // Slack's clock, if it is to go with ours
}

type benchOptions struct {
	sim     slacksim.Options
	scopes  []string
	timeout time.Duration
}

func newBench(t *testing.T, o benchOptions) *bench {
	t.Helper()
	b := &bench{t: t, sim: simtest.Start(t, o.sim), store: storetest.SQLite(t), now: time.Now()}
	clock := func() time.Time { return b.now }
	b.cases = casework.New(b.store, casework.Options{Now: clock, Channel: ident.Channel})
	b.ws = b.sim.Workspace("acme")
	b.alice = b.ws.AddUser("alice", "Alice Martin")
	b.bob = b.ws.AddUser("bob", "Bob Stone")
	b.ops = b.ws.AddChannel("ops", world.Public, b.alice, b.bob)
	b.app = b.ws.Install(slacksim.App{BotName: "Support", BotToken: "xoxb-1", SigningSecret: "s", Scopes: o.scopes, Events: []string{}})
	b.ops.Invite(b.alice, b.app.Bot)
	var err error
	b.client, err = api.New("xoxb-1", api.Options{BaseURL: b.sim.World.BaseURL() + "/api/", Timeout: o.timeout})
	b.must(err)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	b.self, err = slack.Setup(t.Context(), b.client, b.store, ident.NewInstalled(), log)
	b.must(err)
	b.must(b.store.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.SaveChannel(t.Context(), &served.ChannelConfig{
			Account: "111122223333", Workspace: b.self.ID, Channel: desk.ChannelID(b.ops.ID), Permissions: served.FullPermissions(), Notify: served.NotifyEverything(),
		}); err != nil {
			return err
		}
		return tx.SaveAccount(t.Context(), &served.Account{ID: "111122223333", Name: "Acme"})
	}))
	b.blobs, err = blob.Open(t.TempDir())
	b.must(err)
	t.Cleanup(func() { b.blobs.Close() })
	b.sender = send.New(b.self, b.client, b.store, b.cases, b.blobs, send.Options{
		Log: log, Now: clock, Margin: 100 * time.Millisecond,
	})
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) person(u *slacksim.User) desk.PersonID { return ident.Person(b.self.ID, u.ID) }

func (b *bench) asked() desk.Place { return ident.Channel(b.self.ID, desk.ChannelID(b.ops.ID)) }

var jane = desk.Agent{ID: "agent-jane", Name: "Jane"}

func (b *bench) open(change ...func(*casework.Open)) desk.Case {
	b.t.Helper()
	o := casework.Open{
		Account: "111122223333", Workspace: b.self.ID, Asked: b.asked(), Requester: b.person(b.alice),
		Subject: "Build is <stuck>", Description: "Since ten.", Severity: desk.SeverityHigh,
		Chat: true, Members: []desk.PersonID{b.person(b.bob)}, Origin: "slack:view:V1",
	}
	for _, f := range change {
		f(&o)
	}
	c, err := b.cases.Open(b.t.Context(), o)
	b.must(err)
	return c
}

// head is the delivery that is next in a lane, claimed.
func (b *bench) head(lane desk.Lane) (d desk.Delivery, ok bool) {
	b.t.Helper()
	b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error {
		var err error
		d, _, err = tx.Head(b.t.Context(), lane)
		if errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		ok = true
		began := b.now
		if d.State == desk.DeliveryUnknown {
			began = d.TriedAt
		}
		return tx.Claim(b.t.Context(), d.ID, "me", time.Minute, began)
	}))
	d.Attempts++
	if d.State != desk.DeliveryUnknown {
		d.TriedAt = b.now
	}
	return d, ok
}

func (b *bench) settle(d desk.Delivery, v desk.Verdict) desk.Delivery {
	b.t.Helper()
	b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error {
		if err := b.cases.Settled(b.t.Context(), tx, d, v); err != nil {
			return err
		}
		d = d.Settle(v, b.now)
		return tx.Settle(b.t.Context(), &d, "me")
	}))
	return d
}

// step tries what is next in a lane once.
func (b *bench) step(lane desk.Lane) (desk.Delivery, desk.Verdict, bool) {
	b.t.Helper()
	d, ok := b.head(lane)
	if !ok {
		return d, desk.Verdict{}, false
	}
	b.must(b.sim.Quiesce(b.t.Context())) // Slack's own delays take no time on our clock
	b.tries++
	b.sender.Budget(d)
	try := b.sender.Send
	if d.State == desk.DeliveryUnknown {
		try = b.sender.Look
	}
	v := try(b.t.Context(), d)
	if b.now = b.now.Add(time.Millisecond); v.At.After(b.now) {
		b.now = v.At
	}
	if b.slow != nil {
		b.slow.Advance(b.now.Sub(b.slow.Now()))
	}
	return b.settle(d, v), v, true
}

// drain works all lanes until nothing is open, and returns how the deliveries
// were settled.
func (b *bench) drain() (settled []string) {
	b.t.Helper()
	for range 200 {
		lanes, err := b.store.OpenLanes(b.t.Context(), 100)
		b.must(err)
		if len(lanes) == 0 {
			return settled
		}
		for _, l := range lanes {
			if d, v, ok := b.step(l.Lane); ok && (v.Kind == desk.Sent || v.Kind == desk.Refused) {
				settled = append(settled, fmt.Sprintf("%s %s", d.Kind, v.Kind))
			}
		}
	}
	b.t.Fatal("deliveries are never settled")
	return nil
}

func (b *bench) caseNow(id desk.CaseID) desk.Case {
	b.t.Helper()
	c, err := b.store.Case(b.t.Context(), id)
	b.must(err)
	return c
}

// room is the channel of a case's chat.
func (b *bench) room(id desk.CaseID) *slacksim.Channel {
	b.t.Helper()
	at, ok := ident.Split(b.caseNow(id).Place)
	if !ok {
		b.t.Fatal("the case has no place")
	}
	return b.ws.ChannelByID(string(at.Channel))
}

func (b *bench) join(c desk.Case) {
	b.t.Helper()
	_, err := b.cases.Join(b.t.Context(), casework.Join{Case: c.ID, Agent: jane, Origin: "console:join"})
	b.must(err)
}

func (b *bench) reply(c desk.Case, text, origin string) {
	b.t.Helper()
	b.must(b.cases.Reply(b.t.Context(), casework.Reply{Case: c.ID, Agent: jane, Text: text, Origin: desk.Origin(origin)}))
}

func (b *bench) attach(c desk.Case, name, origin string, data []byte) {
	b.t.Helper()
	hash, size, err := b.blobs.Put(b.t.Context(), bytes.NewReader(data), 1<<20)
	b.must(err)
	b.must(b.cases.Attach(b.t.Context(), casework.Attach{
		Case: c.ID, Agent: jane, Name: name, Hash: hash, Size: size, Type: "text/plain; charset=utf-8", Origin: desk.Origin(origin),
	}))
}

func (b *bench) end(c desk.Case) {
	b.t.Helper()
	_, _, err := b.cases.End(b.t.Context(), casework.End{
		Target: casework.Target{Case: c.ID}, By: desk.ByCustomer(b.person(b.alice)), Reason: desk.EndedByCustomer, Origin: "end",
	})
	b.must(err)
}

// record plays the inbox for a message in a case's room.
func (b *bench) record(c desk.Case, m *slacksim.Message, files ...desk.NewFile) {
	b.t.Helper()
	now, ok := m.Now()
	if !ok {
		b.t.Fatal("no such message")
	}
	place, origin := b.caseNow(c.ID).Place, ident.MessageOrigin(b.self.ID, desk.ChannelID(now.Channel), now.TS)
	for i := range files {
		files[i].Origin = ident.FileOrigin(origin, files[i].SlackID)
	}
	b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error {
		return b.cases.Record(b.t.Context(), tx, desk.Message{
			Place: place, Author: b.person(b.alice), Text: now.Text, At: b.now, Files: files,
			Origin: origin,
		})
	}))
}
