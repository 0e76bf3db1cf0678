package scenario

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/desk"
	"caseline/internal/mrkdwn"
	"caseline/internal/slack/ident"
	"caseline/internal/slacksim/entity"
	"caseline/internal/store/sqlstore"
)

// words are one message, as both sides must have it.
type words struct {
	Origin desk.Origin
	Author string
	At     time.Time
	Text   string
}

// compareAll stops the server and compares what both sides have of each chat.
func (s *siege) compareAll() {
	s.Helper()
	s.stopApp()
	st, err := sqlstore.Open(s.ctx, sqlstore.Options{URL: s.database})
	s.must(err)
	s.Cleanup(func() { s.must(st.Close()) })
	for _, e := range s.exchanges {
		s.compare(st, e)
	}
}

// compare holds Slack's history of a chat against the record of its case.
func (s *siege) compare(recorded *sqlstore.Store, e *exchange) {
	s.Helper()
	c, err := recorded.CaseByNumber(s.ctx, desk.CaseNumber(e.number))
	s.must(err)
	log := s.logOf(recorded, c)
	e.readLate(c, log)
	asked := s.compareQuestions(e, c, log)
	s.compareAnswers(recorded, e, c, log)
	s.compareEdits(e, c, log)
	for i, entry := range log {
		if entry.Seq != int64(i+1) {
			s.Errorf("chat %d: got entry %d at place %d of the log", e.n, entry.Seq, i+1)
		}
	}
	if c.LastSeq != int64(len(log)) {
		s.Errorf("chat %d: got last entry %d, want %d", e.n, c.LastSeq, len(log))
	}
	messages, files := asked+len(e.replies), len(e.files())+len(e.attached)
	if c.Chat.State != desk.ChatEnded || c.Chat.Messages != messages || c.Chat.Files != files {
		s.Errorf("chat %d: got state %s with %d messages and %d files counted, want %d and %d", e.n, c.Chat.State, c.Chat.Messages, c.Chat.Files, messages, files)
	}
	s.compareFiles(recorded, e, c)
	s.compareOnce(e, c, log, messages)
}

// compareQuestions: what people wrote between join and end, in Slack's order,
// is what is recorded, each once. It returns how many messages there are.
func (s *siege) compareQuestions(e *exchange, c desk.Case, log []desk.Correspondence) (asked int) {
	s.Helper()
	var want, got []words
	typed := map[string]spoken{}
	for _, w := range e.said {
		typed[w.ts] = w
	}
	for _, m := range e.all() {
		if m.System() || m.BotID != "" || m.Subtype == "tombstone" {
			continue
		}
		at := entity.TSTime(m.TS).UTC()
		inside := c.Chat.Covers(at)
		w, said := typed[m.TS]
		if said != inside {
			s.Errorf("chat %d: %q at %s, between join and end: %v, for the record: %v", e.n, m.Text, m.TS, said, inside)
		}
		if said && w.deleted {
			s.Errorf("chat %d: %q is in Slack after it was deleted", e.n, w.text)
		}
		delete(typed, m.TS)
	}
	for _, w := range e.said {
		if _, gone := typed[w.ts]; gone && !w.deleted {
			s.Errorf("chat %d: %q is not in Slack", e.n, w.text)
		}
		if w.dark && w.deleted && !slices.ContainsFunc(log, func(entry desk.Correspondence) bool { return entry.Origin == e.origin(c, w) }) {
			continue // nobody ever heard of it
		}
		want = append(want, words{
			e.origin(c, w), string(ident.Person(c.Workspace, w.by.ID)), entity.TSTime(w.ts).UTC(), w.text,
		})
	}
	for _, entry := range log {
		if entry.Kind == desk.KindMessage && entry.Chat != "" && entry.Author.Side == desk.SideCustomer {
			got = append(got, words{entry.Origin, entry.Author.ID, entry.At.UTC(), e.firstWords(c, log, entry)})
		}
	}
	slices.SortStableFunc(got, func(a, b words) int { return a.At.Compare(b.At) })
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("chat %d: customers' words in Slack and on the case (-Slack +case):\n%s", e.n, diff)
	}
	return len(want)
}

