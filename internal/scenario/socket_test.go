package scenario

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/app/doctor"
	"caseline/internal/catalogue"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/slacksim/socket"
)

const appToken = "xapp-1-A0CASELINE-1-test"

// bySockets makes a house one that hears of Slack by Socket Mode only: its app is
// that of the manifest for Socket Mode, and it has no signing secret. As with the
// waits that Slack really has, its last try of an event comes when a connection
// that was dead at the first has been found out.
func bySockets(h *house) {
	h.sockets = true
	h.retries = []time.Duration{50 * time.Millisecond, time.Second, 15 * time.Second}
}

// connected waits until Slack has as many connections as the server wants, all
// of which stay. By HTTP there are none.
func (h *house) connected() {
	h.Helper()
	if !h.sockets {
		return
	}
	h.until("two connections", func() bool { return len(h.staying()) == 2 })
}

// staying are the connections that are to stay, the oldest first.
func (h *house) staying() (ids []string) {
	for _, c := range h.slack.Sockets.Connections(ourApp) {
		if !c.Leaving && !c.Ghost {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// get returns what a page says.
func (h *house) get(address string) string {
	h.Helper()
	r, err := http.NewRequestWithContext(h.ctx, http.MethodGet, address, nil)
	h.must(err)
	return h.answer(r)
}

// answer sends a request and returns the body of its answer.
func (h *house) answer(r *http.Request) string {
	h.Helper()
	resp, err := http.DefaultClient.Do(r)
	h.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	h.must(err)
	return string(body)
}

// allBySocket wants all that Slack has told to have come by connections.
func (h *house) allBySocket() {
	h.Helper()
	for _, a := range h.slack.Attempts() {
		if a.Socket == "" && a.Failure != "connection_failed" {
			h.Errorf("%s %s went by no connection", a.Kind, a.Type)
		}
	}
	if page := h.get(h.url + "/slack/events"); !strings.Contains(page, "Socket Mode") {
		h.Errorf("asked by HTTP it says %q", page)
	}
}

func TestEdge_ACaseGoesItsWayBySocketMode(t *testing.T) {
	each(t, func(h *house) {
		form := h.creates(h.ops, h.alice)
		h.stays(form, "subject", "Write a subject", []string{"Subject", "  "}, []string{"Description", "It hangs."})
		h.upTo(form, 1, []string{"Subject", "Printer burns"})
		found, err := form.Search(h.ctx, "Service", "app")
		h.must(err)
		if diff := cmp.Diff([]string{"Web application", "Mobile app", "Desktop app"}, found); diff != "" {
			t.Errorf("services found by app (-want +got):\n%s", diff)
		}
		h.must(form.Close(h.ctx))

		c := h.asks(h.alice, "Build is stuck", h.bob).joins()
		c.post(h.alice, "it hangs at step 3 & waits")
		h.must(h.jane.Reply(h.ctx, c.number, "by-socket", "Looking now."))
		c.says("Looking now.")
		c.upload(h.bob, "build.log", []byte("step 3 hangs"), "here is the log")
		if f := c.file(desk.FileReady); c.downloads(f) != "step 3 hangs" {
			t.Error("the file is not what was sent")
		}
		h.must(h.jane.Attach(h.ctx, c.number, "a1", "fix.txt", []byte("turn it off and on")))
		h.until("the agent's file in Slack", func() bool { return strings.Contains(strings.Join(c.shown(), " "), "[fix.txt]") })
		answer, err := c.ch.Command(h.ctx, h.alice, "/support status")
		if err != nil || !strings.Contains(answer.Text(), c.number) {
			t.Errorf("status: got %q, %v", answer.Text(), err)
		}
		h.must(c.card().Press(h.ctx, h.alice, "See details"))
		h.reads(h.alice, "it hangs at step 3")
		h.must(c.card().Press(h.ctx, h.bob, "End chat"))
		c.says("Bob Okafor ended the chat")
		c.recorded("it hangs at step 3 & waits", "Looking now.", "here is the log")
		if tally := c.compared(); tally.State != desk.TallyWhole {
			t.Errorf("the record is %+v", tally)
		}
		h.cardShows(c, "Resolve case")
		h.must(c.card().Press(h.ctx, h.alice, "Resolve case"))
		c.says("Case " + c.number + " was resolved by")
		if got := c.record(); got.Status != desk.StatusResolved {
			t.Errorf("got status %s", got.Status)
		}
		h.allBySocket()
	}, bySockets)
}

// siegeOf is a house whose chats are compared as those of a siege are.
func siegeOf(h *house) *siege {
	return &siege{house: h, plot: plot{seed: 1}, database: h.cfg.Database.URL.Reveal()}
}

// endsAndCompares ends all chats and holds Slack's history against the record.
func (s *siege) endsAndCompares() {
	s.Helper()
	s.must(s.slack.Quiesce(s.ctx)) // Slack's last try may take its time
	s.quiet()
	for _, e := range s.exchanges {
		s.must(e.hand.End(s.ctx, e.number))
		s.until("the chat has ended", e.over)
		e.whispers("after", 2)
	}
	s.until("everything is told and compared", s.settled)
	s.compareAll()
}

// TestB8_NothingIsLostWhileConnectionsBreak has Slack replace all connections,
// cut one off, lose acks, be late, and send into one that nobody hears any more,
// while both sides talk in a channel and in a thread.
func TestB8_NothingIsLostWhileConnectionsBreak(t *testing.T) {
	each(t, func(h *house) {
		s := siegeOf(h)
		s.openChats()
		sockets, rng := h.slack.Sockets, rand.New(rand.NewPCG(s.seed, 30))
		// More would have the server wait: it asks for one connection a minute, and
		// for six at once.
		troubles := map[int]func(){
			4:  func() { sockets.Refresh(h.bot.ID) },
			10: func() { h.connected(); h.must(sockets.Drop(h.staying()[0])) },
			14: func() { sockets.Redeliver(h.bot.ID, 5) },
			18: func() { sockets.Delay(h.bot.ID, 20*time.Millisecond) },
			24: func() { sockets.Delay(h.bot.ID, 0); h.connected(); h.must(sockets.Ghost(h.staying()[1])) },
		}
		for i := range 30 {
			if do := troubles[i]; do != nil {
				do()
			}
			s.chatter(rng, 1, 0, true, false)
		}
		h.until("the ghost is found out", func() bool {
			return !slices.ContainsFunc(h.slack.Connections(h.bot), func(c socket.Connection) bool { return c.Ghost })
		})
		h.connected()
		s.chatter(rng, 3, 0, true, false)
		failed := map[string]int{}
		for _, a := range h.slack.Attempts() {
			failed[a.Failure]++
		}
		if failed["timeout"] < 6 { // five of them are the lost acks
			t.Errorf("the ghost has swallowed nothing, so this shows nothing: %v", failed)
		}
		s.endsAndCompares()
	}, bySockets)
}

// TestB8_ARestartWhileMessagesComeBySocketMode restarts the server again and
// again, while somebody writes all the time.
func TestB8_ARestartWhileMessagesComeBySocketMode(t *testing.T) {
	each(t, func(h *house) {
		c := h.asks(h.alice, "Build is stuck").joins()
		enough, wrote := make(chan struct{}), make(chan []string)
		go func() {
			tick := time.NewTicker(10 * time.Millisecond)
			defer tick.Stop()
			var lines []string
			for {
				select {
				case <-tick.C:
					lines = append(lines, fmt.Sprint("line ", len(lines)))
					c.post(h.alice, lines[len(lines)-1])
				case <-enough:
					wrote <- lines
					return
				}
			}
		}()
		for range 3 {
			h.until("something more is recorded", func() func() bool {
				before := len(c.words())
				return func() bool { return len(c.words()) > before }
			}())
			h.stopApp()
			h.startApp()
			h.connected()
		}
		close(enough)
		lines := <-wrote
		h.must(h.slack.Quiesce(h.ctx))
		c.recorded(lines...)
		c.ends()
		if tally := c.compared(); tally.State != desk.TallyWhole || tally.Slack != len(lines) {
			t.Errorf("of %d lines the record is %+v", len(lines), tally)
		}
	}, bySockets)
}

// TestB8_WhatIsSaidWhileSocketModeIsOffIsOnTheCase switches it off during a chat,
// which agents and the operator are told, and on again. The server is started
// anew, as its operator may do; that it comes back by itself too is told by
// TestB8_OutagesOfMinutesBySocketMode.
func TestB8_WhatIsSaidWhileSocketModeIsOffIsOnTheCase(t *testing.T) {
	each(t, func(h *house) {
		h.banner("")
		c := h.asks(h.alice, "Build is stuck").joins()
		c.post(h.alice, "said before")
		c.recorded("said before")
		h.quiet()
		h.slack.SetSocketMode(h.bot, false)
		h.banner("Socket Mode is switched off in the settings of the app in Slack.")
		if page := h.get(h.url + "/readyz"); !strings.Contains(page, `"connections":0`) || !strings.Contains(page, `"reason":"link_disabled"`) ||
			!strings.Contains(page, `"none_since":`) || !strings.Contains(page, `"status":"ok"`) {
			t.Errorf("/readyz says %s", page)
		}
		c.post(h.alice, "said meanwhile")
		h.must(h.jane.Reply(h.ctx, c.number, "r1", "I do not hear you"))
		c.says("I do not hear you")
		h.must(h.slack.Quiesce(h.ctx)) // Slack has no way to tell, and will not try again
		c.recorded("said before", "I do not hear you")
		begun := time.Now()
		h.stopApp()
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("stopping took %v", took)
		}
		h.slack.SetSocketMode(h.bot, true)
		h.startApp()
		h.connected()
		h.banner("")
		c.recorded("said before", "said meanwhile", "I do not hear you")
		c.post(h.alice, "said after")
		c.recorded("said before", "said meanwhile", "I do not hear you", "said after")
		c.ends()
		if tally := c.compared(); tally.State != desk.TallyWhole {
			t.Errorf("the record is %+v", tally)
		}
	}, bySockets)
}

// TestTheDoctorExaminesAServerOfSocketMode which is in order, and one whose
// app-level token is another app's, or none, or whose Socket Mode is switched off.
func TestTheDoctorExaminesAServerOfSocketMode(t *testing.T) {
	each(t, func(h *house) {
		other := h.manifested()
		other.ID, other.BotName, other.BotToken, other.AppToken = "A0OTHER", "other", "xoxb-other", "xapp-1-A0OTHER-1-test"
		h.ws.Install(other)
		for _, tt := range []struct {
			token string
			state doctor.State
			want  string
		}{
			{appToken, doctor.OK, "has 2 connections to Slack."},
			{other.AppToken, doctor.Wrong, "slack.app_token is of app A0OTHER, and slack.bot_token of app A0CASELINE"},
			{"xoxb-test", doctor.Wrong, "slack.app_token is no app-level token (not_allowed_token_type)"},
			{"xapp-1-A0CASELINE-1-old", doctor.Wrong, "Slack does not know slack.app_token (invalid_auth)"},
		} {
			cfg := h.cfg
			cfg.Slack.AppToken = config.NewSecret(tt.token)
			d := doctor.New(cfg, doctor.Options{}, nil)
			if !d.Token(h.ctx) {
				t.Errorf("the bot token is in order; found %v", d.Found())
			}
			d.Reach(h.ctx)
			found := d.Found()
			if last := found[len(found)-1]; last.State != tt.state || !strings.Contains(last.Line(), tt.want) {
				t.Errorf("of %s the doctor says %q, want %q", tt.token, last.Line(), tt.want)
			}
		}
		c := h.asks(h.alice, "Build is stuck").joins() // whatever the doctor opened takes nothing away
		c.post(h.alice, "it hangs")
		c.recorded("it hangs")
		h.slack.SetSocketMode(h.bot, false)
		h.banner("Socket Mode is switched off in the settings of the app in Slack.")
		d := doctor.New(h.cfg, doctor.Options{}, nil)
		d.Reach(h.ctx)
		if last := d.Found()[len(d.Found())-1]; last.State != doctor.Wrong || !strings.Contains(last.Line(), "Socket Mode is switched off") {
			t.Errorf("with Socket Mode switched off the doctor says %q", last.Line())
		}
	}, bySockets)
}

// A form whose next step does not fit into an ack, for it has a menu of a hundred
// long names, has its next step all the same.
func TestEdge_ALargeFormComesBySocketMode(t *testing.T) {
	each(t, func(h *house) {
		const english = "languages:\n  - {code: en, name: English}\n"
		languages := english
		for i := range 99 {
			languages += fmt.Sprintf("  - {code: l%d, name: %s%d}\n", i, strings.Repeat("ü", 70), i)
		}
		h.stopApp()
		h.cfg.Catalogue.File = filepath.Join(h.TempDir(), "catalogue.yaml")
		h.must(os.WriteFile(h.cfg.Catalogue.File, []byte(strings.Replace(catalogue.Default(), english, languages, 1)), 0o600))
		h.startApp()
		h.connected()
		form := h.opensForm(h.alice)
		fields := append(matter("Build is stuck"), []string{"Contact language", strings.Repeat("ü", 70) + "42"}, []string{"Contact method", caseOnly})
		for _, open := form.Now(); open; _, open = form.Now() {
			left, problems, err := form.Step(h.ctx, fields...)
			h.must(err)
			if len(problems) > 0 {
				t.Fatalf("refused: %v", problems)
			}
			fields = left
			h.until("the next step", func() bool {
				v, open := form.Now()
				return !open || v.Submit != nil
			})
		}
		later := 0
		for _, call := range h.slack.Calls("views.update") {
			if name, _ := call.Args["external_id"].(string); name != "" && call.OK {
				later++
			}
		}
		if c := h.newest("Build is stuck"); c.Language != "l42" || later == 0 {
			t.Errorf("the case is in %q; %d steps came after their acks", c.Language, later)
		}
	}, bySockets)
}
