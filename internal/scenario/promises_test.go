package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/app"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

func TestL2_L7_L53_PlaceServesRequesterAgentAndEveryoneInvited(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		c.post(h.alice, "it hangs at step 3")
		c.post(h.bob, "same on my machine")
		c.recorded("it hangs at step 3", "same on my machine")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "looking at it now"))
		c.says("looking at it now")
		h.until("names on the case page", func() bool {
			page := c.page()
			return strings.Contains(page, "Alice Martin") && strings.Contains(page, "Bob Okafor")
		})
	})
}

func TestL15_L16_L17_L20_L25_AChatMakesItsPrivateChannel(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		ch := c.ch.Now()
		if ch.Kind != world.Private {
			t.Error("L25: the channel is not private")
		}
		if want := regexp.MustCompile(`^case-[1-9][0-9]{9}$`); !want.MatchString(ch.Name) {
			t.Errorf("L16: got channel name %q", ch.Name)
		}
		h.until("L15: the link in the requesting channel", func() bool {
			return h.ops.Find(func(m world.Message) bool { return strings.Contains(m.Text, "<#"+c.ch.ID+">") }) != nil
		})
		card := c.card().Text() + blocksText(c.card())
		for _, want := range []string{c.number, "Build is stuck", "Production impaired", "Acme", "Waiting for an agent"} {
			if !strings.Contains(card, want) {
				t.Errorf("L17: the pinned message lacks %q:\n%s", want, card)
			}
		}
		page, err := h.jane.Page(h.ctx, "/")
		h.must(err)
		if !strings.Contains(page, c.number) {
			t.Error("the request is not in the console's queue")
		}
	})
}

func TestL16_ATakenNameGetsASuffix(t *testing.T) {
	each(t, func(h *house) {
		h.slack.Refuse("conversations.create", "name_taken")
		c := h.asks(h.alice, "Build is stuck")
		if want := regexp.MustCompile(`^case-[0-9]{10}-2$`); !want.MatchString(c.ch.Name()) {
			t.Errorf("got channel name %q, want a suffix", c.ch.Name())
		}
		if got := c.record().ChatName; got != c.ch.Name() {
			t.Errorf("got %q on the case, want the name that Slack gave", got)
		}
	})
}

func TestL18_L38_L39_L41_L64_L65_L67_EndChatOnTheCard(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "thanks, solved")
		c.recorded("thanks, solved")
		h.cardShows(c, "Jane")
		h.must(c.card().Press(h.ctx, h.alice, "End chat"))
		c.says("ended the chat")
		got := c.record()
		if got.Chat.State != desk.ChatEnded || got.Chat.Reason != desk.EndedByCustomer {
			t.Errorf("got chat %s, %s", got.Chat.State, got.Chat.Reason)
		}
		if err := h.jane.Reply(h.ctx, c.number, "late", "are you there?"); err == nil {
			t.Error("L39: the agent could still write after the end")
		}
		log := c.log()
		if last := log[len(log)-1]; last.Kind != desk.KindTranscript || got.Chat.Messages != 1 {
			t.Errorf("L41: got last entry %s and %d messages, want the transcript of one", last.Kind, got.Chat.Messages)
		}
		if !strings.Contains(c.page(), "thanks, solved") {
			t.Error("L41: the transcript is not on the case page")
		}
		c.says("1 message")
	})
}

func TestL38_WhoeverEndsTheChatIsNamed(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.ch.Invite(h.alice, h.chloe) // who never writes
		h.cardShows(c, "Jane")
		h.must(c.card().Press(h.ctx, h.chloe, "End chat"))
		c.says("Chloé Dubois ended the chat")
		h.cardShows(c, "*Ended* by Chloé Dubois")
		h.until("her name on the case page", func() bool { return strings.Contains(c.page(), "Ended by Chloé Dubois") })
	})
}

func TestL19_L42_L68_ResolveCaseOnTheCard(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.cardShows(c, "Invite an agent")
		h.must(c.card().Press(h.ctx, h.alice, "Resolve case"))
		c.says("Case " + c.number + " was resolved by")
		if got := c.record(); got.Status != desk.StatusResolved {
			t.Errorf("got status %s", got.Status)
		}
	})
}

func TestL21_L22_L23_BeforeTheJoinNothingIsSeenOrKept(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck")
		c.post(h.alice, "words for nobody yet")
		h.quiet()
		c.joins()
		c.post(h.alice, "words for Support")
		c.recorded("words for Support")
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.quiet()
		c.recorded("words for Support")
		if strings.Contains(c.page(), "words for nobody yet") {
			t.Error("L22: the agent sees what was written before the join")
		}
	})
}

func TestL24_MembersCanBeAddedAtAnyTime(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.ch.Invite(h.alice, h.chloe)
		c.post(h.chloe, "hello, I am new here")
		c.recorded("hello, I am new here")
	})
}

