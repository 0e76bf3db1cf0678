package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"caseline/internal/desk"
)

const alt = 1 // as the browser counts modifiers

// altN presses Alt and N.
func altN(t *testing.T, ctx context.Context) {
	t.Helper()
	_, err := chromedp.Run(ctx, func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: input.DispatchKeyEventTypeRawKeyDown, Modifiers: alt, Key: "n", Code: "KeyN", WindowsVirtualKeyCode: 'N',
		})
		return chromedp.Void{}, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// shots takes pictures of what the browser shows, for people to look at, when
// CASELINE_SHOTS names a folder for them.
func shots(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("CASELINE_SHOTS")
	if dir == "" {
		return
	}
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{1440, 768, 390} {
			do(t, ctx, chromedp.EmulateViewport(width, 900), script(`document.documentElement.dataset.theme='`+theme+`';document.getElementById('log-scroll').scrollTop=1e6`))
			picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, theme)), picture, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	do(t, ctx, chromedp.EmulateViewport(1440, 900))
}

// An agent edits, deletes and writes a note, with the keyboard.
func TestWordsAndNotesByKeyboard(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	c := s.running
	h.settleAll(c.ID)
	ctx := tab(t)
	do(t, ctx, chromedp.EmulateViewport(1440, 900))
	signIn(t, ctx, h, "jane@example.com")
	do(t, ctx, chromedp.Navigate(h.http.URL+"/cases/"+string(c.Number)))
	until(t, ctx, `document.documentElement.classList.contains('js') && document.getElementById('composer')`)

	// Up in the empty box takes the last message up; Escape leaves it.
	keys(t, ctx, "r"+kb.ArrowUp)
	until(t, ctx, `document.getElementById('text').value.includes('until your deploy') && !document.getElementById('composer-editing').hidden`)
	keys(t, ctx, kb.Escape)
	until(t, ctx, `document.getElementById('text').value === '' && document.getElementById('composer-editing').hidden`)
	keys(t, ctx, kb.ArrowUp)
	until(t, ctx, `document.getElementById('text').value.includes('until your deploy')`)
	keys(t, ctx, " Promised.")
	shots(t, ctx, "editing")
	keys(t, ctx, kb.Enter)
	until(t, ctx, `document.querySelector('#log .entry:last-child ins')?.textContent.includes('Promised.')`)
	until(t, ctx, `document.querySelector('#log .entry:last-child .delivery-sending')?.textContent.includes('Changing it in Slack')`)
	h.settleAll(c.ID)
	until(t, ctx, `document.querySelector('#log .entry:last-child .delivery-sent')?.textContent.includes('Changed in Slack')`)

	// A note looks unlike a reply, and stays here.
	altN(t, ctx)
	until(t, ctx, `document.querySelector('.composer-noting')`)
	keys(t, ctx, "They are on the old plan.")
	shots(t, ctx, "note")
	do(t, ctx, chromedp.Reload())
	until(t, ctx, `document.documentElement.classList.contains('js') && document.querySelector('.composer-noting') && document.getElementById('text').value === 'They are on the old plan.'`)
	keys(t, ctx, "n"+kb.Enter)
	until(t, ctx, `document.querySelector('#log .entry:last-child.entry-note .tag-note')?.textContent === 'Internal note'`)
	altN(t, ctx)
	until(t, ctx, `!document.querySelector('.composer-noting')`)

	// Deleting asks, and what was said stays on record.
	do(t, ctx, script(`[...document.querySelectorAll('#log [data-may]')].pop().querySelector('.said-actions button').focus()`))
	keys(t, ctx, kb.Enter)
	until(t, ctx, `document.getElementById('dialog-delete').open`)
	do(t, ctx, script(`document.querySelector('#dialog-delete [type=submit]').focus()`))
	keys(t, ctx, kb.Enter)
	until(t, ctx, `!document.getElementById('dialog-delete').open && document.querySelector('#log .is-deleted.by-agent')`)
	h.settleAll(c.ID)
	until(t, ctx, `document.querySelector('#log .is-deleted.by-agent .delivery-sent')?.textContent.includes('Removed from Slack')`)

	// What Slack refused is sent again, or says why not.
	h.reply(h.get(c.ID), s.jane, "one last thing")
	h.settle(c.ID, desk.Verdict{Kind: desk.Refused, Reason: "restricted_action"})
	until(t, ctx, `document.querySelector('#log .entry:last-child .delivery-failed')`)
	shots(t, ctx, "failed")
	do(t, ctx, script(`document.querySelector('#log .entry:last-child form[action$=retry] button').click()`))
	until(t, ctx, `document.querySelector('#log .entry:last-child .delivery-sending')`)
	h.settleAll(c.ID)
	until(t, ctx, `document.querySelector('#log .entry:last-child .delivery-sent')`)

	// With the chat the right to change what was said in it ends; notes do not.
	h.end(h.get(c.ID), desk.ByAgent(s.jane), desk.EndedByAgent)
	until(t, ctx, `document.getElementById('main').dataset.mode === 'ended' && document.querySelectorAll('#log [data-may]').length === 0`)
	keys(t, ctx, "n")
	until(t, ctx, `document.querySelector('.composer-noting') && document.activeElement.id === 'text'`)
	keys(t, ctx, "Follow up on Monday."+kb.Enter)
	until(t, ctx, `document.querySelectorAll('#log .entry-note').length === 2`)
	shots(t, ctx, "note-ended")
}

