package scenario

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"caseline/internal/app/agent"
	"caseline/internal/config"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/dispatch"
	"caseline/internal/slacksim/entity"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/webapi"
	"caseline/internal/store/storetest"
)

// TestB8_AWeekOfTroubles lets dozens of chats run in a week of virtual time, in
// which everything befalls Slack, the way to it and the server that may, for
// minutes and for hours, again and again. In the end each record is what was
// said in its chat, in order, nothing twice, and the agents' words stand in
// Slack once.
//
// Who does what when and what goes wrong is drawn from the seed; only which of
// two things at the same moment comes first is left to the machine. Odd seeds go
// by HTTP, even ones by Socket Mode; in half of the weeks the app is installed by
// OAuth, its tokens live half a day, and once it is removed and installed again.
// CASELINE_TEST_WEEKS is how many weeks are told, for a longer search.
func TestB8_AWeekOfTroubles(t *testing.T) {
	t.Parallel()
	weeks, days := 2, 7
	if testing.Short() {
		days = 1
	}
	if n, err := strconv.Atoi(os.Getenv("CASELINE_TEST_WEEKS")); err == nil {
		weeks = n
	}
	for seed := range uint64(weeks) {
		t.Run(fmt.Sprintf("seed=%d", seed+1), func(t *testing.T) {
			t.Parallel()
			url := storetest.SQLiteURL(t)
			synctest.Test(t, func(t *testing.T) { tellWeek(t, seed+1, days, url) })
		})
	}
}

// perHour is how many events Slack lets the app have in an hour: few, so that
// talk in a channel can be too much.
const perHour = 600

// comparesEvery is how often running chats are compared. In half of the weeks that
// is so seldom that what is found soon is found because the server knew of the gap.
func comparesEvery(seed uint64) time.Duration {
	return []time.Duration{5 * time.Minute, 3 * time.Hour}[seed/2%2]
}

func tellWeek(t *testing.T, seed uint64, days int, url string) {
	var c count
	s, l := newBubble(t, seed, url, func(h *house) {
		h.sockets, h.poll = seed%2 == 0, 30*time.Second
		if seed%4 < 2 {
			byOAuth(h)
			h.rotates = true
		}
	}, func(o *slacksim.Options) {
		o.Tiers, o.Hourly, o.Seed, o.Calls, o.Attempts = true, perHour, seed, c.called, c.tried
	}, func(cfg *config.Config) { cfg.Chat.CompareEvery = comparesEvery(seed) })
	w := &week{siege: s, line: l, began: time.Now()}
	if s.wide {
		w.welcomes()
	}
	s.trouble()
	w.plan(days)
	w.pass()
	s.within(2*time.Hour, "everything is told and compared", s.settled)
	if dead, err := s.app.Store.DeadEvents(s.ctx); err != nil || dead > 0 {
		t.Errorf("got %d events given up (%v), want none", dead, err)
	}
	s.compareAll()
	w.figures(&c)
}

// A week is a siege of days, told by one goroutine: deed by deed, each in its
// time.
type week struct {
	*siege
	line  *line
	began time.Time
	deeds []deed   // to come, by time
	now   *trouble // nil for none
	lives []*life
}

// A deed is what somebody does, or what happens, so long after the beginning.
type deed struct {
	at time.Duration
	do func()
}

// later has something done after d; of what is due at the same time the first
// that was asked for comes first.
func (w *week) later(d time.Duration, do func()) {
	at := max(0, time.Since(w.began)+d)
	i, _ := slices.BinarySearchFunc(w.deeds, at, func(d deed, at time.Duration) int {
		return cmp.Or(cmp.Compare(d.at, at), -1)
	})
	w.deeds = slices.Insert(w.deeds, i, deed{at, do})
}

// pass lets the week pass.
func (w *week) pass() {
	for len(w.deeds) > 0 {
		next := w.deeds[0]
		w.deeds = w.deeds[1:]
		time.Sleep(next.at - time.Since(w.began))
		next.do()
	}
}

