package scenario

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/desk/served"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
)

// creates opens the form of a new case in a channel.
func (h *house) creates(ch *slacksim.Channel, u *slacksim.User) *slacksim.Form {
	h.Helper()
	answer, err := ch.Command(h.ctx, u, "/support create")
	h.must(err)
	if answer.Form == nil {
		h.Fatalf("/support create opened no form; it said %q", answer.Text())
	}
	return answer.Form
}

// told waits until somebody was privately told something.
func (h *house) told(u *slacksim.User, text string) {
	h.Helper()
	h.until(u.Name+" is told: "+text, func() bool {
		return slices.ContainsFunc(h.said(u), func(s string) bool { return strings.Contains(s, text) })
	})
}

// invites asks for an agent by command in #ops, with words after it.
func (c *chat) invites(u *slacksim.User, words string) string {
	c.h.Helper()
	answer, err := c.h.ops.Command(c.h.ctx, u, strings.TrimSpace("/support invite "+c.number+" "+words))
	c.h.must(err)
	return answer.Text()
}

// now is the case's chat in the place where it is now.
func (c *chat) now() *chat {
	c.h.Helper()
	var moved *chat
	c.h.until("the place of the case", func() bool {
		r := c.record()
		_, rest, _ := strings.Cut(string(r.Place), "/")
		channel, root, threaded := strings.Cut(rest, "/")
		moved = &chat{h: c.h, number: c.number, ch: c.h.ws.ChannelByID(channel)}
		if threaded {
			moved.root = moved.ch.Message(root)
		}
		return channel != "" && r.Card != ""
	})
	return moved
}

func TestL1_L5_L69_ThePlaceIsChosenInTheForm(t *testing.T) {
	each(t, func(h *house) {
		form := h.creates(h.ops, h.alice)
		h.upTo(form, 2, matter("Build is stuck")...)
		options, err := form.Options("Where to chat")
		h.must(err)
		if diff := cmp.Diff([]string{"New private channel", "Current channel"}, options); diff != "" {
			t.Errorf("L1: places to choose (-want +got):\n%s", diff)
		}
		if !strings.Contains(viewText(form), "Add only people who need access") {
			t.Error("L5: the form does not say whom to add")
		}
		h.must(form.Set(h.ctx, "Contact method", caseOnly))
		h.must(form.Set(h.ctx, "Contact method", "Live chat in Slack"))
		if _, err := form.Options("Where to chat"); err != nil {
			t.Errorf("choosing live chat again: %v", err)
		}
		h.must(form.Close(h.ctx))

		h.elsewhere.Invite(h.alice, h.bot.Bot)
		h.configures(h.elsewhere, "general", served.FullPermissions()...)
		form = h.creates(h.elsewhere, h.alice)
		h.upTo(form, 2, matter("Build is stuck")...)
		if _, err := form.Options("Where to chat"); err == nil {
			t.Error("L69: a thread can be chosen in a public channel")
		}
		if !strings.Contains(viewText(form), "Add only people who need access") {
			t.Error("L5: the form does not say whom to add")
		}
	})
}

func TestL3_L4_L6_L7_WhoJoinsSeesCaseAndHistoryAndTakesPart(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "it hangs at step 3")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "looking at it now"))
		c.says("looking at it now")
		c.ch.Invite(h.alice, h.chloe)
		read, _, err := h.slack.World.Messages(h.chloe.ID, c.ch.ID, world.Span{})
		if c.root != nil {
			read, _, err = h.slack.World.Thread(h.chloe.ID, c.ch.ID, c.root.TS, world.Span{})
		}
		h.must(err)
		seen := fmt.Sprint(read)
		for _, want := range []string{c.number, "Build is stuck", "it hangs at step 3", "looking at it now"} {
			if !strings.Contains(seen, want) {
				t.Errorf("Chloé does not see %q", want)
			}
		}
		c.post(h.chloe, "I can help")
		c.recorded("it hangs at step 3", "looking at it now", "I can help")
	})
}

