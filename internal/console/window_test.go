package console_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"caseline/internal/browsertest"
	"caseline/internal/casework"
	"caseline/internal/casework/recording"
	"caseline/internal/console"
	"caseline/internal/console/window"
	"caseline/internal/desk"
	"caseline/internal/store"
)

// A counted store counts the rows that pages read of logs.
type counted struct {
	store.Store
	rows atomic.Int64
}

func (c *counted) entries(all []desk.Correspondence, err error) ([]desk.Correspondence, error) {
	c.rows.Add(int64(len(all)))
	return all, err
}

func (c *counted) Log(ctx context.Context, id desk.CaseID, after int64, limit int) ([]desk.Correspondence, error) {
	return c.entries(c.Store.Log(ctx, id, after, limit))
}

func (c *counted) LogBefore(ctx context.Context, id desk.CaseID, before int64, limit int) ([]desk.Correspondence, error) {
	return c.entries(c.Store.LogBefore(ctx, id, before, limit))
}

func (c *counted) Entries(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Correspondence, error) {
	return c.entries(c.Store.Entries(ctx, id, seqs))
}

func (c *counted) ChangesOf(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Correspondence, error) {
	return c.entries(c.Store.ChangesOf(ctx, id, seqs))
}

func (c *counted) Carrying(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.Delivery, error) {
	all, err := c.Store.Carrying(ctx, id, seqs)
	c.rows.Add(int64(len(all)))
	return all, err
}

func (c *counted) FilesOf(ctx context.Context, id desk.CaseID, seqs []int64) ([]desk.File, error) {
	all, err := c.Store.FilesOf(ctx, id, seqs)
	c.rows.Add(int64(len(all)))
	return all, err
}