// plan draws the troubles of each day, one in the morning, one at noon and one in
// the evening, and chats that they befall.
func (w *week) plan(days int) {
	w.Helper()
	rng := rand.New(rand.NewPCG(w.seed, 40))
	all := w.troubles()
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for i := range 3 * days {
		at := time.Duration(i/3)*24*time.Hour + time.Duration(7+i%3*5)*time.Hour + upTo(rng, 90*time.Minute)
		tr := all[i%len(all)]
		tr.lasts = tr.least + upTo(rng, tr.most-tr.least)
		w.later(at, func() { w.befalls(&tr) })
		for range 2 {
			w.meets(rng, at, tr.lasts)
		}
	}
	for shift := range 3 * days {
		w.later(time.Duration(shift)*8*time.Hour, w.signsIn)
	}
	if w.wide {
		w.later(time.Duration(days/2)*24*time.Hour+2*time.Hour, w.reinstalls)
	}
	w.later(time.Duration(days)*24*time.Hour/2, func() { w.slack.SetDelayedEvents(w.bot, true) })
}

// welcomes has the app installed, and served in #ops.
func (w *week) welcomes() {
	w.Helper()
	row, _ := w.slack.World.User(w.alice.ID)
	row.Admin = true
	_, err := w.slack.World.PutUser(row)
	w.must(err)
	w.installs()
	w.servedAs(acmeID, "Acme")
}

// reinstalls has the app removed and installed again an hour later, in the first
// hour of a night in which nobody chats: a chat that runs then would be ended.
func (w *week) reinstalls() {
	w.Helper()
	if slices.ContainsFunc(w.lives, func(lf *life) bool { return lf.runs }) {
		w.later(30*time.Minute, w.reinstalls)
		return
	}
	w.befalls(&trouble{name: "the app is removed", lasts: time.Hour, begin: func() func() {
		w.ws.Uninstall(w.bot)
		return w.installs
	}})
}

// meets plans a chat that a trouble befalls, from which it may not come out.
func (w *week) meets(rng *rand.Rand, at, lasts time.Duration) {
	n := len(w.lives)
	lf := &life{
		w: w, rng: rand.New(rand.NewPCG(w.seed, 1000+uint64(n))),
		exchange: exchange{n: n, kind: []desk.PlaceKind{desk.PlaceChannel, desk.PlaceThread}[n%2], people: []*slacksim.User{w.alice, w.bob}},
		ends:     at + lasts + 10*time.Minute + upTo(rng, time.Hour),
	}
	lf.h = w.house
	if lf.kind == desk.PlaceChannel {
		lf.people = append(lf.people, w.chloe)
	}
	if rng.IntN(4) == 0 {
		lf.ends = at + upTo(rng, lasts)
	}
	w.lives = append(w.lives, lf)
	w.later(at-10*time.Minute-upTo(rng, 50*time.Minute), lf.asks)
}

// signsIn has Jane sign in, as she does when a shift begins.
func (w *week) signsIn() {
	w.Helper()
	if w.now != nil && w.now.away {
		return // she does when the server is back
	}
	way := (&line{network: w.line.network}).transport()
	w.Cleanup(way.CloseIdleConnections)
	jane, err := agent.SignInBy(w.ctx, way, w.url, janeEmail, password)
	w.must(err)
	w.jane = jane
}

// befalls lets a trouble come and go.
func (w *week) befalls(tr *trouble) {
	w.Helper()
	if w.now != nil {
		w.later(30*time.Minute, func() { w.befalls(tr) })
		return
	}
	time.Sleep(10 * time.Second) // what is on its way arrives
	w.Logf("%v: %s for %v", time.Since(w.began).Round(time.Minute), tr.name, tr.lasts.Round(time.Minute))
	w.now = tr
	end := tr.begin()
	w.later(tr.lasts, func() {
		w.Helper()
		end()
		w.now = nil
		over := entity.FormatTS(time.Now().UnixMicro())
		w.later(tr.inTime(), func() { w.isOver(tr, over) })
	})
}

// isOver wants all that was said before a time, as Slack writes it, to be on the
// cases.
func (w *week) isOver(tr *trouble, ts string) {
	w.Helper()
	if w.now != nil {
		return // the next has come, and what it does is looked at after it
	}
	missing := slices.DeleteFunc(w.unrecorded(), func(s string) bool { return s >= ts })
	if len(missing) > 0 {
		w.Errorf("%v after it was over: %s: not on the cases: %q", tr.inTime(), tr.name, missing)
	}
}

// A count is how much came to pass between Slack and the server.
type count struct {
	mu                                    sync.Mutex // guards what follows, for a few instructions
	tries, failed, calls, limited, faulty int
	tokens                                int // given out by OAuth
}

func (c *count) called(call webapi.Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if call.Method == "oauth.v2.access" && call.OK {
		c.tokens++
	}
	switch {
	case call.Error == "ratelimited", strings.Contains(call.Fault, string(fault.RateLimited)):
		c.limited++
	case call.Fault != "":
		c.faulty++
	}
}