func TestL51_TheChatUsesAThreadOfTheCurrentChannel(t *testing.T) {
	inThread(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob)
		card := c.root.Text() + blocksText(c.root)
		for _, want := range []string{c.number, "Build is stuck", "Acme", "Waiting for an agent", "End chat", "Resolve case", "See details"} {
			if !strings.Contains(card, want) {
				t.Errorf("the first message lacks %q:\n%s", want, card)
			}
		}
		h.quiet()
		r := c.record()
		if r.PlaceKind != desk.PlaceThread || r.Card != c.root.TS || r.Thread != c.root.TS || r.Chat.Place != r.Place {
			t.Errorf("got %s at %s, card %s, heard of in %s", r.PlaceKind, r.Place, r.Card, r.Thread)
		}
		if len(h.ops.Pins()) != 0 || len(h.chats(h.alice)) != 0 {
			t.Errorf("got %d pins and channels %v, want a thread and nothing else", len(h.ops.Pins()), h.chats(h.alice))
		}
		page := c.page()
		if !strings.Contains(page, "thread in #ops") || !strings.Contains(page, "/archives/"+h.ops.ID+"/p"+strings.ReplaceAll(c.root.TS, ".", "")) {
			t.Error("the case page does not say that the chat is in a thread of #ops, or does not lead there")
		}
	})
}

func TestL52_NormallyTheThreadBegunWhenTheCaseWasCreated(t *testing.T) {
	each(t, func(h *house) {
		h.fills(h.alice, "Build is stuck", caseOnly)
		link := h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, "Build is stuck") })
		h.until("the case in #ops", func() bool {
			link = h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, "Build is stuck") })
			return link != nil
		})
		_, words, _ := strings.Cut(strings.ToLower(link.Text()), "case ")
		c := &chat{h: h, number: words[:10]}
		h.until("its thread is known", func() bool { return c.record().Thread == link.TS })
		c.invites(h.bob, "thread")
		if c = c.now(); c.root == nil || c.root.TS != link.TS {
			h.Fatalf("the chat is at %s, want the thread of %s", c.record().Place, link.TS)
		}
		h.cardShows(c, "Waiting for an agent")
		c.says("asked for an agent")
		c.joins()
		c.post(h.bob, "it hangs")
		c.recorded("it hangs")
		for _, m := range h.ops.Messages() {
			if strings.Contains(m.Text, c.number) && m.TS != link.TS {
				t.Errorf("a second message about the case is in the channel: %s", m.Text)
			}
		}
	})
}

func TestL54_L55_BeforeTheAgentJoinsNothingOfTheThreadIsSeen(t *testing.T) {
	inThread(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		c.post(h.alice, "a secret while waiting")
		h.quiet()
		c.joins()
		c.post(h.alice, "now together")
		c.recorded("now together")
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		if strings.Contains(c.page(), "a secret while waiting") {
			t.Error("the agent sees what was written before the join")
		}
	})
}

func TestL56_MessagesOutsideTheThreadAreNeverSeen(t *testing.T) {
	inThread(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		other := h.ops.Post(h.alice, "lunch?")
		other.Reply(h.bob, "at noon")
		c.post(h.bob, "in the thread")
		h.ops.Upload(h.alice, "menu.txt", []byte("soup"), "")
		c.recorded("in the thread")
		h.quiet()
		c.recorded("in the thread")
		page := c.page()
		for _, secret := range []string{"lunch?", "at noon", "menu.txt"} {
			if strings.Contains(page, secret) {
				t.Errorf("Support sees %q", secret)
			}
		}
		if len(c.files()) != 0 {
			t.Error("a file from outside the thread is on the case")
		}
	})
}

func TestL60_TwoThreadsOfOneChannelAreTwoChats(t *testing.T) {
	inThread(t, func(h *house) {
		a := h.asks(h.alice, "Build is stuck").joins()
		b := h.asks(h.bob, "Disk is full").joins()
		a.post(h.alice, "about the build")
		b.post(h.alice, "about the disk")
		a.recorded("about the build")
		b.recorded("about the disk")
		h.must(h.jane.Reply(h.ctx, b.number, "r1", "delete something"))
		m := b.says("delete something")
		if row, _ := m.Now(); row.ThreadTS != b.root.TS || row.Subtype == "thread_broadcast" {
			t.Errorf("the answer is in thread %s, want %s", row.ThreadTS, b.root.TS)
		}
	})
}

