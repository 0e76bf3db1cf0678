package scenario

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"caseline/internal/app/agent"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/dispatch"
	"caseline/internal/slacksim/fault"
	"caseline/internal/slacksim/world"
	"caseline/internal/store/sqlstore"
	"caseline/internal/store/storetest"
)

// The size of one story.
const (
	killChats = 3
	killWords = 100 // each way in a chat
)

// TestKilledAndStillComplete lets people and agents talk in several chats at
// once while the server, the real binary, is killed again and again, and Slack
// loses, doubles, reorders and repeats. In the end Slack's history and the
// record must be the same.
//
// What goes wrong is drawn from the seed of a story, so a story that failed
// can be told again: -run TestKilledAndStillComplete/sqlite/seed=7$. When the
// kills meet the program is left to the machine. CASELINE_TEST_SEEDS is how
// many stories to tell on each database, for a longer search.
func TestKilledAndStillComplete(t *testing.T) {
	binary := buildCaseline(t)
	onSQLite, onPostgres := 20, 4
	if testing.Short() {
		onSQLite, onPostgres = 5, 1
	}
	if n, err := strconv.Atoi(os.Getenv("CASELINE_TEST_SEEDS")); err == nil {
		onSQLite, onPostgres = n, n
	}
	t.Run("sqlite", func(t *testing.T) {
		severalAtOnce(t, onSQLite, func(t *testing.T, seed uint64) { tellOfKills(t, binary, seed, 5, "") })
	})
	t.Run("postgres", func(t *testing.T) {
		severalAtOnce(t, onPostgres, func(t *testing.T, seed uint64) {
			// Fewer kills: a claim outlives its holder by some seconds here.
			tellOfKills(t, binary, seed, 2, storetest.PostgresURL(t))
		})
	})
}

// severalAtOnce tells the stories of the seeds 1 to n, a few at a time whatever
// the number of processors, for they mostly wait.
func severalAtOnce(t *testing.T, n int, story func(t *testing.T, seed uint64)) {
	var g errgroup.Group
	g.SetLimit(4)
	for seed := range n {
		g.Go(func() error {
			t.Run(fmt.Sprintf("seed=%d", seed+1), func(t *testing.T) { story(t, uint64(seed+1)) })
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err) // unreachable: each story reports for itself
	}
}

func tellOfKills(t *testing.T, binary string, seed uint64, kills int, postgresURL string) {
	began := time.Now()
	s := newSiege(t, binary, seed, postgresURL, kills)
	s.openCases()
	s.talk()
	recorded := s.settle()
	for _, e := range s.exchanges {
		s.compare(recorded, e)
	}
	s.compareRest(recorded)
	t.Logf("seed %d in %.1f s: %s", seed, time.Since(began).Seconds(), s.meter.figures(s.slack, s.mail.late))
}

// A siege is a house whose server is a process that is killed again and again.
type siege struct {
	*house
	server    *process
	database  string // as the store names it
	mail      *slowMail
	meter     *meter
	seed      uint64
	kills     int // at the least
	omar      *agent.Agent
	exchanges []*exchange
}

// Slack tries an event four times. What Slack itself gives up is not what this
// is about, so nobody kills the server while an event has but one try left, and
// the last wait is longer than the server is away: see siegeOnce.
func killRetries() []time.Duration {
	return []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, time.Second}
}

func newSiege(t *testing.T, binary string, seed uint64, postgresURL string, kills int) *siege {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), 3*time.Minute, errors.New("the story took too long"))
	t.Cleanup(cancel)
	s := &siege{house: &house{T: t, ctx: ctx}, seed: seed, kills: kills, meter: newMeter(len(killRetries()))}
	slackLn, addr := listen(t), steadyAddress(t)
	s.url = "http://" + addr
	var err error
	s.slack, err = slacksim.New(slacksim.Options{
		Logger:  slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		BaseURL: "http://" + slackLn.Addr().String(), RetryDelays: killRetries(),
		Calls: s.meter.called, Attempts: s.meter.attempted,
		Fail: func(err error) { t.Error(err) }, // not Fatal: many goroutines ask
	})
	s.must(err)
	s.populate()
	known, _ := s.slack.World.App(s.bot.ID)
	known.SigningSecret = killSecret
	_, err = s.slack.World.PutApp(known)
	s.must(err)
	s.mail = newSlowMail(s.slack.Handler(), seed)
	web := &http.Server{
		Handler: s.mail, ReadHeaderTimeout: patience, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	s.runs("slack's server", func(context.Context) error { return web.Serve(slackLn) }, func() { web.Close(); s.mail.wg.Wait() })
	s.runs("slack", s.slack.Run, nil)

	dir := t.TempDir()
	s.database = postgresURL
	if postgresURL == "" {
		s.database = "sqlite:" + filepath.Join(dir, "data", "caseline.db")
	}
	s.server = newProcess(t, binary, dir, s.url, killConfig(addr, dir, postgresURL, slackLn.Addr().String(), s.ops.ID))
	s.must(s.server.start(ctx))
	s.jane, s.omar = s.signIn(janeEmail), s.signIn(omarEmail)
	return s
}

