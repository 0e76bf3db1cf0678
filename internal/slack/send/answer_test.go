package send_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
)

func (b *bench) answer(c desk.Case, by desk.Actor, text, origin string) {
	b.t.Helper()
	_, err := b.cases.Answer(b.t.Context(), casework.Answer{Case: c.ID, Answer: desk.Answer{By: by, Text: text, Via: "ops", Origin: desk.Origin(origin)}})
	b.must(err)
}

// told adds to a case outside its chat, before and after its thread has begun.
func told(b *bench) desk.Case {
	b.t.Helper()
	c := b.open()
	b.drain()
	b.answer(c, desk.ByAgent(jane), "we know of it", "console:a1")
	b.answer(c, desk.ByCustomer(b.person(b.bob)), longReply, "slack:a2")
	b.drain()
	b.answer(c, desk.ByAgent(jane), "fixed", "console:a3")
	_, _, err := b.cases.Resolve(b.t.Context(), casework.Resolve{Target: casework.Target{Case: c.ID}, By: desk.ByAgent(jane), Origin: "console:r"})
	b.must(err)
	b.drain()
	return b.caseNow(c.ID)
}

// checkTold looks whether every notice is in the place and in the one thread
// of the requesting channel, once and in order.
func checkTold(b *bench, c desk.Case) {
	b.t.Helper()
	kind := func(m world.Message) string {
		all := m.Text + fmt.Sprint(m.Blocks)
		for _, k := range []string{"(1/2)", "(2/2)", "we know of it", "fixed", "was resolved by", "Build is"} {
			if strings.Contains(all, k) {
				return k
			}
		}
		return ""
	}
	only := func(ms []world.Message) (kinds []string) {
		for _, m := range ms {
			if k := kind(m); k != "" && m.User == b.app.Bot.ID && m.Subtype == "" {
				kinds = append(kinds, k)
			}
		}
		return kinds
	}
	news := []string{"Build is", "we know of it", "(1/2)", "(2/2)", "fixed", "was resolved by"}
	if diff := cmp.Diff(news, only(b.ops.Thread(c.Thread))); diff != "" {
		b.t.Errorf("thread in the requesting channel (-want +got):\n%s", diff)
	}
	if got := only(b.ops.Messages()); len(got) != 1 {
		b.t.Errorf("outside the thread: %q", got)
	}
	room := append(news[:5:5], "was resolved by")
	got := only(b.room(c.ID).Messages())
	if diff := cmp.Diff(room, got); diff != "" {
		b.t.Errorf("place (-want +got):\n%s", diff)
	}
}

func TestEveryNoticeLostAndLanded(t *testing.T) {
	const posts = 14
	for n := range posts {
		for when, how := range map[fault.When]fault.How{slacksim.Lost: fault.Drop, slacksim.Landed: fault.Garbage} {
			t.Run(fmt.Sprintf("%d/%s", n, when), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, benchOptions{})
				b.sim.Fail("chat.postMessage", when, slacksim.As(how), slacksim.After(n))
				checkTold(b, told(b))
			})
		}
	}
}

// A thread whose first message somebody deleted is not posted to; the news
// goes to the channel, and is found there.
func TestNewsWithoutItsThread(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := b.open()
	b.drain()
	c = b.caseNow(c.ID)
	b.must(b.sim.World.Delete(b.app.Bot.ID, b.ops.ID, c.Thread))
	b.answer(c, desk.ByAgent(jane), "we know of it", "console:a1")
	b.step(desk.CaseLane(c.ID))                                        // the place's
	b.sim.Fail("chat.postMessage", slacksim.Landed, slacksim.After(1)) // after the one that is refused
	d, v, _ := b.step(desk.CaseLane(c.ID))
	if v.Kind != desk.Unknown {
		t.Fatalf("got %s", v.Kind)
	}
	b.drain()
	if d, err := b.store.Delivery(b.t.Context(), d.ID); err != nil || d.State != desk.DeliverySent {
		t.Errorf("got %s, %v", d.State, err)
	}
	b.newsOnce()
}

func (b *bench) newsOnce() {
	b.t.Helper()
	n := 0
	for _, m := range b.ops.All() {
		n += strings.Count(m.Text, "we know of it")
	}
	if n != 1 {
		b.t.Errorf("the news stands in the channel %d times, want once", n)
	}
}
