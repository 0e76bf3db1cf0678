package console_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"caseline/internal/browsertest"
	"caseline/internal/desk"
	"caseline/internal/desk/personal"
)

// An agent's chat from the keyboard alone, in a real browser.
func TestAChatByKeyboard(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")

	// Down the queue and up again, then into the first.
	tab.Until(`document.querySelectorAll('.row').length === 4`)
	tab.Press("jj")
	tab.Until(`document.activeElement.textContent.includes('Export of the audit log')`)
	tab.Press("k" + browsertest.Enter)
	tab.Until(`location.pathname === '/cases/` + string(s.requested.Number) + `' && document.documentElement.classList.contains('js')`)
	tab.Until(`document.querySelector('.dock-join')`)
	c := s.requested
	tab.Press("J")
	tab.Until(`document.activeElement.id === 'text'`)
	if got := h.get(c.ID).Chat; got.State != desk.ChatInProgress || got.Agent != s.jane.ID {
		t.Fatalf("got chat %+v", got)
	}

	// A reply is there at once and goes from sending to sent.
	tab.Press("On it. **Two** minutes" + browsertest.Enter)
	tab.Until(`[...document.querySelectorAll('#log .delivery-sending')].length === 1 && document.querySelectorAll('#outbox li').length === 0`)
	tab.Until(`document.querySelector('#log .entry:last-child .prose strong').textContent === 'Two'`)
	tab.Until(`document.getElementById('text').value === ''`)
	h.settleAll(c.ID)
	tab.Until(`document.querySelector('#log .entry:last-child .delivery-sent')?.textContent.startsWith('In Slack')`)

	// The customer's words, an edit and a file arrive by themselves.
	tab.Script(`window.told = []; new MutationObserver((all) => window.told.push(...all.flatMap((m) => [...m.addedNodes]).map((n) => n.textContent))).observe(document.querySelector('#log[role=log][aria-live=polite][aria-relevant=additions]'), { childList: true })`)
	o := h.say(c, "T1:UDEV", "it is the *payment* service", desk.NewFile{SlackID: "F1", Name: "log.txt", Size: 5})
	tab.Until(`document.querySelector('#log .entry:last-child .file-fetching')`)
	tab.Until(`window.told.filter((text) => text.includes('it is the payment service')).length === 1`) // added to what is told of, and once
	h.edit(c, o, "T1:UDEV", "it is the **checkout** service")
	tab.Until(`document.querySelector('#log .now strong')?.textContent === 'checkout'`)
	h.fetched(c, "log.txt", "text/plain", []byte("hello"))
	tab.Until(`document.querySelector('#log .entry:last-child .file-ready a[download]')`)

	// Another request turns up in the work list and the title.
	h.opened("One more", "Please.", "T1:UEMI", desk.SeverityLow)
	tab.Until(`[...document.querySelectorAll('[data-group=waiting] .workrow')].some(r => r.textContent.includes('One more'))`)
	tab.Until(`document.title.startsWith('(')`)

	// End, with the question in between.
	tab.Press(browsertest.Escape + "e")
	tab.Until(`document.getElementById('dialog-end').open`)
	tab.Script(`document.querySelector('#dialog-end [type=submit]').focus()`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.getElementById('main').dataset.mode === 'ended' && document.querySelector('#log .transcript') && !document.querySelector('dialog[open]')`)
	if got := h.get(c.ID).Chat; got.State != desk.ChatEnded || got.Messages != 2 || got.Files != 1 {
		t.Errorf("got chat %+v", got)
	}
	tab.Until(`document.activeElement.id === 'text'`) // where words for the case would go
	tab.Press(browsertest.Escape + "gq")
	tab.Until(`location.pathname === '/' && document.documentElement.classList.contains('js')`)
	tab.Press("?")
	tab.Until(`document.getElementById('help').open`)
	tab.Press(browsertest.Escape)
	tab.Until(`!document.getElementById('help').open`)
}

// A chat is handed over, joined besides and left from the keyboard alone, and
// what is refused is said where it was asked.
func TestB5_B12_HandsByKeyboard(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(s.running.Number))
	tab.Until(`document.documentElement.classList.contains('js') && document.querySelector('#dialog-hand')`)
	keysOfThePage(t, tab, s)

	tab.Press("s")
	tab.Until(`document.getElementById('dialog-severity').open`)
	h.severity(s.running, s.omar, desk.SeverityLow) // somebody else was faster
	tab.Script(`document.querySelector('#dialog-severity select').value = 'high'; document.querySelector('#dialog-severity [type=submit]').focus()`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.querySelector('#dialog-severity[open] .field-error[role=alert]')?.textContent.startsWith('Somebody has changed the severity to Low')`)
	tab.Press(browsertest.Escape)
	tab.Until(`!document.querySelector('dialog[open]') && document.querySelector('#dialog-severity [name=from]').value === 'low'`)

	tab.Press("h")
	tab.Until(`document.getElementById('dialog-hand').open && document.activeElement.name === 'to'`)
	tab.Press(" " + browsertest.Enter)
	tab.Until(`document.getElementById('main').dataset.mode === 'watch' && !document.querySelector('dialog[open]')`)
	if got := h.get(s.running.ID).Chat.Agent; got != s.omar.ID {
		t.Fatalf("got %s, want Omar", got)
	}
	tab.Press("J")
	tab.Until(`document.getElementById('main').dataset.mode === 'compose' && document.activeElement.id === 'text'`)
	tab.Press(browsertest.Escape + "l")
	tab.Until(`document.getElementById('dialog-leave')?.open`)
	tab.Script(`document.querySelector('#dialog-leave [type=submit]').focus()`)
	tab.Press(browsertest.Enter)
	tab.Until(`document.getElementById('main').dataset.mode === 'watch'`)
	if got := h.get(s.running.ID).Chat; got.Has(s.jane.ID) || got.Agent != s.omar.ID {
		t.Errorf("got chat %+v", got)
	}
}

