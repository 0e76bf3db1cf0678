package send_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slack/ident"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
	"caseline/internal/store"
)

// watched adds a channel that hears of everything, with what people may do there.
func watched(b *bench, name string, may ...served.Permission) *slacksim.Channel {
	b.t.Helper()
	ch := b.ws.AddChannel(name, world.Public, b.bob)
	ch.Invite(b.bob, b.app.Bot)
	b.must(b.store.Update(b.t.Context(), func(tx store.Tx) error {
		return tx.SaveChannel(b.t.Context(), &served.ChannelConfig{
			Account: "111122223333", Workspace: b.self.ID, Channel: desk.ChannelID(ch.ID), Permissions: may, Notify: served.NotifyEverything(),
		})
	}))
	return ch
}

func (b *bench) newsLane(c desk.Case, ch *slacksim.Channel) desk.Lane {
	return desk.NewsLane(c.ID, ident.Channel(b.self.ID, desk.ChannelID(ch.ID)))
}

func (b *bench) threadIn(c desk.Case, ch *slacksim.Channel) string {
	b.t.Helper()
	ts, err := b.store.CaseThread(b.t.Context(), c.ID, ident.Channel(b.self.ID, desk.ChannelID(ch.ID)))
	b.must(err)
	return ts
}

func (b *bench) resolve(c desk.Case) {
	b.t.Helper()
	_, _, err := b.cases.Resolve(b.t.Context(), casework.Resolve{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Origin: "console:r"})
	b.must(err)
}

