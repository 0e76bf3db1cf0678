package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"caseline/internal/app/agent"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// scriptPatience bounds every step of the script.
const scriptPatience = 30 * time.Second

var errTooLong = errors.New("it never came true")

// Script plays two cases by itself, one whose chat has a channel and one in a
// thread: several people and an agent, words shared at the join, an edit, a
// deletion, a forward, a file each way, the end, a notice after it, the
// resolution and a reopened case. It prints what happens on both sides and the
// record, and returns an error that names everything missing, doubled or out
// of order.
func Script(ctx context.Context, out io.Writer, log *slog.Logger) error {
	dir, err := os.MkdirTemp("", "caseline-script-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	consoleLn, err := listen(ctx, 0)
	if err != nil {
		return err
	}
	slackLn, err := listen(ctx, 0)
	if err != nil {
		return err
	}
	st, err := setUp(ctx, setting{dir: dir, consoleLn: consoleLn, slackLn: slackLn, compareAfter: time.Second, log: log})
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- st.run(running) }()
	p := &play{stage: st, out: out}
	err = p.perform(ctx)
	stop()
	return errors.Join(err, <-done)
}

// A play is one run of the script.
type play struct {
	*stage
	out    io.Writer
	jane   *agent.Agent
	cases  []*scene
	*scene // the case that is played
	wrong  []error
}

// A scene is one case and where its chats take place.
type scene struct {
	number string
	place  *slacksim.Channel
	root   string // of the thread, for a chat in one

	shownSlack map[string]bool // messages of the place already printed
	shownLog   int64           // entries of the record already printed
	statement  string          // about the record, to be printed with them
}

func (p *play) perform(ctx context.Context) error {
	acts := []struct {
		title string
		play  func(context.Context) error
	}{
		{"Alice opens a case and asks for a live chat", p.ask},
		{"What she writes while waiting is hers alone", p.wait},
		{"Jane joins from the queue; Alice shares what she wrote while waiting", p.join},
		{"They talk: an edit, a deletion, a forward, a thread, a file each way", p.talk},
		{"Alice ends the chat with the button on the card", p.end},
		{"After the end nothing is recorded; the record is held against Slack's history", p.after},
		{"Jane adds something to the case: its chat's channel hears of it", p.add},
		{"The case is resolved, and reopened when the trouble comes back: the chat goes on in the same channel", p.reopen},
		{"Bob's chat is in a thread of #ops", p.askThread},
		{"What is said beside the thread is nobody's business", p.talkThread},
	}
	for i, act := range acts {
		fmt.Fprintf(p.out, "\n%d. %s\n", i+1, act.title)
		if err := act.play(ctx); err != nil {
			return fmt.Errorf("%s: %w", act.title, err)
		}
		if err := p.show(ctx); err != nil {
			return err
		}
	}
	return p.verify(ctx)
}

// messages are those of the place, oldest first.
func (s *scene) messages() []world.Message {
	if s.root != "" {
		return s.place.Thread(s.root)
	}
	return s.place.All()
}

// post lets somebody write in the place.
func (s *scene) post(u *slacksim.User, text string) *slacksim.Message {
	if s.root != "" {
		return s.place.Reply(u, s.root, text)
	}
	return s.place.Post(u, text)
}

// card is the pinned message, or the thread's first.
func (s *scene) card() *slacksim.Message {
	if s.root != "" {
		return s.place.Message(s.root)
	}
	pins := s.place.Pins()
	if len(pins) == 0 {
		return s.place.Message("")
	}
	return s.place.Message(pins[0].TS)
}

// inPlace waits until a message in the chat's place contains text.
func (p *play) inPlace(ctx context.Context, text string) error {
	return p.until(ctx, "in the place: "+text, func() bool {
		return slices.ContainsFunc(p.messages(), func(m world.Message) bool { return strings.Contains(m.Text, text) })
	})
}

// presses waits until the card has a button, and presses it.
func (p *play) presses(ctx context.Context, u *slacksim.User, what string) error {
	return p.until(ctx, "the card has the button "+what, func() bool { return p.card().Press(ctx, u, what) == nil })
}

// quiet waits until both sides have said all they have to say.
func (p *play) quiet(ctx context.Context) error {
	return p.until(ctx, "everything delivered", func() bool {
		if !p.sim.Dispatch.Idle() {
			return false
		}
		open, err := p.app.Store.OpenLanes(ctx, 1)
		return err == nil && len(open) == 0
	})
}

// until waits for a state of either side.
func (p *play) until(ctx context.Context, what string, cond func() bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, scriptPatience, errTooLong)
	defer cancel()
	look := time.NewTicker(25 * time.Millisecond)
	defer look.Stop()
	for !cond() {
		select {
		case <-look.C:
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, context.Cause(ctx))
		}
	}
	return nil
}

func (p *play) count(ctx context.Context, kind desk.EntryKind) int {
	entries, _, err := p.record(ctx)
	if err != nil {
		return -1
	}
	return len(slices.DeleteFunc(entries, func(e desk.Correspondence) bool { return e.Kind != kind }))
}

// filesReady reports whether the case has so many files, all on both sides.
func (p *play) filesReady(ctx context.Context, want int) bool {
	_, files, err := p.record(ctx)
	return err == nil && len(files) == want && !slices.ContainsFunc(files, func(f desk.File) bool { return f.State != desk.FileReady })
}