// A log that cannot be fetched says so and heals by itself, though the stream
// was well all the time.
func TestALogThatCannotBeFetchedHeals(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	ctx := tab(t)
	signIn(t, ctx, h, "jane@example.com")
	do(t, ctx, chromedp.Navigate(h.http.URL+"/cases/"+string(s.running.Number)))
	until(t, ctx, `document.documentElement.classList.contains('js') && document.getElementById('late').hidden`)
	h.deaf.Store(true)
	h.say(s.running, "T1:UALICE", "did you get this?")
	until(t, ctx, `!document.getElementById('late').hidden`)
	h.deaf.Store(false)
	until(t, ctx, `document.getElementById('late').hidden && document.getElementById('log').textContent.includes('did you get this?')`)
}

// All of it works without a script.
func TestWordsWithoutAScript(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	c := s.running
	b := s.signedIn("jane@example.com")
	path := "/cases/" + string(c.Number)
	doc := parsePage(t, b.get(path).body)
	links := doc.all("#log .said-actions a")
	if len(links) == 0 {
		t.Fatal("no message can be edited")
	}
	address := links[len(links)-1].attrs["href"]
	edit := parsePage(t, b.get(address).body)
	if got := edit.says(t, "#composer textarea"); !strings.Contains(got, "until your deploy") {
		t.Errorf("the composer has %q", got)
	}
	if got := b.post(address, url.Values{"token": {token}, "text": {" "}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "or delete the message") {
		t.Errorf("no words: got %d", got.status)
	}
	b.post(address, url.Values{"token": {token}, "text": {"I will *wait* for it."}})
	doc = parsePage(t, b.get(path).body)
	if now := doc.all("#log .now"); len(now) != 2 || !strings.Contains(now[1].text, "wait") {
		t.Errorf("the log shows %d edits", len(now))
	}
	if got := b.post(address+"/delete", url.Values{}); !strings.Contains(got.body, "Delete this message?") {
		t.Error("a deletion asks nothing")
	}
	b.post(address+"/delete", url.Values{"token": {token + "d"}, "sure": {"1"}})
	if got := len(parsePage(t, b.get(path).body).all("#log .is-deleted.by-agent")); got != 1 {
		t.Errorf("got %d deleted messages of agents", got)
	}
	// What is marked as a note is one, to whichever address it comes.
	for i, to := range []string{"/replies", "/answers", "/notes"} {
		b.post(path+to, url.Values{"token": {token + fmt.Sprint("n", i)}, "text": {"between us"}, "as": {"note"}})
	}
	if got := len(parsePage(t, b.get(path).body).all("#log .entry-note")); got != 3 {
		t.Errorf("got %d notes", got)
	}
	// Somebody else's words are theirs.
	omar := s.signedIn("omar@example.com")
	if got := omar.get(address); got.status != http.StatusForbidden {
		t.Errorf("a colleague reads the words for editing: got %d", got.status)
	}
	if got := len(parsePage(t, omar.get(path).body).all("#log .said-actions")); got != 0 {
		t.Errorf("a colleague is offered %d messages to change", got)
	}
}