func TestL26_L58_L60_MessagesFlowBothWaysWithNamesAndFormatting(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "it *fails* in `make all` & <here>")
		h.until("formatting on the case page", func() bool {
			page := c.page()
			return strings.Contains(page, "<strong>fails</strong>") && strings.Contains(page, "<code>make all</code>") &&
				strings.Contains(page, "&lt;here&gt;")
		})
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "Try **this**: `make clean` <!channel>"))
		m := c.says("make clean")
		got, _ := m.Now()
		if got.Username != "Jane (Support)" {
			t.Errorf("got name %q, want the agent's", got.Username)
		}
		if strings.Contains(got.Text, "<!channel>") || strings.Contains(blocksText(m), `"broadcast"`) {
			t.Errorf("an agent's text became a mention: %s", got.Text)
		}
	})
}

func TestAPictureStandsBesideAgentsWords(t *testing.T) {
	inBoth(t, func(h *house) {
		h.stopApp()
		h.cfg.Chat.AgentPicture = "https://example.com/agent.png"
		h.startApp()
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "looking now"))
		got, _ := c.says("looking now").Now()
		if got.Icons == nil || got.Icons.URL != h.cfg.Chat.AgentPicture {
			t.Errorf("got picture %+v, want %s", got.Icons, h.cfg.Chat.AgentPicture)
		}
	})
}

// An agent's own picture goes before the one for all, and is where Slack can
// fetch it. Where the app may post under no other name there is none.
func TestAnAgentsOwnPictureStandsBesideTheirWords(t *testing.T) {
	each(t, func(h *house) {
		h.stopApp()
		h.cfg.Chat.AgentPicture = "https://example.com/agent.png"
		h.cfg.PublicURL, h.cfg.SecureCookies = "https://support.example.com", config.Off
		var file bytes.Buffer
		h.must(png.Encode(&file, image.NewGray(image.Rect(0, 0, 64, 64))))
		h.must(app.SetPicture(h.ctx, h.cfg, desk.ByItself(), janeEmail, &file))
		h.startApp()
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "looking now"))
		got, _ := c.says("looking now").Now()
		if got.Icons == nil || !strings.HasPrefix(got.Icons.URL, "https://support.example.com/portraits/") {
			t.Fatalf("got picture %+v, want Jane's", got.Icons)
		}
		res, err := http.Get(h.url + strings.TrimPrefix(got.Icons.URL, "https://support.example.com"))
		h.must(err)
		defer res.Body.Close()
		if img, err := png.Decode(res.Body); err != nil || img.Bounds().Dx() != 64 {
			t.Errorf("Slack finds no picture there: %v", err)
		}
		h.stopApp()
		h.must(app.SetPicture(h.ctx, h.cfg, desk.ByItself(), janeEmail, nil))
		h.startApp()
		h.must(h.jane.Reply(h.ctx, c.number, "r2", "found it"))
		if got, _ := c.says("found it").Now(); got.Icons == nil || got.Icons.URL != h.cfg.Chat.AgentPicture {
			t.Errorf("without one of her own: got picture %+v", got.Icons)
		}
	})
}

func TestL26_L57_MentionsAreShownByName(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "please ask @chloe")
		h.until("Chloé, who never wrote here, by her name", func() bool {
			return strings.Contains(c.page(), `<span class="mention">@Chloé Dubois</span>`)
		})
	})
}

// What is mentioned in words that are shown again in Slack has its name there,
// but for private channels, which others may read of.
func TestMentionsInSlackHaveTheirNames(t *testing.T) {
	each(t, func(h *house) {
		secret := h.ws.AddChannel("layoffs", world.Private, h.alice, h.bot.Bot)
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "see #general and #layoffs")
		h.until("the words are recorded", func() bool { return len(c.words()) == 1 })
		if got := c.words()[0]; !strings.Contains(got, "<#"+secret.ID+">") {
			t.Fatalf("recorded as %s: no mention", got)
		}
		h.must(c.card().Press(h.ctx, h.alice, "See details"))
		h.reads(h.alice, "see #general and a private channel")
	})
}

func TestL27_L30_L37_L59_L63_ALongTwoWaySessionIsRecordedInOrder(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		var asked, answered []string
		for i := range 20 {
			who := []*slacksim.User{h.alice, h.bob}[i%2]
			asked = append(asked, fmt.Sprintf("question %d", i))
			c.post(who, asked[i])
			answered = append(answered, fmt.Sprintf("answer %d", i))
			h.must(h.jane.Reply(h.ctx, c.number, fmt.Sprintf("r%d", i), answered[i]))
		}
		h.quiet()
		var customer, support []string
		for _, e := range c.log() {
			switch {
			case e.Kind != desk.KindMessage || e.Chat == "":
			case e.Author.Side == desk.SideCustomer:
				customer = append(customer, e.Text)
			default:
				support = append(support, e.Text)
			}
		}
		if diff := cmp.Diff(asked, customer); diff != "" {
			t.Errorf("recorded questions (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(answered, support); diff != "" {
			t.Errorf("recorded answers (-want +got):\n%s", diff)
		}
		var inSlack []string
		for _, m := range c.messages() {
			if strings.HasPrefix(m.Text, "answer ") {
				inSlack = append(inSlack, m.Text)
			}
		}
		if diff := cmp.Diff(answered, inSlack); diff != "" {
			t.Errorf("answers in Slack (-want +got):\n%s", diff)
		}
	})
}