// ours are the texts of our messages among ms.
func (b *bench) ours(ms []world.Message) (texts []string) {
	for _, m := range ms {
		if m.User == b.app.Bot.ID && m.Subtype == "" {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// wantTexts checks that each text holds what is wanted of it.
func wantTexts(t *testing.T, got []string, want ...[]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d messages, want %d: %q", len(got), len(want), got)
	}
	for i, words := range want {
		for _, w := range words {
			if !strings.Contains(got[i], w) {
				t.Errorf("message %d lacks %q: %s", i, w, got[i])
			}
		}
		if strings.Contains(got[i], "\n") || strings.Contains(got[i], "<@") || strings.Contains(got[i], "<!") {
			t.Errorf("message %d is not one line without mentions: %s", i, got[i])
		}
	}
}

// blocksOf is the JSON of a message's blocks.
func blocksOf(t *testing.T, m world.Message) string {
	t.Helper()
	text, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func caseOnly(o *casework.Open) { o.Chat, o.Subject = false, "Build is <!channel>" }

func TestNewsOfACaseAreOneThread(t *testing.T) {
	b := newBench(t, benchOptions{})
	dev := watched(b, "dev", served.FullPermissions()...)
	quiet := watched(b, "quiet", served.ReadOnly()...)
	c := b.open(caseOnly)
	b.drain()
	b.answer(c, desk.ByCustomer(b.person(b.bob)), "it is back", "slack:a1")
	b.drain()
	b.resolve(c)
	b.drain()
	number := string(c.Number)
	for _, ch := range []*slacksim.Channel{dev, quiet} {
		wantTexts(t, b.ours(ch.Thread(b.threadIn(c, ch))),
			[]string{"*New case " + number + "*: Build is &lt;!channel&gt; · Production impaired · by Alice Martin, a collaborator · No live chat"},
			[]string{"*Correspondence was added to case " + number + "*", "by Bob Stone, a collaborator"},
			[]string{"*Case " + number + " was resolved*", "by Jane from Support, a support agent"})
		if got := b.ours(ch.Messages()); len(got) != 1 {
			t.Errorf("outside the thread of #%s: %q", ch.Name(), got)
		}
		for i, m := range ch.Thread(b.threadIn(c, ch)) {
			blocks := blocksOf(t, m)
			if !strings.Contains(blocks, "See details") {
				t.Errorf("message %d in #%s has no See details", i, ch.Name())
			}
			if got, want := strings.Contains(blocks, "Reply to the case"), ch == dev && i < 2; got != want {
				t.Errorf("message %d in #%s: Reply to the case is there: %v, want %v", i, ch.Name(), got, want)
			}
		}
	}
}

func TestManyNewsBecomeOnePost(t *testing.T) {
	b := newBench(t, benchOptions{})
	dev := watched(b, "dev", served.FullPermissions()...)
	c := b.open(caseOnly)
	b.drain()
	for i := range 3 {
		b.answer(c, desk.ByCustomer(b.person(b.bob)), "again", fmt.Sprint("slack:a", i))
	}
	b.resolve(c)
	b.drain()
	got := b.ours(dev.Thread(b.threadIn(c, dev)))
	wantTexts(t, got, []string{"*New case"}, []string{
		"*4 more entries on case " + string(c.Number) + "*",
		"correspondence added 3 times, last by Bob Stone, a collaborator · resolved by Jane from Support, a support agent · No live chat",
	})
}

// While Slack does not take a post, what follows waits together, and nothing
// of it is lost when Slack does.
func TestNewsWaitTogetherBehindATryThatFailed(t *testing.T) {
	b := newBench(t, benchOptions{})
	dev := watched(b, "dev", served.FullPermissions()...)
	c := b.open(caseOnly)
	b.sim.Fail("chat.postMessage", slacksim.Lost, slacksim.As(fault.RateLimited))
	if _, v, ok := b.step(b.newsLane(c, dev)); !ok || v.Kind != desk.Retry {
		t.Fatalf("got %s, want a retry", v.Kind)
	}
	for i := range 3 {
		b.answer(c, desk.ByAgent(jane), "again", fmt.Sprint("console:a", i))
	}
	b.drain()
	wantTexts(t, b.ours(dev.Thread(b.threadIn(c, dev))), []string{"*New case"}, []string{"*3 more entries", "added 3 times"})
}

// Somebody deletes what began the thread: the next news begin a new one, be it
// that the post is lost, or that it lands without an answer.
func TestNewsBeginANewThreadForOneThatIsGone(t *testing.T) {
	for name, fails := range map[string]func(*bench){
		"well": func(*bench) {},
		"lost": func(b *bench) {
			b.sim.Fail("chat.postMessage", slacksim.Lost, slacksim.As(fault.Drop), slacksim.After(1))
		},
		"landed": func(b *bench) {
			b.sim.Fail("chat.postMessage", slacksim.Landed, slacksim.As(fault.Garbage), slacksim.After(1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			dev := watched(b, "dev", served.FullPermissions()...)
			c := b.open(caseOnly)
			b.drain()
			first := b.threadIn(c, dev)
			b.must(b.sim.World.Delete(b.app.Bot.ID, dev.ID, first))
			b.answer(c, desk.ByAgent(jane), "we know", "console:a1")
			fails(b)
			for open := true; open; {
				_, _, open = b.step(b.newsLane(c, dev))
			}
			b.resolve(c)
			b.drain()
			root := b.threadIn(c, dev)
			if root == "" || root == first {
				t.Fatalf("the thread is %q, after %q", root, first)
			}
			wantTexts(t, b.ours(dev.Thread(root)), []string{"*Correspondence was added"}, []string{"was resolved*"})
			if got := b.ours(dev.Messages()); len(got) != 1 {
				t.Errorf("in the channel: %q", got)
			}
		})
	}
}

// The thread in which the channel hears where a case was opened is begun anew as
// well.
func TestTheThreadWhereACaseWasOpenedIsBegunAnew(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := b.open(caseOnly)
	b.drain()
	c = b.caseNow(c.ID)
	b.must(b.sim.World.Delete(b.app.Bot.ID, b.ops.ID, c.Thread))
	b.answer(c, desk.ByAgent(jane), "we know of it", "console:a1")
	b.answer(c, desk.ByAgent(jane), longReply, "console:a2")
	b.drain()
	if now := b.caseNow(c.ID); now.Thread == c.Thread || len(b.ours(b.ops.Thread(now.Thread))) != 3 {
		t.Errorf("got thread %q after %q with %q", now.Thread, c.Thread, b.ours(b.ops.Thread(now.Thread)))
	}
	if got := b.ours(b.ops.Messages()); len(got) != 1 {
		t.Errorf("in the channel: %q", got)
	}
}

func TestEveryPostOfNewsLostAndLanded(t *testing.T) {
	for n := range 3 {
		for when, how := range map[fault.When]fault.How{slacksim.Lost: fault.Drop, slacksim.Landed: fault.Garbage} {
			t.Run(fmt.Sprintf("%d/%s", n, when), func(t *testing.T) {
				b := newBench(t, benchOptions{})
				dev := watched(b, "dev", served.FullPermissions()...)
				var c desk.Case
				for i, do := range []func(){
					func() { c = b.open(caseOnly) },
					func() { b.answer(c, desk.ByAgent(jane), "we know", "console:a1") },
					func() { b.resolve(c) },
				} {
					do()
					if i == n {
						b.sim.Fail("chat.postMessage", when, slacksim.As(how))
					}
					for open := true; open; {
						_, _, open = b.step(b.newsLane(c, dev))
					}
				}
				wantTexts(t, b.ours(dev.Thread(b.threadIn(c, dev))), []string{"*New case"}, []string{"*Correspondence was added"}, []string{"was resolved*"})
				if got := b.ours(dev.Messages()); len(got) != 1 {
					t.Errorf("in the channel: %q", got)
				}
			})
		}
	}
}

// A channel that we may not write to is not tried again for the same news.
func TestNewsThatSlackRefusesAreGivenUp(t *testing.T) {
	for name, shut := range map[string]func(*bench, *slacksim.Channel){
		"is_archived":    func(b *bench, ch *slacksim.Channel) { b.must(b.sim.World.ArchiveChannel(b.bob.ID, ch.ID)) },
		"not_in_channel": func(b *bench, ch *slacksim.Channel) { b.must(b.sim.World.Kick(b.bob.ID, ch.ID, b.app.Bot.ID)) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, benchOptions{})
			dev := watched(b, "dev", served.FullPermissions()...)
			shut(b, dev)
			c := b.open(caseOnly)
			d, v, _ := b.step(b.newsLane(c, dev))
			if v.Kind != desk.Refused || v.Reason != name || d.State != desk.DeliveryRefused {
				t.Fatalf("got %s for %q", v.Kind, v.Reason)
			}
			got, err := b.store.Audit(t.Context(), desk.AuditFilter{What: desk.DidNotTell}, 0, 9)
			b.must(err)
			if len(got) != 1 || got[0].Detail["reason"] != name {
				t.Errorf("the audit has %+v", got)
			}
		})
	}
}

// Where the case's chat is in a thread, everything is told there.
func TestNewsAreNotToldBesideTheChatsThread(t *testing.T) {
	b := newBench(t, benchOptions{})
	dev := watched(b, "dev", served.FullPermissions()...)
	c := b.open(caseOnly)
	b.drain()
	_, _, err := b.cases.Request(t.Context(), casework.Request{
		Target: casework.Target{Case: c.ID}, By: b.person(b.bob), Kind: desk.PlaceThread,
		From: ident.Channel(b.self.ID, desk.ChannelID(dev.ID)), Origin: "slack:r1",
	})
	b.must(err)
	b.drain()
	b.answer(c, desk.ByAgent(jane), "we know of it", "console:a1")
	b.drain()
	n := 0
	for _, m := range dev.All() {
		if strings.Contains(m.Text, "we know of it") || strings.Contains(m.Text, "Correspondence was added") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the answer is told %d times in the channel of the chat's thread, want once", n)
	}
}

// News leave half of what Slack lets us post to people's words.
func TestNewsGoBehindWords(t *testing.T) {
	b := newBench(t, benchOptions{})
	place := ident.Channel(b.self.ID, "C9")
	words := b.sender.Budget(desk.Delivery{Kind: desk.DeliverReply, Place: place})
	news := b.sender.Budget(desk.Delivery{Kind: desk.DeliverNews, Place: place})
	if len(news) != len(words)+2 {
		t.Fatalf("got %d buckets for news, %d for words", len(news), len(words))
	}
	for i, more := range news[len(words):] {
		if of := words[i+1].Limit; more.Limit.Every != 2*of.Every || more.Limit.Burst != of.Burst/2 {
			t.Errorf("bucket %s has %+v, want half of %+v", more.Key, more.Limit, of)
		}
	}
}