// Nothing that was typed is lost: not by a reload, not by a server that is
// away, not by a refusal.
func TestTypedWordsSurvive(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	tab.Resize(390, 844)
	signIn(tab, h, "jane@example.com")
	page := h.http.URL + "/cases/" + string(s.running.Number)
	ready := `document.documentElement.classList.contains('js') && document.getElementById('text')`
	tab.Visit(page)
	tab.Until(ready)

	tab.Press("rhalf a thought")
	tab.Reload()
	tab.Until(ready)
	tab.Until(`document.getElementById('text').value === 'half a thought'`)

	// The server is away: the words wait, are sent when it is back, once.
	before := h.get(s.running.ID).LastSeq
	h.down.Store(true)
	tab.Press("r, finished" + browsertest.Enter)
	tab.Until(`document.querySelector('#outbox .delivery-waiting')?.textContent.includes('cannot be reached')`)
	tab.Press("and another" + browsertest.Enter)
	tab.Until(`document.querySelectorAll('#outbox li').length === 2`)
	h.down.Store(false)
	tab.Until(`document.querySelectorAll('#outbox li').length === 0`)
	if got := h.get(s.running.ID).LastSeq; got != before+2 {
		t.Errorf("got %d new entries, want 2", got-before)
	}
	tab.Until(`[...document.querySelectorAll('#log .entry')].slice(-2).map(e => e.querySelector('.prose').textContent.trim()).join('|') === 'half a thought, finished|and another'`)

	// The chat ends while words are on their way: they are refused, and kept.
	tab.Press("too late")
	h.down.Store(true)
	tab.Press(browsertest.Enter)
	tab.Until(`document.querySelector('#outbox .delivery-waiting')`)
	h.end(s.running, desk.ByCustomer("T1:UALICE"), desk.EndedByCustomer)
	h.down.Store(false)
	tab.Until(`document.querySelector('#outbox .delivery-failed')?.textContent.includes('The chat is over')`)
	tab.Reload()
	tab.Until(`document.querySelector('#outbox .delivery-failed')?.textContent.includes('The chat is over') && document.querySelector('#outbox .prose').textContent === 'too late'`)
	tab.Script(`[...document.querySelectorAll('#outbox .link-button')].find(b => b.textContent === 'Discard').click()`)
	tab.Until(`document.querySelectorAll('#outbox li').length === 0`)
}

