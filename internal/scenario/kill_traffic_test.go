package scenario

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"caseline/internal/app/agent"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
)

// An exchange is one chat in which both sides talk.
type exchange struct {
	chat
	n      int
	kind   desk.PlaceKind // of its place
	key    string         // see placeKey
	hand   *agent.Agent
	button bool // a customer ended it
	people []*slacksim.User

	said     []spoken // by customers between join and end, in order
	private  []spoken // before the join, after the end and outside the thread
	replies  []string // in the order in which the console took them
	attached []string // names of files of the agent, in that order
}

// spoken is what a person wrote in Slack.
type spoken struct {
	ts, text string
	by       *slacksim.User
	edited   string // the words it has now, if it was edited
	deleted  bool
	file     string // the name of the file that came with it
	dark     bool   // Slack forgot to tell of it
}

// killFile is what is in a file, which its name tells.
func killFile(name string) []byte { return []byte(strings.Repeat(name+"\n", 3000)) }

// A moment is when something happens to the server or to Slack.
type moment struct {
	after  int           // so much has come to pass
	wait   time.Duration // and a little later
	down   time.Duration // before the server is started again
	twice  bool          // and killed again while it starts
	outage *outage       // Slack is out first; nil if it is not
	shake  shake         // of the connections first, in Socket Mode
	stays  bool          // the server goes on after that
}

// A shake is what happens to the connections of Socket Mode.
type shake int

const (
	unshaken shake = iota
	oneCut
	allReplaced
)

// moments draws what happens when. They lie where both sides talk, because each
// side waits for the other.
func (s *siege) moments() []moment {
	rng := rand.New(rand.NewPCG(s.seed, 2))
	out := make([]moment, s.ends+rng.IntN(4))
	for i := range out {
		out[i] = moment{
			after: 5 + rng.IntN(killChats*killWords*3-20), wait: upTo(rng, 30*time.Millisecond),
			down: upTo(rng, 150*time.Millisecond), twice: rng.IntN(4) == 0 && !s.orderly,
		}
	}
	if s.outage {
		out = append(out, moment{after: 20 + rng.IntN(killChats*killWords*2), outage: newOutage(rng), stays: rng.IntN(2) == 0})
	}
	if s.sockets {
		out = s.shaken(out)
	}
	slices.SortFunc(out, func(a, b moment) int { return a.after - b.after })
	return out
}

// shaken has connections break just before the server ends, and at moments of
// their own. A server opens six at once, and these are no more.
func (s *siege) shaken(moments []moment) []moment {
	rng := rand.New(rand.NewPCG(s.seed, 4))
	for i := range moments {
		if moments[i].outage == nil {
			moments[i].shake = shake(rng.IntN(3))
		}
	}
	for range 2 {
		moments = append(moments, moment{after: 20 + rng.IntN(killChats*killWords*2), shake: oneCut, stays: true})
	}
	return moments
}

// shakes lets happen to the connections what is to happen at a moment. What was
// under way on one that is cut costs an event a try.
func (s *siege) shakes(ctx context.Context, m moment) error {
	for done := m.shake == unshaken; !done; {
		if err := s.meter.wait(ctx, func() bool { return s.meter.total >= m.after && s.meter.safe() }); err != nil {
			return err
		}
		done = s.meter.harm(func() {
			if staying := s.staying(); m.shake == allReplaced {
				s.slack.Sockets.Refresh(s.bot.ID)
			} else if len(staying) > 0 {
				_ = s.slack.Sockets.Drop(staying[0]) // it may be gone by itself
			}
		})
	}
	return nil
}

func upTo(rng *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(d)))
}

// talk lets everybody talk and the server be killed, until all is said.
func (s *siege) talk() {
	s.Helper()
	g, ctx := errgroup.WithContext(s.ctx)
	g.Go(func() error {
		for _, m := range s.moments() {
			if err := s.siegeOnce(ctx, m); err != nil {
				return fmt.Errorf("end the server: %w", err)
			}
		}
		return nil
	})
	for _, e := range s.exchanges {
		g.Go(func() error { return s.live(ctx, e) })
	}
	s.must(g.Wait())
}