// readLate marks what Slack's history told of before its event came again, edited
// by then: nobody here knows the first words of that, either.
func (e *exchange) readLate(c desk.Case, log []desk.Correspondence) {
	for i := range e.said {
		w := &e.said[i]
		w.dark = w.dark || w.edited != "" && slices.ContainsFunc(log, func(entry desk.Correspondence) bool {
			return entry.Origin == e.origin(c, *w) && entry.Text == w.edited
		})
	}
}

// origin is by what a message is known on its case.
func (e *exchange) origin(c desk.Case, w spoken) desk.Origin {
	return ident.MessageOrigin(c.Workspace, desk.ChannelID(e.ch.ID), w.ts)
}

// firstWords are what a customer's message said at first. Of one that was
// edited in the dark they may be known to nobody; then what it says now is what
// counts, or that it was taken back.
func (e *exchange) firstWords(c desk.Case, log []desk.Correspondence, entry desk.Correspondence) string {
	first := firstWords(log, entry)
	for _, w := range e.said {
		if w.dark && w.edited != "" && first != w.text && e.origin(c, w) == entry.Origin {
			if now := lastWords(log, entry); now == w.edited || now == "" && w.deleted {
				return w.text
			}
		}
	}
	return first
}

// A posted is one message of an agent in Slack.
type posted struct{ Name, Text, TS string }

// compareAnswers: what the console took is what is recorded, in order, and
// what is in Slack, in order, each once.
func (s *siege) compareAnswers(recorded *sqlstore.Store, e *exchange, c desk.Case, log []desk.Correspondence) {
	s.Helper()
	deliveries, err := recorded.DeliveriesOf(s.ctx, c.ID, 0)
	s.must(err)
	receipts := map[int64][]string{}
	for _, d := range deliveries {
		if d.State != desk.DeliverySent {
			s.Errorf("chat %d: delivery %d (%s of entry %d) is %s: %s", e.n, d.ID, d.Kind, d.Seq, d.State, d.Reason)
		}
		if d.Kind == desk.DeliverReply {
			receipts[d.Seq] = append(receipts[d.Seq], strings.Fields(d.Receipt)...)
		}
	}
	var taken []string
	var want, got []posted
	for _, entry := range log {
		if entry.Kind != desk.KindMessage || entry.Author.Side != desk.SideAgent {
			continue
		}
		taken = append(taken, entry.Text)
		for i, part := range mrkdwn.ToSlackWith(entry.Text, mrkdwn.Options{Number: true}) {
			ts := "none"
			if i < len(receipts[entry.Seq]) {
				ts = receipts[entry.Seq][i]
			}
			want = append(want, posted{entry.Author.Name + " (Support)", part.Text, ts})
		}
	}
	for _, m := range s.ours(e) {
		if m.Customised() {
			got = append(got, posted{m.Username, m.Text, m.TS})
		}
	}
	if diff := cmp.Diff(e.replies, taken); diff != "" {
		s.Errorf("chat %d: replies sent and recorded (-sent +case):\n%s", e.n, diff)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("chat %d: replies on the case and in Slack (-case +Slack):\n%s", e.n, diff)
	}
}

// firstWords are what a message said at first.
func firstWords(log []desk.Correspondence, e desk.Correspondence) string {
	versions, known := versionsOf(log, e)
	if !known || len(versions) == 0 {
		return "never arrived"
	}
	return versions[0].Text
}

// lastWords are what a message says now; empty if it never said anything.
func lastWords(log []desk.Correspondence, e desk.Correspondence) string {
	versions, _ := versionsOf(log, e)
	if len(versions) == 0 {
		return ""
	}
	return versions[len(versions)-1].Text
}

func versionsOf(log []desk.Correspondence, e desk.Correspondence) (versions []desk.Version, known bool) {
	return desk.Versions(e, slices.DeleteFunc(slices.Clone(log), func(c desk.Correspondence) bool { return c.Refers != e.Seq }))
}

// files are what customers' files are called.
func (e *exchange) files() []string {
	var names []string
	for _, w := range e.said {
		if w.file != "" {
			names = append(names, w.file)
		}
	}
	return names
}