// The reader's place in the log stays when others write, and after a reload.
func TestReadersPlace(t *testing.T) {
	h := newHouse(t)
	jane := h.agent("jane@example.com", "Jane Doe", desk.RoleAgent)
	c := h.opened("Long", "D", "T1:UALICE", desk.SeverityHigh)
	h.join(c, jane)
	for i := range 60 {
		h.say(c, "T1:UALICE", fmt.Sprintf("line %d", i))
	}
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Visit(h.http.URL + "/cases/" + string(c.Number))
	bottom := `(s => s.scrollHeight - s.scrollTop - s.clientHeight < 2)(document.getElementById('log-scroll'))`
	tab.Until(bottom)
	h.say(c, "T1:UALICE", "at the end")
	tab.Until(`document.querySelector('#log .entry:last-child').textContent.includes('at the end') && ` + bottom)

	tab.Script(`document.getElementById('log-scroll').scrollTop = 300`)
	// What stands at the top, once all that is in sight has been drawn.
	tab.Until(`[...document.querySelectorAll('#log .entry')].every((e, i, all) => e.checkVisibility({ contentVisibilityAuto: true }) || all[i - 1]?.getBoundingClientRect().top > innerHeight || all[i + 1]?.getBoundingClientRect().bottom < 0)`)
	at := `(edge => [...document.querySelectorAll('#log .entry')].map((e) => [e.id, e.getBoundingClientRect().top - edge]).filter(([, top]) => top > 0)[0])(document.getElementById('log-scroll').getBoundingClientRect().top)`
	tab.Script(`window.was = ` + at)
	entry, below := browsertest.Read[string](tab, `window.was[0]`), browsertest.Read[float64](tab, `window.was[1]`)
	there := fmt.Sprintf(`(([id, top]) => id === '%s' && Math.abs(top - %g) <= 1)(%s)`, entry, below, at)
	h.say(c, "T1:UALICE", "further down")
	tab.Until(`!document.getElementById('newer').hidden && ` + there)
	tab.Reload()
	tab.Until(`document.documentElement.classList.contains('js') && ` + there)
	h.say(c, "T1:UALICE", "again")
	tab.Until(`!document.getElementById('newer').hidden`)
	tab.Click("#newer")
	tab.Until(`document.getElementById('newer').hidden && ` + bottom)
}

// Names, roles and contrast of what each page shows, as far as a script can
// tell, in both themes.
func TestPagesAreAccessible(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	for _, theme := range []string{"light", "dark"} {
		tab.Script(`document.cookie = 'caseline_theme=` + theme + `; Path=/'`)
		for _, size := range []int64{1440, 768, 390} {
			tab.Resize(size, 900)
			for _, path := range []string{"/", "/chats", "/cases", "/cases?q=the", "/replies", "/me", "/cases/" + string(s.requested.Number), "/cases/" + string(s.running.Number), "/cases/" + string(s.ended.Number), "/cases/" + string(s.watched.Number), "/cases/" + string(s.resolved.Number), "/cases/0000000001"} {
				tab.Visit(h.http.URL + path)
				tab.Until(`document.documentElement.classList.contains('js')`)
				for _, problem := range browsertest.Read[[]string](tab, accessible) {
					t.Errorf("%s at %d, %s: %s", strings.TrimRight(path, "0123456789"), size, theme, problem)
				}
			}
		}
	}
}