// siegeOnce ends the server at a moment and starts it again.
func (s *siege) siegeOnce(ctx context.Context, m moment) error {
	if m.outage != nil {
		if err := s.out(ctx, m); err != nil || m.stays {
			return err
		}
	}
	if err := s.shakes(ctx, m); err != nil || m.stays {
		return err
	}
	if s.orderly {
		return s.stopOnce(ctx, m)
	}
	for {
		if err := s.meter.wait(ctx, func() bool { return s.meter.total >= m.after && s.meter.safe() }); err != nil {
			return err
		}
		if err := pause(ctx, m.wait); err != nil {
			return err
		}
		if s.meter.kill(s.server.kill) {
			break
		}
	}
	defer s.holdSoon()()
	if m.twice {
		if err := s.server.launch(); err != nil {
			return err
		}
		if err := pause(ctx, m.wait*2); err != nil {
			return err
		}
		if !s.meter.kill(s.server.kill) {
			s.server.kill() // it was not up yet, so this costs no event a try
		}
	}
	if err := s.letClaimsEnd(ctx); err != nil {
		return err
	}
	if err := pause(ctx, m.down); err != nil {
		return err
	}
	return s.starts(ctx)
}

// holdSoon lets events wait when the server is away for long, on a machine so
// busy that it is long in starting, say, until release.
func (s *siege) holdSoon() (release func()) {
	held := make(chan struct{})
	late := time.AfterFunc(300*time.Millisecond, func() { s.slack.Dispatch.Hold(); close(held) })
	return func() {
		if !late.Stop() {
			<-held
		}
		s.slack.Dispatch.Release()
	}
}

// live is the life of one chat after it was asked for.
func (s *siege) live(ctx context.Context, e *exchange) error {
	rng := rand.New(rand.NewPCG(s.seed, 10+uint64(e.n)))
	e.whispers("before", 2)
	if err := insist(ctx, func() error { return e.hand.Join(ctx, e.number) }); err != nil {
		return fmt.Errorf("join: %w", err)
	}
	// A thread may be in Slack seconds before a server that was killed knows that
	// it is; what is written there before people are told that they are heard is
	// found only after the end.
	for e.root != nil && !e.says("Messages are now shared") {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("thread of chat %d: %w", e.n, err)
		}
	}
	mine, theirs := rand.New(rand.NewPCG(rng.Uint64(), 0)), rand.New(rand.NewPCG(rng.Uint64(), 0))
	g, ctx2 := errgroup.WithContext(ctx)
	g.Go(func() error { return s.ask(ctx2, e, theirs) })
	g.Go(func() error { return s.answer(ctx2, e, mine) })
	if err := g.Wait(); err != nil {
		return err
	}
	// Some events are on their way when the chat ends, but no more than arrive
	// before the record is compared, however busy this machine is.
	for s.slack.World.Undelivered() > 4*killChats {
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("events of chat %d: %w", e.n, err)
		}
	}
	if err := insist(ctx, func() error { return e.hand.End(ctx, e.number) }); err != nil {
		return fmt.Errorf("end: %w", err)
	}
	e.whispers("after", 2)
	return nil
}

// whispers are words that nobody at Support may see.
func (e *exchange) whispers(when string, n int) {
	for i := range n {
		u := e.people[i%len(e.people)]
		text := fmt.Sprintf("%d-%d %s the chat", e.n, i, when)
		e.private = append(e.private, spoken{ts: e.post(u, text).TS, by: u, text: text})
	}
}

// ahead is how far one side may be ahead of the other.
const ahead = 8

// ask lets the customers write.
func (s *siege) ask(ctx context.Context, e *exchange, rng *rand.Rand) error {
	n := s.meter.of(e.key)
	for i := range killWords {
		if err := s.meter.wait(ctx, func() bool { return n.said < n.taken+ahead }); err != nil {
			return fmt.Errorf("customers of chat %d: %w", e.n, err)
		}
		u := e.people[rng.IntN(len(e.people))]
		s.weather.during(func(dark bool) {
			e.said = append(e.said, e.speak(rng, u, i, dark))
			e.thinkBetter(rng, dark)
			if i%10 == 0 && e.root != nil {
				text := fmt.Sprintf("%d-%d outside the thread", e.n, i)
				e.private = append(e.private, spoken{ts: e.ch.Post(u, text).TS, by: u, text: text})
			}
		})
		s.meter.note(func() { n.said++ })
	}
	return nil
}