// talk records n messages in one commit, and returns the first one's Seq.
func (h *house) talk(c desk.Case, n int) int64 {
	h.t.Helper()
	at := h.get(c.ID)
	h.update(func(tx store.Tx) error {
		for range n {
			origin := h.origin()
			m := desk.Message{Place: at.Place, Author: "T1:UBOB", Text: "words " + string(origin), At: h.now(), Origin: origin}
			if err := h.cases.Record(h.t.Context(), tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	return at.LastSeq + 1
}

func (h *house) answerInThread(c desk.Case, root desk.Origin, text string) {
	h.t.Helper()
	at := h.get(c.ID)
	h.update(func(tx store.Tx) error {
		return h.cases.Record(h.t.Context(), tx, desk.Message{
			Place: at.Place, Author: "T1:UCARLA", Text: text, At: h.now(), Thread: true, Root: root, Origin: h.origin(),
		})
	})
}

// share records what somebody wrote before the agent joined, and shared later.
func (h *house) share(c desk.Case, text string) {
	h.t.Helper()
	at := h.get(c.ID)
	h.update(func(tx store.Tx) error {
		return h.cases.Record(h.t.Context(), tx, desk.Message{
			Place: at.Place, Author: "T1:UALICE", Text: text, At: h.now(), Waiting: true, Origin: h.origin(),
		})
	})
}

func (h *house) react(c desk.Case, of desk.Origin, emoji string) {
	h.t.Helper()
	place := h.get(c.ID).Place
	h.update(func(tx store.Tx) error {
		return h.cases.React(h.t.Context(), tx, recording.Reaction{
			Place: place, Of: of, By: "T1:UDEV", What: desk.ReactionAdded, Emoji: emoji, At: h.now(), Origin: h.origin(),
		})
	})
}

// A long case has everything that can refer over more than a window.
type longCase struct {
	*house
	desk.Case
	jane          desk.Agent
	said, removed desk.Origin
	first, reply  int64 // Seqs of what was said at first, and of an agent's reply after it
}

func newLongCase(t *testing.T) longCase {
	h := newHouse(t)
	l := longCase{house: h, jane: h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)}
	l.Case = h.opened("Long", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(l.Case, l.jane)
	h.settleAll(l.ID)
	l.said = h.say(l.Case, "T1:UALICE", "first words", desk.NewFile{SlackID: "F", Name: "a.txt", Size: 3})
	l.first = h.get(l.ID).LastSeq - 1
	l.removed = h.say(l.Case, "T1:UALICE", "soon gone")
	h.reply(l.Case, l.jane, "an answer")
	l.reply = h.get(l.ID).LastSeq
	h.talk(l.Case, 200)
	h.answerInThread(l.Case, l.said, "about the first")
	h.edit(l.Case, l.said, "T1:UALICE", "better words")
	h.delete(l.Case, l.removed, "T1:UALICE")
	h.react(l.Case, l.said, "eyes")
	h.share(l.Case, "said while waiting")
	h.talk(l.Case, 170)
	return l
}

// A log that is drawn a window at a time looks as if it were drawn as a whole.
func TestWindowsShowWhatTheWholeLogShows(t *testing.T) {
	l := newLongCase(t)
	l.end(l.Case, desk.ByAgent(l.jane), desk.EndedByAgent)
	b := l.signedIn("jane@example.com")
	whole := map[int64]string{}
	for _, item := range b.log(l.Case, 0).Items {
		whole[item.Seq] = plainEntry(item.HTML)
	}
	if all := fmt.Sprint(whole); !strings.Contains(all, "written before Jane Doe joined") || !strings.Contains(all, "In reply to") {
		t.Error("the case lacks what it is made for")
	}
	windows, seen := 0, map[int64]string{}
	for before := l.get(l.ID).LastSeq + 1; before > 0; windows++ {
		more := b.earlier(l.Case, before)
		if len(more.Items) == 0 || len(more.Items) > window.Further {
			t.Fatalf("before %d: got %d items, want 1 to %d", before, len(more.Items), window.Further)
		}
		for _, item := range more.Items {
			seen[item.Seq] = plainEntry(item.HTML)
		}
		if before = 0; more.Floor > 0 {
			before = more.Floor + 1
		}
	}
	if diff := cmp.Diff(whole, seen); diff != "" {
		t.Errorf("%d windows (-whole +windows):\n%s", windows, diff)
	}
	if windows != 8 || len(whole) < 370 {
		t.Errorf("got %d windows of %d items, want 8 of more than 370", windows, len(whole))
	}
}

// plainEntry is an entry without what depends on the one before it.
func plainEntry(html string) string {
	return strings.NewReplacer(" follows", "", " newday", "").Replace(html)
}

type earlierAnswer struct {
	Floor int64
	Items []struct {
		Seq  int64
		HTML string
	}
}

func (b *browser) earlier(c desk.Case, before int64) earlierAnswer {
	b.h.t.Helper()
	return decode[earlierAnswer](b.h.t, b.get(fmt.Sprintf("/cases/%s/log?before=%d", c.Number, before), "Accept", "application/json"))
}

// What stands far from an entry shows in it all the same, and the entry it
// stands for shows nowhere else.
func TestWindowHasWhatItsItemsReferTo(t *testing.T) {
	l := newLongCase(t)
	b := l.signedIn("jane@example.com")
	page := parsePage(t, b.get("/cases/"+string(l.Number)).body)
	if got := len(page.all("#log .entry")); got != window.Begun {
		t.Errorf("the page begins with %d entries, want %d", got, window.Begun)
	}
	if got := page.all("#log .entry-event"); len(got) > 0 {
		t.Errorf("changes of earlier entries show as items of their own: %q", got[0].text)
	}
	page.one(t, "#earlier a")

	past := parsePage(t, b.get(fmt.Sprintf("/cases/%s?at=%d", l.Number, l.first)).body)
	first := fmt.Sprintf("#e%d ", l.first)
	if was, now := past.says(t, first+"del"), past.says(t, first+"ins"); was != "first" || now != "better" {
		t.Errorf("got %q struck and %q new", was, now)
	}
	if got := past.says(t, first+".reactions .sr"); got != ":eyes: from Devendra Rao" {
		t.Errorf("got reactions %q", got)
	}
	past.one(t, fmt.Sprintf("#e%d .mark-deleted", l.first+2))
	past.one(t, fmt.Sprintf("#e%d .file", l.first+1))
	past.one(t, fmt.Sprintf("#e%d .delivery-sending", l.reply))

	// The answer stands further down than either end, and says what it answers.
	answer := parsePage(t, b.get(fmt.Sprintf("/cases/%s?at=%d", l.Number, l.reply+201)).body)
	link := answer.one(t, fmt.Sprintf("#e%d .answers a", l.reply+201))
	if got, want := link.attrs["href"], fmt.Sprintf("/cases/%s?at=%d#e%d", l.ID, l.first, l.first); got != want || !strings.Contains(link.text, "first words") {
		t.Errorf("the answer leads to %q and says %q, want %q", got, link.text, want)
	}
}

// A page hears of what changes an entry, however far up it stands.
func TestLogTellsOfChangesOfOldEntries(t *testing.T) {
	l := newLongCase(t)
	b := l.signedIn("jane@example.com")
	seen := b.log(l.Case, l.get(l.ID).LastSeq).Seq
	l.edit(l.Case, l.said, "T1:UALICE", "best words")
	news := b.log(l.Case, seen)
	if got := news.seqs(); !slices.Equal(got, []int64{l.first}) {
		t.Fatalf("after an edit: got items %v, want %d", got, l.first)
	}
	doc := parsePage(t, news.Items[0].HTML)
	if was, now := len(doc.all(".was")), doc.says(t, ".now"); was != 2 || now != "best words" {
		t.Errorf("got %d earlier versions and %q", was, now)
	}
	l.react(l.Case, l.said, "wave")
	news = b.log(l.Case, news.Seq)
	if got := news.seqs(); !slices.Equal(got, []int64{l.first}) {
		t.Errorf("after a reaction: got items %v, want %d", got, l.first)
	}

	// What comes further without an entry of its own is asked for by number.
	l.settle(l.ID, desk.Verdict{Kind: desk.Sent, Receipt: "1.1"})
	l.fetched(l.Case, "a.txt", "text/plain", []byte("abc"))
	news = b.log(l.Case, news.Seq, l.first+1, l.reply)
	if got := news.seqs(); !slices.Equal(got, []int64{l.first + 1, l.reply}) {
		t.Fatalf("got items %v", got)
	}
	parsePage(t, find(t, news, l.reply)).one(t, ".delivery-sent")
	parsePage(t, find(t, news, l.first+1)).one(t, ".file-ready a[download]")

	for _, path := range []string{"/log?open=x", "/log?open=0", "/log?after=-1", "/log?before=x", "?before=x", "?at=-1"} {
		if got := b.get("/cases/" + string(l.Number) + path); got.status != 422 && got.status != 400 {
			t.Errorf("%s: got %d", path, got.status)
		}
	}
}

// A transcript that stands far up is drawn anew, whole, when something of its
// chat arrives late.
func TestOldTranscriptIsDrawnAnew(t *testing.T) {
	s := fill(newHouse(t))
	b := s.signedIn("jane@example.com")
	for range 200 {
		if err := s.cases.Note(t.Context(), casework.Note{Case: s.ended.ID, Agent: s.jane, Text: "afterwards", Origin: s.origin()}); err != nil {
			t.Fatal(err)
		}
	}
	before := s.get(s.ended.ID)
	s.update(func(tx store.Tx) error {
		return s.cases.Record(t.Context(), tx, desk.Message{
			Place: before.Place, Author: "T1:UBOB", Text: "late but not lost", At: s.ended.Chat.EndedAt.Add(-time.Second), Origin: "slack:late",
		})
	})
	news := b.log(s.ended, before.LastSeq)
	if len(news.Items) != 3 {
		t.Fatalf("got items %v, want the message, the line that counts what was saved, and the transcript", news.seqs())
	}
	kept := parsePage(t, find(t, news, s.ended.LastSeq))
	lines := kept.all(".transcript-lines li")
	late := slices.ContainsFunc(lines, func(n *node) bool { return strings.Contains(n.text, "late but not lost") })
	if got, want := len(lines), s.ended.Chat.Messages+s.ended.Chat.Files+1; got != want || !late {
		t.Errorf("got %d lines, want %d with the late message among them", got, want)
	}
}

// What a page reads does not grow with the case.
func TestPageReadsAWindow(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("Long", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	b := h.signedIn("jane@example.com")
	reads := func(path string) int64 {
		before := h.read.rows.Load()
		if got := b.get("/cases/" + string(c.Number) + path); got.status != 200 {
			t.Fatalf("%s: got %d", path, got.status)
		}
		return h.read.rows.Load() - before
	}
	var got [2][3]int64
	for i, n := range []int{400, 2000} {
		h.talk(c, n)
		last := h.get(c.ID).LastSeq
		got[i] = [3]int64{reads(""), reads("/log?before=200"), reads("/log?open=7&after=" + strconv.FormatInt(last-1, 10))}
	}
	if got[0] != got[1] {
		t.Errorf("after 400 and 2,400 entries page, earlier and news read %v and %v rows, want the same", got[0], got[1])
	}
	// Whether anybody has answered is asked of the newest that no facts tell of yet.
	if got[0][0] < window.Begun || got[0][0] > window.Begun+50+console.MaxUnreckoned || got[0][2] > 10+console.MaxUnreckoned {
		t.Errorf("got %v rows, want the window and not much else", got[0])
	}
}

// News comes in parts when there is much of it.
func TestNewsComesInParts(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("Long", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	h.talk(c, 1100)
	b := h.signedIn("jane@example.com")
	type part struct {
		logAnswer
		More bool
	}
	path := "/cases/" + string(c.Number) + "/log?after="
	first := decode[part](t, b.get(path+"0", "Accept", "application/json"))
	rest := decode[part](t, b.get(path+strconv.FormatInt(first.Seq, 10), "Accept", "application/json"))
	if last := h.get(c.ID).LastSeq; !first.More || rest.More || first.Seq != 1000 || rest.Seq != last || len(rest.Items) != int(last-1000) {
		t.Errorf("got up to %d (more: %v) and %d (more: %v), want 1000 and %d", first.Seq, first.More, rest.Seq, rest.More, last)
	}
}

// Earlier items slot in above without moving what is read, and a quoted
// message further up is shown where it stands.
func TestEarlierKeepsTheReadersPlace(t *testing.T) {
	l := newLongCase(t)
	l.answerInThread(l.Case, l.said, "once more about the first")
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, l.house, "jane@example.com")
	tab.Visit(l.http.URL + "/cases/" + string(l.Number))
	tab.Until(fmt.Sprintf(`document.documentElement.classList.contains('js') && document.querySelectorAll('#log .entry').length === %d`, window.Begun))
	tab.Script(`document.getElementById('log-scroll').scrollTop = 0`) // it fetches what stands before by itself
	tab.Until(fmt.Sprintf(`document.querySelectorAll('#log .entry').length === %d`, window.Begun+window.Further))
	tab.Script(`document.getElementById('log-scroll').scrollTop += 200`)
	tab.Until(`(([first]) => { window.kept = [first, first.getBoundingClientRect().bottom]; return first.checkVisibility({ contentVisibilityAuto: true }); })([...document.querySelectorAll('#log .entry')].filter((e) => e.getBoundingClientRect().top > 200))`)
	for entries := window.Begun + window.Further; browsertest.Read[bool](tab, `Boolean(document.getElementById('earlier'))`); entries += window.Further {
		tab.Until(grown)
		tab.Script(`document.querySelector('#earlier a')?.click()`) // without scrolling up to it
		tab.Until(fmt.Sprintf(`!document.getElementById('earlier') || document.querySelectorAll('#log .entry').length >= %d`, entries+window.Further))
	}
	tab.Until(`Math.abs(window.kept[0].getBoundingClientRect().bottom - window.kept[1]) < 2`)
	tab.Until(fmt.Sprintf(`document.querySelector('#e%d .now').textContent === 'better words'`, l.first))
	tab.Until(`(all => all.every((s, i) => !i || all[i - 1] < s))([...document.querySelectorAll('#log .entry')].map(e => Number(e.dataset.seq)))`)

	tab.Visit(l.http.URL + "/cases/" + string(l.Number))
	tab.Until(grown + ` && document.documentElement.classList.contains('js')`) // it goes back to what was read
	tab.Script(`[...document.querySelectorAll('.answers a')].at(-1).click()`)
	tab.Until(fmt.Sprintf(`location.search === '?at=%d' && document.documentElement.classList.contains('js') && document.getElementById('e%d')`, l.first, l.first))
	l.edit(l.Case, l.said, "T1:UALICE", "best words") // the page is live, and shows its part only
	tab.Until(fmt.Sprintf(`document.querySelector('#e%d .now')?.textContent === 'best words'`, l.first))
	l.say(l.Case, "T1:UALICE", "at the end")
	tab.Until(`!document.getElementById('newer').hidden && !document.getElementById('log').textContent.includes('at the end')`)
	tab.Click("#newer")
	tab.Until(`location.search === '' && document.querySelector('#log .entry:last-child')?.textContent.includes('at the end')`)
}

// A page that is loaded again shows what its reader was at, though it stands further up
// than a page begins.
func TestThePlaceIsKeptHoweverFarUp(t *testing.T) {
	l := newLongCase(t)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, l.house, "jane@example.com")
	tab.Visit(l.http.URL + "/cases/" + string(l.Number))
	tab.Until(`document.documentElement.classList.contains('js')`)
	for entries := window.Begun; entries < window.Begun+2*window.Further; entries += window.Further {
		// A press while entries still come in asks for no more.
		tab.Until(fmt.Sprintf(`document.querySelectorAll('#log .entry').length >= %d || (document.querySelector('#earlier a').click(), false)`, entries+window.Further))
	}
	tab.Script(`document.querySelectorAll('#log .entry')[70].scrollIntoView({ block: 'center' })`)
	at := `(edge => [...document.querySelectorAll('#log .entry')].map((e) => [e.id, e.getBoundingClientRect().top - edge]).filter(([, top]) => top > 0)[0])(document.getElementById('log-scroll').getBoundingClientRect().top)`
	tab.Until(`document.querySelectorAll('#log .entry')[70].checkVisibility({ contentVisibilityAuto: true })`)
	// Where its reader was as the page went: until then what comes in above may move it.
	tab.Script(`addEventListener('pagehide', () => sessionStorage.setItem('was', JSON.stringify(` + at + `)))`)
	tab.Reload()
	tab.Until(`((was, [id, top]) => id === was[0] && Math.abs(top - was[1]) <= 1)(JSON.parse(sessionStorage.getItem('was')), ` + at + `)`)
}