// accessible lists controls without a name, pictures without a text, texts
// that are hard to read, and pages wider than their window. All entries of a log are
// laid out for it: one that comes into sight at that moment has no text yet.
const accessible = `(() => {
  const problems = [];
  for (const e of document.querySelectorAll('#log > .entry')) e.style.contentVisibility = 'visible';
  const seen = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && e.getClientRects().length > 0;
  const label = (e) => (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.innerText || e.title || '').trim();
  const what = (e) => '<' + e.tagName.toLowerCase() + ' class="' + e.className + '"> ' + (e.innerText || '').slice(0, 30);
  for (const e of document.querySelectorAll('a, button, input:not([type=hidden]), textarea, summary, select')) if (seen(e) && !label(e)) problems.push('no name: ' + what(e));
  for (const e of document.querySelectorAll('img')) if (!e.alt && !e.closest('[aria-hidden=true]')) problems.push('no text for a picture');
  if (document.querySelectorAll('h1').length !== 1) problems.push(document.querySelectorAll('h1').length + ' h1');
  if (document.querySelectorAll('main').length !== 1) problems.push('not one main');
  if (document.documentElement.scrollWidth > innerWidth) problems.push('wider than the window: ' + document.documentElement.scrollWidth);
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) problems.push('twice the id ' + id);
  const rgb = (c) => { const m = c.match(/[\d.]+/g).map(Number); if (c.startsWith('color(srgb')) for (let i = 0; i < 3; i++) m[i] *= 255; return m.length < 4 ? [...m, 1] : m; };
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = (e) => { const stack = []; for (let n = e; n; n = n.parentElement) stack.push(rgb(getComputedStyle(n).backgroundColor)); return stack.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]); };
  const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const reported = new Set();
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.nodeValue.trim()) || !seen(e) || e.closest('svg, .sr')) continue;
    const under = ground(e), ink = over(rgb(getComputedStyle(e).color), under);
    const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const key = e.className + getComputedStyle(e).color;
    if (ratio < 4.5 && !reported.has(key)) { reported.add(key); problems.push('contrast ' + ratio.toFixed(2) + ': ' + what(e)); }
  }
  return problems;
})()`

// What is unread is marked in the lists until it has been seen.
func TestUnreadMarks(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	page := h.http.URL + "/cases/" + string(s.running.Number)
	tab.Visit(page)
	tab.Until(`document.documentElement.classList.contains('js')`)
	tab.Visit(h.http.URL + "/chats")
	tab.Until(`document.documentElement.classList.contains('js') && !document.querySelector('.row.unread')`)
	h.say(s.running, "T1:UALICE", "are you there?")
	tab.Until(`document.querySelector('.row.unread .row-preview')?.textContent === 'are you there?'`)
	tab.Until(`document.querySelector('[data-count=chats]').classList.contains('urging')`)
	tab.Press("j" + browsertest.Enter)
	tab.Until(`location.pathname.startsWith('/cases/') && document.documentElement.classList.contains('js')`)
	tab.Press("gc")
	tab.Until(`location.pathname === '/chats' && document.documentElement.classList.contains('js')`)
	tab.Until(`!document.querySelector('.row.unread') && !document.querySelector('[data-count=chats]').classList.contains('urging')`)
	if err := h.cases.SetPresence(t.Context(), s.jane.ID, desk.Online); err != nil {
		t.Fatal(err)
	}
	tab.Until(`document.querySelector('.presence-text').textContent === 'Online'`)
}

// What somebody has turned to or is just pressing outlasts what happens around
// it: a case above it that leaves the queue, a message that gets further.
func TestWhatIsInHandOutlastsChanges(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	tab := browsertest.Open(t).Tab("console")
	signIn(tab, h, "jane@example.com")
	tab.Until(`document.querySelectorAll('.row').length === 4`)
	tab.Press("jj")
	tab.Until(`document.activeElement.textContent.includes('Export of the audit log')`)
	tab.Script(`window.held = document.activeElement`)
	h.join(s.requested, s.jane)
	tab.Until(`document.querySelectorAll('.row').length === 3`)
	if !browsertest.Read[bool](tab, `document.activeElement === window.held`) {
		t.Error("the case in the queue lost the focus")
	}

	c := s.running
	h.settleAll(c.ID)
	tab.Visit(h.http.URL + "/cases/" + string(c.Number))
	h.reply(h.get(c.ID), s.jane, "on its way")
	tab.Until(`document.querySelector('#log .entry:last-child .delivery-sending')`)
	tab.Script(`window.held = document.querySelector('#log .entry:last-child [data-edit]'); window.held.focus()`)
	h.settleAll(c.ID)
	tab.Until(`document.querySelector('#log .entry:last-child .delivery-sent')`)
	if !browsertest.Read[bool](tab, `document.activeElement === window.held`) {
		t.Error("the message's Edit lost the focus")
	}
	h.edit(c, h.say(c, "T1:UDEV", "the last word"), "T1:UDEV", "the very last word")
	tab.Sees("#log .entry:last-child .now", "very")
	tab.Click(`#log .entry:nth-last-child(2) [data-edit]`)
	tab.Until(`document.getElementById('text').value === 'on its way'`)
}

