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
	where := "Slack #" + p.place.Name()
	if p.root != "" {
		where += " (thread)"
	}
	for _, m := range p.messages() {
		if !m.System() && !p.shownSlack[m.TS] {
			p.line(where, p.slackName(m), slackText(m))
		}
		p.shownSlack[m.TS] = true
	}
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
	if p.statement != "" {
		p.line("Console", "System", p.statement)
		p.statement = ""
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
	case desk.KindReaction, desk.KindMember, desk.KindContact:
		return "[" + string(e.Kind) + " " + e.What + "]"
	case desk.KindMessage, desk.KindNote:
	}
	return e.Text
}

func (p *play) check(ok bool, format string, args ...any) {
	if !ok {
		p.wrong = append(p.wrong, fmt.Errorf(format, args...))
	}
}

// verify prints the records and holds them against what was said.
func (p *play) verify(ctx context.Context) error {
	p.scene = p.cases[0]
	first, err := p.history(ctx)
	if err != nil {
		return err
	}
	p.checkWords("customers' words", first.customers, "It began with", "It stops at **step 3**", "I have the log here", "For me too", "Lunch at one?",
		"This may be why", "That was it", "It hangs again")
	p.checkWords("agent's words", first.agents, "Hello Alice.", "The token expired", "I see it.")
	p.checkWords("agent's words in Slack", p.posted(), "Hello Alice.", "The token expired", "I see it.")
	p.checkKinds(first, map[desk.EntryKind]int{desk.KindEdit: 1, desk.KindDeletion: 1, desk.KindTranscript: 2})
	p.checkFiles(first.files)
	p.checkFileInSlack()
	p.checkQuoted(first)
	p.scene = p.cases[1]
	second, err := p.history(ctx)
	if err != nil {
		return err
	}
	p.checkWords("customers' words in the thread", second.customers, "It is the nightly report", "It is. Thank you!")
	p.checkWords("agent's words in the thread", second.agents, "Stopped it.")
	p.checkWords("agent's words in Slack's thread", p.posted(), "Stopped it.")
	p.checkKinds(second, map[desk.EntryKind]int{desk.KindTranscript: 1})
	if err := errors.Join(p.wrong...); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\nComplete: %d messages and %d files in three chats, in order, nothing missing, nothing twice,"+
		" nothing from before a join that was not shared, nothing from after an end.\n",
		len(first.customers)+len(first.agents)+len(second.customers)+len(second.agents), len(first.files)+len(second.files))
	return nil
}

// A history is what a case's record says.
type history struct {
	customers, agents []string // words of its chats, by when they were written
	kinds             map[desk.EntryKind]int
	files             []desk.File
}

// history prints the record of a case and returns it.
func (p *play) history(ctx context.Context) (h history, err error) {
	entries, files, err := p.record(ctx)
	if err != nil {
		return h, err
	}
	h = history{kinds: map[desk.EntryKind]int{}, files: files}
	slices.SortStableFunc(entries, func(a, b desk.Correspondence) int { return a.At.Compare(b.At) })
	fmt.Fprintf(p.out, "\nThe record of case %s\n", p.number)
	for _, e := range entries {
		fmt.Fprintf(p.out, "   %3d  %s  %-14s %s\n", e.Seq, e.At.Format("15:04:05.000"), p.authorName(ctx, e.Author),
			strings.ReplaceAll(entryText(e), "\n", " ⏎ "))
		h.kinds[e.Kind]++
		switch {
		case e.Kind != desk.KindMessage || e.Chat == "":
		case e.Author.Side == desk.SideCustomer:
			h.customers = append(h.customers, e.Text)
		default:
			h.agents = append(h.agents, e.Text)
		}
	}
	c, err := p.app.Store.CaseByNumber(ctx, desk.CaseNumber(p.number))
	p.check(c.Status == desk.StatusResolved, "case %s is %s, want resolved", p.number, c.Status)
	return h, err
}

// posted are the agent's words in the place.
func (p *play) posted() (words []string) {
	for _, m := range p.messages() {
		if strings.HasSuffix(m.Username, "(Support)") {
			words = append(words, m.Text)
		}
	}
	return words
}

// checkKinds checks how many entries of some kinds there are.
func (p *play) checkKinds(h history, want map[desk.EntryKind]int) {
	for kind, n := range want {
		p.check(h.kinds[kind] == n, "got %d entries of kind %s, want %d", h.kinds[kind], kind, n)
	}
}

// checkQuoted checks that the forwarded message is on the record, quoted.
func (p *play) checkQuoted(h history) {
	quoted := slices.ContainsFunc(h.customers, func(text string) bool {
		return strings.HasPrefix(text, "This may be why") && strings.Contains(text, "The vault was moved at ten")
	})
	p.check(quoted, "the forwarded message is not quoted on the record: %q", h.customers)
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
	for _, m := range p.messages() {
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