// trouble switches on what goes wrong between Slack and the server.
func (s *siege) trouble() {
	s.slack.Dispatch.SetChaos(dispatch.Chaos{
		Seed: s.seed, Duplicate: 0.10, DuplicateNew: 0.08, Reorder: 0.15, Window: 400 * time.Millisecond,
		Delay: 0.02, Pause: 50 * time.Millisecond, Lost: 0.06, Landed: 0.06,
	})
	for i, how := range []struct {
		method string
		when   fault.When
		p      float64
		as     fault.How
	}{
		{"chat.postMessage", slacksim.Lost, 0.007, fault.Drop},
		{"chat.postMessage", slacksim.Lost, 0.003, fault.Hang},
		{"chat.postMessage", slacksim.Lost, 0.003, fault.Status500},
		{"chat.postMessage", slacksim.Landed, 0.030, fault.Drop},
		{"chat.postMessage", slacksim.Landed, 0.005, fault.Hang},
		{"chat.postMessage", slacksim.Landed, 0.010, fault.Garbage},
		{"files.getUploadURLExternal", slacksim.Lost, 0.05, fault.Drop},
		{"files.completeUploadExternal", slacksim.Landed, 0.10, fault.Drop},
		{"files.completeUploadExternal", slacksim.Lost, 0.05, fault.Drop},
		{"chat.update", slacksim.Landed, 0.10, fault.Drop},
		{"conversations.create", slacksim.Landed, 0.3, fault.Drop},
		{"conversations.create", slacksim.Lost, 0.1, fault.Drop},
		{"conversations.invite", slacksim.Landed, 0.2, fault.Drop},
		{"conversations.history", slacksim.Lost, 0.04, fault.Drop},
		{"pins.add", slacksim.Landed, 0.20, fault.Drop},
	} {
		s.slack.Fail(how.method, how.when, slacksim.Chance(how.p, s.seed<<8+uint64(i)), slacksim.As(how.as))
	}
	// Calls that take their time are there to be interrupted.
	s.slack.Slow("chat.postMessage", 30*time.Millisecond, slacksim.Chance(0.3, s.seed))
}

// openCases lets Alice and Bob ask for chats, kills the server while it makes
// the places, and waits until they are there.
func (s *siege) openCases() {
	s.Helper()
	s.trouble()
	people := []*slacksim.User{s.alice, s.bob, s.chloe}
	for i := range killChats {
		s.fills(people[i%2], fmt.Sprintf("Build %d is stuck", i), "Live chat in Slack", people...)
	}
	rng := rand.New(rand.NewPCG(s.seed, 1))
	s.must(s.siegeOnce(s.ctx, moment{wait: upTo(rng, 80*time.Millisecond), down: upTo(rng, 50*time.Millisecond)}))
	ready := func(id string) bool {
		ch := s.ws.ChannelByID(id)
		for _, u := range people {
			if !ch.Now().Has(u.ID) {
				return false
			}
		}
		return len(ch.Pins()) > 0
	}
	s.until("a channel for each chat", func() bool {
		ids := s.chats(s.alice)
		for _, id := range ids {
			if !ready(id) {
				return false
			}
		}
		return len(ids) >= killChats
	})
	for i, id := range s.chats(s.alice) {
		c := chat{h: s.house, ch: s.ws.ChannelByID(id)}
		c.number = strings.TrimPrefix(c.ch.Name(), "case-")
		hand := []*agent.Agent{s.jane, s.omar}[i%2]
		s.exchanges = append(s.exchanges, &exchange{chat: c, n: i, hand: hand, people: people})
	}
}

// settle waits until nothing is on its way any more, stops the server and
// opens what it has kept.
func (s *siege) settle() *sqlstore.Store {
	s.Helper()
	for {
		s.must(s.slack.Quiesce(s.ctx))
		for _, e := range s.exchanges {
			e.says("ended the chat")
		}
		s.must(s.server.stop())
		st, err := sqlstore.Open(s.ctx, sqlstore.Options{URL: s.database})
		s.must(err)
		open, err := st.OpenLanes(s.ctx, 1)
		s.must(err)
		pending, err := st.PendingLanes(s.ctx, 1)
		s.must(err)
		if len(open) == 0 && len(pending) == 0 && s.slack.Dispatch.Idle() {
			s.Cleanup(func() { s.must(st.Close()) })
			return st
		}
		s.must(st.Close())
		s.must(s.server.start(s.ctx))
		s.must(pause(s.ctx, 200*time.Millisecond))
	}
}

// compareRest looks at what belongs to no single chat.
func (s *siege) compareRest(recorded *sqlstore.Store) {
	s.Helper()
	if dead, err := recorded.DeadEvents(s.ctx); err != nil || dead > 0 {
		s.Errorf("got %d events given up (%v), want none", dead, err)
	}
	if given := s.meter.givenUp(); len(given) > 0 {
		s.Errorf("the simulated Slack gave up %v: this story cannot be told", given)
	}
	links := 0
	for _, m := range s.ops.All() {
		if m.BotID == s.bot.BotID && !m.System() {
			links++
		}
	}
	if links != killChats || len(s.exchanges) != killChats {
		s.Errorf("got %d channels and %d links to them, want %d", len(s.exchanges), links, killChats)
	}
	s.server.complain(s.T)
}

// ours are the messages that the server posted in a channel, oldest first.
func (s *siege) ours(ch *slacksim.Channel) []world.Message {
	var out []world.Message
	for _, m := range ch.All() {
		if m.BotID == s.bot.BotID && !m.System() {
			out = append(out, m)
		}
	}
	return out
}

// logOf is the whole log of a case.
func (s *siege) logOf(recorded *sqlstore.Store, c desk.Case) []desk.Correspondence {
	s.Helper()
	entries, err := recorded.Log(s.ctx, c.ID, 0, 100_000)
	s.must(err)
	return entries
}