func TestL58_ABroadcastReplyCountsOnce(t *testing.T) {
	inThread(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.root.Broadcast(h.alice, "everybody should know")
		m := c.post(h.alice, "it hnags")
		gone := c.post(h.bob, "never mind")
		c.recorded("everybody should know", "it hnags", "never mind")
		m.Edit(h.alice, "it hangs")
		gone.Delete(h.bob)
		h.until("the edit and the deletion on the case", func() bool {
			kinds := map[desk.EntryKind]int{}
			for _, e := range c.log() {
				kinds[e.Kind]++
			}
			return kinds[desk.KindEdit] == 1 && kinds[desk.KindDeletion] == 1
		})
		h.quiet()
		c.recorded("everybody should know", "it hnags", "never mind")
	})
}

func TestL71_AtTheJoinRequesterAndChosenMembersAreMentioned(t *testing.T) {
	inThread(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "hello"))
		c.says("hello")
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.quiet()
		var pings []string
		for _, m := range c.messages() {
			if strings.Contains(m.Text, "<@") {
				pings = append(pings, m.Text)
			}
		}
		want := "<@" + h.alice.ID + "> <@" + h.bob.ID + "> Jane from Support joined. Messages are now shared with Support and recorded."
		if diff := cmp.Diff([]string{want}, pings); diff != "" {
			t.Errorf("lines that mention people (-want +got):\n%s", diff)
		}
	})
}

func TestL70_ANewChannelGetsRequesterAndChosenMembers(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob)
		h.quiet()
		got := c.ch.Members()
		slices.Sort(got)
		if diff := cmp.Diff([]string{"alice", "bob", h.bot.Bot.Name}, got); diff != "" {
			t.Errorf("members (-want +got):\n%s", diff)
		}
	})
}

func TestL70_WhomSlackWillNotAddIsNamedInTheCardsThread(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.slack.World.Deactivate(h.chloe.ID))
		c := h.asks(h.alice, "Build is stuck", h.chloe)
		m := c.says("Slack did not let us add")
		if row, _ := m.Now(); row.ThreadTS != c.card().TS {
			t.Errorf("it stands in thread %q, want the card's", row.ThreadTS)
		}
		if !strings.Contains(m.Text(), "Chloé Dubois") {
			t.Errorf("it says %q, not who", m.Text())
		}
		c.joins()
	})
}

func TestL72_ALaterChatUsesTheSamePlaceAndPreference(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		place := c.record().Place
		c.invites(h.bob, "")
		h.until("a second request", func() bool { return c.record().Chat.Live() })
		h.quiet()
		if got := c.record(); got.Place != place || got.Chat.Place != place {
			t.Errorf("the second chat is at %s, want %s", got.Chat.Place, place)
		}
		h.must(h.jane.Join(h.ctx, c.number))
		h.until("the second chat runs", func() bool { return c.record().Chat.State == desk.ChatInProgress })
		c.post(h.alice, "again")
		c.recorded("again")
	})
}

func TestL72_AnotherPlaceCanBeChosen(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		c.post(h.alice, "in the channel")
		c.recorded("in the channel")
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.cardShows(c, "Invite elsewhere…")
		old := c.card()
		h.must(old.Press(h.ctx, h.alice, "Invite elsewhere…"))
		h.submits(h.alice, "Current channel")
		thread := c.now()
		if thread.root == nil || thread.ch.ID != h.ops.ID {
			h.Fatalf("the chat is at %s, want a thread in #ops", c.record().Place)
		}
		c.says("goes on in")
		h.until("the old card leads to the thread", func() bool {
			text := blocksText(old)
			return strings.Contains(text, thread.ch.ID) && !strings.Contains(text, "Resolve case")
		})
		thread.joins()
		c.post(h.bob, "too late here")
		thread.post(h.bob, "in the thread")
		c.recorded("in the channel", "in the thread")
		h.must(h.jane.End(h.ctx, c.number))
		thread.says("ended the chat")
		h.quiet()
		if said := thread.invites(h.bob, "new-channel"); !strings.Contains(said, "was asked") {
			t.Errorf("said %q", said)
		}
		back := c.now()
		if back.ch.ID != c.ch.ID {
			t.Errorf("the chat is in %s, want back in its channel %s", back.ch.ID, c.ch.ID)
		}
		thread.says("goes on in")
		h.must(h.jane.Join(h.ctx, c.number))
		h.until("the third chat runs", func() bool { return c.record().Chat.State == desk.ChatInProgress })
		thread.post(h.alice, "nobody hears this")
		back.post(h.alice, "back again")
		c.recorded("in the channel", "in the thread", "back again")
		h.quiet()
		c.recorded("in the channel", "in the thread", "back again")
	})
}