// compareFiles: every file is on the case and in Slack, once, byte for byte,
// and everybody knows that it has arrived.
func (s *siege) compareFiles(recorded *sqlstore.Store, e *exchange, c desk.Case) {
	s.Helper()
	files, err := recorded.Files(s.ctx, c.ID)
	s.must(err)
	got, want := map[string]int{}, map[string]int{}
	for _, f := range files {
		sum := sha256.Sum256(killFile(f.Name))
		if f.State != desk.FileReady || f.Hash != hex.EncodeToString(sum[:]) {
			s.Errorf("chat %d: file %s is %s on the case (%s), want it whole", e.n, f.Name, f.State, f.Reason)
		}
		got["case "+f.Name]++
	}
	for _, m := range e.all() {
		for _, f := range m.Files {
			got["Slack "+f.Name]++
			if data, err := s.slack.World.FileBytes(f.ID); err != nil || !bytes.Equal(data, killFile(f.Name)) {
				s.Errorf("chat %d: file %s in Slack is not what was sent (%v)", e.n, f.Name, err)
			}
		}
	}
	for _, name := range append(e.files(), e.attached...) {
		want["case "+name], want["Slack "+name] = 1, 1
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("chat %d: files (-want +got):\n%s", e.n, diff)
	}
}

// compareEdits: each edited message has one entry with the words that Slack
// shows now, or showed before it was deleted; each deleted one an entry that
// says so.
func (s *siege) compareEdits(e *exchange, c desk.Case, log []desk.Correspondence) {
	s.Helper()
	want, got := map[string]string{}, map[string]string{}
	heard, dark := map[desk.Origin]bool{}, map[desk.Origin]bool{}
	for _, entry := range log {
		heard[entry.Origin] = true
	}
	for _, w := range e.said {
		origin := e.origin(c, w)
		dark[origin] = w.dark
		if w.edited != "" && !w.dark { // else compareQuestions has looked at its words
			want["edited "+string(origin)] = w.edited
		}
		if w.deleted && heard[origin] {
			want["deleted "+string(origin)] = "yes"
		}
	}
	for _, entry := range log {
		switch entry.Kind {
		case desk.KindEdit:
			if old := log[entry.Refers-1]; !dark[old.Origin] && entry.Text != firstWords(log, old) { // which may have come after it
				got["edited "+string(old.Origin)] += entry.Text
			}
		case desk.KindDeletion:
			got["deleted "+string(log[entry.Refers-1].Origin)] += "yes"
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("chat %d: edits in Slack and on the case (-Slack +case):\n%s", e.n, diff)
	}
}

// compareOnce: what a chat has once is there once.
func (s *siege) compareOnce(e *exchange, c desk.Case, log []desk.Correspondence, messages int) {
	s.Helper()
	place, pins := ident.Where{Workspace: c.Workspace, Channel: desk.ChannelID(e.ch.ID)}, 1
	if e.root != nil {
		place.Thread, pins = e.root.TS, 0
	}
	if c.Place != place.Place() {
		s.Errorf("chat %d: got place %q, want %q", e.n, c.Place, place.Place())
	}
	got := map[string]int{"pins": len(e.ch.Pins())}
	for _, m := range s.ours(e) {
		switch {
		case m.Customised():
		case len(m.Files) > 0: // compareFiles has them
		case m.TS == c.Card:
			got["card"]++
			card := blocksText(e.ch.Message(m.TS))
			if want := strconv.Itoa(messages) + " messages"; !strings.Contains(card, want) {
				s.Errorf("chat %d: the card does not say %q:\n%s", e.n, want, card)
			}
		case strings.Contains(m.Text, "joined. Messages are now shared"):
			got["joined"]++
		case strings.Contains(m.Text, "ended the chat"):
			got["ended"]++
		case strings.Contains(m.Text, "How was this chat"):
			got["asked how it was"]++
		default:
			got["other: "+m.Text]++
		}
	}
	for _, entry := range log {
		if !slices.Contains([]desk.EntryKind{desk.KindMessage, desk.KindEdit, desk.KindDeletion, desk.KindFile, desk.KindMember}, entry.Kind) {
			got["entry "+string(entry.Kind)+" "+entry.What]++
		}
	}
	want := map[string]int{
		"pins": pins, "card": 1, "joined": 1, "ended": 1, "entry chat requested": 1, "entry chat joined": 1, "entry chat ended": 1,
		"entry transcript agent": 1,
	}
	if s.rated {
		want["asked how it was"] = 1
	}
	if e.button {
		delete(want, "entry transcript agent")
		want["entry transcript customer"] = 1
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("chat %d: what is there once (-want +got):\n%s", e.n, diff)
	}
}
