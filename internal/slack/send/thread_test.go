package send_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/casework"
	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
)

func inThread(o *casework.Open) { o.Kind = desk.PlaceThread }

// root is the first message of the thread in which a case's chat is.
func (b *bench) root(c desk.Case) *slacksim.Message {
	b.t.Helper()
	at, ok := ident.Split(b.caseNow(c.ID).Place)
	if !ok || at.Thread == "" || string(at.Channel) != b.ops.ID {
		b.t.Fatalf("the chat is at %q, want a thread in #ops", b.caseNow(c.ID).Place)
	}
	return b.ops.Message(at.Thread)
}

// liveInThread plays a whole chat in a thread.
func liveInThread(b *bench, change ...func(*casework.Open)) desk.Case {
	b.t.Helper()
	c := b.open(change...)
	b.drain()
	b.join(c)
	b.reply(c, "looking now", "console:1")
	b.reply(c, longReply, "console:2")
	b.attach(c, "fix.txt", "console:2:1", []byte("turn it off and on"))
	b.drain()
	b.reply(c, "that should help", "console:3")
	b.drain()
	b.now = b.now.Add(time.Second)
	m := b.root(c).Upload(b.alice, "log.txt", []byte("it broke"), "see the log")
	now, _ := m.Now()
	b.record(c, m, desk.NewFile{SlackID: now.FileIDs[0], Name: "log.txt", Size: 8, Origin: "slack:file"})
	b.drain()
	b.end(c)
	b.drain()
	b.now = b.now.Add(time.Second)
	b.record(c, b.root(c).Reply(b.alice, "still there?"))
	b.drain()
	return b.caseNow(c.ID)
}

// checkThread looks whether everything is in the thread, once and in order, and
// nothing but the first message in the channel. extra is what follows it.
func checkThread(b *bench, c desk.Case, extra ...string) {
	b.t.Helper()
	root := b.root(c)
	card := "app: Case " + string(c.Number) + ": Build is &lt;stuck&gt;"
	if diff := cmp.Diff([]string{card}, said(b.transcript(b.ops))); diff != "" {
		b.t.Errorf("channel (-want +got):\n%s", diff)
	}
	want := append(append([]string{card}, extra...),
		"app: <@"+b.alice.ID+"> <@"+b.bob.ID+"> Jane from Support",
		"Jane (Support): looking now",
		"Jane (Support): (1/2) All work and no", "Jane (Support): (2/2) boy. All work and",
		"app: *Jane (Support)* [fix.txt]",
		"Jane (Support): that should help",
		"alice: see the log",
		"app: Someone ended the chat at",
		"alice: still there?",
	)
	if diff := cmp.Diff(want, b.lines(b.ops.Thread(root.TS))); diff != "" {
		b.t.Errorf("thread (-want +got):\n%s", diff)
	}
	if len(b.ops.Pins()) != 0 || c.Card != root.TS {
		b.t.Errorf("pins: %d, card %q, want none and the first message", len(b.ops.Pins()), c.Card)
	}
	if now, _ := root.Now(); !strings.Contains(fmt.Sprint(now.Blocks), "invite_agent") {
		b.t.Error("the card does not show that the chat is over")
	}
	for _, ch := range b.sim.World.AllChannels(b.ws.ID) {
		if strings.HasPrefix(ch.Name, "case-") {
			b.t.Errorf("#%s was made", ch.Name)
		}
	}
	if files, err := b.store.Files(b.t.Context(), c.ID); err != nil || len(files) != 2 || files[0].State != desk.FileReady || files[1].State != desk.FileReady {
		b.t.Errorf("files: %+v, %v", files, err)
	}
}

func TestAWholeChatIsInAThread(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := liveInThread(b, inThread)
	checkThread(b, c)
	if c.PlaceKind != desk.PlaceThread || c.ChatName != b.ops.Name() || c.Thread != b.root(c).TS {
		t.Errorf("got %s in %q, told in thread %q", c.PlaceKind, c.ChatName, c.Thread)
	}
	for _, e := range b.ws.Ephemerals(b.alice) {
		if e.ThreadTS != b.root(c).TS {
			t.Errorf("%q is not in the thread", e.Text)
		}
	}
}

// A place that the chat may have for want of another.
func TestWithoutAChannelTheChatIsInAThread(t *testing.T) {
	for _, kind := range []world.ChannelKind{world.Public, world.Private} {
		b := newBench(t, benchOptions{})
		if kind == world.Private {
			b.ops = b.ws.AddChannel("core", world.Private, b.alice, b.bob, b.app.Bot)
		}
		b.ws.Configure(func(w *world.Workspace) { w.NoChannelCreation = true })
		checkThread(b, liveInThread(b), "app: The live chat is in")
		why := b.ops.Find(func(m world.Message) bool {
			return strings.Contains(m.Text, "this workspace does not let apps make channels")
		})
		if why == nil || strings.Contains(why.Text(), "This channel is public") != (kind == world.Public) {
			t.Errorf("%s: nobody was told why, or who can read it", kind)
		}
	}
}

func TestInAThreadEveryCallLostAndLanded(t *testing.T) {
	for _, method := range []string{
		"conversations.create", "chat.postMessage", "chat.update", "conversations.info", "conversations.replies", "conversations.history",
		"files.completeUploadExternal", "chat.postEphemeral", "users.conversations",
	} {
		for _, when := range []fault.When{slacksim.Lost, slacksim.Landed} {
			t.Run(fmt.Sprintf("%s/%s", method, when), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, benchOptions{})
				b.sim.Fail(method, when, slacksim.Times(2))
				checkThread(b, liveInThread(b, inThread))
				b = newBench(t, benchOptions{})
				b.ws.Configure(func(w *world.Workspace) { w.NoChannelCreation = true })
				b.sim.Fail(method, when, slacksim.Times(2))
				checkThread(b, liveInThread(b), "app: The live chat is in")
			})
		}
	}
}

func TestAThreadInAStorm(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, benchOptions{})
			b.sim.Fail("*", slacksim.Landed, slacksim.Chance(0.15, seed))
			b.sim.Fail("*", slacksim.Lost, slacksim.Chance(0.15, seed+100), slacksim.As(fault.Status500))
			b.sim.RateLimit("*", 1, slacksim.Chance(0.1, seed+200))
			checkThread(b, liveInThread(b, inThread))
		})
	}
}
