package console_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/store"
)

type logAnswer struct {
	Seq      int64
	Revision int64
	Mode     string
	Items    []struct {
		Seq  int64
		HTML string
	}
	Head, Dock, Rail, Waits string
}

func (a logAnswer) htmls() []string {
	out := []string{a.Head, a.Dock, a.Rail, a.Waits}
	for _, item := range a.Items {
		out = append(out, item.HTML)
	}
	return out
}

func (a logAnswer) seqs() []int64 {
	var out []int64
	for _, item := range a.Items {
		out = append(out, item.Seq)
	}
	return out
}

func decode[T any](t testing.TB, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("got %d %q: %v", a.status, a.body, err)
	}
	return v
}

func (b *browser) log(c desk.Case, after int64, open ...int64) logAnswer {
	b.h.t.Helper()
	list := strings.ReplaceAll(strings.Trim(fmt.Sprint(open), "[]"), " ", ",")
	path := fmt.Sprintf("/cases/%s/log?after=%d&open=%s", c.Number, after, list)
	return decode[logAnswer](b.h.t, b.get(path, "Accept", "application/json"))
}

// A page that fetches what is new while others write sees every entry once.
func TestLogHasNoGapUnderConcurrentAppends(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("Busy", "Very.", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	b := h.signedIn("jane@example.com")
	const writers, each = 6, 40
	place, before := h.get(c.ID).Place, h.get(c.ID).LastSeq
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				err := h.store.Update(t.Context(), func(tx store.Tx) error {
					return h.cases.Record(t.Context(), tx, desk.Message{
						Place: place, Author: "T1:UALICE", Text: fmt.Sprintf("%d.%d", w, i), At: time.Now().UTC(),
						Origin: desk.Origin(fmt.Sprintf("slack:x:%d:%d", w, i)),
					})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	var got []int64
	seq, last := before, before+writers*each
	for seq < last && !t.Failed() {
		news := b.log(c, seq)
		for _, s := range news.seqs() {
			if s > seq {
				got = append(got, s)
			}
		}
		if news.Seq < seq {
			t.Fatalf("the log went back from %d to %d", seq, news.Seq)
		}
		seq = news.Seq
	}
	writing.Wait()
	slices.Sort(got)
	var want []int64
	for s := before + 1; s <= last; s++ {
		want = append(want, s)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries seen (-want +got):\n%s", diff)
	}
}

func TestLogTellsOfChangedEntries(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	h.settleAll(c.ID)
	b := h.signedIn("jane@example.com")
	said := h.say(c, "T1:UALICE", "first words", desk.NewFile{SlackID: "F", Name: "a.txt", Size: 3})
	h.reply(c, jane, "an answer")
	base := b.log(c, 0)
	message, file, reply := base.Seq-2, base.Seq-1, base.Seq

	// An edit brings the edited entry, redlined; nothing else is drawn anew.
	h.edit(c, said, "T1:UALICE", "better words")
	news := b.log(c, base.Seq)
	if diff := cmp.Diff([]int64{message}, news.seqs()); diff != "" {
		t.Fatalf("after an edit (-want +got):\n%s", diff)
	}
	doc := parsePage(t, news.Items[0].HTML)
	if was, now := doc.says(t, "del"), doc.says(t, "ins"); was != "first" || now != "better" {
		t.Errorf("got %q struck and %q new", was, now)
	}

	// What may come further is asked for with open.
	if got := parsePage(t, find(t, base, reply)).says(t, ".delivery"); got != "Sending…" {
		t.Errorf("got %q", got)
	}
	h.settle(c.ID, desk.Verdict{Kind: desk.Sent, Receipt: "1.1"})
	h.fetched(c, "a.txt", "text/plain", []byte("abc"))
	news = b.log(c, news.Seq, file, reply)
	if diff := cmp.Diff([]int64{file, reply}, news.seqs()); diff != "" {
		t.Fatalf("after deliveries (-want +got):\n%s", diff)
	}
	if got := parsePage(t, find(t, news, reply)).says(t, ".delivery"); !strings.HasPrefix(got, "In Slack · ") {
		t.Errorf("got %q", got)
	}
	parsePage(t, find(t, news, file)).one(t, ".file-ready a[download]")

	// A deletion keeps the words.
	h.delete(c, said, "T1:UALICE")
	news = b.log(c, news.Seq)
	doc = parsePage(t, find(t, news, message))
	if got := doc.says(t, ".mark-deleted"); !strings.HasPrefix(got, "Deleted in Slack") || doc.says(t, ".now") != "better words" {
		t.Errorf("got %q", got)
	}
	if news.Mode != "compose" || news.Revision != h.get(c.ID).Revision {
		t.Errorf("got mode %q, revision %d", news.Mode, news.Revision)
	}
}

func find(t *testing.T, a logAnswer, seq int64) string {
	t.Helper()
	for _, item := range a.Items {
		if item.Seq == seq {
			return item.HTML
		}
	}
	t.Fatalf("no item %d in %v", seq, a.seqs())
	return ""
}

func TestTranscriptStandsAtTheEnd(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	doc := parsePage(t, b.get("/cases/"+string(s.ended.Number)).body)
	if got, want := len(doc.all(".transcript-lines li")), s.ended.Chat.Messages+s.ended.Chat.Files; got != want {
		t.Errorf("got %d lines, want %d", got, want)
	}
	if got := doc.says(t, ".transcript-sum"); !strings.HasPrefix(got, "5 messages and 2 files") {
		t.Errorf("got %q", got)
	}
	entries := doc.all("#log .entry")
	if !entries[len(entries)-1].is(".entry-transcript") {
		t.Error("the transcript is not last")
	}

	// A message that was written before the end and arrives after it slots in
	// where it belongs, and the transcript has it too.
	before := b.log(s.ended, 0).Seq
	place := s.get(s.ended.ID).Place
	s.update(func(tx store.Tx) error {
		return s.cases.Record(t.Context(), tx, desk.Message{
			Place: place, Author: "T1:UBOB", Text: "late but not lost", At: s.ended.Chat.EndedAt.Add(-time.Second), Origin: "slack:late",
		})
	})
	news := b.log(s.ended, before)
	if len(news.Items) != 3 {
		t.Fatalf("got items %v, want the message, the line that counts what was saved, and the transcript", news.seqs())
	}
	if !strings.Contains(find(t, news, s.ended.LastSeq), "late but not lost") {
		t.Error("the transcript lacks the late message")
	}
	entries = parsePage(t, b.get("/cases/"+string(s.ended.Number)).body).all("#log .entry")
	if last := entries[len(entries)-1]; !last.is(".entry-transcript") {
		t.Error("the late message stands after the transcript")
	}
}

func TestAnswersOnceHoweverOftenSent(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	b := h.signedIn("jane@example.com")
	before := h.get(c.ID).LastSeq
	form := map[string][]string{"token": {"11111111-2222-3333-4444-555555555555"}, "text": {"hello\r\n**there** <@U1>"}}
	for range 3 {
		if got := b.post("/cases/"+string(c.Number)+"/replies", form); got.status != 200 {
			t.Fatalf("got %d: %s", got.status, got.body)
		}
	}
	if got := h.get(c.ID).LastSeq; got != before+1 {
		t.Fatalf("got %d new entries, want 1", got-before)
	}
	entry, err := h.store.Entry(t.Context(), c.ID, before+1)
	if err != nil {
		t.Fatal(err)
	}
	if entry.Origin != "console:11111111-2222-3333-4444-555555555555" || entry.Text != "hello\n**there** \\<@U1>" {
		t.Errorf("got entry %+v", entry)
	}
	doc := parsePage(t, b.get("/cases/"+string(c.Number)).body)
	if got := len(doc.all("#log [data-token=11111111-2222-3333-4444-555555555555]")); got != 1 {
		t.Errorf("the log shows the answer %d times", got)
	}
}

func TestMentionsShowNames(t *testing.T) {
	h := newHouse(t, func(o *console.Options) {
		o.Person = func(w desk.WorkspaceID, user string) desk.PersonID { return desk.PersonID(string(w) + ":" + user) }
	})
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("S", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	h.say(c, "T1:UALICE", "ask <@UEMI|emi> or <@UNOBODY> or <@")
	doc := parsePage(t, h.signedIn("jane@example.com").get("/cases/"+string(c.Number)).body)
	var got []string
	for _, n := range doc.all("#log .mention") {
		got = append(got, n.text)
	}
	if diff := cmp.Diff([]string{"@Emi Sato", "@UNOBODY"}, got); diff != "" {
		t.Errorf("mentions (-want +got):\n%s", diff)
	}
}
