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

// Script plays a whole chat by itself: several people and an agent, an edit, a
// file each way, the end and the resolution. It prints what happens on both sides and
// the case's record, and returns an error that names everything missing,
// doubled or out of order.
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
	st, err := setUp(ctx, setting{dir: dir, consoleLn: consoleLn, slackLn: slackLn, log: log})
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
	number string
	place  *slacksim.Channel
	wrong  []error

	shownSlack int   // messages of the place already printed
	shownLog   int64 // entries of the record already printed
}

func (p *play) perform(ctx context.Context) error {
	acts := []struct {
		title string
		play  func(context.Context) error
	}{
		{"Alice opens a case and asks for a live chat", p.ask},
		{"What she writes while waiting is hers alone", p.wait},
		{"Jane joins from the queue", p.join},
		{"They talk: several people, an edit, a file each way", p.talk},
		{"Alice ends the chat with the button on the card", p.end},
		{"After the end nothing is recorded; then the case is resolved", p.resolve},
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

func (p *play) ask(ctx context.Context) (err error) {
	alice, bob := p.people[0], p.people[1]
	if p.jane, err = agent.SignIn(ctx, p.consoleURL, hands()[0].Email, Password); err != nil {
		return err
	}
	p.line("Slack #ops", "Alice", "/support create")
	answer, err := p.channel.Command(ctx, alice, "/support create")
	if err != nil {
		return err
	}
	if answer.Form == nil {
		return fmt.Errorf("no form opened; the answer was %q", answer.Text())
	}
	for _, field := range [][]string{
		{"Subject", "Deploys hang at step 3"},
		{"Description", "Since ten every deploy stops at step 3 without an error."},
		{"Severity", "high"},
		{"How to be in contact", "Live chat in Slack"},
		{"People to add to the chat", bob.Name},
	} {
		if err := answer.Form.Set(ctx, field[0], field[1:]...); err != nil {
			return err
		}
	}
	problems, err := answer.Form.Submit(ctx)
	if err != nil || len(problems) > 0 {
		return fmt.Errorf("send the form: %v %w", problems, err)
	}
	return p.until(ctx, "the chat's channel with its card pinned", func() bool {
		for _, ch := range p.sim.World.SeenChannels(p.ws.ID, alice.ID) {
			if number, ok := strings.CutPrefix(ch.Name, "case-"); ok {
				p.number, p.place = number, p.ws.ChannelByID(ch.ID)
				return len(p.place.Pins()) == 1
			}
		}
		return false
	})
}

func (p *play) wait(ctx context.Context) error {
	p.place.Post(p.people[0], "just thinking aloud while I wait")
	if err := p.quiet(ctx); err != nil {
		return err
	}
	page, err := p.jane.Page(ctx, "/")
	if err != nil {
		return err
	}
	p.check(strings.Contains(page, p.number), "the request is not in the console's queue")
	p.line("Console queue", "waiting", "case "+p.number)
	return nil
}

func (p *play) join(ctx context.Context) error {
	if err := p.jane.Join(ctx, p.number); err != nil {
		return err
	}
	return p.inPlace(ctx, "Jane from Support joined")
}

func (p *play) talk(ctx context.Context) error {
	alice, bob := p.people[0], p.people[1]
	first := p.place.Post(alice, "It stops at *step 3*, always. Command: `make deploy`")
	if err := p.jane.Reply(ctx, p.number, "r1", "Hello Alice. Does it say anything in `deploy.log`?"); err != nil {
		return err
	}
	if err := p.inPlace(ctx, "Hello Alice."); err != nil {
		return err
	}
	p.place.Post(bob, "I have the log here")
	p.place.Upload(bob, "deploy.log", deployLog(), "")
	first.Edit(alice, "It stops at *step 4*, always. Command: `make deploy`")
	if err := p.until(ctx, "edit and file on the record", func() bool {
		return p.count(ctx, desk.KindEdit) == 1 && p.filesReady(ctx, 1)
	}); err != nil {
		return err
	}
	answer := "The token expired at ten. Please run:\n\n```\nmake token\n```\n\nthen deploy again."
	if err := p.jane.Reply(ctx, p.number, "r2", answer); err != nil {
		return err
	}
	if err := p.jane.Reply(ctx, p.number, "r2", answer); err != nil { // pressed twice: sent once
		return err
	}
	for range 2 { // likewise
		if err := p.jane.Attach(ctx, p.number, "f1", "make-token.txt", howTo()); err != nil {
			return err
		}
	}
	if err := p.until(ctx, "both files on both sides", func() bool { return p.filesReady(ctx, 2) }); err != nil {
		return err
	}
	p.place.Post(alice, "That was it, thank you!")
	return p.quiet(ctx)
}

func deployLog() []byte {
	return []byte("10:00:01 step 1 ok\n10:00:07 step 2 ok\n10:00:09 step 3 token expired\n")
}

func howTo() []byte {
	return []byte("make token asks for your password and keeps the token for a day.\n")
}

func (p *play) end(ctx context.Context) error {
	if err := p.until(ctx, "the card shows the running chat", func() bool {
		return p.card().Press(ctx, p.people[0], "End chat") == nil
	}); err != nil {
		return err
	}
	return p.inPlace(ctx, "ended the chat")
}

func (p *play) resolve(ctx context.Context) error {
	p.place.Post(p.people[1], "by the way, lunch?")
	if err := p.quiet(ctx); err != nil {
		return err
	}
	for _, e := range p.ws.Ephemerals(p.people[1]) {
		p.line("Slack, to Bob only", "Caseline", e.Text)
	}
	if _, err := p.place.Command(ctx, p.people[0], "/support resolve"); err != nil {
		return err
	}
	if err := p.inPlace(ctx, "was resolved by"); err != nil {
		return err
	}
	return p.quiet(ctx)
}

// card is the pinned message.
func (p *play) card() *slacksim.Message {
	pins := p.place.Pins()
	if len(pins) == 0 {
		return p.place.Message("")
	}
	return p.place.Message(pins[0].TS)
}

// inPlace waits until a message in the chat's channel contains text.
func (p *play) inPlace(ctx context.Context, text string) error {
	return p.until(ctx, "in the channel: "+text, func() bool {
		return p.place.Find(func(m world.Message) bool { return strings.Contains(m.Text, text) }) != nil
	})
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