// submits chooses a place in the form that is open before somebody.
func (h *house) submits(u *slacksim.User, place string) {
	h.Helper()
	form := h.ws.View(u)
	if form == nil {
		h.Fatalf("no form is open; privately said: %q", h.said(u))
	}
	h.must(form.Set(h.ctx, "Where to chat", place))
	problems, err := form.Submit(h.ctx)
	h.must(err)
	if len(problems) > 0 {
		h.Fatalf("the form was refused: %v", problems)
	}
}

func TestL72_AStaleCardSaysThatTheChatMoved(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.cardShows(c, "Invite an agent")
		h.slack.Refuse("chat.update", "edit_window_closed", slacksim.Always) // the card cannot follow
		c.invites(h.alice, "thread")
		c.now()
		h.must(c.card().Press(h.ctx, h.alice, "Invite an agent"))
		h.told(h.alice, "is now in a thread in #ops. Use the card there.")
		h.must(c.card().Press(h.ctx, h.alice, "Resolve case"))
		h.quiet()
		if got := c.record(); !got.Open() {
			t.Error("the stale card resolved the case")
		}
	})
}

func TestL76_InThreadsButtonsDoItAll(t *testing.T) {
	inThread(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		if _, err := h.ops.CommandInThread(h.ctx, h.alice, c.root.TS, "/support endchat"); err == nil {
			t.Error("a command worked in a thread")
		}
		h.cardShows(c, "Jane")
		h.must(c.root.Press(h.ctx, h.bob, "End chat"))
		c.says("Bob Okafor ended the chat")
		h.cardShows(c, "Invite an agent")
		h.must(c.root.Press(h.ctx, h.bob, "Invite an agent"))
		h.cardShows(c, "Waiting for an agent")
		h.must(c.root.Press(h.ctx, h.bob, "Resolve case"))
		c.says("was resolved by Bob Okafor")
		if got := c.record(); got.Open() || got.Chat.Live() {
			t.Errorf("got %s, chat %s", got.Status, got.Chat.State)
		}
	})
}

func TestL77_ThePlaceHasThePermissionsOfTheChannelThatAsked(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.cardShows(c, "Invite an agent")
		h.configures(h.ops, "ops", served.MayRead)
		h.must(c.card().Press(h.ctx, h.alice, "Invite an agent"))
		h.told(h.alice, "This channel may not start a live chat.")
		h.must(c.card().Press(h.ctx, h.alice, "Resolve case"))
		h.told(h.alice, "This channel may not resolve cases.")
		h.configures(h.ops, "ops", served.FullPermissions()...)
		h.must(c.card().Press(h.ctx, h.alice, "Resolve case"))
		c.says("was resolved by")
	})
}

func TestL80_WithoutThePermissionNoChatIsStartedAndTheReasonIsGiven(t *testing.T) {
	each(t, func(h *house) {
		h.configures(h.ops, "ops", served.MayRead, served.MayCreate)
		form := h.creates(h.ops, h.alice)
		h.upTo(form, 2, matter("Build is stuck")...)
		options, err := form.Options("Contact method")
		h.must(err)
		if diff := cmp.Diff([]string{caseOnly}, options); diff != "" {
			t.Errorf("ways to be in contact (-want +got):\n%s", diff)
		}
		if !strings.Contains(viewText(form), "A live chat cannot be started from this channel.") {
			t.Error("the form does not say why")
		}
		h.must(form.Close(h.ctx))
		h.fills(h.alice, "Build is stuck", caseOnly)
		var link *slacksim.Message
		h.until("the case in #ops", func() bool {
			link = h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, "Build is stuck") })
			return link != nil
		})
		_, words, _ := strings.Cut(strings.ToLower(link.Text()), "case ")
		c := &chat{h: h, number: words[:10]}
		for _, place := range []string{"", "thread", "new-channel"} {
			if said := c.invites(h.alice, place); !strings.Contains(said, "This channel may not start a live chat.") {
				t.Errorf("invite %s: said %q", place, said)
			}
		}
		if c.record().Chat.ID != "" {
			t.Error("a chat was asked for")
		}
	})
}

