package send_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/slack/ident"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
)

// longReply takes more than one message.
var longReply = strings.Repeat("All work and no play makes Jack a dull boy. ", 100)

// live plays a whole chat: every kind of delivery, every method.
func live(b *bench) desk.Case {
	b.t.Helper()
	c := b.open()
	b.drain()
	b.join(c)
	b.reply(c, "looking now", "console:1")
	b.reply(c, longReply, "console:2")
	b.attach(c, "fix.txt", "console:2:1", []byte("turn it off and on"))
	b.drain()
	b.reply(c, "that should help", "console:3")
	b.drain()
	b.now = b.now.Add(time.Second)
	m := b.room(c.ID).Upload(b.alice, "log.txt", []byte("it broke"), "see the log")
	now, _ := m.Now()
	b.record(c, m, desk.NewFile{SlackID: now.FileIDs[0], Name: "log.txt", Size: 8})
	b.drain()
	b.end(c)
	b.drain()
	b.now = b.now.Add(time.Second)
	b.record(c, b.room(c.ID).Post(b.alice, "still there?"))
	b.drain()
	return b.caseNow(c.ID)
}

// transcript is what people saw, each message in a few words.
func (b *bench) transcript(ch *slacksim.Channel) []string { return b.lines(ch.Messages()) }

func (b *bench) lines(messages []world.Message) []string {
	var lines []string
	for _, m := range messages {
		who := m.Username
		if who == "" {
			who = m.User
		}
		if who == b.app.Bot.ID || m.Subtype == "bot_message" && m.Username == "" {
			who = "app"
		}
		for name, u := range map[string]*slacksim.User{"alice": b.alice, "bob": b.bob} {
			if who == u.ID {
				who = name
			}
		}
		// In bad weather a name may not be had; what is posted goes without.
		nameless := strings.NewReplacer("Alice Martin opened case", "Case", "Alice Martin", "Someone").Replace(m.Text)
		text := strings.SplitN(nameless, "\n", 2)[0]
		if words := strings.Fields(text); len(words) > 5 {
			text = strings.Join(words[:5], " ")
		}
		if m.Subtype != "" && m.Subtype != "bot_message" && m.Subtype != "file_share" {
			text = "(" + m.Subtype + ")"
		}
		if m.Subtype == "file_share" && who == "app" {
			for _, f := range m.Files {
				text += " [" + f.Name + "]"
			}
		}
		lines = append(lines, who+": "+text)
	}
	return lines
}

func wantRoom(number desk.CaseNumber) []string {
	return []string{
		"app: (group_join)", "alice: (group_join)", "bob: (group_join)",
		"app: Case " + string(number) + ": Build is &lt;stuck&gt;", "app: (pinned_item)", "app: (channel_topic)",
		"app: Jane from Support joined. Messages",
		"Jane (Support): looking now",
		"Jane (Support): (1/2) All work and no", "Jane (Support): (2/2) boy. All work and",
		"app: *Jane (Support)* [fix.txt]",
		"Jane (Support): that should help",
		"alice: see the log",
		"app: Someone ended the chat at",
		"alice: still there?",
	}
}