func TestL33_WordsTypedAsANewMessageReachTheAgent(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "as Bob wrote elsewhere: turn it off and on")
		c.recorded("as Bob wrote elsewhere: turn it off and on")
	})
}

func TestL40_L66_AfterTheEndNothingIsSentOrSaved(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "last words")
		c.recorded("last words")
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		if c.root == nil {
			c.ch.Invite(h.alice, h.bob)
		}
		for _, u := range []*slacksim.User{h.alice, h.bob} {
			c.post(u, "words after the end")
			h.told(u, "not recorded")
			c.post(u, "more words after the end")
		}
		h.quiet()
		for _, u := range []*slacksim.User{h.alice, h.bob} {
			hints := 0
			for _, s := range h.said(u) {
				if strings.Contains(s, "not recorded") {
					hints++
				}
			}
			if hints != 1 {
				t.Errorf("%s was told %d times, want once", u.Name, hints)
			}
		}
		c.recorded("last words")
		if strings.Contains(c.page(), "words after the end") {
			t.Error("the agent sees what was written after the end")
		}
	})
}

func TestL43_ResolveByCommand(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		answer, err := c.ch.Command(h.ctx, h.alice, "/support resolve")
		h.must(err)
		c.says("was resolved by")
		got := c.record()
		if got.Status != desk.StatusResolved || got.Chat.Reason != desk.EndedResolved {
			t.Errorf("got %s, %s; answer %q", got.Status, got.Chat.Reason, answer.Text())
		}
		again, err := c.ch.Command(h.ctx, h.alice, "/support resolve")
		h.must(err)
		if !strings.Contains(again.Text(), "resolved") {
			t.Errorf("resolving again: got %q, want a plain explanation", again.Text())
		}
	})
}

func TestL44_ThePinnedCardShowsDetailsAndBothActions(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.cardShows(c, "Jane")
		text := blocksText(c.card())
		for _, want := range []string{"Resolve case", "See details", "Jane"} {
			if !strings.Contains(text, want) {
				t.Errorf("the card lacks %q:\n%s", want, text)
			}
		}
	})
}

func TestL74_EndByCommand(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		c.ch.Invite(h.alice, h.bob)
		_, err := c.ch.Command(h.ctx, h.bob, "/support endchat")
		h.must(err)
		c.says("ended the chat")
		if got := c.record().Chat; got.State != desk.ChatEnded || got.Reason != desk.EndedByCustomer {
			t.Errorf("got %s, %s", got.State, got.Reason)
		}
	})
}

func TestL75_L76_InviteAsksForAnAgentAgainInTheSamePlace(t *testing.T) {
	inBoth(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		h.must(h.jane.End(h.ctx, c.number))
		c.says("ended the chat")
		h.cardShows(c, "Invite an agent")
		h.must(c.card().Press(h.ctx, h.alice, "Invite an agent"))
		c.says("asked for an agent")
		c.post(h.alice, "between the chats")
		h.quiet()
		h.must(h.jane.Join(h.ctx, c.number))
		h.until("the second chat runs", func() bool { return c.record().Chat.State == desk.ChatInProgress })
		c.post(h.alice, "second chat")
		c.recorded("second chat")
	})
}

// cardShows waits until the card has the words, for it is changed after the
// case is.
func (h *house) cardShows(c *chat, words string) {
	h.Helper()
	h.until("on the card: "+words, func() bool {
		return (c.root != nil || len(c.ch.Pins()) == 1) && strings.Contains(blocksText(c.card()), words)
	})
}

// blocksText is everything that a message's blocks hold.
func blocksText(m *slacksim.Message) string {
	row, _ := m.Now()
	text, err := json.Marshal(row.Blocks)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// said is what only this person has seen.
func (h *house) said(u *slacksim.User) []string {
	var texts []string
	for _, e := range h.ws.Ephemerals(u) {
		texts = append(texts, e.Text)
	}
	if text := h.window(u); text != "" {
		texts = append(texts, text)
	}
	return texts
}

// window is what a window says that is open before a person and cannot be sent.
func (h *house) window(u *slacksim.User) string {
	form := h.ws.View(u)
	if form == nil {
		return ""
	}
	if v, open := form.Now(); !open || v.Submit != nil {
		return ""
	}
	return form.Words()
}
