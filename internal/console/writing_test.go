package console_test

import (
	"net/url"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/casework/keeping"
	"caseline/internal/console"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
	"caseline/internal/desk/roster"
	"caseline/internal/desk/served"
	"caseline/internal/store"
)

const (
	alive     = `document.documentElement.classList.contains('js')`
	composing = alive + ` && document.getElementById('text')`
	sentWords = `[...document.querySelectorAll('#log .entry.by-agent .prose')].map(e => e.textContent.trim())`
)

func holding(seconds int) func(*console.Options) {
	return func(o *console.Options) { o.Undo = seconds }
}

// What was sent can be called back until it goes; it goes when the time is over,
// when the page is left, or at once when that is wanted. It goes once.
func TestCallingBack(t *testing.T) {
	h := newHouse(t, holding(60))
	s := fill(h)
	tab := writingTo(h, s.running)
	page := h.http.URL + "/cases/" + string(s.running.Number)
	before := h.get(s.running.ID).LastSeq

	held := `document.querySelectorAll('#outbox .delivery-held').length === 1`
	tab.Press("rno, wait" + browsertest.Enter)
	tab.Until(held + ` && document.getElementById('text').value === ''`)
	tab.Press("z", browsertest.Ctrl)
	tab.Until(`document.getElementById('text').value === 'no, wait' && document.querySelectorAll('#outbox li').length === 0`)
	tab.Press(browsertest.Enter)
	tab.Until(held)
	tab.Press(browsertest.Escape + "u")
	tab.Until(`document.getElementById('text').value === 'no, wait' && document.activeElement.id === 'text'`)
	if got := h.get(s.running.ID).LastSeq; got != before {
		t.Fatalf("%d entries were written, want none", got-before)
	}
	tab.Press(" a minute" + browsertest.Enter)
	tab.Until(held)
	tab.Press(browsertest.Enter) // in an empty box
	tab.Until(`document.querySelectorAll('#outbox li').length === 0 && ` + sentWords + `.at(-1) === 'no, wait a minute'`)

	tab.Press("as I leave" + browsertest.Enter)
	tab.Until(held)
	tab.Visit(h.http.URL + "/chats")
	tab.Until(alive + ` && document.querySelector('.row-preview').textContent.includes('as I leave')`)
	tab.Visit(page)
	tab.Until(composing + ` && document.querySelectorAll('#outbox li').length === 0 && ` + sentWords + `.filter(t => t === 'as I leave').length === 1`)
	if got := h.get(s.running.ID).LastSeq; got != before+2 {
		t.Errorf("%d entries were written, want 2", got-before)
	}

	// What is held goes before the chat ends.
	tab.Press("rone last thing" + browsertest.Enter)
	tab.Until(held)
	tab.Press(browsertest.Escape + "e")
	tab.Until(`document.getElementById('dialog-end').open`)
	tab.Script(`document.querySelector('#dialog-end [type=submit]').focus()`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.getElementById('main').dataset.mode === 'ended' && ` + sentWords + `.includes('one last thing')`)
}

func TestHeldWordsGoByThemselves(t *testing.T) {
	h := newHouse(t, holding(1))
	s := fill(h)
	tab := writingTo(h, s.running)
	tab.Press("rfirst" + browsertest.Enter + "second" + browsertest.Enter)
	tab.Until(`document.querySelectorAll('#outbox li').length === 0 && ` + sentWords + `.slice(-2).join() === 'first,second'`)
}

// An agent chooses on their page for how long they can call back a message.
func TestHowLongToCallBackIsChosen(t *testing.T) {
	h := newHouse(t, holding(0))
	s := fill(h)
	b := h.signedIn("jane@example.com")
	undo := func() string {
		return parsePage(t, b.get("/cases/"+string(s.running.Number)).body).one(t, "#composer").attrs["data-undo"]
	}
	if got := undo(); got != "5" {
		t.Errorf("got %s, want 5 where nobody has chosen", got)
	}
	if res := b.post("/me/undo", url.Values{"seconds": {"7"}}); res.status != 422 {
		t.Errorf("7 seconds: got %d", res.status)
	}
	if res := b.post("/me/undo", url.Values{"seconds": {"0"}}); res.path != "/me" {
		t.Errorf("got %d at %s", res.status, res.path)
	}
	if got := undo(); got != "0" {
		t.Errorf("got %s, want 0 as chosen", got)
	}
	parsePage(t, b.get("/me").body).one(t, "#undo-seconds [selected]")
}

// Canned replies are written on their page and found by a slash, with what the case
// knows in their blanks; what it does not know must be filled in.
func TestCannedRepliesByKeyboard(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Press("ge")
	tab.Until(`location.pathname === '/replies' && ` + alive)
	tab.Type("#name", "/refund-sent")
	tab.Type("#canned-text", "Hello {{customer}}, the refund of {{amount}} for {{case}} is sent.")
	tab.Script(`document.querySelector('.canned-form').requestSubmit()`)
	tab.Until(`document.querySelector('.canned-name')?.textContent === '/refund-sent' && ` + alive)

	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	tab.Until(composing)
	before := h.get(s.running.ID).LastSeq
	tab.Press("r/ref")
	tab.Until(`document.querySelectorAll('#suggest [role=option]').length === 1 && document.getElementById('text').getAttribute('aria-activedescendant') === 'suggest-0'`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.getElementById('text').value.startsWith('Hello Alice, the refund of {{amount}} for ')`)
	tab.Until(`getSelection().toString() === '{{amount}}' || document.getElementById('text').value.slice(document.getElementById('text').selectionStart, document.getElementById('text').selectionEnd) === '{{amount}}'`)
	tab.Script(`document.getElementById('text').setSelectionRange(0, 0)`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.querySelector('#composer .field-error')?.textContent.startsWith('Fill in {{amount}}')`)
	if got := h.get(s.running.ID).LastSeq; got != before {
		t.Fatal("a reply with a blank was sent")
	}
	tab.Script(`{ const t = document.getElementById('text'), i = t.value.indexOf('{{'); t.setSelectionRange(i, i + 10) }`)
	tab.Press("5 €" + browsertest.Enter)
	tab.Until(sentWords + `.at(-1) === 'Hello Alice, the refund of 5 € for ` + string(s.running.Number) + ` is sent.'`)

	// Without a script the server refuses the blank, and keeps what was typed.
	b := h.signedIn("jane@example.com")
	res := b.post("/cases/"+string(s.running.Number)+"/replies", url.Values{"token": {"0123456789abcdefg"}, "text": {"the {{amount}}"}})
	if res.status != 422 || !strings.Contains(res.body, "Fill in {{amount}}") || parsePage(t, res.body).one(t, "#text").text != "the {{amount}}" {
		t.Errorf("without a script: got %d", res.status)
	}
}

// Replies of a team are its members', and leads change them.
func TestCannedRepliesOfTeams(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	lena := h.agent("lena@example.com", "Lena Berg", desk.RoleOperator)
	lena.Role = desk.RoleLead
	ctx := t.Context()
	h.update(func(tx store.Tx) error {
		if err := tx.SaveAgent(ctx, &lena); err != nil {
			return err
		}
		if err := tx.SaveTeam(ctx, &roster.Team{ID: "t1", Name: "Payments", Members: []desk.AgentID{s.jane.ID}}); err != nil {
			return err
		}
		return tx.SaveTeam(ctx, &roster.Team{ID: "t2", Name: "Robots"})
	})
	keep := keeping.New(h.store, h.clock.now)
	for _, c := range []personal.Canned{{Name: "ours", Team: "t1", Text: "Ours"}, {Name: "theirs", Team: "t2", Text: "Theirs"}, {Name: "all", Text: "All"}} {
		if err := keep.SaveReply(ctx, lena, c); err != nil {
			t.Fatal(err)
		}
	}
	offered := h.signedIn("jane@example.com").get("/cases/"+string(s.running.Number)+"/writing", "Accept", "application/json").body
	if !strings.Contains(offered, `"ours"`) || !strings.Contains(offered, `"all"`) || strings.Contains(offered, `"theirs"`) {
		t.Errorf("Jane is offered %s", offered)
	}
	page := parsePage(t, h.signedIn("lena@example.com").get("/replies").body)
	if got := len(page.all(".canned-acts")); got != 3 {
		t.Errorf("Lena can change %d replies, want 3", got)
	}
	page = parsePage(t, h.signedIn("jane@example.com").get("/replies").body)
	if got := len(page.all(".canned-acts")); got != 0 {
		t.Errorf("Jane can change %d replies, want none", got)
	}
}

// What is typed on one device stands on another, live when one turns to it, and is
// gone on both when it was sent. What one types meanwhile is not lost.
func TestJottingsFollowTheAgent(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	desktop, phone := browsertest.Open(t).Tab("desktop"), browsertest.Open(t).Tab("phone")
	page := h.http.URL + "/cases/" + string(s.running.Number)
	for _, tab := range []*browsertest.Tab{desktop, phone} {
		signIn(tab, h, "jane@example.com")
		tab.Visit(page)
		tab.Until(composing)
	}
	kept := func(tab *browsertest.Tab, want string) {
		t.Helper()
		tab.Until(`(fetch('/cases/` + string(s.running.Number) + `/jotting').then(r => r.json()).then(j => { window.kept = j.text }), window.kept === ` + want + `)`)
	}
	box := func(tab *browsertest.Tab, want string) {
		t.Helper()
		tab.Script(`dispatchEvent(new Event('focus'))`)
		tab.Until(`(dispatchEvent(new Event('focus')), document.getElementById('text').value === ` + want + `)`)
	}
	desktop.Press("rhalf a")
	kept(desktop, `'half a'`)
	box(phone, `'half a'`)
	phone.Press("r thought")
	kept(phone, `'half a thought'`)
	box(desktop, `'half a thought'`)
	desktop.Press(browsertest.Enter)
	desktop.Until(sentWords + `.at(-1) === 'half a thought'`)
	kept(desktop, `''`)
	box(phone, `''`)

	// A note stays a note on the other device.
	phone.Press(browsertest.Escape + "nfor us only")
	kept(phone, `'for us only'`)
	desktop.Reload()
	desktop.Until(composing + ` && document.getElementById('text').value === 'for us only' && document.querySelector('[name=as]:checked').value === 'note'`)
}

// A note that names a colleague stands on their list until they open the case.
func TestMentions(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	jane, omar := browsertest.Open(t).Tab("jane"), browsertest.Open(t).Tab("omar")
	signIn(jane, h, "jane@example.com")
	signIn(omar, h, "omar@example.com")
	omar.Visit(h.http.URL + "/chats")
	omar.Until(alive)
	jane.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	jane.Until(composing)
	jane.Press("nplease look, @om")
	jane.Until(`document.querySelector('#suggest [aria-selected=true] .suggest-name')?.textContent === 'Omar Haddad'`)
	jane.Press(browsertest.Enter)
	jane.Until(`document.getElementById('text').value === 'please look, @Omar Haddad '`)
	jane.Press(browsertest.Enter)
	jane.Until(`document.querySelector('#log .entry-note:last-child')?.textContent.includes('@Omar Haddad')`)
	omar.Until(`document.querySelector('[data-count=named]').textContent === '@1' && document.querySelector('[aria-label=Mentions] .row-preview')?.textContent.includes('please look')`)
	omar.Click("[aria-label=Mentions] .row-link")
	omar.Until(`location.pathname.startsWith('/cases/') && ` + alive)
	omar.Press("gc")
	omar.Until(`location.pathname === '/chats' && ` + alive + ` && document.querySelector('[data-count=named]').textContent === '' && !document.querySelector('[aria-label=Mentions]')`)
	if got := h.get(s.running.ID); len(deliveriesSaying(t, h, got, "please look")) > 0 {
		t.Error("the note is on its way to Slack")
	}
}

// deliveriesSaying are the deliveries of a case whose entry has words.
func deliveriesSaying(t *testing.T, h *house, c desk.Case, words string) (all []desk.Delivery) {
	t.Helper()
	found, err := h.store.DeliveriesOf(t.Context(), c.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range found {
		e, err := h.store.Entry(t.Context(), c.ID, d.Seq)
		if err == nil && strings.Contains(e.Text, words) {
			all = append(all, d)
		}
	}
	return all
}

// What is typed can be seen as the log will show it, and emoji are found by their
// names, the workspace's own among them.
func TestPreviewAndEmoji(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	h.update(func(tx store.Tx) error {
		return tx.SaveCustomEmoji(t.Context(), "T1", &served.CustomEmoji{Name: "partyparrot", URL: "https://emoji.example.com/p.png"})
	})
	tab := writingTo(h, s.running)
	tab.Press("r**well** done :tad")
	tab.Until(`document.querySelector('#suggest [aria-selected=true] .suggest-name')?.textContent === 'tada'`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.getElementById('text').value === '**well** done 🎉 '`)
	tab.Press(":partyp")
	tab.Until(`document.querySelector('#suggest [aria-selected=true] img')`)
	tab.Press(browsertest.TabKey)
	tab.Until(`document.getElementById('text').value === '**well** done 🎉 :partyparrot: '`)
	tab.Press("p", browsertest.Alt)
	tab.Until(`document.querySelector('.composer-preview strong')?.textContent === 'well' && document.getElementById('text').hidden`)
	tab.Press(browsertest.Escape)
	tab.Until(`!document.querySelector('.composer-preview') && document.activeElement.id === 'text'`)
	res := h.signedIn("jane@example.com").post("/cases/"+string(s.running.Number)+"/preview", url.Values{"text": {"<img src=x onerror=alert(1)> [x](javascript:alert(1))"}}, "Accept", "application/json")
	if strings.Contains(res.body, "<img") || strings.Contains(res.body, `href=\"javascript`) {
		t.Errorf("the preview has markup that was typed: %s", res.body)
	}
}
