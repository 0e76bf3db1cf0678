package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"caseline/internal/app/agent"
	"caseline/internal/desk"
	"caseline/internal/slacksim"
	"caseline/internal/slacksim/world"
)

// asks lets somebody fill in the form of a new case.
func (p *play) asks(ctx context.Context, u *slacksim.User, fields ...[]string) error {
	p.line("Slack #ops", u.Name, "/support create")
	answer, err := p.channel.Command(ctx, u, "/support create")
	if err != nil {
		return err
	}
	if answer.Form == nil {
		return fmt.Errorf("no form opened; the answer was %q", answer.Text())
	}
	problems, err := answer.Form.FillIn(ctx, append(fields, []string{"Service", "Installation, deployment and upgrades"}, []string{"Category", "Error or failure"})...)
	if err != nil || len(problems) > 0 {
		return fmt.Errorf("send the form: %v %w", problems, err)
	}
	return nil
}

func (p *play) ask(ctx context.Context) (err error) {
	alice, bob := p.people[0], p.people[1]
	if p.jane, err = agent.SignIn(ctx, p.consoleURL, hands()[0].Email, Password); err != nil {
		return err
	}
	p.scene = &scene{shownSlack: map[string]bool{}}
	p.cases = append(p.cases, p.scene)
	err = p.asks(ctx, alice,
		[]string{"Subject", "Deploys hang at step 3"},
		[]string{"Description", "Since ten every deploy stops at step 3 without an error."},
		[]string{"Severity", "high"},
		[]string{"Contact method", "Live chat in Slack"},
		[]string{"People to add to the chat", bob.Name},
	)
	if err != nil {
		return err
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
	p.post(p.people[0], "It began with the release of this morning")
	if err := p.quiet(ctx); err != nil {
		return err
	}
	p.check(p.count(ctx, desk.KindMessage) == 1, "words written while waiting are on the record before anybody shared them")
	return p.queued(ctx)
}

// queued checks that the request is in the console's queue.
func (p *play) queued(ctx context.Context) error {
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
	if err := p.inPlace(ctx, "Jane from Support joined"); err != nil {
		return err
	}
	alice := p.people[0]
	if err := p.until(ctx, "Alice is asked what to share", func() bool {
		for _, e := range p.ws.Ephemerals(alice) {
			if strings.Contains(e.Text, "while waiting") && e.Press(ctx, "Share") == nil {
				p.line("Slack, to Alice only", "Caseline", e.Text+" [Share]")
				return true
			}
		}
		return false
	}); err != nil {
		return err
	}
	return p.until(ctx, "the words that Alice shared", func() bool { return p.count(ctx, desk.KindMessage) == 2 })
}

func (p *play) talk(ctx context.Context) error {
	alice, bob := p.people[0], p.people[1]
	first := p.post(alice, "It stops at *step 3*, always. Command: `make deploy`")
	if err := p.jane.Reply(ctx, p.number, "r1", "Hello Alice. Does it say anything in `deploy.log`?"); err != nil {
		return err
	}
	if err := p.inPlace(ctx, "Hello Alice."); err != nil {
		return err
	}
	p.post(bob, "I have the log here")
	p.place.Upload(bob, "deploy.log", deployLog(), "")
	first.Edit(alice, "It stops at *step 4*, always. Command: `make deploy`")
	p.place.Reply(bob, first.TS, "For me too")
	slip := p.post(bob, "Lunch at one?")
	if err := p.until(ctx, "edit, file and reply on the record", func() bool {
		return p.count(ctx, desk.KindEdit) == 1 && p.count(ctx, desk.KindMessage) == 7 && p.filesReady(ctx, 1)
	}); err != nil {
		return err
	}
	slip.Delete(bob)
	p.channel.Post(p.people[2], "The vault was moved at ten").Forward(alice, p.place, "This may be why")
	if err := p.until(ctx, "deletion and forward on the record", func() bool {
		return p.count(ctx, desk.KindDeletion) == 1 && p.count(ctx, desk.KindMessage) == 8
	}); err != nil {
		return err
	}
	return p.help(ctx)
}

// help is how Jane solves it, with a file.
func (p *play) help(ctx context.Context) error {
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
	p.post(p.people[0], "That was it, thank you!")
	return p.quiet(ctx)
}

func deployLog() []byte {
	return []byte("10:00:01 step 1 ok\n10:00:07 step 2 ok\n10:00:09 step 3 token expired\n")
}

func howTo() []byte {
	return []byte("make token asks for your password and keeps the token for a day.\n")
}

func (p *play) end(ctx context.Context) error {
	if err := p.presses(ctx, p.people[0], "End chat"); err != nil {
		return err
	}
	return p.inPlace(ctx, "ended the chat")
}

func (p *play) after(ctx context.Context) error {
	p.post(p.people[1], "By the way, lunch?")
	if err := p.quiet(ctx); err != nil {
		return err
	}
	for _, e := range p.ws.Ephemerals(p.people[1]) {
		p.line("Slack, to Bob only", "Caseline", e.Text)
	}
	return p.compared(ctx)
}

// compared waits until the record of the latest chat was compared with Slack's
// history.
func (p *play) compared(ctx context.Context) error {
	var chat desk.ChatSession
	if err := p.until(ctx, "the record was compared with Slack's history", func() bool {
		c, err := p.app.Store.CaseByNumber(ctx, desk.CaseNumber(p.number))
		chat = c.Chat
		return err == nil && chat.Tally.State != "" && chat.Tally.State != desk.TallyDue
	}); err != nil {
		return err
	}
	p.check(chat.Tally.State == desk.TallyWhole && chat.Tally.Fetched == 0, "Slack's history and the record differ: %+v", chat.Tally)
	p.statement = chat.Tally.Statement()
	return nil
}

func (p *play) add(ctx context.Context) error {
	if err := p.jane.Answer(ctx, p.number, "a1", "We have renewed all tokens. You need not do anything."); err != nil {
		return err
	}
	if err := p.inPlace(ctx, "We have renewed all tokens."); err != nil {
		return err
	}
	return p.quiet(ctx)
}

func (p *play) reopen(ctx context.Context) error {
	alice := p.people[0]
	if _, err := p.place.Command(ctx, alice, "/support resolve"); err != nil {
		return err
	}
	if err := p.inPlace(ctx, "was resolved by"); err != nil {
		return err
	}
	answer, err := p.place.Command(ctx, alice, "/support reopen")
	if err != nil {
		return err
	}
	if answer.Form == nil {
		return fmt.Errorf("no form opened: %s", answer.Text())
	}
	problems, err := answer.Form.FillIn(ctx, []string{"Message", "It is back since noon."}, []string{"Contact method", "Live chat in Slack"})
	if err != nil || len(problems) > 0 {
		return fmt.Errorf("send the form: %v %w", problems, err)
	}
	if err := p.inPlace(ctx, "was reopened by"); err != nil {
		return err
	}
	if err := p.until(ctx, "a chat is asked for again", func() bool {
		c, err := p.app.Store.CaseByNumber(ctx, desk.CaseNumber(p.number))
		return err == nil && c.Chat.State == desk.ChatRequested
	}); err != nil {
		return err
	}
	if err := p.jane.Join(ctx, p.number); err != nil {
		return err
	}
	if err := p.until(ctx, "Jane joined again", func() bool {
		joined := slices.DeleteFunc(p.messages(), func(m world.Message) bool { return !strings.Contains(m.Text, "Jane from Support joined") })
		return len(joined) == 2
	}); err != nil {
		return err
	}
	p.post(alice, "It hangs again")
	if err := p.jane.Reply(ctx, p.number, "r3", "I see it. Fixed for good now."); err != nil {
		return err
	}
	if err := p.inPlace(ctx, "Fixed for good"); err != nil {
		return err
	}
	if err := p.quiet(ctx); err != nil {
		return err
	}
	if err := p.jane.Resolve(ctx, p.number); err != nil {
		return err
	}
	if err := p.quiet(ctx); err != nil {
		return err
	}
	return p.compared(ctx)
}