func (c *count) tried(a dispatch.Attempt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tries++
	if a.Failure != "" {
		c.failed++
	}
}

// figures says how much came to pass.
func (w *week) figures(c *count) {
	var words, answers int
	for _, e := range w.exchanges {
		words, answers = words+len(e.said), answers+len(e.replies)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if days := int(time.Since(w.began) / (24 * time.Hour)); w.wide && c.tokens < 2*days {
		w.Errorf("in %d days %d tokens were given out, so this shows nothing of their rotation", days, c.tokens)
	}
	w.Logf("%d chats, %d words of customers, %d answers; %d tries of events, %d failed; %d calls, %d too many, %d gone wrong; %d tokens",
		len(w.exchanges), words, answers, c.tries, c.failed, c.calls, c.limited, c.faulty, c.tokens)
}

// A life is a chat from its asking to its end.
type life struct {
	exchange
	w     *week
	rng   *rand.Rand
	ends  time.Duration
	runs  bool // it has been asked for, and has not ended
	alone int  // how often the agent has spoken since a customer did
}

// calm reports whether people can use forms and buttons, and whether what is
// asked for comes soon.
func (w *week) calm() bool { return w.now == nil }

// asks has somebody ask for the chat, later if that cannot be done now.
func (lf *life) asks() {
	w := lf.w
	w.Helper()
	if !w.calm() {
		w.later(5*time.Minute, lf.asks)
		return
	}
	w.kind, lf.runs = lf.kind, true
	w.fills(w.alice, subjectOf(lf.n), "Live chat in Slack", lf.people...)
	w.within(3*time.Minute, "the place of "+subjectOf(lf.n), func() bool { return w.find(&lf.exchange) })
	w.later(time.Minute+upTo(lf.rng, 3*time.Minute), lf.begins)
}

// begins has the agent join.
func (lf *life) begins() {
	w := lf.w
	w.Helper()
	if !w.calm() {
		w.later(5*time.Minute, lf.begins)
		return
	}
	lf.whispers("before", 2)
	time.Sleep(time.Second) // here the clock stands still while people act
	w.must(w.jane.Join(w.ctx, lf.number))
	w.within(3*time.Minute, "it is said that they are heard", func() bool { return lf.says("Messages are now shared") })
	w.exchanges = append(w.exchanges, &lf.exchange)
	lf.goesOn()
}

// goesOn has one of them do something, and then the next until the chat ends.
func (lf *life) goesOn() {
	w := lf.w
	w.Helper()
	now := w.now
	if now == nil {
		now = &trouble{}
	}
	over := time.Since(w.began) >= lf.ends && len(lf.said) > 2
	switch {
	case over && !now.away:
		lf.finishes(w.calm() && lf.rng.IntN(2) == 0)
		return
	case now.away || lf.alone >= 3 || len(lf.said) == 0 || lf.rng.IntN(9) < 5:
		lf.alone = 0
		u := lf.people[lf.rng.IntN(len(lf.people))]
		lf.said = append(lf.said, lf.speak(lf.rng, u, len(lf.said), now.dark))
		lf.thinkBetter(lf.rng, now.dark)
	default:
		lf.alone++
		lf.answers(now)
	}
	w.later(time.Minute+upTo(lf.rng, 5*time.Minute), lf.goesOn)
}

// answers has the agent write, or now and then send a file.
func (lf *life) answers(now *trouble) {
	w := lf.w
	w.Helper()
	text := fmt.Sprintf("answer %d-%03d", lf.n, len(lf.replies))
	w.must(w.jane.Reply(w.ctx, lf.number, text, text))
	lf.replies = append(lf.replies, text)
	// A file that has not reached Slack for ten minutes is given up, which the
	// agent sees and may have tried again; here none is sent in trouble.
	if lf.rng.IntN(10) == 0 && w.calm() {
		name := fmt.Sprintf("answer-%d-%03d.txt", lf.n, len(lf.replies))
		w.must(w.jane.Attach(w.ctx, lf.number, name, name, killFile(name)))
		lf.attached = append(lf.attached, name)
	}
}

// finishes ends the chat, by the requester if byButton.
func (lf *life) finishes(byButton bool) {
	w := lf.w
	w.Helper()
	lf.button, lf.runs = byButton, false
	if byButton {
		w.must(lf.card().Press(w.ctx, w.alice, "End chat"))
	} else {
		w.must(w.jane.End(w.ctx, lf.number))
	}
	time.Sleep(time.Second)
	lf.whispers("after", 2)
}