// speak lets a person write once: in the place or under an earlier message,
// with a file or without, and sometimes think better of it at once, once or
// twice.
func (e *exchange) speak(rng *rand.Rand, u *slacksim.User, i int, dark bool) spoken {
	w := spoken{by: u, text: fmt.Sprintf("question %d-%03d of %s", e.n, i, u.Name), dark: dark}
	var m *slacksim.Message
	dice, under := rng.IntN(100), e.under(rng)
	switch {
	case dice < 5:
		w.file = fmt.Sprintf("question-%d-%03d.log", e.n, i)
		m = e.upload(u, w.file, killFile(w.file), w.text)
	case dice < 15 && e.root != nil:
		m = e.root.Broadcast(u, w.text)
	case dice < 15 && under != "":
		m = e.ch.Reply(u, under, w.text)
	default:
		m = e.post(u, w.text)
	}
	w.ts = m.TS
	if rng.IntN(20) == 0 {
		w.edited = w.text + ", and more"
		m.Edit(u, w.edited)
	}
	if w.file == "" && rng.IntN(25) == 0 {
		w.deleted = true
		m.Delete(u)
	}
	return w
}

// thinkBetter lets the author of an earlier message, which has long arrived or
// was written while the server was away, change it or take it back. What was
// changed before is only taken back. A deletion that Slack forgot to tell of
// leaves no trace that could be found, so there is none in the dark.
func (e *exchange) thinkBetter(rng *rand.Rand, dark bool) {
	dice, w := rng.IntN(16), &e.said[rng.IntN(len(e.said))]
	m := e.ch.Message(w.ts)
	switch {
	case dice > 1 || w.deleted:
	case dice == 0 && w.edited == "":
		w.edited = w.text + ", on second thoughts"
		m.Edit(w.by, w.edited)
	case w.file == "" && !dark:
		w.deleted = true
		m.Delete(w.by)
	}
}

// under is an earlier message under which can be written; empty if the one
// that was drawn is gone.
func (e *exchange) under(rng *rand.Rand) string {
	if len(e.said) == 0 {
		return ""
	}
	w := e.said[rng.IntN(len(e.said))]
	now, ok := e.ch.Message(w.ts).Now()
	switch {
	case !ok:
		return ""
	case now.ThreadTS != "":
		return now.ThreadTS // of a reply, its root
	}
	return w.ts
}

// answer lets the agent reply. An agent who gets no answer sends the same
// again; one who is nervous clicks twice.
func (s *siege) answer(ctx context.Context, e *exchange, rng *rand.Rand) error {
	n := s.meter.of(e.key)
	for i := range killWords {
		err := s.meter.wait(ctx, func() bool { return n.taken < n.said+ahead && n.taken < n.landed+ahead })
		if err != nil {
			return fmt.Errorf("agent of chat %d: %w", e.n, err)
		}
		text := fmt.Sprintf("answer %d-%03d", e.n, i)
		if rng.IntN(33) == 0 {
			text += strings.Repeat(" and yet another word", 200) // takes several messages
		}
		clicks := 1
		if rng.IntN(20) == 0 {
			clicks = 2
		}
		var g errgroup.Group
		for range clicks {
			g.Go(func() error {
				return insist(ctx, func() error { return e.hand.Reply(ctx, e.number, fmt.Sprintf("reply %d", i), text) })
			})
		}
		if err := g.Wait(); err != nil {
			return fmt.Errorf("reply %d in chat %d: %w", i, e.n, err)
		}
		e.replies = append(e.replies, text)
		if rng.IntN(33) == 0 {
			name := fmt.Sprintf("answer-%d-%03d.txt", e.n, i)
			if err := insist(ctx, func() error { return e.hand.Attach(ctx, e.number, "attach "+name, name, killFile(name)) }); err != nil {
				return fmt.Errorf("attach %s in chat %d: %w", name, e.n, err)
			}
			e.attached = append(e.attached, name)
		}
		s.meter.note(func() { n.taken++ })
	}
	return nil
}

// insist does something again until it succeeds, as somebody does whose page
// says that the server cannot be reached. What the server refuses is not tried
// again.
func insist(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil {
			return nil
		}
		if refused, ok := errors.AsType[*agent.Refused](err); ok && refused.Status < 500 {
			return err
		}
		if gone := pause(ctx, 10*time.Millisecond); gone != nil {
			return errors.Join(gone, err)
		}
	}
}