// What was read on one device is read on the others, and only what is new is written
// down: looking at it again is not.
func TestWhatIsReadOnOneDeviceIsReadOnAll(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	desktop, phone := browsertest.Open(t).Tab("desktop"), browsertest.Open(t).Tab("phone")
	page := h.http.URL + "/cases/" + string(s.running.Number)
	row := `.row[data-key="` + string(s.running.ID) + `"]`
	for _, tab := range []*browsertest.Tab{desktop, phone} {
		signIn(tab, h, "jane@example.com")
		tab.Visit(h.http.URL + "/chats")
		tab.Until(alive + ` && document.querySelector('` + row + `.unread')`)
	}
	h.say(s.running, "T1:UALICE", "are you there?")
	seq := h.get(s.running.ID).LastSeq
	for _, tab := range []*browsertest.Tab{desktop, phone} {
		tab.Until(`document.querySelector('` + row + `.unread .row-preview')?.textContent === 'are you there?'`)
	}
	read := func() int64 {
		t.Helper()
		marks, err := h.store.ReadMarks(t.Context(), s.jane.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range marks {
			if m.Case == s.running.ID {
				return m.Seq
			}
		}
		return 0
	}
	phone.Visit(page)
	phone.Until(composing)
	phone.Visit(h.http.URL + "/chats") // leaving tells at once
	phone.Until(alive + ` && !document.querySelector('` + row + `.unread')`)
	desktop.Script(`document.dispatchEvent(new Event('visibilitychange'))`) // its reader comes back to it
	desktop.Until(`!document.querySelector('` + row + `.unread') && document.querySelector('.row.unread, .row')`)
	if got := read(); got != seq {
		t.Errorf("read up to %d, want %d", got, seq)
	}

	// Whoever looks again says nothing; what comes while somebody looks is told as it comes.
	desktop.Visit(page)
	desktop.Until(composing)
	desktop.Script(`window.said = []; { const f = window.fetch; window.fetch = (url, o) => { if (String(url).endsWith('/read')) window.said.push(String(o.body)); return f(url, o); } }`)
	h.say(s.running, "T1:UALICE", "hello?")
	last := h.get(s.running.ID).LastSeq
	desktop.Until(`window.said.length > 0`)
	if got := browsertest.Read[string](desktop, `window.said.join()`); got != fmt.Sprintf("seq=%d", last) {
		t.Errorf("told %s, want seq=%d", got, last)
	}
	phone.Script(`document.dispatchEvent(new Event('visibilitychange'))`)
	phone.Until(`document.querySelector('` + row + ` .row-preview')?.textContent === 'hello?' && !document.querySelector('` + row + `.unread')`)
}

// Nobody else's case is noted as read, and nothing that is not there yet.
func TestOnlyOwnChatsAreNotedAsRead(t *testing.T) {
	h := newHouse(t)
	s := fill(h)
	b := h.signedIn("jane@example.com")
	for _, c := range []desk.Case{s.running, s.ended} {
		for _, seq := range []string{"1000000", "1"} {
			if res := b.post("/cases/"+string(c.Number)+"/read", url.Values{"seq": {seq}}, "Accept", "application/json"); res.status != 200 {
				t.Errorf("got %d: %s", res.status, res.body)
			}
		}
	}
	got, err := h.store.ReadMarks(t.Context(), s.jane.ID)
	want := []personal.ReadMark{{Agent: s.jane.ID, Case: s.running.ID, Seq: h.get(s.running.ID).LastSeq}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}