// checkLive looks whether everything is in Slack, once, and in order.
func checkLive(b *bench, c desk.Case) {
	b.t.Helper()
	room := b.room(c.ID)
	var private int
	if room.Now().Kind != world.Private || room.Name() != "case-"+string(c.Number) {
		b.t.Errorf("room is %+v", room.Now())
	}
	got := b.transcript(room)
	want := wantRoom(c.Number)
	// Slack joins the lines of people who come one after the other.
	if diff := cmp.Diff(joins(want), joins(got)); diff != "" {
		b.t.Errorf("room (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"app: Case " + string(c.Number) + ": Build is &lt;stuck&gt;"}, said(b.transcript(b.ops))); diff != "" {
		b.t.Errorf("requesting channel (-want +got):\n%s", diff)
	}
	pins := room.Pins()
	if len(pins) != 1 || pins[0].TS != c.Card || !strings.Contains(fmt.Sprint(pins[0].Blocks), "invite_agent") {
		b.t.Errorf("pins: %d, card %q", len(pins), c.Card)
	}
	for _, e := range b.ws.Ephemerals(b.alice) {
		if strings.Contains(e.Text, "The chat has ended") {
			private++
		}
	}
	if private > 1 {
		b.t.Errorf("the hint after the end was shown %d times", private)
	}
	var rooms int
	for _, ch := range b.sim.World.AllChannels(b.ws.ID) {
		if strings.HasPrefix(ch.Name, "case-") {
			rooms++
		}
	}
	if rooms != 1 {
		b.t.Errorf("%d channels were made", rooms)
	}
	files, err := b.store.Files(b.t.Context(), c.ID)
	b.must(err)
	var here []string
	for _, f := range files {
		here = append(here, fmt.Sprintf("%s %s %d %s", f.Name, f.State, f.Size, f.Type))
	}
	want = []string{"fix.txt ready 18 text/plain; charset=utf-8", "log.txt ready 8 text/plain; charset=utf-8"}
	if diff := cmp.Diff(want, here); diff != "" {
		b.t.Errorf("files (-want +got):\n%s", diff)
	}
}

// joins sorts nothing and drops nothing but who came, which Slack words in
// more than one way.
func joins(lines []string) (rest []string) {
	for _, l := range lines {
		if !strings.HasSuffix(l, "_join)") {
			rest = append(rest, l)
		}
	}
	return rest
}

// said are the lines that are not Slack's own.
func said(lines []string) (rest []string) {
	for _, l := range lines {
		if !strings.Contains(l, ": (") {
			rest = append(rest, l)
		}
	}
	return rest
}

func TestAWholeChatIsInSlack(t *testing.T) {
	b := newBench(t, benchOptions{})
	c := live(b)
	checkLive(b, c)
	room := b.room(c.ID)
	if got, want := room.Members(), []string{b.app.Bot.Name, "alice", "bob"}; !cmp.Equal(got, want) {
		t.Errorf("members: got %v, want %v", got, want)
	}
	if got, want := room.Now().Topic.Value, "Support case "+string(c.Number)+" · Build is &lt;stuck&gt;"; got != want {
		t.Errorf("topic: got %q, want %q", got, want)
	}
	at, _ := ident.Split(c.Place)
	link := b.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, "opened case "+string(c.Number)) })
	if want := "Live chat in <#" + string(at.Channel) + ">."; link == nil || !strings.Contains(link.Text(), want) {
		t.Errorf("link does not say %q", want)
	}
	// Nobody has looked her up yet: the sender asks Slack itself.
	for _, want := range []string{"Alice Martin opened case", "Alice Martin ended the chat"} {
		named := func(m world.Message) bool { return strings.Contains(m.Text, want) }
		if b.ops.Find(named) == nil && room.Find(named) == nil {
			t.Errorf("nowhere in Slack: %q", want)
		}
	}
}

// Whatever call goes wrong, and however, everything ends up in Slack once and
// in order. Lost calls never happened; landed ones did, and nobody was told.
func TestEveryCallLostAndLanded(t *testing.T) {
	methods := []string{
		"conversations.create", "conversations.invite", "conversations.setTopic", "chat.postMessage", "chat.update", "pins.add",
		"files.info", "download", "files.getUploadURLExternal", "upload", "files.completeUploadExternal", "chat.postEphemeral",
		"conversations.history", "users.conversations", "users.info",
	}
	hows := map[fault.When][]fault.How{
		slacksim.Lost:   {fault.Drop, fault.Status503},
		slacksim.Landed: {fault.Drop, fault.Garbage},
	}
	for _, method := range methods {
		for when, hows := range hows {
			for _, how := range hows {
				t.Run(fmt.Sprintf("%s/%s/%s", method, when, how), func(t *testing.T) {
					t.Parallel()
					b := newBench(t, benchOptions{})
					b.sim.Fail(method, when, slacksim.As(how), slacksim.Times(2))
					checkLive(b, live(b))
				})
			}
		}
	}
}

// The n-th post goes wrong, for every n.
func TestEveryPostLostAndLanded(t *testing.T) {
	const posts = 9
	for n := range posts {
		for _, when := range []fault.When{slacksim.Lost, slacksim.Landed} {
			t.Run(fmt.Sprintf("%d/%s", n, when), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, benchOptions{})
				b.sim.Fail("chat.postMessage", when, slacksim.After(n))
				checkLive(b, live(b))
			})
		}
	}
}

func TestNoAnswerInTime(t *testing.T) {
	for _, method := range []string{"conversations.create", "chat.postMessage", "conversations.invite", "files.completeUploadExternal"} {
		for _, when := range []fault.When{slacksim.Lost, slacksim.Landed} {
			t.Run(fmt.Sprintf("%s/%s", method, when), func(t *testing.T) {
				t.Parallel()
				// The bench's clock runs ahead of the calls still on their
				// way, so no other call may take as long as this.
				b := newBench(t, benchOptions{timeout: 3 * time.Second})
				b.sim.Fail(method, when, slacksim.As(fault.Hang))
				checkLive(b, live(b))
			})
		}
	}
}

// Names that never come hold up nothing.
func TestNoNamesInTime(t *testing.T) {
	b := newBench(t, benchOptions{timeout: 500 * time.Millisecond})
	b.sim.Fail("users.info", slacksim.Lost, slacksim.As(fault.Hang), slacksim.Always)
	checkLive(b, live(b))
}

// In bad weather of all kinds at once, the same.
func TestChatInAStorm(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, benchOptions{})
			b.sim.Fail("*", slacksim.Landed, slacksim.Chance(0.15, seed))
			b.sim.Fail("*", slacksim.Lost, slacksim.Chance(0.15, seed+100), slacksim.As(fault.Status500))
			b.sim.RateLimit("*", 1, slacksim.Chance(0.1, seed+200))
			checkLive(b, live(b))
		})
	}
}
