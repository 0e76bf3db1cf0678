package demo

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"caseline/internal/desk"
	"caseline/internal/slacksim/world"
)

// wholeLog is more than the script writes.
const wholeLog = 10_000

// record reads the case's correspondence and files, as the store has them.
func (p *play) record(ctx context.Context) ([]desk.Correspondence, []desk.File, error) {
	c, err := p.app.Store.CaseByNumber(ctx, desk.CaseNumber(p.number))
	if err != nil {
		return nil, nil, err
	}
	entries, err := p.app.Store.Log(ctx, c.ID, 0, wholeLog)
	if err != nil {
		return nil, nil, err
	}
	files, err := p.app.Store.Files(ctx, c.ID)
	return entries, files, err
}

// show prints what is new on both sides.
func (p *play) show(ctx context.Context) error {
	messages := p.place.All()
	for _, m := range messages[min(p.shownSlack, len(messages)):] {
		if !m.System() {
			p.line("Slack #"+p.place.Name(), p.slackName(m), slackText(m))
		}
	}
	p.shownSlack = len(messages)
	entries, _, err := p.record(ctx)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Seq > p.shownLog {
			p.line("Console", p.authorName(ctx, e.Author), entryText(e))
			p.shownLog = e.Seq
		}
	}
	return nil
}

// date is Slack's token for an instant, which it shows in the reader's zone,
// with the words for those who cannot.
var date = regexp.MustCompile(`<!date\^[^|>]*\|([^>]*)>`)

// slackText is what a message shows, in one line.
func slackText(m world.Message) string {
	text := date.ReplaceAllString(m.Text, "$1")
	for _, f := range m.Files {
		text = strings.TrimSpace(text + " [file] " + f.Name)
	}
	if m.Edited != nil {
		text += " (edited)"
	}
	return text
}

func (p *play) line(where, who, text string) {
	text = strings.ReplaceAll(text, "\n", " ⏎ ")
	fmt.Fprintf(p.out, "   %-22s %-14s %s\n", where, who, text)
}

func (p *play) slackName(m world.Message) string {
	if m.Username != "" {
		return m.Username
	}
	if u, ok := p.sim.World.User(m.User); ok {
		return cmp.Or(u.RealName, u.Name)
	}
	return "Caseline"
}

func (p *play) authorName(ctx context.Context, a desk.Actor) string {
	if a.Name != "" || a.Side != desk.SideCustomer {
		return cmp.Or(a.Name, "System")
	}
	people, err := p.app.Store.People(ctx, []desk.PersonID{desk.PersonID(a.ID)})
	if err != nil {
		return a.ID
	}
	return cmp.Or(people[desk.PersonID(a.ID)].Name, a.ID)
}

// entryText is an entry in one line.
func entryText(e desk.Correspondence) string {
	switch e.Kind {
	case desk.KindEdit:
		return fmt.Sprintf("[edited #%d] %s", e.Refers, e.Text)
	case desk.KindDeletion:
		return fmt.Sprintf("[deleted #%d]", e.Refers)
	case desk.KindFile:
		return "[file] " + e.Text
	case desk.KindChat, desk.KindStatus:
		return "[" + string(e.Kind) + " " + e.What + "]"
	case desk.KindTranscript:
		return "[transcript saved]"
	case desk.KindMessage, desk.KindNote:
	}
	return e.Text
}

func (p *play) check(ok bool, format string, args ...any) {
	if !ok {
		p.wrong = append(p.wrong, fmt.Errorf(format, args...))
	}
}

// verify prints the record and holds it against what was said.
func (p *play) verify(ctx context.Context) error {
	entries, files, err := p.record(ctx)
	if err != nil {
		return err
	}
	slices.SortStableFunc(entries, func(a, b desk.Correspondence) int { return a.At.Compare(b.At) })
	fmt.Fprintf(p.out, "\nThe record of case %s\n", p.number)
	var customers, agents []string
	kinds := map[desk.EntryKind]int{}
	for _, e := range entries {
		fmt.Fprintf(p.out, "   %3d  %s  %-14s %s\n", e.Seq, e.At.Format("15:04:05.000"), p.authorName(ctx, e.Author),
			strings.ReplaceAll(entryText(e), "\n", " ⏎ "))
		kinds[e.Kind]++
		switch {
		case e.Kind != desk.KindMessage || e.Chat == "":
		case e.Author.Side == desk.SideCustomer:
			customers = append(customers, e.Text)
		default:
			agents = append(agents, e.Text)
		}
	}
	p.checkWords("customers' words", customers, "It stops at **step 3**", "I have the log here", "That was it")
	p.checkWords("agent's words", agents, "Hello Alice.", "The token expired")
	var posted []string
	for _, m := range p.place.Messages() {
		if strings.HasSuffix(m.Username, "(Support)") {
			posted = append(posted, m.Text)
		}
	}
	p.checkWords("agent's words in Slack", posted, "Hello Alice.", "The token expired")
	p.check(kinds[desk.KindEdit] == 1, "got %d edits on the record, want 1", kinds[desk.KindEdit])
	p.check(kinds[desk.KindTranscript] == 1, "got %d transcripts, want 1", kinds[desk.KindTranscript])
	p.checkFiles(files)
	p.checkFileInSlack()
	c, err := p.app.Store.CaseByNumber(ctx, desk.CaseNumber(p.number))
	if err != nil {
		return err
	}
	p.check(c.Status == desk.StatusResolved, "the case is %s, want resolved", c.Status)
	p.check(c.Chat.Messages == 5 && c.Chat.Files == 2, "the transcript counts %d messages and %d files, want 5 and 2", c.Chat.Messages, c.Chat.Files)
	if err := errors.Join(p.wrong...); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\nComplete: 5 of 5 messages, 2 of 2 files, in order, nothing twice, nothing from before the join or after the end.\n")
	return nil
}

// checkWords checks that said is exactly what was meant, each by how it begins.
func (p *play) checkWords(what string, said []string, want ...string) {
	ok := len(said) == len(want)
	for i := range want {
		ok = ok && strings.HasPrefix(said[i], want[i])
	}
	p.check(ok, "%s: got %q, want those that begin with %q", what, said, want)
}

// checkFiles checks that the case has exactly the two files, byte for byte.
func (p *play) checkFiles(files []desk.File) {
	want := map[string][]byte{"deploy.log": deployLog(), "make-token.txt": howTo()}
	ok := len(files) == len(want)
	for _, f := range files {
		sum := sha256.Sum256(want[f.Name])
		ok = ok && f.State == desk.FileReady && f.Hash == hex.EncodeToString(sum[:])
		delete(want, f.Name)
	}
	p.check(ok && len(want) == 0, "the files are not on the case as they were sent")
}

// checkFileInSlack checks that the agent's file is in the channel once, byte
// for byte, under the agent's name and behind the words sent before it.
func (p *play) checkFileInSlack() {
	var shown []string
	behind := false
	for _, m := range p.place.Messages() {
		behind = behind || strings.HasPrefix(m.Text, "The token expired")
		for _, f := range m.Files {
			if f.Name != "make-token.txt" {
				continue
			}
			data, err := p.sim.World.FileBytes(f.ID)
			p.check(err == nil && bytes.Equal(data, howTo()), "the agent's file is not in Slack as it was sent")
			p.check(behind, "the agent's file came before the words sent before it")
			shown = append(shown, m.Text)
		}
	}
	p.check(slices.Equal(shown, []string{"*Jane (Support)*"}), "the agent's file in Slack: got %q, want it once under her name", shown)
}