func TestL69_AThreadOfAPublicChannelIsRefused(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.elsewhere.Invite(h.alice, h.bot.Bot)
		h.configures(h.elsewhere, "general", served.FullPermissions()...)
		answer, err := h.elsewhere.Command(h.ctx, h.alice, "/support invite "+c.number+" thread")
		h.must(err)
		if !strings.Contains(answer.Text(), "a thread of a private channel only") || c.record().Chat.Live() {
			t.Errorf("said %q", answer.Text())
		}
	})
}

func TestL69_AChannelMadePublicWhileTheFormWasOpen(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.cardShows(c, "Invite elsewhere…")
		h.must(c.card().Press(h.ctx, h.alice, "Invite elsewhere…"))
		h.ops.MakePublic(h.alice)
		h.submits(h.alice, "Current channel")
		if said := h.ws.View(h.alice).Words(); !strings.Contains(said, "a thread of a private channel only") || c.record().Chat.Live() {
			t.Errorf("the window says %q", said)
		}
	})
}

// What a workspace forbids does not keep people from their chat.
func TestL15_WithoutAChannelTheChatIsAThreadThatSaysWhy(t *testing.T) {
	each(t, func(h *house) {
		h.ws.Configure(func(w *world.Workspace) { w.NoChannelCreation = true })
		h.fills(h.alice, "Build is stuck", "Live chat in Slack", h.bob)
		var c *chat
		h.until("a thread in #ops", func() bool {
			m := h.ops.Find(func(m world.Message) bool { return strings.HasPrefix(m.Text, "Case ") && !m.IsReply() })
			if m == nil {
				return false
			}
			c = &chat{h: h, number: m.Text()[5:15], ch: h.ops, root: m}
			return true
		})
		c.says("this workspace does not let apps make channels. Everybody in this channel can read it.")
		c.joins()
		c.post(h.alice, "we are here")
		c.recorded("we are here")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "me too"))
		c.says("me too")
	})
}

// A root whose posting landed unheard is found again, and is there once.
func TestL51_TheFirstMessageIsThereOnceWhateverSlackAnswers(t *testing.T) {
	for _, when := range []fault.When{slacksim.Lost, slacksim.Landed} {
		t.Run(string(when), func(t *testing.T) {
			inThread(t, func(h *house) {
				h.slack.Fail("chat.postMessage", when)
				c := h.asks(h.alice, "Build is stuck").joins()
				h.quiet()
				var roots int
				for _, m := range h.ops.Messages() {
					if strings.Contains(m.Text, c.number) {
						roots++
					}
				}
				if roots != 1 {
					t.Errorf("got %d first messages", roots)
				}
			})
		})
	}
}

func TestL9_L10_L11_L12_OutsideWordsReachTheThreadAtEveryStage(t *testing.T) {
	inThread(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		h.must(h.jane.Answer(h.ctx, c.number, "a1", "we know of it"))
		wantNotice(t, c.says("we know of it"), "Live chat: requested")
		c.joins()
		h.replies(h.ops, h.bob, c.number, "it is back")
		wantNotice(t, c.says("it is back"), "Live chat: in progress")
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.must(h.jane.Answer(h.ctx, c.number, "a2", "it was the cache"))
		wantNotice(t, c.says("it was the cache"), "Live chat: ended")
		h.quiet()
		for _, text := range []string{"we know of it", "it is back", "it was the cache"} {
			n := 0
			for _, m := range c.messages() {
				n += strings.Count(m.Text, text)
			}
			if n != 1 {
				t.Errorf("%q stands in the thread %d times, want once", text, n)
			}
		}
		for _, m := range h.ops.Messages() {
			if m.TS != c.root.TS && !m.System() {
				t.Errorf("outside the thread: %s", m.Text)
			}
		}
	})
}
